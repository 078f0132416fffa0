//! Putting the facts of a text into a shape, as far as its type leaves room for them.
//!
//! What the type string says wins. A list of values that the kind cannot hold is about something else.

use serde_json::Value;

use crate::model::evidence::Fact;
use crate::model::prose::ProseFacts;
use crate::model::shape::{Shape, ShapeKind};
use crate::model::types::{Format, Type};

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
        widen(facts, shape);
        return;
    }
    values(facts, shape);
    notation(facts, shape);
    match shape.kind {
        ShapeKind::String => lengths(facts, shape),
        ShapeKind::Integer | ShapeKind::Number => bounds(facts, shape),
        _ => {}
    }
    widen(facts, shape);
}

/// "Pass an array to filter by several" and "an array, or a single id" allow one value and a list of them.
fn widen(facts: &ProseFacts, shape: &mut Shape) {
    let Some(evidence) = facts.several else {
        return;
    };
    let other = match &shape.kind {
        ShapeKind::Array(items) if facts.is_single_allowed => Shape::clone(items),
        ShapeKind::String | ShapeKind::Integer | ShapeKind::Number | ShapeKind::Boolean
            if !facts.is_single_allowed =>
        {
            let single = Shape {
                nullable: None,
                ..shape.clone()
            };
            Shape::array(single, Some(evidence))
        }
        _ => return,
    };
    let nullable = shape.nullable;
    let stated = std::mem::replace(shape, Shape::unknown());
    let evidence = stated.evidence;
    *shape = Shape::new(ShapeKind::Union(vec![stated, other]), evidence);
    shape.nullable = nullable;
}

/// True for a shape without allowed values of which some may be named.
fn has_room(shape: &Shape, value: &Value) -> bool {
    match &shape.kind {
        ShapeKind::String | ShapeKind::Unknown => true,
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

/// A value of the text as the shape holds it: a string of digits is no number.
fn held(shape: &Shape, value: &Value) -> Value {
    match (&shape.kind, value) {
        (ShapeKind::String, Value::Number(number)) => Value::String(number.to_string()),
        _ => value.clone(),
    }
}

fn values(facts: &ProseFacts, shape: &mut Shape) {
    let is_free = shape.constraints.allowed.is_none() && shape.constraints.constant.is_none();
    if !is_free {
        return;
    }
    if let Some(allowed) = &facts.allowed
        && shape.kind != ShapeKind::Boolean
        && allowed.value.iter().all(|value| has_room(shape, value))
    {
        let values = allowed.value.iter().map(|value| held(shape, value));
        shape.constraints.allowed = Some(Fact {
            value: values.collect(),
            evidence: allowed.evidence,
        });
    }
    if let Some(constant) = &facts.constant
        && has_room(shape, &constant.value)
    {
        shape.constraints.constant = Some(Fact {
            value: held(shape, &constant.value),
            evidence: constant.evidence,
        });
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
