//! Which operation makes what another one needs: pure, from paths, names, and examples.
//!
//! ```text
//! POST /books                  creates a `book`
//! GET  /books                  lists books
//! GET  /books/{book_id}        reads one         ─┐
//! PUT  /books/{book_id}        updates it         ├ take the id of a `book`
//! POST /books/{book_id}/lend   acts on it         │
//! DELETE /books/{book_id}      deletes it        ─┘
//! ```
//!
//! Paths with verbs (`POST /user/create`, `GET /get-user`) are read in the same way: the verb says what is done, and the
//! rest with what.

mod batch;
mod homonyms;
pub mod identity;
mod recurrence;
mod reference;
mod shard;
mod words;
mod yields;

pub use batch::Batch;
pub use reference::names_things;
pub use shard::{shards, told};
pub(in crate::conform) use words::{is_id as is_id_name, split};
pub use yields::Yield;

use std::collections::HashSet;

use crate::conform::bindings::letters;
use crate::conform::plan::input::{Input, Place};
use crate::model::json::{Json, JsonKind};
use crate::model::route::Template;
use crate::model::shape::{Shape, ShapeKind};
use crate::model::{Api, Field, Operation};

use homonyms::Homonyms;
use recurrence::Recurring;
use words::{singular, verb};

/// What an operation does with what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// What it does.
    pub kind: Kind,
    /// The singular of what it is about, in lower-case letters: `book`.
    pub noun: String,
    /// What it needs the ids of.
    pub slots: Vec<Slot>,
    /// The required members of the body that may name what it belongs to, where methods are called by their names.
    pub belongs_to: Vec<String>,
    /// The rows of a request that makes many of them at once.
    pub batch: Option<Batch>,
    /// What it makes of another kind than what it is done to.
    pub yields: Option<Yield>,
}

/// What an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Makes one more.
    Create,
    /// Shows many.
    List,
    /// Shows one.
    Read,
    /// Changes some of one.
    Update,
    /// Does something with one.
    Action,
    /// Removes one.
    Delete,
    /// Something else that changes nothing.
    Look,
    /// Something else.
    Other,
}

/// An id that an operation takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// The name of the parameter, or the way to the member, as in `items[].product_id`.
    pub name: String,
    /// Where it is sent.
    pub place: SlotPlace,
    /// What it names: `book`.
    pub noun: String,
    /// True if it names what the operation is about, not its parent.
    pub is_own: bool,
}

impl Role {
    /// True if the operation makes things of a noun, one or many.
    pub fn makes(&self, noun: &str) -> bool {
        self.noun == noun && (self.kind == Kind::Create || self.batch.is_some())
    }

    /// True if a slot names what the thing belongs to that the operation is about: one in the path, and where methods are
    /// called by their names, a required one of the request as well.
    pub fn names_parent(&self, slot: &Slot) -> bool {
        !slot.is_own && (slot.place == SlotPlace::Path || self.belongs_to.contains(&slot.name))
    }

    /// The parameter of the path that names what the operation is about.
    pub fn own_path(&self) -> Option<&Slot> {
        let mut slots = self.slots.iter();
        slots.find(|slot| slot.is_own && slot.place == SlotPlace::Path)
    }
}

impl Slot {
    /// True if an input is what the slot stands for.
    pub fn is_for(&self, input: &Input) -> bool {
        match self.place {
            SlotPlace::Path => input.place == Place::Path && input.name == self.name,
            SlotPlace::Query => input.place == Place::Query && input.name == self.name,
            SlotPlace::Body => {
                let subject = input.subject();
                let way = subject.strip_prefix("request.body.");
                // `book_ids[]` are the items of the input `book_ids`.
                let name = self.name.strip_suffix("[]").unwrap_or(&self.name);
                input.place == Place::Body && way == Some(name)
            }
        }
    }

    /// True for the items of a list of ids: `book_ids[]`.
    pub fn is_list(&self) -> bool {
        self.place == SlotPlace::Body && self.name.ends_with("[]")
    }

