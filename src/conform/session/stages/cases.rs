//! What is added to a thing in a later stage, where the page says what becomes of the thing then, and actions whose outcome
//! depends on the stage.

use serde_json::Value;

use crate::conform::judge::echo;
use crate::conform::judge::state::{self, Found};
use crate::conform::plan::input;
use crate::conform::plan::{Draft, Item, Variant, sample};
use crate::conform::said::cases::{self, Case};

use crate::conform::session::Session;

/// More cases of one operation are not tried.
const CASES: usize = 2;

/// What a create is called that is about the stage in which a thing is.
pub(super) const WORDS: &str = "one more for what is in a later stage";

impl Session<'_, '_> {
    /// Adds something to what is in a stage of which the page says what becomes of it.
    pub(super) fn late_cases(&mut self, item: &Item) {
        let Some(role) = self.role(item.operation) else {
            return;
        };
        let slots: Vec<_> = role.slots.iter().filter(|slot| !slot.is_own).collect();
        for slot in slots {
            for case in self.cases(item.operation, &slot.noun).iter().take(CASES) {
                let found = self.advanced(&slot.noun, |_, stage| stage.value == case.from);
                let Some((thing, stage)) = found else {
                    continue;
                };
                let things = self.store.things.get(thing);
                let id = things.and_then(|it| it.id(&slot.name));
                let (Some(id), Ok(prepared)) = (id, self.prepared(item, None)) else {
                    return;
                };
                let mut draft = prepared.draft;
                draft.set_slot(slot, &id);
                if !self.fits(item.operation, case, &mut draft) {
                    continue;
                }
                let variant = Variant::Step(WORDS);
                let step = self.as_another(Item::new(item.operation, variant, draft));
                let Some(at) = self.exchange(step).filter(|at| self.has_succeeded(*at)) else {
                    return;
                };
                self.keep(at);
                let Some(read) = self.read(thing, "a read after one more was added") else {
                    return;
                };
                let Some(after) = self.shown(read) else {
                    return;
                };
                self.tell_case(at, read, &stage.member, case, &after);
                self.refresh(thing, after);
            }
        }
    }

    /// What a value that was sent makes of the thing that something is added to: "`done` makes it `closed`".
    pub(in crate::conform::session) fn check_led_to(&mut self, at: usize) {
        let Some((index, operation, role)) = self.about(at).filter(|_| self.is_stateful()) else {
            return;
        };
        let Some(draft) = self.exchanges.get(at).map(|it| it.item.draft.clone()) else {
            return;
        };
        let sent = draft.content().unwrap_or_default();
        for slot in role.slots.iter().filter(|slot| role.names_parent(slot)) {
            let id = draft.slot(slot);
            let mut things = self.store.things.iter();
            let thing = things.position(|it| {
                it.noun == slot.noun && it.is_own && !it.is_gone && it.id(&slot.name) == id
            });
            let known = thing.and_then(|at| Some((at, self.store.things.get(at)?)));
            let stage =
                known.and_then(|(at, it)| Some((at, self.stage_now(&slot.noun, &it.object)?)));
            let Some((thing, (member, old, stages))) = stage.filter(|_| id.is_some()) else {
                continue;
            };
            let led = cases::led_to(operation, &stages).into_iter();
            let mut led = led.filter(|(name, value, _)| sent.get(name) == Some(value));
            let Some((name, value, to)) = led.next() else {
                continue;
            };
            let value = sample::plain(&value);
            if !self
                .confirmed
                .insert((index, name.clone(), format!("makes {value}")))
            {
                continue;
            }
            let Some(read) = self.read(thing, "a read after one more was added") else {
                return;
            };
            let Some(after) = self.shown(read) else {
                return;
            };
            let now = after.get(&member).map(sample::plain).unwrap_or_default();
            if now != to {
                let message = format!(
                    "after {} with `{name}` as `{value}` a read does not show `{member}` as `{to}`",
                    operation.name()
                );
                let subject = self.subject_of(read, &member);
                // What is further on already may stay there.
                let place = |stage: &String| stages.iter().position(|it| it == stage);
                let is_behind = place(&old) > place(&to);
                let found = Found::about(&state::ACTION_WITHOUT_EFFECT, subject, message)
                    .seen(to, now)
                    .weak_if(is_behind);
                let noun = role.noun.clone();
                self.found(at, &noun, &format!("{index} {value} {member}"), found);
            }
            self.refresh(thing, after);
        }
    }

