//! What a parameter of a list is named for, and whether the items bear it out. Pure.

use std::cmp::Ordering;
use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::bindings::letters;
use crate::conform::pattern::pattern;
use crate::conform::plan::input::Input;
use crate::conform::plan::sample;
use crate::conform::said::once;
use crate::model::shape::ShapeKind;

use super::echo::is_same;
use super::moment;
use super::named;
pub(crate) use super::named::is_closed;

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
    /// It is not that value, and does not hold it.
    IsNot,
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
        _ if descends(input).is_some() => return Effect::Sort,
        // `keyword` of items that have `keywords` is one of them.
        "keyword"
            if let Some((member, relation)) = named::filter(input, &name, items)
                && items
                    .iter()
                    .any(|item| at(item, &member).is_some_and(Value::is_array)) =>
        {
            return Effect::Filter(member, relation);
        }
        "q" | "query" | "search" | "keyword" | "searchterm" => return Effect::Search,
        _ if input.is_cursor() => return Effect::Cursor,
        _ => {}
    }
    let named = named::filter(input, &name, items);
    named
        .or_else(|| Some((named::by_shown_value(input, items)?, Relation::Is)))
        .map_or(Effect::Unknown, |(member, relation)| {
            Effect::Filter(member, relation)
        })
}

/// True for a switch such as `descending`, false for one such as `ascending`.
pub fn descends(input: &Input) -> Option<bool> {
    let is_switch = matches!(input.shape.kind, ShapeKind::Boolean);
    match letters(&input.name).as_str() {
        "descending" | "desc" | "reverse" | "reversed" | "newestfirst" if is_switch => Some(true),
        "ascending" | "asc" | "oldestfirst" if is_switch => Some(false),
        _ => None,
    }
}

/// What a way of names such as `address.city` leads to.
pub fn at<'v>(item: &'v Value, way: &str) -> Option<&'v Value> {
    item.get(way).or_else(|| {
        let mut names = way.split('.');
        names.try_fold(item, |value, name| value.get(name))
    })
}

/// A value for a filter, and whether the docs promise that it is taken.
#[derive(Clone, Debug, PartialEq)]
pub struct Telling {
    /// The value.
    pub value: Value,
    /// True if it is one that items have, or one that is documented.
    pub is_promised: bool,
}

/// A value that some items pass and others do not; where the items have none, one that no item passes.
pub fn telling(
    input: &Input,
    items: &[Value],
    member: &str,
    relation: Relation,
) -> Option<Telling> {
    let values = scalars(input, items, member);
    let tells = |value: &&Value| {
        let mut items = items.iter();
        items.any(|item| !passes(item, member, relation, value))
    };
    let promised = |value: Value| Telling {
        value: as_item(input, value),
        is_promised: true,
    };
    if relation == Relation::IsNot {
        // `exclude_archived=false` leaves out nothing.
        let is_asked = |value: &&Value| **value != Value::Bool(false);
        let mut told = values.iter().filter(is_asked);
        return told.find(tells).cloned().map(promised);
    }
    if relation != Relation::Is {
        return bound(input, values, tells, relation).map(promised);
    }
    let has_truths = items
        .iter()
        .any(|item| at(item, member).is_some_and(Value::is_boolean));
    if has_truths {
        // `false` often means that nothing is asked for.
        return Some(promised(Value::Bool(true)));
    }
    let found = values.iter().find(tells).cloned().map(promised);
    found.or_else(|| absent(input, &values))
}

/// The values that the items have for a member, and that the parameter takes.
fn scalars(input: &Input, items: &[Value], member: &str) -> Vec<Value> {
    let mut values: Vec<Value> = Vec::new();
    for value in items.iter().filter_map(|item| at(item, member)) {
        let scalars: Vec<&Value> = match value {
            // Who looks at the first alone finds the others not.
            Value::Array(inner) => inner.iter().rev().collect(),
            other => vec![other],
        };
        for value in scalars {
            let is_scalar = matches!(value, Value::String(_) | Value::Number(_) | Value::Bool(_));
            let is_taken = matches!(input.shape.kind, ShapeKind::String)
                || crate::conform::plan::value::is_documented(
                    &input.shape,
                    &as_item(input, value.clone()),
                );
            if is_scalar && is_taken && value.as_str() != Some("") && !values.contains(value) {
                values.push(value.clone());
            }
        }
    }
    values
}

