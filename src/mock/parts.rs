//! Answers whose fields stand in titled parts: `<Tab title="Circle">` beside the fields that all bodies have.
//!
//! A body has the members of all, and those of one part. A member of all whose values are the titles, such as `kind`, says
//! which one.

use serde_json::Value;

use crate::model::build::shape_of;
use crate::model::shape::{Member, Shape, ShapeKind};
use crate::model::{Fact, Field, Operation, Response};

use super::words;

/// The parts that go with a response without a title, each with the members of all; none if it has no parts.
pub(super) fn of_whole(operation: &Operation, whole: &Response) -> Vec<Shape> {
    if whole.variant.is_some() || !whole.examples.is_empty() || whole.fields.is_empty() {
        return Vec::new();
    }
    let parts = operation.responses.iter();
    let parts = parts.filter(|part| belongs(part, whole));
    parts.filter_map(|part| completed(whole, part)).collect()
}

/// A part with the members of all; `None` if there are none.
pub(super) fn of_part(operation: &Operation, part: &Response) -> Option<Shape> {
    let mut responses = operation.responses.iter();
    let whole = responses.find(|whole| {
        whole.variant.is_none() && whole.examples.is_empty() && belongs(part, whole)
    })?;
    completed(whole, part)
}

/// The fields of a response, and of its parts.
pub(super) fn fields<'o>(operation: &'o Operation, response: &'o Response) -> Vec<&'o Field> {
    let others = operation.responses.iter();
    let others = others.filter(|other| belongs(other, response) || belongs(response, other));
    let others = others.flat_map(|other| &other.fields);
    response.fields.iter().chain(others).collect()
}

/// True for a part without an example of its own, on the page and of the status of the fields that all have.
fn belongs(part: &Response, whole: &Response) -> bool {
    let page = |response: &Response| response.fields.first().map(|field| field.open.file);
    part.variant.is_some()
        && whole.variant.is_none()
        && part.examples.is_empty()
        && page(part).is_some()
        && page(part) == page(whole)
        && part.status.code() == whole.status.code()
        && part.status.is_success() == whole.status.is_success()
}

fn completed(whole: &Response, part: &Response) -> Option<Shape> {
    let mut shape = whole.shape.clone()?;
    let own = part.shape.as_ref()?;
    let title = part.variant.as_ref()?;
    let ShapeKind::Object { members, .. } = &mut shape.kind else {
        return None;
    };
    for member in members.iter_mut() {
        tell(member, title);
    }
    let is_own = |name: &str| own.members().iter().any(|it| it.name == name);
    members.retain(|member| !is_own(&member.name));
    members.extend(own.members().iter().cloned());
    Some(shape)
}

/// The shape in which objects with titled parts beside each other are one of these, each with what all of them have.
pub(super) fn split(mut shape: Shape, fields: &[Field]) -> Shape {
    for field in fields {
        split_member(&mut shape, field);
    }
    shape
}

fn split_member(shape: &mut Shape, field: &Field) {
    let name = field.name.value.trim();
    let ShapeKind::Object { members, .. } = &mut shape.kind else {
        return;
    };
    let Some(member) = members.iter_mut().find(|it| it.name == name) else {
        return;
    };
    let mut inner = &mut member.shape;
    while let ShapeKind::Array(_) = inner.kind {
        let ShapeKind::Array(items) = &mut inner.kind else {
            return;
        };
        inner = items;
    }
    let mut titles: Vec<&Fact<String>> = Vec::new();
    for title in field.children.iter().filter_map(|it| it.variant.as_ref()) {
        if titles
            .iter()
            .all(|known| known.evidence.span != title.evidence.span)
        {
            titles.push(title);
        }
    }
    if titles.len() < 2 {
        for child in &field.children {
            split_member(inner, child);
        }
        return;
    }
    let objects = match &inner.kind {
        ShapeKind::Object { .. } => true,
        ShapeKind::Union(shapes) => shapes.iter().any(|it| !it.members().is_empty()),
        _ => false,
    };
    if objects {
        let parts = titles.iter().map(|title| part(field, title, inner));
        inner.kind = ShapeKind::Union(parts.collect());
    }
}

/// The object that one of the titled parts of a field describes.
fn part(field: &Field, title: &Fact<String>, whole: &Shape) -> Shape {
    let is_of = |child: &&Field| {
        let variant = child.variant.as_ref();
        variant.is_none_or(|it| it.evidence.span == title.evidence.span)
    };
    let children = field.children.iter().filter(is_of);
    let members = children.map(|child| {
        let mut member = Member {
            name: child.name.value.trim().to_owned(),
            shape: shape_of(child),
            required: child.required.clone(),
            evidence: Some(child.name.evidence),
        };
        tell(&mut member, title);
        member
    });
    Shape::object(members.collect(), whole.evidence)
}

/// Gives a member that may be the title the one value that goes with it: `card` of `Card`, and of `Card details`.
fn tell(member: &mut Member, title: &Fact<String>) {
    let constraints = &mut member.shape.constraints;
    let Some(allowed) = &constraints.allowed else {
        return;
    };
    let whole = words::folded(&title.value);
    let words = words::parts(&title.value);
    let is_named = |value: &&Value| {
        let value = words::folded(value.as_str().unwrap_or_default());
        !value.is_empty() && (value == whole || words.contains(&value))
    };
    let mut named = allowed.value.iter().filter(is_named);
    if let (Some(value), None) = (named.next().cloned(), named.next()) {
        let evidence = title.evidence;
        constraints.constant = Some(Fact { value, evidence });
    }
}

/// The part that a made-up body is of: the one whose constants it has, else the one with members that were sent, else the
/// first.
pub(super) fn choose<'p>(
    parts: &'p [Shape],
    made: &Value,
    is_sent: impl Fn(&str) -> bool,
) -> Option<&'p Shape> {
    let is_told = |part: &&Shape| {
        let members = part.members().iter();
        let told = members.filter_map(|member| {
            let constant = member.shape.constraints.constant.as_ref()?;
            Some(made.get(&member.name)? == &constant.value)
        });
        let told: Vec<bool> = told.collect();
        !told.is_empty() && told.iter().all(|it| *it)
    };
    let is_only_here = |part: &&Shape| {
        let others = || parts.iter().filter(|other| !std::ptr::eq(*other, *part));
        let has = |shape: &Shape, name: &str| shape.members().iter().any(|it| it.name == name);
        let mut members = part.members().iter();
        members.any(|it| is_sent(&it.name) && !others().any(|other| has(other, &it.name)))
    };
    let told = parts.iter().find(is_told);
    told.or_else(|| parts.iter().find(is_only_here))
        .or_else(|| parts.first())
}
