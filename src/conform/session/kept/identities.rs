//! Is an answer about what was asked for: the thing that the request names, and the parents of what a list shows?

use serde_json::Value;

use crate::conform::bindings::letters;
use crate::conform::chain::{self, Kind, Slot, SlotPlace, identity};
use crate::conform::judge::list;
use crate::conform::judge::state::{self, Found};
use crate::conform::plan::sample;
use crate::model::json::Json;

use crate::conform::session::{Exchange, Session};

/// Another id than the one that was sent.
struct Wrong {
    slot: Slot,
    sent: String,
    found: String,
    /// The member that holds it.
    member: String,
}

impl Session<'_, '_> {
    /// The answer is about what the request names.
    ///
    /// False if it is not: then there is nothing else to compare.
    pub(in crate::conform::session) fn check_identity(&mut self, at: usize) -> bool {
        let Some(exchange) = self.exchanges.get(at) else {
            return true;
        };
        let Some(role) = self.role(exchange.item.operation) else {
            return true;
        };
        if !exchange.is_success || role.kind == Kind::Look {
            return true;
        }
        let Some(body) = &exchange.body else {
            return true;
        };
        let index = exchange.item.operation;
        let mut wrong = None;
        for slot in &role.slots {
            let Some(sent) = exchange.item.draft.slot(slot) else {
                continue;
            };
            let about = if role.kind == Kind::List {
                self.of_other_parent(exchange, slot, &sent)
            } else {
                self.other_id(body, &role.noun, slot, &sent)
            };
            // What the page itself shows under another value is another name: the `key` of a translation beside a `key_id`.
            let about = about.filter(|(_, found)| {
                if slot.is_own {
                    !self.is_of_another_kind(index, slot, (&sent, found))
                } else {
                    !self.shows_another_parent(index, slot)
                }
            });
            if let Some((member, found)) = about {
                wrong = Some(Wrong {
                    slot: slot.clone(),
                    sent,
                    found,
                    member,
                });
                break;
            }
        }
        let Some(wrong) = wrong else {
            return true;
        };
        self.wrong_identity(at, wrong);
        false
    }

    /// True if an action answers about something that is no such thing as it was done to: what it makes, or what has ids that
    /// begin in another way, on the page or on the server.
    fn is_of_another_kind(&self, index: usize, slot: &Slot, (sent, found): (&str, &str)) -> bool {
        let (Some(operation), Some(role)) = (self.operation(index), self.role(index)) else {
            return false;
        };
        if role.kind != Kind::Action {
            return false;
        }
        let shown = operation.shown_successes().next().map(Json::to_value);
        let shown = shown.and_then(|body| {
            let object = identity::object(&body, &slot.name, &slot.noun)?;
            identity::id(object, &slot.name, &slot.noun)
        });
        let asked = self.example_draft(index).and_then(|it| it.slot(slot));
        // `POST /farms/{id}/notes` answers about a note, unless its page shows the farm.
        let is_child = shown.is_none() && chain::ends_with_several(operation);
        let is_shown_apart = shown.zip(asked).is_some_and(|(shown, asked)| {
            has_other_beginning(&shown, &asked)
                || shown != asked && has_other_beginning(sent, found)
        });
        role.answers_with_another() || is_shown_apart || is_child
    }

    /// True if the example of an answer shows another value for a parent than the example of the request.
    fn shows_another_parent(&self, index: usize, slot: &Slot) -> bool {
        let (Some(operation), Some(role)) = (self.operation(index), self.role(index)) else {
            return false;
        };
        let sent = self.example_draft(index).and_then(|it| it.slot(slot));
        let shown = operation.shown_successes().next().map(Json::to_value);
        let shown = shown.and_then(|body| {
            let object = identity::object(&body, &self.key(&role.noun), &role.noun);
            reference(object.unwrap_or(&body), slot)
        });
        sent.zip(shown)
            .is_some_and(|(sent, (_, shown))| sent != shown)
    }

