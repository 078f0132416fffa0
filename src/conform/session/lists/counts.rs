//! Counts in a header of a list, and of what belongs to something: each child that was made counts one more.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::conform::bindings::letters;
use crate::conform::chain::{Kind, SlotPlace, identity};
use crate::conform::class::Class;
use crate::conform::judge::state::{self, Found};
use crate::conform::judge::{echo, list};
use crate::conform::plan::Variant;
use crate::conform::said::{outcomes, promises, touches};
use crate::model::Operation;

use super::pages::List;
use crate::conform::session::Session;

impl Session<'_, '_> {
    /// A documented header that counts all items does; true if it does not.
    pub(super) fn check_total_header(&mut self, list: &List<'_>, at: usize, count: usize) -> bool {
        let answer = self
            .exchanges
            .get(at)
            .and_then(|it| it.answer.as_ref().ok());
        let headers = list.operation.response_headers.iter();
        let told = headers.filter_map(|header| {
            let value = answer?.header(&header.name.value)?;
            Some((header, list::total_header(&header.name.value, value)?))
        });
        let mut wrong = told.filter(|(_, said)| *said != count as u64);
        let Some((header, said)) = wrong.next() else {
            return false;
        };
        let name = &header.name.value;
        let now = self.asked_again(at).and_then(|again| {
            let answer = self.exchanges.get(again)?.answer.as_ref().ok()?;
            list::total_header(name, answer.header(name)?)
        });
        // What changes by itself was another number when the pages were read.
        if now.is_some_and(|now| now != said) {
            return true;
        }
        let message = format!(
            "{} says `{name}` {said}, and has {count} items on all pages",
            list.operation.name()
        );
        let subject = format!("response.header.{name}");
        let found = Found::about(&state::WRONG_COUNT, subject, message)
            .promised_at(header.name.evidence.span)
            .seen(count.to_string(), said.to_string());
        self.found(at, &list.noun, &format!("count {}", list.index), found);
        true
    }

    /// Sends the request of a list once more, to see whether what it counts changes by itself.
    pub(super) fn asked_again(&mut self, at: usize) -> Option<usize> {
        let mut item = self.exchanges.get(at)?.item.clone();
        item.variant = Variant::Step("the same list again");
        self.exchange(item)
    }

    /// What was made in this run below things of this run is counted by them.
    pub(in crate::conform::session) fn check_child_counts(&mut self) {
        for (noun, part) in self.pairs_of_nouns() {
            self.check_count_of_new(&noun, &part);
        }
        for ((parent, noun), children) in self.children() {
            if !self.may_have_moved(parent, &noun) {
                self.check_child_count(parent, &noun, &children);
            }
        }
    }

    /// True if an accepted request named what things of a noun belong to, and did not make them, or was done to what they
    /// belong to and speaks of them: it may have moved one.
    fn may_have_moved(&self, parent: usize, noun: &str) -> bool {
        let Some(known) = self.store.things.get(parent) else {
            return true;
        };
        let mut accepted = self.exchanges.iter().filter(|it| it.is_success);
        let is_named = accepted.any(|exchange| {
            let Some(role) = self.role(exchange.item.operation) else {
                return false;
            };
            let is_change = !matches!(
                role.kind,
                Kind::Create | Kind::Read | Kind::List | Kind::Look
            );
            let mut slots = role.slots.iter().filter(|slot| {
                !slot.is_own && slot.noun == known.noun && slot.place == SlotPlace::Body
            });
            let sent = exchange.item.draft.content().unwrap_or_default();
            is_change
                && role.noun == noun
                && slots.any(|slot| {
                    sent.contains_key(&slot.name) || exchange.item.draft.slot(slot).is_some()
                })
        });
        is_named || self.may_have_given_away(parent, noun)
    }

    /// True if something was done to a thing whose text speaks of the things of a noun that belong to it: "Its notes go to the
    /// other book."
    pub(super) fn may_have_given_away(&self, parent: usize, noun: &str) -> bool {
        let Some(parent) = self.store.things.get(parent) else {
            return true;
        };
        let id = parent.key();
        let mut accepted = self.exchanges.iter().filter(|it| it.is_success);
        accepted.any(|exchange| {
            let index = exchange.item.operation;
            let Some((operation, role)) = self.operation(index).zip(self.role(index)) else {
                return false;
            };
            let mut slots = role.slots.iter().filter(|it| it.noun == parent.noun);
            let is_named = |slot| {
                let named = exchange.item.draft.slot(slot);
                named.is_some() && named == id
            };
            matches!(role.kind, Kind::Action | Kind::Other)
                && role.noun == parent.noun
                && slots.any(is_named)
                && speaks_of(operation, noun)
        })
    }

    /// What was just made has none of the things that are added to it later, if its create shows none.
    fn check_count_of_new(&mut self, noun: &str, part: &str) {
        let made = self.store.things.iter().filter(|it| it.noun == noun);
        let wrong = made.filter_map(|it| it.made_by).find_map(|at| {
            let (member, count) = list::count_of(&self.object(at)?, part)?;
            let exchange = self.exchanges.get(at)?;
            let operation = self.operation(exchange.item.operation)?;
            let role = self.role(exchange.item.operation)?;
            // What a `PUT` names may have been there before.
            let is_create = role.kind == Kind::Create && role.own_path().is_none();
            let shown = echo::shown(operation, noun, &member).and_then(|it| it.as_u64());
            let sent = exchange.item.draft.content().unwrap_or_default();
            let has_own = sent
                .iter()
                .any(|(name, value)| letters(name).starts_with(part) && !value.is_null());
            let is_wrong = is_create && exchange.is_success && count > 0 && shown == Some(0);
            (is_wrong && !has_own).then_some((at, member, count))
        });
        let Some((at, member, count)) = wrong else {
            return;
        };
        let message = format!("the {noun} that was just made has `{member}` {count}");
        let found = Found::about(&state::WRONG_COUNT, self.subject_of(at, &member), message)
            .seen("0", count.to_string())
            .weak_if(true);
        self.found(at, noun, &format!("count {member}"), found);
    }

