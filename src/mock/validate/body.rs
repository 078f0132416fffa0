//! The body of a request against its documented shape.

use http::header::CONTENT_TYPE;
use serde_json::json as value;

use crate::model::json::{self, Json, JsonKind, read_strict};
use crate::model::shape::{MismatchKind, Shape, ShapeKind};
use crate::model::{Body, Operation};

use super::media::{Accepted, Kind};
use super::{At, Unreadable, Violation, chosen, rejecting, rejects, text};
use crate::mock::form;
use crate::mock::message::Request;
use crate::mock::places::Places;
use crate::mock::problem::Problem;

pub(super) fn violations(
    operation: &Operation,
    accepted: &Accepted,
    has_parts: bool,
    request: &Request,
    places: &Places,
) -> Result<Vec<Violation>, Unreadable> {
    let Some(body) = &operation.body else {
        return Ok(Vec::new());
    };
    if request.body.is_empty() {
        return Ok(absent(operation, body, places));
    }
    let content_type = request.header(CONTENT_TYPE);
    let content_type = content_type.as_deref();
    let Some(kind) = accepted.kind(content_type, &request.body) else {
        let sent = content_type.unwrap_or_default();
        return Err(Unreadable::MediaType(unsupported(
            body, accepted, sent, places,
        )));
    };
    match kind {
        Kind::Json if !has_parts && body.shape.surely_matches_text(&request.body) => Ok(Vec::new()),
        Kind::Json => {
            let value = read_strict(&request.body).map_err(|failure| {
                let detail = format!(
                    "the body is not valid JSON: {failure} ({})",
                    places.of(body.media_type.evidence.span)
                );
                let problem = Problem::new(400, "invalid-json", detail);
                Unreadable::Syntax(problem.with("offset", value!(failure.at)))
            })?;
            let mut found = of_json(operation, body, &value, places);
            for missing in chosen::missing(&body.fields, &value, places) {
                if !found.iter().any(|known| known.is_at(&missing)) {
                    found.push(missing);
                }
            }
            Ok(found)
        }
        Kind::Form => {
            let pairs = form::pairs(&String::from_utf8_lossy(&request.body));
            Ok(of_form(body, &pairs, places))
        }
        Kind::Multipart => {
            let parts = form::parts(content_type.unwrap_or_default(), &request.body);
            let parts = parts.ok_or_else(|| {
                let detail = "the body is not a multipart form with the boundary of its media type";
                Unreadable::Syntax(Problem::new(400, "invalid-form", detail))
            })?;
            Ok(of_form(body, &parts, places))
        }
        Kind::Other => Ok(Vec::new()),
    }
}

fn unsupported(body: &Body, accepted: &Accepted, sent: &str, places: &Places) -> Problem {
    let source = places.of(body.media_type.evidence.span);
    let accepts = accepted.header();
    let detail = format!("the body is `{sent}`, and {accepts} is documented ({source})");
    Problem::new(415, "unsupported-media-type", detail)
        .with("accept", value!(accepts))
        .with("source", source.to_json())
}

/// A body that is not there; methods that are usually sent without one may leave it out, unless the page shows it.
fn absent(operation: &Operation, body: &Body, places: &Places) -> Vec<Violation> {
    let examples = operation.request_examples.iter();
    let mut curls = examples.filter_map(|example| example.curl.as_ref());
    if operation.may_lack_body() && !curls.any(|curl| curl.body.is_some()) {
        return Vec::new();
    }
    if body.whole {
        let required = body.fields.first().filter(|field| field.is_required());
        let missing = required.map(|field| {
            let place = places.of(field.name.evidence.span);
            Violation::missing(At::Body(String::new()), &body.shape, Some(place))
        });
        return missing.into_iter().collect();
    }
    of_form(body, &[], places)
}

fn of_json(operation: &Operation, body: &Body, value: &Json, places: &Places) -> Vec<Violation> {
    let is_object = is_object_itself(value);
    let members = !body.whole && has_members(&body.shape);
    if members && is_batch(value) && shows_batch(operation) {
        // Some operations take one object or several; the fields then describe each of them.
        let items = Shape::new(ShapeKind::Array(Box::new(body.shape.clone())), None);
        return of_shape(&items, value, places);
    }
    if members && !is_object {
        // That the body is an object nobody writes down, as the names of its members say it.
        let evidence = body.fields.first().map(|field| field.name.evidence);
        let mut mismatches = body.shape.mismatches(value);
        for mismatch in &mut mismatches {
            mismatch.evidence = evidence;
        }
        let violation = |mismatch| Violation::of(At::Body(String::new()), mismatch, places);
        return mismatches.iter().map(violation).collect();
    }
    of_shape(&body.shape, value, places)
}

fn is_object_itself(value: &Json) -> bool {
    matches!(value.kind, JsonKind::Object(_))
}

/// True for objects with documented members, also for several ways to put one together.
fn has_members(shape: &Shape) -> bool {
    match &shape.kind {
        ShapeKind::Object { .. } => true,
        ShapeKind::Union(variants) => variants.iter().all(has_members),
        _ => false,
    }
}

fn is_batch(value: &Json) -> bool {
    !value.items().is_empty() && value.items().iter().all(is_object_itself)
}

/// True if a command of the page sends several objects.
fn shows_batch(operation: &Operation) -> bool {
    let examples = operation.request_examples.iter();
    let bodies = examples.filter_map(|example| example.curl.as_ref()?.body.as_ref()?.text());
    let mut read = bodies.map(|text| json::read(text.text()).documents);
    read.any(|documents| documents.iter().any(is_batch))
}

fn of_shape(shape: &Shape, value: &Json, places: &Places) -> Vec<Violation> {
    rejecting(shape, value)
        .iter()
        .map(|mismatch| Violation::of(At::Body(mismatch.path.pointer()), mismatch, places))
        .collect()
}

/// The pairs of a form against the members.
fn of_form(body: &Body, pairs: &[(String, String)], places: &Places) -> Vec<Violation> {
    let mut found = Vec::new();
    for member in body.shape.members() {
        let at = || {
            At::Body(format!(
                "/{}",
                member.name.replace('~', "~0").replace('/', "~1")
            ))
        };
        for (keys, mismatch) in text::part_mismatches(&member.shape, &member.name, pairs) {
            if rejects(mismatch.evidence) {
                let at = At::Body(format!("/{}/{}", member.name, keys.join("/")));
                found.push(Violation::of(at, &mismatch, places));
            }
        }
        let values = text::values(pairs, &member.name);
        if values.is_empty() {
            let required = member.required.as_ref();
            let is_required = required.is_some_and(|it| it.value && rejects(Some(it.evidence)));
            if is_required && !text::is_present(pairs, &member.name) {
                let evidence = member.evidence.or(body.shape.evidence);
                let place = evidence.map(|evidence| places.of(evidence.span));
                found.push(Violation::missing(at(), &member.shape, place));
            }
            continue;
        }
        let mismatch = text::mismatch(&member.shape, &values).filter(|mismatch| {
            mismatch.kind != MismatchKind::Undocumented && rejects(mismatch.evidence)
        });
        found.extend(mismatch.map(|mismatch| Violation::of(at(), &mismatch, places)));
    }
    found
}
