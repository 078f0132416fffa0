//! A world that remembers: what is made is there to be read, and what is removed is gone.
//!
//! [`State::apply`] takes the answer that the pages give, and puts the things of the world in it. It knows no clock and
//! no socket: the time is handed in, and all that is kept is plain data.

mod action;
mod collections;
mod filter;
mod list;
pub(super) mod make;
mod overlay;
mod stored;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bytes::Bytes;
use http::header::{ACCEPT_ENCODING, CONTENT_TYPE, ETAG, HeaderValue, IF_NONE_MATCH};
use http::{Method, StatusCode};
use serde_json::{Map, Value};

use crate::model::shape::Shape;

use super::faults::Fault;
use super::generate::Circumstances;
use super::message::{Reply, Request};
use super::prefer::Preferences;
use super::problem::Problem;
use super::routes::{Captured, Lookup};
use super::select::Choice;
use super::{Mock, Served, encode, faults, form, header, respond};

use collections::{Collection, Collections, Role, Use, text};
use list::Asked;

pub(super) use stored::Change;

/// The things of one collection below the same parents, the first made first.
type Things = Vec<Thing>;

#[derive(Clone, Debug)]
struct Thing {
    id: String,
    members: Map<String, Value>,
    /// True if a request made it: then it has nothing below it at first.
    is_made: bool,
    /// About how many bytes it takes up.
    length: usize,
}

impl Thing {
    fn new(id: String, members: Map<String, Value>, is_made: bool) -> Self {
        let length = overlay::length(&members);
        Self {
            id,
            members,
            is_made,
            length,
        }
    }
}

/// What a mock keeps.
#[derive(Clone, Debug, Default)]
pub struct State {
    collections: Arc<Collections>,
    /// By the path of the collection, and the ids of its parents; what was never changed is not there.
    kept: BTreeMap<(String, Vec<String>), Arc<Things>>,
    /// The things that were removed: the path of the collection, the ids of their parents, and their own.
    removed: BTreeSet<(String, Vec<String>)>,
    /// How many things were made.
    made: u64,
}

/// More things, and more collections below different parents, are not kept; a mock is no database.
const MOST: usize = 10_000;

/// More bytes are not kept.
const ROOM: usize = 32 * 1024 * 1024;

impl State {
    /// The world as the pages show it.
    pub fn new(mock: &Mock) -> Self {
        Self {
            collections: Arc::new(Collections::of(mock)),
            ..Self::default()
        }
    }

    /// Goes on with pages that were saved: what was changed stays as it is.
    pub fn follow(&mut self, mock: &Mock) {
        self.collections = Arc::new(Collections::of(mock));
        let collections = &self.collections.all;
        self.kept
            .retain(|(path, _), _| collections.iter().any(|it| it.path == *path));
    }

    /// Makes the world what the pages show.
    pub fn reset(&mut self) {
        self.kept.clear();
        self.removed.clear();
        self.made = 0;
    }

    /// The paths of the collections, and how many things each holds at the start.
    pub fn collections(&self) -> impl Iterator<Item = (&str, usize)> {
        let all = self.collections.all.iter();
        all.map(|it| (it.path.as_str(), it.seeds.len()))
    }

    /// Answers a request, with and for the things of the world.
    ///
    /// `now` counts milliseconds since 1970.
    pub fn apply(&mut self, mock: &Mock, request: &Request, now: u64) -> Reply {
        let found = mock
            .routes
            .find(&request.method, request.path(), || request.host());
        let Lookup::Operation { index, captured } = found else {
            return respond::reply(mock, request);
        };
        let (Some(used), Some(served)) = (
            self.collections.uses.get(&index).cloned(),
            mock.operations.get(index),
        ) else {
            return respond::reply(mock, request);
        };
        // The body will be another one.
        let mut plain = request.clone();
        plain.headers.remove(ACCEPT_ENCODING);
        plain.headers.remove(IF_NONE_MATCH);
        if plain.method == Method::HEAD {
            plain.method = Method::GET;
        }
        let mut reply = respond::reply(mock, &plain);
        let is_failed = matches!(
            reply.fault,
            Some(Fault::Error | Fault::Throttle | Fault::Reset)
        );
        let mut is_kept = true;
        if reply.status.is_success() && !is_failed && !Preferences::of(request).is_choice() {
            let turn = Turn {
                served,
                used: &used,
                captured: &captured,
                request: &plain,
                now,
            };
            is_kept = self.turn(&turn, &mut reply);
        }
        if is_kept {
            let kept = HeaderValue::from_static("kept");
            reply.headers.insert(header::STATE, kept);
        }
        encode::encode(request, &mut reply);
        if request.method == Method::HEAD {
            reply.body.clear();
            reply.pieces = None;
        }
        reply
    }

