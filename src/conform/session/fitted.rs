//! Documented requests that were right when the page was written: moments that have passed since, and filters that name what
//! the server does not know. Both are put right once, and all requests of the operation follow.

use std::sync::LazyLock;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use regex::Regex;

use crate::conform::bindings::letters;
use crate::conform::chain::{Kind, SlotPlace};
use crate::conform::judge::blame;
use crate::conform::judge::moment::Moment;
use crate::conform::message::Answer;
use crate::conform::pattern::pattern;
use crate::conform::plan::input::{self, Input};
use crate::conform::plan::{Draft, Item, Variant, clock};

use super::{Session, Thing};

impl Session<'_, '_> {
    /// Sends a refused example again with its moments in the days to come, if they have passed, and the refusal may be about
    /// that; the exchange, if it was accepted then.
    pub(super) fn sent_later(
        &mut self,
        item: &Item,
        thing: Option<usize>,
        at: usize,
    ) -> Option<usize> {
        let exchange = self.exchanges.get(at)?;
        let answer = exchange.answer.as_ref().ok()?;
        let moments = exchange.item.draft.moments();
        let is_refused = matches!(exchange.status(), Some(400 | 409 | 422));
        if !is_refused || self.shifted.contains_key(&item.operation) || !self.speaks_of_time(at) {
            return None;
        }
        let days = days_behind(&moments, today(answer)?)?;
        self.shifted.insert(item.operation, days);
        let later = self.prepared(item, thing).ok()?;
        let again = self.exchange(later)?;
        if self.has_succeeded(again) {
            return Some(again);
        }
        self.shifted.remove(&item.operation);
        None
    }

    /// Does a refused action to something that was made as the page shows it, if it was done to something else: that may lack
    /// what the action needs. The exchange, if it was accepted then.
    pub(super) fn sent_to_another(
        &mut self,
        item: &Item,
        thing: Option<usize>,
        at: usize,
    ) -> Option<usize> {
        let role = self
            .role(item.operation)
            .filter(|role| role.kind == Kind::Action)?;
        let status = self.exchanges.get(at)?.status();
        let is_shown = |thing: &Thing| {
            let made_by = thing.made_by.and_then(|at| self.exchanges.get(at));
            made_by.is_some_and(|it| matches!(it.item.variant, Variant::Example | Variant::Step(_)))
        };
        let known = self.store.things.get(thing?)?;
        if is_shown(known) || !matches!(status, Some(400 | 422)) {
            return None;
        }
        let noun = known.noun.clone();
        let other = self
            .store
            .spare(&noun, is_shown)
            .filter(|_| !role.slots.is_empty())?;
        let prepared = self.prepared(item, Some(other)).ok()?;
        let again = self.exchange(prepared)?;
        self.has_succeeded(again).then_some(again)
    }

    /// What an exchange was about, by the id that it names.
    pub(super) fn acted_upon(&self, at: usize) -> Option<usize> {
        let exchange = self.exchanges.get(at)?;
        let slot = self
            .role(exchange.item.operation)?
            .slots
            .iter()
            .find(|slot| slot.is_own)?;
        let id = exchange.item.draft.slot(slot)?;
        let mut things = self.store.things.iter();
        things.position(|it| {
            it.noun == slot.noun && !it.is_gone && it.id(&slot.name).as_ref() == Some(&id)
        })
    }

    /// True if a refusal speaks of time, or names what was sent as a moment.
    fn speaks_of_time(&self, at: usize) -> bool {
        static TIME: LazyLock<Regex> = LazyLock::new(|| {
            pattern(
                r"(?i)\b(?:past|future|ago|later|earlier|before|after|expired?|passed|dates?|days?|times?|hours?|minutes?|now|today|tomorrow|over|window|old)\b",
            )
        });
        let Some(exchange) = self.exchanges.get(at) else {
            return false;
        };
        let (Some(case), Some(body)) = (self.case(&exchange.item), &exchange.body) else {
            return false;
        };
        let named = blame::named_input(&case, body);
        let sent = named.and_then(|it| exchange.item.draft.value(&it));
        let is_moment = sent.and_then(|it| Moment::read(it.as_str()?)).is_some();
        is_moment || TIME.is_match(&body.to_string().replace(['_', '-'], " "))
    }

    /// The draft with what is known to be out of date or out of place put right.
    pub(super) fn fit(&self, item: &Item, draft: &mut Draft) {
        if let Some(days) = self.shifted.get(&item.operation) {
            let example = self.example_item(item.operation);
            let known = example.map(|it| it.draft.moments()).unwrap_or_default();
            draft.move_moments(&known, *days);
        }
        if matches!(item.variant, Variant::Everything | Variant::Values(_)) {
            self.bring_forward(item, draft);
        }
    }

