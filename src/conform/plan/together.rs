//! Inputs that have to be sent when another one is, whatever its value: "Required if `comment` is sent."

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::pattern::pattern;

use super::conditions::{Broken, is_beside};
use super::draft::Draft;
use super::input::{Input, Place};

/// The requests with the one and without the other.
pub(super) fn broken(
    inputs: &[Input],
    base: &Draft,
    made: impl Fn(&Input) -> Option<Value>,
) -> Vec<Broken> {
    let body = inputs.iter().enumerate();
    let optional = body.filter(|(_, it)| it.place == Place::Body && it.required.is_none());
    let broken = optional.filter_map(|(at, input)| {
        let name = needed_by(&input.description)?;
        let mut others = inputs.iter();
        let other = others.find(|it| it.name == name && is_beside(it, input))?;
        let value = base.value(other).or_else(|| made(other))?;
        let mut draft = base.clone();
        draft.set(other, Some(&value)).then_some(())?;
        draft.set(input, None);
        (draft.value(input).is_none() && draft.value(other).is_some()).then_some(Broken {
            input: at,
            value: None,
            draft,
        })
    });
    broken.collect()
}

/// The other input that a text names.
fn needed_by(text: &str) -> Option<&str> {
    static NEEDED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)(?:^|[.;,(]\s*|\bis\s+|\bbut\s+)(?:required|mandatory|needed|(?:must|has\s+to)\s+be\s+(?:sent|given|set|present|provided|specified))\s+
            (?:only\s+)?(?:if|when|whenever|as\s+soon\s+as|(?:together\s+)?with)\s+(?:you\s+(?:send|set|give|provide|specify)\s+)?(?:an?\s+|the\s+)?
            `(?P<name>\w+)`\s*(?:(?:is|are)\s+(?:also\s+)?(?:sent|given|set|present|provided|specified|used))?\s*(?:[.,;)]|$)",
        )
    });
    let found = NEEDED.captures(text)?;
    let start = found.get(0)?.start();
    let before = text.get(..start).unwrap_or_default();
    // "Not required if": the sentence before the match has to end there.
    let is_negated = before.trim_end().to_ascii_lowercase().ends_with("not");
    let name = found.name("name").map(|it| it.as_str());
    name.filter(|_| !is_negated)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_name_the_input_that_needs_another_one() {
        for (text, name) in [
            (
                "Who closes it. Required if `comment` is sent.",
                Some("comment"),
            ),
            ("Required when `comment` is given.", Some("comment")),
            ("Must be set if you send `comment`.", Some("comment")),
            ("Optional, but required with `comment`.", Some("comment")),
            (
                "Mandatory when `comment` is present, else ignored.",
                Some("comment"),
            ),
            ("Required if `kind` is `other`.", None),
            ("Not required if `comment` is sent.", None),
            ("Shown if `comment` is sent.", None),
        ] {
            assert_eq!(needed_by(text), name, "{text}");
        }
    }
}
