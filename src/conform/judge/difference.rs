//! Two bodies beside each other, as a diff of their lines.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Map, Value};
use similar::TextDiff;

use crate::conform::pattern::pattern;

/// More lines are not shown.
const LINES: usize = 24;

/// What is in the one and not in the other, with a line around it.
pub(crate) fn of(left: &Value, right: &Value) -> Option<String> {
    let text = |value: &Value| serde_json::to_string_pretty(&sorted(value)).unwrap_or_default();
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

/// The same with the members of objects by name: in which order a server writes them says nothing.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(sorted).collect(),
        Value::Object(members) => {
            let mut pairs: Vec<_> = members.iter().collect();
            pairs.sort_by_key(|(name, _)| name.as_str());
            let pairs = pairs.into_iter();
            Value::Object(pairs.map(|(name, it)| (name.clone(), sorted(it))).collect())
        }
        other => other.clone(),
    }
}

/// The kinds of an answer beside those of an example, alike where one of them has nothing: `null`, or a list without items.
/// What the finding is about stays as it is; `path` is the way to it.
pub(crate) fn alike(example: &Value, answer: &Value, path: &str) -> Value {
    static INDEX: LazyLock<Regex> = LazyLock::new(|| pattern(r"\[\d+\]"));
    aligned(example, answer, "$", &INDEX.replace_all(path, "[]"))
}

fn aligned(example: &Value, answer: &Value, at: &str, path: &str) -> Value {
    let is_nothing = |value: &Value| value.is_null() || value.as_array().is_some_and(Vec::is_empty);
    if at != path && (is_nothing(example) || is_nothing(answer)) {
        return example.clone();
    }
    match (example, answer) {
        (Value::Object(shown), Value::Object(members)) => {
            let pairs = members.iter().map(|(name, value)| {
                let aligned = shown.get(name).map(|it| {
                    let at = format!("{at}.{name}");
                    aligned(it, value, &at, path)
                });
                (name.clone(), aligned.unwrap_or_else(|| value.clone()))
            });
            Value::Object(pairs.collect())
        }
        (Value::Array(shown), Value::Array(items)) => {
            let pairs = shown.iter().zip(items);
            let at = format!("{at}[]");
            pairs
                .map(|(one, other)| aligned(one, other, &at, path))
                .collect()
        }
        _ => answer.clone(),
    }
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
            "   \"tags\": [],\n-  \"title\": \"a\"\n+  \"title\": \"b\"\n }"
        );
        assert_eq!(of(&left, &left), None);
    }

    #[test]
    fn kinds_differ_where_the_finding_is() {
        let example = kinds(&json!({"tags": ["a"], "note": null, "owner": {"mail": "a@b"}}));
        let answer = kinds(&json!({"tags": [], "note": "n", "owner": {"mail": null}}));
        let found = alike(&example, &answer, "$.owner.mail");
        assert_eq!(
            of(&example, &found).unwrap(),
            "   \"owner\": {\n-    \"mail\": \"string\"\n+    \"mail\": null\n   },"
        );
        assert_eq!(of(&example, &alike(&example, &answer, "$.other")), None);
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