    /// Puts the things of the world in an answer; false if the request is for something that the world does not know.
    fn turn(&mut self, turn: &Turn<'_>, reply: &mut Reply) -> bool {
        let Some(collection) = self.collections.all.get(turn.used.collection) else {
            return false;
        };
        let collection = Arc::clone(collection);
        let ids = turn.captured.iter().map(|(_, value)| value.clone());
        let mut ids: Vec<String> = ids.collect();
        let own = (ids.len() > collection.parents.len())
            .then(|| ids.pop())
            .flatten();
        if let Some(missing) = self.missing_parent(&collection, &ids, turn.documents_missing()) {
            turn.missing(&missing, reply);
            return true;
        }
        let place = (collection.path.clone(), [&ids[..], own.as_slice()].concat());
        let outcome = match (turn.used.role, own) {
            (Role::List, None) => self.list(turn, &collection, &ids),
            (Role::Create, None) => self.create(turn, &collection, ids),
            (Role::Read, Some(id)) => self.read(turn, &collection, &ids, &id),
            (Role::Update, Some(id)) => self.update(turn, &collection, ids, &id),
            (Role::Act, Some(id)) => self.act(turn, &collection, ids, &id),
            (Role::Delete, Some(id)) => self.delete(turn, &collection, ids, &id),
            _ => return false,
        };
        match outcome {
            Outcome::Body(body) => set_body(reply, &body),
            Outcome::AsDocumented => {}
            Outcome::Missing(id) => {
                // Pages that document no such answer show ids that no list of theirs has, and so do those of
                // collections whose things are made in other ways, too.
                let is_known = turn.documents_missing() && collection.is_complete;
                if !is_known && !self.removed.contains(&place) {
                    return false;
                }
                turn.missing(&id, reply);
            }
            Outcome::Full => {
                let detail = format!("this mock keeps {MOST} things and {ROOM} bytes at most");
                let headers = std::mem::take(&mut reply.headers);
                *reply = Problem::new(507, "state-is-full", detail).reply();
                carry(headers, reply);
            }
        }
        true
    }

    /// The id of a thing in the path that is not there.
    fn missing_parent(
        &self,
        collection: &Collection,
        ids: &[String],
        is_documented: bool,
    ) -> Option<String> {
        let mut around = collection.around;
        let mut ids = ids;
        while let Some(parent) = around.and_then(|at| self.collections.all.get(at)) {
            let (id, before) = ids.split_last()?;
            let things = self.things(parent, before);
            let is_gone = is_documented && parent.is_complete
                || self.removed.contains(&(parent.path.clone(), ids.to_vec()));
            if is_gone && !things.iter().any(|thing| thing.id == *id) {
                return Some(id.clone());
            }
            (around, ids) = (parent.around, before);
        }
        None
    }

