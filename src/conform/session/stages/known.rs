//! Things that are known to be in another stage than the one in which an operation was refused: "Only active ones can be
//! paused" needs one that is active, and what another variant has made, or another action has left, may be that.

use serde_json::Value;

use crate::conform::chain::{Kind, identity};
use crate::conform::plan::input::{self, Input};
use crate::conform::plan::{Item, Phase, Reason};
use crate::conform::said::promises;
use crate::model::shape::ShapeKind;

use crate::conform::session::stages::ready::all_words;
use crate::conform::session::{Exchange, Session, Thing};

/// Things in more stages are not tried.
const STAGES: usize = 3;

impl Session<'_, '_> {
    /// The things of our own in other stages than that of a thing, the last of each: those first in whose stage the page says
    /// that the operation is for, or that it names.
    pub(super) fn in_other_stages(&self, item: &Item, thing: usize) -> Vec<usize> {
        let Some((role, operation)) = self
            .role(item.operation)
            .zip(self.operation(item.operation))
        else {
            return Vec::new();
        };
        let noun = role.noun.as_str();
        let now = |at: usize| {
            let object = &self.store.things.get(at)?.object;
            let (_, value, all) = self.stage_now(noun, object)?;
            Some((value, all))
        };
        let Some((first, _)) = now(thing) else {
            return Vec::new();
        };
        let text = all_words(operation);
        let mut seen = vec![first];
        let mut found = Vec::new();
        for (at, known) in self.store.things.iter().enumerate().rev() {
            let is_own = known.made_by.is_some() && !known.is_gone && !known.is_lost;
            if known.noun != noun || !is_own || self.was_refused(item, known) {
                continue;
            }
            let Some((stage, all)) = now(at).filter(|(stage, _)| !seen.contains(stage)) else {
                continue;
            };
            let is_refused = promises::refuses(operation, &stage, &all);
            let is_named = promises::names_stage(&text, &stage);
            seen.push(stage);
            if !is_refused {
                found.push((!is_named, at));
            }
        }
        found.sort_by_key(|(is_other, _)| *is_other);
        found.into_iter().take(STAGES).map(|(_, at)| at).collect()
    }

    /// True if an operation was refused of a thing, and nothing else was accepted of it since.
    fn was_refused(&self, item: &Item, thing: &Thing) -> bool {
        let about = |exchange: &Exchange| {
            let role = self.role(exchange.item.operation)?;
            let own = role.slots.iter().find(|it| it.is_own)?;
            let id = exchange.item.draft.slot(own)?;
            let is_write = matches!(role.kind, Kind::Update | Kind::Action | Kind::Delete);
            Some(is_write && thing.id(&own.name).as_ref() == Some(&id))
        };
        let exchanges = self.exchanges.iter().rev();
        let mut of_thing = exchanges.filter(|it| {
            let is_probe = it.item.variant.phase() == Phase::Negative;
            !is_probe && about(it).unwrap_or(false)
        });
        of_thing
            .find(|it| it.is_success || it.item.operation == item.operation)
            .is_some_and(|it| !it.is_success)
    }

    /// A new thing of the kind that an operation is about in another stage than that of `thing`, made with the other value of
    /// an optional choice of the create.
    pub(super) fn made_otherwise(&mut self, item: &Item, thing: usize) -> Option<usize> {
        const TRIED: usize = 2;
        let noun = self.role(item.operation)?.noun.clone();
        let create = self.example_of(&noun, Kind::Create)?;
        let first = self.stage_now(&noun, &self.store.things.get(thing)?.object)?;
        let inputs = input::inputs(self.operation(create.operation)?);
        let is_choice = |it: &&Input| {
            let is_open = it.is_root_member() && !it.deprecated;
            is_open && it.required.is_none() && it.shape.kind == ShapeKind::Boolean
        };
        for input in inputs.iter().filter(is_choice).take(TRIED) {
            let now = create.draft.value(input).or_else(|| input.default.clone());
            let other = Value::from(now != Some(Value::Bool(true)));
            let mut draft = create.draft.clone();
            if !draft.set(input, Some(&other)) {
                continue;
            }
            let otherwise = Item::new(create.operation, create.variant.clone(), draft);
            let Some(made) = self.made_by(&otherwise) else {
                continue;
            };
            let object = &self.store.things.get(made)?.object;
            let stage = self.stage_now(&noun, object);
            if stage.is_some_and(|it| it.1 != first.1) {
                return Some(made);
            }
        }
        None
    }

    /// Does the actions that were refused because of a state to what is in another one now: another action may have left it
    /// there.
    pub(in crate::conform::session) fn act_late(&mut self, items: &[&Item]) {
        for item in items {
            if let Some(known) = self.ready_by_now(item) {
                self.act_on(item, Some(known));
            }
        }
    }

    /// What a refused action may be for by now.
    fn ready_by_now(&self, item: &Item) -> Option<usize> {
        if !self.may_be_ready(item) {
            return None;
        }
        let refused = self.exchanges.iter().enumerate().rev();
        let mut refused = refused.filter(|(_, it)| it.item.operation == item.operation);
        let thing = refused.find_map(|(at, _)| self.acted_upon(at))?;
        self.in_other_stages(item, thing).into_iter().next()
    }

    /// True for an action that was refused because of a state.
    fn may_be_ready(&self, item: &Item) -> bool {
        let is_refused = matches!(self.omitted.get(&item.operation), Some(Reason::State(_)));
        let role = self.role(item.operation);
        is_refused && role.is_some_and(|role| role.kind == Kind::Action)
    }

    /// Takes the stage of a thing from the answer to an action, which nothing else may tell.
    pub(super) fn learn_stage(&mut self, at: usize, thing: usize) {
        let (Some(object), Some(known)) = (self.object(at), self.store.things.get(thing)) else {
            return;
        };
        let is_it = identity::id(&object, &known.key, &known.noun) == known.key();
        let Some((member, stage, _)) = self.stage_now(&known.noun, &object).filter(|_| is_it)
        else {
            return;
        };
        let members = self.store.things.get_mut(thing);
        let members = members.and_then(|it| it.object.as_object_mut());
        if let Some(members) = members.filter(|it| it.contains_key(&member)) {
            members.insert(member, Value::from(stage));
        }
    }
}