    /// What becomes of a thing by an action, as the page says of the stage that it was in.
    pub(in crate::conform::session) fn check_case(
        &mut self,
        at: usize,
        read: usize,
        (before, after): (&Value, &Value),
    ) {
        let Some((index, _, role)) = self.about(at) else {
            return;
        };
        let noun = role.noun.clone();
        let Some((member, value, _)) = self.stage_now(&noun, before) else {
            return;
        };
        let Some(sent) = self
            .exchanges
            .get(at)
            .and_then(|it| it.item.draft.content())
        else {
            return;
        };
        self.check_values(at, read, &value, after);
        let cases = self.cases(index, &noun);
        let is_it = |case: &&Case| {
            let is_sent = |(name, value): &(String, Value)| sent.get(name) == Some(value);
            case.from == value && case.sent.as_ref().is_none_or(is_sent)
        };
        if let Some(case) = cases.iter().find(is_it) {
            self.tell_case(at, read, &member, case, after);
        }
    }

    /// The members of what was in a stage have the values that the page tells for it.
    fn check_values(&mut self, at: usize, read: usize, from: &str, after: &Value) {
        let Some((index, operation, role)) = self.about(at) else {
            return;
        };
        let noun = role.noun.clone();
        let Some(stages) = self.stages_of(&noun) else {
            return;
        };
        for outcome in cases::values(operation, &stages) {
            let Some(now) = after.get(&outcome.member) else {
                continue;
            };
            if outcome.from != from || echo::is_same(&outcome.value, now) {
                continue;
            }
            let member = &outcome.member;
            let expected = sample::plain(&outcome.value);
            let message = format!(
                "after {} of what was `{from}` a read does not show `{member}` as `{expected}`",
                operation.name()
            );
            let found = Found::about(
                &state::ACTION_WITHOUT_EFFECT,
                self.subject_of(read, member),
                message,
            )
            .seen(expected, sample::plain(now))
            .weak_if(true);
            self.found(at, &noun, &format!("{index} {member}"), found);
        }
    }

    /// All stages that are documented of things of a noun.
    fn stages_of(&self, noun: &str) -> Option<Vec<String>> {
        let mut things = self.store.things.iter().filter(|it| it.noun == noun);
        let (_, _, all) = things.find_map(|it| self.stage_now(noun, &it.object))?;
        Some(all)
    }

    fn cases(&self, index: usize, noun: &str) -> Vec<Case> {
        let Some(stages) = self.stages_of(noun) else {
            return Vec::new();
        };
        let operation = self.operation(index);
        operation.map_or_else(Vec::new, |it| cases::of(it, &stages))
    }

    /// Sends what a case asks for; false if that is not possible.
    fn fits(&self, index: usize, case: &Case, draft: &mut Draft) -> bool {
        let Some((name, value)) = &case.sent else {
            return true;
        };
        let inputs = self.operation(index).map(input::inputs).unwrap_or_default();
        let mut inputs = inputs.iter().filter(|it| it.is_root_member());
        let input = inputs.find(|it| it.name == *name);
        input
            .is_some_and(|it| draft.value(it).as_ref() == Some(value) || draft.set(it, Some(value)))
    }

    fn tell_case(&mut self, at: usize, read: usize, member: &str, case: &Case, after: &Value) {
        let now = after
            .get(member)
            .and_then(Value::as_str)
            .unwrap_or_default();
        let Some((index, operation, role)) = self.about(at).filter(|_| now != case.to) else {
            return;
        };
        let message = format!(
            "after {} of what was `{}` a read does not show `{member}` as `{}`",
            operation.name(),
            case.from,
            case.to
        );
        let subject = self.subject_of(read, member);
        let found = Found::about(&state::ACTION_WITHOUT_EFFECT, subject, message)
            .seen(case.to.clone(), now.to_owned())
            .weak_if(true);
        let noun = role.noun.clone();
        self.found(at, &noun, &format!("{index} {} {member}", case.from), found);
    }
}
