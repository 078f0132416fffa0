//! Ids that recur between examples: what one answer shows as the `id` of a wallet, another request sends as `from`.
//!
//! Names say what an id is one of where a page documents it; examples say it also where no field does.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use serde_json::Value;

use crate::conform::bindings::letters;
use crate::model::curl::{Body, Curl, Pair};
use crate::model::{Api, Operation};

use super::batch::{self, Keys};
use super::words::{self, singular};
use super::{Kind, Role, Slot, SlotPlace, is_own_id};

/// Answers and bodies are not looked at deeper.
const DEPTH: usize = 4;

/// What the ids that examples show are ids of.
#[derive(Debug, Default)]
pub(super) struct Recurring {
    /// The nouns of ids; `None` for an id of several things.
    nouns: HashMap<String, Option<String>>,
    keys: Keys,
}

impl Recurring {
    /// The ids of what is one of these nouns, in the documented successes of all operations, and the names that documented
    /// requests give to what they make.
    pub(super) fn of(api: &Api, roles: &[Role], nouns: &[String], keys: &Keys) -> Self {
        let mut recurring = Self {
            keys: keys.clone(),
            ..Self::default()
        };
        for (operation, role) in api.operations.iter().zip(roles) {
            if let Some(key) = keys.get(&role.noun).filter(|_| role.makes(&role.noun)) {
                recurring.read_names(operation, role, key, nouns);
            }
            let successes = operation.responses.iter();
            let successes = successes.filter(|it| it.status.is_success());
            for example in successes.flat_map(|it| &it.examples) {
                if let Some(value) = example.value() {
                    recurring.read(&value.to_value(), &role.noun, nouns, DEPTH);
                }
            }
        }
        recurring
    }

    /// The names that a documented request gives to what it makes: `{"rows": [{"code": "BER01"}]}`.
    fn read_names(&mut self, operation: &Operation, role: &Role, key: &str, nouns: &[String]) {
        let commands = operation.request_examples.iter();
        for body in commands.filter_map(|it| batch::body_of(it.curl.as_ref()?)) {
            let rows = match &role.batch {
                Some(batch) if !batch.rows.is_empty() => body.get(&batch.rows),
                _ => Some(&body),
            };
            let (rows, key) = match (rows, &role.batch) {
                (Some(Value::Array(rows)), Some(batch)) => (rows.clone(), batch.key.as_str()),
                (Some(one), None) if role.kind == Kind::Create => (vec![one.clone()], key),
                _ => continue,
            };
            let named = rows.iter().filter_map(|row| row.get(key)?.as_str());
            for name in named.filter(|name| is_name(name)) {
                self.note(name, &role.noun, nouns);
            }
        }
    }

