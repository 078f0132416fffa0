//! A world that remembers: what is made is there to be read, and what is removed is gone.
//!
//! [`State::apply`] takes the answer that the pages give, and puts the things of the world in it. It knows no clock and
//! no socket: the time is handed in, and all that is kept is plain data.

mod absent;
mod action;
mod around;
mod basket;
mod beneath;
mod by;
mod candidate;
mod collections;
mod embed;
mod filter;
mod full_name;
mod items;
mod join;
mod keeping;
mod link;
mod links;
mod list;
mod location;
pub(super) mod make;
mod moves;
mod named;
mod overlay;
mod paging;
mod part;
mod quoted;
mod receipt;
mod refer;
mod reference;
mod relation;
mod renamed;
mod repeats;
mod roles;
mod seed;
mod single;
mod sorting;
mod spans;
mod spoken;
mod stored;
mod strangers;
mod tally;
mod total;
mod undo;
pub(super) mod unsent;
mod view;
mod wants;
mod wish;
mod world;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, ETAG, HeaderValue};
use http::{Method, StatusCode};
use serde_json::{Map, Value};

use super::answer::Answer;
use super::faults::Fault;
use super::generate::Circumstances;
use super::message::{Reply, Request};
use super::prefer::Preferences;
use super::problem::Problem;
use super::routes::{Captured, Lookup};
use super::rows::Row;
use super::select::Choice;
use super::telling::{self, Cause};
use super::{Mock, Served, answer, condition, faults, header, respond};

use collections::{Collections, Role, Use};
use repeats::{Answered, Asked};
use view::text;
use world::Spot;

pub use keeping::Keeping;
pub(super) use stored::Change;

/// The things of one collection below the same parents, the first made first.
type Things = Vec<Thing>;

#[derive(Clone, Debug)]
struct Thing {
    id: String,
    members: Map<String, Value>,
    /// True if a request made it: then it has nothing below it at first.
    is_made: bool,
    /// The path that it was made at and the ids in it, where its own path has fewer.
    below: Vec<String>,
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
            below: Vec::new(),
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
    /// What was answered to requests with an `Idempotency-Key`.
    answered: BTreeMap<Asked, Arc<Answered>>,
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

    /// Goes on with pages that were saved: what was made or changed stays as it is.
    pub fn follow(&mut self, mock: &Mock) {
        let before = Arc::clone(&self.collections);
        self.collections = Arc::new(Collections::of(mock));
        let collections = &self.collections.all;
        self.kept
            .retain(|(path, _), _| collections.iter().any(|it| it.path == *path));
        self.renew(&before);
    }

    /// Makes the world what the pages show.
    pub fn reset(&mut self) {
        self.kept.clear();
        self.removed.clear();
        self.answered.clear();
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
        let Some(served) = mock.operations.get(index) else {
            return respond::reply(mock, request);
        };
        let Some(used) = self.collections.uses.get(&index).cloned() else {
            return self.unkept(mock, (index, served, &captured), request, now);
        };
        let mut plain = request.clone();
        if plain.method == Method::HEAD {
            plain.method = Method::GET;
        }
        // The body, and what is there to be changed, will be others.
        let mut reply = respond::unfitted(mock, served, &plain, &captured);
        let is_failed = matches!(
            reply.fault,
            Some(Fault::Error | Fault::Throttle | Fault::Reset)
        );
        let is_open =
            reply.status.is_success() && !is_failed && !Preferences::of(request).is_choice();
        let unmet = is_open.then(|| {
            let circumstances = Circumstances {
                operation: &served.name,
                captured: &captured,
                ..Circumstances::default()
            };
            condition::refused(request, served, circumstances, |reading| {
                self.apply(mock, reading, now)
            })
        });
        let mut is_kept = true;
        if let Some(unmet) = unmet.flatten() {
            let before = std::mem::replace(&mut reply, unmet);
            (reply.operation, reply.delay) = (before.operation, before.delay);
            carry(before.headers, &mut reply);
        } else if is_open {
            let turn = Turn {
                mock,
                served,
                used: &used,
                captured: &captured,
                request: &plain,
                now,
            };
            let asked = repeats::asked(served, &plain);
            let is_repeated = asked
                .as_ref()
                .is_some_and(|asked| self.repeat(asked, (served, &captured), &plain, &mut reply));
            is_kept = is_repeated || self.turn(&turn, &mut reply);
            if !is_repeated && reply.status.is_success() {
                self.link(index, &captured, &plain, now);
            }
            if let Some(asked) = asked.filter(|_| is_kept && !is_repeated) {
                self.keep_answer(asked, &plain, &reply);
            }
        }
        if is_kept {
            let kept = HeaderValue::from_static("kept");
            reply.headers.insert(header::STATE, kept);
        }
        respond::fit(request, &mut reply);
        reply
    }

