//! After an update: is what was sent there to be read, does what the page says become of members, and is nothing else
//! changed?

use serde_json::{Map, Value};

use crate::conform::bindings::letters;
use crate::conform::chain::Kind;
use crate::conform::class::Class;
use crate::conform::judge::echo::{self, Difference};
use crate::conform::judge::state::{self, Found};
use crate::conform::plan::input::{self, Place};
use crate::conform::plan::{Item, sample};
use crate::conform::said::follows;
use crate::conform::said::normal;
use crate::conform::said::promises;
use crate::conform::shared::things;
use crate::model::shape::ShapeKind;
use crate::model::{Operation, Outcome};

use super::derived::{is_shown_changing, is_written_with};
use super::state::is_clockwork;
use crate::conform::session::Session;

/// Milliseconds after which a time that is told in milliseconds is another one.
const TICK: u64 = 2;

/// So many requests take longer than that.
const AT_ONCE: usize = 4;

impl Session<'_, '_> {
    /// Reads what is to be updated if something else was written since it was read last: that may have changed it.
    pub(in crate::conform::session) fn look_before(&mut self, item: &Item, thing: Option<usize>) {
        let role = self.role(item.operation);
        let Some(slot) = role
            .filter(|role| role.kind == Kind::Update && self.is_stateful())
            .and_then(|role| role.slots.iter().find(|slot| slot.is_own))
        else {
            return;
        };
        let thing = thing.or_else(|| self.store.first(&slot.noun, true));
        let as_of = thing
            .and_then(|at| self.store.things.get(at))
            .map(|it| it.as_of);
        let (Some(thing), Some(as_of)) = (thing, as_of) else {
            return;
        };
        // A time in milliseconds can only be seen to go on if one has passed.
        let known = self.store.things.get(thing).map(|it| &it.object);
        let mut members = known.and_then(Value::as_object).into_iter().flatten();
        let is_exact = members.any(|(name, value)| {
            is_time_of_change(name) && value.as_str().is_some_and(has_fraction)
        });
        if is_exact && self.exchanges.len() < as_of + AT_ONCE {
            self.pause(TICK);
        }
        let since = self.exchanges.iter().skip(as_of);
        let mut writes =
            since.filter(|it| it.is_success && self.plan.class(it.item.operation) > Class::Read);
        if writes.next().is_none() {
            return;
        }
        let read = self.read(thing, "a read before the update");
        if let Some(shown) = read.and_then(|read| self.shown(read)) {
            self.refresh(thing, shown);
        }
    }

    /// What goes along with a change of what there was: tags, versions, times, and what follows from it.
    fn check_moved(
        &mut self,
        at: usize,
        read: usize,
        (before, after): (&Value, &Value),
        sent: &Map<String, Value>,
    ) {
        // What is sent may come to what was there before: then nothing has to move.
        let is_moved = sent.keys().any(|name| {
            let (old, new) = (before.get(name), after.get(name));
            old.is_none() || new.is_none() || old != new
        });
        if echo::is_change(before, sent) && is_moved {
            self.check_tag_moved(at);
            self.check_counted_changes(at, read, (before, after), sent);
            self.check_deltas(at, read, before, after);
            self.check_followers(at, read, (before, after), sent);
            self.check_time_of_change(at, read, (before, after));
        }
    }

