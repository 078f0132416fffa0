//! Other texts in the place of the values of a request, wherever they stand.

use serde_json::Value;

use super::Draft;
use super::draft::Payload;
use super::sample;

/// A value of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sent<'v> {
    /// The parameter or member.
    pub(crate) name: &'v str,
    /// The value as text.
    pub(crate) text: &'v str,
    /// True if it is a number of JSON, which stands without quotes.
    pub(crate) is_number: bool,
}

impl Draft {
    /// Asks for each value of the path, the query, and the body, and puts what is answered in its place.
    pub(crate) fn swap(&mut self, other: &mut dyn FnMut(Sent<'_>) -> Option<String>) {
        let mut plain = |name: &str, value: &mut String| {
            let sent = Sent {
                name,
                text: value.as_str(),
                is_number: false,
            };
            if let Some(text) = other(sent) {
                *value = text;
            }
        };
        for (name, value) in &mut self.path {
            plain(name, value);
        }
        for (name, value) in &mut self.query {
            if let Some(value) = value {
                plain(name, value);
            }
        }
        match &mut self.body {
            Some(Payload::Form(pairs) | Payload::Parts(pairs)) => {
                for (name, value) in pairs {
                    plain(name, value);
                }
            }
            Some(Payload::Json(value, text)) => {
                if swap_in("", value, 0, other) {
                    *text = None;
                }
            }
            Some(Payload::Text(_)) | None => {}
        }
    }
}

/// Values nested deeper stay as they are.
const DEPTH: usize = 8;

/// True if something was changed.
fn swap_in(
    name: &str,
    value: &mut Value,
    depth: usize,
    other: &mut dyn FnMut(Sent<'_>) -> Option<String>,
) -> bool {
    let mut is_changed = false;
    match value {
        _ if depth > DEPTH => {}
        Value::Array(items) => {
            for item in items {
                is_changed |= swap_in(name, item, depth + 1, other);
            }
        }
        Value::Object(members) => {
            for (name, member) in members.iter_mut() {
                is_changed |= swap_in(name, member, depth + 1, other);
            }
        }
        Value::String(_) | Value::Number(_) => {
            let text = sample::plain(value);
            let sent = Sent {
                name,
                text: &text,
                is_number: value.is_number(),
            };
            if let Some(text) = other(sent) {
                *value = Value::String(text);
                is_changed = true;
            }
        }
        Value::Null | Value::Bool(_) => {}
    }
    is_changed
}
