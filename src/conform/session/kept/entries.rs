//! What an answer shows beside the thing it is about: entries that were booked, ids that the request named.

use serde_json::Value;

use crate::conform::bindings::letters;
use crate::conform::chain::{Kind, identity};
use crate::conform::judge::state::{self, Found};
use crate::conform::judge::{echo, list};
use crate::conform::plan::sample;
use crate::model::json::Json;

use super::state::is_clockwork;
use crate::conform::session::Session;

/// Things of a list look alike if they share so many members at least.
const ALIKE: usize = 4;

/// Shorter texts recur by chance.
const TELLING: usize = 6;

impl Session<'_, '_> {
    /// What an answer shows as one of a list of its own is in that list: the entry that a payment was booked as.
    pub(in crate::conform::session) fn check_entries(&mut self, at: usize) {
        let Some(exchange) = self.exchanges.get(at).cloned() else {
            return;
        };
        let Some((index, _, role)) = self.about(at) else {
            return;
        };
        if !self.is_stateful() || !self.passed_entries(index) {
            return;
        }
        let role_noun = role.noun.clone();
        let body = exchange.body.clone().unwrap_or_default();
        let members = body.as_object().into_iter().flatten();
        let objects: Vec<(String, Value)> = members
            .filter(|(_, value)| value.is_object())
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        for (name, object) in objects {
            let Some((list, parents)) = self.list_like(&object, &role_noun) else {
                continue;
            };
            let Some(list) = self.list_of(list, &parents) else {
                continue;
            };
            let Some(id) = identity::id(&object, &list.key, &list.noun) else {
                continue;
            };
            let Some(walk) = self.walk(&list, list.largest(), &[]) else {
                continue;
            };
            let is_it = |it: &&Value| identity::id(it, &list.key, &list.noun).as_ref() == Some(&id);
            let noun = list.noun.clone();
            let Some(item) = walk.items.iter().find(is_it).cloned() else {
                if walk.is_complete {
                    let message = format!(
                        "{} answers with the {noun} `{id}`, and {} does not list it",
                        self.name_of(index),
                        list.operation.name()
                    );
                    let found = Found::about(
                        &state::CREATED_NOT_LISTED,
                        format!("response.{name}"),
                        message,
                    )
                    .seen(
                        format!("`{id}` among the items"),
                        format!("{} items without it", walk.items.len()),
                    );
                    self.found(at, &noun, &format!("{index} entry {name}"), found);
                }
                continue;
            };
            let mut differences = echo::differences(&object, &item);
            differences.retain(|it| {
                let is_plain = |value: &Value| !value.is_array() && !value.is_object();
                is_plain(&it.left) && is_plain(&it.right) && !is_clockwork(&it.path)
            });
            if let Some(difference) = differences.into_iter().next() {
                let member = difference.path;
                let message = format!(
                    "{} shows another `{member}` of the {noun} `{id}` than {} answered with",
                    list.operation.name(),
                    self.name_of(index)
                );
                let found = Found::about(
                    &state::LIST_DIFFERS,
                    format!("{}[].{member}", list.subject()),
                    message,
                )
                .seen(
                    sample::plain(&difference.left),
                    sample::plain(&difference.right),
                )
                .weak_if(true);
                self.found(at, &noun, &format!("{index} entry {member}"), found);
            }
            self.check_totals_in(&list, &walk);
        }
    }

    /// True the first time for each operation.
    fn passed_entries(&mut self, index: usize) -> bool {
        self.entered.insert(index)
    }

