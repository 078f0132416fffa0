//! Whether a page says that what was deleted is not answered any more, or that it still is. Pure.

use std::sync::LazyLock;

use regex::Regex;

use crate::conform::bindings::letters;
use crate::conform::pattern::pattern;
use crate::model::Operation;

use super::promises::sentences;
use super::touches;

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

/// True if the page of a delete says that what is deleted can still be read, or is only put away: "soft delete".
pub(crate) fn says_stays(operation: &Operation, noun: &str) -> bool {
    const PUT_AWAY: &[&str] = &[
        "trash",
        "tombstone",
        "recycle bin",
        "soft",
        "undelete",
        "can be restored",
        "can be recovered",
    ];
    let is_put_away = |text: &str| PUT_AWAY.iter().any(|word| text.contains(word));
    says_readable(operation, noun)
        || !says_gone(operation) && own_texts(operation).any(|text| is_put_away(&text))
}

/// True if the page of a delete says that what is deleted can still be read: "the book can still be read". "Its chapters can
/// still be read" is about something else, and what is put away may be for others to read.
pub(crate) fn says_readable(operation: &Operation, noun: &str) -> bool {
    static STILL: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"\b(?:can\s+still\s+be|still\s+be\s+read|(?:stays?|remains?)\s+readable)\b")
    });
    // "You can still [get](/books/get) a deleted book by its id."
    static GOT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"\bcan\s+still\s+\[?(?:get|read|fetch|retrieve|see|open|look\s+up)\b[^.;]*\b(?:deleted|removed)\s+(?P<what>\w+)",
        )
    });
    let is_still = |clause: &str| {
        let found = STILL.find(clause);
        found.is_some_and(|it| is_subject(&clause[..it.start()], noun))
    };
    let is_got = |text: &str| {
        let what = GOT.captures(text).and_then(|it| it.name("what"));
        what.is_some_and(|it| {
            touches::is_noun(it.as_str(), noun) || matches!(it.as_str(), "one" | "ones")
        })
    };
    let says = |text: &str| text.split(['.', ';', ':', ',', '(', ')']).any(is_still);
    !says_gone(operation) && own_texts(operation).any(|text| says(&text) || is_got(&text))
}

/// The texts of a page in small letters, but for those that say the opposite: "there is no trash", "cannot be undone".
fn own_texts(operation: &Operation) -> impl Iterator<Item = String> {
    const NONE: &[&str] = &["no ", "not ", "cannot", "never", "for good", "permanent"];
    let texts = [&operation.title, &operation.description];
    let texts = texts.into_iter().flatten().map(|it| it.to_lowercase());
    let remarks = operation.remarks.iter().map(|it| it.value.to_lowercase());
    let all = texts.chain(remarks);
    all.filter(|text| !NONE.iter().any(|word| text.contains(word)))
}

/// True if the words before a verb name the thing itself, or nothing.
fn is_subject(words: &str, noun: &str) -> bool {
    const SKIPPED: &[&str] = &[
        "a",
        "an",
        "and",
        "but",
        "so",
        "then",
        "the",
        "this",
        "that",
        "these",
        "such",
        "all",
        "any",
        "each",
        "every",
        "deleted",
        "removed",
        "archived",
        "cancelled",
        "old",
        "soft",
    ];
    const ANY: &[&str] = &[
        "it", "they", "which", "record", "resource", "object", "item", "entry", "data",
    ];
    let words = words.split(|c: char| !c.is_alphanumeric() && c != '_');
    let mut words = words.filter(|it| !it.is_empty() && !SKIPPED.contains(it));
    words.next().is_none_or(|word| {
        let word = letters(word);
        let one = word.strip_suffix('s').unwrap_or(&word);
        let is_any = ANY.contains(&word.as_str()) || one.len() > 2 && ANY.contains(&one);
        is_any || word == noun || one == noun
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_say_that_what_is_deleted_stays() {
        let stays = |text: &str| {
            let page = format!("---\napi: DELETE /books/{{id}}\n---\n\n{text}\n");
            let (_, documentation) = crate::conform::tests::documentation("", &[&page]);
            says_stays(&documentation.api.operations[0], "book")
        };
        for text in [
            "Soft delete: the book can still be read.",
            "You can still [get](/books/get) a deleted book by its id.",
            "It becomes a tombstone: its `title` is `null`.",
            "It can still be fetched by its id.",
            "Deleted books can still be read.",
            "Afterwards, the book remains readable.",
            "Moves the book to the trash.",
        ] {
            assert!(stays(text), "{text}");
        }
        for text in [
            "Loans made of the book can still be retrieved.",
            "Its loans remain available and can still be read.",
            "Existing loans can still be retrieved.",
            "Its loan history can still be retrieved.",
            "There is no trash.",
            "The book is removed for good.",
        ] {
            assert!(!stays(text), "{text}");
        }
    }

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
