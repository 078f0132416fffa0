//! What is made without a name of its own: readings, lines of a log, entries that are sent many at once. The list of their
//! kind shows each of them as it was sent.

use serde_json::{Map, Value};

use crate::conform::bindings::letters;
use crate::conform::chain::{Kind, identity, split};
use crate::conform::judge::echo;
use crate::conform::judge::state::{self, Found};
use crate::conform::plan::input::{self, Input};
use crate::conform::plan::sample;
use crate::conform::said::{once, promises};
use crate::model::Operation;

use super::pages::{List, Walk};
use crate::conform::session::{Session, Thing};

impl Session<'_, '_> {
    /// What was sent to be kept is among the items of a list whose items have no names.
    pub(in crate::conform::session) fn check_nameless(&mut self, list: &List<'_>, all: &Walk) {
        let Some(at) = all.exchanges.first().copied() else {
            return;
        };
        if !all.is_complete || list.is_narrowed() {
            return;
        }
        if self.check_batches(list, all) {
            return;
        }
        for (made_by, sent) in self.nameless(list) {
            let known = |name: &String| all.items.iter().any(|item| item.get(name).is_some());
            let told: Vec<_> = sent.iter().filter(|(name, _)| known(name)).collect();
            if told.len() < 2 && !all.items.is_empty() {
                continue;
            }
            let differing = |item: &Value| -> Vec<String> {
                let differs = |(name, value): &&(&String, &Value)| {
                    let shown = item.get(name.as_str());
                    !shown.is_some_and(|shown| echo::is_same(value, shown))
                };
                let wrong = told.iter().filter(differs);
                wrong.map(|(name, _)| (*name).clone()).collect()
            };
            let nearest = all.items.iter().map(|item| (differing(item), item));
            let nearest = nearest.min_by_key(|(wrong, _)| wrong.len());
            let found = match nearest {
                Some((wrong, _)) if wrong.is_empty() => continue,
                Some((wrong, item)) if wrong.len() == 1 && told.len() > 2 => {
                    let member = wrong.first().cloned().unwrap_or_default();
                    let message = format!(
                        "{} shows another `{member}` than the one that was sent",
                        list.operation.name()
                    );
                    let subject = format!("{}[].{member}", list.subject());
                    Found::about(&state::LIST_DIFFERS, subject, message).seen(
                        sent.get(&member).map(sample::plain).unwrap_or_default(),
                        item.get(&member).map(sample::plain).unwrap_or_default(),
                    )
                }
                _ => {
                    let message = format!(
                        "{} does not list the {} that was created before",
                        list.operation.name(),
                        list.noun
                    );
                    let told: Map<String, Value> = told
                        .iter()
                        .map(|(name, value)| ((*name).clone(), (*value).clone()))
                        .collect();
                    Found::about(&state::CREATED_NOT_LISTED, list.subject(), message).seen(
                        sample::plain(&Value::Object(told)),
                        format!("{} items without it", all.items.len()),
                    )
                }
            };
            let noun = list.noun.clone();
            let index = self.exchanges.get(made_by).map(|it| it.item.operation);
            let key = format!("nameless {}", index.unwrap_or_default());
            self.found(at, &noun, &key, found.weak_if(true));
            return;
        }
    }

    /// What was sent many at once and has a name in the answer is in the list under that name; true if one is not.
    fn check_batches(&mut self, list: &List<'_>, all: &Walk) -> bool {
        let id = |item: &Value| identity::id(item, &list.key, &list.noun);
        let listed: Vec<String> = all.items.iter().filter_map(id).collect();
        if listed.is_empty() && !all.items.is_empty() {
            return false;
        }
        let creates = self.creates_below(list).into_iter();
        let told = creates.filter_map(|at| {
            let answer = self.object(at).filter(|it| id(it).is_none())?;
            let mut ids = items_of(&answer).into_iter().filter_map(|it| id(&it));
            Some((at, ids.find(|id| !listed.contains(id))?))
        });
        let told: Vec<(usize, String)> = told.collect();
        let Some((made_by, id)) = told.into_iter().next() else {
            return false;
        };
        let Some(at) = all.exchanges.first().copied() else {
            return false;
        };
        let message = format!(
            "{} does not list the {} `{id}`, which was created before",
            list.operation.name(),
            list.noun
        );
        let found = Found::about(&state::CREATED_NOT_LISTED, list.subject(), message)
            .seen(id, format!("{} items without it", all.items.len()));
        let noun = list.noun.clone();
        let index = self.exchanges.get(made_by).map(|it| it.item.operation);
        let key = format!("told {}", index.unwrap_or_default());
        self.found(at, &noun, &key, found.weak_if(true));
        true
    }

