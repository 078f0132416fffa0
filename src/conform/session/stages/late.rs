//! Things in a later stage: what the page says is refused then is refused, and updates leave the stage alone.

use serde_json::Value;

use crate::conform::chain::{Kind, identity};
use crate::conform::judge::state::{self, Found};
use crate::conform::judge::{self, echo};
use crate::conform::message::describe_status;
use crate::conform::plan::input;
use crate::conform::plan::{Item, Variant, sample};
use crate::conform::said::{first, listed, outcomes, promises};
use crate::model::Operation;
use crate::model::shape::Shape;

use super::actions::names_stage;
use super::plainly::refuses_by_itself;
use crate::conform::session::kept::state::ACTED_UPON;
use crate::conform::session::{Session, Thing};

/// More stages of one operation are not tried.
const STAGES: usize = 3;

/// A member that says how far a thing is, and its value.
#[derive(Clone, Debug)]
pub(super) struct Stage {
    pub(super) member: String,
    pub(super) value: String,
    /// All values that are documented.
    pub(super) all: Vec<String>,
}

/// A thing beside the list of its kind.
struct Listed {
    /// The operation that lists.
    list: usize,
    noun: String,
    stage: Stage,
    id: String,
    is_there: bool,
}

/// What a request is called that is about the stage in which a thing is.
pub(super) const WORDS: &str = "a request in a later stage";

impl Session<'_, '_> {
    /// Updates and deletes of things that were acted upon.
    pub(in crate::conform::session) fn late_requests(&mut self, wanted: Kind) {
        if !self.is_stateful() {
            return;
        }
        for item in self.items(|item| matches!(item.variant, Variant::Example)) {
            let kind = self.role(item.operation).map(|role| role.kind);
            if kind == Some(wanted) {
                self.late_request(item);
            }
        }
    }

    fn late_request(&mut self, item: &Item) {
        let Some(role) = self.role(item.operation) else {
            return;
        };
        if role.kind == Kind::Create {
            self.late_create(item);
            self.late_cases(item);
            return;
        }
        let noun = role.noun.clone();
        let index = item.operation;
        let is_told = role.kind == Kind::Update && self.accepted.contains_key(&index);
        if role.kind == Kind::Action && self.was_accepted_again(index, &noun) {
            return;
        }
        let mut tried: Vec<String> = Vec::new();
        while tried.len() < STAGES {
            let is_new = |session: &Self, stage: &Stage| {
                session.is_refused_at(index, stage) && !tried.contains(&stage.value)
            };
            let Some((thing, stage)) = self.advanced(&noun, is_new) else {
                break;
            };
            tried.push(stage.value.clone());
            self.request_at(item, thing, &stage);
        }
        if tried.is_empty()
            && is_told
            && let Some((thing, stage)) = self.advanced(&noun, |_, _| true)
        {
            self.request_at(item, thing, &stage);
        }
    }

    /// Asks for something of a thing in a later stage.
    fn request_at(&mut self, item: &Item, thing: usize, stage: &Stage) {
        let index = item.operation;
        let Some(role) = self.role(index) else {
            return;
        };
        let (noun, kind) = (role.noun.clone(), role.kind);
        let is_refused = self.is_refused_at(index, stage);
        if let Some(known) = self.refused_alike(index, thing).filter(|_| is_refused) {
            self.judge_conflict(known);
            return;
        }
        let Ok(mut prepared) = self.prepared(item, Some(thing)) else {
            return;
        };
        let sent = prepared.draft.content().unwrap_or_default();
        prepared.variant = Variant::Step(WORDS);
        let Some(at) = self.exchange(prepared) else {
            return;
        };
        if !self.exchanges.get(at).is_some_and(|it| it.is_success) {
            self.judge_conflict(at);
            return;
        }
        if is_refused {
            self.accepted_in_stage(at, &noun, stage);
        }
        if kind == Kind::Delete {
            if let Some(thing) = self.store.things.get_mut(thing) {
                thing.is_gone = true;
            }
        } else if kind == Kind::Update && !is_refused && !sent.contains_key(&stage.member) {
            self.check_stage_kept(at, thing, stage);
        }
    }

