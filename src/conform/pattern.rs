//! Patterns that the code states.

use regex::Regex;

/// A pattern that the code states.
pub(in crate::conform) fn pattern(text: &str) -> Regex {
    #[expect(clippy::unwrap_used, reason = "the patterns are constants")]
    Regex::new(text).unwrap()
}
