//! Requests that are refused because they ask for more than there is: "more seats than are left", "less than `amount`", "not
//! enough `stock`". Pure.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::bindings::letters;
use crate::conform::pattern::pattern;
use crate::model::Operation;

use super::promises::{OF_STATES, lines_about, sentences};

/// What a page says about asking for more than there is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Limit {
    /// The words that may name what there is: "seats", `stock`.
    pub(crate) what: Vec<String>,
    /// The input that asks, if the words name it.
    pub(crate) input: Option<String>,
}

/// The limit that the refusals of an operation state.
pub(crate) fn limit(operation: &Operation) -> Option<Limit> {
    let lines = OF_STATES.iter().flat_map(|it| lines_about(operation, *it));
    let texts: Vec<String> = lines.chain(sentences(operation)).collect();
    texts.iter().find_map(|text| of_text(text))
}

fn of_text(text: &str) -> Option<Limit> {
    static LEFT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:more|greater|higher|larger)\s+(?:`?(?P<what>\w+)`?\s+)?than\s+(?:(?:are|is)\s+(?:still\s+)?(?:left|available|free|in\s+stock|there)|(?:the\s+)?(?:available|remaining|current)\s+`?(?P<other>\w+)`?|(?:the\s+|its\s+)?`(?P<member>\w+)`)",
        )
    });
    static LESS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:less|fewer)\s+(?:`?(?P<what>\w+)`?\s+)?(?:left\s+)?than\s+(?:the\s+)?`(?P<input>\w+)`",
        )
    });
    static ENOUGH: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:not\s+(?:have\s+)?enough|insufficient|too\s+few|too\s+little|not\s+sufficient)\s+(?:free\s+)?`?(?P<what>\w+)`?|\b(?:exceeds?|beyond)\s+(?:the\s+)?(?:available\s+|remaining\s+|current\s+)?`?(?P<member>stock|balance|inventory|capacity|seats|funds|quota|credit)`?",
        )
    });
    let found = [&*LEFT, &*LESS, &*ENOUGH];
    let found = found.iter().find_map(|it| it.captures(text))?;
    let names = ["what", "other", "member"];
    let what = names.iter().filter_map(|name| found.name(name));
    Some(Limit {
        what: what.map(|it| it.as_str().to_owned()).collect(),
        input: found.name("input").map(|it| it.as_str().to_owned()),
    })
}

/// True if a text says that what is refused changes nothing: "nothing is taken", "a request with an error changes nothing".
pub(crate) fn changes_nothing(text: &str) -> bool {
    static NOTHING: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\bnothing\s+(?:is|gets|was|will\s+be)\s+(?:taken|changed|reserved|charged|booked|sold|moved|removed|written|saved|stored|created|made|done)\b|\ball\s+or\s+nothing\b|\bchanges?\s+nothing\b|\bleaves?\s+(?:everything|all)\s+(?:as|un)",
        )
    });
    NOTHING.is_match(text)
}

/// The number of a thing that says how much there is, and the digits behind its point.
pub(crate) fn available(limit: &Limit, object: &Value) -> Option<(String, f64, usize)> {
    const WORDS: &[&str] = &[
        "left",
        "available",
        "remaining",
        "free",
        "stock",
        "balance",
        "onhand",
        "inventory",
        "funds",
        "credit",
    ];
    let members = object.as_object()?;
    let numbers = members.iter().filter_map(|(name, value)| {
        let number = super::totals::number(value)?;
        let text = match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let digits = text.split_once('.').map_or(0, |(_, digits)| digits.len());
        Some((name.clone(), number, digits))
    });
    let numbers: Vec<_> = numbers.collect();
    let named = numbers.iter().find(|(name, ..)| {
        let mut words = limit.what.iter();
        words.any(|word| letters(word) == letters(name))
    });
    if let Some(named) = named {
        return Some(named.clone());
    }
    let mut told = numbers.iter().filter(|(name, ..)| {
        let name = letters(name);
        WORDS
            .iter()
            .any(|word| name.ends_with(word) || name.starts_with(word))
    });
    told.next().filter(|_| told.next().is_none()).cloned()
}

/// The stage that pages say a thing gets into when nothing is left: "the order that takes the last seat turns it to
/// `sold_out`".
pub(crate) fn stage_of_none<'s>(texts: &[String], stages: &'s [String]) -> Option<&'s String> {
    static LAST: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:last|no\s+(?:more\s+)?\w+\s+(?:is|are)\s+left|nothing\s+is\s+left|none\s+(?:is|are)\s+left|reaches\s+(?:zero|`?0`?)|is\s+(?:then\s+)?(?:full|used\s+up))\b[^.;]*?\b(?:turns?|becomes?|goes|is|makes|gets|moves)\b[^.;`]*`(?P<stage>\w+)`",
        )
    });
    texts.iter().find_map(|text| {
        let found = LAST.captures(text)?;
        let stage = found.name("stage")?.as_str();
        stages.iter().find(|it| *it == stage)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn texts_say_that_a_refusal_changes_nothing() {
        assert!(changes_nothing(
            "If there is too little of one, nothing is taken."
        ));
        assert!(changes_nothing(
            "A request that is refused changes nothing."
        ));
        assert!(!changes_nothing("Nothing is sent to the reader."));
    }

    #[test]
    fn sentences_say_that_there_is_not_enough() {
        let of = |text: &str| of_text(text).map(|it| (it.what, it.input));
        let what = |word: &str| Some((vec![word.to_owned()], None));
        assert_eq!(
            of("An order for more seats than are left is refused."),
            what("seats")
        );
        assert_eq!(
            of("409 if `quantity` is more than the `stock`"),
            what("stock")
        );
        assert_eq!(of("Not enough stock"), what("stock"));
        assert_eq!(of("insufficient funds"), what("funds"));
        assert_eq!(
            of("The paying wallet has less than `amount`"),
            Some((Vec::new(), Some("amount".to_owned())))
        );
        assert_eq!(of("More than ten lines are refused."), None);
        assert_eq!(of("More than one of them is locked."), None);
    }

    #[test]
    fn things_say_how_much_there_is() {
        let limit = of_text("more seats than are left").unwrap();
        let event = json!({"capacity": 40, "seats_left": 12, "name": "a"});
        assert_eq!(
            available(&limit, &event),
            Some(("seats_left".to_owned(), 12.0, 0))
        );
        let wallet = json!({"balance": "25.00", "entry_count": 1});
        let limit = of_text("less than `amount`").unwrap();
        assert_eq!(
            available(&limit, &wallet),
            Some(("balance".to_owned(), 25.0, 2))
        );
        let two = json!({"stock": 1, "reserved_stock": 2});
        let none = of_text("more than are left").unwrap();
        assert_eq!(available(&none, &two), None);
    }

    #[test]
    fn pages_say_what_becomes_of_what_is_used_up() {
        let stages = ["on_sale", "sold_out"].map(str::to_owned);
        let of = |text: &str| stage_of_none(&[text.to_owned()], &stages).cloned();
        let sold = Some("sold_out".to_owned());
        assert_eq!(
            of("The order that takes the last seat turns the event to `sold_out`."),
            sold
        );
        assert_eq!(
            of("An `on_sale` event whose last free seat goes is `sold_out`."),
            sold
        );
        assert_eq!(of("The event is `sold_out`."), None);
    }
}
