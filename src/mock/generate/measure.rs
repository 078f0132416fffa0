//! Numbers that follow from the members beside them: how long something took, how old somebody is, and all tokens.

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::mock::words::{folded, parts};
use crate::model::shape::Member;

use super::agree::{is_number, set};
use super::moment;
use super::text::Text;

/// Words for the beginning and the end of what has a duration.
const SPANS: [(&[&str], &[&str]); 2] = [
    (
        &["departure", "departs", "departed"],
        &["arrival", "arrives", "arrived"],
    ),
    (
        &[
            "start", "started", "starts", "begin", "began", "begins", "opened",
        ],
        &[
            "end",
            "ended",
            "ends",
            "finished",
            "completed",
            "stopped",
            "closed",
        ],
    ),
];

/// Lets the members of an object agree on such numbers.
pub(super) fn settle<'t>(
    values: &mut Map<String, Value>,
    members: &[Member],
    text: &dyn Fn(&Member) -> &'t str,
) {
    end(values, members, text);
    grow(values, members);
    add_tokens(values, members);
}

/// What ends does so as long after its beginning as the duration beside it says.
fn end<'t>(values: &mut Map<String, Value>, members: &[Member], text: &dyn Fn(&Member) -> &'t str) {
    let only = |words: &[&str]| {
        let mut found = members.iter().filter(|member| {
            let is_named = parts(&member.name)
                .iter()
                .any(|it| words.contains(&it.as_str()));
            is_named && moment_of(values.get(&member.name)).is_some()
        });
        let first = found.next()?;
        found.next().is_none().then_some(first)
    };
    let mut spans = SPANS.iter();
    let found = spans.find_map(|(starts, ends)| Some((only(starts)?, only(ends)?)));
    let Some((start, end)) = found else {
        return;
    };
    let mut durations = members.iter().filter_map(|member| {
        let unit = unit(&member.name, text(member))?;
        let number = values.get(&member.name)?.as_f64()?;
        Some((number * unit).round() as i64)
    });
    if let Some(seconds) = durations.next()
        && let Some(start) = moment_of(values.get(&start.name))
    {
        set(
            values,
            end,
            moment::date_time(start.saturating_add(seconds)),
        );
    }
}

fn moment_of(value: Option<&Value>) -> Option<i64> {
    let moment = value?.as_str()?.parse::<Timestamp>().ok()?;
    Some(moment.as_second())
}

/// How many seconds the unit of a duration has; none for anything else.
fn unit(name: &str, text: &str) -> Option<f64> {
    let parts = parts(name);
    if !parts.iter().any(|it| it == "duration" || it == "elapsed") {
        return None;
    }
    let said = Text::new(text);
    let units: [(&[&str], f64); 4] = [
        (&["ms", "millis", "milliseconds"], 0.001),
        (&["s", "sec", "secs", "seconds"], 1.0),
        (&["min", "mins", "minutes"], 60.0),
        (&["h", "hours"], 3600.0),
    ];
    let is_named = |words: &[&str]| parts.iter().any(|it| words.contains(&it.as_str()));
    let mut named = units.iter().filter(|(words, _)| is_named(words));
    let mut told = units.iter().filter(|(words, _)| said.says(words));
    named.next().or_else(|| told.next()).map(|(_, unit)| *unit)
}

/// `age` is that of the day of birth beside it.
fn grow(values: &mut Map<String, Value>, members: &[Member]) {
    let is_birth = |name: &str| {
        matches!(
            folded(name).as_str(),
            "dateofbirth" | "birthdate" | "birthday" | "dob" | "bornon" | "birthdatetime"
        )
    };
    let mut births = values.iter().filter(|(name, _)| is_birth(name));
    let birth = births.next().and_then(|(_, value)| value.as_str());
    let year = birth.and_then(|birth| birth.get(..4)?.parse::<i64>().ok());
    let Some(year) = year else { return };
    for member in members.iter().filter(|it| folded(&it.name) == "age") {
        // Made-up things happen in this year.
        set(values, member, 2025 - year);
    }
}

/// `total_tokens` are those of the question and those of the answer.
fn add_tokens(values: &mut Map<String, Value>, members: &[Member]) {
    let count = |names: &[&str]| {
        let mut found = values.iter();
        let (_, value) = found.find(|(name, _)| names.contains(&folded(name).as_str()))?;
        value.as_u64()
    };
    let asked = count(&["prompttokens", "inputtokens"]);
    let answered = count(&["completiontokens", "outputtokens"]);
    let Some(all) = asked
        .zip(answered)
        .and_then(|(one, two)| one.checked_add(two))
    else {
        return;
    };
    for member in members.iter().filter(|it| is_number(&it.shape)) {
        if folded(&member.name) == "totaltokens" {
            set(values, member, all);
        }
    }
}
