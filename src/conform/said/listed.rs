//! What sentences say of things in lists: which are left out, and which are there whatever became of them. Pure.

use std::sync::LazyLock;

use regex::Regex;

use crate::conform::pattern::pattern;
use crate::model::Operation;

use super::promises::{names_stage, sentences};

/// True if the page of a list says that it leaves out what is in a stage: "Articles in the trash are left out."
pub(crate) fn leaves_out(operation: &Operation, stage: &str) -> bool {
    static OUT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:left out|leaves? out|not (?:listed|included|shown)|except|without|omit(?:s|ted)|excluded?)\b",
        )
    });
    static INCLUDED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i)\b(?:ones?\s+included|(?:are|is)\s+(?:also\s+)?included|also|as\s+well)\b")
    });
    sentences(operation).any(|text| {
        let Some(found) = OUT.find(&text) else {
            return false;
        };
        // "Without filters all are returned, closed ones included" leaves out nothing.
        let is_without = found.as_str().eq_ignore_ascii_case("without");
        let behind = text.get(found.end()..).unwrap_or_default();
        let near: Vec<&str> = behind.split_whitespace().take(3).collect();
        if is_without {
            return names_stage(&near.join(" "), stage);
        }
        !INCLUDED.is_match(&text) && names_stage(&text, stage)
    })
}

/// True if the page of a list says that it leaves out some things.
pub(crate) fn leaves_some_out(operation: &Operation) -> bool {
    static OUT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:(?:are|is)\s+(?:left\s+out|not\s+(?:listed|included|shown)|hidden|omitted|excluded)|except|only\s+(?:the\s+)?(?:active|open|last|latest|recent|published|visible))\b",
        )
    });
    sentences(operation).any(|text| OUT.is_match(&text))
}

/// True if the page of a list says that it goes on to show what is in a stage: "Cancelled orders stay in the list."
pub(crate) fn keeps_listing(operation: &Operation, stage: &str) -> bool {
    static STAY: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i)\b(?:stays?|remains?|(?:are|is)\s+(?:still\s+)?(?:listed|included|shown))\b")
    });
    static NOT: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)\b(?:not?|never|unless|only|if|except)\b"));
    static ALSO: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:lists?|returns?|shows?|includes?|contains?)\b[^.;:]*\b(?:ones?\s+)?(?:too|as\s+well|included|also|of\s+(?:any|every|all)\s+(?:status|state)(?:es|s)?)\b|\b(?:whatever|regardless\s+of|in\s+(?:every|any)|in\s+all)\s+(?:of\s+)?(?:its\s+|their\s+|the\s+)?(?:status|state)(?:es|s)?\b",
        )
    });
    sentences(operation).any(|text| {
        let is_said = STAY.is_match(&text) && names_stage(&text, stage);
        (is_said || ALSO.is_match(&text) && (names_stage(&text, stage) || is_of_every(&text)))
            && !NOT.is_match(&text)
    })
}

/// True for a sentence about a list that says that all is in it: "Returns jobs in every status."
fn is_of_every(text: &str) -> bool {
    static EVERY: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^(?:this\s+)?(?:lists?|returns?|shows?)\b[^.;:]*\b(?:whatever|regardless\s+of|in\s+(?:every|any)|in\s+all|of\s+(?:every|any))\s+(?:of\s+)?(?:its\s+|their\s+|the\s+)?(?:status|state)(?:es|s)?\b",
        )
    });
    EVERY.is_match(text)
}

/// True if the page of an action says that what it is done to is in lists no more: "It leaves the default list."
pub(crate) fn leaves_list(operation: &Operation) -> bool {
    static LEAVES: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:leaves|disappears\s+from|vanishes\s+from|drops\s+out\s+of|is\s+(?:hidden|removed|gone|left\s+out|omitted|excluded)\s+(?:from|of))\s+(?:the\s+|all\s+|any\s+)?(?:default\s+)?lists?\b|\b(?:is|are)\s+no\s+longer\s+(?:listed|in\s+(?:the\s+|any\s+)?(?:default\s+)?lists?)\b|\b(?:is|are)\s+not\s+listed\s+any\s?more\b",
        )
    });
    static OPEN: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)\b(?:if|unless|may|can|might|when|after\s+\d)\b"));
    sentences(operation).any(|text| {
        let found = LEAVES.find(&text);
        found.is_some_and(|it| {
            let before = text.get(..it.start()).unwrap_or_default();
            let clause = before.rsplit(['.', ';']).next().unwrap_or_default();
            !OPEN.is_match(clause)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_say_whether_a_list_goes_on_showing_what_is_in_a_stage() {
        let page = |text: &str| format!("---\napi: GET /jobs\n---\n\n{text}\n");
        let said = |text: &str, of: fn(&Operation) -> bool| {
            let page = page(text);
            let (_, documentation) = crate::conform::tests::documentation("", &[&page]);
            of(&documentation.api.operations[0])
        };
        for text in [
            "Returns jobs in every status, stopped ones too.",
            "Lists all jobs, whatever their status.",
            "Shows jobs regardless of their state.",
            "Stopped jobs are still listed.",
            "The list contains stopped jobs as well.",
        ] {
            assert!(said(text, |it| keeps_listing(it, "stopped")), "{text}");
        }
        for text in [
            "Returns jobs. Filter by status.",
            "Returns stopped jobs only if `all` is set, too.",
            "Stopped jobs are not listed.",
        ] {
            assert!(!said(text, |it| keeps_listing(it, "stopped")), "{text}");
        }
        for text in [
            "It leaves the default list and is found with `status=stopped`.",
            "A stopped job disappears from lists.",
            "The job is no longer listed.",
            "It is hidden from the list from then on.",
            "It is left out of lists from then on.",
        ] {
            assert!(said(text, leaves_list), "{text}");
        }
        for text in [
            "If the job is old, it leaves the list.",
            "The list is no longer sorted.",
        ] {
            assert!(!said(text, leaves_list), "{text}");
        }
    }
}
