//! The time of the last change of what something was added to: it moves, or stays, as the page says.

use serde_json::Value;

use crate::conform::judge::state::{self, Found};
use crate::conform::plan::{Variant, sample};
use crate::conform::said::touches::{self, Touch};

use super::updates::{has_fraction, is_time_of_change};
use crate::conform::session::Session;

/// The time of a change before and after something was done.
struct TimeSeen<'s> {
    member: &'s str,
    /// Of what it is, if not of what the request is about: " of the order".
    of: &'s str,
    old: &'s Value,
    now: &'s Value,
    /// True if it would be another one by now.
    may_move: bool,
}

impl Session<'_, '_> {
    /// After a create below something: is the time of the last change of that as the page says?
    pub(in crate::conform::session) fn check_parent_times(&mut self, at: usize) {
        let Some(exchange) = self.exchanges.get(at) else {
            return;
        };
        let Some((_, operation, role)) = self.about(at) else {
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
        if self.is_written_since(parent, Some(at)) {
            return;
        }
        let is_later = self.is_later(at, &old);
        let Some(read) = self.read(parent, "a read of what was added to") else {
            return;
        };
        let Some(now) = self.shown(read).and_then(|it| it.get(&member).cloned()) else {
            return;
        };
        let of_parent = format!(" of the {noun}");
        let found = TimeSeen {
            member: &member,
            of: &of_parent,
            old: &old,
            now: &now,
            may_move: is_later,
        };
        self.time_found(at, read, &noun, touch, &found);
    }

    /// After an action: is the time of the last change of its thing as the page says?
    pub(in crate::conform::session) fn check_own_time(
        &mut self,
        at: usize,
        read: usize,
        (before, after): (&Value, &Value),
    ) {
        let Some((_, operation, role)) = self.about(at) else {
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
        let found = TimeSeen {
            member,
            of: "",
            old,
            now: new,
            may_move: new.as_str().is_some_and(has_fraction),
        };
        self.time_found(at, read, &role.noun.clone(), touch, &found);
    }

    /// True if the time of a change was as before already once: two writes within a tick of the server's clock leave it as
    /// it is, so that one alone proves nothing. Before the next ones of that operation a tick passes.
    pub(in crate::conform::session) fn is_stuck_again(
        &mut self,
        operation: usize,
        member: &str,
    ) -> bool {
        !self.stuck.insert((operation, member.to_owned()))
    }

    fn time_found(
        &mut self,
        at: usize,
        read: usize,
        noun: &str,
        touch: Touch,
        seen: &TimeSeen<'_>,
    ) {
        let Some((index, operation, _)) = self.about(at) else {
            return;
        };
        let name = operation.name();
        let TimeSeen { member, of, .. } = seen;
        let is_same = seen.now == seen.old;
        if touch == Touch::Moves && is_same && seen.may_move && !self.is_stuck_again(index, member)
        {
            return;
        }
        let (broken, message, expected) = match touch {
            Touch::Moves if is_same && seen.may_move => (
                &state::ACTION_WITHOUT_EFFECT,
                format!("after {name} a read shows `{member}`{of} as before"),
                "a later time".to_owned(),
            ),
            Touch::Stays if !is_same => (
                &state::UPDATE_CHANGES_OTHERS,
                format!("{name} changes `{member}`{of}, which is to stay"),
                sample::plain(seen.old),
            ),
            _ => return,
        };
        let found = Found::about(broken, self.subject_of(read, member), message)
            .seen(expected, sample::plain(seen.now))
            .weak_if(true);
        self.found(at, noun, &format!("{index} {member}"), found);
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
