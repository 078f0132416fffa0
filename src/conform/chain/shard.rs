//! Operations in parts that can be exercised apart from each other.

use std::collections::HashMap;

use crate::model::Api;

use super::roles;

/// The indexes of all operations in so many parts.
///
/// What is about the same things, or takes ids of them, is in one part, so that no part needs what another makes. The parts
/// are filled in the order of the pages, the one with the fewest operations first.
pub fn shards(api: &Api, count: usize) -> Vec<Vec<usize>> {
    let roles = roles(api);
    let mut groups: Vec<usize> = (0..roles.len()).collect();
    let mut by_noun: HashMap<&str, usize> = HashMap::new();
    for (index, role) in roles.iter().enumerate() {
        let nouns = role.slots.iter().map(|slot| slot.noun.as_str());
        for noun in nouns.chain([role.noun.as_str()]) {
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

/// The least index of the group.
fn root(groups: &[usize], mut index: usize) -> usize {
    while let Some(next) = groups.get(index).filter(|next| **next != index) {
        index = *next;
    }
    index
}
