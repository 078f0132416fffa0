//! Which of several objects a made-up value is: the one that the request asks for, and in a list each of them in turn.

use serde_json::{Map, Value};

use crate::mock::words;
use crate::model::shape::{Shape, ShapeKind};

use super::At;

/// One of several objects; none if something else is among them, or nothing tells.
pub(super) fn told<'s>(
    query: &[(String, String)],
    sent: &Map<String, Value>,
    shapes: &'s [Shape],
    at: &At<'_>,
) -> Option<&'s Shape> {
    let is_object = |shape: &&Shape| !shape.members().is_empty();
    let objects: Vec<&Shape> = shapes.iter().filter(is_object).collect();
    let is_other = |shape: &Shape| shape.members().is_empty() && shape.kind != ShapeKind::Null;
    if objects.len() < 2 || shapes.iter().any(is_other) {
        return None;
    }
    let asked = objects.iter().find(|shape| {
        constants(shape).any(|(name, value)| {
            let is_same = |known: &str| words::folded(known) == words::folded(name);
            let mut sent = sent.iter().filter(|_| at.is_subject);
            let mut query = query.iter();
            sent.any(|(known, own)| is_same(known) && own == value)
                || query.any(|(known, own)| is_same(known) && value.as_str() == Some(own))
        })
    });
    let turn = || {
        let turn = usize::try_from(at.index?).ok()?;
        objects.get(turn % objects.len())
    };
    asked.or_else(turn).copied()
}

/// The members that have one value only.
fn constants(shape: &Shape) -> impl Iterator<Item = (&str, &Value)> {
    let members = shape.members().iter();
    members.filter_map(|member| {
        let constraints = &member.shape.constraints;
        let allowed = constraints.allowed.as_ref();
        let only = allowed.and_then(|it| match it.value.as_slice() {
            [only] => Some(only),
            _ => None,
        });
        let constant = constraints.constant.as_ref().map(|it| &it.value);
        Some((member.name.as_str(), constant.or(only)?))
    })
}
