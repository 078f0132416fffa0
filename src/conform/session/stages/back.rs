//! What updates of this run have set to another stage is put back before requests follow that are to be refused for one
//! reason alone: beside a thing that is `retired`, nothing shows whether a wrong member is looked at.

use serde_json::Value;

use crate::conform::chain::{Kind, identity};
use crate::conform::plan::input::{self, Input};
use crate::conform::plan::{Item, Variant};
use crate::conform::session::Session;

use super::actions::names_stage;
use super::late::Stage;

/// A stage that an update has set.
struct Moved {
    /// The update.
    index: usize,
    noun: String,
    id: String,
    input: Input,
    before: Value,
    now: Stage,
}

impl Session<'_, '_> {
    /// Sends the same update with the stage that the thing had before, if it documents that value and other operations name
    /// such things. What is refused in the later stage is asked for first.
    pub(in crate::conform::session) fn put_back(&mut self) {
        if !self.is_stateful() {
            return;
        }
        let mut done: Vec<(String, String)> = Vec::new();
        for at in 0..self.exchanges.len() {
            let Some(moved) = self.moved_stage(at) else {
                continue;
            };
            let thing = (moved.noun.clone(), moved.id.clone());
            if !done.contains(&thing) {
                done.push(thing);
                self.put_one_back(&moved);
            }
        }
    }

    /// The stage that an update has set and that is still another one than before.
    fn moved_stage(&self, at: usize) -> Option<Moved> {
        let exchange = self.exchanges.get(at).filter(|it| it.is_success)?;
        let (index, operation, role) = self.about(at)?;
        let slot = role.slots.iter().find(|slot| slot.is_own);
        let slot = slot.filter(|_| role.kind == Kind::Update)?;
        let id = exchange.item.draft.slot(slot)?;
        let sent = exchange.item.draft.content()?;
        let mut inputs = input::inputs(operation).into_iter();
        let input = inputs.find(|it| {
            it.is_root_member() && names_stage(&it.name) && sent.contains_key(&it.name)
        })?;
        let all = &input.shape.constraints.allowed.as_ref()?.value;
        let key = self.key(&role.noun);
        let of_it = |at: usize| {
            let object = self.exchanges.get(at).filter(|it| it.is_success);
            let object = object.and_then(|_| self.object(at))?;
            let is_it = identity::id(&object, &key, &role.noun).as_ref() == Some(&id);
            object.get(&input.name).filter(|_| is_it).cloned()
        };
        let before = (0..at).find_map(of_it)?;
        let now = (at..self.exchanges.len()).rev().find_map(of_it)?;
        let text = |value: &Value| value.as_str().map(str::to_owned);
        (now != before && all.contains(&before)).then_some(())?;
        let now = Stage {
            member: input.name.clone(),
            value: text(&now)?,
            all: all.iter().filter_map(text).collect(),
        };
        Some(Moved {
            index,
            noun: role.noun.clone(),
            id,
            input,
            before,
            now,
        })
    }

    fn put_one_back(&mut self, moved: &Moved) {
        let roles = self.plan.roles.iter().enumerate();
        let of_noun = |it: &&(usize, &crate::conform::chain::Role)| it.1.noun == moved.noun;
        // What is refused of the thing itself is looked at when the run ends.
        let is_of_end = roles
            .clone()
            .filter(|it| of_noun(&it))
            .filter(|(_, role)| matches!(role.kind, Kind::Update | Kind::Delete | Kind::Action))
            .any(|(index, _)| self.is_refused_at(index, &moved.now));
        let naming: Vec<usize> = roles
            .filter(|(_, role)| {
                let mut slots = role.slots.iter();
                slots.any(|slot| !slot.is_own && slot.noun == moved.noun)
            })
            .map(|(index, _)| index)
            .collect();
        if is_of_end || naming.is_empty() {
            return;
        }
        for index in naming {
            let is_create = self.role(index).is_some_and(|it| it.kind == Kind::Create);
            if let Some(item) = self.example_item(index).filter(|_| is_create) {
                self.late_create(item);
            }
        }
        let Some(item) = self.example_item(moved.index) else {
            return;
        };
        let things = &self.store.things;
        let thing = things.iter().position(|it| {
            it.noun == moved.noun && !it.is_gone && it.key().as_ref() == Some(&moved.id)
        });
        self.look_before(item, thing);
        let Ok(prepared) = self.prepared(item, thing) else {
            return;
        };
        let slots = self.role(moved.index).map(|role| &role.slots);
        let slot = slots.and_then(|it| it.iter().find(|slot| slot.is_own));
        let mut draft = prepared.draft;
        let is_it = slot.is_some_and(|slot| draft.slot(slot).as_ref() == Some(&moved.id));
        if !is_it || !draft.set(&moved.input, Some(&moved.before)) {
            return;
        }
        let variant = Variant::Step("the stage that it had before");
        let sent = self.exchange(Item::new(moved.index, variant, draft));
        let Some(at) = sent.filter(|at| self.has_succeeded(*at)) else {
            return;
        };
        self.accepted_back(at, thing);
    }

    /// Takes what is answered, or read, for what the thing is now.
    fn accepted_back(&mut self, at: usize, thing: Option<usize>) {
        let Some(thing) = thing else {
            return;
        };
        let shown = self.object(at).filter(Value::is_object);
        let shown = shown.or_else(|| {
            let read = self.read(thing, "a read after the update")?;
            self.shown(read)
        });
        if let Some(shown) = shown {
            self.refresh(thing, shown);
        }
    }
}
