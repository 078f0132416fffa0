//! Whether the time of the last change of one thing moves with what is done to another one: "The list's `updated_at` does not
//! change." Pure.

use std::sync::LazyLock;

use regex::Regex;

use crate::conform::bindings::letters;
use crate::conform::pattern::pattern;
use crate::model::Operation;

use super::promises;

/// What becomes of a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Touch {
    /// It is another one afterwards.
    Moves,
    /// It is as before.
    Stays,
}

/// What the page of an operation says of a member of things of that noun; nothing if it says both.
pub(crate) fn of(operation: &Operation, noun: &str, member: &str) -> Option<Touch> {
    let quoted = format!("`{member}`");
    let mut found = promises::sentences(operation).flat_map(|text| {
        let clauses = text.split(['.', ';']);
        let about = clauses.filter(|it| it.contains(&quoted) && names_noun(it, noun));
        let about = about.map(|it| narrow(it, &quoted, noun));
        about.filter_map(in_clause).collect::<Vec<_>>()
    });
    let first = found.next()?;
    found.all(|it| it == first).then_some(first)
}

/// True if one of the words of a text is that noun: `list` for "the list's" and "lists".
pub(crate) fn names_noun(text: &str, noun: &str) -> bool {
    let mut words = text.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '-');
    words.any(|word| is_noun(word, noun))
}

/// True for the noun itself, and for several of it.
pub(crate) fn is_noun(word: &str, noun: &str) -> bool {
    let word = letters(word);
    word == noun || word.strip_suffix('s') == Some(noun)
}

/// The part of a clause that is about the member: "its `updated_at` moves, its `version` does not" speaks of two.
fn narrow<'t>(clause: &'t str, quoted: &str, noun: &str) -> &'t str {
    static CONDITION: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i)\b(?:if|when|unless|may|might|can|only|until|while|after|before)\b")
    });
    let is_own = |it: &&str| it.contains(quoted) && names_noun(it, noun);
    let mut parts = clause.split(", ").filter(is_own);
    let has_others = clause.matches('`').count() > 2;
    match (parts.next(), parts.next()) {
        (Some(part), None) if has_others && !CONDITION.is_match(clause) => part,
        _ => clause,
    }
}

fn in_clause(text: &str) -> Option<Touch> {
    static STAYS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:does|do|is|are|will)\s*(?:\s+not|n['’]t)\s+(?:be\s+)?(?:change|move|touch|update|affect|bump|set)(?:e?d)?\b
            | \b(?:stays?|remains?|unchanged|untouched|never\s+(?:changes?|moves?)|keeps?\s+(?:its|their))\b
            | \bwithout\s+(?:changing|moving|touching|updating)\b",
        )
    });
    static MOVES: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:is|are|gets?)\s+(?:also\s+)?(?:set|moved|updated|refreshed|bumped|advanced|touched|changed)\b
            | \b(?:moves?|sets|updates|refreshes|bumps|advances|touches|changes)\b",
        )
    });
    static OPEN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i)\b(?:if|when|unless|may|might|can|only|not|no|never|until)\b|n['’]t\b")
    });
    if STAYS.is_match(text) {
        return Some(Touch::Stays);
    }
    (MOVES.is_match(text) && !OPEN.is_match(text)).then_some(Touch::Moves)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Option<Touch> {
        let page = format!("---\napi: POST /lists/{{list_id}}/items\n---\n\n{text}\n");
        let (_, documentation) = crate::conform::tests::documentation("", &[&page]);
        of(&documentation.api.operations[0], "list", "updated_at")
    }

    #[test]
    fn sentences_say_whether_a_time_moves() {
        for text in [
            "The list's `size` goes up and its `updated_at` is set to the time of the item.",
            "Moves the `updated_at` of the list.",
            "This also sets `updated_at` of the list to the time of the item.",
            "The list's `updated_at` moves, its `version` does not.",
        ] {
            assert_eq!(said(text), Some(Touch::Moves), "{text}");
        }
        for text in [
            "The list's `updated_at` does not change.",
            "Adding items doesn't touch the `updated_at` of the list, so `updated_at` of a list stays.",
            "The `updated_at` of lists is not changed.",
            "Items are added without moving the `updated_at` of the list.",
        ] {
            assert_eq!(said(text), Some(Touch::Stays), "{text}");
        }
        for text in [
            "The item's `updated_at` is set.",
            "If it was empty, the list's `updated_at` moves, its `version` does not.",
            "If the list was empty, its `updated_at` moves, list and all.",
            "The list is changed.",
        ] {
            assert_eq!(said(text), None, "{text}");
        }
    }
}
