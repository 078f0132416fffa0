//! Actions: what is done to a thing shows in a read afterwards, at once or when the job that it began is done.

use serde_json::{Map, Value};

use crate::conform::bindings::letters;
use crate::conform::chain::{Kind, Slot, identity};
use crate::conform::judge::echo;
use crate::conform::judge::state::{self, Found};
use crate::conform::plan::{Item, Phase, Variant, sample};
use crate::conform::said::promises;
use crate::model::Operation;

use crate::conform::session::kept::state::is_clockwork;
use crate::conform::session::{Exchange, Session};

/// A job is not asked more often whether it is done.
const LOOKS: usize = 4;

impl Session<'_, '_> {
    /// Does something with a thing, and looks whether it shows.
    pub(in crate::conform::session) fn act(&mut self, item: &Item) {
        let thing = self.with_parts(item).or_else(|| self.spare(item));
        self.act_on(item, thing);
    }

    /// Does something with that thing, or with another one if it is not in a state for it.
    pub(super) fn act_on(&mut self, item: &Item, thing: Option<usize>) {
        let mut thing = thing;
        self.use_up(thing);
        let mut before = self.before(thing);
        let growing = self.before_growth(item, thing);
        let ready_with = thing;
        let beside = thing.and_then(|thing| self.changed_beside(item, thing));
        let Some(mut at) = self.example(item, thing) else {
            return;
        };
        let acted = self
            .acted_upon(at)
            .filter(|it| Some(*it) != thing && thing.is_some());
        if acted.is_some() {
            (thing, before) = (acted, None);
            self.use_up(thing);
        }
        if let Some(known) = thing.filter(|_| self.is_unready(at)) {
            self.judge_conflict(at);
            let Some((ready, other)) = self.make_ready(item, known, &mut before) else {
                return;
            };
            (at, thing) = (ready, Some(other));
        } else if let Some(before) = before.as_ref().filter(|_| self.has_succeeded(at)) {
            self.check_stage_before(at, before);
        }
        let Some(exchange) = self.exchanges.get(at) else {
            return;
        };
        let (is_success, is_done) = (exchange.is_success, exchange.is_done());
        if is_success {
            self.omitted.remove(&item.operation);
            self.check_echo(at);
        }
        if let Some(beside) = beside.filter(|_| is_done && ready_with == thing) {
            self.check_changed_beside(at, &beside);
        }
        self.act_and_look(item, at, is_done, thing, before);
        if let Some(thing) = thing.filter(|_| is_done) {
            self.learn_stage(at, thing);
        }
        if is_done && ready_with == thing {
            self.check_growth(at, growing);
        }
        if is_done {
            self.check_brought_back(at);
            self.check_batch(at);
        }
        if let Some(thing) = thing.filter(|_| is_done) {
            self.check_still_listed(at, thing);
            self.check_left_out_after(at, thing);
        }
        if is_done && self.plan.has(Phase::Negative) {
            self.check_key(at, thing);
            self.check_replayed(at);
        }
        if is_success {
            self.act_otherwise(item.operation);
            self.send_put_off(item.operation);
        }
    }

    pub(in crate::conform::session) fn has_succeeded(&self, at: usize) -> bool {
        self.exchanges.get(at).is_some_and(|it| it.is_success)
    }

