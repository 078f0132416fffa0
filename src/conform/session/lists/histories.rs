//! Things in the order in which they were made: lists that show them so, numbers that count them, and the mark of the one that
//! is the current one.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::bindings::letters;
use crate::conform::chain::identity;
use crate::conform::judge::effect::Order;
use crate::conform::judge::state::{self, Found};
use crate::conform::pattern::pattern;
use crate::conform::plan::sample;
use crate::conform::said::totals::is_same;
use crate::conform::said::{listed, promises, stated};

use super::pages::{List, Walk};
use crate::conform::session::Session;

impl Session<'_, '_> {
    /// What a page says comes first by the time when it was made does so, also within one second.
    pub(in crate::conform::session) fn check_order_of_making(
        &mut self,
        list: &List<'_>,
        all: &Walk,
        order: &Order,
    ) {
        const MADE: &[&str] = &[
            "creat", "made", "join", "add", "open", "book", "save", "post",
        ];
        let name = letters(&order.member);
        let (Some(is_descending), Some(at)) = (order.is_descending, all.exchanges.first()) else {
            return;
        };
        if !MADE.iter().any(|word| name.starts_with(word)) {
            return;
        }
        let made_at = |item: &Value| {
            let id = identity::id(item, &list.key, &list.noun)?;
            let mut things = self.store.things.iter();
            let thing = things.find(|it| {
                it.noun == list.noun
                    && it.key().as_ref() == Some(&id)
                    && list.is_for(&self.belongings(it))
            })?;
            let exchange = self.exchanges.get(thing.made_by?)?;
            let is_sent = exchange.item.draft.content()?.contains_key(&order.member);
            (!is_sent).then_some(thing.made_by?)
        };
        let made: Vec<usize> = all.items.iter().filter_map(made_at).collect();
        let is_sorted = made.windows(2).all(|pair| match pair {
            [one, other] => (one > other) == is_descending,
            _ => true,
        });
        if is_sorted {
            return;
        }
        let message = format!(
            "{} is not in the order in which the items were made",
            list.operation.name()
        );
        let wanted = if is_descending {
            "the last made first"
        } else {
            "the first made first"
        };
        let found = Found::about(&state::INPUT_WITHOUT_EFFECT, list.subject(), message)
            .said(list.order_sentence(&all.items))
            .seen(wanted, "another order")
            .weak_if(true);
        self.found(*at, &list.noun, &format!("order {}", list.index), found);
    }

    /// "The owner first": the first item has the value that the page puts there.
    pub(in crate::conform::session) fn check_foremost(&mut self, list: &List<'_>, all: &Walk) {
        let (Some(first), Some(at)) = (all.items.first(), all.exchanges.first().copied()) else {
            return;
        };
        let members = first.as_object().into_iter().flatten();
        let texts = list.order_texts();
        let mut wrong = members.filter_map(|(name, value)| {
            let value = value.as_str()?;
            let values = self.stages(&list.noun, name)?;
            let mut named = values.iter();
            let foremost =
                named.find(|it| texts.iter().any(|text| stated::puts_first(text, it)))?;
            let has = |item: &Value| item.get(name).and_then(Value::as_str) == Some(foremost);
            let is_wrong = value != foremost && all.items.iter().any(has);
            is_wrong.then(|| (name.clone(), foremost.clone(), value.to_owned()))
        });
        let Some((name, wanted, found)) = wrong.next() else {
            return;
        };
        let message = format!(
            "{} does not begin with the `{wanted}`",
            list.operation.name()
        );
        let found = Found::about(&state::INPUT_WITHOUT_EFFECT, list.subject(), message)
            .seen(format!("`{name}` as `{wanted}` first"), found)
            .weak_if(true);
        self.found(at, &list.noun, &format!("foremost {}", list.index), found);
    }

