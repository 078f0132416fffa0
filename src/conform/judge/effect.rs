//! What a parameter of a list is named for, and whether the items bear it out. Pure.

use std::cmp::Ordering;

use serde_json::Value;

use crate::conform::bindings::letters;
use crate::conform::plan::input::Input;
use crate::conform::plan::sample;
use crate::model::shape::ShapeKind;

use super::echo::is_same;

/// What a parameter of a list does.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Says how many items a page has.
    Limit,
    /// Says which page, from 1 or what is documented.
    Page,
    /// Says how many items are left out at the start.
    Offset,
    /// Says where the page starts, in the server's own words.
    Cursor,
    /// Says by what, or in which direction, items are sorted.
    Sort,
    /// Only items with this member, in that relation to the value.
    Filter(String, Relation),
    /// Only items that hold a text somewhere.
    Search,
    /// Something else.
    Unknown,
}

/// How a member is to relate to the value of a filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// It is that value, or holds it.
    Is,
    /// It is at least that.
    AtLeast,
    /// It is at most that.
    AtMost,
}

/// What a parameter is named for, given the items that the list shows.
pub fn effect(input: &Input, items: &[Value]) -> Effect {
    let name = letters(&input.name);
    match name.as_str() {
        "limit" | "count" | "perpage" | "pagesize" | "size" | "take" | "maxresults"
        | "pagelimit" => {
            return Effect::Limit;
        }
        "page" | "pagenumber" | "pageno" | "pageindex" => return Effect::Page,
        "offset" | "skip" => return Effect::Offset,
        "sort" | "sortby" | "orderby" | "order" | "ordering" | "sortorder" | "direction"
        | "sortdirection" | "dir" => {
            return Effect::Sort;
        }
        "q" | "query" | "search" | "keyword" | "searchterm" => return Effect::Search,
        _ if input.is_cursor() => return Effect::Cursor,
        _ => {}
    }
    let members = items.first().and_then(Value::as_object);
    let names: Vec<&String> = members
        .into_iter()
        .flat_map(serde_json::Map::keys)
        .collect();
    let bare = name
        .strip_prefix("filter")
        .filter(|rest| !rest.is_empty())
        .unwrap_or(&name);
    let member_of = |wanted: &str| names.iter().find(|known| letters(known) == wanted);
    if let Some(member) = member_of(bare).or_else(|| member_of(&format!("{bare}s"))) {
        return Effect::Filter((*member).clone(), Relation::Is);
    }
    for (word, relation) in [("min", Relation::AtLeast), ("max", Relation::AtMost)] {
        let rest = bare.strip_prefix(word).or_else(|| bare.strip_suffix(word));
        if let Some(member) = rest.and_then(member_of) {
            return Effect::Filter((*member).clone(), relation);
        }
    }
    for (word, relation) in [
        ("after", Relation::AtLeast),
        ("since", Relation::AtLeast),
        ("gte", Relation::AtLeast),
        ("before", Relation::AtMost),
        ("until", Relation::AtMost),
        ("lte", Relation::AtMost),
    ] {
        let Some(stem) = bare.strip_suffix(word).filter(|stem| stem.len() > 2) else {
            continue;
        };
        let stem = stem.trim_end_matches("at");
        let mut known = names.iter();
        let member = known.find(|known| {
            let known = letters(known);
            known == stem || known == format!("{stem}at") || known == format!("{stem}on")
        });
        if let Some(member) = member {
            return Effect::Filter((*member).clone(), relation);
        }
    }
    Effect::Unknown
}

/// A value that some items pass and others do not, if the items have one; else one that all pass.
pub fn telling(input: &Input, items: &[Value], member: &str, relation: Relation) -> Option<Value> {
    let mut values: Vec<Value> = Vec::new();
    for value in items.iter().filter_map(|item| item.get(member)) {
        let scalars: Vec<&Value> = match value {
            Value::Array(inner) => inner.iter().collect(),
            other => vec![other],
        };
        for value in scalars {
            let is_scalar = matches!(value, Value::String(_) | Value::Number(_) | Value::Bool(_));
            let is_taken = crate::conform::plan::value::is_documented(&input.shape, value)
                || matches!(input.shape.kind, ShapeKind::String);
            // `false` often means that nothing is asked for.
            if is_scalar
                && is_taken
                && *value != Value::Bool(false)
                && value.as_str() != Some("")
                && !values.contains(value)
            {
                values.push(value.clone());
            }
        }
    }
    let has_truths = items
        .iter()
        .any(|item| item.get(member).is_some_and(Value::is_boolean));
    if has_truths && relation == Relation::Is {
        return Some(Value::Bool(true));
    }
    if relation != Relation::Is {
        values.sort_by(|left, right| compare(left, right).unwrap_or(Ordering::Equal));
        let last = values.len().checked_sub(1)?;
        // In the middle, so that there is something on both sides.
        return values.get(if last < 2 { 0 } else { last / 2 }).cloned();
    }
    let tells = |value: &&Value| {
        items
            .iter()
            .any(|item| !passes(item, member, relation, value))
    };
    values
        .iter()
        .find(tells)
        .or_else(|| values.first())
        .cloned()
}

