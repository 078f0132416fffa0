//! After a write: is what was sent kept, is it there to be read, and is nothing else changed?

use serde_json::Value;

use crate::conform::bindings::letters;
use crate::conform::chain::{Kind, SlotPlace, identity};
use crate::conform::judge::echo::{self, Echo};
use crate::conform::judge::state::{self, Found};
use crate::conform::plan::input::{self, Place};
use crate::conform::plan::{Item, Phase, Variant, sample};
use crate::model::Origin;

use super::Session;

impl Session<'_, '_> {
    /// Checks what an accepted request did.
    pub(super) fn after_write(&mut self, at: usize) {
        if !self.plan.has(Phase::State) || self.is_forgetful {
            return;
        }
        let Some(exchange) = self.exchanges.get(at) else {
            return;
        };
        let Some(kind) = self
            .plan
            .roles
            .get(exchange.item.operation)
            .map(|role| role.kind)
        else {
            return;
        };
        if !self.check_identity(at) || !self.exchanges.get(at).is_some_and(super::Exchange::is_done)
        {
            return;
        }
        match kind {
            Kind::Create => {
                self.check_echo(at);
                self.check_member_defaults(at);
                let is_telling = !matches!(
                    self.exchanges.get(at).map(|it| &it.item.variant),
                    Some(Variant::Values(_) | Variant::OtherScripts)
                );
                if is_telling {
                    self.check_created(at);
                }
            }
            Kind::Update => {
                self.check_echo(at);
                self.check_updated(at);
            }
            _ => {}
        }
    }

    /// The object that an answer is about.
    pub(super) fn object(&self, at: usize) -> Option<Value> {
        let exchange = self.exchanges.get(at)?;
        let noun = &self.role(exchange.item.operation)?.noun;
        let body = exchange.body.as_ref()?;
        let key = self.key(noun);
        identity::object(body, &key, noun).or(Some(body)).cloned()
    }

    /// The answer is about what the path names.
    ///
    /// False if it is not: then there is nothing else to compare.
    pub(super) fn check_identity(&mut self, at: usize) -> bool {
        let Some(exchange) = self.exchanges.get(at) else {
            return true;
        };
        let Some(role) = self.role(exchange.item.operation) else {
            return true;
        };
        if !exchange.is_success || matches!(role.kind, Kind::List | Kind::Look) {
            return true;
        }
        let Some(body) = &exchange.body else {
            return true;
        };
        let mut wrong = None;
        for slot in &role.slots {
            let Some(sent) = exchange.item.draft.slot(slot) else {
                continue;
            };
            let sent = sent.as_str();
            if !slot.is_own && slot.place != SlotPlace::Path {
                continue;
            }
            let is_known = self
                .store
                .things
                .iter()
                .any(|it| it.noun == slot.noun && it.id(&slot.name).as_deref() == Some(sent));
            if !is_known {
                continue;
            }
            let found = if slot.is_own {
                let object = identity::object(body, &slot.name, &slot.noun);
                let has_it = object.is_some_and(|object| holds(object, sent));
                object
                    .filter(|_| !has_it)
                    .and_then(|object| identity::id(object, &slot.name, &slot.noun))
            } else {
                let object =
                    identity::object(body, &self.key(&role.noun), &role.noun).unwrap_or(body);
                let wanted = [format!("{}id", slot.noun), letters(&slot.name)];
                let members = object.as_object().into_iter().flatten();
                let named = members
                    .filter(|(name, _)| wanted.contains(&letters(name)) && letters(name) != "id");
                let named = named.filter(|(_, value)| value.is_string() || value.is_number());
                named
                    .map(|(_, value)| sample::plain(value))
                    .find(|value| value != sent)
            };
            if let Some(found) = found {
                wrong = Some((
                    slot.name.clone(),
                    sent.to_owned(),
                    found,
                    role.noun.clone(),
                    slot.is_own,
                ));
                break;
            }
        }
        let Some((name, sent, found, noun, is_own)) = wrong else {
            return true;
        };
        let operation = self
            .exchanges
            .get(at)
            .map(|it| it.item.operation)
            .unwrap_or_default();
        let subject = if is_own {
            "response.id".to_owned()
        } else {
            format!("response.{name}")
        };
        let words = self
            .operation(operation)
            .map(crate::model::Operation::name)
            .unwrap_or_default();
        self.found(
            at,
            &noun,
            &format!("{operation} {name}"),
            Found {
                rule: &state::WRONG_IDENTITY,
                message: format!("{words} for `{name}` `{sent}` answers about `{found}`"),
                subject,
                span: None,
                expected: sent,
                observed: found,
                is_weak: false,
            },
        );
        false
    }

