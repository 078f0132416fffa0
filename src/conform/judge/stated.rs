//! The order of a list in words: "sorted by `name`", "newest first".

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::pattern::pattern;

use super::effect::{self, Order};

/// The order that the texts state, if they state one, and the items have such a member.
pub(crate) fn order(texts: &[String], items: &[Value]) -> Option<Order> {
    let mut orders = texts.iter().filter_map(|text| of_text(text, items));
    let first = orders.next()?;
    orders.all(|other| other == first).then_some(first)
}

fn of_text(text: &str, items: &[Value]) -> Option<Order> {
    static BY: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:sorted|ordered)\s+(?:alphabetically\s+)?by\s+(?:the\s+|their\s+|its\s+)?`?([a-z_]+)`?(.*)",
        )
    });
    static FIRST: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i)\b(newest|latest|most\s+recent|oldest|earliest)\s+(?:\w+\s+)?first\b")
    });
    // "Can be sorted by" speaks of a choice.
    if text.contains("be sorted") || text.contains("be ordered") {
        return None;
    }
    if let Some(found) = BY.captures(text) {
        let name = found.get(1)?.as_str();
        let rest = found.get(2)?.as_str().to_lowercase();
        let mut order = effect::order(name, items)?;
        order.is_descending = direction(&rest);
        return Some(order);
    }
    // Which time it is that makes something new is open if the text speaks of changes.
    let lower = text.to_lowercase();
    let is_open = ["updat", "modif", "chang", "activ", "used"]
        .iter()
        .any(|word| lower.contains(word));
    let found = FIRST.captures(text).filter(|_| !is_open)?;
    let word = found.get(1)?.as_str().to_lowercase();
    let is_old = matches!(word.as_str(), "oldest" | "earliest");
    effect::order(if is_old { "oldest" } else { "newest" }, items)
}

/// The direction that the rest of a sentence states.
fn direction(rest: &str) -> Option<bool> {
    const FALLING: &[&str] = &[
        "descending",
        "desc",
        "newest",
        "latest",
        "recent",
        "highest",
        "largest",
        "revers",
    ];
    const RISING: &[&str] = &[
        "ascending",
        "asc",
        "oldest",
        "earliest",
        "lowest",
        "smallest",
        "cheapest",
    ];
    let has = |words: &[&str]| words.iter().any(|word| rest.contains(word));
    if has(FALLING) {
        return Some(true);
    }
    has(RISING).then_some(false)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn words_state_an_order() {
        let items = [json!({"name": "a", "created_at": "2024-01-31T12:00:00Z", "price": 1})];
        let of =
            |text: &str| order(&[text.to_owned()], &items).map(|it| (it.member, it.is_descending));
        let some = |member: &str, direction| Some((member.to_owned(), direction));
        assert_eq!(of("All books, sorted by `name`."), some("name", None));
        assert_eq!(
            of("Ordered by price, highest first"),
            some("price", Some(true))
        );
        assert_eq!(
            of("The newest books first."),
            some("created_at", Some(true))
        );
        assert_eq!(of("Newest first."), some("created_at", Some(true)));
        assert_eq!(of("Most recently updated first"), None);
        assert_eq!(of("Sorted by relevance"), None);
        assert_eq!(of("Books can be sorted by `name`."), None);
    }
}
