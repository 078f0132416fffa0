//! The end of things: actions, deletes, and the removal of all that was made, last made first.

use serde_json::Value;

use crate::conform::chain::{Kind, Slot, identity};
use crate::conform::judge::echo;
use crate::conform::judge::state::{self, Found};
use crate::conform::plan::{Item, Phase, Variant, sample};
use crate::conform::repeat;
use crate::model::Operation;

use super::{Leftover, Session};

impl Session<'_, '_> {
    /// Acts on what was made, and deletes some of it.
    pub(super) fn ending(&mut self) {
        let mut items = self.items(|item| matches!(item.variant, Variant::Example));
        items.sort_by_key(|item| {
            // Children go before their parents.
            let depth = self.role(item.operation).map_or(0, |role| role.slots.len());
            (std::cmp::Reverse(depth), item.operation)
        });
        for wanted in [Kind::Action, Kind::Delete] {
            for item in &items {
                match self.role(item.operation).map(|role| role.kind) {
                    Some(Kind::Action) if wanted == Kind::Action => self.act(item),
                    Some(Kind::Delete) if wanted == Kind::Delete => self.delete(item),
                    _ => {}
                }
            }
        }
    }

    fn is_stateful(&self) -> bool {
        self.plan.has(Phase::State) && !self.is_forgetful
    }

    fn spare(&self, item: &Item) -> Option<usize> {
        let role = self.role(item.operation)?;
        let own = role.slots.iter().find(|slot| slot.is_own)?;
        self.store.spare(&own.noun)
    }

    fn use_up(&mut self, thing: Option<usize>) {
        if let Some(thing) = thing.and_then(|at| self.store.things.get_mut(at)) {
            thing.uses += 1;
        }
    }

    /// Does something with a thing, and looks whether it shows.
    fn act(&mut self, item: &Item) {
        let thing = self.spare(item);
        self.use_up(thing);
        let before = thing
            .filter(|_| self.is_stateful())
            .and_then(|thing| self.read(thing, "a read before the action"))
            .and_then(|at| self.shown(at));
        let Some(at) = self.example(item, thing) else {
            return;
        };
        let is_done = self.exchanges.get(at).is_some_and(super::Exchange::is_done);
        let (Some(before), Some(thing), true) = (before, thing, is_done) else {
            return;
        };
        let Some(read) = self.read(thing, "a read after the action") else {
            return;
        };
        let Some(after) = self.shown(read) else {
            return;
        };
        self.check_action(item, at, read, (&before, &after));
        self.refresh(thing, after);
    }

    fn check_action(
        &mut self,
        item: &Item,
        at: usize,
        read: usize,
        (before, after): (&Value, &Value),
    ) {
        let (Some(operation), Some(role)) =
            (self.operation(item.operation), self.role(item.operation))
        else {
            return;
        };
        let answer = self.exchanges.get(at).and_then(|it| it.body.as_ref());
        let key = self.key(&role.noun);
        let answer = answer
            .and_then(|body| identity::object(body, &key, &role.noun))
            .cloned();
        let mut told = Vec::new();
        for (name, shown) in after.as_object().into_iter().flatten() {
            let Some(old) = before.get(name) else {
                continue;
            };
            // The example shows what the action makes of the member.
            let promised = echo::shown(operation, &role.noun, name);
            let changes = promised.as_ref().is_some_and(|promised| {
                !echo::is_same(promised, old) && is_stage(operation, name, promised)
            });
            let said = answer.as_ref().and_then(|answer| answer.get(name));
            let is_other = said.is_some_and(|said| {
                !echo::is_same(said, shown) && !super::state::is_clockwork(name)
            });
            if changes && echo::is_same(old, shown) {
                told.push((
                    name.clone(),
                    promised.unwrap_or_default(),
                    shown.clone(),
                    false,
                ));
            } else if is_other && said.is_some_and(|said| !echo::is_same(said, old)) {
                told.push((
                    name.clone(),
                    said.cloned().unwrap_or_default(),
                    shown.clone(),
                    true,
                ));
            }
        }
        for (name, expected, shown, is_weak) in told {
            let noun = role.noun.clone();
            let message = format!("after {} a read shows `{name}` as before", operation.name());
            let at = if is_weak { read } else { at };
            self.found(
                at,
                &noun,
                &format!("{} {name}", item.operation),
                Found {
                    rule: &state::ACTION_WITHOUT_EFFECT,
                    message,
                    subject: format!("response.{name}"),
                    span: None,
                    expected: sample::plain(&expected),
                    observed: sample::plain(&shown),
                    is_weak: false,
                },
            );
        }
    }

    /// Deletes a thing, and looks whether it is gone.
    fn delete(&mut self, item: &Item) {
        let thing = self.spare(item);
        if thing.is_some_and(|thing| self.has_children(thing)) {
            self.remove_children(thing);
        }
        let Some(at) = self.example(item, thing) else {
            return;
        };
        let is_success = self.exchanges.get(at).is_some_and(|it| it.is_success);
        let (Some(thing), true) = (thing, is_success) else {
            return;
        };
        if let Some(thing) = self.store.things.get_mut(thing) {
            thing.is_gone = true;
        }
        let is_done = self.exchanges.get(at).is_some_and(super::Exchange::is_done);
        if self.is_stateful() && is_done {
            self.check_deleted(item, at, thing);
        }
    }

