//! Things of one collection that are put below things of another: `POST /groups/{group_id}/people` with `person_id`.
//!
//! What is put there is shown by `GET` of the same path, as the collection of its kind has it. The answer is the
//! documented one, or shows the thing above, since it shows no new thing.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::candidate::{erased, noun};
use super::collections::{Collections, Role};
use super::view::{is_id, text};
use super::world::Spot;
use super::{State, Thing, make, overlay};
use crate::mock::message::Request;
use crate::mock::routes::Captured;
use crate::mock::{Mock, Served, words};
use crate::model::Field;

/// Operations that may put things below others, by their paths.
pub(super) type Linked<'m> = BTreeMap<String, &'m Served>;

/// What an operation puts below a thing.
#[derive(Clone, Debug)]
pub(super) struct Link {
    /// The collection below the thing, and which of its paths it is.
    collection: usize,
    reach: usize,
    /// The collection that has what is put there.
    source: usize,
    /// The member of the body that names it, or several.
    member: String,
}

/// The operations that may put things that are known elsewhere below a thing, by their paths.
pub(super) fn paths(mock: &Mock) -> Linked<'_> {
    let operations = mock.operations.iter();
    let all: Vec<_> = operations
        .map(|it| (erased(&it.operation.joined_path()), it.as_ref()))
        .collect();
    let is_known_elsewhere = |path: &String| {
        all.iter().any(|(other, _)| {
            let list = other.strip_suffix("/{}").unwrap_or(other);
            list != path && noun(list) == noun(path) && !list.contains("/{}/")
        })
    };
    let links = all
        .iter()
        .filter(|(path, served)| member(served, path).is_some() && is_known_elsewhere(path));
    links
        .map(|(path, served)| (path.clone(), *served))
        .collect()
}

/// The member of a body that names what is put below a thing, at `/groups/{}/people`.
fn member(served: &Served, path: &str) -> Option<String> {
    let (above, _) = path.rsplit_once('/')?;
    if served.operation.endpoint.value.method != "POST" || !above.ends_with("/{}") {
        return None;
    }
    let noun = words::singular(noun(path));
    let names = [format!("{noun}id"), format!("{noun}ids")];
    let fields = served.operation.body.iter().flat_map(|body| &body.fields);
    let mut found =
        fields.filter(|field: &&Field| names.contains(&words::folded(&field.name.value)));
    let name = found.next()?.name.value.clone();
    found.next().is_none().then_some(name)
}

/// Adds the operations that put things of one collection below those of another.
pub(super) fn add(mock: &Mock, known: &mut Collections) {
    for (index, served) in mock.operations.iter().enumerate() {
        let used = known.uses.get(&index);
        if used.is_some_and(|used| used.role != Role::Act || used.part.is_some()) {
            continue;
        }
        if let Some(link) = of(served, known) {
            known.refused.remove(&index);
            known.links.insert(index, link);
        }
    }
}

fn of(served: &Served, known: &Collections) -> Option<Link> {
    let path = erased(&served.operation.joined_path());
    let member = member(served, &path)?;
    let places = known.all.iter().enumerate();
    let mut places = places.filter_map(|(number, it)| {
        let mut reaches = it.reaches.iter();
        Some((number, reaches.position(|reach| reach.path == path)?))
    });
    let (collection, reach) = places.next()?;
    let is_source = |it: &super::collections::Collection| {
        !it.is_single && it.depth() == 0 && noun(&it.path) == noun(&path)
    };
    let mut sources = known.all.iter().enumerate();
    let (source, _) = sources.find(|(number, it)| *number != collection && is_source(it))?;
    Some(Link {
        collection,
        reach,
        source,
        member,
    })
}

impl State {
    /// Puts what a request names below the thing of its path; false if nothing is put anywhere.
    pub(super) fn link(
        &mut self,
        index: usize,
        captured: &Captured,
        request: &Request,
        now: u64,
    ) -> bool {
        let collections = std::sync::Arc::clone(&self.collections);
        let Some(link) = collections.links.get(&index) else {
            return false;
        };
        let (Some(collection), Some(source)) = (
            collections.all.get(link.collection),
            collections.all.get(link.source),
        ) else {
            return false;
        };
        let Some(reach) = collection.reaches.get(link.reach) else {
            return false;
        };
        let ids = captured.iter().map(|(_, value)| value.clone()).collect();
        let spot = Spot {
            collection,
            reach,
            ids,
        };
        if self.missing_parent(&spot, true).is_some() {
            return true;
        }
        let mut sent = overlay::body(request);
        let named = sent.remove(&link.member).unwrap_or_default();
        let named = match named {
            Value::Array(ids) => ids,
            id => vec![id],
        };
        for id in named.into_iter().filter(is_id) {
            if self.position(&spot, &text(&id)).is_some() {
                continue;
            }
            let Some(known) = self.found(source, &text(&id)) else {
                continue;
            };
            self.put(&spot, &id, known, sent.clone(), now);
        }
        true
    }

    /// True for what is put below a thing and was removed where it comes from.
    pub(super) fn is_gone(&self, collection: usize, thing: &Thing) -> bool {
        let mut links = self.collections.links.values();
        let link = links.find(|link| link.collection == collection);
        let source = link.and_then(|link| self.collections.all.get(link.source));
        source.is_some_and(|source| self.was_removed(source, None, &thing.id))
    }

    fn put(
        &mut self,
        spot: &Spot<'_>,
        id: &Value,
        known: Map<String, Value>,
        sent: Map<String, Value>,
        now: u64,
    ) {
        let collection = spot.collection;
        let mut members = collection.sample.clone();
        let shown: Vec<String> = members.keys().cloned().collect();
        let is_shown = |name: &String| shown.contains(name);
        members.extend(known.into_iter().filter(|(name, _)| is_shown(name)));
        let own = sent.into_iter().filter(|(name, _)| is_shown(name));
        overlay::lay(&mut members, own.collect(), None);
        members.insert(collection.key.clone(), id.clone());
        spot.reach.place(&mut members, &spot.ids);
        make::stamp(&mut members, true, now);
        let mut thing = Thing::new(text(id), members, true);
        thing.below = spot.below();
        if self.has_room(thing.length) {
            let whole = spot.whole(&thing.id);
            self.removed.remove(&(collection.path.clone(), whole));
            self.things_mut(collection, spot.place()).push(thing);
        }
    }
}
