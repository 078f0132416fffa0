//! What undoes what: `POST /tasks/{id}/unarchive` what `archive` did, `resume` a `pause`, and `DELETE` what `PUT` of its path
//! did.
//!
//! The example of such an action shows the thing as all other examples do, so that nothing in it tells what is done. That
//! is what the other action changes, and the members that its own name speaks of.

use serde_json::{Map, Value};

use super::action::{difference_of, done};
use super::candidate::erased;
use super::collections::{Collection, Role};
use super::make;
use super::view::{View, member};
use super::{State, Turn};
use crate::mock::{Served, words};

/// Actions, and those that undo them, by the beginnings of their words.
const PAIRS: [(&[&str], &[&str]); 9] = [
    (
        &["paus", "suspend", "hold", "snooz", "stop", "halt"],
        &["resum", "continu", "start", "restart", "releas"],
    ),
    (
        &[
            "clos", "complet", "resolv", "finish", "done", "cancel", "fulfill",
        ],
        &["open", "reopen", "reinstat", "restor", "resum"],
    ),
    (
        &["archiv", "delet", "trash", "remov", "discard", "bin"],
        &["restor", "recover", "reviv", "reinstat"],
    ),
    (
        &["disabl", "suspend", "block", "ban", "lock"],
        &["enabl", "activat", "reinstat", "allow", "releas"],
    ),
    (&["hid"], &["show", "reveal"]),
    (&["claim", "assign", "reserv"], &["releas"]),
    (&["publish"], &["withdraw", "retract"]),
    (&["join", "enter"], &["leav"]),
    (&["open", "start"], &["clos", "stop"]),
];

/// What words that undo begin with.
const PREFIXES: [&str; 4] = ["un", "de", "dis", "re"];

/// The words of what an operation does: `unarchive` of `POST /tasks/{id}/unarchive`.
fn deed(served: &Served) -> Vec<String> {
    let path = served.operation.endpoint.value.path.as_str();
    words::parts(path.rsplit(['/', '.', ':']).next().unwrap_or_default())
}

/// True if one of two actions undoes the other, as their words say.
fn are_opposite(one: &[String], other: &[String]) -> bool {
    let is_undone = |word: &String, other: &String| {
        let mut prefixes = PREFIXES.iter();
        let is_prefixed = prefixes.any(|it| other.strip_prefix(it) == Some(word));
        is_prefixed && word.len() > 2
    };
    let starts = |words: &[String], known: &[&str]| {
        words
            .iter()
            .any(|word| known.iter().any(|it| word.starts_with(it)))
    };
    let is_pair = PAIRS.iter().any(|(does, undoes)| {
        starts(one, does) && starts(other, undoes) || starts(other, does) && starts(one, undoes)
    });
    let mut pairs = one
        .iter()
        .flat_map(|word| other.iter().map(move |it| (word, it)));
    is_pair || pairs.any(|(word, it)| is_undone(word, it) || is_undone(it, word))
}

/// What a word is about, without what turns it over and its ending: `archi` of `unarchive`.
fn stems(words: &[String]) -> Vec<&str> {
    let stems = words.iter().flat_map(|word| {
        let mut prefixes = PREFIXES.iter();
        let rest = prefixes.find_map(|it| word.strip_prefix(it));
        [Some(word.as_str()), rest]
    });
    let long = stems.flatten().filter(|it| it.len() >= 4);
    long.filter_map(|it| it.get(..it.len().min(5))).collect()
}

impl State {
    /// What an action does beside what its example shows anew: what it undoes, and what its name speaks of.
    pub(super) fn undone(
        &self,
        turn: &Turn<'_>,
        view: &View,
        collection: &Collection,
    ) -> Map<String, Value> {
        let mut undone = Map::new();
        for other in self.opposites(turn) {
            for (name, done) in done(other, collection, turn.now) {
                if make::is_change(&name) {
                    continue;
                }
                // What both show alike is told by neither.
                if let Some(value) = view.sample.get(&name).filter(|it| **it != done) {
                    undone.insert(name, now(value, turn));
                }
            }
        }
        let words = deed(turn.served);
        let stems = stems(&words);
        let speaks = |text: &str| {
            let parts = words::parts(text);
            parts
                .iter()
                .any(|part| stems.iter().any(|it| part.starts_with(it)))
        };
        for (name, value) in &view.sample {
            let is_told = match value {
                Value::Bool(_) | Value::Null => speaks(name),
                Value::String(text) => {
                    speaks(name) && make::time(value, turn.now).is_some()
                        || is_state(view, name) && speaks(text)
                }
                _ => false,
            };
            if is_told && *name != collection.key && collection.sample.contains_key(name) {
                undone
                    .entry(name.clone())
                    .or_insert_with(|| now(value, turn));
            }
        }
        undone
    }

    /// The numbers that an action counts back which another one counts up: `followers` of `DELETE /lists/{id}/followers`.
    pub(super) fn uncounted(&self, turn: &Turn<'_>, collection: &Collection) -> Vec<(String, i64)> {
        let steps = self
            .opposites(turn)
            .into_iter()
            .flat_map(|other| difference_of(other, collection));
        steps.map(|(name, step)| (name, -step)).collect()
    }

    /// What is shown after the actions that this one undoes: those of the opposite word, and that of its path.
    fn opposites(&self, turn: &Turn<'_>) -> Vec<&View> {
        let path = |served: &Served| erased(&served.operation.joined_path());
        let method = |served: &Served| served.operation.endpoint.value.method == "DELETE";
        let (own, words) = (path(turn.served), deed(turn.served));
        let uses = self.collections.uses.iter();
        let others = uses.filter_map(|(index, used)| {
            let other = turn.mock.operations.get(*index)?;
            let is_act = used.role == Role::Act
                && used.part.is_none()
                && used.collection == turn.used.collection
                && other.name != turn.served.name;
            let is_opposite = is_act
                && if path(other) == own {
                    method(other) != method(turn.served)
                } else {
                    are_opposite(&words, &deed(other))
                };
            used.view.as_ref().filter(|_| is_opposite)
        });
        others.collect()
    }
}

/// True for a status, and for a member whose values are listed.
fn is_state(view: &View, name: &String) -> bool {
    let shape = view.shape.as_ref().and_then(|shape| member(shape, name));
    let is_listed = shape.is_some_and(|it| it.constraints.allowed.is_some());
    is_listed || matches!(words::folded(name).as_str(), "status" | "state")
}

/// A value that an action sets; of a time the present one.
fn now(value: &Value, turn: &Turn<'_>) -> Value {
    let time = make::time(value, turn.now).filter(|_| value.is_string());
    time.unwrap_or_else(|| value.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_pair(one: &str, other: &str) -> bool {
        let (one, other) = (words::parts(one), words::parts(other));
        assert_eq!(are_opposite(&one, &other), are_opposite(&other, &one));
        are_opposite(&one, &other)
    }

    #[test]
    fn words_say_which_action_undoes_which() {
        for (one, other) in [
            ("archive", "unarchive"),
            ("mark-as-read", "mark-as-unread"),
            ("activate", "deactivate"),
            ("close", "reopen"),
            ("pause", "resume"),
            ("trash", "restore"),
            ("connect", "disconnect"),
        ] {
            assert!(is_pair(one, other), "{one} {other}");
        }
        for (one, other) in [
            ("archive", "resume"),
            ("pause", "refund"),
            ("approve", "reject"),
            ("share", "archive"),
        ] {
            assert!(!is_pair(one, other), "{one} {other}");
        }
    }
}
