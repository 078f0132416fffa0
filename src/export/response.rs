//! Responses by their statuses.
//!
//! A success of unstated status is `2XX`: the page promises a success, and not that it is 200.
//! Where only errors are stated, such a success is added.
//! An error of unstated status is what is left, `default`, or `4XX` where nothing else is stated.
//! A status that HTTP gives no body has no content, whatever the page shows below it.
//! A header stands at each status whose answers have it; `Content-Type` is what the media types say already.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use crate::model::answer::headers_of;
use crate::model::{Example, Operation, Origin, Response, ResponseHeader, Status};

use super::phrase::phrase;
use super::schema::Descriptions;
use super::{Exporter, SOURCE, quoted};

/// The responses of an operation by status, in the order of the pages, successes first.
pub(super) fn all(exporter: &mut Exporter<'_>, operation: &Operation) -> Map<String, Value> {
    let mut keys: Vec<String> = Vec::new();
    let key_of = |response: &Response| match &response.status {
        Status::Code(code) => code.value.to_string(),
        Status::Success => "2XX".to_owned(),
        Status::Error => "default".to_owned(),
    };
    for response in &operation.responses {
        let key = key_of(response);
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys.sort_by_key(|key| (key == "default", !key.starts_with('2')));
    let mut found = Map::new();
    for key in keys {
        let alike: Vec<&Response> = operation
            .responses
            .iter()
            .filter(|response| key_of(response) == key)
            .collect();
        let written = if key == "default" && found.is_empty() {
            "4XX"
        } else {
            &key
        };
        found.insert(written.to_owned(), one(exporter, operation, &alike));
    }
    lost_headers(exporter, operation);
    if found.is_empty() {
        // Without an entry, tools take every answer for a wrong one.
        found.insert(
            "default".to_owned(),
            json!({"description": "Not documented"}),
        );
    } else if !operation.responses.iter().any(|it| is_expected(&it.status)) {
        found.insert("2XX".to_owned(), json!({"description": "Success"}));
    }
    found
}

/// True for what an operation is called for: a success, or a redirection.
fn is_expected(status: &Status) -> bool {
    status.is_success() || status.code().is_some_and(|code| code < 400)
}

/// The response of one status; several are alternatives.
fn one(exporter: &mut Exporter<'_>, operation: &Operation, alike: &[&Response]) -> Value {
    let mut out = Map::new();
    out.insert("description".to_owned(), json!(description(alike)));
    let status = alike.first().map(|response| &response.status);
    let headers = status.map(|status| headers(exporter, operation, status));
    if let Some(headers) = headers.filter(|headers| !headers.is_empty()) {
        out.insert("headers".to_owned(), Value::Object(headers));
    }
    let field = alike.iter().find_map(|it| it.fields.first());
    let example = alike.iter().find_map(|it| it.examples.first());
    let place = field
        .map(|field| field.name.evidence.span)
        .or_else(|| example.map(|example| example.span));
    let content = content(exporter, alike);
    let bodiless = alike.iter().find_map(|it| bodiless(&it.status));
    match (bodiless, place) {
        _ if content.is_empty() => {}
        (None, _) => {
            out.insert("content".to_owned(), Value::Object(content));
        }
        (Some(code), Some(place)) => {
            let text = format!("the body is left out: no answer of status {code} has one");
            exporter.note(place, text);
        }
        (Some(_), None) => {}
    }
    if let Some(place) = place {
        out.insert(SOURCE.to_owned(), exporter.source(place));
    }
    Value::Object(out)
}

/// The headers that answers of the status have, by their names.
fn headers(
    exporter: &mut Exporter<'_>,
    operation: &Operation,
    status: &Status,
) -> Map<String, Value> {
    let documented = documented_headers(operation, status);
    let named = documented.into_iter().map(|header| {
        let value = exporter.header(header);
        (header.name.value.clone(), value)
    });
    named.collect()
}

fn documented_headers<'o>(operation: &'o Operation, status: &Status) -> Vec<&'o ResponseHeader> {
    let code = match status {
        Status::Code(code) => Some(code.value),
        Status::Success => Some(200),
        Status::Error => None,
    };
    let mut headers = code.map_or_else(Vec::new, |code| headers_of(operation, code));
    headers.retain(|header| !header.name.value.eq_ignore_ascii_case("content-type"));
    headers
}

/// Notes the headers of answers that the description has no entry for.
fn lost_headers(exporter: &mut Exporter<'_>, operation: &Operation) {
    let statuses = operation.responses.iter().map(|response| &response.status);
    let written: Vec<_> = statuses
        .flat_map(|status| documented_headers(operation, status))
        .map(|header| header.name.value.to_ascii_lowercase())
        .collect();
    for header in &operation.response_headers {
        let name = header.name.value.to_ascii_lowercase();
        if name != "content-type" && !written.contains(&name) {
            let name = quoted(&header.name.value);
            exporter.note(
                header.name.evidence.span,
                format!("the header {name} is left out: no answer that has it is documented"),
            );
        }
    }
}

/// The status, if an answer with it ends behind its head (RFC 9110, sections 15.3.5, 15.3.6, and 15.4.5).
fn bodiless(status: &Status) -> Option<u16> {
    status.code().filter(|code| matches!(code, 204 | 205 | 304))
}