    /// What was sent is in the answer.
    fn check_echo(&mut self, at: usize) {
        let (Some(exchange), Some(object)) = (self.exchanges.get(at).cloned(), self.object(at))
        else {
            return;
        };
        let index = exchange.item.operation;
        let (Some(operation), Some(role)) = (self.operation(index), self.role(index)) else {
            return;
        };
        let Some(sent) = exchange.item.draft.sent() else {
            return;
        };
        let example = self.plan.items.iter().find(|it| it.operation == index);
        let example = example.map_or(&exchange.item.draft, |it| &it.draft);
        for (name, value) in &sent {
            let Some(back) = object.get(name).filter(|back| !echo::is_same(value, back)) else {
                continue;
            };
            let Some(answered) = echo::answered(operation, &role.noun, example, name) else {
                continue;
            };
            self.found(
                at,
                &role.noun,
                &format!("{index} {name}"),
                Found {
                    rule: &state::INPUT_NOT_KEPT,
                    message: format!(
                        "{} answers with another `{name}` than the one that was sent",
                        operation.name()
                    ),
                    subject: format!("response.{name}"),
                    span: Some(answered.span),
                    expected: sample::plain(value),
                    observed: sample::plain(back),
                    is_weak: answered.echo == Echo::Named,
                },
            );
        }
    }

    /// What was not sent has its default.
    fn check_member_defaults(&mut self, at: usize) {
        let (Some(exchange), Some(object)) = (self.exchanges.get(at).cloned(), self.object(at))
        else {
            return;
        };
        let index = exchange.item.operation;
        let (Some(operation), Some(role)) = (self.operation(index), self.role(index)) else {
            return;
        };
        let Some(sent) = exchange.item.draft.sent() else {
            return;
        };
        for input in input::inputs(operation) {
            let is_plain = input.place == Place::Body && input.steps.len() == 1;
            if !is_plain || sent.contains_key(&input.name) {
                continue;
            }
            let Some(answered) =
                echo::answered(operation, &role.noun, &exchange.item.draft, &input.name)
            else {
                continue;
            };
            let (Some((default, evidence)), Some(back)) =
                (answered.default, object.get(&input.name))
            else {
                continue;
            };
            if echo::is_same(&default, back) || is_written_out(&default, back) {
                continue;
            }
            self.found(
                at,
                &role.noun,
                &format!("{index} {}", input.name),
                Found {
                    rule: &state::DEFAULT_NOT_APPLIED,
                    message: format!(
                        "{} without `{}` answers with another value than the documented default",
                        operation.name(),
                        input.name
                    ),
                    subject: input.subject(),
                    span: Some(evidence.map_or(input.span, |it| it.span)),
                    expected: sample::plain(&default),
                    observed: sample::plain(back),
                    is_weak: evidence.is_none_or(|it| it.origin <= Origin::Prose),
                },
            );
        }
    }

    /// What was created can be read, and is as the answer said.
    fn check_created(&mut self, at: usize) {
        let Some(thing) = self
            .store
            .things
            .iter()
            .position(|it| it.made_by == Some(at))
        else {
            return;
        };
        let Some((noun, created)) = self
            .store
            .things
            .get(thing)
            .map(|it| (it.noun.clone(), it.object.clone()))
        else {
            return;
        };
        let Some(read) = self.read(thing, "a read after the create") else {
            return;
        };
        let Some(status) = self.exchanges.get(read).and_then(super::Exchange::status) else {
            return;
        };
        if matches!(status, 404 | 410) {
            let name = self
                .exchanges
                .get(read)
                .and_then(|it| self.operation(it.item.operation))
                .map(crate::model::Operation::name);
            self.found(
                read,
                &noun,
                "created",
                Found {
                    rule: &state::CREATED_NOT_READABLE,
                    message: format!(
                        "{} does not know the {noun} that was created before",
                        name.unwrap_or_default()
                    ),
                    subject: "endpoint".to_owned(),
                    span: None,
                    expected: "what was created".to_owned(),
                    observed: crate::conform::message::describe_status(status),
                    is_weak: false,
                },
            );
            return;
        }
        self.judge(read);
        let is_it = self.check_identity(read);
        let Some(object) = self.object(read).filter(|_| is_it && status < 300) else {
            return;
        };
        let sent = self
            .exchanges
            .get(at)
            .and_then(|it| it.item.draft.sent())
            .map(Value::Object);
        self.compare(&noun, thing, (&created, at), (&object, read), sent.as_ref());
        self.refresh(thing, object);
    }

