//! What a documented response promises of bodies.

use crate::model::json::{Json, JsonKind};
use crate::model::shape::{Member, Openness, Shape, ShapeKind};
use crate::model::{Evidence, Fact, Origin, ReadingRule, Response};
use crate::source::Span;

use super::refusal::Refusal;

/// True if fields or an example in JSON document the body.
pub(super) fn is_json(response: &Response) -> bool {
    let mut examples = response.examples.iter();
    let shows_json = examples.any(|example| example.value().is_some());
    shows_json || response.shape.is_some() && !shows_other(response)
}

/// True if an example shows a body that is not JSON.
pub(super) fn shows_other(response: &Response) -> bool {
    response.examples.iter().any(|example| {
        example.media_type != "application/json" && !example.text.text().trim().is_empty()
    })
}

/// What the fields promise; without fields, examples promise no more than the JSON type of their root.
pub(super) fn promised(response: &Response, refusal: &Refusal, value: &Json) -> Option<Shape> {
    if let Some(shape) = &response.shape {
        return Some(shape.clone());
    }
    let refusal = (!response.status.is_success()).then_some(refusal);
    let mut shapes: Vec<_> = response
        .examples
        .iter()
        .filter_map(|example| {
            let body = example.value()?;
            let refusal = refusal.map(|refusal| refusal.beside(body, value));
            Some(shown(body, example.span, refusal.as_ref(), ""))
        })
        .collect();
    let last = shapes.pop()?;
    if shapes.is_empty() {
        return Some(last);
    }
    let evidence = last.evidence;
    shapes.push(last);
    Some(Shape::new(ShapeKind::Union(shapes), evidence))
}

/// The kind of body that the examples show, where no field documents it.
pub(super) static KIND_OF_EXAMPLE: ReadingRule = ReadingRule {
    name: "kind-of-example",
    origin: Origin::Example,
    summary: "a body that no field documents is of the kind that its examples show",
};

/// The kinds of values that the example of a success shows.
pub fn shown_kinds(value: &Json, span: Span) -> Shape {
    shown(value, span, None, "")
}

/// What an example shows of the kinds of values. A refusal is expected to have the members as well: clients read them,
/// and it rarely has fields of its own.
fn shown(value: &Json, span: Span, refusal: Option<&Refusal>, way: &str) -> Shape {
    let depth = way.split('.').filter(|name| !name.is_empty()).count();
    let evidence = Evidence::new(span, &KIND_OF_EXAMPLE);
    let kind = match &value.kind {
        JsonKind::Null | JsonKind::Elision | JsonKind::Placeholder(_) => ShapeKind::Unknown,
        JsonKind::Bool(_) => ShapeKind::Boolean,
        JsonKind::Number(_) => ShapeKind::Number,
        JsonKind::String(_) => ShapeKind::String,
        JsonKind::Array(items) => {
            let items = listed(items).filter(|_| refusal.is_some() && depth < 2);
            let shape = items.map(|item| shown(item, span, refusal, &format!("{way}[]")));
            ShapeKind::Array(Box::new(shape.unwrap_or_else(Shape::unknown)))
        }
        JsonKind::Object(_) if depth > 1 || value.is_open() => ShapeKind::Unknown,
        JsonKind::Object(members) => {
            let members = members.iter().map(|member| {
                let dot = if way.is_empty() { "" } else { "." };
                let way = format!("{way}{dot}{}", member.key);
                let is_expected = refusal.is_some_and(|refusal| refusal.has(&way));
                Member {
                    name: member.key.clone(),
                    shape: shown(&member.value, span, refusal, &way),
                    required: Some(Fact::new(true, span, &KIND_OF_EXAMPLE)).filter(|_| is_expected),
                    evidence: Some(evidence),
                }
            });
            ShapeKind::Object {
                members: members.collect(),
                open: Openness::Unknown,
            }
        }
    };
    let mut shape = Shape::new(kind, Some(evidence));
    // One example does not show that a member is never empty.
    shape.nullable = (depth > 0).then_some(evidence);
    shape
}

/// The first of the items of a list, if all are objects with the same members of the same kinds.
fn listed(items: &[Json]) -> Option<&Json> {
    let first = items.first()?;
    let kinds = |item: &Json| {
        let members = item.members().iter();
        let kinds = members.map(|it| (it.key.clone(), std::mem::discriminant(&it.value.kind)));
        kinds.collect::<Vec<_>>()
    };
    let is_alike = items.iter().all(|item| kinds(item) == kinds(first));
    (!first.members().is_empty() && is_alike).then_some(first)
}
