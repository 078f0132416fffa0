//! Two bodies beside each other, as a diff of their lines.

use serde_json::{Map, Value};
use similar::TextDiff;

/// More lines are not shown.
const LINES: usize = 24;

/// What is in the one and not in the other, with a line around it.
pub(crate) fn of(left: &Value, right: &Value) -> Option<String> {
    let text = |value: &Value| serde_json::to_string_pretty(value).unwrap_or_default();
    let (left, right) = (text(left), text(right));
    let diff = TextDiff::from_lines(&left, &right);
    let mut lines = Vec::new();
    for hunk in diff.unified_diff().context_radius(1).iter_hunks() {
        for change in hunk.iter_changes() {
            lines.push(format!("{}{}", change.tag(), change.value().trim_end()));
        }
    }
    if lines.len() > LINES {
        let more = lines.len() - LINES;
        lines.truncate(LINES);
        lines.push(format!(" … {more} more lines"));
    }
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// Values as their kinds, so that an example and an answer differ only where they are of another make.
pub(crate) fn kinds(value: &Value) -> Value {
    match value {
        Value::Null => Value::Null,
        Value::Bool(_) => Value::from("boolean"),
        Value::Number(number) if number.is_f64() => Value::from("number"),
        Value::Number(_) => Value::from("integer"),
        Value::String(_) => Value::from("string"),
        // Items are alike; the first stands for all.
        Value::Array(items) => items.iter().take(1).map(kinds).collect(),
        Value::Object(members) => {
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_by_key(|(name, _)| name.as_str());
            let sorted = sorted
                .into_iter()
                .map(|(name, value)| (name.clone(), kinds(value)));
            Value::Object(sorted.collect::<Map<_, _>>())
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_differs_is_shown_with_a_line_around_it() {
        let left = json!({"id": 1, "title": "a", "price": 2, "tags": []});
        let right = json!({"id": 1, "title": "b", "price": 2, "tags": []});
        let diff = of(&left, &right).unwrap();
        assert_eq!(
            diff,
            "   \"id\": 1,\n-  \"title\": \"a\",\n+  \"title\": \"b\",\n   \"price\": 2,"
        );
        assert_eq!(of(&left, &left), None);
    }

    #[test]
    fn kinds_leave_out_what_values_are() {
        let kinds = |value: Value| kinds(&value).to_string();
        assert_eq!(
            kinds(json!({"b": [1, 2], "a": null})),
            r#"{"a":null,"b":["integer"]}"#
        );
    }
}
