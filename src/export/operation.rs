//! One operation object.

use serde_json::{Map, Value, json as value};

use crate::model::curl;
use crate::model::json::{self, JsonKind};
use crate::model::{Body, Operation};

use super::path::Placed;
use super::response;
use super::schema::{self, Descriptions};
use super::{Exporter, SOURCE, parameter, said};

/// An operation without its servers and its security.
pub(super) fn write(
    exporter: &mut Exporter<'_>,
    placed: &Placed<'_>,
    name: &str,
    tags: &[String],
) -> Map<String, Value> {
    let operation = placed.operation;
    let mut out = Map::new();
    out.insert("operationId".to_owned(), value!(name));
    if let Some(title) = &operation.title {
        out.insert("summary".to_owned(), value!(title));
    }
    if !tags.is_empty() {
        out.insert("tags".to_owned(), value!(tags));
    }
    let description = operation.description.as_deref().map(super::text::flowing);
    if let Some(description) = description.filter(|text| !text.is_empty()) {
        out.insert("description".to_owned(), value!(description));
    }
    if operation.deprecated {
        out.insert("deprecated".to_owned(), value!(true));
    }
    // First, so that a schema has its own name in answers, and another where requests have a part of it.
    let responses = response::all(exporter, operation);
    let parameters = parameter::all(exporter, placed);
    if !parameters.is_empty() {
        out.insert("parameters".to_owned(), Value::Array(parameters));
    }
    if let Some(body) = &operation.body {
        let body = request_body(exporter, operation, body);
        out.insert("requestBody".to_owned(), body);
    }
    if operation.responses.is_empty() {
        let place = operation.endpoint.evidence.span;
        exporter.note(
            place,
            format!("no response of `{}` is documented", operation.name()),
        );
    }
    out.insert("responses".to_owned(), Value::Object(responses));
    out.insert(
        SOURCE.to_owned(),
        exporter.source(operation.endpoint.evidence.span),
    );
    out
}

fn request_body(exporter: &mut Exporter<'_>, operation: &Operation, body: &Body) -> Value {
    let mut out = Map::new();
    let descriptions = Descriptions::of_request(&body.fields, exporter.options);
    let whole = body.fields.first().filter(|_| body.whole);
    let is_required = if let Some(field) = whole {
        field.is_required()
    } else {
        let mut members = body.shape.members().iter();
        members.any(|member| schema::is_required(member, &descriptions))
    };
    if let Some(field) = whole {
        let description = said::description(field, &body.shape, &descriptions);
        if !description.is_empty() {
            out.insert("description".to_owned(), value!(description));
        }
    }
    if is_required && !operation.may_lack_body() {
        out.insert("required".to_owned(), value!(true));
    }
    let schema = exporter.schema(&body.shape, &descriptions);
    let mut media = value!({"schema": schema});
    let is_json = body.media_type.value.contains("json");
    if let (true, Some(example)) = (is_json, example(operation)) {
        media["example"] = example;
    }
    out.insert(
        "content".to_owned(),
        value!({body.media_type.value.as_str(): media}),
    );
    let place = body
        .fields
        .first()
        .map_or(body.media_type.evidence.span, |field| {
            field.name.evidence.span
        });
    out.insert(SOURCE.to_owned(), exporter.source(place));
    Value::Object(out)
}

/// The body of the first curl command that sends JSON which could be read.
fn example(operation: &Operation) -> Option<Value> {
    let curls = operation
        .request_examples
        .iter()
        .filter_map(|it| it.curl.as_ref());
    let mut texts = curls.filter_map(|curl| match &curl.body {
        Some(curl::Body::Raw(text) | curl::Body::Form(text, _)) => Some(text.text()),
        _ => None,
    });
    texts.find_map(|text| match json::read(text).documents.as_slice() {
        [only] if matches!(only.kind, JsonKind::Object(_) | JsonKind::Array(_)) => {
            Some(only.to_value())
        }
        _ => None,
    })
}
