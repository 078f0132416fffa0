//! An array of a thing that operations fill and empty.
//!
//! ```text
//! POST         /carts/{cart_id}/lines             adds an item to `lines`
//! PUT, PATCH   /carts/{cart_id}/lines/{line_id}   changes it
//! DELETE       /carts/{cart_id}/lines/{line_id}   removes it
//! ```
//!
//! The body of the request must have members of the items of one array, and the path must name that array, unless the
//! thing has no other.

use serde_json::{Map, Value};

use super::candidate::Candidate;
use super::collections::{Collection, Group, Role};
use super::link::Linked;
use super::view::{View, is_id, key, member, text, view};
use super::world::Spot;
use super::{Outcome, State, Turn, items, join, make, overlay, total};
use crate::mock::words;
use crate::model::Operation;
use crate::model::shape::{Shape, ShapeKind};

/// What an operation does with an array of a thing.
#[derive(Clone, Debug)]
pub(super) struct Part {
    /// The member of the thing.
    pub(super) member: String,
    /// An item as examples show one.
    sample: Value,
    /// What an item is documented to be.
    shape: Option<Shape>,
    /// What the last parameter of the path names an item by; none if items are added.
    pub(super) key: Option<Key>,
    is_removal: bool,
}

/// What names an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Member(String),
    /// The item is a plain value.
    Itself,
}

/// What an operation below a thing is about.
pub(super) enum Found {
    Part(Box<Part>),
    /// The path names an array, and the rest does not fit.
    Other,
    /// The thing as a whole.
    None,
}

/// An array of a thing.
struct Array {
    member: String,
    sample: Value,
    shape: Option<Shape>,
}

impl Part {
    pub(super) fn removes(&self) -> bool {
        self.is_removal
    }

    /// Where the item is that a path names.
    fn position(&self, thing: &Map<String, Value>, id: &str) -> Option<usize> {
        let items = thing.get(&self.member)?.as_array()?;
        items.iter().position(|item| match &self.key {
            Some(Key::Member(name)) => item.get(name).is_some_and(|value| text(value) == id),
            Some(Key::Itself) => text(item) == id,
            None => false,
        })
    }

    fn apply(
        &self,
        thing: &mut Map<String, Value>,
        mut sent: Map<String, Value>,
        id: Option<&str>,
    ) {
        let at = id.and_then(|id| self.position(thing, id));
        let items = thing.entry(self.member.clone()).or_insert(Value::Null);
        if !items.is_array() {
            *items = Value::Array(Vec::new());
        }
        let Value::Array(items) = items else { return };
        match at {
            Some(at) if self.is_removal => {
                items.remove(at);
            }
            Some(at) => {
                if let (Some(Value::Object(item)), Some(Key::Member(key))) =
                    (items.get_mut(at), &self.key)
                {
                    sent.remove(key);
                    overlay::lay(item, sent, self.shape.as_ref());
                }
            }
            None => match self.known(items, &sent) {
                Some(Value::Object(item)) => overlay::lay(item, sent, self.shape.as_ref()),
                _ => items.push(self.item(items, sent)),
            },
        }
    }

    /// The item that what is sent names already: items without an id are known by what they name, such as `user_id`.
    fn known<'i>(
        &self,
        items: &'i mut [Value],
        sent: &Map<String, Value>,
    ) -> Option<&'i mut Value> {
        let sample = self
            .sample
            .as_object()
            .filter(|it| !it.contains_key("id"))?;
        // The same product once more is another line.
        let is_counted = |name: &String| matches!(words::folded(name).as_str(), "quantity" | "qty");
        if sample.keys().any(is_counted) {
            return None;
        }
        let is_name = |(name, value): &(&String, &Value)| {
            is_id(value) && words::parts(name).last().is_some_and(|last| last == "id")
        };
        let mut names = sent.iter().filter(is_name);
        let (name, id) = names.next()?;
        let is_one = names.next().is_none();
        let mut items = items.iter_mut().filter(|_| is_one);
        items.find(|item| item.get(name) == Some(id))
    }

    /// A new item: what was sent, over what the example shows, with an id of its own.
    fn item(&self, items: &[Value], sent: Map<String, Value>) -> Value {
        let Value::Object(sample) = &self.sample else {
            return sent
                .into_iter()
                .next()
                .map_or(Value::Null, |(_, value)| value);
        };
        let mut item = sample.clone();
        let id = item.get("id").filter(|id| is_id(id)).cloned();
        if let Some(shown) = id.filter(|_| !sent.contains_key("id")) {
            let ids: Vec<&Value> = items.iter().filter_map(|item| item.get("id")).collect();
            let id = make::free(&shown, &ids, 0);
            item.insert("id".to_owned(), id);
        }
        overlay::lay(&mut item, sent, self.shape.as_ref());
        Value::Object(item)
    }
}