/// A filter that takes several values takes them as an array.
fn as_item(input: &Input, value: Value) -> Value {
    match input.shape.kind {
        ShapeKind::Array(_) => Value::Array(vec![value]),
        _ => value,
    }
}

/// A value that no item has: a documented one, else one that nobody would choose.
fn absent(input: &Input, values: &[Value]) -> Option<Telling> {
    let shape = match &input.shape.kind {
        ShapeKind::Array(items) => items,
        _ => &input.shape,
    };
    let known = |value: &Value| values.iter().any(|known| is_same(known, value));
    if let Some(allowed) = &shape.constraints.allowed {
        let mut free = allowed.value.iter();
        let free = free.find(|value| !value.is_null() && !known(value))?;
        return Some(Telling {
            value: as_item(input, free.clone()),
            is_promised: true,
        });
    }
    let is_text = matches!(shape.kind, ShapeKind::String) && values.iter().all(Value::is_string);
    let is_free = is_text && shape.constraints.format.is_none() && !values.is_empty();
    let is_taken = |value: &Value| crate::conform::plan::value::is_documented(shape, value);
    let nonsense = Some(Value::from(NONSENSE)).filter(|it| is_free && is_taken(it));
    // "Four capital letters": another one that looks like those of the items.
    let alike = || {
        let texts = values.iter().filter_map(Value::as_str).filter(|_| is_text);
        let mut others = texts.filter_map(once::another).map(Value::from);
        others.find(|it| is_taken(it) && !known(it))
    };
    nonsense.or_else(alike).map(|value| Telling {
        value: as_item(input, value),
        is_promised: false,
    })
}

/// A text that nothing holds.
pub const NONSENSE: &str = "qzxjvkwy";

/// A bound in the middle of the values, so that there is something on both sides; else one beyond all of them.
fn bound(
    input: &Input,
    mut values: Vec<Value>,
    tells: impl Fn(&&Value) -> bool,
    relation: Relation,
) -> Option<Value> {
    values.sort_by(|left, right| compare(left, right).unwrap_or(Ordering::Equal));
    let last = values.len().checked_sub(1)?;
    let middle = if last < 2 { 0 } else { last / 2 };
    let mut inner = [values.get(middle)?, values.get(last)?, values.first()?].into_iter();
    let written = |value: &Value| named::written(input, value);
    if let Some(found) = inner.find(|value| written(value).is_some_and(|it| tells(&&it))) {
        return written(found);
    }
    let (end, step) = match relation {
        Relation::AtMost => (values.first()?, -1),
        _ => (values.last()?, 1),
    };
    let beyond = match end {
        Value::Number(number) if number.is_f64() => {
            let step = if step > 0 { 1.0 } else { -1.0 };
            serde_json::Number::from_f64(number.as_f64()?.floor() + 2.0 * step)
                .map(Value::Number)?
        }
        Value::Number(number) => Value::from(number.as_i64()?.checked_add(step)?),
        Value::String(text) => {
            let day = moment::moved(text, 2 * step)?;
            let is_day = moment::Moment::read(text) == Some(moment::Moment::Day(day))
                || text.len() == day.to_string().len();
            let text = if is_day {
                day.to_string()
            } else {
                format!("{day}T00:00:00Z")
            };
            written(&Value::from(text))?
        }
        _ => return None,
    };
    let is_taken =
        beyond.is_string() || crate::conform::plan::value::is_documented(&input.shape, &beyond);
    is_taken.then_some(beyond)
}

/// True if an item is one that the filter lets through; an item without the member is not judged.
pub fn passes(item: &Value, member: &str, relation: Relation, wanted: &Value) -> bool {
    let Some(value) = at(item, member) else {
        return true;
    };
    let wanted = match wanted {
        Value::Array(wanted) => {
            let mut wanted = wanted.iter();
            return wanted.any(|wanted| passes(item, member, relation, wanted));
        }
        wanted => wanted,
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
        Relation::IsNot => match value {
            Value::Array(inner) => !inner.iter().any(|value| is_same(value, wanted)),
            value => !is_same(value, wanted),
        },
        Relation::AtLeast => compare(value, wanted).is_none_or(|order| order != Ordering::Less),
        Relation::AtMost => compare(value, wanted).is_none_or(|order| order != Ordering::Greater),
    }
}

