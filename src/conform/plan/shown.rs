//! What the pages show of the values of inputs: in words, in the requests of other pages, and in answers.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::bindings::letters;
use crate::model::Api;
use crate::model::shape::ShapeKind;
use crate::model::shape::format::accepts;
use crate::model::types::Format;

use super::Item;
use super::input::{self, Input};
use super::value::is_documented;

/// More values of one name are not kept.
const VALUES: usize = 4;

/// Answers are not looked at deeper.
const DEPTH: usize = 5;

/// The values that pages show, by the letters of the names.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    sent: HashMap<String, Vec<Value>>,
    answered: HashMap<String, Vec<Value>>,
}

impl Shown {
    /// What the documented requests send, and what the documented successes hold.
    pub fn of(api: &Api, examples: &[Item]) -> Self {
        let mut shown = Self::default();
        for item in examples {
            let operation = api.operations.get(item.operation);
            for input in operation.map(input::inputs).unwrap_or_default() {
                if let Some(value) = item.draft.value(&input) {
                    add(&mut shown.sent, &input.name, &value);
                }
            }
        }
        let responses = api.operations.iter().flat_map(|it| &it.responses);
        let successes = responses.filter(|it| it.status.is_success());
        for example in successes.flat_map(|it| &it.examples) {
            if let Some(value) = example.value() {
                collect(&value.to_value(), DEPTH, &mut shown.answered);
            }
        }
        shown
    }

    /// A value that the pages show for an input; what its own words show comes first.
    pub fn value(&self, input: &Input) -> Option<Value> {
        let name = letters(&input.name);
        let others = [&self.sent, &self.answered];
        let others = others.into_iter().filter_map(|values| values.get(&name));
        let others = others.flatten().cloned();
        let mut all = in_words(input).into_iter().chain(others);
        // No text is what answers show for what is not set.
        let is_one = |value: &Value| !value.is_null() && value != "";
        all.find(|value| is_one(value) && is_documented(&input.shape, value))
    }

    /// True if the pages show days as ISO 8601 writes them: `2024-02-01`.
    pub fn writes_days(&self) -> bool {
        let all = self.sent.values().chain(self.answered.values()).flatten();
        let mut texts = all.filter_map(Value::as_str);
        texts.any(|text| {
            text.len() >= 10 && text.get(..10).is_some_and(|it| accepts(&Format::Date, it))
        })
    }

    /// True if the pages show the value for an input.
    pub fn has(&self, input: &Input, value: &Value) -> bool {
        let name = letters(&input.name);
        let others = [&self.sent, &self.answered];
        let mut others = others.into_iter().filter_map(|values| values.get(&name));
        in_words(input).contains(value) || others.any(|values| values.contains(value))
    }
}

fn add(values: &mut HashMap<String, Vec<Value>>, name: &str, value: &Value) {
    let values = values.entry(letters(name)).or_default();
    if values.len() < VALUES && !values.contains(value) {
        values.push(value.clone());
    }
}

fn collect(value: &Value, depth: usize, into: &mut HashMap<String, Vec<Value>>) {
    if depth == 0 {
        return;
    }
    match value {
        Value::Array(items) => {
            for item in items {
                collect(item, depth - 1, into);
            }
        }
        Value::Object(members) => {
            for (name, value) in members {
                if value.is_string() || value.is_number() || value.is_boolean() {
                    add(into, name, value);
                }
                collect(value, depth - 1, into);
            }
        }
        _ => {}
    }
}

/// The value that a description shows: "for example `52000.00`".
fn in_words(input: &Input) -> Vec<Value> {
    static EXAMPLE: LazyLock<Regex> = LazyLock::new(|| {
        let pattern =
            r"(?i)(?:for example|for instance|e\.g\.|such as|\blike|examples?:)[\s,:]*`([^`]+)`";
        #[expect(clippy::unwrap_used, reason = "the pattern is a constant")]
        Regex::new(pattern).unwrap()
    });
    let shown = EXAMPLE.captures_iter(&input.description);
    let values = shown.filter_map(|found| {
        let text = found.get(1)?.as_str();
        match input.shape.kind {
            ShapeKind::String => Some(Value::from(text)),
            _ => serde_json::from_str(text).ok(),
        }
    });
    values.collect()
}