/// The array that an operation below a thing is about.
pub(super) fn of(
    operation: &Operation,
    collection: &Collection,
    view: Option<&View>,
    literal: &str,
    parameter: Option<&str>,
) -> Found {
    let method = operation.endpoint.value.method.as_str();
    let arrays = arrays(collection, view);
    let sent = overlay::documented(operation).unwrap_or_default();
    // `PUT /posts/{id}/tags` with all tags is about the post.
    if parameter.is_none() && arrays.iter().any(|array| sent.contains(&array.member)) {
        return Found::None;
    }
    let key = |array: &Array| parameter.and_then(|parameter| array.key(parameter, literal));
    let fits = |array: &&Array| match parameter {
        Some(_) => key(array).is_some() && (method == "DELETE" || array.takes(&sent)),
        None => method == "POST" && array.takes(&sent) && !sent.is_empty(),
    };
    let named: Vec<&Array> = arrays
        .iter()
        .filter(|it| is_named(&it.member, literal))
        .collect();
    let mut fitting = if named.is_empty() {
        let is_plural = words::singular(literal) != words::folded(literal);
        let is_about_items = is_plural || words::folded(literal).starts_with("add");
        let objects = arrays.iter().filter(|it| it.sample.is_object());
        objects.filter(|_| is_about_items).collect()
    } else {
        named.clone()
    };
    fitting.retain(fits);
    match fitting.as_slice() {
        [array] => Found::Part(Box::new(Part {
            member: array.member.clone(),
            sample: array.sample.clone(),
            shape: array.shape.clone(),
            key: key(array),
            is_removal: method == "DELETE",
        })),
        _ if named.is_empty() && parameter.is_none() => Found::None,
        _ => Found::Other,
    }
}

/// Takes those operations out of the groups that fill and empty an array of what is around them.
///
/// `POST`, `PATCH`, and `DELETE` below `/carts/{}/lines` that answer with the cart, in which `lines` are, make no
/// collection of lines; neither does one of `/groups/{}/members` that answers with the group, where the list shows others.
///
/// What is put below a thing and known elsewhere is removed there like anything else.
pub(super) fn set_apart<'m>(groups: Vec<Group<'m>>, linked: &Linked<'_>) -> Vec<Group<'m>> {
    let fillers: Vec<Vec<usize>> = groups.iter().map(|it| fillers(it, &groups)).collect();
    let groups = groups.into_iter().zip(fillers);
    let groups = groups.map(|(mut group, fillers)| {
        let is_linked = linked.contains_key(&group.path);
        group.candidates.retain(|it| {
            let is_removal = it.role == Role::Delete && it.body.is_none();
            !fillers.contains(&it.index) || is_linked && is_removal
        });
        group
    });
    groups
        .filter(|group| !group.candidates.is_empty())
        .collect()
}

/// The operations of a group that answer with what is around it, and those beside them that answer with nothing.
fn fillers(group: &Group<'_>, groups: &[Group<'_>]) -> Vec<usize> {
    let around = group.path.rsplit_once("/{}/").and_then(|(path, own)| {
        let around = groups.iter().find(|it| it.path == path)?;
        let candidates: Vec<_> = around.candidates.iter().collect();
        Some((own, around, key(path, &candidates)?))
    });
    let Some((own, around, key)) = around else {
        return Vec::new();
    };
    let known = join::members(around, &key);
    let changes = || {
        let candidates = group.candidates.iter();
        candidates.filter(|it| !matches!(it.role, Role::List | Role::Read))
    };
    let is_whole = |candidate: &Candidate<'_>| {
        let body = candidate.body.as_ref();
        let view = body.and_then(|body| view(candidate.served, candidate.role, body, &key));
        view.is_some_and(|view| {
            let arrays = view.sample.iter().filter(|(_, value)| value.is_array());
            let mut arrays = arrays.filter(|(name, _)| known.contains(*name));
            let shared = view.sample.keys().filter(|name| known.contains(*name));
            shared.count() * 2 > view.sample.len()
                && (arrays.any(|(name, _)| is_named(name, own)) || lists_others(group, &view, &key))
        })
    };
    if !changes().any(is_whole) {
        return Vec::new();
    }
    let fillers = changes().filter(|it| it.body.is_none() || is_whole(it));
    fillers.map(|it| it.index).collect()
}

/// True if the list of a group shows things of another kind than an answer beside it.
fn lists_others(group: &Group<'_>, own: &View, key: &str) -> bool {
    let mut lists = group.candidates.iter().filter(|it| it.role == Role::List);
    let list = lists.find_map(|it| view(it.served, Role::List, it.body.as_ref()?, key));
    list.is_some_and(|list| {
        let others = own.sample.keys().filter(|name| {
            let is_time = make::is_creation(name) || make::is_change(name);
            name.as_str() != key && !is_time
        });
        let others: Vec<_> = others.collect();
        let shared = others.iter().filter(|name| list.shown.contains(**name));
        others.len() > 1 && shared.count() * 2 < others.len()
    })
}