    /// The list whose items look like an object, and what the object belongs to there.
    fn list_like(&self, object: &Value, own: &str) -> Option<(usize, Vec<(String, String)>)> {
        let members = object.as_object()?;
        let mut roles = self.plan.roles.iter().enumerate();
        roles.find_map(|(index, role)| {
            let is_of_parts = role.kind == Kind::List
                && role.noun != own
                && self.example_of(&role.noun, Kind::Create).is_none();
            let accepted = self.accepted.get(&index).filter(|_| is_of_parts)?;
            let accepted = self.exchanges.get(*accepted)?;
            let operation = self.operation(index)?;
            let mut names: Vec<String> = list::items(operation, accepted.body.as_ref())
                .first()
                .and_then(|item| item.as_object())
                .map(|item| item.keys().cloned().collect())
                .unwrap_or_default();
            if names.is_empty() {
                let shown = operation.responses.iter().flat_map(|it| &it.examples);
                let shown: Vec<Value> = shown
                    .filter_map(|it| Some(it.value()?.to_value()))
                    .collect();
                let item = shown.iter().find_map(|it| {
                    let items = list::items(operation, Some(it));
                    items.first().and_then(|it| it.as_object()).cloned()
                });
                names = item.into_iter().flatten().map(|(name, _)| name).collect();
            }
            let shared = names
                .iter()
                .filter(|name| members.contains_key(*name))
                .count();
            if shared < ALIKE || shared * 5 < names.len() * 4 {
                return None;
            }
            let slots = role.slots.iter().filter(|slot| !slot.is_own);
            let parents: Option<Vec<(String, String)>> = slots
                .filter(|slot| accepted.item.draft.slot(slot).is_some())
                .map(|slot| {
                    let is_named = |name: &str| {
                        let name = letters(name);
                        name == slot.noun || name.strip_suffix("id") == Some(slot.noun.as_str())
                    };
                    let parent = members.iter().find(|(name, _)| is_named(name));
                    let id = parent.map(|(_, value)| sample::plain(value))?;
                    Some((slot.noun.clone(), id))
                })
                .collect();
            Some((index, parents?)).filter(|(_, parents)| !parents.is_empty())
        })
    }

    /// The ids that a request names stand in the answer where the example of the page shows them.
    pub(in crate::conform::session) fn check_recurring(&mut self, at: usize) {
        let Some(exchange) = self.exchanges.get(at).cloned() else {
            return;
        };
        let Some((index, operation, role)) = self.about(at) else {
            return;
        };
        let Some(example) = self.example_draft(index) else {
            return;
        };
        let Some(body) = exchange
            .body
            .as_ref()
            .filter(|_| role.kind != Kind::List && self.is_stateful())
        else {
            return;
        };
        let Some(shown) = operation.shown_successes().next().map(Json::to_value) else {
            return;
        };
        let noun = role.noun.clone();
        let mut wrong = None;
        for slot in &role.slots {
            let (Some(value), Some(sent)) = (example.slot(slot), exchange.item.draft.slot(slot))
            else {
                continue;
            };
            let mut others = role.slots.iter().filter(|other| other.name != slot.name);
            let is_shared = others.any(|other| example.slot(other).as_ref() == Some(&value));
            let mut things = self.store.things.iter();
            let is_known = things.any(|it| {
                it.noun == slot.noun
                    && it.made_by.is_some()
                    && it.id(&slot.name).as_ref() == Some(&sent)
            });
            if value.len() < TELLING || is_shared || !is_known {
                continue;
            }
            let mut ways = Vec::new();
            ways_to(&shown, &value, &mut Vec::new(), &mut ways);
            // Examples that use one id for everything say nothing.
            let is_own = |way: &Vec<String>| {
                let last = way.last().map_or("", String::as_str);
                let outer = way.iter().rev().nth(1).map(|it| letters(it));
                letters(last) == "id" && outer.is_none_or(|outer| outer != slot.noun)
            };
            if ways.iter().any(is_own) {
                continue;
            }
            wrong = wrong.or_else(|| {
                ways.into_iter().find_map(|way| {
                    let found = way.iter().try_fold(body, |value, name| value.get(name))?;
                    let is_plain = found.is_string() || found.is_number() || found.is_null();
                    let text = sample::plain(found);
                    (is_plain && text != sent)
                        .then(|| (slot.clone(), way.join("."), sent.clone(), text))
                })
            });
        }
        let Some((slot, way, sent, found)) = wrong else {
            return;
        };
        let message = format!(
            "{} answers with another `{way}` than the `{}` that was sent, which the example shows there",
            operation.name(),
            slot.name
        );
        let found = Found::about(&state::INPUT_NOT_KEPT, format!("response.{way}"), message)
            .seen(sent, found)
            .weak_if(true);
        self.found(at, &noun, &format!("{index} recurs {way}"), found);
    }
}

/// The ways through objects to a value.
fn ways_to(value: &Value, wanted: &str, way: &mut Vec<String>, into: &mut Vec<Vec<String>>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                way.push(name.clone());
                ways_to(value, wanted, way, into);
                way.pop();
            }
        }
        Value::String(text) if text == wanted => into.push(way.clone()),
        Value::Number(number) if number.to_string() == wanted => into.push(way.clone()),
        _ => {}
    }
}