    /// `request.path.book_id`
    pub fn subject(&self) -> String {
        let place = match self.place {
            SlotPlace::Path => "path",
            SlotPlace::Query => "query",
            SlotPlace::Body => "body",
        };
        format!("request.{place}.{}", self.name)
    }
}

/// Where an id is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlotPlace {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// In the body.
    Body,
}

/// The roles of all operations, in their order.
pub fn roles(api: &Api) -> Vec<Role> {
    let homonyms = Homonyms::of(api);
    let by_names = |operation| role(operation, &Recurring::default(), &homonyms);
    let mut by_names: Vec<_> = api.operations.iter().map(by_names).collect();
    let keys = batch::keys(&by_names);
    let batches = batches(api, &by_names, &keys);
    apply(&batches, &mut by_names);
    let recurring = Recurring::of(api, &by_names, &made_or_listed(&by_names), &keys);
    let by_examples = |operation| role(operation, &recurring, &homonyms);
    let mut roles: Vec<_> = api.operations.iter().map(by_examples).collect();
    apply(&batches, &mut roles);
    let nouns = made_or_listed(&roles);
    let worded = reference::Worded::of(api, &nouns);
    for (role, operation) in roles.iter_mut().zip(&api.operations) {
        reference::add(role, operation, &nouns, &recurring, &worded);
    }
    let identity = |operation: &Operation| homonyms::erased(&operation.endpoint.value.path);
    let gets = || {
        let operations = api.operations.iter();
        operations.filter(|it| it.endpoint.value.method == "GET")
    };
    let items: HashSet<String> = api.operations.iter().map(identity).collect();
    let lists = gets().filter(|it| list_of(it).is_some());
    let lists: HashSet<String> = lists.map(identity).collect();
    let reads: HashSet<String> = gets().map(identity).collect();
    for (role, operation) in roles.iter_mut().zip(&api.operations) {
        let own = identity(operation);
        let is_collection = lists.contains(&own) || items.contains(&format!("{own}/{{}}"));
        let is_read_there = reads.contains(&own);
        settle(role, operation, is_collection, is_read_there);
    }
    put_in_place(&mut roles, api);
    yields::find(&mut roles, api);
    roles
}

/// What operations make many of at once, by their numbers.
fn batches(api: &Api, roles: &[Role], keys: &batch::Keys) -> Vec<(usize, String, Batch)> {
    let all = api.operations.iter().zip(roles).enumerate();
    let found = all.filter_map(|(index, (operation, role))| {
        let (noun, batch) = batch::of(operation, role, keys, api, roles)?;
        Some((index, noun, batch))
    });
    found.collect()
}

fn apply(batches: &[(usize, String, Batch)], roles: &mut [Role]) {
    for (index, noun, batch) in batches {
        if let Some(role) = roles.get_mut(*index) {
            role.kind = Kind::Other;
            role.noun.clone_from(noun);
            role.batch = Some(batch.clone());
        }
    }
}

/// What operations make, or list.
fn made_or_listed(roles: &[Role]) -> Vec<String> {
    let roles = roles.iter();
    let is_known =
        |role: &&Role| matches!(role.kind, Kind::Create | Kind::List) || role.batch.is_some();
    let roles = roles.filter(is_known);
    roles.map(|role| role.noun.clone()).collect()
}

/// What no other operation makes is made by the `PUT` that names it, if the page says so: `PUT /flags/{key}`.
fn put_in_place(roles: &mut [Role], api: &Api) {
    let made: HashSet<String> = roles
        .iter()
        .filter(|role| role.kind == Kind::Create)
        .map(|role| role.noun.clone())
        .collect();
    for (role, operation) in roles.iter_mut().zip(&api.operations) {
        let is_put = role.kind == Kind::Update && operation.endpoint.value.method == "PUT";
        let is_named = role.own_path().is_some();
        if is_put && is_named && !made.contains(&role.noun) && says_create(operation) {
            role.kind = Kind::Create;
        }
    }
}

