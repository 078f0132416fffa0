//! Which things have words in them, and which lie in a span of time.

use serde_json::{Map, Value};

use super::{make, spans};
use crate::mock::words;

/// True if a text of a thing, or of an object or a list in it, has words in it, which are in lower case.
pub(super) fn mentions(value: &Value, wanted: &str, depth: usize) -> bool {
    match value {
        Value::String(text) => text.to_lowercase().contains(wanted),
        Value::Array(items) if depth < 2 => {
            items.iter().any(|item| mentions(item, wanted, depth + 1))
        }
        Value::Object(members) if depth < 2 => {
            let mut values = members.values();
            values.any(|value| mentions(value, wanted, depth + 1))
        }
        _ => false,
    }
}

/// Words for the beginning of a span of time.
const BEGINNINGS: [&str; 5] = ["from", "since", "after", "start", "gte"];

/// Words for its end, and whether a day that is named belongs to it.
const ENDS: [(&str, bool); 5] = [
    ("to", true),
    ("until", true),
    ("end", true),
    ("lte", true),
    ("before", false),
];

/// True for a parameter that begins or ends a span, and has a day.
pub(super) fn is_of_span(parameter: &str, sent: &[&str]) -> bool {
    let parts = words::parts(parameter);
    let ends = [parts.first(), parts.last()].into_iter().flatten();
    let mut ends = ends.map(String::as_str);
    ends.any(|it| BEGINNINGS.contains(&it) || ENDS.iter().any(|(end, _)| *end == it))
        && sent.iter().any(|it| is_time(it))
}

/// True if a time is in the span that a parameter begins or ends; one that asks for no day asks for nothing.
pub(super) fn is_within(value: Option<&str>, parameter: &str, sent: &[&str]) -> bool {
    let parts = words::parts(parameter);
    let is_named = |word: &str| {
        [parts.first(), parts.last()]
            .into_iter()
            .flatten()
            .any(|it| it == word)
    };
    let mut days = sent.iter().filter(|it| is_time(it));
    if BEGINNINGS.iter().any(|word| is_named(word)) {
        let is_open = is_named("after");
        return days
            .all(|day| value.is_some_and(|value| value > *day || value == *day && !is_open));
    }
    let Some((_, is_whole)) = ENDS.iter().find(|(word, _)| is_named(word)) else {
        return true;
    };
    let is_open = is_named("before");
    days.all(|day| {
        value.is_some_and(|value| {
            let own = value.get(..day.len()).filter(|_| *is_whole);
            let own = own.unwrap_or(value);
            own < *day || own == *day && !is_open
        })
    })
}

/// True for `2026-03-01`, with or without a time of the day.
pub(super) fn is_time(text: &str) -> bool {
    text.get(..10)
        .is_some_and(|day| day.parse::<jiff::civil::Date>().is_ok())
        && text
            .get(10..11)
            .is_none_or(|next| matches!(next, "T" | " "))
}

/// The member that says when things are, if only one can be meant: of a beginning and an end the beginning, and the time
/// at which things were made only where there is no other.
pub(super) fn time<'t>(things: &[&'t Map<String, Value>]) -> Option<&'t str> {
    let (first, _) = things.split_first()?;
    let is_told = |name: &&String| {
        things.iter().all(|thing| {
            let text = thing.get(*name).and_then(Value::as_str);
            text.is_some_and(is_time)
        })
    };
    let times: Vec<&String> = first.keys().filter(is_told).collect();
    let is_own = |name: &&&String| !make::is_creation(name) && !make::is_change(name);
    let own: Vec<&String> = times.iter().filter(is_own).copied().collect();
    let made = || times.iter().copied().find(|name| make::is_creation(name));
    match own.as_slice() {
        [] => made().map(String::as_str),
        [only] => Some(only),
        [one, two] if spans::end_of(one, |end| end == *two).is_some() => Some(one),
        [one, two] if spans::end_of(two, |end| end == *one).is_some() => Some(two),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_day_that_names_no_member_is_about_the_time_of_the_things() {
        let thing = json!({"starts_at": "2026-02-11T09:00:00Z", "ends_at": "2026-02-11T10:00:00Z"});
        let thing = thing.as_object().unwrap();
        let time = time(&[thing]);
        assert_eq!(time, Some("starts_at"));
        let value = time.and_then(|time| thing.get(time)?.as_str());
        let takes = |parameter: &str, sent: &str| is_within(value, parameter, &[sent]);
        assert!(takes("from", "2026-02-11") && !takes("from", "2026-02-12"));
        assert!(takes("date_to", "2026-02-11") && !takes("date_to", "2026-02-10"));
        assert!(!takes("before", "2026-02-11") && takes("from", "Berlin"));
    }
}