    /// Compares what is said of a refusal because of a state with what the pages say of such refusals.
    pub(in crate::conform::session) fn judge_conflict(&mut self, at: usize) {
        let Some(exchange) = self.exchanges.get(at) else {
            return;
        };
        let is_of_state = exchange
            .status()
            .is_some_and(|status| promises::OF_STATES.contains(&status));
        let (Some(case), Ok(answer)) = (self.case(&exchange.item), &exchange.answer) else {
            return;
        };
        if is_of_state {
            let found = judge::body_of_refusal(&case, answer);
            self.diagnostics.extend(found);
        }
    }

    /// Adds something to a thing in a stage in which the page says that this is refused.
    pub(super) fn late_create(&mut self, item: &Item) {
        let Some(role) = self.role(item.operation) else {
            return;
        };
        let index = item.operation;
        for slot in role.slots.iter().filter(|slot| !slot.is_own) {
            let wanted = |session: &Self, stage: &Stage| session.is_refused_at(index, stage);
            let Some((thing, stage)) = self.advanced(&slot.noun, wanted) else {
                continue;
            };
            let id = self
                .store
                .things
                .get(thing)
                .and_then(|it| it.id(&slot.name));
            let (Some(id), Ok(prepared)) = (id, self.prepared(item, None)) else {
                return;
            };
            let mut draft = prepared.draft;
            draft.set_slot(slot, &id);
            let variant = Variant::Step(WORDS);
            let item = self.distinct(Item::new(index, variant, draft));
            let Some(at) = self.exchange(item).filter(|at| self.has_succeeded(*at)) else {
                return;
            };
            self.keep(at);
            self.accepted_in_stage(at, &slot.noun, &stage);
            return;
        }
    }

    /// True if it is known that an action is accepted of what it was done to before.
    fn was_accepted_again(&self, index: usize, noun: &str) -> bool {
        let key = format!("{} {index} again", state::ACCEPTED_AGAIN.name);
        self.reported.contains(&(noun.to_owned(), key))
    }

    /// A thing of our own in another stage than it was made in, if that stage is wanted.
    pub(super) fn advanced(
        &mut self,
        noun: &str,
        is_wanted: impl Fn(&Self, &Stage) -> bool,
    ) -> Option<(usize, Stage)> {
        let things = self.store.things.iter().enumerate();
        let found = things.filter(|(_, it)| it.noun == noun && !it.is_gone && !it.is_lost);
        let made: Vec<_> = found
            .filter_map(|(index, it)| Some((index, it.made_by?)))
            .collect();
        let (thing, first) = made.into_iter().find_map(|(index, made_by)| {
            let now = self.stage_of(noun, &self.store.things.get(index)?.object)?;
            let first = self.stage_of(noun, &self.object(made_by)?)?;
            (now.value != first.value && is_wanted(self, &now)).then_some((index, first))
        })?;
        // What was known may be out of date.
        let read = self.read(thing, ACTED_UPON)?;
        let object = self.shown(read)?;
        let now = self.stage_of(noun, &object)?;
        self.refresh(thing, object);
        (now.value != first.value && is_wanted(self, &now)).then_some((thing, now))
    }

    /// The stage of a thing, if one of its members is named for it and its values are documented.
    fn stage_of(&self, noun: &str, object: &Value) -> Option<Stage> {
        let members = object.as_object()?.iter();
        let mut stages = members.filter(|(name, value)| names_stage(name) && value.is_string());
        stages.find_map(|(name, value)| {
            let all = self.stages(noun, name)?;
            Some(Stage {
                member: name.clone(),
                value: sample::plain(value),
                all,
            })
        })
    }

    /// The member that says how far a thing is, what it says, and all that is documented for it.
    pub(in crate::conform::session) fn stage_now(
        &self,
        noun: &str,
        object: &Value,
    ) -> Option<(String, String, Vec<String>)> {
        let stage = self.stage_of(noun, object)?;
        Some((stage.member, stage.value, stage.all))
    }

    /// The documented values of a member of things of a noun.
    pub(in crate::conform::session) fn stages(
        &self,
        noun: &str,
        name: &str,
    ) -> Option<Vec<String>> {
        let roles = self.plan.roles.iter().zip(&self.api.operations);
        // What an action makes of another kind has stages of its own.
        let of_noun = roles.filter(|(role, _)| role.noun == noun && !role.answers_with_another());
        let responses = of_noun.flat_map(|(_, operation)| &operation.responses);
        let successes = responses.filter(|it| it.status.is_success());
        let mut shapes = successes.filter_map(|it| it.shape.as_ref());
        shapes.find_map(|shape| allowed(shape, name, 3))
    }

