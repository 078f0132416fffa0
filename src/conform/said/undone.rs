//! What a sentence says cannot be done, which is no state that a thing is in: "A job in status draft cannot be published". Pure.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

use crate::conform::pattern::pattern;

/// The words without what they say cannot be done; what cannot be done "again" was done, and stays.
pub(super) fn without(words: &str) -> Cow<'_, str> {
    static UNDONE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?P<not>(?:can(?:not|\ not|['’]t)|could\ not|couldn['’]t|may\ not)\s+|(?:unable|not\s+possible|impossible|failed)\s+to\s+)
              (?:be\s+`?(?:\w+ed|paid|sent|sold|withdrawn|frozen|undone)`?(?:\s*(?:,|\bor\b|\band\b|\bnor\b)\s*`?\w+ed`?)*|(?P<verb>`?\w+`?))
              (?P<again>\s+(?:again|twice|anew|once\s+more|a\s+second\s+time)\b)?",
        )
    });
    UNDONE.replace_all(words, |found: &regex::Captures<'_>| {
        let part = |name: &str| found.name(name).map(|it| it.as_str());
        let whole = found.get(0).map_or("", |it| it.as_str());
        // "It cannot be open" speaks of a state.
        if part("again").is_some() || part("verb") == Some("be") {
            return whole.to_owned();
        }
        format!("{}be done", part("not").unwrap_or_default())
    })
}

/// True if a sentence says that something is done to a thing in that stage: "Assigns an open ticket, or moves an assigned one to
/// somebody else."
pub(super) fn takes(sentence: &str, stage: &str) -> bool {
    static TAKEN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:moves?|changes?|updates?|edits?|repeats?|again|also|too|as\s+well|even|still|replaces?|extends?|renews?|resends?|(?:can|may)\s+(?:also\s+)?be)\b",
        )
    });
    static NOT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:not|cannot|never|no|only|unless|until|refused|rejected|fails?|error|4\d\d)\b|n['’]t\b",
        )
    });
    super::promises::names_stage(sentence, stage)
        && TAKEN.is_match(sentence)
        && !NOT.is_match(sentence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_say_that_something_is_done_in_a_stage() {
        let text = "assigns an open ticket, or moves an assigned one to somebody else.";
        assert!(takes(text, "assigned"));
        assert!(!takes(text, "closed"));
        for text in [
            "assigned tickets cannot be moved.",
            "an assigned ticket is refused with 409, also by its owner.",
            "turns an open ticket into an assigned one.",
        ] {
            assert!(!takes(text, "assigned"), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_done_is_no_state() {
        for (text, rest) in [
            (
                "a ticket in status closed cannot be assigned",
                "a ticket in status closed cannot be done",
            ),
            (
                "a closed ticket can't be assigned or reopened.",
                "a closed ticket can't be done.",
            ),
            (
                "you cannot archive a ticket that is open",
                "you cannot be done a ticket that is open",
            ),
            ("the ticket cannot be open", "the ticket cannot be open"),
            ("it cannot be closed twice", "it cannot be closed twice"),
            (
                "not possible to `close` an open ticket",
                "not possible to be done an open ticket",
            ),
            (
                "only open tickets can be closed",
                "only open tickets can be closed",
            ),
        ] {
            assert_eq!(without(text), rest, "{text}");
        }
    }
}