/// True if a page says that an operation makes what is not there yet.
fn says_create(operation: &Operation) -> bool {
    const WORDS: &[&str] = &[
        "create",
        "creates",
        "upsert",
        "upserts",
        "add",
        "adds",
        "store",
        "stores",
        "save",
        "saves",
        "put",
        "puts",
        "register",
        "registers",
    ];
    let mut responses = operation.responses.iter();
    let is_made = responses.any(|it| it.status.code() == Some(201));
    let texts = [&operation.title, &operation.description];
    let mut texts = texts.into_iter().flatten().map(|text| text.to_lowercase());
    is_made
        || texts.any(|text| {
            let mut words = text.split(|c: char| !c.is_alphanumeric());
            words.any(|word| WORDS.contains(&word))
        })
}

/// True for the name of an id of a noun: `id`, and `book_id` for `book`.
pub fn is_own_id(name: &str, noun: &str) -> bool {
    words::is_bare_id(name) || words::is_id(name) && words::without_id(name) == noun
}

/// What method and path alone say, and the ids that recur where methods are called by their names.
fn role(operation: &Operation, recurring: &Recurring, homonyms: &Homonyms) -> Role {
    let endpoint = &operation.endpoint.value;
    let segments: Vec<&str> = endpoint
        .path
        .split('/')
        .filter(|segment| !segment.is_empty())
        .map(words::without_format)
        .collect();
    if let Some(called) = called(operation, &segments, recurring) {
        return called;
    }
    let mut slots = Vec::new();
    let mut noun = String::new();
    let mut spoken = None;
    let mut is_item = false;
    let mut place = String::new();
    for segment in &segments {
        place.push('/');
        place.push_str(segment);
        let parameters = Template::parse(&format!("/{segment}"))
            .parameters()
            .to_vec();
        if let [name] = parameters.as_slice() {
            for slot in &mut slots {
                let slot: &mut Slot = slot;
                slot.is_own = false;
            }
            let of = if noun.is_empty() {
                words::without_id(name)
            } else {
                noun.clone()
            };
            slots.push(Slot {
                name: name.clone(),
                place: SlotPlace::Path,
                noun: of,
                is_own: true,
            });
            is_item = true;
            continue;
        }
        let (said, rest) = verb(segment);
        if let (Some(said), Some(of)) = (said, rest) {
            spoken = Some(said);
            noun = of;
            is_item = false;
        } else if let Some(said) = said {
            spoken = Some(said);
        } else {
            let other = homonyms.noun(&homonyms::erased(&place)).cloned();
            noun = other.unwrap_or_else(|| singular(segment));
            spoken = None;
            is_item = false;
        }
    }
    let ends_with_parameter = segments
        .last()
        .is_some_and(|last| !Template::parse(&format!("/{last}")).parameters().is_empty());
    let kind = kind(
        &endpoint.method,
        spoken,
        is_item,
        ends_with_parameter,
        &slots,
    );
    if !is_item || kind == Kind::Create || kind == Kind::List && !ends_with_parameter {
        for slot in &mut slots {
            slot.is_own = false;
        }
    }
    Role {
        kind,
        noun,
        slots,
        belongs_to: Vec::new(),
        batch: None,
        yields: None,
    }
}

/// A procedure by the name of what it is about: `POST /messages.send`.
fn called(operation: &Operation, segments: &[&str], recurring: &Recurring) -> Option<Role> {
    let (noun, word) = segments.last()?.rsplit_once('.')?;
    let is_word = |text: &str| text.chars().all(char::is_alphabetic) && !text.is_empty();
    if !is_word(word) || !noun.split('.').all(is_word) {
        return None;
    }
    let mut noun = singular(noun.rsplit('.').next().unwrap_or(noun));
    let takes_id =
        reference::own_name(operation, &noun).is_some() || recurring.names(operation, &noun);
    let list = list_of(operation);
    let kind = match verb(word).0 {
        Some(spoken) => spoken,
        None if let Some(list) = list => {
            // `wallet.entries` of a wallet lists what is not called wallets.
            if let Some(name) = list.way.last().filter(|_| takes_id) {
                noun = singular(name);
            }
            Kind::List
        }
        None if takes_id && operation.endpoint.value.method == "GET" => Kind::Read,
        None if takes_id => Kind::Action,
        None if answers_with_id(operation, &noun) => Kind::Create,
        None => Kind::Other,
    };
    let is_required = |field: &&Field| field.is_required() && field.children.is_empty();
    let body = operation.body.iter().flat_map(|body| &body.fields);
    let names = body
        .filter(is_required)
        .map(|field| field.name.value.clone());
    Some(Role {
        kind,
        noun,
        slots: Vec::new(),
        belongs_to: names.collect(),
        batch: None,
        yields: None,
    })
}

