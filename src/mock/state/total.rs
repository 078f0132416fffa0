//! Members of a thing that tell about the items of an array: their number, and sums.
//!
//! Nothing is believed by its name alone: each example with items must have the number that is computed.

use serde_json::{Map, Number, Value};

use super::collections::Collection;
use crate::mock::words;

/// A member, and how it is computed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Total {
    member: String,
    way: Way,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Way {
    /// How many items there are.
    Count,
    /// The sum of a member, or of a product of two.
    Sum(String, Option<String>),
}

/// The totals of an array that all examples agree on.
pub(super) fn of(collection: &Collection, array: &str) -> Vec<Total> {
    let things = [&collection.sample].into_iter().chain(&collection.seeds);
    let things: Vec<_> = things
        .filter(|thing| items(thing, array).is_some_and(|items| !items.is_empty()))
        .collect();
    let Some(first) = things.first() else {
        return Vec::new();
    };
    let numbers = first.iter().filter(|(_, value)| value.is_number());
    let totals = numbers.filter_map(|(name, _)| {
        let ways = ways(name, items(first, array)?);
        let mut certain = ways.into_iter().filter(|way| {
            things.iter().all(|thing| {
                let shown = thing.get(name).and_then(Value::as_f64);
                let made = items(thing, array).and_then(|items| computed(way, items));
                matches!((shown, made), (Some(shown), Some(made)) if (shown - made).abs() < 0.005)
            })
        });
        let way = certain.next()?;
        // Of two ways to the same number neither is certain.
        certain.next().is_none().then(|| Total {
            member: name.clone(),
            way,
        })
    });
    totals.collect()
}

/// Sets the totals of an array anew.
pub(super) fn count(totals: &[Total], array: &str, thing: &mut Map<String, Value>) {
    for total in totals {
        let made = items(thing, array).and_then(|items| computed(&total.way, items));
        if let (Some(made), Some(value)) = (made, thing.get_mut(&total.member)) {
            *value = number(made);
        }
    }
}

fn items<'t>(thing: &'t Map<String, Value>, array: &str) -> Option<&'t Vec<Value>> {
    thing.get(array)?.as_array()
}

/// The ways in which a number of that name may come about.
fn ways(name: &str, items: &[Value]) -> Vec<Way> {
    let parts = words::parts(name);
    let has = |wanted: &[&str]| parts.iter().any(|part| wanted.contains(&part.as_str()));
    if has(&["count", "size", "length"]) {
        return vec![Way::Count];
    }
    if !has(&["total", "subtotal", "sum", "amount"]) {
        return Vec::new();
    }
    let Some(Value::Object(first)) = items.first() else {
        return Vec::new();
    };
    let numbers = || first.iter().filter(|(_, value)| value.is_number());
    let quantity = numbers()
        .map(|(name, _)| name)
        .find(|name| ["quantity", "qty", "count", "units"].contains(&words::folded(name).as_str()));
    let others = numbers()
        .map(|(name, _)| name)
        .filter(|name| Some(*name) != quantity);
    let ways = others.flat_map(|name| {
        let product = quantity.map(|quantity| Way::Sum(name.clone(), Some(quantity.clone())));
        [Some(Way::Sum(name.clone(), None)), product]
            .into_iter()
            .flatten()
    });
    ways.collect()
}

fn computed(way: &Way, items: &[Value]) -> Option<f64> {
    let Way::Sum(member, factor) = way else {
        return u32::try_from(items.len()).ok().map(f64::from);
    };
    let of = |item: &Value, name: &str| item.get(name)?.as_f64();
    let values = items.iter().map(|item| {
        let factor = factor.as_ref().map_or(Some(1.0), |name| of(item, name));
        Some(of(item, member)? * factor?)
    });
    values.sum()
}

/// A whole number if it is one, else with two decimals at most, as sums of money have.
fn number(value: f64) -> Value {
    let rounded = (value * 100.0).round() / 100.0;
    if rounded.fract() == 0.0 && rounded.abs() < 9e15 {
        return format!("{rounded:.0}")
            .parse::<i64>()
            .map_or(Value::Null, Value::from);
    }
    Number::from_f64(rounded).map_or(Value::Null, Value::Number)
}
