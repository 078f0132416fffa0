//! Collections that end in the same word and hold other things: `/orders/runs` and `/reports/runs`.

use std::collections::{BTreeMap, BTreeSet};

use super::words::{self, singular};
use crate::model::Api;
use crate::model::route::Template;

/// The nouns of collections whose last word is that of another collection, by their paths without the names of
/// parameters.
#[derive(Clone, Debug, Default)]
pub(super) struct Homonyms(BTreeMap<String, String>);

impl Homonyms {
    /// Two collections hold other things if each makes its own and reads them by their ids: else one is a view of the
    /// other, as `/admin/orders` may be, or puts its things somewhere, as `/groups/{id}/people` does. Versions of an
    /// interface share their things.
    pub(super) fn of(api: &Api) -> Self {
        let endpoints = || api.operations.iter().map(|it| &it.endpoint.value);
        let of_method = |method: &str| -> BTreeSet<String> {
            let endpoints = endpoints().filter(|it| it.method == method);
            endpoints.map(|it| erased(&it.path)).collect()
        };
        let (made, read) = (of_method("POST"), of_method("GET"));
        let own = made
            .iter()
            .filter(|path| !path.contains("{}") && read.contains(&format!("{path}/{{}}")));
        let mut by_noun: BTreeMap<String, Vec<&String>> = BTreeMap::new();
        for path in own {
            let last = path.rsplit('/').next().unwrap_or_default();
            by_noun.entry(singular(last)).or_default().push(path);
        }
        let mut nouns = BTreeMap::new();
        for (noun, mut paths) in by_noun {
            paths.sort_by_key(|path| path.len());
            let mut others = paths.into_iter();
            let mut known = BTreeSet::from([others.next().map(|it| unversioned(it))]);
            for path in others {
                let bare = unversioned(path);
                let before = bare.rsplit('/').nth(1).unwrap_or_default();
                let own = format!("{}{noun}", singular(before));
                if known.insert(Some(bare)) {
                    nouns.insert(path.clone(), own);
                }
            }
        }
        Self(nouns)
    }

    /// The noun of the collection at a path, if another collection ends in the same word.
    pub(super) fn noun(&self, path: &str) -> Option<&String> {
        self.0.get(path)
    }
}

/// The path with `{}` in the place of each parameter, and without a format at its end.
pub(super) fn erased(path: &str) -> String {
    Template::parse(words::without_format(path.trim_end_matches('/'))).identity()
}

/// The path without the segments that say nothing about what is there.
fn unversioned(path: &str) -> String {
    let is_version = |segment: &str| {
        let number = segment.strip_prefix('v').unwrap_or(segment);
        !number.is_empty() && number.bytes().all(|it| it.is_ascii_digit() || it == b'.')
    };
    let segments = path.split('/');
    let told: Vec<&str> = segments
        .filter(|it| !is_version(it) && *it != "api")
        .collect();
    told.join("/")
}
