//! What bodies hold that no field documents, as far as their examples show it.
//!
//! Nothing is required, and objects stay open, as another answer may have less, and more.
//! `null` alone, what is left out, and what only stands for a value show nothing of other values.

use serde_json::{Map, Value, json};

use crate::model::json::{Json, JsonKind};

/// The schema of all values that stand in one place.
pub(super) fn schema(values: &[&Json]) -> Map<String, Value> {
    let mut words: Vec<&str> = Vec::new();
    let mut members: Vec<(&str, Vec<&Json>)> = Vec::new();
    let mut items: Vec<&Json> = Vec::new();
    for value in values {
        let Some(word) = word(value) else {
            continue;
        };
        if !words.contains(&word) {
            words.push(word);
        }
        match &value.kind {
            JsonKind::Array(own) => items.extend(own),
            JsonKind::Object(own) => {
                for member in own.iter().filter(|member| !member.is_elision()) {
                    let known = members.iter_mut().find(|(key, _)| *key == member.key);
                    match known {
                        Some((_, values)) => values.push(&member.value),
                        None => members.push((&member.key, vec![&member.value])),
                    }
                }
            }
            _ => {}
        }
    }
    if words.contains(&"number") {
        words.retain(|word| *word != "integer");
    }
    words.sort_by_key(|word| *word == "null");
    let mut out = Map::new();
    match words.as_slice() {
        [] | ["null"] => return out,
        [only] => out.insert("type".to_owned(), json!(only)),
        several => out.insert("type".to_owned(), json!(several)),
    };
    if !members.is_empty() {
        let properties = members.iter().map(|(key, values)| {
            let schema = Value::Object(schema(values));
            ((*key).to_owned(), schema)
        });
        out.insert("properties".to_owned(), properties.collect());
    }
    if words.contains(&"array") {
        out.insert("items".to_owned(), Value::Object(schema(&items)));
    }
    out
}

/// The type of a value, if it is one.
fn word(value: &Json) -> Option<&'static str> {
    match &value.kind {
        JsonKind::Null => Some("null"),
        JsonKind::Bool(_) => Some("boolean"),
        JsonKind::Number(number) if number.is_f64() => Some("number"),
        JsonKind::Number(_) => Some("integer"),
        JsonKind::String(_) => Some("string"),
        JsonKind::Array(_) => Some("array"),
        JsonKind::Object(_) => Some("object"),
        JsonKind::Elision | JsonKind::Placeholder(_) => None,
    }
}