    fn check_deleted(&mut self, item: &Item, at: usize, thing: usize) {
        let Some(noun) = self.store.things.get(thing).map(|it| it.noun.clone()) else {
            return;
        };
        let name = self
            .operation(item.operation)
            .map(Operation::name)
            .unwrap_or_default();
        let mut is_there = false;
        if let Some(read) = self.read(thing, "a read after the delete") {
            let exchange = self.exchanges.get(read);
            let is_success = exchange.is_some_and(|it| it.is_success);
            let object = self.object(read).unwrap_or_default();
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
                        expected: "404 Not Found".to_owned(),
                        observed: "200 OK".to_owned(),
                        is_weak: false,
                    },
                );
            } else if !is_success {
                self.judge_gone(read);
            }
        }
        self.check_unlisted(&noun, thing, is_there);
        if !is_there {
            self.delete_again(item, thing);
        }
    }

    /// A read of what is gone is refused as an unknown id is.
    fn judge_gone(&mut self, read: usize) {
        let Some(slot) = self.own_slot(read) else {
            return;
        };
        if let Some(exchange) = self.exchanges.get_mut(read) {
            exchange.item.variant = Variant::UnknownId(slot);
            self.judge(read);
        }
    }

    /// The slot of an exchange that names what it is about.
    fn own_slot(&self, at: usize) -> Option<Slot> {
        let role = self.role(self.exchanges.get(at)?.item.operation)?;
        role.slots.iter().find(|slot| slot.is_own).cloned()
    }

    fn check_unlisted(&mut self, noun: &str, thing: usize, is_there: bool) {
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
        let Some(items) = self.everything(list).filter(|_| !is_there) else {
            return;
        };
        let at = self.exchanges.len().saturating_sub(1);
        let key = self.key(noun);
        let is_it = |item: &&Value| identity::id(item, &key, noun).as_deref() == Some(id.as_str());
        if items
            .iter()
            .find(is_it)
            .is_some_and(|item| !is_marked(item))
        {
            let name = self
                .operation(list)
                .map(Operation::name)
                .unwrap_or_default();
            self.found(
                at,
                noun,
                "unlisted",
                Found {
                    rule: &state::DELETED_STILL_LISTED,
                    message: format!("{name} still lists the {noun} `{id}` that was deleted"),
                    subject: "endpoint".to_owned(),
                    span: None,
                    expected: format!("no `{id}` among the items"),
                    observed: id,
                    is_weak: false,
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
                        expected: "404 Not Found".to_owned(),
                        observed: self
                            .exchanges
                            .get(at)
                            .and_then(super::Exchange::status)
                            .unwrap_or_default()
                            .to_string(),
                        is_weak: true,
                    },
                );
            } else if let Some(exchange) = self.exchanges.get_mut(at) {
                exchange.item.variant = Variant::UnknownId(slot);
                self.judge(at);
            }
        }
    }

    fn has_children(&self, thing: usize) -> bool {
        let Some(parent) = self.store.things.get(thing) else {
            return false;
        };
        let id = parent.key();
        self.store.things.iter().any(|it| {
            !it.is_gone
                && it.is_own
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
                    it.is_own
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
                .is_some_and(|it| it.is_own && !it.is_gone);
            if is_left {
                self.remove(thing);
            }
        }
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
        let request = self.example_of(&noun, Kind::Delete).and_then(|item| {
            let prepared = self.prepared(item, Some(thing)).ok()?;
            Some(Item::new(
                item.operation,
                Variant::Step("tidying up"),
                prepared.draft,
            ))
        });
        let curl = request
            .as_ref()
            .map(|item| repeat::command(&item.request, &self.plan.secrets));
        if let Some(item) = request.filter(|_| !self.is_lost) {
            let at = self.send(item);
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
        self.leftovers.push(Leftover { noun, id, curl });
    }

    /// Lists a thing as one that is left.
    fn leave(&mut self, thing: usize) {
        if let Some(thing) = self.store.things.get(thing) {
            self.leftovers.push(Leftover {
                noun: thing.noun.clone(),
                id: thing.key().unwrap_or_default(),
                curl: None,
            });
        }
    }
}

/// True if a value names a stage of something: one of a documented set, or a truth.
fn is_stage(operation: &Operation, name: &str, value: &Value) -> bool {
    if value.is_boolean() {
        return true;
    }
    let responses = operation
        .responses
        .iter()
        .filter(|it| it.status.is_success());
    responses.filter_map(|it| it.shape.as_ref()).any(|shape| {
        let inner = shape.members().iter().flat_map(|it| it.shape.members());
        let mut members = shape.members().iter().chain(inner);
        members.any(|it| it.name == name && it.shape.constraints.allowed.is_some())
    })
}

/// True if something says of itself that it is gone.
fn is_marked(object: &Value) -> bool {
    let members = object.as_object().into_iter().flatten();
    let mut members = members.map(|(name, value)| (crate::conform::bindings::letters(name), value));
    members.any(|(name, value)| match name.as_str() {
        "deleted" | "isdeleted" | "archived" => *value == Value::Bool(true),
        "deletedat" | "archivedat" => !value.is_null(),
        "status" | "state" => value.as_str().is_some_and(|text| {
            let text = text.to_ascii_lowercase();
            [
                "delet", "remov", "archiv", "cancel", "inactive", "disabled", "revoked",
            ]
            .iter()
            .any(|word| text.starts_with(word))
        }),
        _ => false,
    })
}