    /// The exchanges that made something where the list looks.
    fn creates_below(&self, list: &List<'_>) -> Vec<usize> {
        let creates = self.exchanges.iter().enumerate().filter(|(_, exchange)| {
            let Some(role) = self.role(exchange.item.operation) else {
                return false;
            };
            let parents = role.slots.iter().filter_map(|slot| {
                let value = exchange.item.draft.path_value(&slot.name)?;
                Some((slot.noun.clone(), value.to_owned()))
            });
            let parents: Vec<_> = parents.collect();
            role.kind == Kind::Create
                && role.noun == list.noun
                && exchange.is_done()
                && list.is_for(&parents)
        });
        creates.map(|(at, _)| at).collect()
    }

    /// The objects that were sent to be kept where the list looks, and of which no answer told a name.
    fn nameless(&self, list: &List<'_>) -> Vec<(usize, Map<String, Value>)> {
        let id = |item: &Value| identity::id(item, &list.key, &list.noun);
        let mut sent = Vec::new();
        for at in self.creates_below(list) {
            // Who makes the same twice may get the first one again, which has a name.
            let is_told = self.object(at).is_some_and(|it| {
                id(&it).is_some() || items_of(&it).iter().any(|item| id(item).is_some())
            });
            if is_told || self.store.things.iter().any(|it| it.made_by == Some(at)) {
                continue;
            }
            if let Some(exchange) = self.exchanges.get(at) {
                let content = exchange.item.draft.content().unwrap_or_default();
                sent.extend(objects(&content).into_iter().map(|it| (at, it)));
            }
        }
        sent
    }

    /// How many were taken is how many were sent.
    pub(in crate::conform::session) fn check_taken(&mut self, at: usize) {
        let Some(exchange) = self.exchanges.get(at) else {
            return;
        };
        let Some((index, operation, role)) = self.about(at) else {
            return;
        };
        let content = exchange.item.draft.content().unwrap_or_default();
        let mut arrays = content
            .iter()
            .filter_map(|(name, value)| Some((name, value.as_array()?.len())));
        let (Some((name, count)), None) = (arrays.next(), arrays.next()) else {
            return;
        };
        let body = exchange.body.clone().unwrap_or_default();
        let Some(member) = counts_taken(operation, name) else {
            return;
        };
        let found = body.get(&member).or_else(|| {
            let mut inner = body.as_object()?.values();
            inner.find_map(|value| value.get(&member))
        });
        let Some(said) = found.and_then(Value::as_u64) else {
            return;
        };
        if said == count as u64 {
            return;
        }
        let message = format!(
            "{} says `{member}` {said}, and {count} of `{name}` were sent",
            operation.name()
        );
        let subject = self.subject_of(at, &member);
        let found = Found::about(&state::WRONG_COUNT, subject, message)
            .seen(count.to_string(), said.to_string())
            .weak_if(true);
        let noun = role.noun.clone();
        self.found(at, &noun, &format!("{index} taken"), found);
    }

    /// What the page says that there is only one of is not accepted of two things.
    pub(in crate::conform::session) fn check_unique(&mut self, at: usize) {
        let Some((index, operation, role)) = self.about(at) else {
            return;
        };
        let things = self.store.things.iter();
        let Some(made) = things.clone().find(|it| it.made_by == Some(at)) else {
            return;
        };
        let sent = self.sent(at);
        let sent = sent.unwrap_or_default();
        let inputs = input::inputs(operation);
        let unique = inputs.iter().filter(|input| {
            let is_member = input.is_root_member();
            is_member && once::says_once(&input.description) && refuses_again(operation, input)
        });
        let twice = unique.into_iter().find_map(|input| {
            let value = sent.get(&input.name)?.as_str()?;
            let has = |thing: &Thing| {
                thing.object.get(&input.name).and_then(Value::as_str) == Some(value)
            };
            let is_other = |thing: &&Thing| {
                thing.noun == made.noun
                    && thing.made_by.is_some_and(|it| it != at)
                    && !thing.is_gone
                    && thing.parents == made.parents
                    && has(thing)
            };
            // "Two folders with the same parent": what the words name has to be the same.
            let is_beside = |thing: &&Thing| {
                once::shares_named(&input.description, &thing.object, &made.object)
            };
            let other = things.clone().filter(is_other).find(is_beside);
            let other = other.filter(|_| has(made))?;
            Some((input.clone(), value.to_owned(), other.key()?))
        });
        let Some((input, value, other)) = twice else {
            return;
        };
        let noun = role.noun.clone();
        let message = format!(
            "{} with `{}` as `{value}`, which the {noun} `{other}` has, is accepted",
            operation.name(),
            input.name
        );
        let found = Found::about(&state::ACCEPTED_AGAIN, input.subject(), message)
            .promised_at(input.span)
            .seen("a refusal", "a success")
            .weak_if(true);
        self.found(at, &noun, &format!("{index} unique"), found);
    }

