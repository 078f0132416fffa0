//! Where things are, what they are below, and what goes with them.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::collections::{Collection, Collections, Reach};
use super::view::text;
use super::{MOST, ROOM, State, Thing, Things};

/// Where a request looks: a collection, the way there, and the ids of the parents in its path.
pub(super) struct Spot<'c> {
    pub(super) collection: &'c Collection,
    pub(super) reach: &'c Reach,
    pub(super) ids: Vec<String>,
}

impl Spot<'_> {
    /// The ids of the parents that the things are kept below.
    pub(super) fn place(&self) -> &[String] {
        self.ids.get(..self.reach.depth).unwrap_or(&self.ids)
    }

    /// What a thing that is made here is remembered to be below, where it does not name it itself.
    pub(super) fn below(&self) -> Vec<String> {
        if !self.reach.selects() {
            return Vec::new();
        }
        let ids = self.ids.iter().skip(self.reach.depth).cloned();
        [self.reach.path.clone()].into_iter().chain(ids).collect()
    }

    /// The ids of a thing here: those of its parents, and its own.
    pub(super) fn whole(&self, id: &str) -> Vec<String> {
        [self.place(), &[id.to_owned()]].concat()
    }
}

/// What is known of the thing that an id in a path is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Parent {
    /// It is of no collection.
    Unknown,
    There {
        is_made: bool,
    },
    Missing,
}

/// The things below these parents as the examples show them.
fn shown(collection: &Collection, place: &[String]) -> Things {
    let reach = collection.reaches.first();
    let seeds = collection.seeds.iter().zip(&collection.homes);
    let seeds = seeds.filter(|(_, home)| place.ends_with(home));
    let seeds = seeds.map(|(members, _)| {
        let mut members = members.clone();
        if let Some(reach) = reach {
            reach.place(&mut members, place);
        }
        Thing::new(collection.id(&members), members, false)
    });
    seeds.collect()
}