    /// Compares what a write answered with what a read shows; what differs between two reads is not compared.
    fn compare(
        &mut self,
        noun: &str,
        thing: usize,
        (written, write): (&Value, usize),
        (shown, read): (&Value, usize),
        sent: Option<&Value>,
    ) {
        let found = echo::differences(written, shown);
        if found.is_empty() {
            return;
        }
        let again = self
            .read(thing, "the same read again")
            .and_then(|at| self.object(at));
        let Some(again) = again else {
            return;
        };
        let volatile = echo::differences(shown, &again);
        for difference in found {
            if volatile.iter().any(|it| it.path == difference.path)
                || is_clockwork(&difference.path)
            {
                continue;
            }
            let member = difference.path.clone();
            let value = sent.and_then(|sent| sent.get(&member));
            if value.is_some_and(|value| echo::is_same(value, &difference.right)) {
                // The read is right, and the write was wrong about it: the echo tells.
                continue;
            }
            let write = self
                .exchanges
                .get(write)
                .and_then(|it| self.operation(it.item.operation));
            let write = write.map(crate::model::Operation::name).unwrap_or_default();
            let name = self
                .exchanges
                .get(read)
                .and_then(|it| self.operation(it.item.operation))
                .map(crate::model::Operation::name)
                .unwrap_or_default();
            self.found(
                read,
                noun,
                &member,
                Found {
                    rule: &state::READ_DIFFERS,
                    message: format!("{name} shows another `{member}` than {write} answered with"),
                    subject: format!("response.{member}"),
                    span: None,
                    expected: sample::plain(&difference.left),
                    observed: sample::plain(&difference.right),
                    is_weak: value.is_none(),
                },
            );
        }
    }

    /// What an update sent is there afterwards, and nothing else is changed.
    fn check_updated(&mut self, at: usize) {
        let Some(exchange) = self.exchanges.get(at).cloned() else {
            return;
        };
        let index = exchange.item.operation;
        let (Some(operation), Some(role)) = (self.operation(index), self.role(index)) else {
            return;
        };
        let Some(slot) = role.slots.iter().find(|slot| slot.is_own) else {
            return;
        };
        let sent_id = exchange.item.draft.slot(slot);
        let thing = self
            .store
            .things
            .iter()
            .position(|it| it.is_own && it.noun == slot.noun && it.id(&slot.name) == sent_id);
        let Some(thing) = thing else {
            return;
        };
        let before = self
            .store
            .things
            .get(thing)
            .map(|it| it.object.clone())
            .unwrap_or_default();
        let Some(read) = self.read(thing, "a read after the update") else {
            return;
        };
        let Some(after) = self.shown(read) else {
            return;
        };
        let sent = exchange.item.draft.sent().unwrap_or_default();
        for (name, value) in &sent {
            let Some(shown) = after.get(name).filter(|shown| !echo::is_same(value, shown)) else {
                continue;
            };
            if echo::answered(operation, &role.noun, &exchange.item.draft, name).is_none()
                && before.get(name).is_none()
            {
                continue;
            }
            let is_old = before
                .get(name)
                .is_some_and(|old| echo::is_same(old, shown));
            self.found(
                at,
                &role.noun,
                &format!("{index} {name}"),
                Found {
                    rule: &state::UPDATE_NOT_KEPT,
                    message: format!(
                        "{} accepts `{name}`, and a read afterwards shows {} value",
                        operation.name(),
                        if is_old { "the old" } else { "another" }
                    ),
                    subject: format!("request.body.{name}"),
                    span: input::inputs(operation)
                        .into_iter()
                        .find(|it| it.place == Place::Body && it.name == *name)
                        .map(|it| it.span),
                    expected: sample::plain(value),
                    observed: sample::plain(shown),
                    is_weak: !is_old,
                },
            );
        }
        if operation.endpoint.value.method == "PATCH" {
            self.check_others(at, thing, &sent, &before, &after);
        }
        self.refresh(thing, after);
    }

