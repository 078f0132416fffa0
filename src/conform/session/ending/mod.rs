//! The end of things: deletes, and the removal of all that was made, last made first.

mod cascade;
mod freed;
mod held;
mod protected;
mod quiet;

use serde_json::{Map, Value};

use crate::conform::chain::{Kind, Slot, identity};
use crate::conform::judge::echo;
use crate::conform::judge::state::{self, Found};
use crate::conform::plan::{Item, Phase, Variant};
use crate::conform::said::{gone, listed, tolerant};
use crate::diagnostic::Part;
use crate::model::Operation;

use super::stages::actions::names_stage;
use super::store::is_marked;
use super::{Answer, Leftover, Session, Unanswered};

impl Session<'_, '_> {
    /// Acts on what was made, and deletes some of it.
    pub(super) fn ending(&mut self) {
        let mut items = self.items(|item| matches!(item.variant, Variant::Example));
        items.sort_by_key(|item| {
            // Children go before their parents, whether the path names those or what made them.
            let role = self.role(item.operation);
            let made = role.and_then(|role| {
                let mut roles = self.plan.roles.iter();
                roles.find(|it| it.kind == Kind::Create && it.noun == role.noun)
            });
            let needs = made.map_or(0, |made| self.depth(made, 0));
            let depth = role.map_or(0, |role| role.slots.len());
            (std::cmp::Reverse((needs, depth)), item.operation)
        });
        self.check_steps();
        self.check_growing_updates();
        for wanted in [Kind::Action, Kind::Delete] {
            if wanted == Kind::Delete {
                self.act_late(&items);
                self.finish_all();
                self.check_stocks();
                if self.is_stateful() {
                    self.look_at_parts_again();
                    self.check_totals_of_own();
                }
                for kind in [Kind::Create, Kind::Update, Kind::Action, Kind::Delete] {
                    self.late_requests(kind);
                }
            }
            for item in &items {
                match self.role(item.operation).map(|role| role.kind) {
                    Some(Kind::Action) if wanted == Kind::Action => self.act(item),
                    Some(Kind::Delete) if wanted == Kind::Delete => {
                        self.delete_held(item);
                        self.delete(item);
                        self.check_protected(item);
                        if self.accepted.contains_key(&item.operation) {
                            self.delete_with_children(item);
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    pub(super) fn is_stateful(&self) -> bool {
        self.plan.has(Phase::State) && !self.is_forgetful
    }

    pub(super) fn use_up(&mut self, thing: Option<usize>) {
        if let Some(thing) = thing.and_then(|at| self.store.things.get_mut(at)) {
            thing.uses += 1;
        }
    }

    /// Deletes a thing, and looks whether it is gone.
    fn delete(&mut self, item: &Item) {
        let mut thing = self
            .first_of_row(item)
            .or_else(|| self.free_of_its_kind(item))
            .or_else(|| self.spare(item));
        let is_in_row = thing.is_some_and(|thing| self.stands_in_row(thing));
        if thing.is_some_and(|thing| self.has_children(thing)) {
            self.remove_children(thing);
        }
        let before = thing.and_then(|it| Some(self.store.things.get(it)?.object.clone()));
        let mut counted = thing.and_then(|thing| self.counted_by(thing));
        let Some(mut at) = self.example(item, thing) else {
            return;
        };
        if let (Some(before), true) = (before, self.has_succeeded(at)) {
            self.check_stage_before(at, &before);
        }
        if let Some(known) = thing.filter(|_| self.is_unready(at)) {
            let Some((ready, other)) = self.make_ready(item, known, &mut None) else {
                return;
            };
            (at, thing) = (ready, Some(other));
            // What was made to be ready is counted as well by now.
            counted = None;
        }
        let is_success = self.exchanges.get(at).is_some_and(|it| it.is_success);
        let (Some(thing), true) = (thing, is_success) else {
            return;
        };
        if self.is_taken_out(at, thing) {
            return;
        }
        let beside = self.members_beside(at);
        if let Some(thing) = self.store.things.get_mut(thing) {
            thing.is_gone = true;
        }
        let is_done = self.exchanges.get(at).is_some_and(super::Exchange::is_done);
        if self.is_stateful() && is_done {
            self.check_member_removed(at, &beside);
            self.check_part_removed(at, thing);
            self.check_deleted(item, at, thing);
            self.check_uncounted(at, thing, counted);
            if is_in_row {
                self.look_at_row(thing);
            }
        }
    }

    fn check_deleted(&mut self, item: &Item, at: usize, thing: usize) {
        let Some(noun) = self.store.things.get(thing).map(|it| it.noun.clone()) else {
            return;
        };
        let name = self.name_of(item.operation);
        let mut is_there = false;
        if let Some(read) = self.read(thing, "a read after the delete") {
            let exchange = self.exchanges.get(read);
            let is_success = exchange.is_some_and(|it| it.is_success);
            let object = self.object(read).unwrap_or_default();
            if is_success && self.stays(item.operation, &object) {
                self.check_outcomes(at, read, &object, &Map::new());
                self.check_left_out_of_list(at, &noun, thing, &object);
                return;
            }
            // A documented 410 is how what is in a trash is answered.
            let status = self.exchanges.get(read).and_then(super::Exchange::status);
            let is_told = status == Some(410) && self.documents_gone(read);
            let own = self.about(at);
            let is_readable = own.is_some_and(|(_, it, role)| gone::says_readable(it, &role.noun));
            if !is_success && is_readable {
                if !is_told {
                    self.gone_for_good(at, read, &noun);
                }
                return;
            }
            is_there = is_success && !is_marked(&object);
            if is_there {
                // It stays, and one request tells so twice as surely.
                let again = self.read(thing, "the same read again");
                is_there = again
                    .and_then(|at| self.exchanges.get(at))
                    .is_some_and(|it| it.is_success);
            }
            if is_there {
                self.undeleted.insert(noun.clone());
                self.switch_off(thing);
                self.leave(thing);
                self.found(
                    at,
                    &noun,
                    "deleted",
                    Found {
                        rule: &state::DELETED_STILL_THERE,
                        message: format!("after {name} the {noun} can still be read"),
                        subject: "endpoint".to_owned(),
                        span: None,
                        words: None,
                        expected: "404 Not Found".to_owned(),
                        observed: "200 OK".to_owned(),
                        is_weak: false,
                        is_plain: false,
                        diff: None,
                    },
                );
            } else if !is_success {
                self.judge_gone(read);
            }
        }
        self.check_unlisted(at, &noun, thing, is_there);
        if !is_there {
            self.check_survivors(at, thing);
            self.delete_again(item, thing);
            self.check_freed(at, thing);
        }
    }

    /// What the page says can still be read, and cannot.
    fn gone_for_good(&mut self, at: usize, read: usize, noun: &str) {
        let Some(index) = self.exchanges.get(at).map(|it| it.item.operation) else {
            return;
        };
        let name = self.name_of(index);
        let status = self.exchanges.get(read).and_then(super::Exchange::status);
        let message =
            format!("after {name} the {noun} cannot be read, as the page says that it can");
        let found = Found::about(&state::CREATED_NOT_READABLE, "endpoint", message)
            .seen(
                format!("the {noun}"),
                crate::conform::message::describe_status(status.unwrap_or_default()),
            )
            .weak_if(true);
        self.found(at, noun, "gone for good", found);
    }

    /// What stays readable is not in a list that the page says leaves such things out.
    fn check_left_out_of_list(&mut self, at: usize, noun: &str, thing: usize, object: &Value) {
        let Some(list) = self.example_of(noun, Kind::List).map(|it| it.operation) else {
            return;
        };
        let members = object.as_object().into_iter().flatten();
        let mut stages = members.filter(|(name, value)| names_stage(name) && value.is_string());
        let is_left_out = self.operation(list).is_some_and(|operation| {
            stages
                .any(|(_, value)| listed::leaves_out(operation, value.as_str().unwrap_or_default()))
        });
        if is_left_out {
            self.look_into_list(at, noun, thing, |_| true);
        }
    }

    /// True if the page says that what is deleted can still be read.
    fn is_said_to_stay(&self, index: usize) -> bool {
        self.role(index)
            .zip(self.operation(index))
            .is_some_and(|(role, operation)| gone::says_stays(operation, &role.noun))
    }

    /// True if the page says that what is deleted can still be read, or an answer about it is in the state that the page
    /// shows after the delete.
    fn stays(&self, index: usize, object: &Value) -> bool {
        let (Some(operation), Some(role)) = (self.operation(index), self.role(index)) else {
            return false;
        };
        let members = object.as_object().into_iter().flatten();
        let mut stages = members.filter(|(name, _)| names_stage(name));
        self.is_said_to_stay(index)
            || stages.any(|(name, value)| {
                let shown = echo::shown(operation, &role.noun, name);
                let first = self.example_of(&role.noun, Kind::Create);
                let first = first.and_then(|it| self.operation(it.operation));
                let first = first.and_then(|it| echo::shown(it, &role.noun, name));
                shown.as_ref() == Some(value) && first.is_some_and(|first| first != *value)
            })
    }

    /// A read of what is gone is refused as an unknown id is.
    fn judge_gone(&mut self, read: usize) {
        let Some(slot) = self.own_slot(read) else {
            return;
        };
        if let Some(exchange) = self.exchanges.get_mut(read) {
            exchange.item.variant = Variant::UnknownId(slot);
            self.judge_of_state(read);
        }
    }

    /// Judges an answer that depends on what was done before.
    fn judge_of_state(&mut self, at: usize) {
        let since = self.diagnostics.len();
        self.judge(at);
        self.belongs_to(Part::State, since);
    }

    /// The slot of an exchange that names what it is about.
    fn own_slot(&self, at: usize) -> Option<Slot> {
        let role = self.role(self.exchanges.get(at)?.item.operation)?;
        role.slots.iter().find(|slot| slot.is_own).cloned()
    }

    fn check_unlisted(&mut self, at: usize, noun: &str, thing: usize, is_there: bool) {
        if !is_there {
            self.look_into_list(at, noun, thing, |item| !is_marked(item));
        }
    }

    /// Reports a thing that is in the list of its kind as it is not to be, and one that is gone with it.
    fn look_into_list(
        &mut self,
        deleted: usize,
        noun: &str,
        thing: usize,
        is_wrong: fn(&Value) -> bool,
    ) {
        let Some(list) = self.example_of(noun, Kind::List).map(|it| it.operation) else {
            return;
        };
        let Some(id) = self
            .store
            .things
            .get(thing)
            .and_then(super::store::Thing::key)
        else {
            return;
        };
        let Some((list, walk)) = self.everything_beside(list, thing) else {
            return;
        };
        let items = &walk.items;
        self.check_listed_survivors(deleted, noun, &list, items);
        self.check_totals_in(&list, &walk);
        let at = walk.exchanges.last().copied().unwrap_or(deleted);
        let key = self.key(noun);
        let is_it = |item: &&Value| identity::id(item, &key, noun).as_deref() == Some(id.as_str());
        if items.iter().find(is_it).is_some_and(is_wrong) {
            let name = list.operation.name();
            self.found(
                at,
                noun,
                "unlisted",
                Found {
                    rule: &state::DELETED_STILL_LISTED,
                    message: format!("{name} still lists the {noun} `{id}` that was deleted"),
                    subject: "endpoint".to_owned(),
                    span: None,
                    words: None,
                    expected: format!("no `{id}` among the items"),
                    observed: id,
                    is_weak: false,
                    is_plain: false,
                    diff: None,
                },
            );
        }
    }

    fn delete_again(&mut self, item: &Item, thing: usize) {
        let Some(operation) = self.operation(item.operation) else {
            return;
        };
        let is_documented = operation
            .responses
            .iter()
            .any(|it| matches!(it.status.code(), Some(404 | 410)));
        let is_documented = is_documented && !tolerant::accepts_missing(operation);
        let Ok(mut prepared) = self.prepared(item, Some(thing)) else {
            return;
        };
        let own = self
            .role(item.operation)
            .and_then(|role| role.slots.iter().find(|slot| slot.is_own).cloned());
        if let Some(slot) = own.filter(|_| is_documented) {
            // What is gone is as unknown as what never was.
            prepared.variant = Variant::Step("the same delete again");
            let Some(at) = self.exchange(prepared) else {
                return;
            };
            let exchange = self.exchanges.get(at);
            let is_success = exchange.is_some_and(|it| it.is_success);
            if is_success {
                let noun = self
                    .store
                    .things
                    .get(thing)
                    .map(|it| it.noun.clone())
                    .unwrap_or_default();
                self.found(
                    at,
                    &noun,
                    "twice",
                    Found {
                        rule: &state::REPEATED_DELETE,
                        message: format!(
                            "{} of what is deleted already is answered with a success",
                            operation.name()
                        ),
                        subject: slot.subject(),
                        span: None,
                        words: None,
                        expected: "404 Not Found".to_owned(),
                        observed: crate::conform::message::describe_status(
                            self.exchanges
                                .get(at)
                                .and_then(super::Exchange::status)
                                .unwrap_or_default(),
                        ),
                        is_weak: true,
                        is_plain: false,
                        diff: None,
                    },
                );
            } else if let Some(exchange) = self.exchanges.get_mut(at) {
                exchange.item.variant = Variant::UnknownId(slot);
                self.judge_of_state(at);
            }
        }
    }

    pub(super) fn has_children(&self, thing: usize) -> bool {
        let Some(parent) = self.store.things.get(thing) else {
            return false;
        };
        let id = parent.key();
        self.store.things.iter().any(|it| {
            !it.is_gone
                && it.made_by.is_some()
                && it
                    .parents
                    .iter()
                    .any(|(noun, of)| *noun == parent.noun && Some(of) == id.as_ref())
        })
    }

    fn remove_children(&mut self, thing: Option<usize>) {
        let Some(parent) = thing.and_then(|at| self.store.things.get(at)).cloned() else {
            return;
        };
        let id = parent.key();
        let children: Vec<usize> = (0..self.store.things.len())
            .filter(|at| {
                self.store.things.get(*at).is_some_and(|it| {
                    it.made_by.is_some()
                        && !it.is_gone
                        && it
                            .parents
                            .iter()
                            .any(|(noun, of)| *noun == parent.noun && Some(of) == id.as_ref())
                })
            })
            .collect();
        for child in children.into_iter().rev() {
            self.remove(child);
        }
    }

    /// Removes all that was made, last made first, whatever limits are reached.
    pub(super) fn tidy_up(&mut self) {
        if self.is_forgetful {
            return;
        }
        for thing in (0..self.store.things.len()).rev() {
            let is_left = self
                .store
                .things
                .get(thing)
                .is_some_and(|it| it.made_by.is_some() && !it.is_gone);
            if is_left {
                self.remove(thing);
            }
        }
        for thing in std::mem::take(&mut self.undeletable) {
            if !self.goes_with_parent(thing) {
                self.leave(thing);
            }
        }
    }

    /// True if what a thing belongs to is gone.
    fn goes_with_parent(&self, thing: usize) -> bool {
        let Some(thing) = self.store.things.get(thing) else {
            return false;
        };
        let mut things = self.store.things.iter();
        things.any(|it| {
            let id = it.key();
            let mut parents = thing.parents.iter();
            it.is_gone && parents.any(|(noun, of)| *noun == it.noun && Some(of) == id.as_ref())
        })
    }

    fn remove(&mut self, thing: usize) {
        let Some((noun, id)) = self
            .store
            .things
            .get(thing)
            .map(|it| (it.noun.clone(), it.key().unwrap_or_default()))
        else {
            return;
        };
        if self.example_of(&noun, Kind::Delete).is_none() {
            if !self.undeletable.contains(&thing) {
                self.undeletable.push(thing);
            }
            return;
        }
        let request = self.example_of(&noun, Kind::Delete).and_then(|item| {
            let prepared = self.prepared(item, Some(thing)).ok()?;
            Some(Item::new(
                item.operation,
                Variant::Step("tidying up"),
                prepared.draft,
            ))
        });
        // A request that names nothing would remove something else, or nothing.
        let is_about_it = |item: &Item| {
            let role = self.role(item.operation);
            role.is_some_and(|role| role.slots.iter().any(|slot| slot.is_own))
        };
        let request = request.filter(is_about_it);
        let mut again = request.as_ref().map(|item| item.request.clone());
        let mut refused = None;
        if let Some(item) = request.filter(|_| !self.is_lost) {
            let mut at = self.send(item.clone());
            if self.is_unready(at) {
                let refusal = self.refusal_of(at, thing);
                if !self.hopeless.contains(&refusal) {
                    at = self.open_and_send(&item, thing).unwrap_or(at);
                }
                if self.is_unready(at) {
                    self.hopeless.insert(refusal);
                }
                // What the page says is refused as things are is refused the next time as well.
                if self.is_unready(at) {
                    (again, refused) = (None, self.refusal_in_words(at));
                }
            }
            let status = self.exchanges.get(at).and_then(super::Exchange::status);
            if status
                .is_some_and(|status| (200..300).contains(&status) || matches!(status, 404 | 410))
            {
                if let Some(thing) = self.store.things.get_mut(thing) {
                    thing.is_gone = true;
                }
                if !self.undeleted.contains(&noun) {
                    return;
                }
            }
        }
        let made_by = self.maker(thing);
        self.leftovers.push(Leftover {
            noun,
            id: Some(id),
            made_by,
            is_certain: true,
            request: again,
            refusal: refused,
        });
    }

    /// The operation that made a thing.
    fn maker(&self, thing: usize) -> String {
        let made_by = self.store.things.get(thing).and_then(|it| it.made_by);
        let exchange = made_by.and_then(|at| self.exchanges.get(at));
        exchange
            .and_then(|it| self.operation(it.item.operation))
            .map(Operation::name)
            .unwrap_or_default()
    }

    /// Lists what was made under a name that nobody told, if things of its kind have names.
    pub(super) fn leave_nameless(&mut self, at: usize, is_certain: bool) {
        let Some(exchange) = self.exchanges.get(at) else {
            return;
        };
        self.leave_made_by(exchange.item.operation, is_certain);
    }

    fn leave_made_by(&mut self, operation: usize, is_certain: bool) {
        let (Some(role), Some(made_by)) = (self.role(operation), self.operation(operation)) else {
            return;
        };
        let mut slots = self.plan.roles.iter().flat_map(|role| &role.slots);
        if self.is_mock || !slots.any(|slot| slot.is_own && slot.noun == role.noun) {
            return;
        }
        self.leftovers.push(Leftover {
            noun: role.noun.clone(),
            id: None,
            made_by: made_by.name(),
            is_certain,
            ..Leftover::default()
        });
    }

    /// Lists what may have been made by a request that was sent and not answered.
    pub(super) fn note_unknown(&mut self, item: &Item, answer: &Result<Answer, Unanswered>) {
        let is_create = self
            .role(item.operation)
            .is_some_and(|role| role.kind == Kind::Create);
        let is_unknown = match answer {
            Ok(_) | Err(Unanswered::Unsendable(_) | Unanswered::Unreachable(_)) => false,
            Err(_) => true,
        };
        if is_create && is_unknown {
            self.leave_made_by(item.operation, false);
        }
    }

    /// Lists a thing as one that is left.
    fn leave(&mut self, thing: usize) {
        let made_by = self.maker(thing);
        if let Some(thing) = self.store.things.get(thing) {
            self.leftovers.push(Leftover {
                noun: thing.noun.clone(),
                id: thing.key(),
                made_by,
                is_certain: true,
                ..Leftover::default()
            });
        }
    }
}