    /// True if the page of an operation says that it is refused of things in that stage.
    pub(super) fn is_refused_at(&self, index: usize, stage: &Stage) -> bool {
        let operation = self.operation(index);
        operation.is_some_and(|it| promises::refuses(it, &stage.value, &stage.all))
    }

    /// An action that was accepted of a thing in a stage in which the page says that it is refused.
    pub(in crate::conform::session) fn check_stage_before(&mut self, at: usize, before: &Value) {
        let Some(index) = self.exchanges.get(at).map(|it| it.item.operation) else {
            return;
        };
        if let Some(noun) = self.role(index).map(|role| role.noun.clone()) {
            self.check_stage_of(at, &noun, before);
            self.check_only_with(at, &noun, before);
        }
    }

    /// The same for another member than that of the stage: "Only wallets with a balance of `0.00` can be closed."
    fn check_only_with(&mut self, at: usize, noun: &str, before: &Value) {
        let Some((index, operation, _)) = self.about(at) else {
            return;
        };
        let Some((member, wanted)) = outcomes::only_with(operation, before) else {
            return;
        };
        let now = before.get(&member).cloned().unwrap_or_default();
        if echo::is_same(&Value::from(wanted.as_str()), &now) {
            return;
        }
        let now = sample::plain(&now);
        let message = format!(
            "{} of what has `{member}` as `{now}` is accepted, and the page says that it has to be `{wanted}`",
            operation.name()
        );
        let found = Found::about(&state::ACCEPTED_IN_STATE, "endpoint", message)
            .seen("a refusal", format!("`{member}` as `{now}`"))
            .weak_if(true);
        self.found(at, noun, &format!("{index} only with {member}"), found);
    }

    /// Whether a thing is in the list of its kind, if the page of the list says what the stage of the thing means for that.
    fn listed_of(
        &mut self,
        thing: usize,
        says: impl Fn(&Operation, &str) -> bool,
    ) -> Option<Listed> {
        let known = self.store.things.get(thing).cloned()?;
        let noun = known.noun.clone();
        let list = self.example_of(&noun, Kind::List)?.operation;
        let stage = self.stage_of(&noun, &known.object)?;
        let id = known.key()?;
        if !says(self.operation(list)?, &stage.value) {
            return None;
        }
        let items = self.everything(list)?;
        let key = self.key(&noun);
        let is_it = |item: &Value| identity::id(item, &key, &noun).as_ref() == Some(&id);
        let is_there = items.iter().any(is_it);
        Some(Listed {
            list,
            noun,
            stage,
            id,
            is_there,
        })
    }

    /// What was acted upon is no longer in a list whose page says that it leaves such things out.
    pub(in crate::conform::session) fn check_left_out_after(&mut self, at: usize, thing: usize) {
        let leaves = self
            .about(at)
            .is_some_and(|(_, it, _)| listed::leaves_list(it));
        let says = |list: &Operation, stage: &str| leaves || listed::leaves_out(list, stage);
        let Some(listed) = self.listed_of(thing, says) else {
            return;
        };
        let Listed {
            list,
            noun,
            stage,
            id,
            is_there,
        } = listed;
        if !is_there {
            return;
        }
        let message = format!(
            "{} lists the {noun} whose `{}` is `{}`, and a page says that it is left out",
            self.name_of(list),
            stage.member,
            stage.value
        );
        let at = self.exchanges.len().saturating_sub(1).max(at);
        let found = Found::about(&state::DELETED_STILL_LISTED, "endpoint", message)
            .seen("no such item", format!("`{id}` among the items"))
            .weak_if(true);
        self.found(at, &noun, "left out", found);
    }

    /// The same for what a thing of a noun was before.
    fn check_stage_of(&mut self, at: usize, noun: &str, before: &Value) {
        let Some(index) = self.exchanges.get(at).map(|it| it.item.operation) else {
            return;
        };
        let stage = self.stage_of(noun, before);
        if let Some(stage) = stage.filter(|stage| self.is_refused_at(index, stage)) {
            self.accepted_in_stage(at, noun, &stage);
        }
    }

