//! Things that the client names: a `PUT` that makes what is not there, and a name that is taken.

use serde_json::{Map, Value};

use super::view::{is_id, text};
use super::world::Spot;
use super::{Outcome, State, Thing, Turn, items, make, overlay};
use crate::mock::answer::Answer;
use crate::mock::telling;

/// Words of an error about what is there already, in one spelling.
const TAKEN: [&str; 7] = [
    "taken",
    "exists",
    "exist",
    "already",
    "duplicate",
    "unique",
    "conflict",
];

impl State {
    /// What a `PUT` answers that made the thing of that id; none if it is there, or the page does not say that it is made.
    pub(super) fn make_named<'t>(
        &mut self,
        turn: &Turn<'t>,
        spot: &Spot<'_>,
        id: &str,
        sent: &Map<String, Value>,
    ) -> Option<Outcome<'t>> {
        let view = turn.used.view.as_ref()?;
        let operation = &turn.served.operation;
        let mut answers = turn.served.answers.iter();
        let created = answers.find(|it| it.status.code() == Some(201))?;
        let is_put = operation.endpoint.value.method == "PUT" && !turn.documents_missing();
        if !is_put || self.position(spot, id).is_some() {
            return None;
        }
        let collection = spot.collection;
        let mut members = view.sample.clone();
        for (name, value) in &collection.sample {
            members.entry(name.clone()).or_insert_with(|| value.clone());
        }
        let own = match members.get(&collection.key) {
            Some(Value::Number(_)) => Value::from(id.parse::<i64>().ok()?),
            _ => Value::from(id),
        };
        members.insert(collection.key.clone(), own);
        let mut sent = sent.clone();
        let shape = view.shape.as_ref();
        overlay::defaults(operation, &mut sent, &members);
        let (nullable, echoed) = (&collection.nullable, &turn.used.echoed);
        overlay::nothing(operation, &mut sent, shape, nullable, echoed);
        items::lay(&mut members, sent, shape, collection);
        spot.reach.place(&mut members, &spot.ids);
        make::stamp(&mut members, true, turn.now);
        let body = overlay::put(view, Value::Object(overlay::shown(view, &members)));
        let mut thing = Thing::new(id.to_owned(), members, true);
        thing.below = spot.below();
        if !self.has_room(thing.length) {
            return Some(Outcome::Full);
        }
        let whole = (collection.path.clone(), spot.whole(id));
        self.removed.remove(&whole);
        self.things_mut(collection, spot.place()).push(thing);
        Some(Outcome::Made(created, body))
    }

    /// The documented refusal of a new thing with a value that another one has, where the error names the member.
    pub(super) fn taken<'t>(
        &self,
        turn: &Turn<'t>,
        spot: &Spot<'_>,
        sent: &Map<String, Value>,
    ) -> Option<Outcome<'t>> {
        let collection = spot.collection;
        let mut answers = turn.served.answers.iter();
        let conflict = answers.find(|it| it.status.code() == Some(409) && it.has_body())?;
        let body = conflict.json();
        let things = self.things(collection, spot.place());
        let mut plain = sent.iter().filter(|(_, value)| is_id(value));
        let (name, value) = plain.find(|(name, value)| {
            let is_named = **name == collection.key || speaks(conflict, body.as_ref(), name);
            let shown = turn
                .used
                .view
                .as_ref()
                .and_then(|view| view.sample.get(*name));
            // The request of the page makes what its answer shows.
            let is_free = |thing: &&Thing| !thing.is_made && shown == Some(*value);
            let mut having = things
                .iter()
                .filter(|thing| thing.members.get(*name) == Some(*value));
            is_named && having.any(|thing| !is_free(&thing))
        })?;
        let reason = format!("another thing has the `{name}` {}", text(value));
        Some(Outcome::Refused(conflict, reason))
    }
}

/// True for an error that says that another thing has the same value of that member.
fn speaks(conflict: &Answer, body: Option<&Value>, name: &str) -> bool {
    let Some(body) = body else {
        return false;
    };
    let titles = conflict.names.iter().map(|name| Value::from(name.as_str()));
    let said = [body.clone(), titles.collect()];
    telling::mentions(body, name)
        && TAKEN
            .iter()
            .any(|word| said.iter().any(|it| telling::mentions(it, word)))
}
