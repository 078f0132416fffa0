//! What is known to exist: things that this run made, and things that lists showed.
//!
//! Only what the run made, and what the user lists as disposable, is ever changed or deleted.

use serde_json::Value;

use crate::conform::chain::identity;
use crate::conform::plan::sample;

/// Something that the server keeps.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Thing {
    /// What it is one of: `book`.
    pub(super) noun: String,
    /// The latest that the server said about it.
    pub(super) object: Value,
    /// Its id, if only a `Location` header names it.
    pub(super) location: Option<String>,
    /// The things it belongs to: noun and id.
    pub(super) parents: Vec<(String, String)>,
    /// The parameter that names it.
    pub(super) key: String,
    /// True if this run made it, or may do with it as if it had.
    pub(super) is_own: bool,
    /// True once it is deleted.
    pub(super) is_gone: bool,
    /// How many things were added to it since it was read.
    pub(super) additions: usize,
    /// True if a read does not find it.
    pub(super) is_lost: bool,
    /// How often it was acted upon.
    pub(super) uses: usize,
    /// The exchange that made it.
    pub(super) made_by: Option<usize>,
    /// How many exchanges there were when it was last seen.
    pub(super) as_of: usize,
}

impl Thing {
    /// A thing of a noun that this run may do with as it likes, of which nothing else is known.
    pub(super) fn own(noun: &str, object: Value, key: &str) -> Self {
        Self {
            noun: noun.to_owned(),
            object,
            location: None,
            parents: Vec::new(),
            key: key.to_owned(),
            is_own: true,
            is_gone: false,
            additions: 0,
            is_lost: false,
            uses: 0,
            made_by: None,
            as_of: 0,
        }
    }

    /// The value that names it in a parameter.
    pub(super) fn id(&self, parameter: &str) -> Option<String> {
        // `items[].book`: what stands on the way says nothing about the name, and `book_ids[]` is named by `book_id`.
        let name = parameter.rsplit('.').next().unwrap_or(parameter);
        let name = name.strip_suffix("[]").map_or(name, one_of);
        let by_name = identity::id(&self.object, name, &self.noun);
        let by_key = || identity::id(&self.object, &self.key, &self.noun);
        by_name.or_else(|| self.location.clone()).or_else(by_key)
    }

    /// The value that names it everywhere.
    pub(super) fn key(&self) -> Option<String> {
        self.id(&self.key)
    }

    /// True unless an object has an `id` that is another one than that of the thing: what was booked for a card, and names it
    /// as its `card_id`, is no card.
    pub(super) fn is_told_by(&self, object: &Value) -> bool {
        let plain = |of: &Value| of.get("id").map(sample::plain);
        match (plain(&self.object), plain(object)) {
            (Some(known), Some(told)) => known == told,
            _ => true,
        }
    }
}

/// The name of one of a list: `book_id` for `book_ids`.
fn one_of(list: &str) -> &str {
    list.strip_suffix('s').unwrap_or(list)
}

/// All that is known to exist, in the order in which it came up.
#[derive(Debug, Default)]
pub(super) struct Store {
    pub(super) things: Vec<Thing>,
}

impl Store {
    /// The thing to use for a noun: one of our own before others, the first made before later ones.
    pub(super) fn first(&self, noun: &str, must_be_own: bool) -> Option<usize> {
        self.first_of(noun, must_be_own, |_| true)
    }

    /// The first such thing that fits.
    pub(super) fn first_of(
        &self,
        noun: &str,
        must_be_own: bool,
        is_fit: impl Fn(&Thing) -> bool,
    ) -> Option<usize> {
        let is_fit =
            |thing: &Thing| thing.noun == noun && !thing.is_gone && !thing.is_lost && is_fit(thing);
        let own = self.things.iter().position(|it| is_fit(it) && it.is_own);
        own.or_else(|| {
            let other = self.things.iter().position(is_fit);
            other.filter(|_| !must_be_own)
        })
    }

    /// The fitting thing of our own that was used least and made last: what happens to it hurts no other check.
    pub(super) fn spare(&self, noun: &str, is_fit: impl Fn(&Thing) -> bool) -> Option<usize> {
        let things = self.things.iter().enumerate();
        let own = things.filter(|(_, it)| {
            it.noun == noun && it.is_own && !it.is_gone && !it.is_lost && is_fit(it)
        });
        own.min_by_key(|(at, it)| (it.uses, std::cmp::Reverse(*at)))
            .map(|(at, _)| at)
    }

    /// The things of a noun that this run made and that are still there.
    pub(super) fn own(&self, noun: &str) -> Vec<&Thing> {
        let things = self.things.iter();
        things
            .filter(|it| it.noun == noun && it.made_by.is_some() && !it.is_gone && !it.is_lost)
            .collect()
    }

    /// Adds a thing unless it is known.
    pub(super) fn add(&mut self, thing: Thing) {
        let id = thing.key();
        let is_known = id.is_some()
            && self.things.iter().any(|it| {
                // The first of one and the first of another are two things, whatever their numbers.
                let is_alike = it.noun == thing.noun && it.parents == thing.parents;
                is_alike && !it.is_gone && it.key() == id
            });
        if !is_known {
            self.things.push(thing);
        }
    }

    /// Puts a thing among those of further parents.
    pub(super) fn join(&mut self, at: usize, parents: Vec<(String, String)>) {
        if let Some(thing) = self.things.get_mut(at) {
            for parent in parents {
                if !thing.parents.contains(&parent) {
                    thing.parents.push(parent);
                }
            }
        }
    }
}

/// True if something says of itself that it is gone.
pub(super) fn is_marked(object: &Value) -> bool {
    let members = object.as_object().into_iter().flatten();
    let mut members = members.map(|(name, value)| (crate::conform::bindings::letters(name), value));
    members.any(|(name, value)| match name.as_str() {
        "deleted" | "isdeleted" | "archived" => *value == Value::Bool(true),
        "deletedat" | "archivedat" => !value.is_null(),
        "status" | "state" => value.as_str().is_some_and(|text| {
            let text = text.to_ascii_lowercase();
            [
                "delet", "remov", "archiv", "cancel", "inactive", "disabled", "revoked",
            ]
            .iter()
            .any(|word| text.starts_with(word))
        }),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_names_a_thing_and_has_an_id_of_its_own_tells_nothing_of_it() {
        let shelf = Thing::own("shelf", json!({"id": "sh_1", "books": 2}), "shelf_id");
        assert!(shelf.is_told_by(&json!({"id": "sh_1", "books": 3})));
        assert!(shelf.is_told_by(&json!({"books": 3})));
        assert!(!shelf.is_told_by(&json!({"id": "mv_8", "shelf_id": "sh_1", "books": 1})));
    }
}