    fn check_others(
        &mut self,
        at: usize,
        thing: usize,
        sent: &serde_json::Map<String, Value>,
        before: &Value,
        after: &Value,
    ) {
        let found: Vec<_> = echo::differences(before, after)
            .into_iter()
            .filter(|it| {
                let root = it.path.split('.').next().unwrap_or_default();
                !sent.contains_key(root) && !is_clockwork(&it.path)
            })
            .collect();
        if found.is_empty() {
            return;
        }
        let again = self
            .read(thing, "the same read again")
            .and_then(|at| self.object(at));
        let volatile = again
            .map(|again| echo::differences(after, &again))
            .unwrap_or_default();
        let noun = self
            .store
            .things
            .get(thing)
            .map(|it| it.noun.clone())
            .unwrap_or_default();
        for difference in found {
            if volatile.iter().any(|it| it.path == difference.path) {
                continue;
            }
            let index = self
                .exchanges
                .get(at)
                .map(|it| it.item.operation)
                .unwrap_or_default();
            let name = self
                .operation(index)
                .map(crate::model::Operation::name)
                .unwrap_or_default();
            let member = difference.path;
            self.found(
                at,
                &noun,
                &format!("{index} {member}"),
                Found {
                    rule: &state::UPDATE_CHANGES_OTHERS,
                    message: format!("{name} changes `{member}`, which was not sent"),
                    subject: format!("response.{member}"),
                    span: None,
                    expected: sample::plain(&difference.left),
                    observed: sample::plain(&difference.right),
                    is_weak: true,
                },
            );
        }
    }

    /// Reads a thing; the exchange.
    pub(super) fn read(&mut self, thing: usize, words: &'static str) -> Option<usize> {
        let noun = self.store.things.get(thing)?.noun.clone();
        let item = self.example_of(&noun, Kind::Read)?;
        let prepared = self.prepared(item, Some(thing)).ok()?;
        let step = Item::new(item.operation, Variant::Step(words), prepared.draft);
        self.exchange(step)
    }

    /// What a read shows, if it is about what it was asked for.
    pub(super) fn shown(&mut self, read: usize) -> Option<Value> {
        let is_success = self.exchanges.get(read).is_some_and(|it| it.is_success);
        let is_it = self.check_identity(read);
        self.object(read).filter(|_| is_success && is_it)
    }

    pub(super) fn refresh(&mut self, thing: usize, object: Value) {
        let thing = self.store.things.get_mut(thing);
        if let Some(thing) = thing.filter(|_| object.is_object()) {
            thing.object = object;
        }
    }
}

/// True if one of the members of an object is that text.
fn holds(object: &Value, text: &str) -> bool {
    let members = object.as_object().into_iter().flatten();
    let mut scalars = members.filter(|(_, value)| value.is_string() || value.is_number());
    scalars.any(|(_, value)| sample::plain(value) == text)
}

/// True for members that change by themselves: times of change, versions, and counts of reads.
pub(super) fn is_clockwork(path: &str) -> bool {
    let name = letters(path.rsplit('.').next().unwrap_or_default());
    [
        "updat", "modif", "chang", "version", "revision", "etag", "lastseen", "lastus", "lastread",
        "views", "expires", "ttl",
    ]
    .iter()
    .any(|word| name.contains(word))
}

/// A default in words, or one that the docs write as text: `[]`, `"true"`.
fn is_written_out(default: &Value, back: &Value) -> bool {
    match default {
        Value::String(text) if !back.is_string() => {
            let parsed: Option<Value> = serde_json::from_str(text).ok();
            // What is no JSON describes the default in words.
            parsed.is_none_or(|parsed| echo::is_same(&parsed, back))
        }
        Value::Null => true,
        _ => false,
    }
}
