//! In which order things are listed.

use std::cmp::Ordering;

use serde_json::{Map, Value};

use super::collections::Collection;
use super::list::falls;
use super::relation::in_order;
use super::view::text;
use super::wish::Wish;

type Thing = Map<String, Value>;

/// A member that things are sorted by, and whether the greatest comes first.
pub(super) struct Key {
    member: Wish,
    is_falling: bool,
}

/// What `-price`, `price:desc`, `price_desc`, `price,desc`, and `status,-price` sort by; a name that no thing has sorts
/// nothing.
pub(super) fn keys(sort: &str, direction: Option<bool>, collection: &Collection) -> Vec<Key> {
    let mut keys: Vec<Key> = Vec::new();
    let mut parts = sort.split(',').map(str::trim).peekable();
    while let Some(part) = parts.next() {
        let next = parts.next_if(|next| falls(next).is_some());
        let own = next.and_then(falls);
        keys.extend(key(part, own, direction, collection));
    }
    keys
}

fn key(part: &str, own: Option<bool>, direction: Option<bool>, of: &Collection) -> Option<Key> {
    let examples: Vec<&Thing> = [&of.set, &of.sample].into_iter().chain(&of.seeds).collect();
    let member = |name: &str| Wish::plain(name, &examples);
    let (name, told) = match part.split_once([':', ' ']) {
        Some((name, direction)) => (name, Some(direction.to_lowercase().starts_with("desc"))),
        None => (part, own),
    };
    let is_negative = name.starts_with('-');
    let name = name.trim_start_matches(['-', '+']);
    if let Some(member) = member(name) {
        let is_falling = is_negative || told.or(direction).unwrap_or_default();
        return Some(Key { member, is_falling });
    }
    // `price_desc` and `price.desc` are one word of some APIs.
    let ends = [("asc", false), ("desc", true)];
    ends.iter().find_map(|(end, is_falling)| {
        let lower = name.to_lowercase();
        let member = member(lower.strip_suffix(end)?)?;
        Some(Key {
            member,
            is_falling: *is_falling,
        })
    })
}

/// The order of two things.
pub(super) fn order(keys: &[Key], one: &Thing, other: &Thing) -> Ordering {
    let orders = keys.iter().map(|key| {
        let (one, other) = (key.member.value(one), key.member.value(other));
        let is_both = |value: Option<&Value>| value.is_some_and(|it| !it.is_null());
        let order = compare(one, other);
        if key.is_falling && is_both(one) && is_both(other) {
            order.reverse()
        } else {
            order
        }
    });
    orders.fold(Ordering::Equal, Ordering::then)
}

/// The order of two values; what has none comes last.
pub(super) fn compare(one: Option<&Value>, other: Option<&Value>) -> Ordering {
    let known = |value: Option<&'_ Value>| value.is_some_and(|it| !it.is_null());
    match (one, other) {
        (Some(Value::Number(one)), Some(Value::Number(other))) => one
            .as_f64()
            .partial_cmp(&other.as_f64())
            .unwrap_or(Ordering::Equal),
        (Some(one), Some(other)) if !one.is_null() && !other.is_null() => {
            in_order(&text(one), &text(other))
        }
        _ => known(other).cmp(&known(one)),
    }
}
