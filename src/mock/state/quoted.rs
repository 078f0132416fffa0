//! Texts of a new thing that quote what its request sent: the `address` of an inbox is `support@example.com` where the
//! example sends `"local_part": "support"`.
//!
//! The request of the example and its answer tell which texts do so.

use serde_json::{Map, Value};

use super::renamed;
use super::unsent::is_of_server;
use super::view::{View, member};
use crate::mock::Served;

/// A member of a request that other texts of the answer have in them, and its value in the example.
#[derive(Clone, Debug)]
pub(super) struct Quoted {
    sent: String,
    shown: String,
}

/// Shorter words stand in texts by chance.
const SHORTEST: usize = 4;

/// What the example of an answer has of the example of its request.
pub(super) fn of(served: &Served, view: &View) -> Vec<Quoted> {
    let mut bodies = renamed::bodies(served).into_iter();
    let (Some(sent), None) = (bodies.next(), bodies.next()) else {
        return Vec::new();
    };
    let asked = served.operation.body.as_ref();
    let texts = sent.iter().filter_map(|(name, value)| {
        let text = value.as_str()?;
        let shape = asked.and_then(|body| member(&body.shape, name));
        let is_chosen = shape.is_some_and(|it| it.constraints.allowed.is_some());
        let is_once = sent.values().filter(|other| *other == value).count() == 1;
        let is_own = text.chars().count() >= SHORTEST && !is_of_server(name) && !is_chosen;
        (is_own && is_once).then_some((name, text))
    });
    let quoted = texts.filter(|(name, text)| {
        let others = view.sample.iter();
        let mut others = others.filter(|(own, _)| own != name && **own != view.key);
        others.any(|(_, value)| quotes(value, text))
    });
    let quoted = quoted.map(|(name, text)| Quoted {
        sent: name.clone(),
        shown: text.to_owned(),
    });
    quoted.collect()
}

/// Puts what was sent in the place of what the example quotes; members that were sent themselves stay.
pub(super) fn put(
    quoted: &[Quoted],
    thing: &mut Map<String, Value>,
    view: Option<&View>,
    sent: &Map<String, Value>,
) {
    let Some(view) = view else { return };

    for Quoted { sent: name, shown } in quoted {
        let Some(text) = sent.get(name).and_then(Value::as_str) else {
            continue;
        };
        let others = thing.iter_mut();
        let others = others.filter(|(own, _)| {
            let is_shown = view.sample.contains_key(*own) && **own != view.key;
            is_shown && !sent.contains_key(*own)
        });
        for (_, value) in others {
            requote(value, shown, text);
        }
    }
}

fn quotes(value: &Value, wanted: &str) -> bool {
    match value {
        Value::String(text) => place(text, wanted).is_some(),
        Value::Array(items) => items.iter().any(|item| quotes(item, wanted)),
        Value::Object(members) => members.values().any(|value| quotes(value, wanted)),
        _ => false,
    }
}

fn requote(value: &mut Value, shown: &str, sent: &str) {
    match value {
        Value::String(text) => {
            if let Some(at) = place(text, shown)
                && let (Some(before), Some(after)) = (text.get(..at), text.get(at + shown.len()..))
            {
                *text = format!("{before}{sent}{after}");
            }
        }
        Value::Array(items) => {
            for item in items {
                requote(item, shown, sent);
            }
        }
        Value::Object(members) => {
            for value in members.values_mut() {
                requote(value, shown, sent);
            }
        }
        _ => {}
    }
}

/// Where a text has words in it that stand by themselves.
fn place(text: &str, wanted: &str) -> Option<usize> {
    let is_end = |next: Option<char>| next.is_none_or(|it| !it.is_alphanumeric());
    let mut places = text.match_indices(wanted).map(|(at, _)| at);
    places.find(|at| {
        let before = text.get(..*at).and_then(|it| it.chars().next_back());
        let after = text.get(at + wanted.len()..);
        is_end(before) && is_end(after.and_then(|it| it.chars().next()))
    })
}
