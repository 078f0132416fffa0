//! Numbers that a page names for one value of an option: "Express delivery always costs 900 cents.", "`gold` costs 12.50." Pure.

use std::sync::LazyLock;

use regex::Regex;

use crate::conform::bindings::letters;
use crate::conform::pattern::pattern;

/// The value that a sentence is about, and its number, if the number holds whatever else is so.
pub(crate) fn of<'v>(sentence: &str, values: &'v [String]) -> Option<(&'v String, f64)> {
    static COSTS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:costs?|is\s+charged|are\s+charged|is\s+priced\s+at|has\s+a\s+(?:fee|price|rate)\s+of|(?:fee|price|rate|surcharge)\s+(?:of|for)\s+[^.;]*\s+is)\b",
        )
    });
    static NUMBER: LazyLock<Regex> = LazyLock::new(|| pattern(r"\d+(?:[.,]\d+)*"));
    // What depends on something else, or is more than a number, is not read.
    static OPEN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:if|unless|when|while|until|from|for\s+(?:orders|subtotals|amounts)|up\s+to|at\s+(?:least|most)|over|above|below|under|than|per|each|every|free|nothing|except|between|about|extra|more|less|only|or|not|usually|normally|currently|may|can)\b",
        )
    });
    if !COSTS.is_match(sentence) || OPEN.is_match(sentence) {
        return None;
    }
    let mut numbers = NUMBER.find_iter(sentence);
    let number = numbers.next().filter(|_| numbers.next().is_none())?;
    let number = number.as_str();
    let number: f64 = number.parse().ok()?;
    let words = sentence.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '-');
    let words: Vec<String> = words.map(letters).collect();
    let mut named = values
        .iter()
        .filter(|value| words.contains(&letters(value)));
    let value = named.next().filter(|_| named.next().is_none())?;
    Some((value, number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_name_the_price_of_a_value() {
        let values = ["slow", "fast", "same_day"].map(str::to_owned);
        let of = |text: &str| of(text, &values).map(|(value, number)| (value.as_str(), number));
        assert_eq!(
            of("Fast delivery always costs 900 cents."),
            Some(("fast", 900.0))
        );
        assert_eq!(of("`same_day` costs 12.5."), Some(("same_day", 12.5)));
        assert_eq!(
            of("Slow delivery is charged with 300 cents."),
            Some(("slow", 300.0))
        );
        for text in [
            "Slow delivery costs 300 cents, and nothing from 5000 cents.",
            "Fast delivery costs 900 cents per parcel.",
            "Fast and slow delivery cost 900 cents.",
            "Delivery costs 900 cents.",
            "Fast delivery takes 2 days.",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
    }
}
