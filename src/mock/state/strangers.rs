//! Ids that a collection does not hold, and that all the same may be those of its things: pages of one site show ids that no
//! list of theirs has, and operations that are not kept tell ids that nobody remembers.

use std::collections::BTreeSet;

use serde_json::Value;

use super::State;
use super::candidate::noun;
use super::collections::{Collection, Collections};
use super::view::{body, is_id, text};
use crate::mock::answer::Answer;
use crate::mock::{Mock, words};

/// Deeper members are not looked at.
const DEEPEST: usize = 8;

/// What the pages show beside the collections.
#[derive(Clone, Debug, Default)]
pub(super) struct Strangers {
    /// The ids that their answers show.
    ids: BTreeSet<String>,
    /// The nouns, in the singular, of what operations make or name that are not kept.
    nouns: BTreeSet<String>,
}

impl Strangers {
    pub(super) fn of(mock: &Mock, collections: &Collections) -> Self {
        let mut found = Self::default();
        for (index, served) in mock.operations.iter().enumerate() {
            let is_kept = collections.uses.contains_key(&index);
            let examples = served.answers.iter().filter(|it| it.status.is_success());
            let examples: Vec<Value> = examples.filter_map(Answer::json).collect();
            // What is made up tells other ids for other requests.
            let is_made_up = !is_kept && examples.is_empty();
            for answer in examples.into_iter().chain(body(served)) {
                found.add(&answer, is_made_up, 0);
            }
            let endpoint = &served.operation.endpoint.value;
            if !is_kept && endpoint.method == "POST" {
                found.nouns.insert(words::singular(noun(&endpoint.path)));
            }
        }
        found
    }

    fn add(&mut self, value: &Value, is_made_up: bool, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        match value {
            Value::Array(items) => {
                for item in items {
                    self.add(item, is_made_up, depth + 1);
                }
            }
            Value::Object(members) => {
                for (name, value) in members {
                    if is_id(value) {
                        let folded = words::folded(name);
                        let of = folded.strip_suffix("id").filter(|it| !it.is_empty());
                        self.nouns
                            .extend(of.filter(|_| is_made_up).map(str::to_owned));
                        self.ids.insert(text(value));
                    }
                    self.add(value, is_made_up, depth + 1);
                }
            }
            _ => {}
        }
    }
}

impl State {
    /// True if an id that a collection does not hold may be that of one of its things all the same.
    pub(super) fn may_be_there(&self, collection: &Collection, id: &str) -> bool {
        let own = words::singular(noun(&collection.path));
        let strangers = &self.collections.strangers;
        let mut others = self
            .collections
            .all
            .iter()
            .filter(|it| it.path != collection.path && words::singular(noun(&it.path)) == own);
        strangers.ids.contains(id)
            || strangers.nouns.contains(&own)
            || others.any(|it| self.anywhere(it, id).is_some())
    }
}
