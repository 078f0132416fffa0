//! Points in time of which the page says how much later than others of the same answer they are: "exactly 24 hours after
//! `finished_at`". Pure.

use std::collections::HashMap;

use serde_json::Value;

use crate::conform::bindings::letters;
use crate::conform::chain::split;
use crate::conform::message::Answer;
use crate::conform::said::later::{self, By, Later};
use crate::diagnostic::Diagnostic;
use crate::model::{Field, Response};
use crate::source::Span;

use super::computed::{Wrong, bear_out, tell};
use super::documented::{self, Documented};
use super::moment::Moment;
use super::{Case, sample_of};

/// Members within more objects are not looked at.
const OBJECTS: usize = 7;

/// Nor are those within more objects and lists.
const DEEPEST: usize = 2 * OBJECTS;

/// Seconds of a day.
const DAY: i64 = 86_400;

/// A month has this many days at least, and at most.
const MONTH: (i64, i64) = (28, 31);

/// Adds a finding for each point in time that is not as much later as its field says.
pub(super) fn check(
    case: &Case<'_>,
    answer: &Answer,
    response: &Response,
    value: &Value,
    into: &mut Vec<Diagnostic>,
) {
    // What a client may choose is only so by default.
    let inputs = case.operation.body.iter().flat_map(|body| &body.fields);
    let chosen: Vec<&str> = inputs.map(|field| field.name.value.as_str()).collect();
    let look =
        |value: &Value, held: &mut Vec<String>| of(&response.fields, value, (&chosen, None), held);
    // What a create was sent is a part of what is said, wherever the answer does not show it.
    let sent = case
        .item
        .draft
        .json()
        .filter(|_| case.item.request.method == "POST");
    let mut wrong = of(&response.fields, value, (&chosen, sent), &mut Vec::new());
    // A span that a client may choose is another one than that of the example.
    if !chosen.iter().any(|name| is_span(name)) {
        bear_out(&mut wrong, response, look);
    }
    tell(case, answer, wrong, "stated here", into);
}

/// True for the name of an input that says how long something lasts: `hold_hours`, `ttl`, `expires_in`.
fn is_span(name: &str) -> bool {
    let words = split(name);
    let is_in = words.last().is_some_and(|it| it == "in");
    let mut words = words.iter();
    is_in || words.any(|it| later::seconds(it).is_some() || later::SPANS.contains(&it.as_str()))
}

/// The points in time that are not as much later as their fields say; `held` gets those that are.
///
/// `chosen` are the names of what a client may send, and `sent` is what it has sent.
fn of(
    fields: &[Field],
    value: &Value,
    (chosen, sent): (&[&str], Option<&Value>),
    held: &mut Vec<String>,
) -> Vec<Wrong> {
    let mut wrong: Vec<Wrong> = Vec::new();
    // Items of lists share what their fields say.
    let mut said: HashMap<Span, Option<Later>> = HashMap::new();
    documented::each(fields, value, DEEPEST, &mut |member| {
        let Documented { field, path, .. } = member;
        let is_chosen = chosen.contains(&field.name.value.as_str());
        let is_time = member.value.is_string() || member.value.is_number();
        let is_known = wrong.iter().any(|it| it.path == *path);
        if is_chosen || !is_time || is_known || member.around.len() > OBJECTS {
            return;
        }
        let said = said
            .entry(field.open)
            .or_insert_with(|| later::of(&field.description));
        let Some(said) = said.as_ref() else {
            return;
        };
        let has_base = member
            .around
            .iter()
            .any(|it| base(said, it).is_some_and(|it| !it.is_null()));
        let is_of_sent = match &said.by {
            By::Member(name, _) => member.around.iter().all(|it| it.get(name).is_none()),
            _ => false,
        };
        let sent = sent.filter(|_| is_of_sent);
        let counted: Vec<&Value> = sent
            .into_iter()
            .chain(member.around.iter().copied())
            .collect();
        let Some(expected) = differs(said, member.value, (member.around, &counted)) else {
            held.extend(has_base.then(|| (*path).to_owned()));
            return;
        };
        let text = super::start_of(field.description.trim(), 60);
        wrong.push(Wrong {
            span: field.open,
            message: format!("`{path}` is not as much later as the page says: {text}"),
            path: (*path).to_owned(),
            expected,
            observed: sample_of(member.value),
            is_sure: is_of_sent,
        });
    });
    wrong
}