    /// What the page of a create says that becomes of the thing that something is added to.
    pub(in crate::conform::session) fn check_parent_outcomes(&mut self, at: usize) {
        let Some(exchange) = self.exchanges.get(at) else {
            return;
        };
        let Some((index, operation, role)) = self.about(at) else {
            return;
        };
        let mut members = promises::set_members(operation);
        members.extend(operation.outcomes.iter().map(|it| it.value.member.clone()));
        let slots = role.slots.iter().filter(|slot| !slot.is_own);
        let parents = slots.filter_map(|slot| {
            let id = exchange.item.draft.slot(slot)?;
            let mut things = self.store.things.iter();
            things.position(|it| {
                it.noun == slot.noun
                    && it.made_by.is_some()
                    && !it.is_gone
                    && it.id(&slot.name).as_ref() == Some(&id)
            })
        });
        let parents: Vec<usize> = parents.collect();
        let answered = self.object(at).unwrap_or_default();
        let parent = parents.into_iter().find(|parent| {
            let known = self.store.things.get(*parent);
            let has = |member: &String| {
                let is_there = known.is_some_and(|it| it.object.get(member).is_some());
                is_there && answered.get(member).is_none()
            };
            members.iter().any(has)
        });
        let Some(parent) = parent.filter(|_| !self.passed.contains(&index)) else {
            return;
        };
        self.passed.insert(index);
        let Some(read) = self.read(parent, "a read of what was added to") else {
            return;
        };
        if let Some(shown) = self.shown(read) {
            self.check_outcomes(at, read, &shown, &Map::new());
            self.refresh(parent, shown);
        }
    }
}

/// The objects in the only array of objects of an answer.
fn items_of(answer: &Value) -> Vec<Value> {
    let members = answer.as_object().map(|it| it.values());
    let arrays = members.into_iter().flatten().filter_map(Value::as_array);
    let mut arrays = arrays.filter(|items| items.iter().all(Value::is_object) && !items.is_empty());
    match (arrays.next(), arrays.next()) {
        (Some(items), None) => items.clone(),
        _ => Vec::new(),
    }
}

/// The objects in the only array of objects of a body, or the body itself.
fn objects(content: &Map<String, Value>) -> Vec<Map<String, Value>> {
    let arrays = content.values().filter_map(Value::as_array);
    let mut arrays = arrays.filter(|items| items.iter().all(Value::is_object) && !items.is_empty());
    match (arrays.next(), arrays.next()) {
        (Some(items), None) => items
            .iter()
            .filter_map(|it| it.as_object().cloned())
            .collect(),
        _ => vec![content.clone()],
    }
}

/// The integer of the answer whose field says that it counts what was taken of the array of that name.
fn counts_taken(operation: &Operation, name: &str) -> Option<String> {
    const DONE: &[&str] = &[
        "stored", "added", "created", "accepted", "saved", "imported", "inserted", "received",
        "taken", "written", "recorded",
    ];
    let responses = operation.responses.iter();
    let fields = responses
        .filter(|it| it.status.is_success())
        .flat_map(|it| &it.fields);
    let mut all = fields.flat_map(|field| std::iter::once(field).chain(&field.children));
    let wanted = letters(name);
    let found = all.find(|field| {
        let text = field.description.to_lowercase();
        let words = split(&text);
        let is_count = text.starts_with("how many") || text.starts_with("number of");
        let is_integer = matches!(field.kind, crate::model::types::Type::Integer(_));
        let mut nouns = words.iter();
        is_count
            && is_integer
            && nouns.any(|word| *word == wanted)
            && DONE
                .iter()
                .any(|done| words.iter().any(|word| word == done))
            && !["if", "not", "unless", "except", "new"]
                .iter()
                .any(|word| words.iter().any(|it| it == word))
    });
    found.map(|field| field.name.value.clone())
}

/// True if the page says with which status a value that is taken is refused.
fn refuses_again(operation: &Operation, input: &Input) -> bool {
    let codes = operation.responses.iter().filter_map(|it| it.status.code());
    codes.into_iter().any(|code| code == 409)
        || ["409", "422", "400"]
            .iter()
            .any(|code| input.description.contains(code))
}