    /// Answers as without state, but for a key that was sent before, and what is put below a thing.
    fn unkept(
        &mut self,
        mock: &Mock,
        (index, served, captured): (usize, &Served, &Captured),
        request: &Request,
        now: u64,
    ) -> Reply {
        let asked = repeats::asked(served, request);
        let is_link = self.collections.links.contains_key(&index);
        let is_beneath = self.collections.beneath.contains_key(&index);
        if asked.is_none() && !is_link && !is_beneath || Preferences::of(request).is_choice() {
            return respond::reply(mock, request);
        }
        let mut reply = respond::unfitted(mock, served, request, captured);
        if reply.status.is_success() && reply.fault.is_none() {
            self.answer_beneath(mock, (index, served, captured), request, &mut reply);
        }
        if reply.status.is_success() && reply.fault.is_none() {
            let is_repeated = asked
                .as_ref()
                .is_some_and(|asked| self.repeat(asked, (served, captured), request, &mut reply));
            if !is_repeated && self.link(index, captured, request, now) {
                let kept = HeaderValue::from_static("kept");
                reply.headers.insert(header::STATE, kept);
            }
            if let Some(asked) = asked.filter(|_| !is_repeated) {
                self.keep_answer(asked, request, &reply);
            }
        }
        respond::fit(request, &mut reply);
        reply
    }

