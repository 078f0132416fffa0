//! Pages that describe one operation, put together: translations, result variants, and calls of one URL that a member
//! of the body tells apart.
//!
//! Each page keeps its responses, so that its examples are compared with its own fields. Where pages contradict each
//! other, their titles become the names of the variants. What a page does not ask for cannot be required.

use std::collections::{HashMap, HashSet};

use crate::model::evidence::{Fact, Origin, ReadingRule};
use crate::model::operation::{Body, Location, Operation, Parameter, Response};
use crate::model::route::Template;
use crate::model::shape::{Openness, Shape, ShapeKind};

static PAGE_AS_VARIANT: ReadingRule = ReadingRule {
    name: "page-as-variant",
    origin: Origin::Inferred,
    summary: "where pages of one operation contradict each other, their titles name the variants",
};
static NOT_ON_EVERY_PAGE: ReadingRule = ReadingRule {
    name: "not-on-every-page",
    origin: Origin::Inferred,
    summary: "what a page of the operation does not ask for is not required",
};
/// How the code here reads pages.
pub(super) static READING_RULES: &[&ReadingRule] = &[&PAGE_AS_VARIANT, &NOT_ON_EVERY_PAGE];

/// Takes in what another page says about the same operation.
pub(super) fn join(operation: &mut Operation, mut other: Operation) {
    if operation.is_inferred() && !other.is_inferred() {
        operation.endpoint = other.endpoint.clone();
    }
    name_alike(&operation.endpoint.value.path, &mut other);
    responses(operation, &other);
    parameters(&mut operation.parameters, &other.parameters);
    operation.body = match (operation.body.take(), other.body) {
        (Some(body), Some(more)) => Some(bodies(body, more)),
        (body, more) => body.or(more),
    };
    operation.pages.extend(other.pages);
    operation.queries.extend(other.queries);
    operation.request_examples.extend(other.request_examples);
    operation.deprecated |= other.deprecated;
    operation.response_headers.extend(other.response_headers);
    operation.outcomes.extend(other.outcomes);
    operation.remarks.extend(other.remarks);
    operation.reasons.extend(other.reasons);
    operation.listed.extend(other.listed);
    let text = &mut operation.sent_in_text;
    text.elsewhere = text.elsewhere.or(other.sent_in_text.elsewhere);
    text.body = text.body.or(other.sent_in_text.body);
    text.methods.extend(other.sent_in_text.methods);
    text.credentials.extend(other.sent_in_text.credentials);
    text.media_types.extend(other.sent_in_text.media_types);
    operation.is_unsafe |= other.is_unsafe;
}

/// Gives the path parameters of a page the names that the first page has for them: `{user_id}` may be its `{id}`.
fn name_alike(path: &str, other: &mut Operation) {
    let (ours, theirs) = (
        Template::parse(path),
        Template::parse(&other.endpoint.value.path),
    );
    for parameter in &mut other.parameters {
        let name = &mut parameter.field.name.value;
        let place = theirs.parameters().iter().position(|it| it == name);
        let own = place.and_then(|place| ours.parameters().get(place));
        if let (Location::Path, Some(own)) = (parameter.location, own) {
            name.clone_from(own);
        }
    }
}

/// Adds the responses, and names those that conflict by the titles of their pages.
fn responses(operation: &mut Operation, other: &Operation) {
    let mut more = other.responses.clone();
    for new in &mut more {
        let conflicts = |known: &Response| {
            let shapes = known.shape.as_ref().zip(new.shape.as_ref());
            known.status.code() == new.status.code()
                && known.status.is_success() == new.status.is_success()
                && shapes.is_some_and(|(known, new)| !is_alike(known, new))
        };
        let mut found = false;
        let first = operation.pages.first();
        for known in &mut operation.responses {
            if !conflicts(known) {
                continue;
            }
            found = true;
            // The title is that of the first page; what a later page says was named when it came.
            let place = known.fields.first().map(|field| field.open.file);
            if operation.pages.len() == 1 || place.as_ref() == first {
                name(known, operation.title.as_deref());
            }
        }
        if found {
            name(new, other.title.as_deref());
        }
    }
    operation.responses.extend(more);
}

fn name(response: &mut Response, title: Option<&str>) {
    let place = response.fields.first().map(|field| field.open);
    if let (None, Some(title), Some(span)) = (&response.variant, title, place) {
        response.variant = Some(Fact::new(title.to_owned(), span, &PAGE_AS_VARIANT));
    }
}