impl Exporter<'_> {
    /// A header that only running text names binds nobody.
    fn header(&mut self, header: &ResponseHeader) -> Value {
        let mut out = Map::new();
        let description = super::text::flowing(&header.description);
        if !description.is_empty() {
            out.insert("description".to_owned(), json!(description));
        }
        let evidence = header.name.evidence;
        if !header.is_optional && evidence.origin > Origin::Prose {
            out.insert("required".to_owned(), json!(true));
        }
        let schema = header.shape.as_ref().map_or_else(Map::new, |shape| {
            self.schema(shape, &Descriptions::of_answer(&[]))
        });
        out.insert("schema".to_owned(), Value::Object(schema));
        out.insert(SOURCE.to_owned(), self.source(evidence.span));
        Value::Object(out)
    }
}

/// The phrase of the status, and the names of the variants.
fn description(alike: &[&Response]) -> String {
    let status = alike.first().map(|response| &response.status);
    let phrase = match status {
        Some(Status::Code(code)) => phrase(code.value),
        Some(Status::Error) => "Error",
        _ => "Success",
    };
    let mut variants: Vec<&str> = Vec::new();
    for variant in alike.iter().filter_map(|it| it.variant.as_ref()) {
        if !variants.contains(&variant.value.as_str()) {
            variants.push(&variant.value);
        }
    }
    if variants.is_empty() {
        phrase.to_owned()
    } else {
        format!("{phrase}: {}", variants.join(", "))
    }
}

fn content(exporter: &mut Exporter<'_>, alike: &[&Response]) -> Map<String, Value> {
    let mut schemas: Vec<Value> = Vec::new();
    for response in alike {
        let Some(shape) = &response.shape else {
            continue;
        };
        let descriptions = Descriptions::of_answer(&response.fields);
        let schema = Value::Object(exporter.schema(shape, &descriptions));
        if !schemas.contains(&schema) {
            schemas.push(schema);
        }
    }
    if schemas.is_empty() && exporter.options.from_examples {
        let examples = alike.iter().flat_map(|response| &response.examples);
        let values: Vec<_> = examples.filter_map(Example::value).collect();
        let schema = super::shown::schema(&values);
        schemas.extend((!schema.is_empty()).then_some(Value::Object(schema)));
    }
    let mut by_type: Vec<(&str, Vec<(&Example, Value)>)> = Vec::new();
    for example in alike.iter().flat_map(|response| &response.examples) {
        let Some(value) = value(exporter, example) else {
            continue;
        };
        match by_type
            .iter_mut()
            .find(|(known, _)| *known == example.media_type)
        {
            Some((_, values)) => values.push((example, value)),
            None => by_type.push((example.media_type, vec![(example, value)])),
        }
    }
    let is_json = |(known, _): &(&str, Vec<_>)| *known == "application/json";
    if !schemas.is_empty() && !by_type.iter().any(is_json) {
        by_type.insert(0, ("application/json", Vec::new()));
    }
    let mut content = Map::new();
    for (media_type, values) in by_type {
        let mut media = Map::new();
        if media_type == "application/json" {
            match schemas.as_slice() {
                [] => {}
                [only] => {
                    media.insert("schema".to_owned(), only.clone());
                }
                several => {
                    media.insert("schema".to_owned(), json!({"anyOf": several}));
                }
            }
        }
        examples(values, &mut media);
        content.insert(media_type.to_owned(), Value::Object(media));
    }
    content
}

/// What an example shows; what is left out in it stays out.
fn value(exporter: &mut Exporter<'_>, example: &Example) -> Option<Value> {
    match (&example.json, example.value()) {
        (_, Some(json)) => Some(json.to_value()),
        (Some(reading), None) if !reading.documents.is_empty() => {
            exporter.note(
                example.span,
                "the example is left out: it is more than one value",
            );
            None
        }
        (Some(_), None) => {
            exporter.note(example.span, "the example is left out: it is not JSON");
            None
        }
        (None, None) => {
            let text = example.text.text().trim();
            (!text.is_empty()).then(|| json!(text))
        }
    }
}

/// One example stands alone, several by their titles.
fn examples(values: Vec<(&Example, Value)>, media: &mut Map<String, Value>) {
    if let [(_, only)] = values.as_slice() {
        media.insert("example".to_owned(), only.clone());
        return;
    }
    let mut named = Map::new();
    let mut taken = HashSet::new();
    for (index, (example, value)) in values.into_iter().enumerate() {
        let title = example.title.as_deref().unwrap_or_default();
        let key = match super::name::camel_case(title).as_str() {
            key if key.chars().all(|it| it.is_ascii_digit()) => format!("example{}", index + 1),
            key => key.to_owned(),
        };
        let key = super::name::unique(&key, &taken);
        taken.insert(key.clone());
        let mut entry = json!({"value": value});
        if !title.is_empty() && title != key {
            entry["summary"] = json!(title);
        }
        named.insert(key, entry);
    }
    if !named.is_empty() {
        media.insert("examples".to_owned(), Value::Object(named));
    }
}
