//! Values of one answer as values of an example: what opens doors, and what another answer has otherwise, is masked.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::bindings::{Secrets, letters};
use crate::conform::pattern::pattern;

/// Items of arrays further behind are left out.
const ITEMS: usize = 2;

/// Longer texts are cut, in characters.
const LONGEST: usize = 120;

static UUID: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")
});
static MOMENT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^\d{4}-\d{2}-\d{2}([T ])\d{2}:\d{2}(:\d{2})?(\.\d+)?(Z|[+-]\d{2}:?\d{2})?$")
});
static DAY: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\d{4}-\d{2}-\d{2}$"));
static EMAIL: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[^@\s]+@[^@\s]+\.[a-z]+$"));
static RANDOM: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[A-Za-z0-9_\-.=+/]{24,}$"));

/// A value that may stand in an example.
pub(super) fn mask(name: &str, value: &Value, secrets: &Secrets) -> Value {
    match value {
        Value::String(text) => Value::String(text_of(name, text, secrets)),
        Value::Number(number) => match number.as_u64() {
            // 2001 to 2033 in seconds, and in milliseconds.
            Some(1_000_000_000..2_000_000_000) if is_moment(name) => 1_704_067_200.into(),
            Some(1_000_000_000_000..2_000_000_000_000) if is_moment(name) => {
                1_704_067_200_000_u64.into()
            }
            _ => value.clone(),
        },
        Value::Array(items) => {
            let items = items.iter().take(ITEMS);
            items.map(|item| mask(name, item, secrets)).collect()
        }
        Value::Object(members) => {
            let members = members.iter();
            let members = members.map(|(name, value)| (name.clone(), mask(name, value, secrets)));
            Value::Object(members.collect())
        }
        Value::Null | Value::Bool(_) => value.clone(),
    }
}

fn text_of(name: &str, text: &str, secrets: &Secrets) -> String {
    let is_random = RANDOM.is_match(text) && text.bytes().any(|it| it.is_ascii_digit());
    if is_secret(name) || secrets.are_in(text) || is_random && !UUID.is_match(text) {
        return format!("<{name}>");
    }
    if UUID.is_match(text) {
        return "00000000-0000-4000-8000-000000000000".to_owned();
    }
    if DAY.is_match(text) {
        return "2024-01-01".to_owned();
    }
    if let Some(parts) = MOMENT.captures(text) {
        let part = |at: usize| parts.get(at).map_or("", |it| it.as_str());
        let seconds = if part(2).is_empty() { "" } else { ":00" };
        let fraction: String = part(3)
            .chars()
            .map(|it| if it.is_ascii_digit() { '0' } else { it })
            .collect();
        return format!("2024-01-01{}00:00{seconds}{fraction}{}", part(1), part(4));
    }
    if EMAIL.is_match(text) {
        return "user@example.com".to_owned();
    }
    let mut start: String = text.chars().take(LONGEST).collect();
    if start.len() < text.len() {
        start.push('…');
    }
    start
}

/// True for names of moments: `created_at`, `expires`, `timestamp`.
fn is_moment(name: &str) -> bool {
    let name = letters(name);
    [
        "at",
        "time",
        "timestamp",
        "date",
        "expires",
        "expiry",
        "until",
        "since",
        "on",
    ]
    .iter()
    .any(|end| name.ends_with(end))
}

/// True for names of members whose values open doors.
fn is_secret(name: &str) -> bool {
    let name = letters(name);
    [
        "token",
        "secret",
        "password",
        "apikey",
        "credential",
        "credentials",
        "signature",
        "jwt",
        "cookie",
    ]
    .iter()
    .any(|end| name.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_differs_with_each_answer_is_masked_in_its_notation() {
        let masked = |name, value| mask(name, &value, &Secrets::default());
        for (name, value, expected) in [
            (
                "created_at",
                json!("2026-11-24T03:18:48.123Z"),
                json!("2024-01-01T00:00:00.000Z"),
            ),
            ("day", json!("2026-11-24"), json!("2024-01-01")),
            ("seen", json!("2026-11-24 03:18"), json!("2024-01-01 00:00")),
            (
                "id",
                json!("0b9b1c5e-4f0a-4f3c-9a53-7f0c1d2e3f40"),
                json!("00000000-0000-4000-8000-000000000000"),
            ),
            ("access_token", json!("abc"), json!("<access_token>")),
            (
                "cursor",
                json!("eyJvZmZzZXQiOjEwLCJsaW1pdCI6MTB9"),
                json!("<cursor>"),
            ),
            ("author", json!("Frank Herbert"), json!("Frank Herbert")),
            (
                "contact",
                json!("frank@books.example"),
                json!("user@example.com"),
            ),
            ("expires", json!(1_790_000_000), json!(1_704_067_200)),
            ("copies", json!(1_790_000_000), json!(1_790_000_000)),
            ("tags", json!(["a", "b", "c"]), json!(["a", "b"])),
        ] {
            assert_eq!(masked(name, value), expected, "{name}");
        }
    }
}
