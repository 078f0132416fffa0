//! Documented requests that are refused before everything is made that they may need: they are sent once more when more
//! has been made, and judged only then.

use serde_json::Value;

use crate::conform::message::describe_status;
use crate::conform::plan::input::{self, Place};
use crate::conform::plan::{Item, Reason, Variant, sample};

use super::Session;

/// A documented request that was refused.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deferred {
    /// The exchange.
    at: usize,
    /// How many things there were.
    things: usize,
}

impl Session<'_, '_> {
    /// Puts off the judgement of a documented request, if it is refused as the page documents, and may be too early.
    pub(super) fn defer(&mut self, at: usize) -> bool {
        let is_refused = self.is_documented_refusal(at);
        let things = self.store.things.len();
        let deferred = self.deferred.as_mut().filter(|_| is_refused);
        deferred
            .map(|it| it.push(Deferred { at, things }))
            .is_some()
    }

    fn is_documented_refusal(&self, at: usize) -> bool {
        let Some(exchange) = self.exchanges.get(at) else {
            return false;
        };
        let is_example = matches!(exchange.item.variant, Variant::Example);
        let Some(status) = exchange.status().filter(|_| is_example) else {
            return false;
        };
        let is_about_things = matches!(status, 400 | 402..=404 | 409 | 410 | 412 | 422..=424);
        // A status that another page states is one that the API has.
        let mut operations = self.api.operations.iter();
        is_about_things && operations.any(|it| super::stages::ready::documents(it, status))
    }

    /// Sends once more what was refused, if something was made since, and judges it now.
    pub(super) fn retry_deferred(&mut self) {
        for Deferred { at, things } in self.deferred.take().unwrap_or_default() {
            let Some(index) = self.exchanges.get(at).map(|it| it.item.operation) else {
                continue;
            };
            let item = self.example_item(index);
            if let Some(item) = item.filter(|_| self.store.things.len() > things)
                && self.stopped().is_none()
            {
                self.example(item, None);
            } else {
                self.answered(at);
            }
        }
    }

    /// What a refused request names although no operation has made it, if that may be the reason.
    pub(super) fn wanting(&self, at: usize) -> Option<String> {
        let exchange = self
            .exchanges
            .get(at)
            .filter(|_| self.is_documented_refusal(at))?;
        let item = &exchange.item;
        let status = exchange.status()?;
        let answer = exchange.body.as_ref().map(ToString::to_string);
        let answer = answer.unwrap_or_default().to_lowercase();
        let named = self.ids_named(item).into_iter();
        let mut foreign = named.filter(|(_, _, id)| !self.is_known_thing(id));
        // What is missing is told by a status of its own; all else has to say what it is about.
        foreign
            .find(|(name, noun, id)| {
                let words: Vec<&str> = answer
                    .split(|c: char| !c.is_alphanumeric() && c != '_')
                    .collect();
                let says = |word: &str| words.iter().any(|it| *it == word.to_lowercase());
                matches!(status, 404 | 410 | 424)
                    || answer.contains(&id.to_lowercase())
                    || says(noun)
                    || says(name)
            })
            .map(|(name, ..)| name)
    }

    /// The ids that a request names in its body and its query: name, noun, and id.
    fn ids_named(&self, item: &Item) -> Vec<(String, String, String)> {
        let mut named = Vec::new();
        let Some((role, operation)) = self
            .role(item.operation)
            .zip(self.operation(item.operation))
        else {
            return named;
        };
        for slot in role.slots.iter().filter(|slot| !slot.is_own) {
            if let Some(id) = item.draft.slot(slot) {
                named.push((slot.name.clone(), slot.noun.clone(), id));
            }
        }
        for input in input::inputs(operation) {
            let is_id = matches!(input.place, Place::Body | Place::Query) && input.is_reference();
            let is_new = !role.slots.iter().any(|slot| slot.is_for(&input));
            let value = item.draft.value(&input).filter(|_| is_id && is_new);
            if let Some(id @ (Value::String(_) | Value::Number(_))) = value {
                let noun = input.name.trim_end_matches("_id").to_owned();
                named.push((input.name.clone(), noun, sample::plain(&id)));
            }
        }
        named
    }

    fn is_known_thing(&self, id: &str) -> bool {
        let mut things = self.store.things.iter();
        things.any(|it| !it.is_gone && it.key().as_deref() == Some(id))
    }

    /// A request that names what nothing makes says nothing about its operation when it is refused.
    pub(super) fn leave_wanting(&mut self, at: usize, name: &str) {
        let Some(exchange) = self.exchanges.get(at) else {
            return;
        };
        let index = exchange.item.operation;
        let status = describe_status(exchange.status().unwrap_or_default());
        let reason = format!(
            "the server answers {status}, as the page says that it may, and nothing has made what `{name}` names"
        );
        self.omitted.insert(index, Reason::Blocked(reason));
        self.exercised.retain(|it| *it != index);
    }
}