    /// What children of a noun were made below each thing.
    fn children(&self) -> BTreeMap<(usize, String), Children> {
        let mut made: BTreeMap<_, Children> = BTreeMap::new();
        let mut known = Vec::new();
        let mut named = BTreeSet::new();
        let exchanges = self.exchanges.iter().enumerate();
        for (at, exchange) in exchanges.filter(|(_, it)| it.is_done()) {
            let Some(role) = self.role(exchange.item.operation) else {
                continue;
            };
            // The same answer to the same key makes nothing new.
            if role.kind == Kind::Create && exchange.item.draft.idempotency_key().is_some() {
                let object = self.object(at);
                let id = object.and_then(|it| identity::id(&it, &self.key(&role.noun), &role.noun));
                if id.is_some() && known.contains(&id) {
                    continue;
                }
                known.push(id);
            }
            // A `PUT` of what is there already makes nothing new.
            if role.own_path().is_some() && !named.insert(exchange.item.draft.path_values()) {
                continue;
            }
            let slots = role.slots.iter().filter(|slot| !slot.is_own);
            for slot in slots.filter(|_| role.kind == Kind::Create) {
                let id = exchange.item.draft.slot(slot);
                let mut things = self.store.things.iter();
                let parent = things.position(|it| {
                    it.noun == slot.noun
                        && it.made_by.is_some()
                        && !it.is_gone
                        && id.is_some()
                        && it.id(&slot.name) == id
                });
                if let Some(parent) = parent {
                    let children = made.entry((parent, role.noun.clone())).or_default();
                    children.count += 1;
                    children
                        .states
                        .extend(self.object(at).as_ref().and_then(state_of));
                }
            }
        }
        made
    }

    /// True if another operation than the create of a noun was sent below a thing, and its page says that it adds such, too:
    /// an import with "Whether keys that don't exist are added".
    fn is_added_to_otherwise(&self, parent: usize, noun: &str) -> bool {
        let Some(thing) = self.store.things.get(parent) else {
            return true;
        };
        let accepted = self.exchanges.iter().filter(|it| it.is_success);
        let mut others = accepted.filter_map(|exchange| {
            let index = exchange.item.operation;
            let role = self.role(index)?;
            let is_create = role.kind == Kind::Create && role.noun == noun;
            let is_write = self.plan.class(index) > Class::Read;
            let mut slots = role.slots.iter();
            let is_below = slots.any(|slot| {
                let id = exchange.item.draft.slot(slot);
                slot.noun == thing.noun && id.is_some() && thing.id(&slot.name) == id
            });
            self.operation(index)
                .filter(|_| is_write && !is_create && is_below)
        });
        others.any(|operation| {
            let fields = operation.body.iter().flat_map(|body| &body.fields);
            let fields = fields.map(|it| format!("{}. {}", it.name.value, it.description));
            let mut texts = fields.chain(promises::sentences(operation));
            texts.any(|text| outcomes::may_add(&text, noun))
        })
    }

    /// True if something was done to things of a noun.
    fn is_acted_upon(&self, noun: &str) -> bool {
        let mut accepted = self.exchanges.iter().filter(|it| it.is_success);
        accepted.any(|it| {
            let role = self.role(it.item.operation);
            role.is_some_and(|role| {
                role.noun == noun && matches!(role.kind, Kind::Action | Kind::Delete)
            })
        })
    }

    fn check_child_count(&mut self, parent: usize, noun: &str, children: &Children) {
        let counts = |object: &Value| list::count_of(object, noun);
        let Some(thing) = self.store.things.get(parent) else {
            return;
        };
        let of = thing.noun.clone();
        let born = thing.made_by.and_then(|at| self.object(at));
        let Some((_, first)) = born.as_ref().and_then(counts) else {
            return;
        };
        let Some(read) = self.read(parent, "a read of what was added to") else {
            return;
        };
        let Some((member, count)) = self.shown(read).as_ref().and_then(counts) else {
            return;
        };
        let made = children.count;
        let right = first + made;
        // What was cancelled may not count any more, and what is only scheduled not yet.
        let may_not_count = || children.states.len() > 1 || self.is_acted_upon(noun);
        if count == right
            || count > right && self.is_added_to_otherwise(parent, noun)
            || count < right && may_not_count()
        {
            return;
        }
        let message = format!("the {of} has `{member}` {count}, and {made} were added to {first}");
        let found = Found::about(&state::WRONG_COUNT, self.subject_of(read, &member), message)
            .seen(right.to_string(), count.to_string())
            .weak_if(true);
        self.found(read, &of, &format!("count {member}"), found);
    }
}

/// What was made below a thing.
#[derive(Default)]
struct Children {
    count: u64,
    /// The states that they were made in.
    states: BTreeSet<String>,
}

/// The state that a thing says it is in.
fn state_of(object: &Value) -> Option<String> {
    let state = ["status", "state"]
        .iter()
        .find_map(|name| object.get(*name));
    state.and_then(Value::as_str).map(str::to_owned)
}

/// True if the text of an operation names the things of a noun.
fn speaks_of(operation: &Operation, noun: &str) -> bool {
    promises::sentences(operation).any(|text| {
        let mut words = text.split(|c: char| !c.is_alphanumeric());
        words.any(|word| touches::is_noun(word, noun))
    })
}