    /// The things of a collection below these parents.
    fn things(&self, collection: &Collection, parents: &[String]) -> Cow<'_, [Thing]> {
        let place = (collection.path.clone(), parents.to_vec());
        if let Some(things) = self.kept.get(&place) {
            return Cow::Borrowed(things.as_slice());
        }
        // A thing that was made has nothing below it.
        if let Some((id, before)) = parents.split_last()
            && let Some(parent) = collection
                .around
                .and_then(|at| self.collections.all.get(at))
        {
            let things = self.things(parent, before);
            if things.iter().any(|thing| thing.id == *id && thing.is_made) {
                return Cow::Borrowed(&[]);
            }
        }
        let seeds = collection.seeds.iter().map(|members| {
            let id = members.get(&collection.key).map(text).unwrap_or_default();
            let mut members = members.clone();
            collection.place(&mut members, parents);
            Thing::new(id, members, false)
        });
        Cow::Owned(seeds.collect())
    }

    /// The same, to be changed.
    fn things_mut(&mut self, collection: &Collection, parents: Vec<String>) -> &mut Things {
        let place = (collection.path.clone(), parents);
        if !self.kept.contains_key(&place) {
            let things = self.things(collection, &place.1).into_owned();
            self.kept.insert(place.clone(), Arc::new(things));
        }
        Arc::make_mut(self.kept.entry(place).or_default())
    }

    /// True if so many more bytes may be kept.
    fn has_room(&self, length: usize) -> bool {
        let things = self.kept.values().flat_map(|it| it.iter());
        let (count, bytes) = things.fold((0, length), |(count, bytes), thing| {
            (count + 1, bytes + thing.length)
        });
        let places = self.kept.len().max(self.removed.len());
        count < MOST && places < MOST && bytes <= ROOM
    }

    fn list(&self, turn: &Turn<'_>, collection: &Collection, parents: &[String]) -> Outcome {
        let Some(view) = &turn.used.view else {
            return Outcome::AsDocumented;
        };
        let all = self.things(collection, parents);
        // Those that were made stand behind those of the pages, which are in their own order.
        let made = all.iter().position(|thing| thing.is_made);
        let (shown, made) = all.split_at(made.unwrap_or(all.len()));
        let things: Vec<_> = if turn.used.is_newest_first {
            made.iter()
                .rev()
                .chain(shown)
                .map(|thing| &thing.members)
                .collect()
        } else {
            all.iter().map(|thing| &thing.members).collect()
        };
        let query = form::pairs(turn.request.query());
        let asked = Asked::new(&turn.served.operation, &query);
        let page = asked.page(collection, things);
        let items = page.things.iter();
        let items = items.map(|thing| Value::Object(overlay::shown(view, thing)));
        let mut whole = overlay::put(view, items.collect());
        page.describe(view, &mut whole);
        Outcome::Body(whole)
    }

    fn create(
        &mut self,
        turn: &Turn<'_>,
        collection: &Collection,
        parents: Vec<String>,
    ) -> Outcome {
        let Some(view) = &turn.used.view else {
            return Outcome::AsDocumented;
        };
        let mut members = view.sample.clone();
        for (name, value) in &collection.sample {
            members.entry(name.clone()).or_insert_with(|| value.clone());
        }
        let mut sent = overlay::sent(turn.request);
        overlay::defaults(&turn.served.operation, &mut sent);
        let named = sent.remove(&collection.key);
        overlay::lay(&mut members, sent, view.shape.as_ref());
        collection.place(&mut members, &parents);
        let id = self.new_id(collection, &parents, named);
        let name = text(&id);
        members.insert(collection.key.clone(), id);
        make::stamp(&mut members, true, turn.now);
        let body = overlay::put(view, Value::Object(overlay::shown(view, &members)));
        let thing = Thing::new(name, members, true);
        if !self.has_room(thing.length) {
            return Outcome::Full;
        }
        self.things_mut(collection, parents).push(thing);
        Outcome::Body(body)
    }

    /// An id that no thing has: the one that was sent, if the request may choose it.
    fn new_id(
        &mut self,
        collection: &Collection,
        parents: &[String],
        named: Option<Value>,
    ) -> Value {
        self.made += 1;
        let made = self.made;
        let things = self.things(collection, parents);
        let is_free = |id: &Value| !things.iter().any(|thing| thing.id == text(id));
        if let Some(named) = named.filter(|named| collections::is_id(named) && is_free(named)) {
            return named;
        }
        let shown = collection
            .sample
            .get(&collection.key)
            .cloned()
            .unwrap_or_default();
        if shown.is_number() {
            let numbers = things
                .iter()
                .filter_map(|thing| thing.id.parse::<i64>().ok());
            let seeds = collection.seeds.iter();
            let seeds = seeds.filter_map(|seed| seed.get(&collection.key)?.as_i64());
            let most = numbers.chain(seeds).max().unwrap_or_default();
            return most.saturating_add(1).into();
        }
        // Short ids run out; then the number of the thing makes one longer.
        let tries = (0..8).map(|round| make::id(&shown, made.wrapping_mul(8).wrapping_add(round)));
        let mut free = tries.filter(is_free);
        free.next()
            .unwrap_or_else(|| format!("{}{made}", text(&shown)).into())
    }

    fn read(
        &self,
        turn: &Turn<'_>,
        collection: &Collection,
        parents: &[String],
        id: &str,
    ) -> Outcome {
        let things = self.things(collection, parents);
        let Some(thing) = things.iter().find(|thing| thing.id == id) else {
            return Outcome::Missing(id.to_owned());
        };
        turn.show(&thing.members)
    }

    fn update(
        &mut self,
        turn: &Turn<'_>,
        collection: &Collection,
        parents: Vec<String>,
        id: &str,
    ) -> Outcome {
        let mut sent = overlay::sent(turn.request);
        // What names a thing stays.
        sent.remove(&collection.key);
        self.change(turn, collection, parents, id, sent)
    }

    /// Lays members over a thing.
    fn change(
        &mut self,
        turn: &Turn<'_>,
        collection: &Collection,
        parents: Vec<String>,
        id: &str,
        sent: Map<String, Value>,
    ) -> Outcome {
        if !self.has_room(overlay::length(&sent)) {
            return Outcome::Full;
        }
        let known = self.things(collection, &parents);
        let Some(at) = known.iter().position(|thing| thing.id == id) else {
            return Outcome::Missing(id.to_owned());
        };
        let view = turn.used.view.as_ref();
        let shape = view.and_then(|view| view.shape.as_ref());
        let Some(thing) = self.things_mut(collection, parents).get_mut(at) else {
            return Outcome::AsDocumented;
        };
        overlay::lay(&mut thing.members, sent, shape);
        make::stamp(&mut thing.members, false, turn.now);
        thing.length = overlay::length(&thing.members);
        turn.show(&thing.members)
    }

    fn delete(
        &mut self,
        turn: &Turn<'_>,
        collection: &Collection,
        parents: Vec<String>,
        id: &str,
    ) -> Outcome {
        let known = self.things(collection, &parents);
        let Some(at) = known.iter().position(|thing| thing.id == id) else {
            return Outcome::Missing(id.to_owned());
        };
        if !self.has_room(0) {
            return Outcome::Full;
        }
        let below = [&parents[..], &[id.to_owned()]].concat();
        let start = format!("{}/{{}}/", collection.path);
        self.kept
            .retain(|(path, ids), _| !(path.starts_with(&start) && ids.starts_with(&below)));
        self.removed.insert((collection.path.clone(), below));
        let gone = self.things_mut(collection, parents).remove(at);
        let Some(view) = &turn.used.view else {
            return Outcome::AsDocumented;
        };
        // The rest of the answer tells about the removal, not about what the thing was.
        let mut shown = view.sample.clone();
        if let Some(id) = gone.members.get(&collection.key) {
            shown.insert(collection.key.clone(), id.clone());
        }
        Outcome::Body(overlay::put(view, Value::Object(shown)))
    }
}