impl State {
    /// The things of a collection below these parents.
    pub(super) fn things(&self, collection: &Collection, place: &[String]) -> Cow<'_, [Thing]> {
        let key = (collection.path.clone(), place.to_vec());
        if let Some(things) = self.kept.get(&key) {
            return Cow::Borrowed(things.as_slice());
        }
        let reach = collection.reaches.first();
        // A thing that was made has nothing below it.
        if reach.is_some_and(|it| self.is_parent_made(it, place)) {
            return Cow::Borrowed(&[]);
        }
        Cow::Owned(shown(collection, place))
    }

    /// Takes over what other examples show of things that no request changed, and the things that are new in them.
    pub(super) fn renew(&mut self, before: &Collections) {
        let after = Arc::clone(&self.collections);
        let removed = &self.removed;
        for ((path, place), things) in &mut self.kept {
            let of = |all: &'_ Collections| {
                let mut all = all.all.iter();
                let found = all.find(|it| it.path == *path);
                found.map(|collection| shown(collection, place))
            };
            let (Some(old), Some(new)) = (of(before), of(&after)) else {
                continue;
            };
            let is_same =
                |one: &Thing, other: &Thing| one.id == other.id && one.members == other.members;
            if old.len() == new.len()
                && old.iter().zip(&new).all(|(one, other)| is_same(one, other))
            {
                continue;
            }
            let things = Arc::make_mut(things);
            let is_untouched =
                |thing: &Thing| !thing.is_made && old.iter().any(|it| is_same(it, thing));
            things.retain(|thing| !is_untouched(thing) || new.iter().any(|it| it.id == thing.id));
            for fresh in new {
                let is_known = old.iter().any(|it| it.id == fresh.id);
                let whole = [place.as_slice(), std::slice::from_ref(&fresh.id)].concat();
                match things.iter_mut().find(|it| it.id == fresh.id) {
                    Some(thing) if is_untouched(thing) => *thing = fresh,
                    Some(_) => {}
                    None if is_known || removed.contains(&(path.clone(), whole)) => {}
                    None => things.push(fresh),
                }
            }
        }
    }

    /// The same, to be changed.
    pub(super) fn things_mut(&mut self, collection: &Collection, place: &[String]) -> &mut Things {
        let key = (collection.path.clone(), place.to_vec());
        if !self.kept.contains_key(&key) {
            let things = self.things(collection, place).into_owned();
            self.kept.insert(key.clone(), Arc::new(things));
        }
        Arc::make_mut(self.kept.entry(key).or_default())
    }

    /// All things of a collection that are kept, below whatever parents.
    pub(super) fn kept_of<'s>(
        &'s self,
        path: &'s str,
    ) -> impl Iterator<Item = (&'s Vec<String>, &'s Thing)> {
        let start = (path.to_owned(), Vec::new());
        let places = self.kept.range(start..);
        let places = places.take_while(move |((of, _), _)| of == path);
        places.flat_map(|((_, ids), things)| things.iter().map(move |thing| (ids, thing)))
    }

    /// Where among the things of its place the thing of an id is, if it is below what the path says.
    pub(super) fn position(&self, spot: &Spot<'_>, id: &str) -> Option<usize> {
        let things = self.things(spot.collection, spot.place());
        let mut all = things.iter();
        let at = all.position(|thing| thing.id == id)?;
        let thing = things.get(at)?;
        self.is_below(spot, thing).then_some(at)
    }

    /// True if a thing is below the last parents of the path, where these select some of the things.
    pub(super) fn is_below(&self, spot: &Spot<'_>, thing: &Thing) -> bool {
        let (reach, Some(id)) = (spot.reach, spot.ids.last()) else {
            return true;
        };
        if !reach.selects() {
            return true;
        }
        let is_shown = !thing.is_made && thing.below.is_empty();
        // The examples of APIs that do not say which parents there are show things that are below any.
        let is_anywhere = || is_shown && !self.is_parent_made(reach, &spot.ids);
        match reach.named(&thing.members) {
            Some(named) if text(named) == *id => true,
            Some(named) => {
                let mut ids = spot.ids.clone();
                if let Some(last) = ids.last_mut() {
                    *last = text(named);
                }
                let is_known = matches!(self.parent(reach, &ids), Parent::There { .. });
                !named.is_null() && !is_known && is_anywhere()
            }
            None => thing.below == spot.below() || is_anywhere(),
        }
    }

    fn is_parent_made(&self, reach: &Reach, ids: &[String]) -> bool {
        self.parent(reach, ids) == Parent::There { is_made: true }
    }

    /// What is known of the thing that the last of these ids is of.
    pub(super) fn parent(&self, reach: &Reach, ids: &[String]) -> Parent {
        let around = reach
            .around
            .and_then(|it| Some((it, self.collections.all.get(it.collection)?)));
        let (Some((around, parent)), Some((id, before))) = (around, ids.split_last()) else {
            return Parent::Unknown;
        };
        let found = if around.is_exact {
            let place = before.get(..parent.depth()).unwrap_or(before);
            let things = self.things(parent, place);
            let mut things = things.iter();
            things.find(|it| it.id == *id).map(|it| it.is_made)
        } else {
            self.anywhere(parent, id)
        };
        found.map_or(Parent::Missing, |is_made| Parent::There { is_made })
    }

    /// Whether the thing of an id was made, wherever it is; none if there is none.
    pub(super) fn anywhere(&self, collection: &Collection, id: &str) -> Option<bool> {
        let mut kept = self.kept_of(&collection.path);
        if let Some((_, thing)) = kept.find(|(_, thing)| thing.id == id) {
            return Some(thing.is_made);
        }
        let mut seeds = collection.seeds.iter();
        let is_seed = seeds.any(|seed| collection.id(seed) == id);
        (is_seed && !self.was_removed(collection, None, id)).then_some(false)
    }

    /// The ids of the things of a collection that were removed.
    pub(super) fn removed_of<'s>(&'s self, path: &'s str) -> impl Iterator<Item = &'s str> {
        let removed = self.removed.range((path.to_owned(), Vec::new())..);
        let removed = removed.take_while(move |(of, _)| of == path);
        removed.filter_map(|(_, ids)| ids.last().map(String::as_str))
    }

    /// True if the thing of an id was removed, from this place or from any.
    pub(super) fn was_removed(
        &self,
        collection: &Collection,
        place: Option<&[String]>,
        id: &str,
    ) -> bool {
        if let Some(place) = place {
            let whole = [place, &[id.to_owned()]].concat();
            return self.removed.contains(&(collection.path.clone(), whole));
        }
        self.removed_of(&collection.path).any(|gone| gone == id)
    }

    /// The id of a thing in the path that is not there, and the operation that says what is answered then.
    pub(super) fn missing_parent(
        &self,
        spot: &Spot<'_>,
        is_documented: bool,
    ) -> Option<(String, Option<usize>)> {
        let (mut reach, mut ids) = (spot.reach, spot.ids.as_slice());
        while let Some(around) = reach.around {
            let parent = self.collections.all.get(around.collection)?;
            let (id, before) = ids.split_last()?;
            let place = before.get(..parent.depth()).unwrap_or(before);
            let is_told = is_documented || parent.missing.is_some();
            let is_gone = is_told && parent.is_complete
                || self.was_removed(parent, around.is_exact.then_some(place), id);
            let is_there = matches!(self.parent(reach, ids), Parent::There { .. });
            if is_gone && !is_there {
                return Some((id.clone(), parent.missing));
            }
            let path = reach.path.rsplit_once("/{}/").filter(|_| around.is_exact);
            let mut reaches = parent.reaches.iter();
            reach = reaches.find(|it| path.is_some_and(|(path, _)| it.path == path))?;
            ids = before;
        }
        None
    }

    /// The parent that a body names and nobody made, where a page says what is answered then.
    pub(super) fn unknown_parent(
        &self,
        collection: &Collection,
        sent: &Map<String, Value>,
    ) -> Option<String> {
        let mut reaches = collection.reaches.iter().filter(|reach| reach.selects());
        reaches.find_map(|reach| {
            let parent = self.collections.all.get(reach.around?.collection)?;
            let id = text(reach.named(sent).filter(|id| !id.is_null())?);
            let is_told = parent.is_complete && parent.missing.is_some();
            let is_known = || self.anywhere(parent, &id).is_some();
            (is_told && !is_known()).then_some(id)
        })
    }

    /// True if so many more bytes may be kept.
    pub(super) fn has_room(&self, length: usize) -> bool {
        let things = self.kept.values().flat_map(|it| it.iter());
        let (count, bytes) = things.fold((0, length), |(count, bytes), thing| {
            (count + 1, bytes + thing.length)
        });
        let places = self.kept.len().max(self.removed.len());
        count < MOST && places < MOST && bytes <= ROOM
    }

    /// Removes all that is below a thing that was removed; `ids` are those of its parents, and its own.
    pub(super) fn cascade(&mut self, collection: usize, ids: Vec<String>) {
        let collections = Arc::clone(&self.collections);
        let mut gone = vec![(collection, ids)];
        while let Some((parent, ids)) = gone.pop() {
            for (index, child) in collections.all.iter().enumerate() {
                for reach in &child.reaches {
                    let Some(around) = reach.around.filter(|it| it.collection == parent) else {
                        continue;
                    };
                    let below = if reach.selects() {
                        self.remove_selected(child, reach, &ids)
                    } else {
                        let start = if around.is_exact { 0 } else { ids.len() - 1 };
                        self.remove_place(child, ids.get(start..).unwrap_or_default())
                    };
                    gone.extend(below.into_iter().map(|ids| (index, ids)));
                }
            }
        }
    }

    /// Removes the things of a place; gives the ids of those that were there.
    fn remove_place(&mut self, child: &Collection, place: &[String]) -> Vec<Vec<String>> {
        let things = self.things(child, place).into_owned();
        self.kept.remove(&(child.path.clone(), place.to_vec()));
        let ids = things.into_iter().map(|thing| thing.id);
        self.remember(child, place, ids)
    }

    /// Removes the things that name a parent, or were made below it.
    fn remove_selected(
        &mut self,
        child: &Collection,
        reach: &Reach,
        parent: &[String],
    ) -> Vec<Vec<String>> {
        // A path that only lists is one of several looks at the things.
        if !reach.makes && child.reaches.len() > 2 {
            return Vec::new();
        }
        let place = parent.get(..reach.depth).unwrap_or_default().to_vec();
        let Some(id) = parent.last() else {
            return Vec::new();
        };
        let is_of = |thing: &Thing| match reach.named(&thing.members) {
            Some(named) => text(named) == *id,
            None => thing.below.first() == Some(&reach.path) && thing.below.last() == Some(id),
        };
        let things = self.things(child, &place);
        let doomed = things.iter().filter(|thing| is_of(thing));
        let doomed: Vec<String> = doomed.map(|thing| thing.id.clone()).collect();
        if !doomed.is_empty() {
            self.things_mut(child, &place).retain(|it| !is_of(it));
        }
        self.remember(child, &place, doomed.into_iter())
    }

    /// Remembers that things were removed; gives the ids of those of which that is new.
    fn remember(
        &mut self,
        child: &Collection,
        place: &[String],
        ids: impl Iterator<Item = String>,
    ) -> Vec<Vec<String>> {
        let wholes = ids.map(|id| [place, &[id]].concat());
        let removed = &mut self.removed;
        wholes
            .filter(|whole| removed.insert((child.path.clone(), whole.clone())))
            .collect()
    }
}
