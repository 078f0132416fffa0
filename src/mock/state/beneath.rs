//! Operations below a thing that are not kept, such as `GET /orders/{order_id}/receipt`.
//!
//! They answer as without state, but below a thing that is not there with what is documented for that; and what their
//! examples say of the thing of the example, in `order_id`, they say of the one of the path.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::candidate::{erased, noun};
use super::collections::{Collection, Collections, Reach};
use super::seed;
use super::view::{is_id, text};
use super::world::Spot;
use super::{State, overlay, set_body, tell_missing};
use crate::mock::message::{Reply, Request};
use crate::mock::routes::Captured;
use crate::mock::{Mock, Served, words};

/// A collection that an operation is below a thing of.
#[derive(Clone, Debug)]
pub(super) struct Beneath {
    collection: usize,
    /// The name that its thing has elsewhere: `orderid`.
    name: String,
    /// Members of the answer that the example shows as its request sends them, and the names that they are sent under.
    echoed: BTreeMap<String, String>,
}

/// Finds the operations that are not kept and stand below things that are.
pub(super) fn add(mock: &Mock, known: &mut Collections) {
    let mut found = BTreeMap::new();
    for (index, served) in mock.operations.iter().enumerate() {
        let path = erased(&served.operation.joined_path());
        if known.uses.contains_key(&index) || !path.contains("/{}/") {
            continue;
        }
        let all = known.all.iter().enumerate().filter(|(_, it)| !it.is_single);
        let reaches = all.filter_map(|(number, it)| Some((number, it.reaches.first()?)));
        let is_above = |reach: &Reach| {
            let rest = path.strip_prefix(&reach.path);
            rest.is_some_and(|rest| rest.starts_with("/{}/"))
        };
        let nearest = reaches
            .filter(|(_, reach)| is_above(reach))
            .max_by_key(|(_, reach)| reach.path.len());
        if let Some((collection, way)) = nearest {
            let beneath = Beneath {
                collection,
                name: format!("{}id", words::singular(noun(&way.path))),
                echoed: seed::echoed_in(served),
            };
            found.insert(index, beneath);
        }
    }
    known.beneath = found;
}

impl State {
    /// What is answered below a thing that is not there, in the place of a success; else a success about the thing of the
    /// path. False if nothing is different.
    pub(super) fn answer_beneath(
        &self,
        mock: &Mock,
        (index, served, captured): (usize, &Served, &Captured),
        request: &Request,
        reply: &mut Reply,
    ) -> bool {
        let Some(beneath) = self.collections.beneath.get(&index) else {
            return false;
        };
        let Some(collection) = self.collections.all.get(beneath.collection) else {
            return false;
        };
        let Some(reach) = collection.reaches.first() else {
            return false;
        };
        let ids = captured.iter().map(|(_, value)| value.clone());
        let mut ids: Vec<String> = ids.take(reach.parents.len() + 1).collect();
        let Some(own) = ids.pop() else { return false };
        let spot = Spot {
            collection,
            reach,
            ids,
        };
        let mut answers = served.answers.iter();
        let is_documented = answers.any(|it| it.is_of(404));
        let above = self.missing_parent(&spot, is_documented);
        let missing = above.or_else(|| {
            let is_told = is_documented || collection.missing.is_some();
            let is_known = is_told && collection.is_complete;
            let is_gone = is_known || self.was_removed(collection, Some(spot.place()), &own);
            let is_there = self.found_here(&spot, &own);
            (is_gone && !is_there).then(|| (own.clone(), collection.missing))
        });
        if let Some((id, told)) = missing {
            let known = collection.sample.get(&collection.key).map(text);
            let known = known.unwrap_or_default();
            let asked = (served, captured, request);
            tell_missing(mock, asked, (&id, &known), told, reply);
            return true;
        }
        let Ok(mut body) = serde_json::from_slice::<Value>(&reply.body) else {
            return false;
        };
        let sent = overlay::body(request);
        let before = body.clone();
        self.show_own(&spot, &own, &beneath.echoed, &mut body);
        name_item(&mut body, collection, captured);
        let ids: BTreeSet<String> = collection
            .seeds
            .iter()
            .map(|it| collection.id(it))
            .collect();
        name(&mut body, (beneath, &ids), &own, &sent, 0);
        let is_other = body != before;
        if is_other {
            set_body(reply, &body);
        }
        is_other
    }