/// True if an item is one that the filter lets through; an item without the member is not judged.
pub fn passes(item: &Value, member: &str, relation: Relation, wanted: &Value) -> bool {
    let Some(value) = item.get(member) else {
        return true;
    };
    match relation {
        Relation::Is => match value {
            Value::Array(inner) => inner.iter().any(|value| is_same(value, wanted)),
            Value::Object(_) => true,
            Value::String(text) => {
                let wanted = sample::plain(wanted).to_lowercase();
                text.to_lowercase().contains(&wanted)
            }
            value => is_same(value, wanted),
        },
        Relation::AtLeast => compare(value, wanted).is_none_or(|order| order != Ordering::Less),
        Relation::AtMost => compare(value, wanted).is_none_or(|order| order != Ordering::Greater),
    }
}

/// The order of two values of one kind.
fn compare(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left.as_f64()?.partial_cmp(&right.as_f64()?),
        (Value::String(left), Value::String(right)) => {
            match (left.parse::<f64>(), right.parse::<f64>()) {
                (Ok(left), Ok(right)) => left.partial_cmp(&right),
                _ => Some(left.cmp(right)),
            }
        }
        (Value::Bool(left), Value::Bool(right)) => Some(left.cmp(right)),
        _ => None,
    }
}

/// A documented way to sort.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// The member.
    pub member: String,
    /// The direction, if the value names one.
    pub is_descending: Option<bool>,
}

/// What the value of a parameter sorts by: `price`, `-price`, `price_desc`, `created_at:asc`, `newest`.
pub fn order(value: &str, items: &[Value]) -> Option<Order> {
    let (text, sign) = match value.strip_prefix('-') {
        Some(rest) => (rest, Some(true)),
        None => (value.strip_prefix('+').unwrap_or(value), None),
    };
    let lower = text.to_ascii_lowercase();
    let endings = [
        ("descending", true),
        ("ascending", false),
        ("desc", true),
        ("asc", false),
    ];
    let ending = endings.iter().find_map(|(word, is_descending)| {
        let stem = lower.strip_suffix(word)?;
        let bare = stem.trim_end_matches(|c: char| !c.is_alphanumeric());
        (bare.len() < stem.len()).then(|| (bare.to_owned(), *is_descending))
    });
    let (stem, is_descending) = match ending {
        Some((stem, is_descending)) => (stem, Some(is_descending)),
        None => match lower.as_str() {
            "newest" | "latest" | "recent" => return by_time(items, true),
            "oldest" => return by_time(items, false),
            _ => (lower.clone(), sign),
        },
    };
    let members = items.first()?.as_object()?;
    let wanted = letters(&stem);
    let member = members.keys().find(|known| {
        let known = letters(known);
        known == wanted || known == format!("{wanted}at")
    })?;
    Some(Order {
        member: member.clone(),
        is_descending,
    })
}

/// Newest or oldest first: by the member that says when an item was made.
fn by_time(items: &[Value], is_descending: bool) -> Option<Order> {
    const NAMES: &[&str] = &[
        "createdat",
        "created",
        "sentat",
        "postedat",
        "publishedat",
        "timestamp",
        "date",
        "time",
    ];
    let members = items.first()?.as_object()?;
    let named = NAMES
        .iter()
        .find_map(|wanted| members.keys().find(|known| letters(known) == *wanted));
    named.map(|member| Order {
        member: member.clone(),
        is_descending: Some(is_descending),
    })
}

