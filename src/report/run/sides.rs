//! Members of a documented success beside each other: as fields say, as the example shows, and as the server answers.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::conform::plan::Plan;
use crate::model::Operation;
use crate::model::shape::{Member, Shape, ShapeKind};

use super::Compared;

/// Members nested deeper, and further ones, are left out.
const DEPTH: usize = 5;
const MOST: usize = 200;

/// Longer values are cut, in characters.
const LONGEST: usize = 60;

/// The members of the first documented success of an operation.
pub(super) fn compared(
    operation: &Operation,
    answer: Option<&Value>,
    plan: &Plan,
) -> Vec<Compared> {
    let mut responses = operation
        .responses
        .iter()
        .filter(|it| it.status.is_success());
    let Some(response) = responses.next() else {
        return Vec::new();
    };
    let mut examples = response.examples.iter().filter_map(|it| it.value());
    let example = examples.next().map(crate::model::json::Json::to_value);
    let mut rows = Vec::new();
    let sides = Sides {
        shape: response.shape.as_ref(),
        example: example.as_ref(),
        answer,
    };
    visit("", sides, 0, &mut rows);
    for row in &mut rows {
        row.observed = row.observed.take().map(|it| plan.secrets.hide(&it));
    }
    rows
}

#[derive(Clone, Copy)]
struct Sides<'a> {
    shape: Option<&'a Shape>,
    example: Option<&'a Value>,
    answer: Option<&'a Value>,
}

fn visit(path: &str, sides: Sides<'_>, depth: usize, rows: &mut Vec<Compared>) {
    if depth > DEPTH || rows.len() >= MOST {
        return;
    }
    let documented = sides.shape.map_or(&[][..], Shape::members);
    let fields: HashMap<&str, &Member> =
        documented.iter().map(|it| (it.name.as_str(), it)).collect();
    let shown = [sides.example, sides.answer].into_iter().flatten();
    let shown = shown.filter_map(Value::as_object).flat_map(|it| it.keys());
    let mut known = HashSet::new();
    let names = documented.iter().map(|it| &it.name).chain(shown);
    let names: Vec<&String> = names
        .filter(|name| known.insert(*name))
        .take(MOST)
        .collect();
    for name in names {
        let field = fields.get(name.as_str());
        let inner = Sides {
            shape: field.map(|field| &field.shape),
            example: sides.example.and_then(|it| it.get(name.as_str())),
            answer: sides.answer.and_then(|it| it.get(name.as_str())),
        };
        let path = match path {
            "" => name.clone(),
            path => format!("{path}.{name}"),
        };
        rows.push(Compared {
            member: path.clone(),
            documented: field.map(|field| said(field)),
            shown: inner.example.map(short),
            observed: inner.answer.map(short),
        });
        visit(&path, inner, depth + 1, rows);
    }
    let (example, answer) = (sides.example.and_then(first), sides.answer.and_then(first));
    let items = sides.shape.and_then(|shape| match &shape.kind {
        ShapeKind::Array(items) => Some(items.as_ref()),
        _ => None,
    });
    if example.is_some() || answer.is_some() || items.is_some() {
        let inner = Sides {
            shape: items,
            example,
            answer,
        };
        visit(&format!("{path}[]"), inner, depth + 1, rows);
    }
}

fn first(value: &Value) -> Option<&Value> {
    value.as_array()?.first()
}

fn said(member: &Member) -> String {
    let kind = member.shape.describe();
    let is_promised = member.required.as_ref().is_some_and(|it| it.value);
    if is_promised {
        format!("{kind}, promised")
    } else {
        kind
    }
}

fn short(value: &Value) -> String {
    let text = match value {
        Value::Array(items) if items.is_empty() => "[]".to_owned(),
        Value::Array(items) => format!("array of {}", items.len()),
        Value::Object(members) => format!("object of {}", members.len()),
        scalar => scalar.to_string(),
    };
    if text.chars().count() <= LONGEST {
        return text;
    }
    let start: String = text.chars().take(LONGEST).collect();
    format!("{start}…")
}
