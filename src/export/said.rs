//! Descriptions: what a page says of a field in words, and the facts that stand nowhere else.
//!
//! A fact that running text states and that is no constraint is mostly in the description word for word. One that was
//! read from elsewhere, such as a list beside the text, is added to it as a sentence.

use serde_json::Value;

use crate::model::shape::{Constraints, Shape, ShapeKind};
use crate::model::{Fact, Field};

use super::schema::Descriptions;

/// What the field says, and what else is known of its values and binds nobody.
pub(super) fn description(field: &Field, shape: &Shape, descriptions: &Descriptions<'_>) -> String {
    let mut text = super::text::flowing(&field.description);
    for sentence in loose(shape, descriptions, &text) {
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        text.push_str(&sentence);
    }
    text
}

/// A sentence for each fact that is no constraint and that the text does not name; the items of an array count as well.
fn loose(shape: &Shape, descriptions: &Descriptions<'_>, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut next = Some(shape);
    while let Some(shape) = next {
        sentences(&shape.constraints, descriptions, text, &mut found);
        next = match &shape.kind {
            ShapeKind::Array(items) => Some(items),
            _ => None,
        };
    }
    found
}

fn sentences(
    constraints: &Constraints,
    descriptions: &Descriptions<'_>,
    text: &str,
    into: &mut Vec<String>,
) {
    let allowed = constraints.allowed.as_ref();
    if let Some(allowed) = allowed.filter(|it| !descriptions.binds(it.evidence)) {
        let words: Vec<String> = allowed.value.iter().map(word).collect();
        if !words.iter().all(|word| text.contains(word.as_str())) {
            into.push(format!("One of `{}`.", words.join("`, `")));
        }
    }
    let Constraints {
        minimum,
        maximum,
        min_length,
        max_length,
        ..
    } = constraints;
    let number = |fact: &Fact<f64>| (fact.value.to_string(), fact.evidence);
    let length = |fact: &Fact<u64>| (fact.value.to_string(), fact.evidence);
    let bounds = [
        ("At least", minimum.as_ref().map(number), "."),
        ("At most", maximum.as_ref().map(number), "."),
        ("At least", min_length.as_ref().map(length), " long."),
        ("At most", max_length.as_ref().map(length), " long."),
    ];
    for (before, bound, behind) in bounds {
        let Some((word, evidence)) = bound else {
            continue;
        };
        if !descriptions.binds(evidence) && !text.contains(&word) {
            into.push(format!("{before} {word}{behind}"));
        }
    }
}

fn word(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
