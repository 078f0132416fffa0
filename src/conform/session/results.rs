//! Requests about many things at once: a result for each, in the order of the items, and each done as its result says.

use serde_json::{Map, Value};

use crate::conform::bindings::letters;
use crate::conform::chain::{Kind, identity};
use crate::conform::judge::echo;
use crate::conform::judge::state::{self, Found};
use crate::conform::plan::input::{self, Step};
use crate::conform::plan::strange::unknown;
use crate::conform::plan::{Item, Variant, sample};
use crate::conform::said::promises;
use crate::conform::said::results::{self, Batch};

use super::Session;

/// A thing that an item of a batch names.
struct Part {
    thing: usize,
    key: Value,
    object: Value,
}

impl Session<'_, '_> {
    /// The thing whose parts an action names in a list: the one that has the most of them.
    pub(super) fn with_parts(&self, item: &Item) -> Option<usize> {
        let role = self.role(item.operation)?;
        let own = role.own_path()?;
        let noun = self.part_noun(item)?;
        let id = self.fullest(own, &noun)?;
        let mut things = self.store.things.iter();
        things.position(|it| {
            it.noun == own.noun
                && it.made_by.is_some()
                && !it.is_gone
                && it.id(&own.name).as_ref() == Some(&id)
        })
    }

    /// The noun of what the items of a batch name, by the parameter that names it elsewhere.
    fn part_noun(&self, item: &Item) -> Option<String> {
        let role = self.role(item.operation)?;
        let inputs = input::inputs(self.operation(item.operation)?);
        let nested = inputs.iter().filter(|it| it.steps.contains(&Step::Item));
        let names: Vec<String> = nested.map(|it| letters(&it.name)).collect();
        let creates = self.plan.roles.iter().filter(|it| {
            it.kind == Kind::Create && it.slots.iter().any(|slot| slot.noun == role.noun)
        });
        let mut nouns = creates.map(|it| it.noun.clone());
        nouns.find(|noun| {
            let key = letters(&self.key(noun));
            names
                .iter()
                .any(|name| *name == key || *name == format!("{noun}id"))
        })
    }

    /// Looks at the results of a batch, and sends one with what can be done and what cannot.
    pub(super) fn check_batch(&mut self, at: usize) {
        let Some(exchange) = self.exchanges.get(at).cloned() else {
            return;
        };
        let Some((index, operation, _)) = self.about(at) else {
            return;
        };
        let example = self.example_draft(index).and_then(|it| it.content());
        let (Some(sent), Some(answered)) = (example, operation.shown_successes().next()) else {
            return;
        };
        let Some(batch) = results::batch(&sent, &answered.to_value()) else {
            return;
        };
        if !self.is_stateful() {
            return;
        }
        self.check_results(at, &batch);
        if let Some(item) = self.mixed(&exchange.item, &batch)
            && let Some(mixed) = self.exchange(item.0).filter(|at| self.has_succeeded(*at))
            && self.check_results(mixed, &batch)
        {
            self.check_done(mixed, &batch, &item.1);
        }
    }

    /// The items that were sent, and the results that came back.
    fn pairs(&self, at: usize, batch: &Batch) -> Option<(Vec<Value>, Vec<Value>)> {
        let exchange = self.exchanges.get(at)?;
        let items = exchange
            .item
            .draft
            .content()?
            .get(&batch.items)?
            .as_array()?
            .clone();
        let results = exchange
            .body
            .as_ref()?
            .get(&batch.results)?
            .as_array()?
            .clone();
        Some((items, results))
    }