    /// What a read shows of a thing before something is done to it.
    pub(in crate::conform::session) fn before(&mut self, thing: Option<usize>) -> Option<Value> {
        let thing = thing.filter(|_| self.is_stateful())?;
        let read = self.read(thing, "a read before the action")?;
        self.shown(read)
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
        if let (None, Some(thing), true, true) = (&before, thing, is_success, is_done) {
            self.check_answer(item, at, thing);
            self.act_again_unread(at, thing);
        }
        let (Some(before), Some(thing), true) = (before, thing, is_success) else {
            return;
        };
        let is_done = is_done || self.is_applied(at, thing, &before);
        let is_finished = is_done || self.wait(at, thing);
        if !is_finished {
            return;
        }
        let Some(read) = self.read(thing, "a read after the action") else {
            return;
        };
        if self.is_vanished(at, read) {
            return;
        }
        let Some(after) = self.shown(read) else {
            return;
        };
        let is_told = self.check_outcomes(at, read, &after, &Map::new());
        if is_done {
            self.check_keyed(at, read, (&before, &after));
            self.check_stage_after(at, read, &after);
            self.check_case(at, read, (&before, &after));
            self.check_action(item, at, read, (&before, &after));
            self.check_deltas(at, read, &before, &after);
            self.check_own_time(at, read, (&before, &after));
            self.check_action_bystander(at, thing, (&before, &after));
            self.check_told_after(at, &after);
            self.check_told_parts(at, read, &after);
            self.check_entries(at);
        } else if !is_told && before == after {
            self.check_job_effect(at, &after);
        }
        if is_done && self.plan.has(Phase::Negative) {
            self.act_again(at, &before, &after);
        }
        self.refresh(thing, after);
    }

    /// The second time of an action on what no operation reads: the answers tell what it was, and what became of it.
    fn act_again_unread(&mut self, at: usize, thing: usize) {
        let is_asked = self.is_stateful() && self.plan.has(Phase::Negative);
        let known = self.store.things.get(thing);
        let known = known.filter(|it| self.example_of(&it.noun, Kind::Read).is_none());
        let before = known.map(|it| it.object.clone()).filter(Value::is_object);
        let answered = self.object(at).filter(Value::is_object);
        if let (Some(before), Some(after), true) = (before, answered, is_asked) {
            self.act_again(at, &before, &after);
        }
    }

