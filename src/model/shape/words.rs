//! Values in a few words, for messages.

use serde_json::Value;

use super::matcher::is_integral;
use crate::model::json::{Json, JsonKind};

/// The kind of a scalar, to stand before its text.
pub(super) fn kind_word(value: &Json) -> &'static str {
    match &value.kind {
        JsonKind::Bool(_) => "boolean ",
        JsonKind::Number(number) if is_integral(number) => "integer ",
        JsonKind::Number(_) => "number ",
        JsonKind::String(_) => "string ",
        _ => "",
    }
}

/// The value in a few words.
pub(super) fn describe(value: &Json) -> String {
    match &value.kind {
        JsonKind::Null => "null".to_owned(),
        JsonKind::Bool(truth) => truth.to_string(),
        JsonKind::Number(number) => number.to_string(),
        JsonKind::String(text) => {
            let mut short: String = text.chars().take(40).collect();
            if short.len() < text.len() {
                short.push('…');
            }
            Value::from(short).to_string()
        }
        JsonKind::Array(items) => counted("array", items.len(), "item"),
        JsonKind::Object(members) => counted("object", members.len(), "member"),
        JsonKind::Elision => "`...`".to_owned(),
        JsonKind::Placeholder(text) => format!("`{text}`"),
    }
}

fn counted(kind: &str, count: usize, unit: &str) -> String {
    match count {
        0 => format!("empty {kind}"),
        1 => format!("{kind} with 1 {unit}"),
        _ => format!("{kind} with {count} {unit}s"),
    }
}
