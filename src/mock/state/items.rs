//! The items of arrays that were sent: each has an id of its own, and what is computed from them is computed anew.

use serde_json::{Map, Value};

use super::collections::Collection;
use super::view::is_id;
use super::{make, overlay, spans, total};
use crate::mock::words;
use crate::model::shape::Shape;

/// Lays members over a thing that has its id already, and lets the rest of the thing agree with them.
pub(super) fn lay(
    thing: &mut Map<String, Value>,
    sent: Map<String, Value>,
    shape: Option<&Shape>,
    collection: &Collection,
) {
    let names: Vec<String> = sent.keys().cloned().collect();
    let arrays = sent.iter().filter_map(|(name, value)| {
        let items = value.as_array()?.iter();
        let have_ids: Vec<bool> = items
            .map(|item| item.get("id").is_some_and(is_id))
            .collect();
        let before = thing.get(name)?.as_array()?.iter();
        let seeds = collection
            .seeds
            .iter()
            .filter_map(|seed| seed.get(name)?.as_array());
        let before = before.chain(seeds.flatten());
        let before: Vec<Value> = before.filter_map(|item| item.get("id").cloned()).collect();
        Some((name.clone(), have_ids, before))
    });
    let arrays: Vec<_> = arrays.collect();
    // Arrays of which the items say themselves where they stand.
    let told = sent.iter().filter(|(_, value)| {
        let mut items = value.as_array().into_iter().flatten();
        items.any(|item| PLACES.iter().any(|place| item.get(*place).is_some()))
    });
    let sent_names: Vec<String> = told.map(|(name, _)| name.clone()).collect();
    let number = words::hash(words::SEED, &collection.id(thing));
    let before = thing.clone();
    for (name, ..) in &arrays {
        prepare(thing, sent.get(name), name, collection);
    }
    overlay::lay(thing, sent, shape);
    for (name, have_ids, before) in arrays {
        if let Some(Value::Array(items)) = thing.get_mut(&name) {
            identify(items, &have_ids, before, number);
        }
        if !sent_names.contains(&name) {
            renumber(thing, &name, collection, &[]);
        }
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let length = spans::renew(collection, thing, &before, &names);
    total::renew(collection, thing, &names, length);
}

/// Puts an item of the examples first in an array, which those that are sent without a known id are laid over, and not over
/// another item of the thing.
fn prepare(
    thing: &mut Map<String, Value>,
    sent: Option<&Value>,
    name: &str,
    collection: &Collection,
) {
    let is_sent = |item: &Value| item.get("id").is_some_and(is_id);
    let sent = sent.and_then(Value::as_array);
    if sent.is_none_or(|sent| sent.iter().all(is_sent)) {
        return;
    }
    let examples = [&collection.sample].into_iter().chain(&collection.seeds);
    let mut arrays = examples.filter_map(|thing| thing.get(name)?.as_array()?.first());
    let shown = arrays.find(|item| item.is_object()).cloned();
    if let (Some(shown), Some(Value::Array(items))) = (shown, thing.get_mut(name)) {
        items.insert(0, shown);
    }
}

/// Names of the place of an item in its array.
const PLACES: [&str; 6] = [
    "position",
    "index",
    "order",
    "rank",
    "sort_order",
    "sortOrder",
];

/// Lets the items of an array count on, where those of all examples do and nothing else was sent.
pub(super) fn renumber(
    thing: &mut Map<String, Value>,
    array: &str,
    collection: &Collection,
    told: &[String],
) {
    let examples = [&collection.sample].into_iter().chain(&collection.seeds);
    let arrays = examples.filter_map(|thing| thing.get(array)?.as_array());
    let arrays: Vec<&Vec<Value>> = arrays.filter(|items| !items.is_empty()).collect();
    let first = |place: &str| arrays.first()?.first()?.get(place)?.as_u64();
    let Some((place, start)) = PLACES
        .iter()
        .find_map(|place| Some((*place, first(place).filter(|start| *start < 2)?)))
    else {
        return;
    };
    let counts = |items: &&Vec<Value>| {
        let mut items = items.iter().zip(start..);
        items.all(|(item, number)| item.get(place).and_then(Value::as_u64) == Some(number))
    };
    let is_told = told.iter().any(|name| name == place);
    if is_told || !arrays.iter().all(counts) || !arrays.iter().any(|items| items.len() > 1) {
        return;
    }
    let items = thing.get_mut(array).and_then(Value::as_array_mut);
    for (item, number) in items.into_iter().flatten().zip(start..) {
        if let Some(value) = item.get_mut(place) {
            *value = number.into();
        }
    }
}

/// Gives those items an id of their own that were sent without one, where items are shown with ids.
fn identify(items: &mut [Value], named: &[bool], mut taken: Vec<Value>, number: u64) {
    for (item, is_named) in items.iter_mut().zip(named) {
        let Some(id) = item.get_mut("id").filter(|id| !is_named && is_id(id)) else {
            continue;
        };
        *id = make::free(id, &taken.iter().collect::<Vec<_>>(), number);
        taken.push(id.clone());
    }
}
