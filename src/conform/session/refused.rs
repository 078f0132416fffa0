//! What the docs promise to refuse, and that nothing comes of it.

use serde_json::Value;

use crate::conform::chain::{Kind, Slot, SlotPlace};
use crate::conform::judge;
use crate::conform::message::describe_status;
use crate::conform::plan::input;
use crate::conform::plan::strange::unknown;
use crate::conform::plan::value::Fault;
use crate::conform::plan::{Draft, Item, Phase, Variant};
use crate::model::Origin;
use crate::model::shape::ShapeKind;

use super::Session;
use super::beside::Row;

impl Session<'_, '_> {
    /// Sends what is to be refused, for each operation whose example was accepted.
    pub(super) fn negative(&mut self) {
        let items = self.items(|item| item.variant.phase() == Phase::Negative);
        if items.is_empty() {
            return;
        }
        let before = self.snapshots();
        let untouched = self.before_refusals();
        let mut row: Option<Row> = None;
        for item in items {
            if row.as_ref().is_none_or(|it| it.operation != item.operation) {
                if let Some(row) = row.take() {
                    self.end_row(row);
                }
                row = Some(self.begin_row(item));
            }
            let kind = self.role(item.operation).map(|role| role.kind);
            let is_late = matches!(kind, Some(Kind::Action | Kind::Delete));
            if self.accepted.contains_key(&item.operation) || is_late {
                self.negative_item(item);
            }
        }
        if let Some(row) = row {
            self.end_row(row);
        }
        self.other_callers();
        self.check_all_untouched(&untouched);
        self.foreign_ids();
        self.odd_ids();
        self.check_bodies();
        self.other_methods();
        self.compare_snapshots(&before);
        self.check_all_or_none();
        self.check_routes();
    }

    /// Ids that look like none of the server: a read does not fail for them. Whether they are refused as unknown or as wrong is
    /// the server's own business.
    fn odd_ids(&mut self) {
        let mut nouns: Vec<&str> = Vec::new();
        for (item, role) in self.accepted_of(Kind::Read) {
            let Some(own) = role
                .own_path()
                .filter(|_| !nouns.contains(&role.noun.as_str()))
            else {
                continue;
            };
            nouns.push(&role.noun);
            let Ok(prepared) = self.prepared(item, None) else {
                continue;
            };
            let mut draft = prepared.draft;
            draft.set_slot(own, ODD);
            let odd = Item::new(item.operation, Variant::UnknownId(own.clone()), draft);
            let Some(at) = self.exchange(odd) else {
                return;
            };
            let status = self.exchanges.get(at).and_then(super::Exchange::status);
            if status.is_none_or(|status| status >= 500) {
                self.judge(at);
            }
        }
    }

    /// Ids of things that belong to another parent than the path names, where the page says how those are answered.
    fn foreign_ids(&mut self) {
        for item in self.items(|item| matches!(item.variant, Variant::Example)) {
            let index = item.operation;
            let (Some(role), Some(operation)) = (self.role(index), self.operation(index)) else {
                continue;
            };
            let mut parents = role.slots.iter().filter(|slot| role.names_parent(slot));
            let (Some(own), Some(parent)) = (role.own_path(), parents.next_back()) else {
                continue;
            };
            let parameters = operation.parameters.iter();
            let of_own = parameters.filter(|it| it.field.name.value == own.name);
            let texts = of_own.map(|it| it.field.description.clone());
            let remarks = operation.remarks.iter().map(|it| it.value.clone());
            let says = |text: &String| text.contains("another") && text.contains("404");
            let is_said = texts.chain(remarks).any(|it| says(&it));
            let Some(thing) = self.spare(item) else {
                continue;
            };
            if !is_said && !self.is_of_one_parent(index, thing, parent) {
                continue;
            }
            let Ok(prepared) = self.prepared(item, Some(thing)) else {
                continue;
            };
            let used = prepared.draft.slot(parent);
            let others = self.store.own(&parent.noun);
            let mut ids = others.iter().filter_map(|it| it.id(&parent.name));
            let Some(other) = ids.find(|id| Some(id) != used.as_ref()) else {
                continue;
            };
            let mut draft = prepared.draft;
            draft.set_slot(parent, &other);
            let foreign = Item::new(index, Variant::UnknownId(own.clone()), draft);
            let is_delete = role.kind == Kind::Delete;
            let Some(at) = self.exchange(foreign) else {
                return;
            };
            // How it is refused is only told where the page speaks of it.
            if is_said || self.has_succeeded(at) {
                self.judge(at);
            }
            let is_gone = is_delete && self.has_succeeded(at);
            if let Some(thing) = self.store.things.get_mut(thing).filter(|_| is_gone) {
                thing.is_gone = true;
            }
        }
    }

