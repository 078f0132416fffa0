//! Values that have an order of their own: `low`, `normal`, `high`, `urgent`, which no alphabet has. Pure.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::bindings::letters;
use crate::conform::pattern::pattern;
use crate::conform::plan::sample;
use crate::model::Operation;
use crate::model::shape::{Shape, ShapeKind};

use crate::conform::judge::effect::at;

/// Shapes nested deeper are not looked at.
const DEPTH: usize = 4;

/// The documented values of a member of the items of a list, in the order of the page.
pub(crate) fn of_member(operation: &Operation, member: &str) -> Option<Vec<String>> {
    let successes = operation.responses.iter();
    let mut shapes = successes
        .filter(|it| it.status.is_success())
        .filter_map(|it| it.shape.as_ref());
    let name = member.rsplit('.').next().unwrap_or(member);
    let ranks = shapes.find_map(|shape| allowed(shape, name, DEPTH))?;
    (ranks.len() > 1).then_some(ranks)
}

fn allowed(shape: &Shape, name: &str, depth: usize) -> Option<Vec<String>> {
    if let ShapeKind::Array(items) = &shape.kind {
        return allowed(items, name, depth);
    }
    let members = shape.members();
    let own = members.iter().find(|it| it.name == name);
    if let Some(values) = own.and_then(|it| it.shape.constraints.allowed.as_ref()) {
        let texts = values.value.iter().filter(|it| it.is_string());
        return Some(texts.map(sample::plain).collect());
    }
    let mut inner = members.iter().filter(|_| depth > 0);
    inner.find_map(|it| allowed(&it.shape, name, depth - 1))
}

/// Which end of the documented values a text puts first: true for the last of them, as in "most urgent first".
pub(crate) fn last_comes_first(text: &str, value: &str, ranks: &[String]) -> Option<bool> {
    let lower = text.to_lowercase();
    let lines = lower.split(['\n', ';', '.']);
    let named = lines.filter(|line| line.contains(&format!("`{}`", value.to_lowercase())));
    named.into_iter().find_map(|line| {
        let (before, _) = line.split_once(" first")?;
        let words: Vec<&str> = before
            .split(|c: char| !c.is_alphanumeric() && c != '_')
            .collect();
        let mut near = words.iter().rev().take(3);
        near.find_map(|word| {
            let stem = word.strip_suffix("est").unwrap_or(word);
            let is_it = |rank: &&String| {
                let rank = letters(rank);
                let single = word.strip_suffix('s').unwrap_or(word);
                rank == letters(word) || rank == letters(single) || stem.len() > 2 && rank == stem
            };
            let place = ranks.iter().position(|rank| is_it(&rank))?;
            // In the middle of them a value says nothing about the ends.
            let opposite = ranks.len().checked_sub(place + 1)?;
            (place != opposite).then_some(place > opposite)
        })
    })
}

/// The documented values in the order that a sentence states, first to last: "ordered by urgency: `low`, `normal`, `high`".
pub(crate) fn stated(text: &str, ranks: &[String]) -> Option<Vec<String>> {
    static ORDERED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:order(?:ed)?|sort(?:ed|s)?|rank(?:ed|s)?|go(?:es)?)\b[^`]*(?::|\bas\b|\bfrom\b|\bis\b)\s*$",
        )
    });
    static LAST_FIRST: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)\b(?:revers|descend|falling|opposite)"));
    let mut sentences = text.split(['.', ';', '\n']);
    sentences.find_map(|sentence| {
        let places = ranks.iter().map(|rank| {
            let at = sentence.find(&format!("`{rank}`"))?;
            Some((at, rank))
        });
        let mut places = places.collect::<Option<Vec<_>>>()?;
        places.sort_unstable();
        let (first, _) = places.first()?;
        let before = sentence.get(..*first)?;
        let is_stated = ORDERED.is_match(before) && !LAST_FIRST.is_match(sentence);
        is_stated.then(|| places.into_iter().map(|(_, rank)| rank.clone()).collect())
    })
}

/// True if the items go by the order of the documented values, in that direction or in either one; `None` if one of them
/// has another value.
pub(crate) fn is_ranked(
    items: &[Value],
    member: &str,
    ranks: &[String],
    is_falling: Option<bool>,
) -> Option<bool> {
    let values = items.iter().filter_map(|item| at(item, member)?.as_str());
    let places: Option<Vec<usize>> = values
        .map(|value| ranks.iter().position(|rank| rank == value))
        .collect();
    let places = places?;
    let runs = |is_falling: bool| {
        let mut pairs = places.iter().zip(places.iter().skip(1));
        pairs.all(|(one, next)| if is_falling { one >= next } else { one <= next })
    };
    Some(match is_falling {
        Some(is_falling) => runs(is_falling),
        None => runs(true) || runs(false),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn sentences_state_the_order_of_values() {
        let ranks = ["low", "normal", "high"].map(str::to_owned);
        let rising = "One of `created`, `priority`. Priorities are ordered by urgency: `low`, `normal`, `high`.";
        assert_eq!(stated(rising, &ranks), Some(ranks.to_vec()));
        let falling = "Sorted by weight, from `high` over `normal` to `low`.";
        let wanted = ["high", "normal", "low"].map(str::to_owned);
        assert_eq!(stated(falling, &ranks), Some(wanted.to_vec()));
        assert_eq!(
            stated("Only of this priority: `low`, `normal`, `high`.", &ranks),
            None
        );
        assert_eq!(stated("Sorted by: `low`.", &ranks), None);
    }

    #[test]
    fn words_say_which_of_the_values_comes_first() {
        let ranks = ["low", "normal", "high", "urgent"].map(str::to_owned);
        let first = |text: &str| last_comes_first(text, "priority", &ranks);
        assert_eq!(
            first("- `due`: soonest first\n- `priority`: most urgent first"),
            Some(true)
        );
        assert_eq!(first("`priority` puts the highest first"), Some(true));
        assert_eq!(first("`priority`: lowest first"), Some(false));
        assert_eq!(first("`priority`: most important first"), None);
        assert_eq!(first("`due`: most urgent first"), None);
    }

    #[test]
    fn items_go_by_the_order_of_the_documented_values() {
        let ranks = ["low", "normal", "high", "urgent"].map(str::to_owned);
        let items = |values: &[&str]| -> Vec<Value> {
            values.iter().map(|it| json!({"priority": it})).collect()
        };
        let ranked =
            |values: &[&str], is_falling| is_ranked(&items(values), "priority", &ranks, is_falling);
        assert_eq!(
            ranked(&["urgent", "high", "normal"], Some(true)),
            Some(true)
        );
        assert_eq!(ranked(&["urgent", "high", "normal"], None), Some(true));
        assert_eq!(
            ranked(&["high", "low", "normal", "urgent"], Some(true)),
            Some(false)
        );
        assert_eq!(ranked(&["high", "later"], None), None);
    }
}
