//! One operation object.

use serde_json::{Map, Value, json as value};

use crate::model::curl;
use crate::model::json::{self, JsonKind};
use crate::model::{Body, Operation};

use super::path::Placed;
use super::response;
use super::schema::Descriptions;
use super::{Exporter, SOURCE, parameter};

/// An operation without its servers and its security.
pub(super) fn write(
    exporter: &mut Exporter<'_>,
    placed: &Placed<'_>,
    name: &str,
) -> Map<String, Value> {
    let operation = placed.operation;
    let mut out = Map::new();
    out.insert("operationId".to_owned(), value!(name));
    if let Some(title) = &operation.title {
        out.insert("summary".to_owned(), value!(title));
    }
    let description = operation.description.as_deref().map(super::text::flowing);
    if let Some(description) = description.filter(|text| !text.is_empty()) {
        out.insert("description".to_owned(), value!(description));
    }
    if operation.deprecated {
        out.insert("deprecated".to_owned(), value!(true));
    }
    let parameters = parameter::all(exporter, placed);
    if !parameters.is_empty() {
        out.insert("parameters".to_owned(), Value::Array(parameters));
    }
    if let Some(body) = &operation.body {
        let body = request_body(exporter, operation, body);
        out.insert("requestBody".to_owned(), body);
    }
    let responses = response::all(exporter, operation);
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
    let is_required = if body.whole {
        body.fields
            .first()
            .is_some_and(crate::model::Field::is_required)
    } else {
        let mut members = body.shape.members().iter();
        members.any(|member| member.required.as_ref().is_some_and(|it| it.value))
    };
    if let (true, Some(field)) = (body.whole, body.fields.first()) {
        let description = super::text::flowing(&field.description);
        if !description.is_empty() {
            out.insert("description".to_owned(), value!(description));
        }
    }
    if is_required && !operation.may_lack_body() {
        out.insert("required".to_owned(), value!(true));
    }
    let descriptions = Descriptions::of(&body.fields);
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
