//! The order of a list in words: "sorted by `name`", "newest first".

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::bindings::letters;
use crate::conform::pattern::pattern;

use crate::conform::judge::effect::{self, Order};

/// The order that the texts state, if they state one, and the items have such a member.
pub(crate) fn order(texts: &[String], items: &[Value]) -> Option<Order> {
    let mut orders = texts.iter().filter_map(|text| of_text(text, items));
    let first = orders.next()?;
    orders.all(|other| other == first).then_some(first)
}

fn of_text(text: &str, items: &[Value]) -> Option<Order> {
    static BY: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:(?:sorted|ordered)\s+(?:alphabetically\s+)?by|in\s+(?:the\s+)?(?:(?:alphabetical|alphabetic|rising|ascending|numerical|falling|descending)\s+)?order\s+(?:of|by))\s+(?:the\s+|their\s+|its\s+)?`?([a-z_]+)`?(.*)",
        )
    });
    static FIRST: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(newest|latest|most\s+recent|oldest|earliest)\s+(?:\w+\s+)?(?:comes?\s+|is\s+|are\s+)?first\b",
        )
    });
    static SOONEST: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i)\b(soonest|next)\s+(?:\w+\s+)?(?:comes?\s+|are\s+|is\s+)?(first|last)\b")
    });
    static BY_PLACE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\bby\s+(?:the\s+|their\s+)?`?(?P<name>[a-z_]+)`?,?\s+(?:with\s+)?(?:the\s+)?(?P<word>lowest|smallest|cheapest|least|highest|largest|greatest|biggest|most\s+expensive)\s+(?:\w+\s+)?first\b",
        )
    });
    static AS_MADE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\bin\s+the\s+order\s+(?:in\s+which\s+)?(?:they|it|these)\s+(?:were\s+|was\s+|have\s+been\s+)?(?:joined|added|created|made|opened|placed|posted|booked|written|saved|registered)\b",
        )
    });
    // "Can be sorted by" speaks of a choice.
    if text.contains("be sorted") || text.contains("be ordered") {
        return None;
    }
    if let Some(found) = BY.captures(text) {
        let name = found.get(1)?.as_str();
        let rest = found.get(2)?.as_str().to_lowercase();
        let single = name.strip_suffix('s').unwrap_or(name);
        let mut order = effect::order(name, items).or_else(|| effect::order(single, items))?;
        let before = text.get(..found.get(1)?.start()).unwrap_or_default();
        let before = before.to_lowercase();
        let is_falling = before.contains("falling") || before.contains("descending");
        let is_rising = ["alphabetic", "rising", "ascending"]
            .iter()
            .any(|word| before.contains(word));
        let stated = direction(&rest).or(is_falling.then_some(true));
        let is_place = matches!(
            letters(&order.member).as_str(),
            "position" | "rank" | "index"
        );
        order.is_descending = stated.or((is_rising || is_place).then_some(false));
        return Some(order);
    }
    if let Some(found) = SOONEST.captures(text) {
        let is_first = found.get(2).is_none_or(|it| !it.as_str().contains("last"));
        return coming(items).map(|member| Order {
            member,
            is_descending: Some(!is_first),
        });
    }
    if let Some(found) = BY_PLACE.captures(text) {
        let name = found.name("name")?.as_str();
        let mut order = effect::order(name, items)?;
        let word = found.name("word")?.as_str().to_lowercase();
        let is_low = ["lowest", "smallest", "cheapest", "least"].contains(&word.as_str());
        order.is_descending = Some(!is_low);
        return Some(order);
    }
    // "Events on the same day are in the order in which they were created" orders some of them.
    if AS_MADE.is_match(text) && !text.to_lowercase().contains("same") {
        return effect::order("oldest", items);
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

/// True if a text puts things with a value first: "The owner first, then the others."
pub(crate) fn puts_first(text: &str, value: &str) -> bool {
    let first = format!(
        r"(?i)^(?:the\s+)?`?{}s?`?\s+(?:comes?\s+|is\s+|are\s+|stands?\s+)?(?:always\s+)?first\b",
        regex::escape(value)
    );
    Regex::new(&first).is_ok_and(|it| it.is_match(text.trim()))
}

/// The one day or moment of items that is neither when they were made nor when they were changed.
fn coming(items: &[Value]) -> Option<String> {
    const BEHIND: &[&str] = &[
        "creat", "updat", "chang", "modif", "cancel", "delet", "publish",
    ];
    let members = items.first()?.as_object()?.iter();
    let mut days = members.filter(|(name, value)| {
        let name = letters(name);
        let is_day = value.as_str().is_some_and(|text| {
            let digits = text.bytes().take(4).all(|byte| byte.is_ascii_digit());
            digits && text.as_bytes().get(4) == Some(&b'-')
        });
        is_day && !BEHIND.iter().any(|word| name.contains(word)) && !name.contains("end")
    });
    let (name, _) = days.next()?;
    days.next().is_none().then(|| name.clone())
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
        assert_eq!(
            of("The books by price, the lowest first."),
            some("price", Some(false))
        );
        assert_eq!(
            of("The owner first, then the others in the order in which they were added."),
            some("created_at", Some(false))
        );
        assert!(puts_first("The owner first, then the others.", "owner"));
        assert!(!puts_first("Made for the owner first.", "owner"));
        assert_eq!(of("Newest first."), some("created_at", Some(true)));
        assert_eq!(
            of("All of them in alphabetical order of their names."),
            some("name", Some(false))
        );
        assert_eq!(of("Most recently updated first"), None);
        assert_eq!(of("Sorted by relevance"), None);
        assert_eq!(of("Books can be sorted by `name`."), None);
    }
}
