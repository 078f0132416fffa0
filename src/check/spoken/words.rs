//! Words in sentences, whatever the language.

/// The sentences of a text, its lines, and its cells.
pub(super) fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let pieces = text.split("\n\n").flat_map(|paragraph| {
        paragraph.split_inclusive(['。', '！', '|']).flat_map(|it| {
            it.split(". ")
                .flat_map(|it| it.split("; "))
                .flat_map(|it| it.split("\n- "))
        })
    });
    pieces.map(str::trim).filter(|it| !it.is_empty())
}

/// True if a text in lower case has one of the words by itself; `word*` stands for all that begin so, and words of
/// scripts without spaces may stand anywhere.
pub(super) fn has(text: &str, words: &[&str]) -> bool {
    let is_spaced = |word: &&&str| word.chars().all(|c| c < '\u{2E80}');
    let mut others = words.iter().filter(|word| !is_spaced(word));
    if others.any(|word| text.contains(*word)) {
        return true;
    }
    let mut own = text.split(|c: char| !c.is_alphanumeric() && c != '_');
    own.any(|own| {
        let mut words = words.iter().filter(is_spaced);
        words.any(|word| match word.strip_suffix('*') {
            Some(start) => own.starts_with(start),
            None => own == *word,
        })
    })
}

/// What texts call the parts of objects.
pub(super) const PARTS: [&str; 29] = [
    "field*",
    "member*",
    "attribut*",
    "propert*",
    "key",
    "keys",
    "column*",
    "parameter*",
    "param",
    "params",
    "option*",
    "argument*",
    "value",
    "values",
    "setting*",
    "campo*",
    "propiedad*",
    "parámetro*",
    "parâmetro*",
    "propriedad*",
    "champ",
    "champs",
    "propriét*",
    "paramètre*",
    "feld*",
    "eigenschaft*",
    "字段",
    "参数",
    "属性",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_by_themselves() {
        assert!(has("all other fields", &["other"]) && !has("another field", &["other"]));
        assert!(has("attributes", &PARTS) && has("其他字段", &PARTS) && !has("outfield", &PARTS));
    }

    #[test]
    fn sentences_are_lines_and_cells_too() {
        let text = "One. Two; three.\n\n- four\n- five\n\n| six | seven |";
        let found: Vec<_> = sentences(text).collect();
        assert_eq!(
            found,
            [
                "One", "Two", "three.", "- four", "five", "|", "six |", "seven |"
            ]
        );
    }
}
