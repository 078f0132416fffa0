//! Things that are known to be in another stage than the one in which an operation was refused: "Only active ones can be
//! paused" needs one that is active, and what another variant has made, or another action has left, may be that.

use serde_json::Value;

use crate::conform::chain::{Kind, identity};
use crate::conform::plan::{Item, Reason};
use crate::conform::said::promises;

use crate::conform::session::Session;
use crate::conform::session::stages::ready::all_words;

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
            if known.noun != noun || !is_own {
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

    /// True for an action that was refused because of a state, and for which there is something in another one now.
    pub(in crate::conform::session) fn may_be_ready(&self, item: &Item) -> bool {
        let is_refused = matches!(self.omitted.get(&item.operation), Some(Reason::State(_)));
        let is_action = self
            .role(item.operation)
            .is_some_and(|role| role.kind == Kind::Action);
        let refused = self
            .exchanges
            .iter()
            .rev()
            .find(|it| it.item.operation == item.operation);
        let thing = refused.and_then(|it| self.acted_upon(&it.item));
        is_refused
            && is_action
            && thing.is_some_and(|at| !self.in_other_stages(item, at).is_empty())
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

    /// The thing that a request is about.
    fn acted_upon(&self, item: &Item) -> Option<usize> {
        let own = self
            .role(item.operation)?
            .slots
            .iter()
            .find(|it| it.is_own)?;
        let id = item.draft.slot(own)?;
        self.store
            .first_of(&own.noun, true, |it| it.id(&own.name).as_ref() == Some(&id))
    }
}
