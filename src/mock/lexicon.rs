//! What the examples of a site show under each name, for values that nothing else tells: ids have the notation that other
//! pages show, and a `plan` is one of the plans that they name.

use std::collections::HashMap;

use serde_json::Value;

use crate::model::Operation;
use crate::model::json::{Json, JsonKind};
use crate::model::shape::is_placeholder;

use super::words;

/// The values of a site by names.
#[derive(Clone, Debug, Default)]
pub(super) struct Lexicon {
    /// An id for each kind of thing.
    ids: HashMap<String, String>,
    /// Some values for each name, spelled in one way.
    values: HashMap<String, Vec<Value>>,
    /// A thing of each kind.
    things: HashMap<String, Value>,
    /// Things by their kinds and ids.
    known: HashMap<(String, String), Value>,
}

/// How many names are kept, and how many values of each.
const NAMES: usize = 5000;
const VALUES: usize = 3;

/// How many kinds of things are kept, and how many members each has at most.
const THINGS: usize = 500;
const MEMBERS: usize = 60;
const KNOWN: usize = 2000;

/// Longer texts, deeper objects, and later items are passed over.
const LONGEST: usize = 60;
const DEEPEST: usize = 5;
const ITEMS: usize = 3;

impl Lexicon {
    /// Takes in what the responses of an operation show.
    pub(super) fn add(&mut self, operation: &Operation) {
        let noun = words::noun(&operation.name());
        let responses = operation
            .responses
            .iter()
            .filter(|it| it.status.is_success());
        for example in responses.flat_map(|response| &response.examples) {
            if let Some(value) = example.value() {
                self.read(value, &noun, &noun, 0);
            }
        }
    }

    /// An id of that kind of thing, as some example shows it.
    pub(super) fn id(&self, noun: &str) -> Option<&str> {
        self.ids.get(noun).map(String::as_str)
    }

    /// A thing of that kind, as some example shows it.
    pub(super) fn thing(&self, noun: &str) -> Option<&Value> {
        self.things.get(noun)
    }

    /// The thing of that kind and id, as some example shows it.
    pub(super) fn known(&self, noun: &str, id: &str) -> Option<&Value> {
        self.known.get(&(noun.to_owned(), id.to_owned()))
    }

    /// What examples show under that name.
    pub(super) fn values(&self, name: &str) -> &[Value] {
        let values = self.values.get(&words::folded(name));
        values.map_or(&[], Vec::as_slice)
    }

    fn read(&mut self, value: &Json, noun: &str, subject: &str, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        for item in value.items().iter().take(ITEMS) {
            self.read(item, noun, subject, depth + 1);
        }
        self.keep_thing(value, noun);
        for member in value.members() {
            match &member.value.kind {
                JsonKind::Object(_) | JsonKind::Array(_) => {
                    let is_wrapper = words::is_wrapper(&member.key, subject);
                    let own = words::singular(&member.key);
                    let noun = if is_wrapper { subject } else { &own };
                    self.read(&member.value, noun, subject, depth + 1);
                }
                JsonKind::String(text) => self.text(&member.key, text, noun),
                JsonKind::Number(_) => self.keep(&member.key, member.value.to_value()),
                // What the whole says of how it went, in whatever language: `"exito": true`.
                JsonKind::Bool(_) if depth == 0 => {
                    self.keep(&member.key, member.value.to_value());
                }
                _ => {}
            }
        }
    }

    /// Keeps an object that has an id, and the first one of its kind.
    fn keep_thing(&mut self, value: &Json, noun: &str) {
        let members = value.members();
        if !(2..=MEMBERS).contains(&members.len()) {
            return;
        }
        let is_id = |key: &str| matches!(key, "id" | "_id" | "uuid");
        let Some(id) = members.iter().find(|member| is_id(&member.key)) else {
            return;
        };
        let id = match id.value.to_value() {
            Value::String(text) => text,
            other => other.to_string(),
        };
        if self.known.len() < KNOWN {
            let known = self.known.entry((noun.to_owned(), id));
            known.or_insert_with(|| value.to_value());
        }
        // What shows more of a thing than its id and one word of it comes before what does not.
        let is_full = |thing: &Value| thing.as_object().is_some_and(|it| it.len() > 2);
        let is_known = match self.things.get(noun) {
            Some(thing) => is_full(thing) || members.len() <= 2,
            None => self.things.len() >= THINGS,
        };
        if !is_known {
            self.things.insert(noun.to_owned(), value.to_value());
        }
    }

    /// Keeps what is made of fields, for kinds of things that no example shows; what the operation is about, or parts of it.
    pub(super) fn add_made(&mut self, operation: &str, value: &Value, is_part: bool) {
        let noun = words::noun(operation);
        self.read_made(value, (&noun, &noun), is_part, 0);
    }

    fn read_made(
        &mut self,
        value: &Value,
        (noun, subject): (&str, &str),
        is_part: bool,
        depth: usize,
    ) {
        match value {
            Value::Array(items) => {
                for item in items.iter().take(1) {
                    self.read_made(item, (noun, subject), is_part, depth);
                }
            }
            Value::Object(members) => {
                let has_id = ["id", "_id", "uuid"]
                    .iter()
                    .any(|it| members.contains_key(*it));
                let is_kept = has_id && (2..=MEMBERS).contains(&members.len());
                if is_kept && is_part == (noun != subject) && self.things.len() < THINGS {
                    let things = &mut self.things;
                    things
                        .entry(noun.to_owned())
                        .or_insert_with(|| value.clone());
                }
                for (name, value) in members.iter().filter(|_| depth < 2) {
                    let is_wrapper = words::is_wrapper(name, subject);
                    let own = if is_wrapper {
                        subject.to_owned()
                    } else {
                        words::singular(name)
                    };
                    self.read_made(value, (&own, subject), is_part, depth + 1);
                }
            }
            _ => {}
        }
    }

    fn text(&mut self, key: &str, text: &str, noun: &str) {
        if text.is_empty() || text.len() > LONGEST || is_placeholder(text) {
            return;
        }
        let parts = words::parts(key);
        let Some((last, before)) = parts.split_last() else {
            return;
        };
        if matches!(last.as_str(), "id" | "uuid") {
            let kind = before.last().map_or(noun, String::as_str);
            if self.ids.len() < NAMES {
                self.ids
                    .entry(kind.to_owned())
                    .or_insert_with(|| text.to_owned());
            }
            return;
        }
        self.keep(key, Value::from(text));
    }

    fn keep(&mut self, key: &str, value: Value) {
        let name = words::folded(key);
        if self.values.len() >= NAMES && !self.values.contains_key(&name) {
            return;
        }
        let known = self.values.entry(name).or_default();
        if known.len() < VALUES && !known.contains(&value) {
            known.push(value);
        }
    }
}