    /// The id in an answer about one thing, if it is another one than was sent.
    fn other_id(
        &self,
        body: &Value,
        noun: &str,
        slot: &Slot,
        sent: &str,
    ) -> Option<(String, String)> {
        let is_known = self
            .store
            .things
            .iter()
            .any(|it| it.noun == slot.noun && it.id(&slot.name).as_deref() == Some(sent));
        if !is_known || !slot.is_own && slot.place != SlotPlace::Path {
            return None;
        }
        if slot.is_own {
            let object = identity::object(body, &slot.name, &slot.noun)?;
            if holds(object, sent) {
                return None;
            }
            let (name, found) = identity::named(object, &slot.name, &slot.noun)?;
            return Some((name.to_owned(), found));
        }
        let object = identity::object(body, &self.key(noun), noun).unwrap_or(body);
        reference(object, slot).filter(|(_, value)| value != sent)
    }

    /// The parent that an item of a list names, if others of them name the one that was asked for.
    ///
    /// If none does, the list may name its parents in another way than the path.
    fn of_other_parent(
        &self,
        exchange: &Exchange,
        slot: &Slot,
        sent: &str,
    ) -> Option<(String, String)> {
        let operation = self.operation(exchange.item.operation)?;
        if slot.place != SlotPlace::Path {
            return None;
        }
        let items = list::items(operation, exchange.body.as_ref());
        let named: Vec<_> = items
            .iter()
            .filter_map(|item| reference(item, slot))
            .collect();
        let has_right_one = named.iter().any(|(_, value)| value == sent);
        let other = named.into_iter().find(|(_, value)| value != sent);
        other.filter(|_| has_right_one)
    }

    fn wrong_identity(&mut self, at: usize, wrong: Wrong) {
        let Some(operation) = self.exchanges.get(at).map(|it| it.item.operation) else {
            return;
        };
        let (Some(role), Some(documented)) = (self.role(operation), self.operation(operation))
        else {
            return;
        };
        let Wrong {
            slot,
            sent,
            found,
            member,
        } = wrong;
        let name = slot.name;
        let words = documented.name();
        let (subject, message) = if role.kind == Kind::List {
            let items = self.list(operation).map(|list| list.subject());
            (
                format!("{}[].{member}", items.unwrap_or_default()),
                format!("{words} for `{name}` `{sent}` lists items of `{found}`"),
            )
        } else {
            (
                self.subject_of(at, &member),
                format!("{words} for `{name}` `{sent}` answers about `{found}`"),
            )
        };
        let found = Found::about(&state::WRONG_IDENTITY, subject, message).seen(sent, found);
        self.found(at, &role.noun, &format!("{operation} {name}"), found);
    }
}

/// The member of an object that names a parent, and its value: `depot`, `depot_id`.
fn reference(object: &Value, slot: &Slot) -> Option<(String, String)> {
    let wanted = [
        format!("{}id", slot.noun),
        letters(&slot.name),
        slot.noun.clone(),
    ];
    let members = object.as_object().into_iter().flatten();
    let mut named =
        members.filter(|(name, _)| wanted.contains(&letters(name)) && letters(name) != "id");
    named.find_map(|(name, value)| {
        let is_id = value.is_string() || value.is_number();
        is_id.then(|| (name.clone(), sample::plain(value)))
    })
}

/// True for two ids with different words at their beginnings: `inv_7k` and `usr_9x`.
fn has_other_beginning(one: &str, other: &str) -> bool {
    let beginning = |id: &str| {
        let (word, _) = id.split_once(['_', '-'])?;
        let is_word = !word.is_empty() && word.chars().all(char::is_alphabetic);
        is_word.then(|| word.to_owned())
    };
    matches!((beginning(one), beginning(other)), (Some(one), Some(other)) if one != other)
}

/// True if one of the members of an object is that text.
fn holds(object: &Value, text: &str) -> bool {
    let members = object.as_object().into_iter().flatten();
    let mut scalars = members.filter(|(_, value)| value.is_string() || value.is_number());
    scalars.any(|(_, value)| sample::plain(value) == text)
}
