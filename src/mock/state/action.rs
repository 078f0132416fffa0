//! What is done with a thing: `POST /orders/{order_id}/pay`.
//!
//! The example shows the thing afterwards. Only what the action is about is taken from it, as the rest tells of another
//! thing: members with documented values, such as a status, truth values, and what was not set before, such as the time
//! of the payment.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::collections::{self, Collection, Collections, Role, Use, View, member};
use super::{Outcome, State, Turn, make, overlay};
use crate::mock::{Mock, Served, words};

/// The operations that do something with a thing of a collection, by their numbers.
pub(super) fn uses(mock: &Mock, known: &Collections) -> Vec<(usize, Arc<Use>)> {
    let operations = mock.operations.iter().enumerate();
    let others = operations.filter(|(index, _)| !known.uses.contains_key(index));
    others
        .filter_map(|(index, served)| Some((index, Arc::new(of(served, known)?))))
        .collect()
}

fn of(served: &Served, known: &Collections) -> Option<Use> {
    let method = served.operation.endpoint.value.method.as_str();
    if !matches!(method, "POST" | "PUT" | "PATCH") {
        return None;
    }
    let path = collections::erased(&served.operation.joined_path());
    let (thing, verb) = path.rsplit_once('/')?;
    let around = thing.strip_suffix("/{}").filter(|_| verb != "{}")?;
    let collection = known.all.iter().position(|it| it.path == around)?;
    let thing = known.all.get(collection)?;
    let body = collections::body(served)?;
    let view = collections::view(served, Role::Act, &body, &thing.key)?;
    is_of(&view, thing).then_some(Use {
        collection,
        role: Role::Act,
        view: Some(view),
        is_newest_first: false,
    })
}

/// True if an answer shows a thing of the collection, and not what was made below it.
fn is_of(view: &View, collection: &Collection) -> bool {
    let shared = view.sample.keys();
    let shared = shared.filter(|name| collection.sample.contains_key(*name));
    let shared = shared.count();
    shared > 1 && shared * 2 >= view.sample.len()
}

impl State {
    pub(super) fn act(
        &mut self,
        turn: &Turn<'_>,
        collection: &Collection,
        parents: Vec<String>,
        id: &str,
    ) -> Outcome {
        let Some(view) = &turn.used.view else {
            return Outcome::AsDocumented;
        };
        let mut changes = done(view, collection, turn.now);
        let mut sent = overlay::sent(turn.request);
        sent.remove(&collection.key);
        sent.retain(|name, _| view.sample.contains_key(name));
        changes.extend(sent);
        self.change(turn, collection, parents, id, changes)
    }
}

/// What the example shows that the action did.
fn done(view: &View, collection: &Collection, now: u64) -> Map<String, Value> {
    let mut done = Map::new();
    for (name, value) in &view.sample {
        let Some(before) = collection.sample.get(name).filter(|it| *it != value) else {
            continue;
        };
        let shape = view.shape.as_ref().and_then(|shape| member(shape, name));
        let is_listed = shape.is_some_and(|it| {
            it.constraints.allowed.is_some() || it.constraints.constant.is_some()
        });
        let is_state = matches!(words::folded(name).as_str(), "status" | "state");
        if before.is_null() {
            let time = make::time(value, now).filter(|_| value.is_string());
            done.insert(name.clone(), time.unwrap_or_else(|| value.clone()));
        } else if *name != collection.key && (is_listed || is_state || value.is_boolean()) {
            done.insert(name.clone(), value.clone());
        }
    }
    done
}