    /// True if a thing was made in one parent, by an id that the server gave it and that is of no other one, and the page says
    /// how what is unknown is answered.
    fn is_of_one_parent(&self, index: usize, thing: usize, parent: &Slot) -> bool {
        let (Some(role), Some(operation)) = (self.role(index), self.operation(index)) else {
            return false;
        };
        let Some(thing) = self.store.things.get(thing).filter(|it| it.is_own) else {
            return false;
        };
        let made_by = thing.made_by.and_then(|at| self.exchanges.get(at));
        let maker = made_by.and_then(|it| self.role(it.item.operation));
        let is_made_there = maker.is_some_and(|maker| {
            let mut slots = maker.slots.iter();
            maker.own_path().is_none()
                && slots.any(|slot| slot.place == SlotPlace::Path && slot.noun == parent.noun)
        });
        let parents = role.slots.iter().filter(|slot| role.names_parent(slot));
        let mut of_noun = thing
            .parents
            .iter()
            .filter(|(noun, _)| *noun == parent.noun);
        let is_one = of_noun.next().is_some() && of_noun.next().is_none();
        // `2` may be the second one of each parent.
        let id = thing.key().unwrap_or_default();
        let is_of_all = id.len() > 4 || id.parse::<u64>().is_ok_and(|it| it > 100);
        let things = self.store.things.iter().filter(|it| it.noun == thing.noun);
        let is_alone = things.filter(|it| it.key().as_ref() == Some(&id)).count() == 1;
        let is_documented =
            self.documents_unknown(index) || !judge::words_about(operation, 404).is_empty();
        is_made_there && parents.count() == 1 && is_one && is_of_all && is_alone && is_documented
    }

    pub(super) fn negative_item(&mut self, item: &Item) {
        let Ok(mut prepared) = self.prepared(item, None) else {
            return;
        };
        // A mock takes any credentials of the documented form, and none where the user says so.
        let is_about_credentials = item.variant.is_of_caller();
        // What only prose forbids, a mock lets pass.
        let is_of_prose = match &item.variant {
            // What is required without a word of its own is so because of another input.
            Variant::Missing(input) => input.required.is_none(),
            Variant::Invalid(_, _, fault, evidence) => {
                *fault == Fault::Beside || evidence.is_some_and(|it| it.origin <= Origin::Prose)
            }
            Variant::EmptyBody => true,
            _ => false,
        };
        if self.is_mock && (is_about_credentials || is_of_prose) {
            return;
        }
        if let Variant::UnknownId(slot) = &item.variant {
            if prepared.draft.lacks(slot)
                && let Some(id) = self.known_reference(&prepared, slot)
            {
                prepared.draft.add_slot(slot, id);
            }
            let unknown_number = self.unknown_number(item.operation, slot, &prepared);
            if let Some(numbered) = unknown_number {
                if let Some(at) = self.exchange(numbered) {
                    self.judge(at);
                    self.keep(at);
                }
                return;
            }
            let Some(known) = prepared.draft.slot(slot) else {
                return;
            };
            let is_known = self
                .store
                .things
                .iter()
                .any(|it| it.id(&slot.name).as_ref() == Some(&known));
            if self.forgets(item.operation) || !is_known && !self.documents_unknown(item.operation)
            {
                return;
            }
            let mut draft = prepared.draft.clone();
            let mut other = unknown(&known);
            let kind = self.role(item.operation).map(|role| role.kind);
            if kind == Some(Kind::Delete) && is_prefixed(&known) {
                // No id is as long: what looks for it by its length finds nothing either.
                other.push_str(&"z".repeat(LONGER));
            }
            while other == known
                || self
                    .store
                    .things
                    .iter()
                    .any(|it| it.id(&slot.name).as_ref() == Some(&other))
            {
                other.push('9');
            }
            // One of several, since the same one twice may be wrong by itself.
            let mut items = draft.slot_items(slot);
            match items
                .last_mut()
                .filter(|_| items_are_several(&prepared.draft, slot))
            {
                Some(last) => {
                    last.clone_from(&other);
                    draft.set_slot_items(slot, &items);
                }
                None => draft.set_slot(slot, &other),
            }
            self.tell_keys_apart(&mut draft);
            prepared = Item::new(item.operation, item.variant.clone(), draft);
        } else {
            prepared = self.distinct(self.with_the_same(item, prepared));
            prepared = self.with_a_change_beside(prepared);
        }
        let mut spoiled = None;
        if self.is_spoiling(item) {
            spoiled = self
                .role(item.operation)
                .and_then(|role| self.store.spare(&role.noun, |_| true));
            let Some(spare) = spoiled else {
                return;
            };
            let Ok(other) = self.prepared(item, Some(spare)) else {
                return;
            };
            prepared = self.with_the_same(item, other);
        }
        self.judge_refusal(item, prepared, spoiled);
    }

    /// Sends what is to be refused; `spoiled` is the thing that it may take away.
    fn judge_refusal(&mut self, item: &Item, prepared: Item, spoiled: Option<usize>) {
        let Some(mut at) = self.exchange(prepared) else {
            return;
        };
        if self.has_room_now(item, at)
            && let Ok(again) = self.prepared(item, None)
        {
            let again = self.distinct(self.with_the_same(item, again));
            at = self.exchange(again).unwrap_or(at);
        }
        if self.is_put_off(item, at) {
            return;
        }
        self.judge(at);
        self.keep(at);
        let is_deleted = self.exchanges.get(at).is_some_and(|it| it.is_success)
            && self
                .role(item.operation)
                .is_some_and(|role| role.kind == Kind::Delete);
        let spare = spoiled.filter(|_| is_deleted);
        if let Some(thing) = spare.and_then(|at| self.store.things.get_mut(at)) {
            thing.is_gone = true;
        }
    }

