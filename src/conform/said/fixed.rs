//! What sentences say of members that an update cannot change, and how another value is refused. Pure.

use std::sync::LazyLock;

use regex::Regex;

use crate::conform::pattern::pattern;

/// True for a text that names the status of a refusal.
pub(crate) fn names_a_refusal(text: &str) -> bool {
    static REFUSAL: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b4(?:00|03|09|22)\b"));
    REFUSAL.is_match(text)
}

/// The member of which a sentence says that it stays, and how another value is refused: "A body with `key` is answered with
/// `422`", "`key` cannot be changed: `409`".
pub(crate) fn fixed_in(sentence: &str) -> Option<String> {
    static FIXED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)(?:\b(?:bod(?:y|ies)|requests?|updates?)\s+(?:with|that\s+(?:has|have|contains?|sends?|changes?|tr(?:y|ies)\s+to\s+change))\s+(?:an?\s+|the\s+|another\s+)?`(?P<one>[a-z]\w*)`\s+(?:is|are|gets?|gives?)
            | `(?P<two>[a-z]\w*)`\s+(?:(?:cannot|can['’]t|can\s+not|must\s+not|may\s+not)\s+be\s+(?:changed|updated|edited|modified)|is\s+(?:immutable|read-?only|fixed)))
            [^.;`]*`?4(?:00|03|09|22)\b",
        )
    });
    let found = FIXED.captures(sentence)?;
    let name = found.name("one").or_else(|| found.name("two"))?;
    Some(name.as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_name_what_an_update_cannot_change() {
        for (text, name) in [
            ("A body with `key` is answered with `422`.", Some("key")),
            (
                "Requests that try to change `key` are refused with `409`",
                Some("key"),
            ),
            ("`key` cannot be changed: `409`", Some("key")),
            (
                "`key` is immutable, and another one gives a 422",
                Some("key"),
            ),
            ("`key` cannot be changed", None),
            ("A body with `key` is fine", None),
            (
                "A request with the same `key` is answered with the first answer",
                None,
            ),
        ] {
            assert_eq!(fixed_in(text).as_deref(), name, "{text}");
        }
    }
}
