//! The two senses of "until": what is possible until something is so ends then, and what is not possible until then begins.

use std::sync::LazyLock;

use regex::Regex;

use crate::conform::pattern::pattern;

/// True for what stands before "until" in a sentence that says up to when something can be done: "Can be changed until it is
/// sent".
pub(super) fn is_possible(before: &str) -> bool {
    static POSSIBLE: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)\b(?:possible|allowed|permitted|can|may|could)\b"));
    static NOT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i)\b(?:not|cannot|never|no|nothing|nobody|none|only)\b|n['’]t\b")
    });
    POSSIBLE.is_match(before) && !NOT.is_match(before)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_possible_ends() {
        for text in ["Possible", "It can be changed", "You may cancel it"] {
            assert!(is_possible(text), "{text}");
        }
        for text in [
            "It can't be changed",
            "Not possible",
            "Refused",
            "Nothing can be added",
            "It is kept",
        ] {
            assert!(!is_possible(text), "{text}");
        }
    }
}