/// True if the items are sorted so; without a direction either one will do.
///
/// Texts are compared with and without their case, since the docs do not say how.
pub fn is_sorted(items: &[Value], order: &Order) -> bool {
    let values: Vec<&Value> = items
        .iter()
        .filter_map(|item| item.get(&order.member))
        .filter(|value| !value.is_null())
        .collect();
    let runs = |is_descending: bool, fold: bool| {
        let pairs = values.iter().zip(values.iter().skip(1));
        let mut orders = pairs.map(|(left, right)| {
            let found = if fold {
                let fold = |value: &Value| Value::from(sample::plain(value).to_lowercase());
                match (left, right) {
                    (Value::String(_), Value::String(_)) => compare(&fold(left), &fold(right)),
                    _ => compare(left, right),
                }
            } else {
                compare(left, right)
            };
            found.map(|found| {
                if is_descending {
                    found.reverse()
                } else {
                    found
                }
            })
        });
        orders.all(|order| order.is_none_or(|order| order != Ordering::Greater))
    };
    let directions = match order.is_descending {
        Some(is_descending) => vec![is_descending],
        None => vec![false, true],
    };
    directions
        .into_iter()
        .any(|it| runs(it, false) || runs(it, true))
}

/// True if a description says something about the direction.
pub fn speaks_of_direction(description: &str) -> bool {
    let text = description.to_lowercase();
    [
        "desc", "revers", "highest", "newest", "latest", "recent", "largest", "most", "first",
    ]
    .iter()
    .any(|word| text.contains(word))
}

/// True if texts, which everybody sorts from A to Z unless told otherwise, are sorted from Z to A.
pub fn is_text_upside_down(items: &[Value], order: &Order) -> bool {
    use crate::model::shape::format::accepts;
    use crate::model::types::Format;
    let mut texts = items
        .iter()
        .filter_map(|item| item.get(&order.member)?.as_str());
    let is_plain = texts.all(|text| {
        let is_time = accepts(&Format::DateTime, text) || accepts(&Format::Date, text);
        !is_time && text.parse::<f64>().is_err()
    });
    let rising = Order {
        member: order.member.clone(),
        is_descending: Some(false),
    };
    let has_texts = items
        .iter()
        .any(|item| item.get(&order.member).is_some_and(Value::is_string));
    has_texts && is_plain && !is_sorted(items, &rising)
}

/// True if there is something to sort by a member.
pub fn is_sortable(items: &[Value], member: &str) -> bool {
    let mut values = items
        .iter()
        .filter_map(|item| item.get(member))
        .filter(|it| !it.is_null());
    let Some(first) = values.next() else {
        return false;
    };
    values.any(|value| !is_same(first, value))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn items() -> Vec<Value> {
        vec![
            json!({"price": 1, "title": "b", "created_at": "2024-01-01T00:00:00Z"}),
            json!({"price": 3, "title": "A", "created_at": "2024-01-02T00:00:00Z"}),
        ]
    }

    #[test]
    fn values_name_a_member_and_a_direction() {
        let of = |value: &str| order(value, &items()).map(|it| (it.member, it.is_descending));
        let some = |member: &str, direction| Some((member.to_owned(), direction));
        assert_eq!(of("price"), some("price", None));
        assert_eq!(of("-price"), some("price", Some(true)));
        assert_eq!(of("price_desc"), some("price", Some(true)));
        assert_eq!(of("createdAt:asc"), some("created_at", Some(false)));
        assert_eq!(of("newest"), some("created_at", Some(true)));
        assert_eq!(of("relevance"), None);
    }

    #[test]
    fn order_is_judged_in_the_direction_that_is_named() {
        let by = |member: &str, is_descending| Order {
            member: member.to_owned(),
            is_descending,
        };
        assert!(is_sorted(&items(), &by("price", None)));
        assert!(is_sorted(&items(), &by("price", Some(false))));
        assert!(!is_sorted(&items(), &by("price", Some(true))));
        assert!(is_sorted(&items(), &by("title", Some(true))));
    }

    #[test]
    fn filters_are_held_against_the_member_they_name() {
        let item = json!({"price": 3, "tags": ["a"], "genre": "Travel"});
        assert!(passes(&item, "price", Relation::AtMost, &json!(3)));
        assert!(!passes(&item, "price", Relation::AtMost, &json!(2)));
        assert!(passes(&item, "tags", Relation::Is, &json!("a")));
        assert!(passes(&item, "genre", Relation::Is, &json!("travel")));
        assert!(!passes(&item, "genre", Relation::Is, &json!("poetry")));
    }
}
