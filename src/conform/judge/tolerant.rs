//! What a page says of deleting what is not there: "It is no error if there is none", "Can be repeated without harm". Pure.

use std::sync::LazyLock;

use regex::Regex;

use crate::conform::pattern::pattern;
use crate::model::Operation;

use super::promises;

/// True if the page says that a delete of what is unknown, or is gone already, is a success as well.
pub(crate) fn accepts_missing(operation: &Operation) -> bool {
    operation.endpoint.value.method == "DELETE"
        && promises::sentences(operation).any(|it| says_so(&it))
}

fn says_so(sentence: &str) -> bool {
    static TOLERANT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)
            \b(?:no|not\s+an)\s+error\s+(?:if|when|to)\b
            | \b(?:that|this|it)\s+is\s+(?:no|not\s+an)\s+error\b
            | \bis\s+(?:an?\s+)?`?2\d\d`?\s*,?\s*(?:too|as\s+well|also)\b
            | \b(?:repeated|repeat|called\s+again|sent\s+again|retried)\b .* \b(?:without\s+harm|safely|no\s+harm|as\s+often)\b
            | \b(?:safe|harmless|fine)\s+to\s+(?:repeat|retry|call|send|delete)\b | \bdoes\s+no\s+harm\b
            | \bidempotent\b
            | \b(?:succeeds|successful|a\s+success|answered\s+with\s+`?2\d\d`?)\b .* \b(?:even\s+(?:if|when)|whether\s+or\s+not|also\s+(?:if|when))\b
            | \b(?:even\s+(?:if|when)|whether\s+or\s+not|also\s+(?:if|when))\b .* \b(?:succeeds|successful|a\s+success|`?2\d\d`?)\b
            | \b(?:gone|deleted|removed)\s+already\b .* \b(?:the\s+same|too|as\s+well|succeeds|success)\b
            | \balready\s+(?:gone|deleted|removed)\b .* \b(?:the\s+same|too|as\s+well|succeeds|success)\b",
        )
    });
    TOLERANT.is_match(sentence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_say_that_a_delete_may_find_nothing() {
        for text in [
            "It is no error if there is no such document in the bucket: that is a `204` too.",
            "Can be repeated without harm.",
            "If the device is gone already, `removed` is `false` and the status is the same.",
            "Deletes are idempotent.",
            "Answered with `204` even if the book does not exist.",
            "Safe to retry.",
        ] {
            assert!(says_so(text), "{text}");
        }
        for text in [
            "Answered with `204`.",
            "A book that is deleted already is answered with `404`.",
            "The error is `not_found` if there is no such book.",
            "A deleted book cannot be deleted again.",
        ] {
            assert!(!says_so(text), "{text}");
        }
    }
}