/// What an array of ids lists: `member` of `member_ids`.
fn listed(array: &str) -> &str {
    let ends = ["_ids", "Ids", "_uuids"];
    let found = ends.iter().find_map(|end| array.strip_suffix(end));
    found.filter(|it| !it.is_empty()).unwrap_or(array)
}

/// True if a word of a path names an array: `lines`, `line`, `add-line`.
fn is_named(array: &str, literal: &str) -> bool {
    let own = words::singular(listed(array));
    let mut parts = words::parts(literal).into_iter();
    words::folded(literal) == words::folded(array)
        || parts.any(|part| words::singular(&part) == own)
}

/// The arrays that a thing has, with an item of each.
fn arrays(collection: &Collection, view: Option<&View>) -> Vec<Array> {
    let shape = |name: &String| {
        let shape = member(view?.shape.as_ref()?, name)?;
        overlay::items_of(shape).cloned()
    };
    let shown = || {
        let view = view.map(|view| &view.sample);
        view.into_iter()
            .chain([&collection.sample])
            .chain(&collection.seeds)
    };
    let mut arrays: Vec<Array> = Vec::new();
    for (name, value) in shown().flatten() {
        if !value.is_array() || arrays.iter().any(|it| it.member == *name) {
            continue;
        }
        let mut items = shown().filter_map(|thing| thing.get(name)?.as_array()?.first());
        let shape = shape(name);
        let empty = || {
            let is_object = shape
                .as_ref()
                .is_some_and(|it| matches!(it.kind, ShapeKind::Object { .. }));
            is_object.then(|| Value::Object(Map::new()))
        };
        if let Some(sample) = items.next().cloned().or_else(empty) {
            arrays.push(Array {
                member: name.clone(),
                sample,
                shape,
            });
        }
    }
    arrays
}

impl Array {
    /// True if all that can be sent is part of an item.
    fn takes(&self, sent: &[String]) -> bool {
        match &self.sample {
            Value::Object(sample) => sent.iter().all(|name| {
                let shape = self.shape.as_ref();
                sample.contains_key(name) || shape.is_some_and(|it| member(it, name).is_some())
            }),
            Value::Array(_) => false,
            _ => matches!(sent, [name] if *name != self.member && self.is_of_items(name)),
        }
    }

    /// True for a member that holds one plain item: `tag` of `tags`, and any id of `member_ids`.
    fn is_of_items(&self, name: &str) -> bool {
        let is_id = words::parts(name).last().is_some_and(|last| last == "id");
        // `url` of `images` that are addresses.
        let is_address = || {
            let shown = self.sample.as_str().is_some_and(|it| it.contains("://"));
            shown
                && words::parts(name)
                    .iter()
                    .any(|it| it == "url" || it == "link")
        };
        words::singular(name) == words::singular(&self.member)
            || is_id && listed(&self.member) != self.member
            || is_address()
    }

    /// What a parameter of a path names an item by.
    fn key(&self, parameter: &str, literal: &str) -> Option<Key> {
        let Value::Object(sample) = &self.sample else {
            let is_own = words::singular(&self.member) == parameter;
            let is_id = parameter.ends_with("id") && listed(&self.member) != self.member;
            return (is_own || is_id).then_some(Key::Itself);
        };
        let nouns = [words::singular(literal), words::singular(&self.member)];
        let is_id = parameter == "id" || nouns.iter().any(|it| parameter == format!("{it}id"));
        let named = |wanted: &str| {
            let mut names = sample.keys();
            names.find(|name| words::folded(name) == wanted).cloned()
        };
        let found = named(parameter).or_else(|| named("id").filter(|_| is_id));
        found.map(Key::Member)
    }
}

impl State {
    /// Adds, changes, or removes an item of an array of a thing.
    pub(super) fn fill(
        &mut self,
        turn: &Turn<'_>,
        spot: &Spot<'_>,
        id: &str,
        part: &Part,
        item: Option<&str>,
    ) -> Outcome<'static> {
        let operation = &turn.served.operation;
        let mut sent = overlay::sent(turn.request, operation, None);
        if let Some(item) = item {
            let things = self.things(spot.collection, spot.place());
            let at = self.position(spot, id);
            let Some(thing) = at.and_then(|at| things.get(at)) else {
                return Outcome::Missing(id.to_owned());
            };
            if part.position(&thing.members, item).is_none() {
                return if turn.documents_missing() || spot.collection.missing.is_some() {
                    Outcome::Missing(item.to_owned())
                } else {
                    turn.show(&thing.members)
                };
            }
        } else {
            overlay::defaults(operation, &mut sent, &Map::new());
            self.refer_item(spot.collection, &part.member, &mut sent);
        }
        self.change(turn, spot, id, |members, _| {
            let told: Vec<String> = sent.keys().cloned().collect();
            part.apply(members, sent, item);
            items::renumber(members, &part.member, spot.collection, &told);
            total::renew(spot.collection, members, &[&part.member], None);
        })
    }
}
