//! Things that are kept at a path of their own, and shown in an array of the thing that they are below as well.
//!
//! ```text
//! GET, POST   /projects/{project_id}/tasks   the tasks of a project
//! GET         /projects/{project_id}         the project, with its `tasks`
//! ```

use serde_json::{Map, Value};

use super::candidate::noun;
use super::collections::{Collection, Collections, Reach, Role};
use super::view::is_id;
use super::world::Spot;
use super::{State, overlay};
use crate::mock::{Mock, words};

/// An array of a thing that shows the things of another collection.
#[derive(Clone, Debug)]
pub(super) struct Embedded {
    /// The member of the thing.
    pub(super) member: String,
    /// The collection of the items, and which of its paths leads to them.
    collection: usize,
    reach: usize,
    /// An item as it is shown there.
    sample: Map<String, Value>,
}

/// A number of a thing that says how many things of another collection are below it: `comment_count`.
#[derive(Clone, Debug)]
pub(super) struct Counted {
    /// The member of the thing.
    pub(super) member: String,
    collection: usize,
    reach: usize,
}

/// A collection below the things of another one, in one of the ways to it.
struct Below<'c> {
    /// The place of the collection above among all.
    parent: usize,
    around: &'c Collection,
    /// The place of the collection among all.
    number: usize,
    child: &'c Collection,
    /// The place of the way among those of the collection.
    at: usize,
    reach: &'c Reach,
}

/// All collections that are below things, in all ways.
fn all_below(collections: &Collections) -> impl Iterator<Item = Below<'_>> {
    let all = collections.all.iter().enumerate();
    all.flat_map(move |(number, child)| {
        let reaches = child.reaches.iter().enumerate();
        reaches.filter_map(move |(at, reach)| {
            let parent = reach.around.map(|it| it.collection)?;
            let around = collections.all.get(parent)?;
            Some(Below {
                parent,
                around,
                number,
                child,
                at,
                reach,
            })
        })
    })
}

/// Finds the numbers that count what is below things, where all examples agree.
pub(super) fn count(collections: &mut Collections) {
    let mut found: Vec<(usize, Counted)> = Vec::new();
    for below in all_below(collections) {
        let (around, child, reach) = (below.around, below.child, below.reach);
        let numbers = around.sample.iter().filter(|(_, value)| value.is_u64());
        let counting = numbers
            .map(|(name, _)| name)
            .filter(|name| is_count(name, noun(&reach.path)) && counts(around, child, reach, name));
        found.extend(counting.map(|name| {
            let counted = Counted {
                member: name.clone(),
                collection: below.number,
                reach: below.at,
            };
            (below.parent, counted)
        }));
    }
    for (parent, counted) in found {
        if let Some(parent) = collections.all.get_mut(parent) {
            parent.counted.push(counted);
        }
    }
}

/// True for `comment_count`, `comments_count`, and `num_comments`, of `comments`.
fn is_count(name: &str, noun: &str) -> bool {
    let parts = words::parts(name);
    let is_of = |it: &String| words::singular(it) == words::singular(noun);
    match parts.as_slice() {
        [what, count] if matches!(count.as_str(), "count" | "total") => is_of(what),
        [count, what] if matches!(count.as_str(), "num" | "total" | "number") => is_of(what),
        _ => false,
    }
}

/// True if each thing of the examples has the number of those that name it.
fn counts(parent: &Collection, child: &Collection, reach: &Reach, member: &str) -> bool {
    let shown = parent.seeds.iter().filter_map(|seed| {
        let shown = seed.get(member)?.as_u64()?;
        let id = seed.get(&parent.key)?;
        let below = child.seeds.iter().filter(|it| reach.named(it) == Some(id));
        Some((shown, below.count() as u64))
    });
    let shown: Vec<_> = shown.collect();
    shown.iter().all(|(shown, below)| shown == below) && shown.iter().any(|(shown, _)| *shown > 0)
}

/// Finds the arrays that show things of other collections, and lets these hold what they show.
pub(super) fn settle(collections: &mut Collections, mock: &Mock) {
    let mut found: Vec<(usize, Embedded)> = Vec::new();
    for below in all_below(collections) {
        let shown = shown(below.around, below.child, below.reach);
        let shown = shown.filter(|(member, _)| !is_sent(member, below.parent, collections, mock));
        found.extend(shown.map(|(member, sample)| {
            let embedded = Embedded {
                member,
                collection: below.number,
                reach: below.at,
                sample,
            };
            (below.parent, embedded)
        }));
    }
    for (parent, embedded) in found {
        let items = items(collections, parent, &embedded);
        if let Some(child) = collections.all.get_mut(embedded.collection) {
            for item in items {
                let is_known =
                    |seed: &Map<String, Value>| seed.get(&child.key) == item.get(&child.key);
                if !child.seeds.iter().any(is_known) {
                    child.seeds.push(item);
                }
            }
        }
        if let Some(parent) = collections.all.get_mut(parent) {
            parent.embedded.push(embedded);
        }
    }
}