    fn read(&mut self, value: &Value, noun: &str, nouns: &[String], depth: usize) {
        match value {
            Value::Array(items) => {
                for item in items {
                    self.read(item, noun, nouns, depth);
                }
            }
            Value::Object(members) if depth > 0 => {
                // What stands within a thing that names itself is something else.
                let mut names = members.iter();
                let is_thing =
                    names.any(|(name, value)| value.is_string() && is_own_id(name, noun));
                let within = if is_thing { "" } else { noun };
                for (name, value) in members {
                    match value {
                        Value::String(id) if is_own_id(name, noun) => self.add(id, noun, nouns),
                        Value::Object(_) | Value::Array(_) => {
                            let of = singular(name);
                            let of = if nouns.contains(&of) { &of } else { within };
                            self.read(value, of, nouns, depth - 1);
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }

    fn add(&mut self, id: &str, noun: &str, nouns: &[String]) {
        if is_distinctive(id) {
            self.note(id, noun, nouns);
        }
    }

    fn note(&mut self, id: &str, noun: &str, nouns: &[String]) {
        if !nouns.iter().any(|known| known == noun) {
            return;
        }
        match self.nouns.entry(id.to_owned()) {
            Entry::Occupied(mut known) => {
                if known.get().as_deref() != Some(noun) {
                    known.insert(None);
                }
            }
            Entry::Vacant(free) => _ = free.insert(Some(noun.to_owned())),
        }
    }

    /// Where the documented requests of an operation send such ids.
    pub(super) fn slots(&self, operation: &Operation) -> Vec<Slot> {
        let mut slots = Vec::new();
        let examples = operation.request_examples.iter();
        for curl in examples.filter_map(|example| example.curl.as_ref()) {
            self.of_request(curl, &mut slots);
        }
        slots
    }

    fn of_request(&self, curl: &Curl, slots: &mut Vec<Slot>) {
        let query = curl.url.iter().flat_map(|url| &url.query);
        for pair in query {
            self.of_pair(pair, SlotPlace::Query, slots);
        }
        match &curl.body {
            Some(Body::Raw(text)) => {
                if let Ok(body) = serde_json::from_str(text.text()) {
                    self.of_body(&body, "", DEPTH, slots);
                }
            }
            Some(Body::Form(_, pairs)) => {
                for pair in pairs {
                    self.of_pair(pair, SlotPlace::Body, slots);
                }
            }
            _ => {}
        }
    }

    fn of_pair(&self, pair: &Pair, place: SlotPlace, slots: &mut Vec<Slot>) {
        if let Some(value) = &pair.value {
            self.name(&pair.name.value, &value.value, place, slots);
        }
    }

    fn of_body(&self, value: &Value, way: &str, depth: usize, slots: &mut Vec<Slot>) {
        let Some(members) = value.as_object().filter(|_| depth > 0) else {
            return;
        };
        let dot = if way.is_empty() { "" } else { "." };
        for (name, value) in members {
            let way = format!("{way}{dot}{name}");
            match value {
                Value::String(id) => self.name(&way, id, SlotPlace::Body, slots),
                Value::Array(items) => {
                    let way = format!("{way}[]");
                    match items.first() {
                        Some(Value::String(id)) => self.name(&way, id, SlotPlace::Body, slots),
                        Some(first) => self.of_body(first, &way, depth - 1, slots),
                        None => {}
                    }
                }
                _ => self.of_body(value, &way, depth - 1, slots),
            }
        }
    }

    fn name(&self, name: &str, id: &str, place: SlotPlace, slots: &mut Vec<Slot>) {
        let is_known = slots.iter().any(|it| it.name == name && it.place == place);
        if let (Some(Some(noun)), false) = (self.nouns.get(id), is_known) {
            slots.push(Slot {
                name: name.to_owned(),
                place,
                noun: noun.clone(),
                is_own: false,
            });
        }
    }

    /// True for the member by which a request names what it is about itself, such as the `code` of a new address.
    pub(super) fn names_itself(&self, slot: &Slot, role: &Role) -> bool {
        let is_key = |name: &str| {
            let key = self.keys.get(&role.noun);
            key.is_some_and(|key| letters(key) == letters(name))
        };
        slot.place == SlotPlace::Body
            && slot.noun == role.noun
            && match &role.batch {
                Some(batch) if batch.rows.is_empty() => true,
                Some(batch) => slot.name == format!("{}[].{}", batch.rows, batch.key),
                None => is_key(&slot.name),
            }
    }

    /// True if a documented request sends the id of such a thing.
    pub(super) fn names(&self, operation: &Operation, noun: &str) -> bool {
        self.slots(operation).iter().any(|slot| slot.noun == noun)
    }
}

/// True for a text that nobody sends by accident: `wal_7k2`, and not `EUR` or `42`.
fn is_distinctive(id: &str) -> bool {
    let has = |is: fn(&char) -> bool| id.chars().any(|letter| is(&letter));
    id.len() >= 5
        && has(char::is_ascii_digit)
        && has(|letter| !letter.is_ascii_digit())
        && words::split(id).len() <= 6
}

/// True for a text that is likely to be a name where a request says that it is one: `LYO7`, `BER`, `north-plant`.
fn is_name(id: &str) -> bool {
    let has = |is: fn(&char) -> bool| id.chars().any(|letter| is(&letter));
    let is_code = has(char::is_ascii_digit) && has(|letter| !letter.is_ascii_digit());
    let is_capital = id.chars().all(|letter| letter.is_ascii_uppercase());
    let is_slug = id.len() >= 8 && id.contains('-');
    id.len() >= 3 && !id.contains(' ') && (is_code || is_capital || is_slug)
}
