//! Actions: what is done to a thing shows in a read afterwards, at once or when the job that it began is done.

use serde_json::{Map, Value};

use crate::conform::bindings::letters;
use crate::conform::chain::{Kind, identity};
use crate::conform::judge::echo;
use crate::conform::judge::state::{self, Found};
use crate::conform::plan::{Item, Variant, sample};
use crate::model::Operation;

use super::Session;

/// A job is not asked more often whether it is done.
const LOOKS: usize = 4;

impl Session<'_, '_> {
    /// Does something with a thing, and looks whether it shows.
    pub(super) fn act(&mut self, item: &Item) {
        let thing = self.spare(item);
        self.use_up(thing);
        let before = thing
            .filter(|_| self.is_stateful())
            .and_then(|thing| self.read(thing, "a read before the action"))
            .and_then(|at| self.shown(at));
        let Some(at) = self.example(item, thing) else {
            return;
        };
        let Some(exchange) = self.exchanges.get(at) else {
            return;
        };
        let (is_success, is_done) = (exchange.is_success, exchange.is_done());
        if is_success {
            self.check_echo(at);
        }
        self.act_and_look(item, at, is_done, thing, before);
        if is_success {
            self.act_otherwise(item.operation);
        }
    }

    /// Looks whether an action that was accepted shows.
    fn act_and_look(
        &mut self,
        item: &Item,
        at: usize,
        is_done: bool,
        thing: Option<usize>,
        before: Option<Value>,
    ) {
        let is_success = self.exchanges.get(at).is_some_and(|it| it.is_success);
        let (Some(before), Some(thing), true) = (before, thing, is_success) else {
            return;
        };
        let is_finished = is_done || self.wait(at, thing);
        if !is_finished {
            return;
        }
        let Some(read) = self.read(thing, "a read after the action") else {
            return;
        };
        let Some(after) = self.shown(read) else {
            return;
        };
        let is_told = self.check_outcomes(at, read, &after, &Map::new());
        if is_done {
            self.check_action(item, at, read, (&before, &after));
        } else if !is_told && before == after {
            self.check_job_effect(at);
        }
        self.refresh(thing, after);
    }

    /// The other documented values of an action, each time with a thing that was used least.
    ///
    /// What was done once may be impossible a second time: only a refusal of the values says something.
    fn act_otherwise(&mut self, operation: usize) {
        let is_wanted =
            |item: &Item| item.operation == operation && matches!(item.variant, Variant::Values(_));
        for item in self.items(is_wanted) {
            let thing = self.spare(item);
            self.use_up(thing);
            let Ok(prepared) = self.prepared(item, thing) else {
                return;
            };
            let Some(at) = self.exchange(prepared) else {
                return;
            };
            match self.exchanges.get(at).and_then(super::Exchange::status) {
                Some(200..300) => {
                    self.judge(at);
                    self.check_echo(at);
                }
                Some(400 | 422) => self.refused(item, at),
                _ => {}
            }
        }
    }

    /// Looks at the job that an action began until it is done; false if that cannot be told.
    fn wait(&mut self, at: usize, thing: usize) -> bool {
        let Some((noun, id)) = self.told_job(at) else {
            return false;
        };
        let Some(job) = self.example_of(&noun, Kind::Read) else {
            return false;
        };
        let Ok(mut prepared) = self.prepared(job, None) else {
            return false;
        };
        let role = self.role(job.operation);
        let Some(slot) = role.and_then(|it| it.slots.iter().find(|it| it.is_own)) else {
            return false;
        };
        prepared.draft.set_slot(slot, &id);
        let mut first = None;
        for _ in 0..LOOKS {
            let step = Variant::Step("a look at the job");
            let look = Item::new(job.operation, step, prepared.draft.clone());
            let Some(read) = self.exchange(look) else {
                return false;
            };
            let exchange = self.exchanges.get(read);
            let Some(body) = exchange
                .filter(|it| it.is_success)
                .and_then(|it| it.body.clone())
            else {
                return false;
            };
            if first.is_none() {
                first = Some(read);
                self.check_location(at, read);
                self.check_job(read, thing);
            }
            if is_finished(&body) {
                return true;
            }
        }
        false
    }

