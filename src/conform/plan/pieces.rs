//! Values that the text of an input forbids for the entries of an object and for the items of a list: one key too many, a
//! key or a value that is too long, a value that is no text.

use std::sync::LazyLock;

use regex::{Captures, Regex};
use serde_json::{Map, Value, json};

use crate::conform::pattern::pattern;
use crate::model::numerals::numeral;
use crate::model::shape::{Shape, ShapeKind};

use super::input::{Input, Place};
use super::lengths::of_length;
use super::value::is_documented;

/// More keys are not sent to reach a limit.
const MOST_KEYS: u64 = 100;
/// Longer keys and values are not sent.
const LONGEST: u64 = 2000;

/// The values, each for another sentence.
pub(super) fn refused(input: &Input, base: Option<&Value>) -> Vec<Value> {
    if input.place != Place::Body {
        return Vec::new();
    }
    let values = if is_open(&input.shape) {
        of_entries(&input.description, base)
    } else {
        Vec::from([long_item(input, base)])
    };
    let values = values.into_iter().flatten();
    values
        .filter(|value| is_documented(&input.shape, value))
        .collect()
}

/// True for an object whose members are the caller's own.
fn is_open(shape: &Shape) -> bool {
    match &shape.kind {
        ShapeKind::Object { members, .. } => members.is_empty(),
        ShapeKind::Map(_) => true,
        _ => false,
    }
}

fn of_entries(text: &str, base: Option<&Value>) -> Vec<Option<Value>> {
    let shown = base.and_then(Value::as_object).cloned().unwrap_or_default();
    vec![
        too_many(text, &shown),
        long_key(text, &shown),
        long_value(text, &shown),
        no_text(text, &shown),
    ]
}

/// The last number of a match, in digits or in words.
fn most(found: &Captures<'_>) -> Option<u64> {
    let written = found.name("most").or_else(|| found.name("behind"))?;
    let written = written.as_str().to_ascii_lowercase();
    let number = numeral(&written).map(u64::from);
    number.or_else(|| written.replace(',', "").parse().ok())
}

/// "Up to 20 keys", "10 key-value pairs at most".
fn too_many(text: &str, shown: &Map<String, Value>) -> Option<Value> {
    static COUNT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:up\s+to|at\s+most|(?:no|not)\s+more\s+than|max(?:imum|\.)?(?:\s+of)?|limited\s+to|(?:number\s+of\s+)?keys?\s*:\s*(?:1\s*(?:-|–|to)\s*)?)\s*
            (?P<most>\d{1,3}|five|ten|twelve|twenty|thirty|fifty)\s+(?:\w+\s+)?(?:keys|key[-/–\s]value\s+pairs|pairs|entries|properties|members|attributes)\b
            | \b(?P<behind>\d{1,3}|five|ten|twelve|twenty|thirty|fifty)\s+(?:keys|key[-/–\s]value\s+pairs|pairs|entries)\s+(?:at\s+(?:the\s+)?most|max(?:imum)?|or\s+(?:fewer|less))\b",
        )
    });
    let count = most(&COUNT.captures(text)?).filter(|it| *it <= MOST_KEYS)?;
    let mut entries = shown.clone();
    let mut number = 0;
    while (entries.len() as u64) <= count {
        number += 1;
        entries.insert(format!("key{number}"), json!("value"));
    }
    Some(Value::Object(entries))
}

/// "Keys are 1–40 characters long", "20 keys of 40 characters".
fn long_key(text: &str, shown: &Map<String, Value>) -> Option<Value> {
    static KEY: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\bkeys?(?:\s+names?)?\s[^.;,:]{0,24}?(?:\d+\s*(?:-|–|to)\s*)?\b(?P<most>\d{1,4})\s+(?:characters|chars)\b",
        )
    });
    let found = KEY.captures(text)?;
    let is_both = found.get(0)?.as_str().contains("value");
    let length = most(&found).filter(|it| *it <= LONGEST && !is_both)?;
    let mut entries = shown.clone();
    entries.insert(of_length("key", length + 1), json!("value"));
    Some(Value::Object(entries))
}

/// "Values are strings of up to 200 characters", "string values of up to 200".
fn long_value(text: &str, shown: &Map<String, Value>) -> Option<Value> {
    static VALUE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\bvalues?\s[^.;]{0,40}?(?:up\s+to|at\s+most|(?:no|not)\s+(?:more|longer)\s+than|max(?:imum)?(?:\s+of)?|\d+\s*(?:-|–|to))\s+(?P<most>\d{1,4})(?:\s+(?:characters|chars)\b|\s*(?:[.;]|$))",
        )
    });
    let found = VALUE.captures(text)?;
    let length = most(&found).filter(|it| *it <= LONGEST)?;
    let key = shown.keys().next().map_or("key", String::as_str);
    let mut entries = shown.clone();
    entries.insert(key.to_owned(), json!(of_length("value", length + 1)));
    Some(Value::Object(entries))
}

