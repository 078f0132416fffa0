//! Answers to the making of a thing that tell its id and do not show it: `{"bookId": "…"}`.
//!
//! Such an answer may tell of several things that one request makes: `{"books": [{…}, {…}]}`, answered with `bookIds`.

use http::HeaderMap;
use serde_json::{Map, Value};

use super::candidate::noun;
use super::collections::Role;
use super::view::{View, named, view};
use super::world::Spot;
use super::{Outcome, State, Turn, action, overlay};
use crate::mock::{Served, words};

/// Where an answer tells the id of what was made, if it does so under another name than the things have it.
pub(super) fn of(served: &Served, body: &Value, key: &str, path: &str) -> Option<View> {
    let noun = words::singular(noun(path));
    let key = words::folded(key);
    let bare = key.strip_prefix(noun.as_str()).unwrap_or(&key);
    let names = [format!("{noun}{bare}"), bare.to_owned()];
    let mut names = names.iter().filter(|name| !name.is_empty());
    let (_, name) = names.find_map(|name| named(body, name, false, 0))?;
    view(served, Role::Create, body, &name)
}

impl State {
    /// Makes what was sent, and answers with the ids.
    pub(super) fn create_told<'t>(
        &mut self,
        turn: &Turn<'t>,
        spot: &Spot<'_>,
        receipt: &View,
        headers: &mut HeaderMap,
    ) -> Outcome<'t> {
        let mut sent = overlay::sent(turn.request, &turn.served.operation, None);
        let rows = rows(&mut sent, spot).unwrap_or_else(|| vec![sent]);
        let mut made = Vec::new();
        for row in rows {
            match self.make(turn, spot, row, headers) {
                Ok(members) => made.push(members),
                Err(outcome) => return outcome,
            }
        }
        Outcome::Body(overlay::put(receipt, told(receipt, spot, &made)))
    }
}

/// The things in a body that holds several: `books` of what is made at `/books`.
fn rows(sent: &mut Map<String, Value>, spot: &Spot<'_>) -> Option<Vec<Map<String, Value>>> {
    let path = words::folded(noun(&spot.reach.path));
    let is_of_thing = |name: &str| spot.collection.sample.contains_key(name);
    let mut names = sent.keys();
    let name = names.find(|name| words::folded(name) == path && !is_of_thing(name))?;
    let items = sent.get(name)?.as_array()?;
    let rows: Option<Vec<_>> = items.iter().map(|item| item.as_object().cloned()).collect();
    let rows = rows.filter(|rows| !rows.is_empty())?;
    let name = name.clone();
    sent.remove(&name);
    // What stands beside them is said of all of them, if a thing has it.
    sent.retain(|name, _| is_of_thing(name));
    let whole = |row: Map<String, Value>| sent.clone().into_iter().chain(row).collect();
    Some(rows.into_iter().map(whole).collect())
}

/// The answer with the ids of what was made; with what it is, if that is what it shows.
fn told(receipt: &View, spot: &Spot<'_>, made: &[Map<String, Value>]) -> Value {
    let key = &spot.collection.key;
    let Some(first) = made.first() else {
        return Value::Object(receipt.sample.clone());
    };
    let id = first.get(key).cloned().unwrap_or_default();
    let mut told = receipt.sample.clone();
    if action::is_of(receipt, spot.collection) {
        let mut thing = first.clone();
        thing.insert(receipt.key.clone(), id.clone());
        told = overlay::shown(receipt, &thing);
    }
    let several = format!("{}s", words::folded(&receipt.key));
    for (name, value) in &mut told {
        if words::folded(name) == several && value.is_array() {
            *value = made.iter().filter_map(|it| it.get(key)).cloned().collect();
        }
    }
    told.insert(receipt.key.clone(), id);
    Value::Object(told)
}
