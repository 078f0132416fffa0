//! Things that the client names: a `PUT` that makes what is not there, and a name that is taken.

use serde_json::{Map, Value};

use super::view::{is_id, member, text};
use super::world::Spot;
use super::{Outcome, State, Thing, Turn, filter, items, make, overlay, unsent};
use crate::mock::answer::Answer;
use crate::mock::rows::{self, TAKEN};
use crate::mock::{Served, shown, telling, words};

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
        let answers = turn.served.answers.iter();
        let mut created = answers.clone().filter(|it| it.status.code() == Some(201));
        let mut usual =
            answers.filter(|it| it.status.code() == Some(200) && is_upsert(turn.served));
        let created = created.next().or_else(|| usual.next())?;
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
        let chosen = unsent::chosen(turn.served, Some(view), &sent, false);
        overlay::defaults(operation, &mut sent, &members);
        let absent = unsent::nothing(
            operation,
            &mut sent,
            Some(view),
            collection,
            (&turn.used.echoed, &chosen),
        );
        items::lay(&mut members, sent, shape, collection);
        unsent::clear(&mut members, absent);
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
        let conflict = answers.find(|it| it.is_of(409) && it.has_body());
        let row = rows::of_conflict(&turn.served.rows);
        let body = conflict.and_then(Answer::json);
        let is_spoken_of = |name: &str| match (conflict, row) {
            (Some(conflict), _) => speaks(conflict, body.as_ref(), name),
            (None, Some(row)) => row.names(name),
            (None, None) => false,
        };
        let things = self.things(collection, spot.place());
        let plain = sent
            .iter()
            .filter(|(_, value)| is_id(value) && !text(value).is_empty());
        let named = plain.filter(|(name, _)| **name == collection.key || is_spoken_of(name));
        let named: Vec<_> = named.collect();
        // Of several members that the error names, such as a room and a time, all are the same.
        let own = named.iter().find(|(name, _)| **name == collection.key);
        let named = own.map_or(named.as_slice(), std::slice::from_ref);
        let asked = turn.served.operation.body.as_ref();
        let tells = |(name, value): &(&String, &Value)| {
            let shape = asked.and_then(|body| member(&body.shape, name));
            let is_chosen = shape.is_some_and(|it| it.constraints.allowed.is_some());
            !is_chosen && !value.as_str().is_some_and(filter::is_time)
        };
        let (name, value) = named.iter().find(|named| tells(named))?;
        let shown = turn.used.view.as_ref().map(|view| &view.sample);
        // The request of the page makes what its answer shows.
        let is_command = shown::is(&turn.served.operation, turn.request, turn.captured, |_| {
            true
        });
        let is_free = |thing: &Thing| {
            let is_shown = |(name, value): &(&String, &Value)| {
                shown.is_some_and(|shown| shown.get(*name) == Some(*value))
            };
            !thing.is_made && is_command && named.iter().all(is_shown)
        };
        let mut having = things.iter().filter(|thing| {
            let mut named = named.iter();
            self.is_below(spot, thing)
                && named.all(|(name, value)| thing.members.get(*name) == Some(*value))
        });
        if !having.any(|thing| !is_free(thing)) {
            return None;
        }
        let reason = format!("another thing has the `{name}` {}", text(value));
        match (conflict, row) {
            (Some(conflict), _) => Some(Outcome::Refused(conflict, reason)),
            (None, row) => Some(Outcome::Told(row?, (*name).clone(), reason)),
        }
    }
}

/// True if the page says that a thing is made or changed.
fn is_upsert(served: &Served) -> bool {
    let operation = &served.operation;
    let texts = operation.title.iter().chain(&operation.description);
    let said: Vec<String> = texts.flat_map(|text| words::parts(text)).collect();
    let says = |words: &[&str]| said.iter().any(|it| words.contains(&it.as_str()));
    says(&["upsert", "upserts"])
        || says(&["create", "creates", "created"]) && says(&["update", "updates", "updated"])
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
