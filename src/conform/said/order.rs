//! The order in which requests are looked at: "first the key, then the body, and the state at the very end". Pure.

use std::sync::LazyLock;

use regex::Regex;

use crate::conform::pattern::pattern;
use crate::model::Operation;

/// True if the pages say that how things stand is looked at after all that is sent.
pub(crate) fn has_state_last(operation: &Operation) -> bool {
    let mut remarks = operation.remarks.iter();
    remarks.any(|it| says_state_last(&it.value))
}

/// True for a sentence that says that how things stand is looked at after what is sent.
pub(crate) fn says_state_last(text: &str) -> bool {
    static LISTED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:check(?:s|ed)?|order|validat(?:es?|ed|ion)|look(?:s|ed)?|steps|first)\b
            .*\b(?:body|json|fields?|values?|inputs?|parameters?|members?)\b[^.;]*?
            [,→>]\s*(?:and\s+)?(?:then\s+|finally\s+|last(?:ly)?\s+|at\s+last\s+)?(?:the\s+|its\s+)?(?:current\s+)?(?:states?|status(?:es)?|conflicts?)\b[^,;:→>.]*(?:[.;]|$)",
        )
    });
    static RANKED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:400|422)`?\s+(?:always\s+)?(?:(?:comes|is\s+(?:sent|told|found)|goes)\s+)?(?:before|ahead\s+of)\s+(?:an?\s+)?`?409\b",
        )
    });
    LISTED.is_match(text) || RANKED.is_match(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_say_that_the_state_is_looked_at_last() {
        for text in [
            "We look from the outside in: the path, then the key, then the body as JSON, then its fields, and the state of the loan at the very end.",
            "Checks are made in the order key, path, body, values, state.",
            "A `404` is sent before a `422`, and a `422` before a `409`.",
        ] {
            assert!(says_state_last(text), "{text}");
        }
        for text in [
            "Checks are made in the order key, state, body.",
            "The state, then the values.",
            "A `409` comes before a `422`.",
            "Check the values of the body: the state of the loan is in `state`.",
        ] {
            assert!(!says_state_last(text), "{text}");
        }
    }
}
