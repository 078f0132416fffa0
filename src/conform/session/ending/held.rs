//! Deletes of what is held by something in a stage: they are refused, as the page says.

use serde_json::Value;

use crate::conform::chain::Kind;
use crate::conform::plan::{Item, Phase, Variant};
use crate::conform::said::held;

use crate::conform::session::stages::actions::names_stage;
use crate::conform::session::{Session, Thing};

impl Session<'_, '_> {
    /// Deletes something that the page says is held by what belongs to it.
    pub(super) fn delete_held(&mut self, item: &Item) {
        let is_asked = self.is_stateful() && self.plan.has(Phase::Negative);
        let (Some(operation), Some(role)) =
            (self.operation(item.operation), self.role(item.operation))
        else {
            return;
        };
        let by_stage = self.held_by(item).filter(|_| is_asked);
        let by_reference = || self.referred_by(item).filter(|_| is_asked);
        let Some((parent, child)) = by_stage.or_else(by_reference) else {
            return;
        };
        let id = self.store.things.get(parent).and_then(Thing::key);
        let Some(of) = self.store.things.get(child).map(|it| it.noun.clone()) else {
            return;
        };
        // What goes on by itself may be in another stage by now.
        if self.example_of(&of, Kind::Read).is_some() {
            let read = self.read(child, "a read of what holds it");
            let Some(shown) = read.and_then(|read| self.shown(read)) else {
                return;
            };
            let is_held = match by_stage {
                Some(_) => stages_in(&shown).any(|it| held::holds_in(operation, &of, it)),
                None => id.is_some_and(|id| refers(&shown, &id)),
            };
            self.refresh(child, shown.clone());
            if !is_held {
                return;
            }
        }
        let noun = role.noun.clone();
        let Ok(mut prepared) = self.prepared(item, Some(parent)) else {
            return;
        };
        prepared.variant = Variant::Step("a delete of what is held");
        let Some(at) = self.exchange(prepared) else {
            return;
        };
        if self.has_succeeded(at) {
            if let Some(parent) = self.store.things.get_mut(parent) {
                parent.is_gone = true;
            }
            self.taken_with_children(at, &noun, operation);
        }
    }

    /// A thing that an operation deletes, and what holds it.
    fn held_by(&self, item: &Item) -> Option<(usize, usize)> {
        let operation = self.operation(item.operation)?;
        let noun = &self.role(item.operation)?.noun;
        let things = self.store.things.iter().enumerate().rev();
        let mut children = things.filter_map(|(at, it)| {
            let is_own = it.made_by.is_some() && !it.is_gone && !it.is_lost && it.noun != *noun;
            // What was done to it shows in a read alone.
            let is_known = it.uses == 0 || self.example_of(&it.noun, Kind::Read).is_some();
            let holds =
                || stages_in(&it.object).any(|stage| held::holds_in(operation, &it.noun, stage));
            (is_own && is_known && holds()).then_some(at)
        });
        children.find_map(|child| Some((self.holder_of(child, noun)?, child)))
    }

    /// A thing that an operation deletes, and another one that refers to it, where the page says that this holds it.
    fn referred_by(&self, item: &Item) -> Option<(usize, usize)> {
        let operation = self.operation(item.operation)?;
        let noun = &self.role(item.operation)?.noun;
        let is_left = |it: &Thing| it.made_by.is_some() && !it.is_gone && !it.is_lost;
        let things = || self.store.things.iter().enumerate().rev();
        let mut holding = things().filter(|(_, it)| {
            is_left(it) && it.noun != *noun && held::holds_at_all(operation, &it.noun)
        });
        holding.find_map(|(child, it)| {
            let is_known = it.uses == 0 || self.example_of(&it.noun, Kind::Read).is_some();
            let mut held = things().filter(|(_, other)| other.noun == *noun && is_left(other));
            let held =
                held.find(|(_, other)| other.key().is_some_and(|id| refers(&it.object, &id)));
            held.filter(|_| is_known).map(|(parent, _)| (parent, child))
        })
    }

    /// The thing of a noun that a request named that made another one.
    fn holder_of(&self, child: usize, noun: &str) -> Option<usize> {
        let made_by = self.store.things.get(child)?.made_by?;
        let exchange = self.exchanges.get(made_by)?;
        let role = self.role(exchange.item.operation)?;
        let mut slots = role.slots.iter();
        slots.find_map(|slot| {
            let id = exchange.item.draft.slot(slot)?;
            let is_it = !slot.is_own && slot.noun == noun;
            let mut things = self.store.things.iter();
            let found = things.position(|it| {
                it.noun == noun
                    && it.made_by.is_some()
                    && !it.is_gone
                    && it.key().as_ref() == Some(&id)
            });
            found.filter(|_| is_it)
        })
    }
}

/// True if a member of an object names a thing.
fn refers(object: &Value, id: &str) -> bool {
    let mut members = object.as_object().into_iter().flatten();
    members.any(|(name, value)| match value {
        Value::Object(inner) => inner.get("id").is_some_and(|it| it == id),
        other => name != "id" && other == id,
    })
}

/// The values of the members that tell in which stage something is.
fn stages_in(object: &Value) -> impl Iterator<Item = &str> {
    let members = object.as_object().into_iter().flatten();
    let stages = members.filter(|(name, _)| names_stage(name));
    stages.filter_map(|(_, value)| value.as_str())
}
