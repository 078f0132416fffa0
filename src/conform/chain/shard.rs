//! Operations in parts that can be exercised apart from each other.

use std::collections::{HashMap, HashSet};

use crate::conform::bindings::letters;
use crate::model::{Api, Operation};

use super::roles;

/// The indexes of all operations in so many parts.
///
/// What is about the same things, or takes ids of them, is in one part, so that no part needs what another makes. The parts
/// are filled in the order of the pages, the one with the fewest operations first.
pub fn shards(api: &Api, count: usize) -> Vec<Vec<usize>> {
    let roles = roles(api);
    let mut groups: Vec<usize> = (0..roles.len()).collect();
    let mut by_noun: HashMap<&str, usize> = HashMap::new();
    let needed: HashSet<&str> = roles
        .iter()
        .flat_map(|role| &role.slots)
        .map(|slot| slot.noun.as_str())
        .collect();
    let operations = api.operations.iter().map(told);
    for (index, (role, told)) in roles.iter().zip(operations).enumerate() {
        let slots = role.slots.iter().map(|slot| slot.noun.as_str());
        let told = told
            .iter()
            .filter_map(|noun| needed.get(noun.as_str()).copied());
        let yields = role.yields.iter().map(|it| it.noun.as_str());
        for noun in slots.chain([role.noun.as_str()]).chain(told).chain(yields) {
            let first = *by_noun.entry(noun).or_insert(index);
            let (one, other) = (root(&groups, first), root(&groups, index));
            if let Some(group) = groups.get_mut(one.max(other)) {
                *group = one.min(other);
            }
        }
    }
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); roles.len()];
    for index in 0..roles.len() {
        if let Some(group) = members.get_mut(root(&groups, index)) {
            group.push(index);
        }
    }
    let mut shards: Vec<Vec<usize>> = vec![Vec::new(); count];
    for group in members.into_iter().filter(|group| !group.is_empty()) {
        if let Some(least) = shards.iter_mut().min_by_key(|shard| shard.len()) {
            least.extend(group);
        }
    }
    for shard in &mut shards {
        shard.sort_unstable();
    }
    shards
}

/// What the answers of an operation may name, in the way in which a run listens to them.
pub fn told(operation: &Operation) -> Vec<String> {
    let successes = operation
        .responses
        .iter()
        .filter(|it| it.status.is_success());
    let mut names = Vec::new();
    for response in successes {
        for member in response
            .shape
            .iter()
            .flat_map(crate::model::shape::Shape::members)
        {
            names.push(member.name.clone());
            let inner = member.shape.members().iter();
            names.extend(inner.map(|inner| inner.name.clone()));
        }
        for value in response.examples.iter().filter_map(|it| it.value()) {
            for member in value.members() {
                names.push(member.key.clone());
                let inner = member.value.members().iter();
                names.extend(inner.map(|inner| inner.key.clone()));
            }
        }
    }
    let nouns = names.into_iter().map(|name| {
        let name = letters(&name);
        let stem = name.strip_suffix("id").filter(|stem| !stem.is_empty());
        stem.map_or_else(|| name.clone(), str::to_owned)
    });
    nouns.collect()
}

/// The least index of the group.
fn root(groups: &[usize], mut index: usize) -> usize {
    while let Some(next) = groups.get(index).filter(|next| **next != index) {
        index = *next;
    }
    index
}
