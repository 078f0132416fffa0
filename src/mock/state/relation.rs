//! How a value stands to what a parameter of a list asks for.

use std::cmp::Ordering;

use serde_json::Value;

use super::view::text;

/// What is asked of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    /// It is one of these.
    Is,
    /// It is none of these.
    IsNot,
    /// Its list has all of these.
    All,
    AtLeast,
    AtMost,
    Above,
    Below,
    /// It lies between two values.
    Between,
    Contains,
    Starts,
    Ends,
    /// There is one, or there is none, as it is asked for.
    Has,
    /// There is none, or there is one.
    Lacks,
    /// Only those that have one are asked for, or all.
    OnlyWith,
    /// Only those that have none are asked for, or all.
    OnlyWithout,
    /// Those that have one are left out, unless they are asked for.
    Unless,
}

/// True if a value stands so to what was sent.
pub(super) fn holds(relation: Relation, value: &Value, sent: &[&str]) -> bool {
    let mut wanted = sent.iter().flat_map(|sent| sent.split(',')).map(str::trim);
    let has = |value: &Value| match value {
        Value::Null => false,
        Value::Bool(is) => *is,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        // What there is none of.
        Value::Number(count) => count.as_f64() != Some(0.0),
        Value::Object(_) => true,
    };
    // What has no value has none that could be compared.
    let in_order = |wanted: &str, is_so: fn(Ordering) -> bool| {
        !value.is_null() && compare(value, wanted).is_none_or(is_so)
    };
    match relation {
        Relation::Is => wanted.any(|wanted| is(value, wanted)),
        Relation::IsNot => wanted.all(|wanted| !is(value, wanted)),
        Relation::All => wanted.all(|wanted| is(value, wanted)),
        Relation::AtLeast => wanted.all(|it| in_order(it, Ordering::is_ge)),
        Relation::AtMost => wanted.all(|it| in_order(it, Ordering::is_le)),
        Relation::Above => wanted.all(|it| in_order(it, Ordering::is_gt)),
        Relation::Below => wanted.all(|it| in_order(it, Ordering::is_lt)),
        Relation::Between => {
            let ends = sent.iter().flat_map(|sent| sent.split(".."));
            let ends = ends.flat_map(|it| it.split(',')).map(str::trim);
            match ends.collect::<Vec<_>>().as_slice() {
                [least, most] => {
                    in_order(least, Ordering::is_ge) && in_order(most, Ordering::is_le)
                }
                _ => true,
            }
        }
        Relation::Contains => wanted.any(|it| contains(value, it)),
        Relation::Starts => wanted.any(|it| is_part(value, it, |own, it| own.starts_with(it))),
        Relation::Ends => wanted.any(|it| is_part(value, it, |own, it| own.ends_with(it))),
        Relation::Has => wanted.all(|it| truth(it).is_none_or(|is| has(value) == is)),
        Relation::Lacks => wanted.all(|it| truth(it).is_none_or(|is| has(value) != is)),
        Relation::OnlyWith => wanted.all(|it| truth(it) != Some(true) || has(value)),
        Relation::OnlyWithout => wanted.all(|it| truth(it) != Some(true) || !has(value)),
        Relation::Unless => wanted.all(|it| truth(it) != Some(false) || !has(value)),
    }
}

/// The truth that a text of a query stands for.
pub(super) fn truth(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" => Some(true),
        "false" | "0" | "no" => Some(false),
        _ => None,
    }
}

/// True if a value, or one of an array, reads as wanted.
fn is(value: &Value, wanted: &str) -> bool {
    match value {
        Value::Object(members) => ["id", "slug", "code", "key"].iter().any(|name| {
            members
                .get(*name)
                .is_some_and(|it| !it.is_object() && is(it, wanted))
        }),
        Value::Array(items) => items.iter().any(|item| is(item, wanted)),
        Value::Bool(is) => truth(wanted) == Some(*is),
        value => text(value).eq_ignore_ascii_case(wanted),
    }
}

/// True if a text, or one of an array, has these words in it.
fn contains(value: &Value, wanted: &str) -> bool {
    is_part(value, wanted, |own, wanted| own.contains(wanted))
}

fn is_part(value: &Value, wanted: &str, is_so: fn(&str, &str) -> bool) -> bool {
    match value {
        Value::Array(items) => items.iter().any(|item| is_part(item, wanted, is_so)),
        value => is_so(&text(value).to_lowercase(), &wanted.to_lowercase()),
    }
}

/// Compares numbers as numbers, and times in one notation as texts.
fn compare(value: &Value, wanted: &str) -> Option<Ordering> {
    match value {
        Value::Number(number) => number.as_f64()?.partial_cmp(&wanted.parse::<f64>().ok()?),
        Value::String(text) => Some(in_order(text, wanted)),
        _ => None,
    }
}

/// The order of two texts: of the numbers or the moments that they are, where both are such.
pub(super) fn in_order(one: &str, other: &str) -> Ordering {
    let numbers = one.parse::<f64>().ok().zip(other.parse::<f64>().ok());
    let numbers = numbers.and_then(|(one, other)| one.partial_cmp(&other));
    let moment = |text: &str| text.parse::<jiff::Timestamp>().ok();
    let moments = || Some(moment(one)?.cmp(&moment(other)?));
    let order = numbers.or_else(moments);
    order.unwrap_or_else(|| one.cmp(other))
}
