//! Creates that change what is there already: "if you grant another one, the existing permission is updated and returned". Pure.

use std::sync::LazyLock;

use regex::Regex;

use crate::conform::pattern::pattern;
use crate::model::Operation;

use super::promises::sentences;

/// The sentence of a page that says that a create sent again makes nothing new.
pub(crate) fn of(operation: &Operation) -> Option<String> {
    static SAYS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)
            \b(?:existing|old|previous|same|first)\s+(?:one|\w+)\s+(?:is|gets)\s+(?:then\s+)?(?:updated|returned|replaced|changed|reused|overwritten)\b
            | \b(?:returns?|answers?\s+with|updates?|replaces?|overwrites?|reuses?)\s+the\s+(?:existing|same|old)\s+(?:one|\w+)\b
            | \b(?:is|gets)\s+(?:updated|replaced|overwritten|returned)\s+instead\b
            | \bno\s+second\s+(?:one|\w+)\s+is\s+(?:made|created|added)\b
            | \bdoes\s+not\s+(?:create|make|add)\s+(?:a\s+second|another)\b
            | \bupserts?\b",
        )
    });
    // Keys of requests, and what is replaced in another way, are other matters.
    static OTHER: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\bidempoten|\bkeys?\b|\b(?:not|never|cannot|can['’]t)\s+(?:be\s+)?(?:updated|replaced|returned|changed)\b|\bif\s+you\s+(?:set|pass|send|ask)\b|\bwith\s+`[\w-]+=|\bmay\b|\bif\s+`|\b409\b|\brefused\b|\bvalues?\b|\blists?\b|\bhas\s+expired\b|\bgone\b",
        )
    });
    sentences(operation).find(|text| SAYS.is_match(text) && !OTHER.is_match(text))
}

/// The sentence of a page that says that the same request once more changes nothing: "To react again with the same one changes
/// nothing."
pub(crate) fn changes_nothing(operation: &Operation) -> Option<String> {
    static AGAIN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:again|twice|a\s+second\s+time|once\s+more|repeat(?:ed|ing)?|already)\b[^.;]*\b(?:changes\s+nothing|has\s+no\s+(?:further\s+)?effect|does\s+nothing|is\s+a\s+no-?op|nothing\s+(?:happens|changes)|makes\s+no\s+difference)\b|\b(?:changes\s+nothing|nothing\s+(?:happens|changes))\b[^.;]*\b(?:again|twice|a\s+second\s+time|already)\b",
        )
    });
    // What is refused, and keys of requests, are other matters.
    static OTHER: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)\bidempoten|\bkeys?\b|\b4\d\d\b|\bunless\b|\bmay\b"));
    sentences(operation).find(|text| AGAIN.is_match(text) && !OTHER.is_match(text))
}

/// The members that a sentence says to stay: "its `id` and `created` stay the same".
pub(crate) fn kept(sentence: &str) -> Vec<String> {
    static KEPT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)(?P<names>`\w+`(?:(?:,\s*|\s+and\s+)(?:its\s+)?`\w+`)*)\s+(?:stays?|remains?|(?:is|are)\s+kept|(?:does|do)\s+not\s+change)\b",
        )
    });
    static CODE: LazyLock<Regex> = LazyLock::new(|| pattern(r"`(\w+)`"));
    let found = KEPT.captures(sentence).and_then(|it| it.name("names"));
    let names = found.map_or("", |it| it.as_str());
    let names = CODE.captures_iter(names);
    names
        .filter_map(|it| Some(it.get(1)?.as_str().to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conform::tests::documentation;

    fn says(text: &str) -> bool {
        let page = format!("---\napi: POST /doors/{{door_id}}/guests\n---\n\n{text}\n");
        let (_, documentation) = documentation("", &[&page]);
        of(&documentation.api.operations[0]).is_some()
    }

    #[test]
    fn sentences_say_that_a_second_create_makes_nothing_new() {
        for text in [
            "A guest is on a door only once: if you add another one, the existing guest is updated (its `id` stays the same) and returned.",
            "Adding a guest that is there already returns the existing one.",
            "If the guest is there already, it is updated instead.",
            "Adding a guest twice does not create a second one.",
            "Upserts a guest by the address.",
        ] {
            assert!(says(text), "{text}");
        }
        for text in [
            "The same `Idempotency-Key` returns the existing guest.",
            "A guest that is there already is refused with `409`.",
            "If `replace` is `true`, the existing guest is replaced.",
            "Adds a guest.",
            "The old values are replaced.",
        ] {
            assert!(!says(text), "{text}");
        }
        let text = "The existing guest is updated (its `id` and `created` stay the same).";
        assert_eq!(kept(text), ["id", "created"]);
        assert_eq!(kept("Its `role` is changed."), [""; 0]);
    }

    #[test]
    fn sentences_say_that_the_same_again_changes_nothing() {
        let says = |text: &str| {
            let page = format!("---\napi: PUT /doors/{{door_id}}/guests/{{name}}\n---\n\n{text}\n");
            let (_, documentation) = documentation("", &[&page]);
            changes_nothing(&documentation.api.operations[0]).is_some()
        };
        for text in [
            "Each guest counts once: to add the same one again changes nothing.",
            "Adding a guest who is on the list already has no effect.",
            "Nothing happens if the guest is there already.",
        ] {
            assert!(says(text), "{text}");
        }
        for text in [
            "Adding a guest again is refused with `409`, and changes nothing.",
            "A request with the same `Idempotency-Key` again changes nothing.",
            "Adds a guest.",
        ] {
            assert!(!says(text), "{text}");
        }
    }
}
