//! Operations below a thing that are not kept, such as `GET /orders/{order_id}/receipt`.
//!
//! They answer as without state, but below a thing that is not there with what is documented for that; and what their
//! examples say of the thing of the example, in `order_id`, they say of the one of the path.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::candidate::{erased, noun};
use super::collections::{Collections, Reach};
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
    /// Members of the answer that the example shows as its request sends them.
    echoed: BTreeSet<String>,
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
        let is_documented = answers.any(|it| it.status.code() == Some(404));
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
            tell_missing(mock, (served, captured), (&id, &known), told, reply);
            return true;
        }
        let Ok(mut body) = serde_json::from_slice::<Value>(&reply.body) else {
            return false;
        };
        let sent = overlay::body(request);
        let before = body.clone();
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
                    *value = match value {
                        Value::Number(_) => id.parse::<i64>().map_or(value.clone(), Value::from),
                        _ => id.into(),
                    };
                } else if let Some(told) = sent.get(own).filter(|_| depth < 2)
                    && beneath.echoed.contains(own)
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