    /// A create that was accepted although what it names is in a stage in which the page says that it is refused.
    pub(in crate::conform::session) fn check_stage_named(&mut self, at: usize) {
        let Some(exchange) = self.exchanges.get(at) else {
            return;
        };
        let draft = exchange.item.draft.clone();
        let slots = self.role(exchange.item.operation).map(|it| &it.slots);
        for slot in slots.into_iter().flatten().filter(|slot| !slot.is_own) {
            let id = draft.slot(slot);
            let is_it = |it: &Thing| {
                // What was acted upon may be in another stage than was seen last.
                let is_fresh = it.uses == 0 && it.made_by.is_some();
                it.noun == slot.noun && is_fresh && it.id(&slot.name) == id
            };
            let Some(object) = self.store.things.iter().find(|it| is_it(it)) else {
                continue;
            };
            let before = object.object.clone();
            self.check_stage_of(at, &slot.noun, &before);
        }
    }

    /// The stage that the page says new things have is that of what was made.
    pub(in crate::conform::session) fn check_first_stage(&mut self, at: usize) {
        let (Some(exchange), Some(object)) = (self.exchanges.get(at), self.object(at)) else {
            return;
        };
        let index = exchange.item.operation;
        let sent = exchange.item.draft.content().unwrap_or_default();
        let (Some(operation), Some(role)) = (self.operation(index), self.role(index)) else {
            return;
        };
        let Some(stage) = self.stage_of(&role.noun, &object) else {
            return;
        };
        let inputs = input::inputs(operation).into_iter();
        let switches = inputs
            .filter(|it| it.is_root_member() && sent.get(&it.name) == Some(&Value::Bool(true)));
        let told = switches
            .filter_map(|it| Some((first::first_stage_if(&it.description, &stage.all)?, it)));
        let told: Vec<_> = told.collect();
        if let [(promised, switch)] = told.as_slice()
            && **promised != stage.value
            && !sent.contains_key(&stage.member)
        {
            let message = format!(
                "{} with `{}` as `true` answers with `{}` as `{}`, and the page says that it is `{promised}` then",
                operation.name(),
                switch.name,
                stage.member,
                stage.value
            );
            let found = Found::about(&state::INPUT_WITHOUT_EFFECT, switch.subject(), message)
                .promised_at(Some(switch.span))
                .seen((*promised).clone(), stage.value.clone());
            let key = format!("{index} first by {}", switch.name);
            return self.found(at, &role.noun, &key, found);
        }
        let promised = first::first_stage(operation, &stage.all);
        let shown = echo::shown(operation, &role.noun, &stage.member);
        let Some(promised) = promised.filter(|it| shown == Some(Value::from(it.as_str()))) else {
            return;
        };
        // "`false` skips the trial: then it is `active`": what is sent may choose.
        let mut fields = operation.body.iter().flat_map(|body| &body.fields);
        let is_chosen = fields.any(|field| {
            let is_sent = sent.contains_key(&field.name.value);
            is_sent && promises::names_stage(&field.description, &stage.value)
        });
        if *promised == stage.value || sent.contains_key(&stage.member) || is_chosen {
            return;
        }
        let message = format!(
            "{} answers with `{}` as `{}`, and the page says that it is `{promised}` at first",
            operation.name(),
            stage.member,
            stage.value
        );
        let subject = self.subject_of(at, &stage.member);
        let found = Found::about(&state::DEFAULT_NOT_APPLIED, subject, message)
            .seen(promised.clone(), stage.value.clone());
        self.found(
            at,
            &role.noun,
            &format!("{index} first {}", stage.member),
            found,
        );
    }

    /// The stage that the page says an action leads to is that of what it was done to.
    pub(in crate::conform::session) fn check_stage_after(
        &mut self,
        at: usize,
        read: usize,
        after: &Value,
    ) {
        let Some((index, operation, role)) = self.about(at) else {
            return;
        };
        let noun = role.noun.clone();
        let Some(stage) = self.stage_of(&noun, after) else {
            return;
        };
        let promised = outcomes::becomes(operation, &stage.all);
        let Some(promised) = promised.filter(|it| **it != stage.value) else {
            return;
        };
        let member = &stage.member;
        let shown = echo::shown(operation, &noun, member);
        let message = format!(
            "after {} a read does not show `{member}` as `{promised}`",
            operation.name()
        );
        let subject = self.subject_of(read, member);
        let found = Found::about(&state::ACTION_WITHOUT_EFFECT, subject, message)
            .seen(promised.clone(), stage.value.clone())
            .weak_if(shown != Some(Value::from(promised.as_str())));
        self.found(at, &noun, &format!("{index} {member}"), found);
    }