/// True if a filter has no reason to leave the item out, wherever it draws the line.
pub fn passes_surely(item: &Value, member: &str, relation: Relation, wanted: &Value) -> bool {
    let Some(value) = at(item, member) else {
        return false;
    };
    let order = compare(value, wanted);
    match relation {
        Relation::Is => match (value, wanted) {
            (Value::String(value), Value::String(wanted)) => value == wanted,
            _ => passes(item, member, relation, wanted) && !value.is_object(),
        },
        Relation::IsNot => passes(item, member, relation, wanted),
        Relation::AtLeast => order == Some(Ordering::Greater),
        Relation::AtMost => order == Some(Ordering::Less),
    }
}

/// The order of two values of one kind.
fn compare(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left.as_f64()?.partial_cmp(&right.as_f64()?),
        (Value::String(left), Value::String(right)) => {
            match (left.parse::<f64>(), right.parse::<f64>()) {
                (Ok(left), Ok(right)) => left.partial_cmp(&right),
                _ => Some(moment::compare(left, right).unwrap_or_else(|| left.cmp(right))),
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
        "startedat",
        "addedat",
        "submittedat",
        "receivedat",
        "placedat",
        "takenat",
        "recordedat",
        "loggedat",
        "measuredat",
        "observedat",
        "occurredat",
        "happenedat",
        "registeredat",
        "joinedat",
        "uploadedat",
        "issuedat",
        "bookedat",
        "orderedat",
        "enteredat",
        "reportedat",
        "importedat",
        "writtenat",
        "savedat",
        "openedat",
        "doneat",
        "madeat",
        "datecreated",
        "creationdate",
        "creationtime",
        "createddate",
        "createdtime",
        "createtime",
        "createdon",
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
/// Texts are compared with and without their case, and by their letters alone, since the docs do not say how.
pub fn is_sorted(items: &[Value], order: &Order) -> bool {
    let values: Vec<&Value> = items
        .iter()
        .filter_map(|item| at(item, &order.member))
        .filter(|value| !value.is_null())
        .collect();
    let runs = |is_descending: bool, fold: fn(&str) -> String| {
        let pairs = values.iter().zip(values.iter().skip(1));
        let mut orders = pairs.map(|(left, right)| {
            let found = match (left, right) {
                (Value::String(left), Value::String(right))
                    if is_plain(left) && is_plain(right) =>
                {
                    Some(fold(left).cmp(&fold(right)))
                }
                // Where letters with accents go is a matter of the language.
                (Value::String(left), Value::String(right))
                    if !left.is_ascii() || !right.is_ascii() =>
                {
                    None
                }
                _ => compare(left, right),
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
    let folds: [fn(&str) -> String; 3] = [str::to_owned, str::to_lowercase, letters];
    let directions = match order.is_descending {
        Some(is_descending) => vec![is_descending],
        None => vec![false, true],
    };
    directions
        .into_iter()
        .any(|it| folds.iter().any(|fold| runs(it, *fold)))
}

/// True for a text that is sorted as one: no number, no point in time, and no letters whose place is open.
fn is_plain(text: &str) -> bool {
    text.is_ascii() && text.parse::<f64>().is_err() && moment::Moment::read(text).is_none()
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

/// True if a description says that a minus before a value turns its order around: "Prefix with `-` for descending order."
pub fn is_reversed_by_minus(description: &str) -> bool {
    static MINUS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)(?:\b(?:minus|hyphen|dash)\b|[`'\x22]-[`'\x22])[^.;]*\b(?:revers|descend|desc\b|falling)|\b(?:revers|descend|falling)\w*[^.;]*(?:\b(?:minus|hyphen|dash)\b|[`'\x22]-[`'\x22])",
        )
    });
    MINUS.is_match(description)
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
    values.any(|value| compare(first, value).is_some_and(Ordering::is_ne))
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
    fn texts_say_that_a_minus_turns_the_order_around() {
        for text in [
            "Prefix with `-` for descending order.",
            "With a minus sign in front it is reversed.",
            "A leading minus means descending.",
            "Use '-' to sort in reverse.",
        ] {
            assert!(is_reversed_by_minus(text), "{text}");
        }
        assert!(!is_reversed_by_minus(
            "Newest first; `price` for cheapest first."
        ));
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