    /// What an update sent is there afterwards, and nothing else is changed.
    pub(in crate::conform::session) fn check_updated(&mut self, at: usize) {
        let Some(exchange) = self.exchanges.get(at).cloned() else {
            return;
        };
        let Some((index, operation, role)) = self.about(at) else {
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
        let things = self.store.things.get(thing);
        let before = things.map(|it| it.object.clone()).unwrap_or_default();
        // Nothing that is not known comes of another read.
        let is_confirmed = self.is_confirmed(at, Some(&before));
        let read = if is_confirmed {
            Some(at)
        } else {
            self.read(thing, "a read after the update")
        };
        let Some(read) = read else {
            self.remember(at, thing);
            return;
        };
        let Some(after) = self.shown(read) else {
            return;
        };
        let sent = exchange.item.draft.content().unwrap_or_default();
        let sent = echo::named_as(sent, &after);
        self.confirm(at, &sent, &after);
        for (name, value) in &sent {
            let Some(shown) = after.get(name).filter(|shown| !echo::is_same(value, shown)) else {
                continue;
            };
            if echo::is_same(&normal::of_input(operation, name, value), shown)
                || value.is_null() && echo::is_nothing(shown)
                || self.is_written_otherwise(operation, name, value, shown)
            {
                continue;
            }
            let is_answered =
                echo::answered(operation, &role.noun, &exchange.item.draft, name).is_some();
            if !is_answered && (before.get(name).is_none() || echo::is_stamp(name)) {
                continue;
            }
            if self.is_turned(index, &role.noun, name) {
                continue;
            }
            let is_old = before
                .get(name)
                .is_some_and(|old| echo::is_same(old, shown));
            let message = format!(
                "{} accepts `{name}`, and a read afterwards shows {} value",
                operation.name(),
                if is_old { "the old" } else { "another" }
            );
            let inputs = input::inputs(operation).into_iter();
            let wanted = letters(name);
            let mut members =
                inputs.filter(|it| it.place == Place::Body && letters(&it.name) == wanted);
            let input = members.next();
            let name_sent = input.as_ref().map_or(name.as_str(), |it| it.name.as_str());
            let found = Found::about(
                &state::UPDATE_NOT_KEPT,
                format!("request.body.{name_sent}"),
                message,
            );
            let found = found
                .promised_at(input.map(|it| it.span))
                .seen(sample::plain(value), sample::plain(shown))
                .between(&Value::Object(sent.clone()), &only(&after, &sent))
                .weak_if(!is_old);
            self.found(at, &role.noun, &format!("{index} {name}"), found);
        }
        self.check_outcomes(at, read, &after, &sent);
        self.check_moved(at, read, (&before, &after), &sent);
        self.check_keyed(at, read, (&before, &after));
        self.check_merged(at, read, (&before, &after), &sent);
        if operation.endpoint.value.method == "PUT" && is_replacing(operation) {
            self.check_left_out(at, &before, &after, &sent);
        }
        let untouched: Vec<_> = self.untouched(operation, &role.noun, &before, &sent);
        let thing_at = self.store.things.get(thing);
        if thing_at.is_none_or(|it| it.additions == 0) {
            self.check_others(at, thing, &untouched, &before, &after);
        }
        self.check_snapshots(at, thing, (&before, &after));
        self.refresh(thing, after);
        self.check_bystander(at, thing);
        self.try_merges(at, thing);
    }

    /// True if the examples of the page, or of the create, show that the server makes something else of a member.
    fn is_turned(&self, index: usize, noun: &str, name: &str) -> bool {
        let create = self.example_of(noun, Kind::Create).map(|it| it.operation);
        [Some(index), create].into_iter().flatten().any(|index| {
            let example = self.operation(index).zip(self.example_draft(index));
            example.is_some_and(|(operation, draft)| echo::is_turned(operation, noun, &draft, name))
        })
    }

    /// True if a value came back in another notation, and the text of the member, or what is said of all requests, tells of one;
    /// or if `null` was sent for what no answer may have as `null`, which leaves it as it is.
    pub(in crate::conform::session) fn is_written_otherwise(
        &self,
        operation: &Operation,
        name: &str,
        sent: &Value,
        back: &Value,
    ) -> bool {
        let roles = self.plan.roles.iter().zip(&self.api.operations);
        let noun = roles.clone().find(|(_, it)| std::ptr::eq(*it, operation));
        let noun = noun.map(|(role, _)| role.noun.as_str());
        let alike = roles.filter(|(role, _)| Some(role.noun.as_str()) == noun);
        if sent.is_null() && things::is_never_null(alike.clone().map(|(_, it)| it), name) {
            return true;
        }
        let fields = alike.flat_map(|(_, it)| it.body.iter().flat_map(|body| &body.fields));
        let fields = fields.filter(|field| field.name.value == name);
        let own = fields.map(|field| field.description.as_str());
        let remarks = self.api.shared.remarks.iter();
        let remarks = remarks.map(|it| it.text.value.as_str());
        let remarks = remarks.filter(|text| normal::is_of_letters(text));
        let mut texts = own.chain(remarks);
        texts.any(|text| normal::is_written_otherwise(text, sent, back))
    }

    /// The time of the last change is another one after a change, if it is told more exactly than to the second.
    fn check_time_of_change(&mut self, at: usize, read: usize, (before, after): (&Value, &Value)) {
        let Some((index, operation, role)) = self.about(at) else {
            return;
        };
        let members = after.as_object().into_iter().flatten();
        let mut times = members.filter(|(name, _)| is_time_of_change(name));
        let stuck = times.find(|(name, new)| {
            let is_exact = new.as_str().is_some_and(has_fraction);
            is_exact && before.get(name.as_str()) == Some(*new)
        });
        let Some((member, value)) = stuck else {
            return;
        };
        if !self.is_stuck_again(index, member) {
            return;
        }
        let message = format!(
            "after {} a read shows `{member}` as before",
            operation.name()
        );
        let subject = self.subject_of(read, member);
        let found = Found::about(&state::ACTION_WITHOUT_EFFECT, subject, message)
            .seen("a later time", sample::plain(value))
            .weak_if(true);
        let noun = role.noun.clone();
        self.found(at, &noun, &format!("{index} {member}"), found);
    }

    /// Without an operation that reads a thing, it is known as the update answers, or as it was sent.
    pub(in crate::conform::session) fn remember(&mut self, at: usize, thing: usize) {
        let sent = self.sent(at);
        let answered = self.object(at).filter(Value::is_object);
        let Some(thing) = self.store.things.get_mut(thing) else {
            return;
        };
        let answered = answered.filter(|it| thing.is_told_by(it));
        let Some(known) = thing.object.as_object_mut() else {
            return;
        };
        let answered = answered.as_ref().and_then(Value::as_object);
        for (name, value) in answered.into_iter().flatten().chain(sent.iter().flatten()) {
            if let Some(known) = known.get_mut(name) {
                known.clone_from(value);
            }
        }
    }

    /// What a replacement leaves out has its default afterwards, or none.
    fn check_left_out(
        &mut self,
        at: usize,
        before: &Value,
        after: &Value,
        sent: &Map<String, Value>,
    ) {
        let Some((index, operation, role)) = self.about(at) else {
            return;
        };
        for input in input::inputs(operation) {
            let is_root = input.is_root_member();
            let name = &input.name;
            let (Some(old), Some(shown)) = (before.get(name), after.get(name)) else {
                continue;
            };
            if !is_root || sent.contains_key(name) || old.is_null() || old.is_object() {
                continue;
            }
            let at_first = || self.default_of_create(&role.noun, name);
            let default = input.default.clone().or_else(at_first);
            // What is never `null`, and has no default that is known, cannot be held against anything.
            let shape = echo::answered_shape(operation, name);
            let may_be_none = shape.is_none_or(|it| {
                it.nullable.is_some() || matches!(it.kind, ShapeKind::Array(_) | ShapeKind::Unknown)
            });
            if default.is_none() && !may_be_none || promises::is_fixed(&input.description) {
                continue;
            }
            let default = default.unwrap_or_default();
            let is_default = echo::is_same(&default, shown) || echo::is_nothing(shown);
            // "A `slug` that you leave out stays as it was."
            if is_default || !echo::is_same(old, shown) || promises::keeps(operation, name) {
                continue;
            }
            let message = format!("{} without `{name}` leaves its old value", operation.name());
            let found = Found::about(&state::UPDATE_NOT_KEPT, input.subject(), message)
                .promised_at(input.span)
                .seen(sample::plain(&default), sample::plain(shown))
                .weak_if(true);
            self.found(at, &role.noun, &format!("{index} {name}"), found);
        }
    }

    /// What a create that leaves a member out gives it, as its field says.
    fn default_of_create(&self, noun: &str, name: &str) -> Option<Value> {
        let create = self.example_of(noun, Kind::Create)?.operation;
        let inputs = input::inputs(self.operation(create)?);
        let mut inputs = inputs.into_iter().filter(|it| it.place == Place::Body);
        inputs
            .find(|it| it.steps.len() == 1 && it.name == name)?
            .default
    }

    /// What the text of the page says that becomes of members.
    ///
    /// True if it says something of one that was to be compared.
    pub(in crate::conform::session) fn check_outcomes(
        &mut self,
        at: usize,
        read: usize,
        after: &Value,
        sent: &Map<String, Value>,
    ) -> bool {
        let Some(index) = self.exchanges.get(at).map(|it| it.item.operation) else {
            return false;
        };
        let (Some(operation), Some(role)) = (self.operation(index), self.role(index)) else {
            return false;
        };
        let mut is_any = false;
        for outcome in &operation.outcomes {
            let Outcome { of, member, value } = &outcome.value;
            // What becomes of something else shows there.
            if of.as_ref().is_some_and(|of| letters(of) != role.noun) {
                continue;
            }
            let Some(shown) = after.get(member).filter(|_| !sent.contains_key(member)) else {
                continue;
            };
            let is_of_kind = shown.is_null() || echo::is_of_one_type(shown, value);
            if !is_of_kind {
                continue;
            }
            is_any = true;
            if echo::is_same(value, shown) {
                continue;
            }
            let broken = match role.kind {
                Kind::Update => &state::UPDATE_NOT_KEPT,
                _ => &state::ACTION_WITHOUT_EFFECT,
            };
            let expected = sample::plain(value);
            let stages = self.stages(&role.noun, member).unwrap_or_default();
            let is_stage = role.kind == Kind::Action && stages.contains(&expected);
            let message = format!(
                "after {} a read does not show `{member}` as `{expected}`",
                operation.name()
            );
            let found = Found::about(broken, self.subject_of(read, member), message)
                .promised_at(outcome.evidence.span)
                .seen(expected, sample::plain(shown))
                // A stage is what it says, whoever reads it, and so is what the example shows.
                .weak_if(
                    !is_stage
                        && !echo::shown(operation, &role.noun, member)
                            .is_some_and(|it| echo::is_same(&it, value)),
                );
            self.found(at, &role.noun, &format!("{index} {member}"), found);
        }
        for member in promises::set_members(operation) {
            let is_unset = after.get(&member).is_some_and(Value::is_null);
            if !is_unset || sent.contains_key(&member) {
                continue;
            }
            let message = format!("after {} a read shows no `{member}`", operation.name());
            let is_set =
                echo::shown(operation, &role.noun, &member).is_some_and(|it| !it.is_null());
            let subject = self.subject_of(read, &member);
            let found = Found::about(&state::ACTION_WITHOUT_EFFECT, subject, message)
                .seen("a value", "null")
                .weak_if(!is_set);
            self.found(at, &role.noun, &format!("{index} {member}"), found);
        }
        is_any
    }

    /// The members that an update has no reason to change: with PATCH all that were not sent, else those that a create
    /// takes and the update does not.
    fn untouched(
        &self,
        operation: &Operation,
        noun: &str,
        before: &Value,
        sent: &Map<String, Value>,
    ) -> Vec<String> {
        let names = before.as_object().into_iter().flatten();
        let names = names
            .map(|(name, _)| name.clone())
            .filter(|name| !sent.contains_key(name))
            .filter(|name| !self.is_made_of(noun, name, sent))
            .filter(|name| !follows::is_said_of_inputs(operation, name, sent.keys()))
            .filter(|name| {
                let mut outcomes = operation.outcomes.iter();
                !outcomes.any(|it| it.value.member == *name)
            });
        if operation.endpoint.value.method == "PATCH" || promises::keeps_the_rest(operation) {
            return names.collect();
        }
        let taken = |operation: &Operation, name: &str| {
            let inputs = input::inputs(operation);
            let wanted = letters(name);
            inputs
                .iter()
                .any(|it| it.place == Place::Body && letters(&it.name) == wanted)
        };
        let create = self.example_of(noun, Kind::Create);
        let Some(create) = create.and_then(|item| self.operation(item.operation)) else {
            return Vec::new();
        };
        names
            .filter(|name| (is_birth(name) || taken(create, name)) && !taken(operation, name))
            .collect()
    }

    /// True if a page about things of a noun says that a member is made of one that is sent, or the examples show it change
    /// with what is sent.
    fn is_made_of(&self, noun: &str, name: &str, sent: &Map<String, Value>) -> bool {
        let roles = self.plan.roles.iter().zip(&self.api.operations);
        let of_noun = roles.filter(|(role, _)| role.noun == noun);
        let operations: Vec<&Operation> = of_noun.map(|(_, operation)| operation).collect();
        let things = self.api.shared.things.iter();
        let fields = things.flat_map(|thing| &thing.fields);
        let fields = fields.filter(|field| field.name.value == name);
        let of_things = fields.map(|field| field.description.as_str());
        let of_answers = operations.iter();
        let of_answers = of_answers.flat_map(|it| follows::texts_of_member(it, name));
        let wanted = letters(name);
        let is_sent_anywhere = operations.iter().any(|operation| {
            let inputs = input::inputs(operation);
            let mut body = inputs.iter().filter(|it| it.place == Place::Body);
            body.any(|it| letters(&it.name) == wanted)
        });
        let mut texts = of_answers.chain(of_things);
        texts.any(|text| {
            follows::is_made_of(text, name, sent.keys())
                || !is_sent_anywhere && follows::follows(text, name, sent.keys())
        }) || !is_sent_anywhere && is_shown_changing(&operations, name, sent)
    }

    fn check_others(
        &mut self,
        at: usize,
        thing: usize,
        untouched: &[String],
        before: &Value,
        after: &Value,
    ) {
        let mut found = echo::differences(before, after);
        found.extend(births(before, after));
        let found: Vec<_> = found
            .into_iter()
            .filter(|it| {
                let root = it.path.split('.').next().unwrap_or_default();
                untouched.iter().any(|name| name == root) && !is_clockwork(&it.path)
            })
            .collect();
        if found.is_empty() {
            return;
        }
        let read = self.read(thing, "the same read again");
        let again = read.and_then(|at| self.object(at));
        let volatile = again
            .map(|again| echo::differences(after, &again))
            .unwrap_or_default();
        let things = self.store.things.get(thing);
        let noun = things.map(|it| it.noun.clone()).unwrap_or_default();
        let Some(index) = self.exchanges.get(at).map(|it| it.item.operation) else {
            return;
        };
        let name = self.name_of(index);
        let sent = self.sent(at).unwrap_or_default();
        for difference in found {
            if volatile.iter().any(|it| it.path == difference.path) {
                continue;
            }
            if is_written_with(&difference, &sent, before) {
                continue;
            }
            let member = difference.path;
            let subject = self.subject_of(read.unwrap_or(at), &member);
            let message = format!("{name} changes `{member}`, which was not sent");
            let found = Found::about(&state::UPDATE_CHANGES_OTHERS, subject, message)
                .seen(
                    sample::plain(&difference.left),
                    sample::plain(&difference.right),
                )
                .weak_if(true);
            self.found(at, &noun, &format!("{index} {member}"), found);
        }
    }
}

/// The members of an object that were sent, in the order in which they were.
fn only(object: &Value, sent: &Map<String, Value>) -> Value {
    let members = sent
        .keys()
        .filter_map(|name| Some((name.clone(), object.get(name)?.clone())));
    Value::Object(members.collect())
}

/// Times of creation that are others than before; in two reads by one operation they are written in one way.
fn births(before: &Value, after: &Value) -> Vec<Difference> {
    let members = before.as_object().into_iter().flatten();
    let differs = |(name, old): (&String, &Value)| {
        let new = after.get(name)?;
        let is_other = is_birth(name) && old.is_string() && new.is_string() && old != new;
        is_other.then(|| Difference {
            path: name.clone(),
            left: old.clone(),
            right: new.clone(),
        })
    };
    members.filter_map(differs).collect()
}

pub(super) fn is_time_of_change(name: &str) -> bool {
    matches!(
        letters(name).as_str(),
        "updatedat"
            | "updated"
            | "modifiedat"
            | "modified"
            | "lastmodified"
            | "lastmodifiedat"
            | "lastupdated"
            | "lastupdatedat"
            | "changedat"
    )
}

/// True for a time with parts of a second that are not zero.
pub(super) fn has_fraction(time: &str) -> bool {
    let fraction = time.split_once('.').map(|(_, rest)| rest);
    let digits = fraction.map(|rest| rest.trim_end_matches(|c: char| !c.is_ascii_digit()));
    digits.is_some_and(|digits| digits.starts_with(|c: char| c.is_ascii_digit()))
        && fraction.is_some_and(|rest| rest.chars().take(3).any(|c| ('1'..='9').contains(&c)))
}

fn is_birth(name: &str) -> bool {
    letters(name).starts_with("created")
}

/// True if the page calls an update a replacement.
fn is_replacing(operation: &Operation) -> bool {
    let texts = [&operation.title, &operation.description];
    texts.into_iter().flatten().any(|text| {
        let text = text.to_lowercase();
        text.contains("replac") || text.contains("overwrit")
    })
}