    /// Shows the thing of the path where the example shows another one: what it has in common with that it is known to have.
    fn show_own(
        &self,
        spot: &Spot<'_>,
        id: &str,
        echoed: &BTreeMap<String, String>,
        body: &mut Value,
    ) {
        let collection = spot.collection;
        let key = &collection.key;
        let Some(shown) = root(body).filter(|it| it.get(key).is_some_and(is_id)) else {
            return;
        };
        let mut seeds = collection.seeds.iter();
        let Some(seed) = seeds.find(|seed| seed.get(key) == shown.get(key)) else {
            return;
        };
        let things = self.things(collection, spot.place());
        let own = self.position(spot, id).and_then(|at| things.get(at));
        for (name, value) in shown.iter_mut() {
            if name == key {
                *value = numbered(value, id);
            } else if seed.get(name) == Some(value)
                && !echoed.contains_key(name)
                && let Some(known) = own.and_then(|own| own.members.get(name))
            {
                value.clone_from(known);
            }
        }
    }

    fn found_here(&self, spot: &Spot<'_>, id: &str) -> bool {
        let (collection, own) = (spot.collection, spot.place());
        let is_alias = |members: &Map<String, Value>| {
            let alias = collection.alias.as_ref();
            alias.is_some_and(|it| members.get(it).map(text).as_deref() == Some(id))
        };
        let mut things = self.things(collection, own).into_owned().into_iter();
        self.position(spot, id).is_some() || things.any(|thing| is_alias(&thing.members))
    }
}

/// The object that an answer shows: itself, or the only one in it.
fn root(body: &mut Value) -> Option<&mut Map<String, Value>> {
    let members = body.as_object()?;
    let is_wrapped = members.len() == 1 && members.values().all(Value::is_object);
    let members = body.as_object_mut()?;
    if is_wrapped {
        return members.values_mut().next()?.as_object_mut();
    }
    Some(members)
}

/// Lets the answer about one item below a thing, such as `DELETE /orders/{order_id}/notes/{note_id}`, name that item.
fn name_item(body: &mut Value, collection: &Collection, captured: &Captured) {
    let [_, .., (parameter, item)] = captured.as_slice() else {
        return;
    };
    let own = words::folded(parameter);
    let Some(shown) = root(body) else { return };
    let is_thing = |value: &Value| {
        let mut seeds = collection.seeds.iter();
        seeds.any(|seed| seed.get(&collection.key) == Some(value))
    };
    let has_own = shown.keys().any(|name| words::folded(name) == own);
    for (name, value) in shown.iter_mut().filter(|(_, value)| is_id(value)) {
        let is_plain = name == "id" && !has_own && own.ends_with("id") && !is_thing(value);
        if words::folded(name) == own || is_plain {
            *value = numbered(value, item);
        }
    }
}

/// An id of the path, as a number where one is shown.
fn numbered(shown: &Value, id: &str) -> Value {
    match shown {
        Value::Number(_) => id.parse::<i64>().map_or(shown.clone(), Value::from),
        _ => id.into(),
    }
}

/// Lets an answer name the thing of the path where it names one, and say what was sent where the example does.
fn name(
    value: &mut Value,
    (beneath, ids): (&Beneath, &BTreeSet<String>),
    id: &str,
    sent: &Map<String, Value>,
    depth: usize,
) {
    let of = (beneath, ids);
    match value {
        Value::Array(items) => {
            for item in items {
                name(item, of, id, sent, depth + 1);
            }
        }
        Value::Object(members) => {
            for (own, value) in members {
                let folded = words::folded(own);
                // `invoice` of a payment is one if it has the id of one.
                let is_noun = beneath.name.strip_suffix("id") == Some(&folded);
                // So is `parent_id` of a part.
                let is_reference = is_noun || matches!(folded.as_str(), "parentid" | "sourceid");
                let is_known = is_reference && ids.contains(&text(value));
                let is_named = folded == beneath.name || is_known;
                if is_named && is_id(value) {
                    *value = numbered(value, id);
                } else if depth < 2
                    && let Some(told) = beneath.echoed.get(own).and_then(|it| sent.get(it))
                    && std::mem::discriminant(told) == std::mem::discriminant(value)
                {
                    *value = told.clone();
                } else if depth < 2 {
                    name(value, of, id, sent, depth + 1);
                }
            }
        }
        _ => {}
    }
}