    /// False if the results are not those of the items.
    fn check_results(&mut self, at: usize, batch: &Batch) -> bool {
        let Some((index, operation, role)) = self.about(at) else {
            return false;
        };
        let Some((items, results)) = self.pairs(at, batch) else {
            return false;
        };
        let noun = role.noun.clone();
        let Batch {
            key, results: list, ..
        } = batch;
        let keys = |of: &[Value]| -> Vec<String> {
            of.iter()
                .filter_map(|it| it.get(key))
                .map(sample::plain)
                .collect()
        };
        let (asked, told) = (keys(&items), keys(&results));
        if results::is_promised(operation, batch) && asked != told {
            let message = format!(
                "{} does not answer with one of `{list}` for each of `{}`, in their order",
                operation.name(),
                batch.items
            );
            let found = Found::about(&state::INPUT_NOT_KEPT, format!("response.{list}"), message)
                .seen(asked.join(", "), told.join(", "))
                .weak_if(true);
            self.found(at, &noun, &format!("{index} results"), found);
            return false;
        }
        let contradicting = results.iter().find(|it| {
            let trouble = results::trouble(it);
            trouble.is_some_and(|(_, is_trouble)| results::worked(it) == Some(is_trouble))
        });
        if let Some(result) = contradicting {
            let message = format!(
                "{} answers with a result that worked and has a problem, or neither",
                operation.name()
            );
            let found = Found::about(&state::WRONG_COUNT, format!("response.{list}[]"), message)
                .seen("one of both", sample::plain(result))
                .weak_if(true);
            self.found(at, &noun, &format!("{index} contradiction"), found);
        }
        let body = self
            .exchanges
            .get(at)
            .and_then(|it| it.body.clone())
            .unwrap_or_default();
        let worked: Option<Vec<bool>> = results.iter().map(results::worked).collect();
        let Some(worked) = worked else {
            return asked == told;
        };
        for (field, is_good) in results::counts(operation) {
            let name = &field.name.value;
            let right = worked.iter().filter(|it| **it == is_good).count();
            let Some(said) = body
                .get(name)
                .and_then(Value::as_u64)
                .filter(|it| *it != right as u64)
            else {
                continue;
            };
            let message = format!(
                "{} says `{name}` {said}, and {right} of `{list}` are so",
                operation.name()
            );
            let found = Found::about(&state::WRONG_COUNT, format!("response.{name}"), message)
                .promised_at(Some(field.open))
                .seen(right.to_string(), said.to_string())
                .weak_if(true);
            self.found(at, &noun, &format!("{index} counts {name}"), found);
        }
        asked == told
    }

    /// A batch about a thing that there is, with another value than it has, and about one that there is not; with what it
    /// was about.
    fn mixed(&mut self, item: &Item, batch: &Batch) -> Option<(Item, Vec<Option<Part>>)> {
        let role = self.role(item.operation)?;
        let noun = self.part_noun(item)?;
        let own = role.own_path()?;
        let parent = (own.noun.clone(), item.draft.slot(own)?);
        let content = item.draft.content()?;
        let template = content
            .get(&batch.items)?
            .as_array()?
            .first()?
            .as_object()?
            .clone();
        let inputs = input::inputs(self.operation(item.operation)?);
        let choice = inputs.iter().find(|it| {
            let is_inside = it.steps.contains(&Step::Item) && it.name != batch.key;
            is_inside && it.shape.constraints.allowed.is_some() && template.contains_key(&it.name)
        })?;
        let allowed = choice.shape.constraints.allowed.as_ref()?;
        let values: Vec<String> = allowed.value.iter().map(sample::plain).collect();
        let steps = self.steps_of(&noun, &choice.name);
        let follows = self.follows_update(item.operation, &noun);
        let things = self.store.things.iter().enumerate();
        let things: Vec<Part> = things
            .filter(|(_, it)| it.noun == noun && it.made_by.is_some() && !it.is_gone)
            .filter(|(_, it)| self.belongings(it).contains(&parent))
            .filter_map(|(at, it)| {
                let key = it.object.get(&batch.key)?.clone();
                Some(Part {
                    thing: at,
                    key,
                    object: it.object.clone(),
                })
            })
            .collect();
        let now = |part: &Part| {
            part.object
                .get(&choice.name)
                .map(sample::plain)
                .unwrap_or_default()
        };
        let may = |part: &Part, value: &String| match &steps {
            Some(steps) => steps.allows(&now(part), value),
            None => *value != now(part),
        };
        let with = |key: &Value, value: &str| {
            let mut one: Map<String, Value> = template.clone();
            one.insert(batch.key.clone(), key.clone());
            one.insert(choice.name.clone(), Value::from(value));
            Value::Object(one)
        };
        let mut sent = Vec::new();
        let mut parts = Vec::new();
        let mut things = things;
        things.sort_by_key(|part| values.iter().position(|value| *value == now(part)));
        let mut rest = things.into_iter();
        let (first, value) = rest.find_map(|part| {
            // On rather than back: what is counted by stages has more to count then.
            let value = values.iter().rfind(|value| may(&part, value))?.clone();
            Some((part, value))
        })?;
        let nobody = match &first.key {
            Value::String(text) => Value::from(unknown(text)),
            _ => Value::from(9_999_999),
        };
        // What cannot be done stands before what can: all of them are tried.
        sent.push(with(&nobody, &value));
        parts.push(None);
        sent.push(with(&first.key, &value));
        parts.push(Some(first));
        if let Some(steps) = steps.as_ref().filter(|it| it.is_closed && follows) {
            let off = rest.find_map(|part| {
                let value = values
                    .iter()
                    .find(|value| **value != now(&part) && !steps.allows(&now(&part), value))?;
                Some((part, value.clone()))
            });
            if let Some((part, value)) = off {
                sent.push(with(&part.key, &value));
                parts.push(Some(part));
            }
        }
        let mut draft = item.draft.clone();
        let mut body = content;
        body.insert(batch.items.clone(), Value::Array(sent));
        draft.set_json(Value::Object(body));
        let step = Variant::Step("some that can be done, and some that cannot");
        Some((Item::new(item.operation, step, draft), parts))
    }

