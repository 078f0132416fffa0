//! Which things a documented query parameter lets through.

use std::cmp::Ordering;

use serde_json::{Map, Value};

use super::view::text;
use super::{make, spans};
use crate::mock::words;

/// How a member stands to the value of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relation {
    Is,
    AtLeast,
    AtMost,
    Above,
    Below,
    Contains,
}

/// Beginnings and ends of names that say how a member is compared.
const WORDS: [(&str, Relation); 15] = [
    ("min", Relation::AtLeast),
    ("max", Relation::AtMost),
    ("after", Relation::AtLeast),
    ("since", Relation::AtLeast),
    ("from", Relation::AtLeast),
    ("gte", Relation::AtLeast),
    ("before", Relation::AtMost),
    ("until", Relation::AtMost),
    ("to", Relation::AtMost),
    ("lte", Relation::AtMost),
    ("gt", Relation::Above),
    ("lt", Relation::Below),
    ("icontains", Relation::Contains),
    ("contains", Relation::Contains),
    ("like", Relation::Contains),
];

/// True if the thing has what the parameter asks for; a parameter of no member asks for nothing.
///
/// Days and times that name no member, such as `from` and `to`, ask for the time of the things.
pub(super) fn takes(
    thing: &Map<String, Value>,
    parameter: &str,
    sent: &[&str],
    time: Option<&str>,
) -> bool {
    let Some((value, relation)) = member(thing, parameter) else {
        let Some(value) = time.and_then(|time| thing.get(time)) else {
            return true;
        };
        // What has no time is at none.
        return is_within(value.as_str(), parameter, sent);
    };
    let mut wanted = sent.iter().flat_map(|sent| sent.split(','));
    match relation {
        Relation::Is => wanted.any(|wanted| is(value, wanted.trim())),
        Relation::AtLeast => wanted.all(|it| compare(value, it.trim()) != Some(Ordering::Less)),
        Relation::AtMost => wanted.all(|it| compare(value, it.trim()) != Some(Ordering::Greater)),
        Relation::Above => wanted.all(|it| compare(value, it.trim()) == Some(Ordering::Greater)),
        Relation::Contains => wanted.any(|it| contains(value, it.trim())),
        Relation::Below => wanted.all(|it| compare(value, it.trim()) == Some(Ordering::Less)),
    }
}

/// Names of a point, in one spelling: what is near it is asked for, and not what lies on it.
const POINTS: [&str; 9] = [
    "lat",
    "latitude",
    "lon",
    "lng",
    "long",
    "longitude",
    "location",
    "point",
    "coordinates",
];

/// Units at the ends of names: `min_weight` is about `weight_kg`.
const UNITS: [&str; 16] = [
    "kg", "g", "km", "m", "cm", "cents", "eur", "usd", "ms", "seconds", "minutes", "hours", "days",
    "percent", "mb", "gb",
];

/// The member that a parameter is named for: `status`, `author` for `authors`, `price_min`, `created_after`.
fn member<'t>(thing: &'t Map<String, Value>, parameter: &str) -> Option<(&'t Value, Relation)> {
    let name = words::folded(parameter);
    let name = name
        .strip_prefix("filter")
        .filter(|it| !it.is_empty())
        .unwrap_or(&name);
    let named = |wanted: &str| self::named(thing, wanted);
    let is_point = |value: &Value| POINTS.contains(&name) && !value.is_string();
    if named(name).is_some_and(is_point) {
        return None;
    }
    if let Some(value) = named(name) {
        return Some((value, Relation::Is));
    }
    let referred = name.strip_suffix("id").and_then(named);
    if let Some(value) = referred.filter(|it| it.get("id").is_some() || it.is_null()) {
        return Some((value, Relation::Is));
    }
    // `ids` are several of `id`, and `member` is one of `member_ids`.
    let several = || name.strip_suffix('s').and_then(named);
    if let Some(value) = several().or_else(|| named(&format!("{name}ids"))) {
        return Some((value, Relation::Is));
    }
    WORDS.iter().find_map(|(word, relation)| {
        let rest = name
            .strip_prefix(word)
            .or_else(|| name.strip_suffix(word))?;
        let rest = rest.strip_suffix("at").unwrap_or(rest);
        let value = (rest.len() > 2).then_some(rest)?;
        let value = named(value)
            .or_else(|| named(&format!("{value}at")))
            .or_else(|| {
                UNITS
                    .iter()
                    .find_map(|unit| named(&format!("{value}{unit}")))
            })?;
        Some((value, *relation))
    })
}

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

/// True if a text, or one of an array, has these words in it.
pub(super) fn contains(value: &Value, wanted: &str) -> bool {
    match value {
        Value::Array(items) => items.iter().any(|item| contains(item, wanted)),
        value => text(value).to_lowercase().contains(&wanted.to_lowercase()),
    }
}