    /// True if what was acted upon, and what the action answered with, is gone.
    fn is_vanished(&mut self, at: usize, read: usize) -> bool {
        let status = self.exchanges.get(read).and_then(Exchange::status);
        let Some(status) = status.filter(|status| matches!(status, 404 | 410)) else {
            return false;
        };
        let Some((index, noun)) = self.exchanges.get(at).and_then(|it| {
            let index = it.item.operation;
            Some((index, self.role(index)?.noun.clone()))
        }) else {
            return true;
        };
        let is_shown = self
            .object(at)
            .is_some_and(|object| identity::id(&object, &self.key(&noun), &noun).is_some());
        let name = self.name_of(index);
        if is_shown {
            let message = format!("{name} answers with the {noun}, and a read does not find it");
            let found = Found::about(&state::CREATED_NOT_READABLE, "endpoint", message).seen(
                format!("the {noun}"),
                crate::conform::message::describe_status(status),
            );
            self.found(at, &noun, &format!("{index} vanished"), found.weak_if(true));
        }
        true
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
        for look in 0..LOOKS {
            if look > 0 {
                self.pause(100 << look);
            }
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
                self.check_job_id(read, slot, &id);
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

    /// A job is the one that was asked for.
    fn check_job_id(&mut self, read: usize, slot: &Slot, id: &str) {
        let body = self.exchanges.get(read).and_then(|it| it.body.as_ref());
        let object = body.and_then(|body| identity::object(body, &slot.name, &slot.noun));
        let named = object.and_then(|it| identity::named(it, &slot.name, &slot.noun));
        let Some((member, found)) = named.filter(|(_, found)| found != id) else {
            return;
        };
        let member = member.to_owned();
        let index = self.exchanges.get(read).map(|it| it.item.operation);
        let name = index.map(|index| self.name_of(index)).unwrap_or_default();
        let message = format!("{name} for `{}` `{id}` answers about `{found}`", slot.name);
        let subject = self.subject_of(read, &member);
        let finding = Found::about(&state::WRONG_IDENTITY, subject, message).seen(id, found);
        self.found(read, &slot.noun, &format!("job {}", slot.name), finding);
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
        let index = self.exchanges.get(read).map(|it| it.item.operation);
        let name = index.map(|index| self.name_of(index)).unwrap_or_default();
        let message = format!("{name} for a job of the {noun} `{id}` answers about `{found}`");
        let subject = self.subject_of(read, member);
        let finding = Found::about(&state::WRONG_IDENTITY, subject, message).seen(id, found);
        self.found(read, &noun, &format!("job {member}"), finding);
    }

    /// A job that is done, and of which nothing shows although the page names a member of what it was done to.
    fn check_job_effect(&mut self, at: usize, after: &Value) {
        let Some((index, operation, role)) = self.about(at) else {
            return;
        };
        let noun = role.noun.clone();
        let answer = self.object(at).unwrap_or_default();
        let members = after.as_object().into_iter().flatten();
        let mut own = members.filter(|(name, _)| answer.get(name.as_str()).is_none());
        if !own.any(|(name, _)| promises::names_member(operation, name)) {
            return;
        }
        let message = format!(
            "after {} and the end of its job a read of the {noun} shows nothing new",
            operation.name()
        );
        let found = Found::about(&state::ACTION_WITHOUT_EFFECT, "endpoint", message)
            .seen("a change", "none")
            .weak_if(true);
        self.found(at, &noun, &format!("{index} job"), found);
    }

    /// What the examples say that an action makes of a thing shows in a read afterwards.
    fn check_action(
        &mut self,
        item: &Item,
        at: usize,
        read: usize,
        (before, after): (&Value, &Value),
    ) {
        let Some(role) = self.role(item.operation) else {
            return;
        };
        let answer = self.answer_about(at, before);
        self.check_told(item.operation, at, answer.as_ref(), (before, after));
        for (name, shown) in after.as_object().into_iter().flatten() {
            let Some(old) = before.get(name).filter(|old| echo::is_same(old, shown)) else {
                continue;
            };
            let promise = self.promise(item.operation, &role.noun, name, old);
            let said = answer.as_ref().and_then(|answer| answer.get(name));
            let said = said.filter(|said| !echo::is_same(said, shown) && !is_clockwork(name));
            let (expected, is_weak, at) = match (promise, said) {
                (Some(promise), _) => (promise.value, promise.is_weak, at),
                (None, Some(said)) => (said.clone(), false, read),
                (None, None) => continue,
            };
            self.without_effect(item.operation, at, read, name, (&expected, shown), is_weak);
        }
    }

    /// What an action sets, as its example and a read show, is in its answer as well.
    fn check_told(
        &mut self,
        operation: usize,
        at: usize,
        answer: Option<&Value>,
        (before, after): (&Value, &Value),
    ) {
        let Some(noun) = self.role(operation).map(|role| role.noun.clone()) else {
            return;
        };
        let members = after.as_object().into_iter().flatten();
        let set = members.filter(|(name, shown)| {
            let is_null = |it: Option<&Value>| it.is_some_and(Value::is_null);
            let told = answer.and_then(|it| it.get(name.as_str()));
            !shown.is_null() && is_null(before.get(name.as_str())) && is_null(told)
        });
        for (name, shown) in set {
            if self.promise(operation, &noun, name, &Value::Null).is_some() {
                self.without_effect(operation, at, at, name, (shown, &Value::Null), true);
            }
        }
    }

    /// What the examples say that an action makes of a thing is in its answer, where nothing reads the thing.
    fn check_answer(&mut self, item: &Item, at: usize, thing: usize) {
        let Some(role) = self.role(item.operation) else {
            return;
        };
        let before = self.store.things.get(thing).map(|it| it.object.clone());
        let Some(before) = before.filter(|_| self.is_stateful()) else {
            return;
        };
        let Some(answer) = self.answer_about(at, &before) else {
            return;
        };
        self.check_outcomes(at, at, &answer, &Map::new());
        for (name, shown) in answer.as_object().into_iter().flatten() {
            let Some(old) = before.get(name).filter(|old| echo::is_same(old, shown)) else {
                continue;
            };
            if let Some(promise) = self.promise(item.operation, &role.noun, name, old) {
                let values = (&promise.value, shown);
                self.without_effect(item.operation, at, at, name, values, promise.is_weak);
            }
        }
    }

    fn without_effect(
        &mut self,
        operation: usize,
        at: usize,
        read: usize,
        name: &str,
        (expected, shown): (&Value, &Value),
        is_weak: bool,
    ) {
        let (Some(role), Some(documented)) = (self.role(operation), self.operation(operation))
        else {
            return;
        };
        let words = documented.name();
        let message = if read == at {
            format!("{words} answers with `{name}` as before")
        } else {
            format!("after {words} a read shows `{name}` as before")
        };
        let found = Found::about(
            &state::ACTION_WITHOUT_EFFECT,
            self.subject_of(read, name),
            message,
        )
        .seen(sample::plain(expected), sample::plain(shown))
        .weak_if(is_weak);
        self.found(at, &role.noun, &format!("{operation} {name}"), found);
    }

    /// The object that an action answers with, unless it is something else than what was acted upon.
    fn answer_about(&self, at: usize, thing: &Value) -> Option<Value> {
        let exchange = self.exchanges.get(at)?;
        let noun = &self.role(exchange.item.operation)?.noun;
        let key = self.key(noun);
        let answer = identity::object(exchange.body.as_ref()?, &key, noun)?;
        let id = |object: &Value| identity::id(object, &key, noun);
        let is_other = id(answer).is_some() && id(answer) != id(thing);
        // An entry names its wallet, and has an id of its own.
        let own = |object: &Value| object.get("id").cloned();
        let has_other = own(answer).is_some() && own(thing).is_some() && own(answer) != own(thing);
        (!is_other && !has_other).then(|| answer.clone())
    }

    /// What the examples say that an action makes of a member that still has its old value.
    ///
    /// The example of the action shows another value than that of the create, or of the read, and it is a stage, a truth, or
    /// there at all. Other values may be another thing's, or of another time.
    fn promise(&self, operation: usize, noun: &str, name: &str, old: &Value) -> Option<Promise> {
        // What the example shows of what is made says nothing about what it is made of.
        if self.role(operation)?.answers_with_another() {
            return None;
        }
        let documented = self.operation(operation)?;
        let promised = echo::shown(documented, noun, name)?;
        if echo::is_same(&promised, old) || is_clockwork(name) {
            return None;
        }
        let others = [Kind::Create, Kind::Read].map(|kind| self.example_of(noun, kind));
        let others = others.into_iter().flatten();
        let mut others = others.filter_map(|item| {
            let other = self.operation(item.operation)?;
            echo::shown(other, noun, name)
        });
        let is_stage = is_stage(documented, name, &promised);
        // What else the example of another page shows may be another thing's, or of another time.
        let is_told = names_stage(name) || speaks_of(documented, name, &promised);
        let Some(first) = others.next() else {
            return (is_stage && names_stage(name)).then_some(Promise {
                value: promised,
                is_weak: false,
            });
        };
        if echo::is_same(&first, &promised) || !is_told {
            return None;
        }
        let is_set = first.is_null() && old.is_null();
        (is_stage || is_set).then_some(Promise {
            value: promised,
            // The text names the member, and the example shows it.
            is_weak: !is_stage && !promises::names_member(documented, name),
        })
    }
}

/// True if the text of an action speaks of a member, or of the value that it gets.
fn speaks_of(operation: &Operation, name: &str, value: &Value) -> bool {
    let texts = [&operation.title, &operation.description];
    let texts = texts.into_iter().flatten().map(String::as_str);
    let remarks = operation.remarks.iter().map(|it| it.value.as_str());
    let value = value.as_str().unwrap_or(name).to_lowercase();
    let is_it = |word: &str| word == name || word.to_lowercase() == value;
    texts.chain(remarks).any(|text| {
        let mut words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
        words.any(is_it)
    })
}

/// What an action makes of a member.
struct Promise {
    value: Value,
    /// True if it is only read between the lines.
    is_weak: bool,
}

/// True for the names of members that say how far something is.
pub(in crate::conform::session) fn names_stage(name: &str) -> bool {
    let name = letters(name);
    let is_named = ["state", "status", "stage", "phase"]
        .iter()
        .any(|word| name.ends_with(word));
    is_named || name.starts_with("is")
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