    /// True if the page of an operation says that the rules of the update of a noun hold for it: it names that by its title.
    fn follows_update(&self, index: usize, noun: &str) -> bool {
        let update = self.example_of(noun, Kind::Update);
        let title = update.and_then(|it| self.operation(it.operation)?.title.clone());
        let Some((operation, title)) = self.operation(index).zip(title) else {
            return false;
        };
        promises::sentences(operation).any(|text| text.contains(&title))
    }

    /// What worked is done, and nothing else.
    fn check_done(&mut self, at: usize, batch: &Batch, parts: &[Option<Part>]) {
        let Some((index, operation, role)) = self.about(at) else {
            return;
        };
        let noun = role.noun.clone();
        let Some((items, results)) = self.pairs(at, batch) else {
            return;
        };
        let Some(first) = parts.iter().flatten().next() else {
            return;
        };
        let Some(of) = self.store.things.get(first.thing).map(|it| it.noun.clone()) else {
            return;
        };
        let steps_follow = self.follows_update(index, &of);
        let list = self.example_of(&of, Kind::List).map(|it| it.operation);
        let Some((list, walk)) = list.and_then(|list| self.everything_beside(list, first.thing))
        else {
            return;
        };
        self.check_totals_in(&list, &walk);
        for ((item, result), part) in items.iter().zip(&results).zip(parts) {
            let worked = results::worked(result);
            let Some(part) = part else {
                if worked == Some(true) {
                    let message = format!(
                        "{} says that it worked with a {of} that there is not",
                        operation.name()
                    );
                    let found = Found::about(
                        &state::ACCEPTED_IN_STATE,
                        format!("response.{}[]", batch.results),
                        message,
                    )
                    .seen("a problem", sample::plain(result))
                    .weak_if(true);
                    self.found(at, &noun, &format!("{index} nobody"), found);
                }
                continue;
            };
            let is_it = |it: &&Value| it.get(&batch.key) == Some(&part.key);
            let Some(shown) = walk.items.iter().find(is_it).cloned() else {
                continue;
            };
            for (name, value) in item
                .as_object()
                .into_iter()
                .flatten()
                .filter(|(name, _)| **name != batch.key)
            {
                let (Some(old), Some(now)) = (part.object.get(name), shown.get(name)) else {
                    continue;
                };
                let steps = self
                    .steps_of(&of, name)
                    .filter(|it| it.is_closed && steps_follow);
                let is_off =
                    steps.is_some_and(|it| !it.allows(&sample::plain(old), &sample::plain(value)));
                let (what, wanted) = match worked {
                    Some(true) if is_off => ("does what the rules for steps refuse, and", old),
                    Some(true) => ("says that it worked, and", value),
                    Some(false) => ("says that it did not work, and", old),
                    None => continue,
                };
                if echo::is_same(wanted, now) && !(is_off && worked == Some(true)) {
                    continue;
                }
                let message = format!(
                    "{} {what} {} shows `{name}` otherwise",
                    operation.name(),
                    list.operation.name()
                );
                let found = Found::about(
                    &state::ACTION_WITHOUT_EFFECT,
                    format!("response.{}[]", batch.results),
                    message,
                )
                .seen(sample::plain(wanted), sample::plain(now))
                .weak_if(true);
                self.found(at, &noun, &format!("{index} batch {name}"), found);
            }
            if identity::id(&shown, &list.key, &of).is_some() {
                self.refresh(part.thing, shown);
            }
        }
    }
}
