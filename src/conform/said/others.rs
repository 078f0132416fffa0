//! Writes of which the page says that they leave all but one thing alone: "No other shelf is affected." Pure.

use std::sync::LazyLock;

use regex::Regex;

use crate::conform::pattern::pattern;
use crate::model::Operation;

use super::promises::sentences;

/// True if the page of an operation says that other things of its kind stay as they are.
pub(crate) fn are_left_alone(operation: &Operation) -> bool {
    sentences(operation).any(|it| says_so(&it))
}

fn says_so(text: &str) -> bool {
    static ALONE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:no\s+others?(?:\s+\w+)?|nothing\s+else|none\s+of\s+the\s+others?(?:\s+\w+)?)\s+(?:is|are|gets?)\s+(?:affected|changed|touched|modified|updated|moved)\b
            | \b(?:all\s+|the\s+)?others?(?:\s+\w+)?\s+(?:(?:are|is)\s+(?:not|never)\s+(?:affected|changed|touched|modified)|(?:stay|remain|stays|remains)\s+(?:as\s+(?:they|it)\s+(?:are|is|were|was)|unchanged|untouched)|(?:are|is)\s+left\s+(?:alone|as))\b",
        )
    });
    ALONE.is_match(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_say_that_others_are_left_alone() {
        for text in [
            "No other shelf is affected.",
            "Other shelves stay as they are.",
            "The other loans are not changed.",
            "Nothing else is touched.",
        ] {
            assert!(says_so(text), "{text}");
        }
        for text in [
            "Other shelves are closed as well.",
            "No other shelf may be open.",
        ] {
            assert!(!says_so(text), "{text}");
        }
    }
}
