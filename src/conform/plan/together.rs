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

/// Sends with an input what it cannot be sent without: another value of it is asked for, or else it is left out.
pub(super) fn settle(
    inputs: &[Input],
    draft: &mut Draft,
    kept: &[&Input],
    made: impl Fn(&Input) -> Option<Value>,
) {
    let is_open = |it: &&Input| it.place == Place::Body && it.required.is_none();
    for input in inputs.iter().filter(is_open) {
        let Some(name) = goes_with(&input.description) else {
            continue;
        };
        let mut others = inputs.iter();
        let other = others.find(|it| it.name == name && is_beside(it, input));
        let Some(other) = other.filter(|_| draft.value(input).is_some()) else {
            continue;
        };
        if draft.value(other).is_some() {
            continue;
        }
        let is_kept = kept.iter().any(|it| it.subject() == input.subject());
        match made(other).filter(|_| is_kept) {
            Some(value) => draft.set(other, Some(&value)),
            None => draft.set(input, None),
        };
    }
}

/// The other input without which a text says that one is refused: "Only with `amount`", "refused without `amount`".
fn goes_with(text: &str) -> Option<&str> {
    static WITH: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)(?:^|[.;,(]\s*|\bis\s+)only\s+(?:allowed\s+|accepted\s+|sent\s+)?(?:together\s+)?with\s+(?:an?\s+|the\s+)?`(?P<only>\w+)`\s*(?:[.,;)]|$)
            | \b(?:refused|rejected|not\s+(?:allowed|accepted))\s+without\s+(?:an?\s+|the\s+)?`(?P<without>\w+)`
            | \b(?:needed|required|goes|used)\s+(?:together\s+)?with\s+(?:an?\s+|the\s+)?`(?P<named>\w+)`[^.;]*\b(?:refused|rejected|not\s+(?:allowed|accepted))\s+without\s+(?:it|one)\b",
        )
    });
    let found = WITH.captures(text)?;
    let names = ["only", "without", "named"];
    let name = names.iter().find_map(|name| found.name(name))?;
    Some(name.as_str())
}

/// The other input that a text names.
fn needed_by(text: &str) -> Option<&str> {
    static NEEDED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)(?:^|[.;,(]\s*|\bis\s+|\bbut\s+)(?:required|mandatory|needed|(?:must|has\s+to)\s+be\s+(?:sent|given|set|present|provided|specified))\s+
            (?:only\s+)?(?:if|when|whenever|as\s+soon\s+as|(?:together\s+)?with)\s+(?:you\s+(?:send|set|give|provide|specify)\s+)?(?:an?\s+|the\s+)?
            `(?P<name>\w+)`\s*(?:(?:is|are)\s+(?:also\s+)?(?:sent|given|set|present|provided|specified|used))?\s*(?:[.,;)]|\band\s+refused\b|$)",
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
    fn texts_say_without_what_an_input_is_refused() {
        for (text, name) in [
            (
                "Needed with `amount` and refused without it.",
                Some("amount"),
            ),
            ("Only with `amount`.", Some("amount")),
            ("The unit, only together with an `amount`.", Some("amount")),
            ("Refused without `amount`.", Some("amount")),
            ("The currency of `amount`.", None),
        ] {
            assert_eq!(goes_with(text), name, "{text}");
        }
        assert_eq!(
            needed_by("Needed with `amount` and refused without it."),
            Some("amount")
        );
    }

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
