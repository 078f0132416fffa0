//! Parameters outside the body.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use crate::model::shape::ShapeKind;
use crate::model::{Location, Operation, Parameter};

use super::path::Placed;
use super::schema::Descriptions;
use super::{Exporter, SOURCE, quoted, said, security};

/// Headers that OpenAPI states elsewhere, and that are ignored among the parameters.
///
/// <https://spec.openapis.org/oas/v3.1.0.html#fixed-fields-9>
const STATED_ELSEWHERE: [&str; 3] = ["accept", "authorization", "content-type"];

/// The parameters of an operation: those of the template first, then as the pages list them.
pub(super) fn all(exporter: &mut Exporter<'_>, placed: &Placed<'_>) -> Vec<Value> {
    let operation = placed.operation;
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    for (spelled, name) in &placed.names {
        found.push(of_template(exporter, operation, spelled, name));
        seen.insert((Location::Path, spelled.clone()));
    }
    for parameter in &operation.parameters {
        let name = parameter.field.name.value.trim();
        let span = parameter.field.name.evidence.span;
        let location = parameter.location;
        if location == Location::Path {
            if !placed.names.iter().any(|(_, own)| is_same(own, name)) {
                exporter.note(
                    span,
                    format!(
                        "{} is left out: the path has no parameter of that name",
                        quoted(name)
                    ),
                );
            }
            continue;
        }
        let lower = name.to_ascii_lowercase();
        if location == Location::Header && STATED_ELSEWHERE.contains(&lower.as_str()) {
            let is_known = lower == "content-type" || security::covers(operation, name);
            if !is_known {
                exporter.note(
                    span,
                    format!(
                        "the header {} is left out: OpenAPI ignores it among the parameters",
                        quoted(name)
                    ),
                );
            }
            continue;
        }
        if location == Location::Header && security::covers(operation, name) {
            continue;
        }
        let key = if location == Location::Header {
            lower
        } else {
            name.to_owned()
        };
        if name.is_empty() || !seen.insert((location, key)) {
            exporter.note(
                span,
                format!(
                    "{} is left out: the operation has another parameter of that name",
                    quoted(name)
                ),
            );
            continue;
        }
        found.push(one(exporter, parameter, name));
    }
    let query = operation
        .endpoint
        .value
        .query
        .as_deref()
        .unwrap_or_default();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        if seen.insert((Location::Query, name.to_owned())) {
            found.push(json!({
                "name": name, "in": "query", "required": true,
                "schema": {"type": "string", "const": value},
            }));
        }
    }
    found
}

/// A parameter of the template; one that no page documents is a string.
fn of_template(
    exporter: &mut Exporter<'_>,
    operation: &Operation,
    spelled: &str,
    name: &str,
) -> Value {
    let documented = operation
        .parameters_in(Location::Path)
        .find(|parameter| is_same(name, parameter.field.name.value.trim()));
    match documented {
        Some(parameter) => one(exporter, parameter, spelled),
        None => {
            json!({"name": spelled, "in": "path", "required": true, "schema": {"type": "string"}})
        }
    }
}

/// Authors write the braces and the colon of the template, too.
fn is_same(own: &str, written: &str) -> bool {
    own == written.trim_start_matches([':', '{']).trim_end_matches('}')
}

fn one(exporter: &mut Exporter<'_>, parameter: &Parameter, name: &str) -> Value {
    let field = &parameter.field;
    let mut out = Map::new();
    out.insert("name".to_owned(), json!(name));
    out.insert("in".to_owned(), json!(parameter.location.as_str()));
    let descriptions = Descriptions::of_request(&field.children, exporter.options);
    let description = said::description(field, &parameter.shape, &descriptions);
    if !description.is_empty() {
        out.insert("description".to_owned(), json!(description));
    }
    // Where there is a default, leaving it out asks for that.
    let is_asked_for = field.is_required() && field.default.is_none();
    if is_asked_for || parameter.location == Location::Path {
        out.insert("required".to_owned(), json!(true));
    }
    if field.deprecated {
        out.insert("deprecated".to_owned(), json!(true));
    }
    let has_members = matches!(
        parameter.shape.kind,
        ShapeKind::Object { .. } | ShapeKind::Map(_)
    );
    if has_members && parameter.location == Location::Query {
        out.insert("style".to_owned(), json!("deepObject"));
        out.insert("explode".to_owned(), json!(true));
    }
    let mut schema = exporter.schema(&parameter.shape, &descriptions);
    exporter.unknown_type(field, &parameter.shape);
    exporter.default(field, &parameter.shape, &mut schema);
    out.insert("schema".to_owned(), Value::Object(schema));
    out.insert(SOURCE.to_owned(), exporter.source(field.name.evidence.span));
    Value::Object(out)
}
