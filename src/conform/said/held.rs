//! What pages say keeps a thing from being deleted while something that belongs to it is in a stage: "A customer with open
//! orders cannot be deleted". Pure.

use std::sync::LazyLock;

use regex::Regex;

use crate::conform::bindings::letters;
use crate::conform::pattern::pattern;
use crate::model::Operation;

use super::promises;

/// A stage stands at most so many words before what is in it: "a `queued` or `running` job".
const APART: usize = 4;

/// True if the page of a delete says that it is refused while something of a noun that belongs to the thing is in a stage.
pub(crate) fn holds_in(operation: &Operation, noun: &str, stage: &str) -> bool {
    promises::sentences(operation).any(|text| {
        let text = text.replace('\n', " ");
        text.split_inclusive([';', '!'])
            .flat_map(|part| part.split_inclusive(". "))
            .any(|part| says_so(part, noun, stage))
    })
}

/// True if the page of a delete says that it is refused as long as things of a noun refer to the thing, whatever stage they are
/// in: "A tariff that stations still refer to cannot be deleted".
pub(crate) fn holds_at_all(operation: &Operation, noun: &str) -> bool {
    promises::sentences(operation).any(|text| {
        let text = text.replace('\n', " ");
        text.split_inclusive([';', '!'])
            .flat_map(|part| part.split_inclusive(". "))
            .any(|part| says_so_of_all(part, noun))
    })
}

fn says_so_of_all(sentence: &str, noun: &str) -> bool {
    static REFERS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:that|which|to\s+which|as\s+long\s+as|while|if|when)\s+(?P<before>(?:still\s+|any\s+|some\s+|an?\s+|one\s+of\s+your\s+|your\s+)*)(?P<noun>[a-z]+)\s+(?:still\s+)?(?:refers?|points?|uses?|names?|needs?|links?|is\s+using|are\s+using|charges?)\b
            | \b(?:used|referred\s+to|referenced|named|in\s+use)\s+by\s+(?:any\s+|some\s+|an?\s+|one\s+of\s+your\s+|your\s+|at\s+least\s+one\s+)*(?P<by>[a-z]+)",
        )
    });
    if !is_refused(sentence) {
        return false;
    }
    REFERS.captures_iter(sentence).any(|found| {
        let word = found.name("noun").or_else(|| found.name("by"));
        let word = word.map(|it| letters(it.as_str())).unwrap_or_default();
        word == noun
            || word.strip_suffix('s') == Some(noun)
            || word.strip_suffix("es") == Some(noun)
    })
}

/// True for a sentence that refuses, without words that turn it around.
fn is_refused(sentence: &str) -> bool {
    static REFUSED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:409|423|422|refused|rejected|(?:can\s?not|can['’]t|must\s+not|may\s+not)\s+(?:be\s+)?(?:deleted?|removed?)|not\s+(?:be\s+)?(?:deleted|removed|possible|allowed))\b",
        )
    });
    static WITHOUT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i)\b(?:without|no|only|unless|except|force|cascade|also\s+deleted)\b")
    });
    REFUSED.is_match(sentence) && !WITHOUT.is_match(sentence)
}

fn says_so(sentence: &str, noun: &str, stage: &str) -> bool {
    static HAS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:with|has|have|having|while|still|contains?|uses?|used|in\s+use|as\s+long\s+as|there\s+(?:is|are))\b",
        )
    });
    if !is_refused(sentence) || !HAS.is_match(sentence) {
        return false;
    }
    let words: Vec<String> = sentence
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
        .map(letters)
        .collect();
    let stage = letters(stage);
    let places = words.iter().enumerate();
    let mut nouns =
        places.filter(|(_, word)| *word == noun || word.strip_suffix('s') == Some(noun));
    stage.len() > 2
        && nouns.any(|(at, _)| {
            let before = words.get(at.saturating_sub(APART)..at).unwrap_or_default();
            before.contains(&stage)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_say_which_stage_of_what_belongs_to_a_thing_holds_it() {
        for text in [
            "A customer with open orders cannot be deleted.",
            "A customer that has open orders can not, you get `409 in_use`.",
            "As long as an `open` or `paid` order uses the address the answer is `409`, and it stays.",
            "Refused while there are open orders.",
            "Still has an open order? Then it is rejected.",
        ] {
            assert!(says_so(text, "order", "open"), "{text}");
        }
        for text in [
            "A customer without open orders can be deleted, else `409`.",
            "Open orders of the customer are deleted with it.",
            "A customer with paid orders cannot be deleted.",
            "Only customers with open orders are refused.",
            "A customer with open orders is kept for a year.",
        ] {
            assert!(!says_so(text, "order", "open"), "{text}");
        }
    }

    #[test]
    fn sentences_say_that_whatever_refers_to_a_thing_holds_it() {
        for text in [
            "A tariff that stations still refer to cannot be deleted: the answer is `409`.",
            "A tariff which is used by a station can't be deleted.",
            "`409` as long as a station uses it.",
            "Refused while stations point to it.",
            "If any station still refers to it, the delete is rejected.",
        ] {
            assert!(says_so_of_all(text, "station"), "{text}");
        }
        for text in [
            "A tariff that no station refers to can be deleted.",
            "A tariff that open stations refer to cannot be deleted.",
            "Stations that refer to it lose it.",
            "A tariff that is used by a station is kept for a year.",
            "A tariff that customers refer to cannot be deleted.",
        ] {
            assert!(!says_so_of_all(text, "station"), "{text}");
        }
    }
}