/// "The values are strings."
fn no_text(text: &str, shown: &Map<String, Value>) -> Option<Value> {
    static TEXTS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\bvalues?\s+(?:(?:is|are)(?:\s+always)?|must\s+be|ha(?:s|ve)\s+to\s+be|can\s+only\s+be)\s+(?:an?\s+)?(?:strings?|texts?)\b|\bstring\s+values\b|\bonly\s+strings?\b[^.;]*\bvalues?\b",
        )
    });
    static CHANGED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i)\b(?:converted|stringified|turned\s+into|cast|coerced|numbers?|booleans?)\b")
    });
    let key = shown.keys().next().map_or("key", String::as_str);
    (TEXTS.is_match(text) && !CHANGED.is_match(text)).then(|| {
        let mut entries = shown.clone();
        entries.insert(key.to_owned(), json!({ "not": "a string" }));
        Value::Object(entries)
    })
}

/// An item that is longer than the text says: "Each tag is 2–32 characters long". Lists have no characters themselves.
fn long_item(input: &Input, base: Option<&Value>) -> Option<Value> {
    static LENGTH: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)(?:\b\d+\s*(?:-|–|to)\s*|\b(?:up\s+to|at\s+most|(?:no|not)\s+(?:more|longer)\s+than|max(?:imum|\.)?(?:\s+of)?)\s+)
            (?P<most>\d{1,4})\s+(?:unicode\s+|ascii\s+)?(?:characters|chars|(?:lower-?\s?case|upper-?\s?case|small|capital)\s+(?:ascii\s+|latin\s+)?(?:letters|characters)|letters)\b
            | \b(?P<behind>\d{1,4})\s+(?:characters|chars)\s+(?:at\s+(?:the\s+)?most|max(?:imum)?|or\s+(?:fewer|less))\b",
        )
    });
    static TOGETHER: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:total|combined|together|altogether|in\s+all|joined|truncated|cut|shortened)\b",
        )
    });
    let ShapeKind::Array(items) = &input.shape.kind else {
        return None;
    };
    let shown = base.and_then(|base| base.get(0));
    let is_text = matches!(items.kind, ShapeKind::String) || shown.is_some_and(Value::is_string);
    let is_known = items.constraints.max_length.is_some() || items.constraints.allowed.is_some();
    if !is_text || is_known || input.is_reference() || TOGETHER.is_match(&input.description) {
        return None;
    }
    let length = most(&LENGTH.captures(&input.description)?).filter(|it| *it <= LONGEST)?;
    let text = shown.and_then(Value::as_str).unwrap_or("a");
    Some(json!([of_length(text, length + 1)]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(value: Option<Value>) -> Option<usize> {
        Some(value?.as_object()?.len())
    }

    fn longest_key(value: Option<Value>) -> Option<usize> {
        value?.as_object()?.keys().map(String::len).max()
    }

    fn longest_value(value: Option<Value>) -> Option<usize> {
        let value = value?;
        let values = value.as_object()?.values();
        values.filter_map(|it| Some(it.as_str()?.len())).max()
    }

    #[test]
    fn objects_are_sent_with_more_than_the_text_allows() {
        let none = Map::new();
        for (text, count, key, value) in [
            (
                "Up to 10 key-value pairs of your own. Keys are 1–40 characters long, values are strings of up to 200 characters.",
                Some(11),
                Some(41),
                Some(201),
            ),
            (
                "Your own data. At most 20 keys of 1 to 40 characters; the values are strings of at most 200 characters.",
                Some(21),
                Some(41),
                Some(201),
            ),
            (
                "Up to 20 keys of your own. A key has 1 to 40 characters; a value is a string of at most 500 characters.",
                Some(21),
                Some(41),
                Some(501),
            ),
            (
                "Up to 20 keys of 40 characters, string values of up to 200.",
                Some(21),
                Some(41),
                Some(201),
            ),
            (
                "No more than fifty keys, with key names up to 64 characters long.",
                Some(51),
                Some(65),
                None,
            ),
            ("Labels, 8 entries at most.", Some(9), None, None),
            ("Set of key-value pairs.", None, None, None),
            (
                "At most 100 of the keys are shown in the app.",
                None,
                None,
                None,
            ),
        ] {
            assert_eq!(keys(too_many(text, &none)), count, "{text}");
            assert_eq!(longest_key(long_key(text, &none)), key, "{text}");
            assert_eq!(longest_value(long_value(text, &none)), value, "{text}");
        }
    }

    #[test]
    fn objects_are_sent_with_values_that_are_no_texts() {
        let none = Map::new();
        for (text, is_sent) in [
            ("Values are strings of up to 200 characters.", true),
            ("A value is a string.", true),
            ("Up to 20 keys, string values of up to 200.", true),
            ("All values must be strings.", true),
            ("Values are strings; numbers are converted.", false),
            ("Values are strings or numbers.", false),
            ("Any JSON.", false),
        ] {
            assert_eq!(no_text(text, &none).is_some(), is_sent, "{text}");
        }
    }
}
