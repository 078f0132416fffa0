//! What a thing has under another name than its request: `{"to": "done"}` that is answered with `"status": "done"`.
//!
//! The examples tell it: the request of a page and its answer have the same value, and no other member of the answer has.

use serde_json::{Map, Value};

use super::view::View;
use crate::mock::{Served, words};
use crate::model::json;

/// A member of a request, and where the thing has it.
#[derive(Clone, Debug)]
pub(super) struct Renamed {
    sent: String,
    /// One name, or that of an object and one of its members.
    way: Vec<String>,
}

/// The members that an answer shows under another name.
pub(super) fn of(served: &Served, view: &View) -> Vec<Renamed> {
    let mut bodies = bodies(served).into_iter();
    let (Some(sent), None) = (bodies.next(), bodies.next()) else {
        return Vec::new();
    };
    let names: Vec<String> = view.sample.keys().map(|name| words::folded(name)).collect();
    let others = sent.iter().filter(|(name, value)| {
        let is_once = sent.values().filter(|other| other == value).count() == 1;
        is_once && is_telling(value) && !names.contains(&words::folded(name))
    });
    let renamed = others.filter_map(|(name, value)| {
        Some(Renamed {
            sent: name.clone(),
            way: only(view, value)?,
        })
    });
    renamed.collect()
}

/// The bodies that the examples of a page send.
pub(super) fn bodies(served: &Served) -> Vec<Map<String, Value>> {
    let examples = served.operation.request_examples.iter();
    let curls = examples.filter_map(|example| example.curl.as_ref()?.body.as_ref()?.text());
    let documents = curls.flat_map(|body| json::read(body.text()).documents);
    let objects = documents.filter_map(|body| match body.to_value() {
        Value::Object(members) => Some(members),
        _ => None,
    });
    objects.collect()
}

/// True for a value that is not there by chance.
fn is_telling(value: &Value) -> bool {
    match value {
        Value::String(text) => text.chars().count() > 2,
        Value::Number(number) => number.as_f64().is_some_and(|it| it > 1.0),
        _ => false,
    }
}

/// The only place of a thing with that value.
fn only(view: &View, wanted: &Value) -> Option<Vec<String>> {
    let own = view.sample.iter().filter(|(_, value)| *value == wanted);
    let own = own.map(|(name, _)| vec![name.clone()]);
    let inner = view.sample.iter().flat_map(|(name, value)| {
        let members = value.as_object().into_iter().flatten();
        let members = members.filter(|(_, value)| *value == wanted);
        members.map(|(own, _)| vec![name.clone(), own.clone()])
    });
    let ways: Vec<Vec<String>> = own.chain(inner).collect();
    match ways.as_slice() {
        [only] if only.first() != Some(&view.key) => Some(only.clone()),
        // What stands in the thing and in an object of it is the same.
        [own, rest @ ..] if own.len() == 1 && rest.iter().all(|it| it.len() == 2) => {
            (own.first() != Some(&view.key)).then(|| own.clone())
        }
        _ => None,
    }
}

/// Puts what was sent where the thing has it.
pub(super) fn put(renamed: &[Renamed], shown: &Map<String, Value>, sent: &mut Map<String, Value>) {
    for Renamed { sent: name, way } in renamed {
        let Some(value) = sent.get(name).cloned() else {
            continue;
        };
        match way.as_slice() {
            [own] => {
                sent.entry(own.clone()).or_insert(value);
            }
            [outer, own] => {
                let inner = shown.get(outer).and_then(Value::as_object).cloned();
                let inner = sent
                    .entry(outer.clone())
                    .or_insert_with(|| Value::Object(inner.unwrap_or_default()));
                if let Value::Object(inner) = inner {
                    inner.insert(own.clone(), value);
                }
            }
            _ => {}
        }
    }
}