    /// Puts the things of the world in an answer; false if the request is for something that the world does not know.
    fn turn(&mut self, turn: &Turn<'_>, reply: &mut Reply) -> bool {
        let collections = Arc::clone(&self.collections);
        let Some(collection) = collections.all.get(turn.used.collection) else {
            return false;
        };
        let Some(reach) = collection.reaches.get(turn.used.reach) else {
            return false;
        };
        let ids = turn.captured.iter().map(|(_, value)| value.clone());
        let mut ids: Vec<String> = ids.collect();
        let part = turn.used.part.as_ref();
        let item = part
            .filter(|part| part.key.is_some())
            .and_then(|_| ids.pop());
        let own = match &turn.used.own {
            Some(name) => overlay::named(turn.request, name),
            None => (ids.len() > reach.parents.len())
                .then(|| ids.pop())
                .flatten()
                .or_else(|| collection.is_single.then(String::new)),
        };
        let spot = Spot {
            collection,
            reach,
            ids,
        };
        let own = own.map(|own| self.by(&spot, turn.used, own));
        if let Some((missing, told)) = self.missing_parent(&spot, turn.documents_missing()) {
            turn.missing((&missing, &missing), told, reply);
            return true;
        }
        let outcome = match (turn.used.role, &own) {
            (Role::List, None) => self.list(turn, &spot, &mut reply.headers),
            (Role::Create, None) => self.create(turn, &spot, &mut reply.headers),
            (Role::Read, Some(id)) => self.read(turn, &spot, id),
            (Role::Update, Some(id)) => self.update(turn, &spot, id),
            (Role::Act, Some(id)) => match part {
                Some(part) => self.fill(turn, &spot, id, part, item.as_deref()),
                None => self.act(turn, &spot, id),
            },
            (Role::Delete, Some(id)) => self.delete(turn, &spot, id),
            _ => return false,
        };
        match outcome {
            Outcome::Body(body) => set_body(reply, &body),
            Outcome::AsDocumented => {}
            Outcome::Made(answer, body) => {
                turn.refuse(Ok(answer), reply);
                set_body(reply, &body);
            }
            Outcome::Refused(answer, reason) => {
                turn.refuse(Ok(answer), reply);
                reply.reason = Some(reason.into());
            }
            Outcome::Told(row, name, reason) => {
                turn.tell(row, name, reply);
                reply.reason = Some(reason.into());
            }
            Outcome::Missing(id) => {
                let whole = spot.whole(own.as_ref().unwrap_or(&id));
                let place = (collection.path.clone(), whole);
                // What other operations make may have any id, and so may what no page says that it can be missing.
                let is_told = turn.documents_missing() || collection.missing.is_some();
                let is_asked = own.as_ref() == Some(&id);
                let is_known = collection.is_complete
                    && (is_told || is_asked && !self.may_be_there(collection, &id));
                if !is_known && !self.removed.contains(&place) {
                    return false;
                }
                let known = collection.sample.get(&collection.key);
                let known = known.map(text).unwrap_or_default();
                turn.missing((&id, &known), collection.missing, reply);
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
}

/// What becomes of a request.
enum Outcome<'t> {
    Body(Value),
    AsDocumented,
    /// A thing was made, which is told with this answer.
    Made(&'t Answer, Value),
    /// The page documents this answer for it; and why.
    Refused(&'t Answer, String),
    /// The page only tells that it is refused, for a member; and why.
    Told(&'t Row, String, String),
    /// There is no thing of that id.
    Missing(String),
    Full,
}

/// A request for a collection, and what is known of it.
struct Turn<'t> {
    mock: &'t Mock,
    served: &'t Served,
    used: &'t Use,
    captured: &'t Captured,
    request: &'t Request,
    now: u64,
}

impl Turn<'_> {
    fn show(&self, members: &Map<String, Value>) -> Outcome<'static> {
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
        answers.any(|it| it.is_of(404))
    }

    /// Nothing has that id: the documented `404`, else that of another operation that tells it, else problem details.
    fn missing(&self, names: (&str, &str), told: Option<usize>, reply: &mut Reply) {
        let asked = (self.served, self.captured, self.request);
        tell_missing(self.mock, asked, names, told, reply);
    }

    /// A refusal that the page only tells, in the form that the errors of the site have.
    fn tell(&self, row: &Row, name: String, reply: &mut Reply) {
        let problem = Problem::new(row.status, "refused", row.text.clone());
        self.refuse(Err(problem), reply);
        let common = self.mock.common();
        let inputs = telling::inputs(&self.served.operation);
        let causes = [Cause {
            name: Some(name),
            message: row.text.clone(),
        }];
        let told = (&causes[..], &inputs[..]);
        let kind = common.of_status(row.status);
        *reply = common.instead(kind, reply.clone(), self.request, told);
    }

    /// Puts a documented refusal, else problem details, in the place of a reply.
    fn refuse(&self, refusal: Result<&Answer, Problem>, reply: &mut Reply) {
        refuse((self.served, self.captured), refusal, reply);
    }
}

/// Nothing has that id: the documented `404`, else that of another operation that tells it, else the one that the site
/// describes for all, else problem details.
///
/// The error names the id that was asked for, if it names one; `known` is one of the same kind.
fn tell_missing(
    mock: &Mock,
    (served, captured, request): (&Served, &Captured, &Request),
    (id, known): (&str, &str),
    told: Option<usize>,
    reply: &mut Reply,
) {
    let told = told.and_then(|index| mock.operations.get(index));
    let answers = served.answers.iter();
    let answers = answers.chain(told.iter().flat_map(|it| &it.answers));
    let mut documented = answers.filter(|it| it.is_of(404));
    let problem = || {
        let name = &served.name;
        let detail =
            format!("{name} finds nothing with the id `{id}`: it was never made, or is removed");
        Problem::new(404, "not-there", detail)
    };
    let documented = documented.find(|answer| answer.has_body());
    let shown = documented.and_then(Answer::json);
    refuse((served, captured), documented.ok_or_else(problem), reply);
    if documented.is_none() {
        let common = mock.common();
        let kind = common.of_missing();
        *reply = common.instead(kind, reply.clone(), request, (&[], &[]));
    }
    if let Some(body) = shown.and_then(|shown| absent::told(&shown, id, known)) {
        set_body(reply, &body);
    }
    reply.reason = Some(format!("nothing has the id `{id}`").into());
}

fn refuse(
    (served, captured): (&Served, &Captured),
    refusal: Result<&Answer, Problem>,
    reply: &mut Reply,
) {
    let circumstances = Circumstances {
        operation: &served.name,
        captured,
        ..Circumstances::default()
    };
    let before = std::mem::take(&mut reply.headers);
    let (operation, delay) = (reply.operation.take(), reply.delay);
    *reply = match refusal {
        Ok(answer) => respond::sent(&Choice::of(answer), circumstances, false),
        Err(problem) => problem.reply(),
    };
    (reply.operation, reply.delay) = (operation, delay);
    carry(before, reply);
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
    let body = format!("{body:#}\n");
    // What is documented for the example is not the tag of another body.
    if reply.headers.remove(ETAG).is_some() {
        reply.headers.insert(ETAG, answer::tag(body.as_bytes()));
    }
    reply.headers.remove(header::REPAIRED);
    let json = HeaderValue::from_static("application/json");
    reply.headers.insert(CONTENT_TYPE, json);
    reply.encodings = None;
    reply.pieces = None;
    reply.set_body(Bytes::from(body));
    if let Some(fault) = reply.fault {
        faults::respread(fault, reply);
    }
}

#[cfg(test)]
mod tests;