/// The array of a thing that has the name of what is below it, and shows the same kind of things.
fn shown(
    around: &Collection,
    child: &Collection,
    reach: &Reach,
) -> Option<(String, Map<String, Value>)> {
    let own = words::folded(noun(&reach.path));
    let (member, value) = around
        .sample
        .iter()
        .find(|(name, _)| words::folded(name) == own)?;
    let sample = value.as_array()?.first()?.as_object()?;
    let shared = sample
        .keys()
        .filter(|name| child.sample.contains_key(*name));
    let is_alike = shared.count() * 2 > sample.len() && sample.get(&child.key).is_some_and(is_id);
    // Else nothing says which of them are below which.
    let is_told = reach.named(&child.sample).is_some();
    (is_alike && is_told).then(|| (member.clone(), sample.clone()))
}

/// True if a request may send the array: then what was sent is what it holds.
fn is_sent(member: &String, parent: usize, collections: &Collections, mock: &Mock) -> bool {
    let uses = collections
        .uses
        .iter()
        .filter(|(_, used)| used.collection == parent);
    let mut changes = uses.filter(|(_, used)| matches!(used.role, Role::Create | Role::Update));
    changes.any(|(index, _)| {
        let served = mock.operations.get(*index);
        let sent = served.and_then(|it| overlay::documented(&it.operation));
        sent.is_none_or(|sent| sent.contains(member))
    })
}

/// The items that the examples of the things show, each with the name of the thing that it is below.
fn items(collections: &Collections, parent: usize, embedded: &Embedded) -> Vec<Map<String, Value>> {
    let (Some(parent), Some(child)) = (
        collections.all.get(parent),
        collections.all.get(embedded.collection),
    ) else {
        return Vec::new();
    };
    let Some(reach) = child.reaches.get(embedded.reach) else {
        return Vec::new();
    };
    let naming = reach.naming(&child.sample);
    let items = parent.seeds.iter().flat_map(|seed| {
        let items = seed.get(&embedded.member).and_then(Value::as_array);
        let objects = items.into_iter().flatten().filter_map(Value::as_object);
        let named = objects.filter(|item| item.get(&child.key).is_some_and(is_id));
        named.map(|item| {
            let mut item = item.clone();
            if let (Some(naming), Some(id)) = (naming, seed.get(&parent.key)) {
                item.entry(naming.clone()).or_insert_with(|| id.clone());
            }
            item
        })
    });
    items.collect()
}

impl State {
    /// Shows what is below a thing in the arrays that it has for that.
    ///
    /// Numbers that count it say how much that is.
    pub(super) fn embed(&self, spot: &Spot<'_>, id: &str, members: &mut Map<String, Value>) {
        for counted in &spot.collection.counted {
            let below = self.below(spot, id, counted.collection, counted.reach);
            if let (Some(below), Some(number)) = (below, members.get_mut(&counted.member)) {
                let things = self.things(below.collection, below.place());
                let things = things.iter().filter(|thing| self.is_below(&below, thing));
                *number = things.count().into();
            }
        }
        for embedded in &spot.collection.embedded {
            let below = self.below(spot, id, embedded.collection, embedded.reach);
            let Some(below) = below else {
                continue;
            };
            let child = below.collection;
            let things = self.things(child, below.place());
            let things = things.iter().filter(|thing| self.is_below(&below, thing));
            let items = things.map(|thing| {
                let mut item = embedded.sample.clone();
                for (name, value) in &mut item {
                    if let Some(own) = thing.members.get(name) {
                        *value = own.clone();
                    }
                }
                Value::Object(item)
            });
            members.insert(embedded.member.clone(), items.collect());
        }
    }

    /// Where the things of another collection are that are below a thing.
    fn below(
        &self,
        spot: &Spot<'_>,
        id: &str,
        collection: usize,
        reach: usize,
    ) -> Option<Spot<'_>> {
        let collection = self.collections.all.get(collection)?;
        let reach = collection.reaches.get(reach)?;
        let is_exact = reach.around.is_some_and(|it| it.is_exact);
        let ids = if is_exact {
            spot.whole(id)
        } else {
            vec![id.to_owned()]
        };
        let is_whole = ids.len() == reach.parents.len();
        is_whole.then_some(Spot {
            collection,
            reach,
            ids,
        })
    }
}
