//! Sentences that take another JSON type than that of their field: "Numbers are accepted as well.", "Quotes are optional."

/// True if a sentence of the text, in lower case, takes values such as the one that is shown.
pub(super) fn admits(text: &str, found: &str) -> bool {
    let Some(nouns) = nouns(found) else {
        return false;
    };
    // "`0` and `1` are understood as well."
    let shown = found.rsplit(' ').next().unwrap_or_default();
    let is_named = !shown.is_empty() && text.contains(&format!("`{shown}`"));
    let sentences = text.split(['.', ';', '\n']);
    let mut sentences = sentences.filter(|sentence| !refuses(sentence));
    sentences.any(|sentence| {
        (is_named && sentence.contains(&format!("`{shown}`")) || names(sentence, nouns))
            && takes(sentence)
    })
}

/// What texts call values of the kind that is shown, without their names such as "phone number".
fn nouns(found: &str) -> Option<&'static [&'static str]> {
    const NUMBERS: &[&str] = &[
        "a number",
        "a plain number",
        "numbers",
        "an integer",
        "integers",
        "an int",
        "numeric",
        "quotes",
        "unquoted",
        "as number",
        "as integer",
    ];
    const TEXTS: &[&str] = &[
        "a string",
        "strings",
        "a text",
        "text",
        "texts",
        "quoted",
        "quotes",
        "as string",
        "a single",
        "one value",
        "one of them",
        "single value",
        "single string",
        "single id",
        "brackets",
        "a json string",
    ];
    const TRUTHS: &[&str] = &[
        "a boolean",
        "booleans",
        "true or false",
        "`true`",
        "`false`",
    ];
    const LISTS: &[&str] = &[
        "a list",
        "lists",
        "an array",
        "arrays",
        "several",
        "brackets",
        "multiple",
        "more than one",
    ];
    const OBJECTS: &[&str] = &["an object", "objects", "a single", "a json object"];
    let kind = found.trim_start_matches("empty ");
    let kind = kind.split_whitespace().next()?;
    Some(match kind {
        "integer" | "number" => NUMBERS,
        "string" => TEXTS,
        "boolean" | "true" | "false" => TRUTHS,
        "array" => LISTS,
        "object" => OBJECTS,
        kind if kind.starts_with('"') => TEXTS,
        kind if kind.parse::<f64>().is_ok() => NUMBERS,
        _ => return None,
    })
}

/// True if one of the nouns stands there by itself.
fn names(sentence: &str, nouns: &[&str]) -> bool {
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    nouns.iter().any(|noun| {
        sentence.match_indices(noun).any(|(at, _)| {
            let before = sentence.get(..at).unwrap_or_default();
            let behind = sentence.get(at + noun.len()..).unwrap_or_default();
            // "Phone numbers are accepted with spaces" is about numbers of another kind.
            let is_compound = ["numbers", "texts"].contains(noun)
                && before.trim_end().ends_with(|c: char| c.is_alphabetic())
                && ![
                    "also", "and", "plain", "accepts", "takes", "as", "integers", "or", "convert",
                ]
                .iter()
                .any(|word| before.trim_end().ends_with(word));
            !is_word(before.chars().next_back()) && !is_word(behind.chars().next()) && !is_compound
        })
    })
}

/// True for words that say that something is taken, too.
fn takes(sentence: &str) -> bool {
    const WORDS: [&str; 29] = [
        "accept",
        "accepted",
        "accepts",
        "allowed",
        "allows",
        "also",
        "can",
        "convert",
        "converted",
        "converts",
        "fine",
        "given",
        "may",
        "ok",
        "okay",
        "optional",
        "possible",
        "supported",
        "take",
        "taken",
        "takes",
        "too",
        "turned",
        "understood",
        "unnecessary",
        "welcome",
        "well",
        "work",
        "works",
    ];
    let mut words = sentence.split(|c: char| !c.is_alphanumeric());
    words.any(|word| WORDS.contains(&word))
}

/// True for words by which something is refused.
fn refuses(sentence: &str) -> bool {
    const WORDS: [&str; 9] = [
        "not", "never", "cannot", "no", "rejected", "refused", "invalid", "only", "must",
    ];
    let mut words = sentence.split(|c: char| !c.is_alphanumeric());
    words.any(|word| WORDS.contains(&word)) || sentence.contains("n't")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_may_take_another_type() {
        for (text, found) in [
            ("any format; numbers are accepted as well", "integer 12"),
            ("a number works, too.", "integer 12"),
            ("also accepts integers.", "integer 12"),
            ("numeric ids may be sent without quotes.", "integer 12"),
            ("quotes are optional.", "integer 12"),
            ("we convert numbers to strings.", "integer 12"),
            ("strings are accepted, too.", "string \"12\""),
            ("may be quoted.", "string \"12\""),
            ("`0` and `1` are understood as well.", "integer 1"),
            ("a single string is fine, too.", "string \"a\""),
            ("may also be a list.", "array with 2 items"),
        ] {
            assert!(admits(text, found), "{text}");
        }
        for (text, found) in [
            ("a phone number, which may have spaces.", "integer 12"),
            ("phone numbers may have spaces.", "integer 12"),
            ("numbers are not accepted.", "integer 12"),
            ("the number of the house.", "integer 12"),
            ("must be a string, and may be long.", "string \"a\""),
            ("a list. can be long.", "array with 2 items"),
        ] {
            assert!(!admits(text, found), "{text}");
        }
    }
}
