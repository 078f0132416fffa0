//! What follows from the ids that are sent: a line of an order has the name and the price of the product that its
//! `product_id` names, and a ticket with `assignee_id` shows that `assignee`.
//!
//! Which members of another thing are shown is read from the examples: there they have the values of that thing.

use serde_json::{Map, Value};

use super::State;
use super::candidate::noun;
use super::collections::Collection;
use super::view::{is_id, text};
use crate::mock::words;

type Thing = Map<String, Value>;

impl State {
    /// Adds to what was sent what the things that it names have.
    pub(super) fn refer(&self, collection: &Collection, sent: &mut Thing) {
        let examples: Vec<&Thing> = std::iter::once(&collection.sample)
            .chain(&collection.seeds)
            .collect();
        self.copy_named(sent, &examples);
        show_named(self, collection, sent);
        for (name, value) in sent.iter_mut() {
            let Some(items) = value.as_array_mut().filter(|it| !it.is_empty()) else {
                continue;
            };
            let arrays = examples.iter().filter_map(|it| it.get(name)?.as_array());
            let shown: Vec<&Thing> = arrays.flatten().filter_map(Value::as_object).collect();
            for item in items.iter_mut().filter_map(Value::as_object_mut) {
                self.copy_named(item, &shown);
            }
        }
    }

    /// The same for an item of an array.
    pub(super) fn refer_item(&self, collection: &Collection, array: &str, sent: &mut Thing) {
        let examples = std::iter::once(&collection.sample).chain(&collection.seeds);
        let arrays = examples.filter_map(|it| it.get(array)?.as_array());
        let shown: Vec<&Thing> = arrays.flatten().filter_map(Value::as_object).collect();
        self.copy_named(sent, &shown);
    }

    /// Adds members that the examples copy from a thing whose id stands beside them.
    fn copy_named(&self, sent: &mut Thing, examples: &[&Thing]) {
        let ids = sent.iter().filter(|(_, value)| is_id(value));
        let ids: Vec<_> = ids
            .map(|(name, value)| (name.clone(), text(value)))
            .collect();
        for (name, id) in ids {
            let Some(other) = self.named_for(&name) else {
                continue;
            };
            let Some(thing) = self.found(other, &id) else {
                continue;
            };
            for (own, theirs) in copied(&name, other, examples) {
                if let Some(value) = thing.get(&theirs) {
                    sent.entry(own).or_insert_with(|| value.clone());
                }
            }
        }
    }

    /// The only collection that a member is named for: `product_id`.
    fn named_for(&self, name: &str) -> Option<&Collection> {
        let folded = words::folded(name);
        let mut all = self.collections.all.iter().filter(|it| {
            let noun = words::singular(noun(&it.path));
            !it.is_single && (folded == noun || folded == format!("{noun}id"))
        });
        let found = all.next()?;
        all.next().is_none().then_some(found)
    }

    /// The thing of an id, wherever it is.
    pub(super) fn found(&self, collection: &Collection, id: &str) -> Option<Thing> {
        let mut kept = self.kept_of(&collection.path);
        if let Some((_, thing)) = kept.find(|(_, thing)| thing.id == id) {
            return Some(thing.members.clone());
        }
        self.anywhere(collection, id)?;
        let mut seeds = collection.seeds.iter();
        seeds.find(|seed| collection.id(seed) == id).cloned()
    }
}

/// The members beside an id that all examples have from the thing that it names, and what that calls them.
fn copied(id: &str, other: &Collection, examples: &[&Thing]) -> Vec<(String, String)> {
    let pairs = examples.iter().filter_map(|example| {
        let id = text(example.get(id)?);
        let mut seeds = other.seeds.iter();
        let thing = seeds.find(|seed| other.id(seed) == id)?;
        Some((*example, thing))
    });
    let pairs: Vec<(&Thing, &Thing)> = pairs.collect();
    let Some((first, thing)) = pairs.first() else {
        return Vec::new();
    };
    let copied = first.keys().filter(|own| *own != id && *own != "id");
    let copied = copied.filter_map(|own| {
        let mut names = thing.keys().filter(|theirs| is_of(own, theirs, other));
        let theirs = names.find(|theirs| {
            let mut values = pairs.iter();
            values.all(|(example, thing)| {
                let value = example.get(own);
                value.is_none() || is_same(value, thing.get(*theirs))
            })
        })?;
        Some((own.clone(), theirs.clone()))
    });
    copied.collect()
}

/// True for `name`, `product_name`, and `unit_price` of a product with a `name` and a `price`.
fn is_of(own: &str, theirs: &str, other: &Collection) -> bool {
    *theirs != other.key && words::parts(own).ends_with(&words::parts(theirs))
}

fn is_same(one: Option<&Value>, other: Option<&Value>) -> bool {
    match (one, other) {
        (Some(Value::Number(one)), Some(Value::Number(other))) => one.as_f64() == other.as_f64(),
        (one, other) => one == other && one.is_some_and(|it| !it.is_null()),
    }
}

/// Adds the objects whose ids were sent: `assignee` for `assignee_id`.
fn show_named(state: &State, collection: &Collection, sent: &mut Thing) {
    let shown = collection.sample.iter().chain(&collection.set);
    let shown = shown.filter_map(|(name, value)| {
        let object = value.as_object()?;
        object.get("id").filter(|id| is_id(id))?;
        Some((name, object))
    });
    for (member, object) in shown {
        let own = words::folded(member);
        let mut names = sent.iter().filter(|(name, _)| {
            let name = words::folded(name);
            name == own || name.strip_suffix("id") == Some(&own)
        });
        let Some(id) = names.next().map(|(_, value)| value.clone()) else {
            continue;
        };
        if id.is_null() {
            sent.insert(member.clone(), Value::Null);
        } else if is_id(&id) {
            let value = referred(state, collection, (member, object), &id);
            sent.insert(member.clone(), Value::Object(value));
        }
    }
}

/// What is known of the thing of an id, as an object with these members.
fn referred(
    state: &State,
    collection: &Collection,
    (member, object): (&str, &Thing),
    id: &Value,
) -> Thing {
    let of_examples = || {
        let mut seeds = collection.seeds.iter();
        let known = seeds.find_map(|seed| {
            let known = seed.get(member)?.as_object()?;
            (known.get("id").map(text) == Some(text(id))).then_some(known)
        });
        known.cloned()
    };
    let thing = state
        .named_for(member)
        .and_then(|other| state.found(other, &text(id)))
        .or_else(of_examples)
        .unwrap_or_default();
    let mut referred = object.clone();
    for (name, value) in &mut referred {
        match thing.get(name) {
            Some(known) => *value = known.clone(),
            None if name == "id" => *value = id.clone(),
            None => {}
        }
    }
    referred
}