/// What becomes of a request.
enum Outcome {
    Body(Value),
    AsDocumented,
    /// There is no thing of that id.
    Missing(String),
    Full,
}

/// A request for a collection, and what is known of it.
struct Turn<'t> {
    served: &'t Served,
    used: &'t Use,
    captured: &'t Captured,
    request: &'t Request,
    now: u64,
}

impl Turn<'_> {
    fn show(&self, members: &Map<String, Value>) -> Outcome {
        match &self.used.view {
            Some(view) => {
                let thing = overlay::shown(view, members);
                Outcome::Body(overlay::put(view, Value::Object(thing)))
            }
            None => Outcome::AsDocumented,
        }
    }

    /// True if the page says what is answered where nothing has an id.
    fn documents_missing(&self) -> bool {
        let mut answers = self.served.answers.iter();
        answers.any(|it| it.status.code() == Some(404))
    }

    /// Nothing has that id: the documented `404`, else problem details.
    fn missing(&self, id: &str, reply: &mut Reply) {
        let answers = self.served.answers.iter();
        let mut documented = answers.filter(|it| it.status.code() == Some(404));
        let circumstances = Circumstances {
            operation: &self.served.name,
            captured: self.captured,
            ..Circumstances::default()
        };
        let before = std::mem::take(&mut reply.headers);
        let (operation, delay) = (reply.operation.take(), reply.delay);
        *reply = if let Some(answer) = documented.find(|answer| answer.has_body()) {
            respond::sent(&Choice::of(answer), circumstances, false)
        } else {
            let name = &self.served.name;
            let detail = format!(
                "{name} finds nothing with the id `{id}`: it was never made, or is removed"
            );
            Problem::new(404, "not-there", detail).reply()
        };
        reply.reason = Some(format!("nothing has the id `{id}`").into());
        (reply.operation, reply.delay) = (operation, delay);
        carry(before, reply);
    }
}

/// Adds the headers of another reply that are about the request, such as those for other origins.
fn carry(headers: http::HeaderMap, reply: &mut Reply) {
    let mut last = None;
    for (name, value) in headers {
        let Some(name) = name.or_else(|| last.clone()) else {
            continue;
        };
        let is_of_request = name.as_str().starts_with("access-control-")
            || [
                header::SOURCE,
                header::PREFERENCE_APPLIED,
                http::header::VARY,
            ]
            .contains(&name);
        if is_of_request && !reply.headers.contains_key(&name) {
            reply.headers.insert(name.clone(), value);
        }
        last = Some(name);
    }
}

fn set_body(reply: &mut Reply, body: &Value) {
    if reply.is_bodiless() || reply.status == StatusCode::NO_CONTENT {
        return;
    }
    reply.headers.remove(ETAG);
    reply.headers.remove(header::REPAIRED);
    let json = HeaderValue::from_static("application/json");
    reply.headers.insert(CONTENT_TYPE, json);
    reply.encodings = None;
    reply.pieces = None;
    reply.set_body(Bytes::from(format!("{body:#}\n")));
    if let Some(fault) = reply.fault {
        faults::respread(fault, reply);
    }
}

#[cfg(test)]
mod tests;