/// The union of parameters; one that a page does not require is not required.
fn parameters(known: &mut Vec<Parameter>, more: &[Parameter]) {
    let mut others: HashMap<Identity, &Parameter> = HashMap::new();
    for parameter in more {
        others.entry(identity(parameter)).or_insert(parameter);
    }
    let mut own = HashSet::new();
    for parameter in known.iter_mut() {
        let identity = identity(parameter);
        match others.get(&identity) {
            Some(other) => repeated(parameter, (*other).clone()),
            None => not_required(parameter),
        }
        own.insert(identity);
    }
    for parameter in more {
        if own.insert(identity(parameter)) {
            let mut parameter = parameter.clone();
            not_required(&mut parameter);
            known.push(parameter);
        }
    }
}

/// What makes a parameter the same one: where it stands, and its name.
pub(super) type Identity = (Location, String);

/// The names of headers are the same in any case.
pub(super) fn identity(parameter: &Parameter) -> Identity {
    let name = &parameter.field.name.value;
    let name = match parameter.location {
        Location::Header => name.to_ascii_lowercase(),
        _ => name.clone(),
    };
    (parameter.location, name)
}

/// Takes in a field that documents a known parameter once more.
pub(super) fn repeated(known: &mut Parameter, other: Parameter) {
    if !other.field.is_required() {
        not_required(known);
    }
    if !is_alike(&known.shape, &other.shape) {
        known.shape = either(known.shape.clone(), other.shape);
    }
}

/// A path has all of its parameters, whatever is said of them.
fn not_required(parameter: &mut Parameter) {
    let is_required = parameter.field.is_required();
    if is_required && parameter.location != Location::Path {
        let span = parameter.field.open;
        parameter.field.required = Some(Fact::new(false, span, &NOT_ON_EVERY_PAGE));
    }
}

/// A body of either page; the members of both are kept.
fn bodies(mut body: Body, more: Body) -> Body {
    if is_alike(&body.shape, &more.shape) {
        return body;
    }
    let names = body.fields.iter().map(|field| field.name.value.clone());
    let mut known: HashSet<String> = names.collect();
    for field in more.fields {
        if known.insert(field.name.value.clone()) {
            body.fields.push(field);
        }
    }
    body.whole &= more.whole;
    body.shape = either(body.shape, more.shape);
    body
}

/// One of both; a union grows by what it does not say yet.
pub(super) fn either(one: Shape, other: Shape) -> Shape {
    let evidence = one.evidence;
    match one.kind {
        ShapeKind::Union(mut variants) if one.constraints.is_empty() => {
            if !variants.iter().any(|variant| is_alike(variant, &other)) {
                variants.push(other);
            }
            Shape {
                kind: ShapeKind::Union(variants),
                ..one
            }
        }
        _ => Shape::new(ShapeKind::Union(vec![one, other]), evidence),
    }
}

/// True if two shapes say the same, wherever they say it.
fn is_alike(one: &Shape, other: &Shape) -> bool {
    let kinds = match (&one.kind, &other.kind) {
        (ShapeKind::Array(one), ShapeKind::Array(other))
        | (ShapeKind::Map(one), ShapeKind::Map(other)) => is_alike(one, other),
        (ShapeKind::Union(ones), ShapeKind::Union(others)) => {
            ones.len() == others.len()
                && ones
                    .iter()
                    .zip(others)
                    .all(|(one, other)| is_alike(one, other))
        }
        (
            ShapeKind::Object {
                members: ones,
                open: one_open,
            },
            ShapeKind::Object {
                members: others,
                open: other_open,
            },
        ) => {
            let closed = |open: &Openness| *open == Openness::Closed;
            closed(one_open) == closed(other_open)
                && ones.len() == others.len()
                && ones.iter().all(|one| {
                    others
                        .iter()
                        .any(|other| one.name == other.name && is_alike(&one.shape, &other.shape))
                })
        }
        (one, other) => std::mem::discriminant(one) == std::mem::discriminant(other),
    };
    // What one page leaves unsaid contradicts nothing.
    let (ours, theirs) = (&one.constraints, &other.constraints);
    kinds
        && is_compatible(ours.constant.as_ref(), theirs.constant.as_ref())
        && is_compatible(ours.allowed.as_ref(), theirs.allowed.as_ref())
}

fn is_compatible<T: PartialEq>(one: Option<&Fact<T>>, other: Option<&Fact<T>>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one.value == other.value,
        _ => true,
    }
}