    fn accepted_in_stage(&mut self, at: usize, noun: &str, stage: &Stage) {
        let Some(exchange) = self.exchanges.get(at) else {
            return;
        };
        let index = exchange.item.operation;
        // The answer to a key that was used before is the first one.
        let key = exchange.item.draft.idempotency_key();
        let mut before = self.exchanges.iter().take(at);
        if key.is_some() && before.any(|it| it.item.draft.idempotency_key() == key) {
            return;
        }
        let status = describe_status(exchange.status().unwrap_or_default());
        let name = self.name_of(index);
        let message = format!(
            "{name} of what has `{}` as `{}` is accepted, and the page says that it is refused then",
            stage.member, stage.value
        );
        let said = self
            .operation(index)
            .and_then(|it| promises::refusing(it, &stage.value, &stage.all));
        let found = Found::about(&state::ACCEPTED_IN_STATE, "endpoint", message)
            .said(said)
            .seen("a refusal", status);
        // Before a delete nothing is read: what is known of the thing may be out of date.
        let is_fresh = self.role(index).is_some_and(|it| it.kind != Kind::Delete)
            || matches!(exchange.item.variant, Variant::Step(_));
        let is_plain = self.operation(index).is_some_and(|it| {
            refuses_by_itself(it) && promises::refuses_in_words(it, &stage.value, &stage.all)
        });
        let found = found.plain_if(is_plain && is_fresh);
        self.found(at, noun, &format!("{index} stage"), found);
    }

    /// What was acted upon is still in a list whose page says so.
    pub(in crate::conform::session) fn check_still_listed(&mut self, at: usize, thing: usize) {
        let Some(listed) = self.listed_of(thing, listed::keeps_listing) else {
            return;
        };
        let Listed {
            list,
            noun,
            stage,
            id,
            is_there,
        } = listed;
        if is_there {
            return;
        }
        let message = format!(
            "{} does not list the {noun} whose `{}` is `{}`, and the page says that it does",
            self.name_of(list),
            stage.member,
            stage.value
        );
        let at = self.exchanges.len().saturating_sub(1).max(at);
        let found = Found::about(&state::CREATED_NOT_LISTED, "endpoint", message)
            .seen(format!("`{id}` among the items"), "no such item")
            .weak_if(true);
        self.found(at, &noun, "still listed", found);
    }

    /// An update leaves the stage alone that an action brought about.
    fn check_stage_kept(&mut self, at: usize, thing: usize, stage: &Stage) {
        let Some((index, operation, role)) = self.about(at) else {
            return;
        };
        let member = &stage.member;
        let is_promised =
            operation.endpoint.value.method == "PATCH" || promises::keeps(operation, member);
        let mut outcomes = operation.outcomes.iter();
        if !is_promised || outcomes.any(|it| it.value.member == *member) {
            return;
        }
        let read = self.read(thing, "a read after the update");
        let Some((read, shown)) = read.and_then(|read| Some((read, self.shown(read)?))) else {
            return;
        };
        let now = shown.get(member).cloned().unwrap_or_default();
        self.refresh(thing, shown);
        if now == stage.value.as_str() {
            return;
        }
        let message = format!(
            "{} changes `{member}`, which was not sent",
            operation.name()
        );
        let subject = self.subject_of(read, member);
        let found = Found::about(&state::UPDATE_CHANGES_OTHERS, subject, message)
            .seen(stage.value.clone(), sample::plain(&now));
        self.found(at, &role.noun, &format!("{index} {member}"), found);
    }
}

/// The values of the member of that name, in the shape or in what it holds.
fn allowed(shape: &Shape, name: &str, depth: usize) -> Option<Vec<String>> {
    let members = shape.members();
    let own = members.iter().find(|it| it.name == name);
    let values = own.and_then(|it| it.shape.constraints.allowed.as_ref());
    if let Some(values) = values {
        return Some(values.value.iter().map(sample::plain).collect());
    }
    let mut inner = members.iter().filter(|_| depth > 0);
    inner.find_map(|it| allowed(&it.shape, name, depth - 1))
}