    /// The noun and id of the job that an answer tells, if pages document how to read one.
    fn told_job(&self, at: usize) -> Option<(String, String)> {
        let exchange = self.exchanges.get(at)?;
        let own = &self.role(exchange.item.operation)?.noun;
        let roles = self.plan.roles.iter();
        let roles = roles.filter(|role| role.kind == Kind::Read && role.noun != *own);
        let nouns: Vec<_> = roles.map(|role| role.noun.clone()).collect();
        let location = exchange.answer.as_ref().ok()?.header("location");
        nouns.into_iter().find_map(|noun| {
            let by_location = location.and_then(|it| self.id_in_location(&noun, it));
            let id = by_location.or_else(|| {
                let key = self.key(&noun);
                let body = exchange.body.as_ref()?;
                let (envelope, object) = identity::enveloped(body, &key, &noun)?;
                let (name, id) = identity::named(object, &key, &noun)?;
                let mut names = [Some(name), envelope].into_iter().flatten();
                let is_of_noun = |name: &str| letters(name).starts_with(noun.as_str());
                names.any(is_of_noun).then_some(id)
            })?;
            Some((noun, id))
        })
    }

    /// The id that a URL ends with, if the operation that reads things of a noun has that URL.
    fn id_in_location(&self, noun: &str, location: &str) -> Option<String> {
        let read = self.example_of(noun, Kind::Read)?;
        let slot = self
            .role(read.operation)?
            .slots
            .iter()
            .find(|it| it.is_own)?;
        let path = location.split(['?', '#']).next()?;
        let id = path.trim_end_matches('/').rsplit('/').next()?;
        let mut draft = read.draft.clone();
        draft.set_slot(slot, id);
        let url = draft.request().url;
        (!id.is_empty() && url.ends_with(path)).then(|| id.to_owned())
    }

    /// A job names what it is about.
    fn check_job(&mut self, read: usize, thing: usize) {
        let (Some(thing), Some(object)) = (self.store.things.get(thing), self.object(read)) else {
            return;
        };
        let (Some(id), noun) = (thing.key(), thing.noun.clone()) else {
            return;
        };
        let wanted = [noun.clone(), format!("{noun}id"), format!("{noun}number")];
        let members = object.as_object().into_iter().flatten();
        let mut named = members.filter(|(name, value)| {
            let is_id = value.is_string() || value.is_number();
            is_id && wanted.contains(&letters(name))
        });
        let Some((member, value)) = named.next() else {
            return;
        };
        let found = sample::plain(value);
        if found == id {
            return;
        }
        let name = self.exchanges.get(read).map(|it| it.item.operation);
        let name = name.and_then(|index| self.operation(index));
        let name = name.map(Operation::name).unwrap_or_default();
        let message = format!("{name} for a job of the {noun} `{id}` answers about `{found}`");
        let subject = self.subject_of(read, member);
        let finding = Found::about(&state::WRONG_IDENTITY, subject, message).seen(id, found);
        self.found(read, &noun, &format!("job {member}"), finding);
    }

    /// A job that is done, and of which nothing shows.
    fn check_job_effect(&mut self, at: usize) {
        let Some(index) = self.exchanges.get(at).map(|it| it.item.operation) else {
            return;
        };
        let (Some(operation), Some(role)) = (self.operation(index), self.role(index)) else {
            return;
        };
        let noun = role.noun.clone();
        let message = format!(
            "after {} and the end of its job a read of the {noun} shows nothing new",
            operation.name()
        );
        let found = Found::about(&state::ACTION_WITHOUT_EFFECT, "endpoint", message)
            .seen("a change", "none")
            .weak_if(true);
        self.found(at, &noun, &format!("{index} job"), found);
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
            let subject = self.subject_of(read, &name);
            let found = Found::about(&state::ACTION_WITHOUT_EFFECT, subject, message)
                .seen(sample::plain(&expected), sample::plain(&shown));
            self.found(at, &noun, &format!("{} {name}", item.operation), found);
        }
    }
}

/// True if a job says of itself that it has come to its end.
fn is_finished(job: &Value) -> bool {
    let members = job.as_object().into_iter().flatten();
    let inner = members
        .clone()
        .filter_map(|(_, value)| value.as_object())
        .flatten();
    let mut stages = members.chain(inner).filter(|(name, _)| {
        matches!(
            letters(name).as_str(),
            "state" | "status" | "stage" | "phase" | "done" | "finished" | "completed"
        )
    });
    stages.any(|(_, value)| match value {
        Value::Bool(is_done) => *is_done,
        Value::String(text) => {
            let text = text.to_ascii_lowercase();
            [
                "done", "complete", "finish", "succe", "ready", "ended", "closed",
            ]
            .iter()
            .any(|word| text.starts_with(word))
        }
        _ => false,
    })
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
