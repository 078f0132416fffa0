//! Things that a write is not about: they are there afterwards, and as they were.

use serde_json::Value;

use crate::conform::chain::{Kind, identity};
use crate::conform::class::Class;
use crate::conform::judge::echo;
use crate::conform::judge::state::{self, Found};
use crate::conform::message::describe_status;
use crate::conform::plan::sample;
use crate::conform::said::others;
use crate::model::Operation;

use super::state::is_clockwork;
use crate::conform::session::lists::pages::List;
use crate::conform::session::stages::actions::names_stage;
use crate::conform::session::{Exchange, Session};

impl Session<'_, '_> {
    /// What an update sent is not there in another thing of the same kind, which had other values before.
    pub(in crate::conform::session) fn check_bystander(&mut self, at: usize, thing: usize) {
        let Some(exchange) = self.exchanges.get(at) else {
            return;
        };
        let index = exchange.item.operation;
        let sent = exchange.item.draft.content().unwrap_or_default();
        let Some(other) = self
            .bystander(thing)
            .filter(|_| !self.passed.contains(&index))
        else {
            return;
        };
        let known = self.store.things.get(other).map(|it| it.object.clone());
        let known = known.unwrap_or_default();
        let sent = echo::named_as(sent, &known);
        let differs = |name: &String, value: &Value| {
            let old = known.get(name);
            old.is_some_and(|old| !echo::is_same(old, value))
        };
        let telling: Vec<_> = sent
            .iter()
            .filter(|(name, value)| differs(name, value))
            .collect();
        if telling.is_empty() {
            return;
        }
        self.passed.insert(index);
        let read = self.read(other, "a read of another thing");
        let Some((read, shown)) = read.and_then(|read| Some((read, self.shown(read)?))) else {
            return;
        };
        let taken = telling.into_iter().find(|(name, value)| {
            shown
                .get(*name)
                .is_some_and(|now| echo::is_same(now, value))
        });
        let Some((name, value)) = taken else {
            return;
        };
        let (Some(operation), Some(role)) = (self.operation(index), self.role(index)) else {
            return;
        };
        let message = format!(
            "{} of one {} changes `{name}` of another one",
            operation.name(),
            role.noun
        );
        let old = known.get(name).map(sample::plain).unwrap_or_default();
        let subject = self.subject_of(read, name);
        let found = Found::about(&state::UPDATE_CHANGES_OTHERS, subject, message)
            .seen(old, sample::plain(value))
            .plain_if(others::are_left_alone(operation));
        let noun = role.noun.clone();
        self.found(at, &noun, &format!("{index} another"), found);
    }

    /// What an action makes of a thing does not become of another one.
    pub(in crate::conform::session) fn check_action_bystander(
        &mut self,
        at: usize,
        thing: usize,
        (before, after): (&Value, &Value),
    ) {
        let Some((index, operation, role)) = self.about(at) else {
            return;
        };
        let members = after.as_object().into_iter().flatten();
        let changed = members.filter(|(name, new)| {
            let old = before.get(name.as_str());
            let is_plain = new.is_string() || new.is_boolean();
            is_plain && !is_clockwork(name) && old.is_some_and(|old| old != *new)
        });
        let changed: Vec<(String, Value)> = changed
            .map(|(name, new)| (name.clone(), new.clone()))
            .collect();
        let other = self.untouched_beside(thing).filter(|_| !changed.is_empty());
        let Some(other) = other.filter(|_| self.passed.insert(index)) else {
            return;
        };
        let known = self.store.things.get(other).map(|it| it.object.clone());
        let known = known.unwrap_or_default();
        let Some(read) = self.read(other, "a read of another thing") else {
            return;
        };
        let Some(shown) = self.shown(read) else {
            return;
        };
        let stays = !self.moves_by_itself(&role.noun);
        let taken = changed.into_iter().find(|(name, new)| {
            let (old, now) = (known.get(name), shown.get(name));
            let is_alike =
                |old: &Value| Some(old) == before.get(name) || stays && names_stage(name);
            old.is_some_and(|old| is_alike(old) && old != new) && now == Some(new)
        });
        self.refresh(other, shown);
        let Some((name, value)) = taken else {
            return;
        };
        let noun = role.noun.clone();
        let message = format!(
            "{} of one {noun} changes `{name}` of another one",
            operation.name()
        );
        let old = before.get(&name).map(sample::plain).unwrap_or_default();
        let found = Found::about(
            &state::UPDATE_CHANGES_OTHERS,
            self.subject_of(read, &name),
            message,
        )
        .seen(old, sample::plain(&value))
        .plain_if(others::are_left_alone(operation));
        self.found(at, &noun, &format!("{index} another"), found);
    }

    /// Another thing of the same kind that nothing was written to since it was seen last.
    fn untouched_beside(&self, thing: usize) -> Option<usize> {
        let other = self.bystander(thing)?;
        (!self.is_written_since(other, None)).then_some(other)
    }

