//! What there is one of: `GET` and `PATCH` at `/settings`, at `/me`, and at `/users/{user_id}/preferences`.
//!
//! It is kept as a collection of one thing without an id, which every path of that form has.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Map, Value};

use super::candidate::{erased, is_parameter, nouns_of, parameters};
use super::collections::{Collection, Collections, Reach, Role, Use, replaces};
use super::view::{View, body, view_at};
use super::{basket, renamed};
use crate::mock::{Mock, Served};

const OTHER: &str = "what is sent is nothing that the `GET` of its path shows";

/// Adds the operations that read and change what there is one of.
pub(super) fn add(mock: &Mock, known: &mut Collections) {
    let mut paths: BTreeMap<String, Vec<(usize, &Served)>> = BTreeMap::new();
    for (index, served) in mock.operations.iter().enumerate() {
        let operation = &served.operation;
        let path = operation.joined_path();
        let last = path.trim_end_matches('/').rsplit('/').next();
        let method = operation.endpoint.value.method.as_str();
        if matches!(method, "GET" | "PUT" | "PATCH")
            && !known.uses.contains_key(&index)
            && last.is_some_and(|last| !is_parameter(last))
        {
            paths
                .entry(erased(&path))
                .or_default()
                .push((index, served));
        }
    }
    for (path, operations) in paths {
        one(path, &operations, known);
    }
    act(mock, known);
}

/// Adds what is done with it and answered with what it is then: `POST /me/avatar`, and `DELETE /subscription`, which ends
/// it.
fn act(mock: &Mock, known: &mut Collections) {
    for (index, served) in mock.operations.iter().enumerate() {
        let path = erased(&served.operation.joined_path());
        let method = served.operation.endpoint.value.method.as_str();
        if known.uses.contains_key(&index) || method == "GET" {
            continue;
        }
        let singles = known.all.iter().enumerate();
        let mut singles = singles.filter(|(_, it)| it.is_single && path.starts_with(&it.path));
        let found = singles.find_map(|(number, collection)| {
            let view = basket::shows(served, collection);
            if collection.path == path {
                let view = view.filter(|_| method == "DELETE")?;
                return Some(used(number, Role::Act, Some(view), false));
            }
            let filling = basket::filling(served, &collection.path, collection, view.as_ref())?;
            let renamed = view.as_ref().map(|view| renamed::of(served, view));
            Some(Use {
                renamed: renamed.unwrap_or_default(),
                part: filling.array(),
                ..used(number, Role::Act, view, false)
            })
        });
        if let Some(used) = found {
            known.refused.remove(&index);
            known.uses.insert(index, Arc::new(used));
        }
    }
}

fn one(path: String, operations: &[(usize, &Served)], known: &mut Collections) {
    let method = |served: &Served| served.operation.endpoint.value.method.clone();
    let (reads, writes): (Vec<_>, Vec<_>) = operations
        .iter()
        .copied()
        .partition(|(_, served)| method(served) == "GET");
    let Some(((index, read), shown)) = reads
        .first()
        .filter(|_| !writes.is_empty())
        .and_then(|read| Some((*read, body(read.1)?)))
    else {
        return;
    };
    let mut uses = Vec::new();
    let mut seen = None;
    let is_patched = writes.iter().any(|(_, it)| method(it) == "PATCH");
    for (index, served) in writes {
        let Some(view) = shows(read, &shown, served) else {
            known.refused.insert(index, OTHER.to_owned());
            continue;
        };
        let answer = body(served).and_then(|body| shows(served, &body, served));
        uses.push((
            index,
            used(
                known.all.len(),
                Role::Update,
                answer,
                replaces(served, is_patched),
            ),
        ));
        seen.get_or_insert(view);
    }
    let Some(view) = seen else {
        return;
    };
    let parents = parameters(&read.operation.joined_path());
    let collection = collection(path, parents, view.sample.clone());
    uses.push((index, used(known.all.len(), Role::Read, Some(view), false)));
    known.all.push(collection);
    for (index, used) in uses {
        known.refused.remove(&index);
        known.uses.insert(index, Arc::new(used));
    }
}

/// Where in an answer what an operation changes is: there are most of the members that it may send.
fn shows(served: &Served, answer: &Value, changing: &Served) -> Option<View> {
    let fields = changing.operation.body.iter().flat_map(|body| &body.fields);
    let names: Vec<&str> = fields.map(|field| field.name.value.as_str()).collect();
    let known = |members: &Map<String, Value>| {
        let known = names.iter().filter_map(|name| members.get(*name));
        // A list of things with ids is none of the members of what there is one of.
        let is_list = |value: &Value| value.as_array().is_some_and(|it| it.iter().any(has_id));
        known.filter(|value| !is_list(value)).count()
    };
    let whole = answer.as_object()?;
    let inner = whole.iter();
    let inner = inner.filter_map(|(name, value)| Some((vec![name.clone()], value.as_object()?)));
    let ways = [(Vec::new(), whole)].into_iter().chain(inner);
    let (count, way) = ways
        .map(|(way, members)| (known(members), way))
        .reduce(|best, other| if other.0 > best.0 { other } else { best })?;
    (count > 0 && count * 2 >= names.len())
        .then(|| view_at(served, answer, &way, "", false))
        .flatten()
}

fn has_id(value: &Value) -> bool {
    value.get("id").is_some()
}

pub(super) fn used(collection: usize, role: Role, view: Option<View>, replaces: bool) -> Use {
    Use {
        collection,
        reach: 0,
        role,
        view,
        receipt: None,
        is_newest_first: false,
        replaces,
        echoed: BTreeSet::new(),
        renamed: Vec::new(),
        quoted: Vec::new(),
        own: None,
        by: None,
        part: None,
    }
}

pub(super) fn collection(
    path: String,
    parents: Vec<String>,
    thing: Map<String, Value>,
) -> Collection {
    let is_null = |(_, value): &(&String, &Value)| value.is_null();
    let nullable = thing.iter().filter(is_null);
    Collection {
        key: String::new(),
        parameter: None,
        alias: None,
        reaches: vec![Reach {
            path: path.clone(),
            depth: parents.len(),
            nouns: nouns_of(&path),
            parents,
            around: None,
            makes: false,
        }],
        path,
        is_complete: false,
        is_single: true,
        missing: None,
        homes: vec![Vec::new()],
        set: Map::new(),
        nullable: nullable.map(|(name, _)| name.clone()).collect(),
        seeds: vec![thing.clone()],
        sample: thing,
        embedded: Vec::new(),
        counted: Vec::new(),
    }
}
