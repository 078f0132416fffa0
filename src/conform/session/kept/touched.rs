//! The time of the last change of what something was added to: it moves, or stays, as the page says.

use serde_json::Value;

use crate::conform::class::Class;
use crate::conform::judge::state::{self, Found};
use crate::conform::plan::{Variant, sample};
use crate::conform::said::touches::{self, Touch};

use super::updates::{has_fraction, is_time_of_change};
use crate::conform::session::Session;

impl Session<'_, '_> {
    /// After a create below something: is the time of the last change of that as the page says?
    pub(in crate::conform::session) fn check_parent_times(&mut self, at: usize) {
        let Some(exchange) = self.exchanges.get(at) else {
            return;
        };
        let Some((index, operation, role)) = self.about(at) else {
            return;
        };
        if !matches!(exchange.item.variant, Variant::Example) || !self.is_stateful() {
            return;
        }
        let mut slots = role.slots.iter().filter(|slot| role.names_parent(slot));
        let told = slots.find_map(|slot| {
            let id = exchange.item.draft.slot(slot)?;
            let mut things = self.store.things.iter();
            let parent = things.position(|it| {
                it.noun == slot.noun
                    && it.is_own
                    && !it.is_gone
                    && it.id(&slot.name).as_ref() == Some(&id)
            })?;
            let thing = self.store.things.get(parent)?;
            let members = thing.object.as_object()?.iter();
            let mut times = members.filter(|(name, _)| is_time_of_change(name));
            let (name, old, touch) = times.find_map(|(name, old)| {
                Some((name, old, touches::of(operation, &slot.noun, name)?))
            })?;
            Some((parent, slot.noun.clone(), name.clone(), old.clone(), touch))
        });
        let Some((parent, noun, member, old, touch)) = told else {
            return;
        };
        if self.is_written_since(parent, at) {
            return;
        }
        let is_later = self.is_later(at, &old);
        let Some(read) = self.read(parent, "a read of what was added to") else {
            return;
        };
        let Some(now) = self.shown(read).and_then(|it| it.get(&member).cloned()) else {
            return;
        };
        let name = operation.name();
        let (broken, message, expected) = match touch {
            Touch::Moves if now == old && is_later => (
                &state::ACTION_WITHOUT_EFFECT,
                format!("after {name} a read shows `{member}` of the {noun} as before"),
                "a later time".to_owned(),
            ),
            Touch::Stays if now != old => (
                &state::UPDATE_CHANGES_OTHERS,
                format!("{name} changes `{member}` of the {noun}, which is to stay"),
                sample::plain(&old),
            ),
            _ => return,
        };
        let found = Found::about(broken, self.subject_of(read, &member), message)
            .seen(expected, sample::plain(&now))
            .weak_if(true);
        self.found(at, &noun, &format!("{index} {member}"), found);
    }

    /// After an action: is the time of the last change of its thing as the page says?
    pub(in crate::conform::session) fn check_own_time(
        &mut self,
        at: usize,
        read: usize,
        (before, after): (&Value, &Value),
    ) {
        let Some((index, operation, role)) = self.about(at) else {
            return;
        };
        let members = before.as_object().into_iter().flatten();
        let mut times = members.filter(|(name, _)| is_time_of_change(name));
        let told = times.find_map(|(name, old)| {
            let touch = touches::of(operation, &role.noun, name)?;
            Some((name, old, after.get(name)?, touch))
        });
        let Some((member, old, new, touch)) = told else {
            return;
        };
        let is_exact = new.as_str().is_some_and(has_fraction);
        let name = operation.name();
        let (broken, message, expected) = match touch {
            Touch::Moves if new == old && is_exact => (
                &state::ACTION_WITHOUT_EFFECT,
                format!("after {name} a read shows `{member}` as before"),
                "a later time".to_owned(),
            ),
            Touch::Stays if new != old => (
                &state::UPDATE_CHANGES_OTHERS,
                format!("{name} changes `{member}`, which is to stay"),
                sample::plain(old),
            ),
            _ => return,
        };
        let found = Found::about(broken, self.subject_of(read, member), message)
            .seen(expected, sample::plain(new))
            .weak_if(true);
        self.found(at, &role.noun.clone(), &format!("{index} {member}"), found);
    }

    /// True if another request than that one may have changed a thing since it was seen.
    fn is_written_since(&self, thing: usize, at: usize) -> bool {
        let Some(known) = self.store.things.get(thing) else {
            return true;
        };
        let Some(id) = known.key() else {
            return true;
        };
        let since = self.exchanges.iter().enumerate().skip(known.as_of);
        let mut writes = since.filter(|(index, it)| {
            *index != at && it.is_success && self.plan.class(it.item.operation) > Class::Read
        });
        writes.any(|(_, exchange)| {
            let role = self.role(exchange.item.operation);
            let mut slots = role.into_iter().flat_map(|role| &role.slots);
            slots.any(|slot| exchange.item.draft.slot(slot).as_ref() == Some(&id))
        })
    }

    /// True if an answer shows a time of the same form that is later than that one: the clock of the server went on.
    fn is_later(&self, at: usize, old: &Value) -> bool {
        let Some(old) = old.as_str().filter(|it| has_fraction(it)) else {
            return false;
        };
        let object = self.object(at).unwrap_or_default();
        let members = object.as_object().into_iter().flatten();
        let mut times = members.filter(|(name, _)| name.to_lowercase().ends_with("at"));
        times.any(|(_, value)| {
            value
                .as_str()
                .is_some_and(|it| it.len() == old.len() && it > old)
        })
    }
}
