//! Whether a page says that what was deleted is not answered any more. Pure.

use std::sync::LazyLock;

use regex::Regex;

use crate::conform::pattern::pattern;
use crate::model::Operation;

use super::promises::sentences;

/// True if the page of a delete says that what is deleted is not answered any more: "its own URL answers `410`".
pub(crate) fn says_gone(operation: &Operation) -> bool {
    static GONE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:url|address|path|reads?|reading|get|requests?|look(?:ing|s)?\s+(?:it\s+)?up|fetch(?:es|ing)?)\b[^.;]*\b(?:answers?|answered|returns?|gives?|responds?|is|are|gets?|leads?|fails?)\b[^.;]*\b(?:404|410)\b",
        )
    });
    static OTHERWISE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:not|no|never|unknown|if|unless|purged?|later|after|days?|other)\b|n['’]t\b",
        )
    });
    sentences(operation).any(|text| {
        let mut clauses = text.split(['.', ';', ',', '(', ')']);
        clauses.any(|it| GONE.is_match(it) && !OTHERWISE.is_match(it))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_say_that_what_is_deleted_is_gone() {
        let is_gone = |text: &str| {
            let page = format!("---\napi: DELETE /books/{{id}}\n---\n\n{text}\n");
            let (_, documentation) = crate::conform::tests::documentation("", &[&page]);
            says_gone(&documentation.api.operations[0])
        };
        assert!(is_gone(
            "Soft delete. The book leaves the lists, its own URL answers `410`."
        ));
        assert!(is_gone(
            "Moves the book to the trash; reading it gives `404` then."
        ));
        assert!(!is_gone("Soft delete: the book can still be read."));
        assert!(!is_gone("A request with an unknown id gives `404`."));
        assert!(!is_gone(
            "It stays in the trash for 30 days; after that a read returns `404`."
        ));
    }
}
