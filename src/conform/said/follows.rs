//! What texts say of members that follow from others: "`price` times `count`", "the first words of the content". Pure.

use std::sync::LazyLock;

use regex::Regex;

use crate::conform::pattern::pattern;
use crate::model::Operation;

/// What the fields of a name say, in answers of an operation that are successes.
pub(crate) fn texts_of_member<'o>(
    operation: &'o Operation,
    name: &str,
) -> impl Iterator<Item = &'o str> {
    let responses = operation.responses.iter();
    let fields = responses
        .filter(|it| it.status.is_success())
        .flat_map(|it| &it.fields);
    let all = fields.flat_map(|field| {
        let inner = field.children.iter();
        std::iter::once(field).chain(inner.flat_map(|it| std::iter::once(it).chain(&it.children)))
    });
    let of_name = all.filter(move |field| field.name.value == name);
    of_name.map(|field| field.description.as_str())
}

/// True if the text of a member names one of others in code: "`price` times `count`" changes with both.
pub(crate) fn is_made_of<'n>(
    text: &str,
    name: &str,
    mut others: impl Iterator<Item = &'n String>,
) -> bool {
    others.any(|other| other != name && text.contains(&format!("`{other}`")))
}

/// True if the text of a member that no request sends says that it follows from others: it calls itself computed, or speaks
/// of what is sent, as "the first words of the content" and "`closed` if out of service" do.
pub(crate) fn follows<'n>(
    text: &str,
    name: &str,
    mut sent: impl Iterator<Item = &'n String>,
) -> bool {
    static COMPUTED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:(?:re)?comput(?:ed|es)|(?:re)?calculat(?:ed|es)|derived?s?|depends?\s+on|follows|reflects?|taken\s+from|made\s+(?:of|from|out\s+of)|based\s+on|generated\s+from)\b",
        )
    });
    if COMPUTED.is_match(text) {
        return true;
    }
    let words = |text: &str| {
        let words = text.split(|c: char| !c.is_alphanumeric());
        let words = words.filter(|word| !word.is_empty());
        words.map(str::to_lowercase).collect::<Vec<_>>()
    };
    let text = words(text);
    sent.any(|other| {
        let wanted = words(other);
        let is_it = |window: &[String]| {
            let mut pairs = window.iter().zip(&wanted);
            pairs.all(|(word, wanted)| {
                word == wanted || word.strip_suffix('s') == Some(wanted.as_str())
            })
        };
        // Words as short as "id" and "on" stand in any text.
        let is_telling = wanted.iter().any(|it| it.len() > 3);
        other != name && is_telling && text.windows(wanted.len()).any(is_it)
    })
}

/// True if the field of an input that is sent says what becomes of a member: "`seats_left` follows".
pub(crate) fn is_said_of_inputs<'n>(
    operation: &Operation,
    name: &str,
    mut sent: impl Iterator<Item = &'n String>,
) -> bool {
    let code = format!("`{name}`");
    let fields = operation.body.iter().flat_map(|body| &body.fields);
    let fields: Vec<_> = fields
        .filter(|field| field.description.contains(&code))
        .collect();
    sent.any(|it| fields.iter().any(|field| field.name.value == *it))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_say_what_a_member_follows_from() {
        let sent = ["content", "out_of_service", "qty"].map(str::to_owned);
        for text in [
            "The beginning of the content: up to 140 characters.",
            "Number of words in the contents.",
            "`closed` if out of service, else `free`.",
            "Recalculated on every change.",
            "Derived from the name.",
        ] {
            assert!(follows(text, "state", sent.iter()), "{text}");
        }
        for text in [
            "When it was made.",
            "Who is in charge of it.",
            "How many comments there are.",
        ] {
            assert!(!follows(text, "state", sent.iter()), "{text}");
        }
    }
}
