//! Refusals because of how things stand, which say nothing about what was sent: another thing is used in the place of one
//! that is closed, and what nothing is known about is not judged.

use serde_json::Value;

use crate::conform::chain::Kind;
use crate::conform::judge::standing;
use crate::conform::plan::Item;
use crate::conform::plan::input::Input;

use super::Session;

impl Session<'_, '_> {
    /// True if a request was refused: by the status, or by what the body says where pages show that the status does not.
    pub(super) fn is_turned_down(&self, at: usize) -> bool {
        let Some(exchange) = self.exchanges.get(at) else {
            return false;
        };
        let operation = self.operation(exchange.item.operation);
        match exchange.status() {
            Some(super::TOO_MANY) => false,
            Some(400..500) => true,
            Some(200..300) if !exchange.is_success => {
                operation.is_some_and(standing::is_told_by_body)
            }
            _ => false,
        }
    }

    /// True if a refusal says that what is sent is in use already, or out of date: no value is to blame.
    pub(super) fn says_taken(&self, at: usize) -> bool {
        let body = self.exchanges.get(at).and_then(|it| it.body.as_ref());
        body.is_some_and(standing::says_taken)
    }

    /// True if a refusal is because of how things stand, or has a reason that the docs give for the input: what was sent for
    /// the input, or that nothing was, is not shown to be wrong.
    pub(super) fn stands_in_the_way(
        &self,
        at: usize,
        input: &Input,
        value: Option<&Value>,
    ) -> bool {
        let Some((exchange, body)) = self
            .exchanges
            .get(at)
            .and_then(|it| Some((it, it.body.as_ref()?)))
        else {
            return false;
        };
        let Some(operation) = self.operation(exchange.item.operation) else {
            return false;
        };
        // What is there twice in a list is one of its values.
        let is_taken = !value.is_some_and(Value::is_array) && standing::says_taken(body);
        let errors = self.api.shared.errors.as_ref();
        is_taken
            || standing::says_closed(body, input)
            || value.is_none() && standing::has_code_for(operation, errors, body, input)
    }

    /// Sends a variant of an update that is refused because of how the thing stands once more, with a new thing in its place:
    /// what came before may have closed it. The exchange, if it was sent.
    pub(super) fn with_fresh_one(&mut self, item: &Item, at: usize) -> Option<usize> {
        let role = self.role(item.operation)?;
        let is_update = role.kind == Kind::Update && self.accepted.contains_key(&item.operation);
        let is_of_state = self.is_of_state(at) && !self.says_taken(at) || {
            let body = self.exchanges.get(at)?.body.as_ref();
            body.is_some_and(|body| standing::says_shut(body))
        };
        if !is_update || !self.is_turned_down(at) || !is_of_state {
            return None;
        }
        let noun = role.noun.clone();
        let own = role.slots.iter().find(|slot| slot.is_own)?;
        let id = self.exchanges.get(at)?.item.draft.slot(own)?;
        let is_it = |thing: &super::Thing| thing.id(&own.name).as_ref() == Some(&id);
        let old = self.store.first_of(&noun, true, is_it)?;
        if self.replaced.contains_key(&old) || !self.was_changed(item.operation, &id) {
            return None;
        }
        let new = self.another_of(&noun).filter(|new| *new != old)?;
        self.replaced.insert(old, new);
        let prepared = self.prepared(item, Some(new)).ok()?;
        let prepared = self.distinct(prepared);
        self.exchange(prepared)
    }

    /// True if an operation was accepted before of the thing with that id.
    fn was_changed(&self, operation: usize, id: &str) -> bool {
        let own = self
            .role(operation)
            .and_then(|role| role.slots.iter().find(|slot| slot.is_own));
        let mut exchanges = self.exchanges.iter();
        own.is_some_and(|own| {
            exchanges.any(|it| {
                let is_it = it.item.operation == operation && it.is_success;
                is_it && it.item.draft.slot(own).as_deref() == Some(id)
            })
        })
    }

    /// The thing that is used in the place of one that was closed on the way.
    pub(super) fn in_place_of(&self, thing: usize) -> usize {
        let mut thing = thing;
        let mut seen = 0;
        while let Some(other) = self.replaced.get(&thing).filter(|_| seen < 4) {
            let is_there = self.store.things.get(*other);
            if !is_there.is_some_and(|it| !it.is_gone && !it.is_lost) {
                break;
            }
            (thing, seen) = (*other, seen + 1);
        }
        thing
    }
}