/// True for what a parameter such as `include_archived` or `unread` leaves out: things of which the rest of its name is so,
/// unless they are asked for, and those of which it is so.
pub(super) fn leaves_out(thing: &Map<String, Value>, folded: &str, value: &str) -> bool {
    let truth = |rest: &str| {
        let found = named(thing, rest).or_else(|| named(thing, &format!("is{rest}")));
        found.and_then(Value::as_bool)
    };
    if truth(folded).is_some() {
        return false;
    }
    let mut with = ["include", "show", "with"].iter();
    if let Some(rest) = with.find_map(|word| folded.strip_prefix(word)) {
        return value == "false" && truth(rest) == Some(true);
    }
    let opposite = folded.strip_prefix("un").and_then(truth);
    opposite.is_some_and(|is_so| value == if is_so { "true" } else { "false" })
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

/// True if a time is in the span that a parameter begins or ends; one that asks for no day asks for nothing.
fn is_within(value: Option<&str>, parameter: &str, sent: &[&str]) -> bool {
    let parts = words::parts(parameter);
    let is_named = |word: &str| {
        [parts.first(), parts.last()]
            .into_iter()
            .flatten()
            .any(|it| it == word)
    };
    let mut days = sent.iter().filter(|it| is_time(it));
    if BEGINNINGS.iter().any(|word| is_named(word)) {
        return days.all(|day| value.is_some_and(|value| value >= *day));
    }
    let Some((_, is_whole)) = ENDS.iter().find(|(word, _)| is_named(word)) else {
        return true;
    };
    days.all(|day| {
        value.is_some_and(|value| {
            let own = value.get(..day.len()).filter(|_| *is_whole);
            own.unwrap_or(value) <= *day
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
        [one, two] if spans::end_of(one).as_deref() == Some(two.as_str()) => Some(one),
        [one, two] if spans::end_of(two).as_deref() == Some(one.as_str()) => Some(two),
        _ => None,
    }
}

/// Objects that hold the members of a thing beside its id.
const INSIDES: [&str; 3] = ["attributes", "properties", "fields"];

/// The member of a folded name, also of what JSON:API has in `attributes`.
pub(super) fn named<'t>(thing: &'t Map<String, Value>, wanted: &str) -> Option<&'t Value> {
    let of = |members: &'t Map<String, Value>| {
        let mut members = members.iter();
        let found = members.find(|(own, _)| {
            let own = words::folded(own);
            own == wanted || own.strip_suffix('s') == Some(wanted)
        });
        found.map(|(_, value)| value)
    };
    let inside = || {
        INSIDES
            .iter()
            .find_map(|name| of(thing.get(*name)?.as_object()?))
    };
    of(thing).or_else(inside)
}

/// True if a value, or one of an array, reads as wanted.
fn is(value: &Value, wanted: &str) -> bool {
    match value {
        Value::Object(members) => ["id", "slug", "code", "key"].iter().any(|name| {
            members
                .get(*name)
                .is_some_and(|it| !it.is_object() && is(it, wanted))
        }),
        Value::Array(items) => items.iter().any(|item| is(item, wanted)),
        value => text(value).eq_ignore_ascii_case(wanted),
    }
}

/// Compares numbers as numbers, and times in one notation as texts.
fn compare(value: &Value, wanted: &str) -> Option<Ordering> {
    match value {
        Value::Number(number) => number.as_f64()?.partial_cmp(&wanted.parse::<f64>().ok()?),
        Value::String(text) => Some(in_order(text, wanted)),
        _ => None,
    }
}

/// The order of two texts: of the numbers or the moments that they are, where both are such.
pub(super) fn in_order(one: &str, other: &str) -> Ordering {
    let numbers = one.parse::<f64>().ok().zip(other.parse::<f64>().ok());
    let numbers = numbers.and_then(|(one, other)| one.partial_cmp(&other));
    let moment = |text: &str| text.parse::<jiff::Timestamp>().ok();
    let moments = || Some(moment(one)?.cmp(&moment(other)?));
    let order = numbers.or_else(moments);
    order.unwrap_or_else(|| one.cmp(other))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_parameter_is_about_the_member_that_it_is_named_for() {
        let thing = json!({"status": "open", "authors": ["Ada", "Bo"], "price": 5, "created_at": "2026-02-11"});
        let takes = |parameter: &str, sent: &str| {
            takes(thing.as_object().unwrap(), parameter, &[sent], None)
        };
        assert!(takes("status", "open") && !takes("status", "closed"));
        assert!(takes("status", "closed, open"));
        assert!(takes("author", "bo") && !takes("author", "Cy"));
        assert!(takes("min_price", "5") && !takes("price_min", "6"));
        assert!(takes("created_after", "2026-01-01") && !takes("created_before", "2026-01-01"));
        assert!(takes("unheard_of", "x"));
    }

    #[test]
    fn a_day_that_names_no_member_is_about_the_time_of_the_things() {
        let thing = json!({"starts_at": "2026-02-11T09:00:00Z", "ends_at": "2026-02-11T10:00:00Z"});
        let thing = thing.as_object().unwrap();
        let time = time(&[thing]);
        assert_eq!(time, Some("starts_at"));
        let takes = |parameter: &str, sent: &str| takes(thing, parameter, &[sent], time);
        assert!(takes("from", "2026-02-11") && !takes("from", "2026-02-12"));
        assert!(takes("date_to", "2026-02-11") && !takes("date_to", "2026-02-10"));
        assert!(!takes("before", "2026-02-11") && takes("from", "Berlin"));
    }
}