fn kind(
    method: &str,
    spoken: Option<Kind>,
    is_item: bool,
    ends_with_parameter: bool,
    slots: &[Slot],
) -> Kind {
    let is_read = matches!(method, "GET" | "HEAD" | "OPTIONS" | "QUERY");
    if let Some(spoken) = spoken {
        let is_reading = matches!(spoken, Kind::List | Kind::Read);
        return match (is_read, is_reading) {
            (true, false) => Kind::Look,
            _ => spoken,
        };
    }
    match method {
        "DELETE" if ends_with_parameter => Kind::Delete,
        "PUT" | "PATCH" if ends_with_parameter || is_item => Kind::Update,
        "GET" | "HEAD" | "QUERY" if ends_with_parameter => Kind::Read,
        "POST" if ends_with_parameter => Kind::Update,
        "GET" => Kind::List,
        "POST" if slots.is_empty() => Kind::Create,
        // `/books/{id}/reviews` or `/books/{id}/lend`: the other operations tell.
        "POST" | "PUT" | "PATCH" | "DELETE" if !slots.is_empty() => Kind::Action,
        "POST" => Kind::Action,
        _ if is_read => Kind::Look,
        _ => Kind::Other,
    }
}

/// Corrects a role by what the pages show and by what else there is.
fn settle(role: &mut Role, operation: &Operation, is_collection: bool, is_read_there: bool) {
    match role.kind {
        Kind::List if list_of(operation).is_none() => role.kind = Kind::Look,
        Kind::Create if !is_collection && !answers_with_id(operation, &role.noun) => {
            role.kind = Kind::Other;
        }
        Kind::Action if role.slots.iter().all(|slot| slot.place != SlotPlace::Path) => {}
        // What is read there, too, is something by itself: `PUT /users/{id}/settings`.
        Kind::Action
            if operation.endpoint.value.method != "POST" && (is_collection || is_read_there) =>
        {
            role.kind = Kind::Other;
        }
        Kind::Action => {
            let is_post = operation.endpoint.value.method == "POST";
            if is_post && (is_collection || makes_child(role, operation)) {
                role.kind = Kind::Create;
                // "Id of another comment" names one, and not the one that is made.
                for slot in &mut role.slots {
                    slot.is_own = false;
                }
                return;
            }
            // What is done to a book answers with the book, or says nothing about itself; another book that the body names,
            // such as the one that it is merged into, is none that it is done to.
            let mut paths = role.slots.iter();
            let last = paths.rposition(|slot| slot.place == SlotPlace::Path);
            for (at, slot) in role.slots.iter_mut().enumerate() {
                slot.is_own = Some(at) == last;
                if slot.is_own {
                    role.noun.clone_from(&slot.noun);
                }
            }
            // `PUT /orders/{id}/stage` with `{"stage": …}` sets a part of the order.
            let is_set = matches!(operation.endpoint.value.method.as_str(), "PUT" | "PATCH");
            if is_set && operation.body.is_some() {
                role.kind = Kind::Update;
            }
        }
        _ => {}
    }
}

