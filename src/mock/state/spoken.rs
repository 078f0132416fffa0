//! Paths that say what is done, beside paths that do not: `POST /books/create` and `GET /books/{book_id}`.

use std::collections::BTreeMap;

use super::candidate::{Candidate, spoken};
use super::collections::{Group, Role};

/// Moves operations whose path says what they do to the things of the path before, where nothing else does that.
pub(super) fn adopt(groups: &mut Vec<Group<'_>>) {
    let homes = groups.iter().filter(|group| group.has_items());
    let homes = homes.map(|group| {
        let roles = group.candidates.iter().map(|it| it.role);
        (group.path.clone(), roles.collect::<Vec<Role>>())
    });
    let homes: BTreeMap<String, Vec<Role>> = homes.collect();
    let mut moved: Vec<(String, Candidate<'_>)> = Vec::new();
    for group in groups.iter_mut() {
        let Some((home, _)) = group.path.rsplit_once('/') else {
            continue;
        };
        let Some(roles) = homes.get(home) else {
            continue;
        };
        let spoken_home = format!("{home}.*");
        group.candidates.retain(|candidate| {
            let found = spoken(candidate.index, candidate.served);
            let found =
                found.filter(|(path, it)| *path == spoken_home && !roles.contains(&it.role));
            let is_moved = found.is_some();
            moved.extend(found.map(|(_, candidate)| (home.to_owned(), candidate)));
            !is_moved
        });
    }
    for (home, candidate) in moved {
        let mut groups = groups.iter_mut();
        if let Some(group) = groups.find(|group| group.path == home) {
            group.candidates.push(candidate);
        }
    }
    groups.retain(|group| !group.candidates.is_empty());
}