    /// "DELETE /books/{id} is answered with 409 Conflict"
    pub(super) fn refusal_in_words(&self, at: usize) -> Option<String> {
        let exchange = self.exchanges.get(at)?;
        let line = describe_status(exchange.status()?);
        let name = self.name_of(exchange.item.operation);
        Some(format!("{name} is answered with {line}"))
    }

    /// True for a request that spoils the thing that it is about, if it is not refused.
    fn is_spoiling(&self, item: &Item) -> bool {
        let role = self.role(item.operation);
        role.is_some_and(|role| matches!(role.kind, Kind::Delete | Kind::Action))
            && !matches!(item.variant, Variant::UnknownId(_))
    }

    /// The prepared request with the id of another member in the place of one that "must differ from" it.
    fn with_the_same(&self, planned: &Item, prepared: Item) -> Item {
        let Variant::Invalid(input, value, Fault::Beside, evidence) = &planned.variant else {
            return prepared;
        };
        let Some(role) = self.role(planned.operation) else {
            return prepared;
        };
        let mut slots = role.slots.iter();
        if !slots.clone().any(|slot| slot.is_for(input)) {
            return prepared;
        }
        let is_other = |slot: &&Slot| {
            !slot.is_for(input) && planned.draft.slot(slot).as_deref() == value.as_str()
        };
        let other = slots.find(is_other);
        let Some(id) = other.and_then(|slot| prepared.draft.slot(slot)) else {
            return prepared;
        };
        let mut draft = prepared.draft.clone();
        let id = Value::from(id);
        draft.set(input, Some(&id));
        self.tell_keys_apart(&mut draft);
        let variant = Variant::Invalid(input.clone(), id, Fault::Beside, *evidence);
        Item::new(prepared.operation, variant, draft)
    }

    /// The request with a number that nothing has, for a member that the example does not send.
    fn unknown_number(&self, index: usize, slot: &Slot, prepared: &Item) -> Option<Item> {
        let inputs = self.operation(index).map(input::inputs)?;
        let input = inputs.iter().find(|input| slot.is_for(input))?;
        let is_number = input.shape.kind == ShapeKind::Integer && slot.place == SlotPlace::Body;
        if !is_number || !prepared.draft.lacks(slot) || self.forgets(index) {
            return None;
        }
        let mut draft = prepared.draft.clone();
        let is_set = draft.set(input, Some(&Value::from(9_999_999)));
        self.tell_keys_apart(&mut draft);
        is_set.then(|| Item::new(index, Variant::UnknownId(slot.clone()), draft))
    }

    /// True if the page says what happens to ids that nothing has.
    fn documents_unknown(&self, index: usize) -> bool {
        self.operation(index).is_some_and(|operation| {
            let mut codes = operation.responses.iter().filter_map(|it| it.status.code());
            codes.any(|code| matches!(code, 404 | 410))
        })
    }

    /// What each list holds before anything is refused: the items by operation.
    fn snapshots(&mut self) -> Vec<(usize, Vec<Value>)> {
        let creates: Vec<_> = self
            .accepted
            .keys()
            .copied()
            .filter(|index| {
                self.role(*index)
                    .is_some_and(|role| role.kind == Kind::Create)
            })
            .collect();
        let mut lists = Vec::new();
        for index in sorted(creates) {
            let Some(noun) = self.role(index).map(|role| role.noun.clone()) else {
                continue;
            };
            let Some(list) = self.example_of(&noun, Kind::List) else {
                continue;
            };
            let operation = list.operation;
            if let Some(items) = self.everything(operation) {
                lists.push((index, items));
            }
        }
        lists
    }

    fn compare_snapshots(&mut self, before: &[(usize, Vec<Value>)]) {
        for (create, before) in before {
            let Some(noun) = self.role(*create).map(|role| role.noun.clone()) else {
                continue;
            };
            let Some(list) = self
                .example_of(&noun, Kind::List)
                .map(|item| item.operation)
            else {
                continue;
            };
            if let Some(after) = self.everything(list) {
                self.nothing_came_of_it(*create, &noun, before, &after);
            }
        }
    }
}

fn sorted(mut indexes: Vec<usize>) -> Vec<usize> {
    indexes.sort_unstable();
    indexes
}

/// True if a list of ids holds more than one.
fn items_are_several(draft: &Draft, slot: &Slot) -> bool {
    draft.slot_items(slot).len() > 1
}

/// An id that looks like none.
const ODD: &str = "no-such.id~1";

/// So much longer than others is an id that no one has.
const LONGER: usize = 48;

/// True for an id that a server looks up as the text that it is: `bk_2f9a`.
fn is_prefixed(id: &str) -> bool {
    let prefix = id.split_once('_').map_or("", |(prefix, _)| prefix);
    !prefix.is_empty() && prefix.bytes().all(|byte| byte.is_ascii_lowercase())
}
