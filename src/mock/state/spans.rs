//! Spans of time: `ends_at` is `starts_at` and so many minutes.
//!
//! Where all examples agree on how long one is, the end follows from the beginning and the length, and the length from both
//! ends; else the end moves with the beginning.

use serde_json::{Map, Value};

use super::collections::Collection;
use super::make;
use crate::mock::words;

type Thing = Map<String, Value>;

/// Words for a beginning, each with that for its end.
const PAIRS: [(&str, &str); 13] = [
    ("start", "end"),
    ("starts", "ends"),
    ("begin", "end"),
    ("begins", "ends"),
    ("arrives", "leaves"),
    ("arrives", "departs"),
    ("arrival", "departure"),
    ("checkin", "checkout"),
    ("in", "out"),
    ("pickup", "return"),
    ("pickup", "dropoff"),
    ("from", "to"),
    ("from", "until"),
];

/// How many milliseconds the units of a length have.
const UNITS: [i64; 5] = [60_000, 1_000, 3_600_000, 86_400_000, 1];

/// The name of the end that goes with the name of a beginning, of those that are there: `ends_at` of `starts_at`.
pub(super) fn end_of(name: &str, is_there: impl Fn(&str) -> bool) -> Option<String> {
    let parts = words::parts(name);
    let pairs = PAIRS.iter();
    let mut ends = pairs.filter_map(|(begin, end)| {
        let is_named = parts.iter().any(|it| it == begin);
        let at = name
            .to_ascii_lowercase()
            .rfind(begin)
            .filter(|_| is_named)?;
        let (before, rest) = name.split_at_checked(at)?;
        let (word, after) = rest.split_at_checked(begin.len())?;
        let is_upper = word.starts_with(|it: char| it.is_ascii_uppercase());
        let upper = || end.get(..1).map(str::to_ascii_uppercase);
        let end = match upper().filter(|_| is_upper) {
            Some(first) => format!("{first}{}", end.get(1..).unwrap_or_default()),
            None => (*end).to_owned(),
        };
        Some(format!("{before}{end}{after}"))
    });
    ends.find(|end| is_there(end))
}

/// Lets the ends of a thing follow their beginnings, which were sent, and the length of a span both; `before` is the thing
/// as it was. Gives the length that is another one.
pub(super) fn renew(
    collection: &Collection,
    thing: &mut Thing,
    before: &Thing,
    sent: &[&str],
) -> Option<String> {
    let names: Vec<String> = thing.keys().cloned().collect();
    let mut renewed = None;
    for start in names {
        let Some(end) = end_of(&start, |end| thing.contains_key(end)) else {
            continue;
        };
        let length = length(collection, &start, &end);
        let is_sent = |name: &str| sent.contains(&name);
        if is_sent(&end) {
            let told = length.filter(|(name, _)| !is_sent(name));
            let made = told.zip(between(thing, &start, &end));
            if let Some(((name, unit), made)) = made.filter(|(_, made)| *made >= 0) {
                thing.insert(name.clone(), (made / unit).into());
                renewed = Some(name);
            }
            continue;
        }
        if !is_sent(&start) && !length.as_ref().is_some_and(|(name, _)| is_sent(name)) {
            continue;
        }
        let told = length.and_then(|(name, unit)| thing.get(&name)?.as_i64()?.checked_mul(unit));
        let made = told.or_else(|| between(before, &start, &end));
        let made = made.zip(milliseconds(thing.get(&start)));
        let Some(made) = made.and_then(|(length, start)| start.checked_add(length)) else {
            continue;
        };
        let shown = thing.get(&end).filter(|it| !it.is_null());
        let time = shown.and_then(|shown| make::time(shown, u64::try_from(made).ok()?));
        if let Some(time) = time {
            thing.insert(end, time);
        }
    }
    renewed
}