/// True if the answer of what ends with the name of several things is one of them, and not what they belong to.
fn makes_child(role: &Role, operation: &Operation) -> bool {
    let Some(parent) = role.slots.last() else {
        return false;
    };
    let names_parent = |name: &str| {
        let name = letters(name);
        name == parent.noun
            || name == format!("{}id", parent.noun)
            || name == letters(&parent.name) && name != "id"
    };
    let successes = operation
        .responses
        .iter()
        .filter(|it| it.status.is_success());
    let is_made = successes.clone().any(|it| it.status.code() == Some(201));
    let members = successes
        .filter_map(|it| it.shape.as_ref())
        .flat_map(|shape| {
            let inner = shape.members().iter().flat_map(|it| it.shape.members());
            shape.members().iter().chain(inner)
        });
    let belongs = members.into_iter().any(|member| names_parent(&member.name));
    ends_with_several(operation) && answers_with_id(operation, &role.noun) && (is_made || belongs)
}

/// True if the last name of a path is that of several things: `POST /tasks/{task_id}/comments`.
pub fn ends_with_several(operation: &Operation) -> bool {
    let path = &operation.endpoint.value.path;
    let last = path.rsplit('/').find(|segment| !segment.is_empty());
    last.is_some_and(|last| singular(last) != letters(last) && verb(last).0.is_none())
}

/// The way to the array of items in the answer of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListShape {
    /// The names on the way; empty if the answer itself is the array.
    pub way: Vec<String>,
}

/// Where the items are, if the operation answers with objects in an array.
pub fn list_of(operation: &Operation) -> Option<ListShape> {
    for response in operation
        .responses
        .iter()
        .filter(|it| it.status.is_success())
    {
        let by_shape = response.shape.as_ref().and_then(array_in_shape);
        let mut examples = response.examples.iter().filter_map(|it| it.value());
        if let Some(way) = by_shape.or_else(|| examples.find_map(array_in_value)) {
            return Some(ListShape { way });
        }
    }
    None
}

fn array_in_shape(shape: &Shape) -> Option<Vec<String>> {
    let is_list = |shape: &Shape| match &shape.kind {
        ShapeKind::Array(items) => matches!(items.kind, ShapeKind::Object { .. }),
        _ => false,
    };
    if is_list(shape) {
        return Some(Vec::new());
    }
    let lists: Vec<_> = shape
        .members()
        .iter()
        .filter(|it| is_list(&it.shape))
        .collect();
    if let [one] = lists.as_slice() {
        return Some(vec![one.name.clone()]);
    }
    let inside = shape.members().iter().filter(|_| lists.is_empty());
    let mut found = inside.filter_map(|outer| {
        let inner = outer.shape.members().iter().filter(|it| is_list(&it.shape));
        let inner: Vec<_> = inner.collect();
        match inner.as_slice() {
            [one] => Some(vec![outer.name.clone(), one.name.clone()]),
            _ => None,
        }
    });
    found.next().filter(|_| shape.members().len() <= 4)
}

fn array_in_value(value: &Json) -> Option<Vec<String>> {
    let is_list = |value: &Json| {
        value
            .items()
            .iter()
            .any(|item| matches!(item.kind, JsonKind::Object(_)))
    };
    if is_list(value) {
        return Some(Vec::new());
    }
    let lists: Vec<_> = value
        .members()
        .iter()
        .filter(|it| is_list(&it.value))
        .collect();
    if let [one] = lists.as_slice() {
        return Some(vec![one.key.clone()]);
    }
    None
}

/// True if a documented success holds an id of what the operation is about.
fn answers_with_id(operation: &Operation, noun: &str) -> bool {
    let is_id = |name: &str| identity::rank(name, "id", noun).is_some();
    operation
        .responses
        .iter()
        .filter(|it| it.status.is_success())
        .any(|response| {
            let shape = response.shape.iter();
            let mut members = shape.flat_map(|shape| {
                let inner = shape.members().iter().flat_map(|it| it.shape.members());
                shape.members().iter().chain(inner)
            });
            let mut examples = response.examples.iter().filter_map(|it| it.value());
            members.any(|member| is_id(&member.name))
                || examples.any(|value| {
                    let inner = value.members().iter().flat_map(|it| it.value.members());
                    value
                        .members()
                        .iter()
                        .chain(inner)
                        .any(|member| is_id(&member.key))
                })
        })
}

#[cfg(test)]
mod tests;