    /// True if a request, other than one of them, may have changed a thing since it was seen last.
    pub(super) fn is_written_since(&self, thing: usize, other_than: Option<usize>) -> bool {
        let known = self.store.things.get(thing);
        let Some((as_of, id)) = known.and_then(|it| Some((it.as_of, it.key()?))) else {
            return true;
        };
        let mut since = self.exchanges.iter().enumerate().skip(as_of);
        since.any(|(at, exchange)| {
            let role = self.role(exchange.item.operation);
            let mut slots = role.into_iter().flat_map(|role| &role.slots);
            Some(at) != other_than
                && exchange.is_success
                && self.plan.class(exchange.item.operation) > Class::Read
                && slots.any(|slot| exchange.item.draft.slot(slot).as_ref() == Some(&id))
        })
    }

    /// Another thing of the same kind that the run made.
    fn bystander(&self, thing: usize) -> Option<usize> {
        let known = self.store.things.get(thing)?;
        let others = self.store.things.iter().enumerate();
        let mut others = others.filter(|(index, it)| {
            *index != thing
                && it.noun == known.noun
                && it.made_by.is_some()
                && it.key() != known.key()
                && !it.is_gone
                && !it.is_lost
        });
        others.next().map(|(index, _)| index)
    }

    /// A delete takes away nothing else: not another thing of the same kind, and not what the deleted one names.
    pub(in crate::conform::session) fn check_survivors(&mut self, at: usize, thing: usize) {
        let mut others: Vec<usize> = self.bystander(thing).into_iter().collect();
        others.extend(self.named_by(thing));
        for other in others {
            let Some(read) = self.read(other, "a read of what was not deleted") else {
                continue;
            };
            let status = self.exchanges.get(read).and_then(Exchange::status);
            let Some(status) = status.filter(|status| matches!(status, 404 | 410)) else {
                continue;
            };
            let Some(index) = self.exchanges.get(at).map(|it| it.item.operation) else {
                return;
            };
            let (Some(operation), Some(known)) = (
                self.operation(index).map(Operation::name),
                self.store.things.get_mut(other),
            ) else {
                return;
            };
            known.is_gone = true;
            let noun = known.noun.clone();
            let message = format!("{operation} takes away the {noun}, which it is not about");
            let found = Found::about(&state::UPDATE_CHANGES_OTHERS, "endpoint", message)
                .seen(format!("the {noun}"), describe_status(status));
            self.found(at, &noun, &format!("{index} survivor"), found);
            return;
        }
    }

    /// What the run made beside the thing that was deleted is in the list of its kind as before.
    pub(in crate::conform::session) fn check_listed_survivors(
        &mut self,
        at: usize,
        noun: &str,
        shown: &List<'_>,
        items: &[Value],
    ) {
        let key = self.key(noun);
        let ids: Vec<_> = items
            .iter()
            .filter_map(|item| identity::id(item, &key, noun))
            .collect();
        let mut things = self.store.things.iter();
        let absent = things.position(|it| {
            let is_own = it.noun == noun && it.made_by.is_some() && !it.is_gone && !it.is_lost;
            is_own
                && shown.is_for(&self.belongings(it))
                && !shown.leaves_out(&it.object)
                && it.key().is_some_and(|id| !ids.contains(&id))
        });
        let Some(absent) = absent else {
            return;
        };
        // What a list leaves out may still be there.
        if self.example_of(noun, Kind::Read).is_some() {
            let read = self.read(absent, "a read of what is no longer listed");
            let status = read.and_then(|at| self.exchanges.get(at)?.status());
            if !matches!(status, Some(404 | 410)) {
                return;
            }
        } else if !self.was_listed(absent) {
            return;
        }
        let Some(known) = self.store.things.get_mut(absent) else {
            return;
        };
        known.is_gone = true;
        let id = known.key().unwrap_or_default();
        let index = self.exchanges.get(at).map(|it| it.item.operation);
        let name = index.map(|index| self.name_of(index)).unwrap_or_default();
        let message = format!("{name} takes away the {noun} `{id}`, which it is not about");
        let found = Found::about(&state::UPDATE_CHANGES_OTHERS, "endpoint", message).seen(
            format!("the {noun} `{id}` in the list"),
            "a list without it",
        );
        self.found(
            at,
            noun,
            &format!("{} survivor", index.unwrap_or_default()),
            found,
        );
    }

    fn was_listed(&self, thing: usize) -> bool {
        let thing = self.store.things.get(thing);
        let known = thing.and_then(|it| Some((it.noun.clone(), it.key()?)));
        known.is_some_and(|known| self.listed.contains(&known))
    }

    /// The things of our own that the request named which made a thing.
    fn named_by(&self, thing: usize) -> Vec<usize> {
        let made_by = self.store.things.get(thing).and_then(|it| it.made_by);
        let Some(exchange) = made_by.and_then(|at| self.exchanges.get(at)) else {
            return Vec::new();
        };
        let slots = self.role(exchange.item.operation).map(|role| &role.slots);
        let slots = slots.into_iter().flatten().filter(|slot| !slot.is_own);
        let named = slots.filter_map(|slot| {
            let id = exchange.item.draft.slot(slot)?;
            let mut things = self.store.things.iter();
            things.position(|it| {
                it.noun == slot.noun
                    && it.made_by.is_some()
                    && !it.is_gone
                    && !it.is_lost
                    && it.id(&slot.name).as_ref() == Some(&id)
            })
        });
        named.collect()
    }
}
