//! Putting the facts of a text into a shape, as far as its type leaves room for them.
//!
//! What the type string says wins. A list of values that the kind cannot hold is about something else.

use serde_json::Value;

use crate::model::evidence::Fact;
use crate::model::prose::ProseFacts;
use crate::model::shape::{Shape, ShapeKind};
use crate::model::types::{self, Format, Type};

/// Adds what the text says.
pub(in crate::model::build) fn apply(facts: &ProseFacts, shape: &mut Shape) {
    if let Some(open) = facts.open {
        shape.open(open);
    }
    if shape.nullable.is_none() {
        shape.nullable = facts.nullable;
    }
    if let ShapeKind::Array(items) = &mut shape.kind {
        values(facts, items);
        notation(facts, items);
        lengths(facts, shape);
        return;
    }
    values(facts, shape);
    notation(facts, shape);
    match shape.kind {
        ShapeKind::String => lengths(facts, shape),
        ShapeKind::Integer | ShapeKind::Number => bounds(facts, shape),
        _ => {}
    }
}

/// True for a shape without allowed values of which some may be named.
fn has_room(shape: &Shape, value: &Value) -> bool {
    match &shape.kind {
        ShapeKind::String | ShapeKind::Unknown | ShapeKind::Any => true,
        ShapeKind::Integer => value.is_i64() || value.is_u64(),
        ShapeKind::Number => value.is_number(),
        ShapeKind::Boolean => value.is_boolean(),
        ShapeKind::Union(variants) => {
            variants.iter().all(|variant| {
                variant.constraints.allowed.is_none() && variant.constraints.constant.is_none()
            }) && variants.iter().any(|variant| has_room(variant, value))
                && variants
                    .iter()
                    .all(|variant| !matches!(variant.kind, ShapeKind::Unknown | ShapeKind::Any))
        }
        _ => false,
    }
}

/// True for words such as `string` and `number`: where other values than strings may stand, they name types.
fn are_types(values: &[Value]) -> bool {
    let is_type = |value: &Value| {
        value.as_str().is_some_and(|text| {
            let named = types::parse(text);
            let is_other = matches!(
                named,
                Type::Named(_) | Type::Literal(_) | Type::ReasonPhrase(_)
            );
            named.is_understood() && !is_other
        })
    };
    values.iter().all(is_type)
}

fn values(facts: &ProseFacts, shape: &mut Shape) {
    let is_free = shape.constraints.allowed.is_none() && shape.constraints.constant.is_none();
    if !is_free {
        return;
    }
    if let Some(allowed) = &facts.allowed
        && shape.kind != ShapeKind::Boolean
        && (shape.kind == ShapeKind::String || !are_types(&allowed.value))
        && allowed.value.iter().all(|value| has_room(shape, value))
    {
        shape.constraints.allowed = Some(allowed.clone());
    }
    if let Some(constant) = &facts.constant
        && has_room(shape, &constant.value)
    {
        shape.constraints.constant = Some(constant.clone());
    }
}

fn notation(facts: &ProseFacts, shape: &mut Shape) {
    let Some(format) = &facts.format else {
        return;
    };
    if shape.constraints.format.is_some() || shape.constraints.allowed.is_some() {
        return;
    }
    let is_unix = matches!(
        format.value,
        Format::UnixTime | Format::UnixSeconds | Format::UnixMilliseconds
    );
    let fits = match shape.kind {
        ShapeKind::String => !is_unix,
        ShapeKind::Integer | ShapeKind::Number => is_unix,
        _ => false,
    };
    if fits {
        shape.constraints.format = Some(format.clone());
    }
}

fn bounds(facts: &ProseFacts, shape: &mut Shape) {
    let constraints = &mut shape.constraints;
    constraints.minimum = constraints.minimum.take().or_else(|| facts.minimum.clone());
    constraints.maximum = constraints.maximum.take().or_else(|| facts.maximum.clone());
}

fn lengths(facts: &ProseFacts, shape: &mut Shape) {
    let constraints = &mut shape.constraints;
    if constraints.min_length.is_none() && constraints.max_length.is_none() {
        constraints.min_length.clone_from(&facts.min_length);
        constraints.max_length.clone_from(&facts.max_length);
    }
}

/// The default that the text states, as a value of that type.
pub(in crate::model::build) fn default(facts: &ProseFacts, kind: &Type) -> Option<Fact<Value>> {
    let default = facts.default.clone()?;
    let shape = Shape::from_type(kind, default.evidence);
    if !has_room(&shape, &default.value) {
        return None;
    }
    let value = match (&shape.kind, default.value) {
        (ShapeKind::String, Value::Number(number)) => Value::String(number.to_string()),
        (ShapeKind::String, Value::Bool(truth)) => Value::String(truth.to_string()),
        (_, value) => value,
    };
    Some(Fact {
        value,
        evidence: default.evidence,
    })
}
