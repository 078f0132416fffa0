//! What of the documentation a run has seen, and what it has not.
//!
//! The rows are operation × documented answer: an answer counts as seen if a response of its status came back. Members
//! count as seen if a body held them; what stands in an array that was always empty was not seen.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::model::shape::{Shape, ShapeKind};
use crate::model::{Api, Operation, Status};

use super::plan::sample;
use super::session::Exchange;

/// Members nested deeper are not counted.
const DEPTH: usize = 8;

/// What was seen of an operation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// The index of the operation.
    pub operation: usize,
    /// How many requests were sent.
    pub requests: usize,
    /// The documented answers, and how many were seen of each; what only a page about all operations documents is left out
    /// if none was seen, as no request may bring it about.
    pub answers: Vec<(String, usize)>,
    /// The documented members of successes, in the order of the page, and whether one was seen.
    pub members: Vec<(String, bool)>,
    /// The documented values of such members, and whether one was seen.
    pub values: Vec<(String, bool)>,
}

impl Row {
    /// How many documented answers and members were seen, and how many there are.
    pub fn share(&self) -> (usize, usize) {
        let answers = self.answers.iter().filter(|(_, count)| *count > 0).count();
        let members = self.members.iter().filter(|(_, is_seen)| *is_seen).count();
        (answers + members, self.answers.len() + self.members.len())
    }
}

/// A row for each operation, in their order.
pub fn rows(api: &Api, exchanges: &[Exchange]) -> Vec<Row> {
    let mut by_operation: BTreeMap<usize, Vec<&Exchange>> = BTreeMap::new();
    for exchange in exchanges {
        by_operation
            .entry(exchange.item.operation)
            .or_default()
            .push(exchange);
    }
    let operations = api.operations.iter().enumerate();
    operations
        .map(|(index, operation)| {
            let exchanges = by_operation.remove(&index).unwrap_or_default();
            let mut row = row(index, operation, &exchanges);
            let shared = shared(api, operation);
            row.answers
                .retain(|(name, count)| *count > 0 || !shared.contains(name));
            row
        })
        .collect()
}

/// The statuses of an operation that only a page about all operations states.
fn shared(api: &Api, operation: &Operation) -> Vec<String> {
    let kinds = api.shared.errors.iter().flat_map(|it| &it.kinds);
    let kinds = kinds.filter(|kind| {
        let mut statuses = operation.responses.iter().map(|it| &it.status);
        statuses.any(|it| matches!(it, Status::Code(code) if *code == kind.status))
    });
    kinds.map(|kind| kind.status.value.to_string()).collect()
}

/// True if a success is documented to hold members.
pub(super) fn documents_members(operation: &Operation) -> bool {
    let mut members = Vec::new();
    let responses = operation.responses.iter();
    let shapes = responses
        .filter(|it| it.status.is_success())
        .filter_map(|it| it.shape.as_ref());
    for shape in shapes {
        documented(shape, "", 0, &mut members, &mut Vec::new());
    }
    !members.is_empty()
}

/// What some exchanges have shown of an operation.
pub(super) fn row(index: usize, operation: &Operation, exchanges: &[&Exchange]) -> Row {
    let mut answers: Vec<(String, usize)> = Vec::new();
    for response in &operation.responses {
        let name = match &response.status {
            Status::Code(code) => code.value.to_string(),
            Status::Success => "success".to_owned(),
            Status::Error => "error".to_owned(),
        };
        if answers.iter().any(|(known, _)| *known == name) {
            continue;
        }
        let is_it = |it: &&&Exchange| {
            it.status()
                .is_some_and(|status| response.status.covers(status))
        };
        answers.push((name, exchanges.iter().filter(is_it).count()));
    }
    let mut seen = BTreeSet::new();
    let mut found = BTreeSet::new();
    for exchange in exchanges.iter().filter(|it| it.is_success) {
        if let Some(body) = &exchange.body {
            visit(body, "", 0, &mut seen, &mut found);
        }
    }
    let mut members = Vec::new();
    let mut values = Vec::new();
    for response in operation
        .responses
        .iter()
        .filter(|it| it.status.is_success())
    {
        if let Some(shape) = &response.shape {
            documented(shape, "", 0, &mut members, &mut values);
        }
    }
    let members = distinct(members).into_iter();
    let values = distinct(values).into_iter();
    Row {
        operation: index,
        requests: exchanges.len(),
        answers,
        members: members
            .map(|path| (path.clone(), seen.contains(&path)))
            .collect(),
        values: values
            .map(|value| (value.clone(), found.contains(&value)))
            .collect(),
    }
}

fn distinct(paths: Vec<String>) -> Vec<String> {
    let mut known = BTreeSet::new();
    paths
        .into_iter()
        .filter(|path| known.insert(path.clone()))
        .collect()
}

/// The paths of members, and `path=value` of scalars.
fn visit(
    value: &Value,
    path: &str,
    depth: usize,
    seen: &mut BTreeSet<String>,
    found: &mut BTreeSet<String>,
) {
    if depth > DEPTH {
        return;
    }
    match value {
        Value::Array(items) => {
            let path = format!("{path}[]");
            for item in items {
                visit(item, &path, depth + 1, seen, found);
            }
        }
        Value::Object(members) => {
            for (name, value) in members {
                let path = joined(path, name);
                seen.insert(path.clone());
                visit(value, &path, depth + 1, seen, found);
            }
        }
        scalar => {
            found.insert(format!("{path}={}", sample::plain(scalar)));
        }
    }
}

fn documented(
    shape: &Shape,
    path: &str,
    depth: usize,
    members: &mut Vec<String>,
    values: &mut Vec<String>,
) {
    if depth > DEPTH {
        return;
    }
    if let Some(allowed) = &shape.constraints.allowed {
        let texts = allowed
            .value
            .iter()
            .filter(|it| !it.is_null())
            .map(sample::plain);
        values.extend(texts.map(|text| format!("{path}={text}")));
    }
    match &shape.kind {
        ShapeKind::Array(items) => {
            documented(items, &format!("{path}[]"), depth + 1, members, values);
        }
        ShapeKind::Object { members: inner, .. } => {
            for member in inner {
                let path = joined(path, &member.name);
                members.push(path.clone());
                documented(&member.shape, &path, depth + 1, members, values);
            }
        }
        _ => {}
    }
}

fn joined(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

#[cfg(test)]
mod tests {
    use crate::conform::shared;
    use crate::conform::tests::documentation;

    use super::*;

    #[test]
    fn what_only_a_guide_documents_is_not_missed() {
        const ERRORS: &str = "---\ntitle: Errors\n---\n\n| Status | When |\n| --- | --- |\n| `404` | There is no such thing. |\n| `422` | A value is wrong. |\n";
        const READ: &str = "---\napi: GET https://api.example.com/books/{id}\n---\n\n<ResponseExample>\n\n```json 200\n{\"id\": 1}\n```\n\n```json 422\n{}\n```\n\n</ResponseExample>\n";
        let (_, mut documentation) = documentation("", &[ERRORS, READ]);
        shared::spread(&mut documentation.api);
        let rows = rows(&documentation.api, &[]);
        let names = rows.iter().flat_map(|row| &row.answers);
        let names: Vec<_> = names.map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["200", "422"]);
    }
}
