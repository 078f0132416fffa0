//! Which collections are below which, and where the things of the examples belong.

use serde_json::{Map, Value};

use super::candidate::{erased, noun};
use super::collections::{Around, Collection, Collections, Reach};
use super::view::text;
use super::{embed, seed};
use crate::mock::{Mock, words};

/// Finds what is around each collection, once all are known.
pub(super) fn settle(collections: &mut Collections, mock: &Mock) {
    let all = &collections.all;
    let found: Vec<Vec<Option<Around>>> = all
        .iter()
        .map(|it| {
            let reaches = it.reaches.iter();
            reaches.map(|reach| around(reach, all)).collect()
        })
        .collect();
    for (collection, found) in collections.all.iter_mut().zip(found) {
        for (reach, around) in collection.reaches.iter_mut().zip(found) {
            reach.around = around;
        }
    }
    seed_parents(collections, mock);
    embed::settle(collections, mock);
    embed::count(collections);
    let homes: Vec<Vec<Vec<String>>> = collections
        .all
        .iter()
        .map(|it| homes(it, &collections.all))
        .collect();
    for (collection, homes) in collections.all.iter_mut().zip(homes) {
        collection.homes = homes;
    }
}

/// The collection that the last parameter of a path is of.
fn around(reach: &Reach, all: &[Collection]) -> Option<Around> {
    let (path, _) = reach.path.rsplit_once("/{}/")?;
    let is_at = |it: &Collection| it.reaches.iter().any(|reach| reach.path == path);
    if let Some(collection) = all.iter().position(is_at) {
        let is_exact = true;
        return Some(Around {
            collection,
            is_exact,
        });
    }
    // `/columns/{column_id}/cards` leaves out the board, where the columns are at `/boards/{board_id}/columns`.
    let (prefix, own) = path.rsplit_once('/')?;
    let parameter = reach.parents.last()?;
    let singular = words::singular(own);
    let is_of = |it: &Collection| {
        let key = words::folded(&it.key);
        let is_own = it.parameter.as_ref() == Some(parameter);
        (is_own || *parameter == format!("{singular}id"))
            && (key == *parameter || matches!(key.as_str(), "id" | "uuid"))
    };
    let others = all.iter().enumerate();
    let mut others =
        others.filter(|(_, it)| noun(&it.path) == own && it.path.starts_with(prefix) && is_of(it));
    let (collection, _) = others.next()?;
    let is_exact = false;
    others.next().is_none().then_some(Around {
        collection,
        is_exact,
    })
}

/// Lets collections hold the parents that the commands of other pages name.
fn seed_parents(collections: &mut Collections, mock: &Mock) {
    let mut named: Vec<(usize, String)> = Vec::new();
    for (index, used) in &collections.uses {
        let reach = collections.all.get(used.collection);
        let around = reach
            .and_then(|it| it.reaches.get(used.reach))
            .and_then(|it| Some((it.around?, it.parents.len())));
        let (Some((around, count)), Some(served)) = (around, mock.operations.get(*index)) else {
            continue;
        };
        for captured in seed::shown_parameters(served) {
            let parent = captured.into_iter().nth(count - 1);
            named.extend(parent.map(|(_, id)| (around.collection, id)));
        }
    }
    named.extend(shown_above(collections, mock));
    for (collection, id) in named {
        if let Some(parent) = collections.all.get_mut(collection)
            && seed::is_value(&id)
        {
            let sample = parent.sample.clone();
            let keys = (parent.key.as_str(), parent.alias.as_deref());
            seed::seed_shown(&mut parent.seeds, keys, &[id], &sample);
        }
    }
}

/// The ids of things in the commands of operations that are not kept: `/stops/S1/departures`.
fn shown_above(collections: &Collections, mock: &Mock) -> Vec<(usize, String)> {
    let mut named = Vec::new();
    for (index, served) in mock.operations.iter().enumerate() {
        let path = erased(&served.operation.joined_path());
        if collections.uses.contains_key(&index) || !path.contains("/{}/") {
            continue;
        }
        let all = collections.all.iter().enumerate();
        let mut above = all.filter_map(|(number, it)| {
            let reach = it.reaches.first().filter(|_| !it.is_single)?;
            let rest = path.strip_prefix(&reach.path)?;
            rest.starts_with("/{}/")
                .then_some((number, reach.parents.len()))
        });
        let Some((collection, at)) = above.next() else {
            continue;
        };
        let shown = seed::shown_parameters(served).into_iter();
        let ids = shown.filter_map(|captured| captured.into_iter().nth(at));
        named.extend(ids.map(|(_, id)| (collection, id)));
    }
    named
}

/// For each thing of the examples, the ids of the parents that it names; none if these are no things of the examples.
fn homes(collection: &Collection, all: &[Collection]) -> Vec<Vec<String>> {
    let seeds = collection.seeds.iter();
    let reach = collection.reaches.first();
    let home = |seed| home(reach?, seed, all).filter(|home| home.len() <= collection.depth());
    seeds.map(|seed| home(seed).unwrap_or_default()).collect()
}

fn home(reach: &Reach, seed: &Map<String, Value>, all: &[Collection]) -> Option<Vec<String>> {
    let around = reach.around?;
    let parent = all.get(around.collection)?;
    let id = text(reach.named(seed)?);
    let parents = &mut parent.seeds.iter();
    let found = parents.find(|seed| parent.id(seed) == id)?;
    let above = parent.reaches.first().filter(|_| around.is_exact);
    let above = above.and_then(|reach| home(reach, found, all));
    let mut home = above.unwrap_or_default();
    home.push(id);
    Some(home)
}