/// What was to be expected, if a point in time is not as much later as is said.
///
/// The point in time that it counts from is in one of the objects `around`, and how much later it is in one of `counted`.
fn differs(
    said: &Later,
    member: &Value,
    (around, counted): (&[&Value], &[&Value]),
) -> Option<String> {
    let base = around.iter().rev().find_map(|it| base(said, it))?;
    let (from, to) = (seconds(base)?, seconds(member)?);
    if from.is_day != to.is_day && !matches!((base, member), (Value::String(_), Value::String(_)))
        || base.is_number() != member.is_number()
    {
        return None;
    }
    let (least, most, words) = match &said.by {
        By::Seconds(by) => (*by, *by, words(*by)),
        By::Months(count) => (
            count * MONTH.0 * DAY,
            count * MONTH.1 * DAY,
            format!("{count} months"),
        ),
        By::Member(name, each) => {
            let mut counted = counted.iter().rev();
            let count = counted.find_map(|it| it.get(name))?.as_i64()?;
            let by = count.checked_mul(*each)?;
            (by, by, words(by))
        }
    };
    let room = match (from.is_day, to.is_day) {
        // Time is counted in whole days.
        (true, true) => 0,
        (false, false) if most < 3600 => 5,
        (false, false) => 60,
        _ => DAY,
    };
    if to.is_day && most < DAY {
        return None;
    }
    let apart = to.at - from.at;
    let is_right = apart >= least - room && apart <= most + room;
    (!is_right).then(|| format!("{words} after {}", sample_of(base)))
}

fn base<'v>(said: &Later, object: &'v Value) -> Option<&'v Value> {
    let Some(name) = &said.base else {
        let mut members = object.as_object()?.iter();
        let is_birth = |name: &str| {
            matches!(
                letters(name).as_str(),
                "createdat" | "created" | "creationtime" | "createdtime" | "createdon"
            )
        };
        return members.find(|(name, _)| is_birth(name)).map(|(_, it)| it);
    };
    let mut names = name.split('.');
    names.try_fold(object, |value, name| value.get(name))
}

struct Time {
    at: i64,
    is_day: bool,
}

/// Seconds since 1970, of a text or of a number of seconds or milliseconds.
fn seconds(value: &Value) -> Option<Time> {
    const MILLISECONDS: i64 = 100_000_000_000;
    if let Some(number) = value.as_i64() {
        let at = if number > MILLISECONDS {
            number / 1000
        } else {
            number
        };
        let is_day = false;
        return Some(Time { at, is_day });
    }
    let moment = Moment::read(value.as_str()?)?;
    Some(Time {
        at: moment.seconds()?,
        is_day: matches!(moment, Moment::Day(_)),
    })
}

fn words(seconds: i64) -> String {
    let units = [(DAY, "days"), (3600, "hours"), (60, "minutes")];
    let unit = units.iter().find(|(each, _)| seconds % each == 0);
    match unit {
        Some((each, unit)) => format!("{} {unit}", seconds / each),
        None => format!("{seconds} seconds"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn wrong(text: &str, object: &Value, name: &str) -> Option<String> {
        let said = later::of(text)?;
        differs(&said, object.get(name)?, (&[object], &[object]))
    }

    #[test]
    fn what_was_sent_says_how_much_later_something_is() {
        let said = later::of("`keep_for` minutes after `made_at`.").unwrap();
        let made = json!({"made_at": "2031-05-01T10:00:00Z", "gone_at": "2031-05-01T11:00:00Z"});
        let told = |minutes: u32| {
            let sent = json!({"keep_for": minutes});
            differs(&said, &made["gone_at"], (&[&made], &[&sent, &made])).is_some()
        };
        assert!(!told(60));
        assert!(told(30));
    }

    #[test]
    fn what_is_later_is_as_much_later_as_is_said() {
        let text = "Exactly 24 hours after `ended_at`.";
        let object =
            json!({"ended_at": "2031-05-01T10:00:00.250Z", "gone_at": "2031-05-02T10:00:00Z"});
        assert_eq!(wrong(text, &object, "gone_at"), None);
        let object = json!({"ended_at": "2031-05-01T10:00:00Z", "gone_at": "2031-05-01T11:00:00Z"});
        assert!(wrong(text, &object, "gone_at").is_some());
        let object = json!({"ended_at": null, "gone_at": "2031-05-01T11:00:00Z"});
        assert_eq!(wrong(text, &object, "gone_at"), None);
        let text = "`made_at` plus `hold_minutes`.";
        let object = json!({"made_at": 1_900_000_000, "hold_minutes": 20, "until": 1_900_001_200});
        assert_eq!(wrong(text, &object, "until"), None);
        let object = json!({"made_at": 1_900_000_000, "hold_minutes": 20, "until": 1_900_001_800});
        assert!(wrong(text, &object, "until").is_some());
        let text = "14 days after `issued_on`.";
        let object = json!({"issued_on": "2031-05-01", "due_on": "2031-05-15"});
        assert_eq!(wrong(text, &object, "due_on"), None);
        let object = json!({"issued_on": "2031-05-01", "due_on": "2031-05-16"});
        assert!(wrong(text, &object, "due_on").is_some());
        let text = "A month after creation.";
        let object = json!({"created": "2031-02-10T10:00:00Z", "next": "2031-03-10T10:00:00Z"});
        assert_eq!(wrong(text, &object, "next"), None);
    }
}