/// Lets a new thing expire as long after it was made as the example does.
pub(super) fn expire(thing: &mut Thing, shown: &Thing, sent: &[String]) {
    let made = thing.iter().find_map(|(name, value)| {
        let is_made = make::is_creation(name) && shown.contains_key(name);
        is_made.then(|| (milliseconds(Some(value)), milliseconds(shown.get(name))))
    });
    let Some((Some(now), Some(then))) = made else {
        return;
    };
    let is_end = |name: &str| {
        let parts = words::parts(name);
        parts.iter().any(|it| ENDS.contains(&it.as_str()))
    };
    for (name, value) in thing.iter_mut() {
        if !is_end(name) || sent.contains(name) {
            continue;
        }
        let end = milliseconds(shown.get(name)).filter(|end| *end > then);
        let end = end.and_then(|end| now.checked_add(end - then));
        let end = end.and_then(|end| u64::try_from(end).ok());
        if let Some(time) = end.and_then(|end| make::time(value, end)) {
            *value = time;
        }
    }
}

/// Words for times that are so long after a thing was made.
const ENDS: [&str; 8] = [
    "expires",
    "expire",
    "expiry",
    "expiration",
    "expiring",
    "due",
    "renews",
    "renewal",
];

/// The member that tells how long the span is in all examples, if there is only one, and its unit.
fn length(collection: &Collection, start: &str, end: &str) -> Option<(String, i64)> {
    let examples = || [&collection.sample].into_iter().chain(&collection.seeds);
    let names = collection.sample.iter().filter(|(name, value)| {
        let parts = words::parts(name);
        value.is_i64() && parts.iter().any(|it| LENGTHS.contains(&it.as_str()))
    });
    let mut told = names.filter_map(|(name, _)| {
        let shown = examples().filter_map(|thing| {
            let told = thing.get(name).and_then(Value::as_i64)?;
            Some((told, between(thing, start, end)?))
        });
        let shown: Vec<(i64, i64)> = shown.collect();
        let unit = UNITS.into_iter().find(|unit| {
            let mut shown = shown.iter();
            shown.all(|(told, between)| told.checked_mul(*unit) == Some(*between))
        });
        let is_told = shown.iter().any(|(told, _)| *told > 0);
        unit.filter(|_| is_told).map(|unit| (name.clone(), unit))
    });
    let length = told.next()?;
    told.next().is_none().then_some(length)
}

/// Words for how long a span is.
const LENGTHS: [&str; 8] = [
    "duration", "length", "minutes", "seconds", "hours", "days", "nights", "ms",
];

fn between(thing: &Thing, start: &str, end: &str) -> Option<i64> {
    milliseconds(thing.get(end))?.checked_sub(milliseconds(thing.get(start))?)
}

/// A time in milliseconds since 1970; days and times without a zone are those of UTC.
fn milliseconds(value: Option<&Value>) -> Option<i64> {
    let value = value?;
    if let Some(number) = value.as_i64() {
        let is_seconds = (100_000_000..100_000_000_000).contains(&number);
        return number.checked_mul(if is_seconds { 1000 } else { 1 });
    }
    let text = value.as_str()?;
    if let Ok(time) = text.parse::<jiff::Timestamp>() {
        return Some(time.as_millisecond());
    }
    let plain = text.parse::<jiff::civil::DateTime>().ok()?;
    let zoned = plain.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(zoned.timestamp().as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::end_of;

    #[test]
    fn ends_are_named_as_their_beginnings() {
        let ends = ["ends_at", "endTime", "periodEnd", "check_out", "leaves_on"];
        let end_of = |name: &str| end_of(name, |end| ends.contains(&end));
        assert_eq!(end_of("starts_at").as_deref(), Some("ends_at"));
        assert_eq!(end_of("startTime").as_deref(), Some("endTime"));
        assert_eq!(end_of("periodStart").as_deref(), Some("periodEnd"));
        assert_eq!(end_of("check_in").as_deref(), Some("check_out"));
        assert_eq!(end_of("arrives_on").as_deref(), Some("leaves_on"));
        assert_eq!(end_of("restarted_at"), None);
    }
}