    /// Days and moments that were made up for what has to be later than now: tomorrow, or none if nobody knows the day.
    fn bring_forward(&self, item: &Item, draft: &mut Draft) {
        let Some(operation) = self.operation(item.operation) else {
            return;
        };
        let example = self.example_item(item.operation);
        let mut inputs = input::inputs(operation);
        inputs.retain(|it| {
            let is_shown = example.is_some_and(|example| example.draft.value(it).is_some());
            clock::is_of_future(it) && !is_shown
        });
        for input in inputs {
            let made_up = draft.value(&input);
            let Some(made_up) = made_up.as_ref().and_then(serde_json::Value::as_str) else {
                continue;
            };
            let made_up = [made_up.to_owned()];
            let mut answers = self.exchanges.iter().rev();
            let today = answers.find_map(|it| today(it.answer.as_ref().ok()?));
            match today.and_then(|today| days_behind(&made_up, today)) {
                Some(days) => draft.move_moments(&made_up, days),
                // What the page shows may still be to come.
                None if matches!(item.variant, Variant::Values(_)) => {}
                None => {
                    draft.set(&input, None);
                }
            }
        }
    }

    /// Puts the version that a thing has now into the place of that which the page shows, where a request has to name it.
    pub(super) fn fit_version(&self, item: &Item, thing: Option<&Thing>, draft: &mut Draft) {
        const NAMES: &[&str] = &["rev", "revision", "version", "lockversion", "etag"];
        const BEFORE: &[&str] = &["expected", "current", "base", "if", "known", "last"];
        let Some((thing, operation)) = thing.zip(self.operation(item.operation)) else {
            return;
        };
        let is_about = |input: &Input| match &item.variant {
            Variant::Values(changes) => changes
                .iter()
                .any(|(it, _)| it.subject() == input.subject()),
            Variant::Missing(it) | Variant::Invalid(it, ..) => it.subject() == input.subject(),
            _ => false,
        };
        for input in input::inputs(operation) {
            let name = letters(&input.name);
            let bare = BEFORE
                .iter()
                .find_map(|it| name.strip_prefix(it))
                .unwrap_or(&name);
            let is_version = NAMES.contains(&bare) && input.is_root_member();
            if !is_version || is_about(&input) || draft.value(&input).is_none() {
                continue;
            }
            let members = thing.object.as_object().into_iter().flatten();
            let mut now = members.filter(|(known, value)| {
                letters(known) == bare && (value.is_number() || value.is_string())
            });
            if let Some((_, now)) = now.next() {
                draft.set(&input, Some(now));
            }
        }
    }

    /// Sends the example of a list again whose filter names what the server does not know: with something of this run, or
    /// without the filter.
    pub(super) fn sent_without(&mut self, at: usize, name: &str) -> Option<usize> {
        let index = self.exchanges.get(at)?.item.operation;
        let role = self.role(index).filter(|role| role.kind == Kind::List)?;
        let mut slots = role.slots.iter();
        slots.find(|slot| slot.place == SlotPlace::Query && !slot.is_own && slot.name == name)?;
        if self.is_required(index, name) || !self.unfit.insert((index, name.to_owned())) {
            return None;
        }
        let item = self.example_item(index)?;
        let other = self.prepared(item, None).ok()?;
        self.exchange(other)
    }
}

/// The day on which the server answered, by its own clock.
fn today(answer: &Answer) -> Option<Date> {
    let date = jiff::fmt::rfc2822::parse(answer.header("date")?).ok()?;
    Some(date.timestamp().to_zoned(TimeZone::UTC).date())
}

/// How many days later the first moment has to be to lie on the day after today; nothing if none has passed.
fn days_behind(moments: &[String], today: Date) -> Option<i64> {
    let days = moments
        .iter()
        .filter_map(|it| Some(Moment::read(it)?.day()));
    let first = days.min().filter(|first| *first < today)?;
    let apart = today.since(first).ok()?.get_days();
    Some(i64::from(apart) + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_moment_comes_to_lie_on_the_day_after() {
        let today = "2031-03-01".parse().unwrap();
        let days = |moments: &[&str]| {
            let moments: Vec<String> = moments.iter().map(|it| (*it).to_owned()).collect();
            days_behind(&moments, today)
        };
        assert_eq!(days(&["2031-02-27"]), Some(3));
        assert_eq!(days(&["2031-03-09", "2031-02-28T09:00:00Z"]), Some(2));
        assert_eq!(days(&["2031-03-01", "2032-01-01"]), None);
        assert_eq!(days(&[]), None);
    }
}
