//! A request of what is required, for operations without a curl command.

use serde_json::Value;

use crate::conform::bindings::{Bindings, letters};
use crate::model::json;
use crate::model::shape::ShapeKind;
use crate::model::{self, AuthScheme, Location, Operation, Parameter};

use super::Reason;
use super::draft::{Draft, Payload};
use super::input;
use super::path;
use super::sample;

/// The request, or the required thing that has no value.
pub(super) fn draft(operation: &Operation, bindings: &Bindings) -> Result<Draft, Reason> {
    let mut draft = Draft::new(operation, path::fill(operation, &[], bindings));
    let mut cookies = Vec::new();
    for parameter in operation
        .parameters
        .iter()
        .filter(|it| it.field.is_required())
    {
        let name = parameter.field.name.value.clone();
        if parameter.location == Location::Path || is_given(operation, parameter, bindings) {
            continue;
        }
        let value = value(parameter, bindings)?;
        match parameter.location {
            Location::Query => draft.query.push((name, Some(value))),
            Location::Header => draft.headers.push((name, value)),
            Location::Cookie => cookies.push(format!("{name}={value}")),
            Location::Path => {}
        }
    }
    if !cookies.is_empty() {
        draft
            .headers
            .push(("Cookie".to_owned(), cookies.join("; ")));
    }
    if let Some(body) = &operation.body {
        add_body(&mut draft, operation, body, bindings)?;
    }
    Ok(draft)
}

/// True for headers that are sent anyway, by the user or with each request, and for the one that authenticates: without it the
/// server says so.
fn is_given(operation: &Operation, parameter: &Parameter, bindings: &Bindings) -> bool {
    let name = letters(&parameter.field.name.value);
    if parameter.location != Location::Header {
        return false;
    }
    let in_bindings = bindings
        .headers
        .iter()
        .any(|(known, _)| letters(known) == name);
    let is_scheme = operation
        .auth
        .schemes
        .iter()
        .any(|scheme| match &scheme.value {
            AuthScheme::Header(header) => letters(header) == name,
            AuthScheme::Bearer | AuthScheme::Basic => name == "authorization",
            AuthScheme::Query(_) => false,
        });
    in_bindings || is_scheme || input::is_of_message(&parameter.field.name.value)
}

fn value(parameter: &Parameter, bindings: &Bindings) -> Result<String, Reason> {
    let name = &parameter.field.name.value;
    if let Some(bound) = bindings.value(name) {
        return Ok(bound.to_owned());
    }
    if let Some(stated) = sample::stated(&parameter.field, &parameter.shape) {
        return Ok(sample::plain(&stated));
    }
    let value = sample::of_shape(&parameter.shape, name, bindings).map_err(|name| {
        let what = format!("{} parameter `{name}`", parameter.location.as_str());
        Reason::Value(what, name)
    })?;
    Ok(sample::plain(&value))
}

/// Puts one member into the body of an update that has none: what changes nothing may be refused.
fn change_something(value: &mut Value, body: &model::Body, bindings: &Bindings) {
    let Some(members) = value.as_object_mut().filter(|it| it.is_empty()) else {
        return;
    };
    let documented = body.shape.members().iter();
    let simple = documented.filter(|it| {
        let mut fields = body.fields.iter();
        let field = fields.find(|field| field.name.value == it.name);
        let is_open = field.is_some_and(|field| !field.deprecated && field.variant.is_none());
        let is_simple = matches!(
            it.shape.kind,
            ShapeKind::String | ShapeKind::Integer | ShapeKind::Number | ShapeKind::Boolean
        );
        is_open && is_simple && !letters(&it.name).ends_with("id")
    });
    let mut made = simple.filter_map(|it| {
        let value = sample::of_shape(&it.shape, &it.name, bindings).ok()?;
        Some((it.name.clone(), value))
    });
    members.extend(made.next());
}

/// The example of the body if there is one in JSON, else its required members.
fn add_body(
    draft: &mut Draft,
    operation: &Operation,
    body: &model::Body,
    bindings: &Bindings,
) -> Result<(), Reason> {
    let media_type = body.media_type.value.clone();
    let shown = operation.request_examples.iter().find_map(|example| {
        let is_json = example
            .language
            .as_deref()
            .is_some_and(|it| it.starts_with("json"));
        let reading = is_json.then(|| json::read(example.text.text()))?;
        let [value] = reading.documents.as_slice() else {
            return None;
        };
        Some((value.to_text(), example.span))
    });
    if let Some((text, span)) = shown {
        draft.body = Some(Payload::of_text(text));
        draft.span = span;
        draft.headers.push(("Content-Type".to_owned(), media_type));
        return Ok(());
    }
    let mut value = sample::of_shape(&body.shape, "body", bindings)
        .map_err(|name| Reason::Value(format!("member `{name}` of the body"), name))?;
    if draft.method == "PATCH" {
        change_something(&mut value, body, bindings);
    }
    let members = value.as_object();
    if members.is_some_and(serde_json::Map::is_empty) && draft.method == "GET" {
        return Ok(());
    }
    let is_form = media_type.starts_with("application/x-www-form-urlencoded");
    let is_multipart = media_type.starts_with("multipart/");
    let pairs = members.cloned().into_iter().flatten();
    let pairs = pairs.map(|(name, value)| (name, sample::plain(&value)));
    draft.body = Some(if is_multipart {
        Payload::Parts(pairs.collect())
    } else if is_form {
        Payload::Form(pairs.collect())
    } else {
        Payload::Json(value, None)
    });
    draft.headers.push((
        "Content-Type".to_owned(),
        super::documented::content_type(&media_type, is_multipart),
    ));
    Ok(())
}
