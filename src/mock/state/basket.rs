//! What there is one of and operations fill: `GET /cart`, `POST /cart/items`, and `DELETE /cart/items/{item_id}`.
//!
//! It is kept like settings are (`single`), and its array like that of a thing with an id (`part`); `DELETE /cart` empties
//! it.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::candidate::{erased, is_parameter, noun, parameters};
use super::collections::{Collection, Collections, Role, Use};
use super::part::{self, Found, Part};
use super::view::{View, body, view_at};
use super::world::Spot;
use super::{Outcome, State, Turn, action, single, total};
use crate::mock::{Mock, Served, words};

/// Adds the operations that show, fill, and empty what there is one of.
pub(super) fn add(mock: &Mock, known: &mut Collections) {
    let mut reads = Vec::new();
    let mut changes: BTreeMap<String, Vec<(usize, &Served)>> = BTreeMap::new();
    for (index, served) in mock.operations.iter().enumerate() {
        let path = erased(&served.operation.joined_path());
        if known.uses.contains_key(&index) {
            continue;
        }
        if served.operation.endpoint.value.method != "GET" {
            let others = changes.entry(path).or_default();
            others.push((index, served.as_ref()));
        } else if !path.ends_with('}') {
            reads.push((index, served.as_ref(), path));
        }
    }
    for (index, read, path) in reads {
        let below = changes.range(path.clone()..);
        let below = below.take_while(|(below, _)| below.starts_with(&path));
        let below = below.filter(|(below, _)| {
            let rest = below.strip_prefix(&path).unwrap_or_default();
            rest.is_empty() || rest.starts_with('/')
        });
        let below: Vec<_> = below
            .flat_map(|(_, operations)| operations.clone())
            .collect();
        if let Some((collection, uses)) = basket(known.all.len(), (index, read, &path), &below) {
            known.all.push(collection);
            for (index, used) in uses {
                known.refused.remove(&index);
                known.uses.insert(index, Arc::new(used));
            }
        }
    }
}

/// What is kept, and the operations that use it; none if none fills an array of it.
fn basket(
    number: usize,
    (index, read, path): (usize, &Served, &str),
    below: &[(usize, &Served)],
) -> Option<(Collection, Vec<(usize, Use)>)> {
    if below.is_empty() {
        return None;
    }
    let shown = body(read)?;
    let way = way(&shown, path)?;
    let view = view_at(read, &shown, &way, "", false)?;
    let parents = parameters(&read.operation.joined_path());
    let collection = single::collection(path.to_owned(), parents, view.sample.clone());
    let mut uses = vec![(index, single::used(number, Role::Read, Some(view), false))];
    let mut is_filled = false;
    for (index, served) in below {
        let is_whole = erased(&served.operation.joined_path()) == path;
        let view = shows(served, &collection);
        if is_whole && served.operation.endpoint.value.method == "DELETE" {
            uses.push((*index, single::used(number, Role::Delete, view, false)));
            continue;
        }
        let Some(filling) = filling(served, path, &collection, view.as_ref()) else {
            continue;
        };
        let part = filling.array();
        is_filled |= part.as_ref().is_some_and(|part| !part.removes());
        let mut act = single::used(number, Role::Act, view, false);
        act.part = part;
        uses.push((*index, act));
    }
    is_filled.then_some((collection, uses))
}

/// Where in an answer an array is that the path does not name: `items` of a cart, not `orders` of the orders.
fn way(shown: &Value, path: &str) -> Option<Vec<String>> {
    let noun = words::singular(noun(path));
    let has_array = |members: &Map<String, Value>| {
        members.iter().any(|(name, value)| {
            let items = value.as_array().into_iter().flatten();
            words::singular(name) != noun && items.into_iter().any(Value::is_object)
        })
    };
    let whole = shown.as_object()?;
    if has_array(whole) {
        return Some(Vec::new());
    }
    let mut inner = whole.iter();
    let (name, _) = inner.find(|(_, value)| value.as_object().is_some_and(has_array))?;
    Some(vec![name.clone()])
}

/// Where an answer shows what is kept.
pub(super) fn shows(served: &Served, collection: &Collection) -> Option<View> {
    let body = body(served)?;
    let inner = body.as_object()?.keys().map(|name| vec![name.clone()]);
    let mut ways = std::iter::once(Vec::new()).chain(inner);
    ways.find_map(|way| {
        let view = view_at(served, &body, &way, "", false)?;
        action::is_of(&view, collection).then_some(view)
    })
}

/// What an operation fills or empties.
pub(super) enum Filling {
    /// All that there is.
    Whole,
    /// An array of it.
    Array(Box<Part>),
}

impl Filling {
    pub(super) fn array(self) -> Option<Part> {
        match self {
            Self::Whole => None,
            Self::Array(part) => Some(*part),
        }
    }
}

/// What an operation fills or empties; `None` if it does neither.
pub(super) fn filling(
    served: &Served,
    path: &str,
    collection: &Collection,
    view: Option<&View>,
) -> Option<Filling> {
    let operation = &served.operation;
    let joined = operation.joined_path();
    let (before, last) = joined.trim_end_matches('/').rsplit_once('/')?;
    let is_item = is_parameter(last);
    let (whole, literal) = if is_item {
        before.rsplit_once('/')?
    } else {
        (before, last)
    };
    if erased(whole) != path || is_parameter(literal) {
        return None;
    }
    let parameter = is_item.then(|| words::folded(last));
    match part::of(operation, collection, view, literal, parameter.as_deref()) {
        Found::Part(part) => {
            let is_silent = part.removes() && body(served).is_none();
            (view.is_some() || is_silent).then_some(Filling::Array(part))
        }
        Found::None if view.is_some() && !is_item => Some(Filling::Whole),
        Found::None | Found::Other => None,
    }
}

impl State {
    /// Empties what there is one of.
    pub(super) fn empty(&mut self, turn: &Turn<'_>, spot: &Spot<'_>) -> Outcome<'static> {
        self.change(turn, spot, "", |members, _| {
            let arrays = members.iter().filter(|(_, value)| value.is_array());
            let arrays: Vec<String> = arrays.map(|(name, _)| name.clone()).collect();
            for name in &arrays {
                members.insert(name.clone(), Value::Array(Vec::new()));
            }
            let names: Vec<&str> = arrays.iter().map(String::as_str).collect();
            total::renew(spot.collection, members, &names, None);
        })
    }
}