    /// The numbers of a list begin where the field says, and one item alone is the current one.
    pub(in crate::conform::session) fn check_numbers_of(&mut self, list: &List<'_>, all: &Walk) {
        static FROM: LazyLock<Regex> = LazyLock::new(|| {
            pattern(
                r"(?i)(?:,\s*|\b(?:count(?:ed|ing|s)?|numbered|starts?|starting|begins?|beginning)\s+)(?:from|at|with)\s+`?(?P<first>[01])`?\s*(?:[.,;]|on\b|$)",
            )
        });
        static ALONE: LazyLock<Regex> = LazyLock::new(|| {
            pattern(
                r"(?i)^`?true`?\s+(?:for|on|in|at)\s+(?:only\s+)?(?:the|one)\s+[^.;]*\bonly\b|^(?:`?true`?\s+)?only\s+(?:for|on)\s+the\b|\bexactly\s+one\b[^.;]*`?true`?",
            )
        });
        let Some(at) = all.exchanges.first().copied().filter(|_| all.is_complete) else {
            return;
        };
        if all.items.is_empty()
            || list.is_narrowed_by_default()
            || listed::leaves_some_out(list.operation)
        {
            return;
        }
        for field in self.fields_of(list.index) {
            let name = &field.name.value;
            let values: Option<Vec<&Value>> = all.items.iter().map(|item| item.get(name)).collect();
            let Some(values) = values else {
                continue;
            };
            if let Some(found) = FROM.captures(&field.description) {
                let first = found
                    .name("first")
                    .and_then(|it| it.as_str().parse::<u64>().ok());
                let least = values.iter().filter_map(|it| it.as_u64()).min();
                if let (Some(first), Some(least)) = (first, least)
                    && first != least
                {
                    let message = format!(
                        "{} shows no item whose `{name}` is {first}",
                        list.operation.name()
                    );
                    let found = Found::about(
                        &state::CREATED_NOT_LISTED,
                        format!("{}[].{name}", list.subject()),
                        message,
                    )
                    .promised_at(Some(field.open))
                    .seen(first.to_string(), least.to_string())
                    .weak_if(true);
                    self.found(at, &list.noun, &format!("first {name}"), found);
                }
            }
            let count = values
                .iter()
                .filter(|it| ***it == Value::Bool(true))
                .count();
            let is_of_truths = values.iter().all(|it| it.is_boolean());
            if is_of_truths && count != 1 && ALONE.is_match(&field.description) {
                let message = format!(
                    "{} shows {count} items whose `{name}` is true",
                    list.operation.name()
                );
                let found = Found::about(
                    &state::LIST_DIFFERS,
                    format!("{}[].{name}", list.subject()),
                    message,
                )
                .promised_at(Some(field.open))
                .seen("one item", format!("{count} items"))
                .weak_if(true);
                self.found(at, &list.noun, &format!("only {name}"), found);
            }
        }
    }

    /// "The first task of a project has the number 1, the next one 2": what was made below one thing is counted from there.
    pub(in crate::conform::session) fn check_numbering(&mut self) {
        static FIRST: LazyLock<Regex> = LazyLock::new(|| {
            pattern(
                r"(?i)\bfirst\s+(?:\w+\s+)?`?(?P<noun>\w+)`?\s+(?:of|in|on|under)\s+(?:an?|each|every|the|any)\s+(?P<parent>\w+)\s+(?:has|gets|is|takes)\s+(?:the\s+)?`?(?P<member>\w+)`?\s+`?(?P<first>[01])\b",
            )
        });
        for (item, role) in self.accepted_of(crate::conform::chain::Kind::Create) {
            let Some(operation) = self.operation(item.operation) else {
                continue;
            };
            let said = promises::sentences(operation).find_map(|text| {
                let found = FIRST.captures(&text)?;
                let is_it = is_same(found.name("noun")?.as_str(), &role.noun);
                let member = found.name("member")?.as_str().to_owned();
                let first = found.name("first")?.as_str().parse::<u64>().ok()?;
                is_it.then_some((member, first))
            });
            let Some((member, first)) = said else {
                continue;
            };
            self.check_numbered(&role.noun, &member, first);
        }
    }

    fn check_numbered(&mut self, noun: &str, member: &str, first: u64) {
        let things = self.store.things.iter();
        let own = things.filter(|it| it.noun == noun && it.made_by.is_some());
        let mut next: Vec<(Vec<(String, String)>, u64)> = Vec::new();
        let mut wrong = None;
        for thing in own {
            let (Some(made), false) = (thing.made_by, thing.parents.is_empty()) else {
                continue;
            };
            let is_ours = thing.parents.last().is_some_and(|(of, id)| {
                let mut things = self.store.things.iter();
                things.any(|it| {
                    it.noun == *of && it.made_by.is_some() && it.key().as_ref() == Some(id)
                })
            });
            let shown = self.object(made).and_then(|it| it.get(member)?.as_u64());
            let Some(shown) = shown.filter(|_| is_ours) else {
                continue;
            };
            let known = next.iter().position(|(of, _)| *of == thing.parents);
            let place = known.unwrap_or_else(|| {
                next.push((thing.parents.clone(), first));
                next.len() - 1
            });
            let Some((_, due)) = next.get_mut(place) else {
                continue;
            };
            if shown != *due && wrong.is_none() {
                wrong = Some((made, *due, shown));
            }
            *due = shown + 1;
        }
        let Some((at, due, shown)) = wrong else {
            return;
        };
        let message = format!(
            "the {noun} is given the `{member}` {shown}, and the page counts from {first}: it is to be {due}"
        );
        let found = Found::about(
            &state::DEFAULT_NOT_APPLIED,
            self.subject_of(at, member),
            message,
        )
        .seen(due.to_string(), sample::plain(&Value::from(shown)))
        .weak_if(true);
        self.found(at, noun, &format!("numbered {member}"), found);
    }
}
