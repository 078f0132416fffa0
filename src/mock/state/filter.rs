//! Which things a documented query parameter lets through.

use std::cmp::Ordering;

use serde_json::{Map, Value};

use super::view::text;
use crate::mock::words;

/// How a member stands to the value of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relation {
    Is,
    AtLeast,
    AtMost,
}

/// Beginnings and ends of names that say how a member is compared.
const WORDS: [(&str, Relation); 10] = [
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
];

/// True if the thing has what the parameter asks for; a parameter of no member asks for nothing.
pub(super) fn takes(thing: &Map<String, Value>, parameter: &str, sent: &[&str]) -> bool {
    let Some((value, relation)) = member(thing, parameter) else {
        return true;
    };
    let mut wanted = sent.iter().flat_map(|sent| sent.split(','));
    match relation {
        Relation::Is => wanted.any(|wanted| is(value, wanted.trim())),
        Relation::AtLeast => wanted.all(|it| compare(value, it.trim()) != Some(Ordering::Less)),
        Relation::AtMost => wanted.all(|it| compare(value, it.trim()) != Some(Ordering::Greater)),
    }
}

/// The member that a parameter is named for: `status`, `author` for `authors`, `price_min`, `created_after`.
fn member<'t>(thing: &'t Map<String, Value>, parameter: &str) -> Option<(&'t Value, Relation)> {
    let name = words::folded(parameter);
    let name = name
        .strip_prefix("filter")
        .filter(|it| !it.is_empty())
        .unwrap_or(&name);
    let named = |wanted: &str| {
        let mut members = thing.iter();
        let found = members.find(|(own, _)| {
            let own = words::folded(own);
            own == wanted || own.strip_suffix('s') == Some(wanted)
        });
        found.map(|(_, value)| value)
    };
    if let Some(value) = named(name) {
        return Some((value, Relation::Is));
    }
    WORDS.iter().find_map(|(word, relation)| {
        let rest = name
            .strip_prefix(word)
            .or_else(|| name.strip_suffix(word))?;
        let rest = rest.strip_suffix("at").unwrap_or(rest);
        let value = (rest.len() > 2).then_some(rest)?;
        let value = named(value).or_else(|| named(&format!("{value}at")))?;
        Some((value, *relation))
    })
}

/// True if a value, or one of an array, reads as wanted.
fn is(value: &Value, wanted: &str) -> bool {
    match value {
        Value::Array(items) => items.iter().any(|item| is(item, wanted)),
        value => text(value).eq_ignore_ascii_case(wanted),
    }
}

/// Compares numbers as numbers, and times in one notation as texts.
fn compare(value: &Value, wanted: &str) -> Option<Ordering> {
    match value {
        Value::Number(number) => number.as_f64()?.partial_cmp(&wanted.parse::<f64>().ok()?),
        Value::String(text) => Some(text.as_str().cmp(wanted)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_parameter_is_about_the_member_that_it_is_named_for() {
        let thing = json!({"status": "open", "authors": ["Ada", "Bo"], "price": 5, "created_at": "2026-02-11"});
        let takes =
            |parameter: &str, sent: &str| takes(thing.as_object().unwrap(), parameter, &[sent]);
        assert!(takes("status", "open") && !takes("status", "closed"));
        assert!(takes("status", "closed, open"));
        assert!(takes("author", "bo") && !takes("author", "Cy"));
        assert!(takes("min_price", "5") && !takes("price_min", "6"));
        assert!(takes("created_after", "2026-01-01") && !takes("created_before", "2026-01-01"));
        assert!(takes("unheard_of", "x"));
    }
}
