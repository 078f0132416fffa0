//! Things that are made below a parent, and read without it.
//!
//! ```text
//! GET, POST     /columns/{column_id}/cards
//! GET, DELETE   /cards/{card_id}
//! ```
//!
//! These are one collection if the answers show the same members. It is kept at the shorter path, and the longer ones
//! select from it.

use std::collections::BTreeSet;

use super::candidate::{Candidate, noun};
use super::collections::{Group, Role};
use super::link::Linked;
use super::view::{key, view};

/// The groups that are one collection each, that of its own path first.
pub(super) fn joined<'m>(groups: Vec<Group<'m>>, linked: &Linked<'_>) -> Vec<Vec<Group<'m>>> {
    // What is put below several things is of none of them.
    let is_free = |group: &&Group<'_>| !linked.contains_key(&group.path);
    let homes = groups
        .iter()
        .map(|group| home(Some(group).filter(is_free)?, &groups));
    let homes: Vec<Option<usize>> = homes.collect();
    let mut sets: Vec<Vec<Group<'_>>> = groups.iter().map(|_| Vec::new()).collect();
    let mut nested = Vec::new();
    for ((at, group), home) in groups.into_iter().enumerate().zip(homes) {
        match home {
            Some(home) => nested.push((home, group)),
            None => {
                if let Some(set) = sets.get_mut(at) {
                    set.push(group);
                }
            }
        }
    }
    for (home, group) in nested {
        if let Some(set) = sets.get_mut(home) {
            set.push(group);
        }
    }
    sets.retain(|set| !set.is_empty());
    sets
}

/// The group of the shorter path that shows the same things one by one; the longest of several.
fn home(group: &Group<'_>, groups: &[Group<'_>]) -> Option<usize> {
    if !(group.has(Role::List) || group.has(Role::Create)) {
        return None;
    }
    let shorter = groups.iter().enumerate();
    let mut shorter: Vec<_> = shorter
        .filter(|(_, it)| it.has_items() && is_below(&group.path, &it.path))
        .filter(|(_, it)| is_alike(it, group))
        .collect();
    shorter.sort_by_key(|(_, it)| it.path.len());
    // What is below another path itself is no home.
    let home = shorter.pop().map(|(at, _)| at)?;
    let is_free = |it: &Group<'_>| !groups.iter().any(|other| is_shorter(it, other));
    groups.get(home).filter(|it| is_free(it)).map(|_| home)
}

/// True if a group would be joined to another one in turn.
fn is_shorter(group: &Group<'_>, other: &Group<'_>) -> bool {
    let is_listed = group.has(Role::List) || group.has(Role::Create);
    is_listed && other.has_items() && is_below(&group.path, &other.path) && is_alike(other, group)
}

/// True for `/v1/columns/{}/cards` and `/v1/cards`.
fn is_below(longer: &str, shorter: &str) -> bool {
    let (Some((prefix, own)), Some((around, last))) =
        (shorter.rsplit_once('/'), longer.rsplit_once('/'))
    else {
        return false;
    };
    let between = around.strip_prefix(prefix).unwrap_or_default();
    own == last && between.starts_with('/') && between.ends_with("/{}")
}

/// True if the answers of both show the same kind of things.
fn is_alike(home: &Group<'_>, nested: &Group<'_>) -> bool {
    let all: Vec<&Candidate<'_>> = home.candidates.iter().chain(&nested.candidates).collect();
    let Some(key) = key(&home.path, &all) else {
        return false;
    };
    let (own, others) = (members(home, &key), members(nested, &key));
    let fewer = own.len().min(others.len());
    if fewer == 0 {
        // Nothing is shown of the one, as where it is only removed: the name of the parameter must do.
        let noun = crate::mock::words::singular(noun(&home.path));
        let mut names = home.candidates.iter().filter_map(|it| it.parameter.clone());
        return names.all(|name| name == "id" || name == format!("{noun}id"));
    }
    let shared = own.intersection(&others).count();
    shared * 2 > fewer && (shared > 1 || fewer == 1)
}

/// The names of all members that the answers of a group show.
pub(super) fn members(group: &Group<'_>, key: &str) -> BTreeSet<String> {
    let shown = group.candidates.iter().filter(|it| it.role != Role::Delete);
    let views = shown.filter_map(|it| view(it.served, it.role, it.body.as_ref()?, key));
    views.flat_map(|view| view.shown).collect()
}
