//! Putting the facts of a text into a shape, as far as its type leaves room for them.
//!
//! What the type string says wins. A list of values that the kind cannot hold is about something else.

use serde_json::{Number, Value};

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
        if let (ShapeKind::String, None, Some(most)) = (
            &items.kind,
            &items.constraints.max_length,
            &facts.item_max_length,
        ) {
            items.constraints.max_length = Some(most.clone());
        }
        lengths(facts, shape);
        widen(facts, shape);
        return;
    }
    values(facts, shape);
    notation(facts, shape);
    match shape.kind {
        ShapeKind::String => lengths(facts, shape),
        ShapeKind::Integer | ShapeKind::Number => {
            bounds(facts, shape);
            words(facts, shape);
        }
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

/// What the value is in such a shape; nothing if the shape has no room for it.
fn fitting(shape: &Shape, value: &Value) -> Option<Value> {
    match &shape.kind {
        ShapeKind::String => Some(match value {
            Value::Number(number) => Value::String(number.to_string()),
            other => other.clone(),
        }),
        ShapeKind::Unknown | ShapeKind::Any => Some(value.clone()),
        ShapeKind::Integer | ShapeKind::Number => {
            let number = number(value)?;
            let is_whole = number.is_i64() || number.is_u64();
            (is_whole || shape.kind == ShapeKind::Number).then_some(Value::Number(number))
        }
        ShapeKind::Boolean => value.is_boolean().then(|| value.clone()),
        ShapeKind::Union(variants) => {
            let is_free = variants.iter().all(|variant| {
                variant.constraints.allowed.is_none()
                    && variant.constraints.constant.is_none()
                    && !matches!(variant.kind, ShapeKind::Unknown | ShapeKind::Any)
            });
            let mut read = variants
                .iter()
                .filter_map(|variant| fitting(variant, value));
            is_free.then(|| read.next()).flatten()
        }
        _ => None,
    }
}

/// The number, also one that the text writes as JSON would not, such as `0.50`.
fn number(value: &Value) -> Option<Number> {
    match value {
        Value::Number(number) => Some(number.clone()),
        Value::String(text) => text.parse().ok(),
        _ => None,
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
        && let Some(values) = allowed
            .value
            .iter()
            .map(|value| fitting(shape, value))
            .collect()
    {
        shape.constraints.allowed = Some(Fact {
            value: values,
            evidence: allowed.evidence,
        });
        words(facts, shape);
    }
    if let Some(constant) = &facts.constant
        && let Some(value) = fitting(shape, &constant.value)
    {
        shape.constraints.constant = Some(Fact {
            value,
            evidence: constant.evidence,
        });
    }
}

fn words(facts: &ProseFacts, shape: &mut Shape) {
    if facts.words.is_some() {
        shape.constraints.words.clone_from(&facts.words);
    }
}

fn notation(facts: &ProseFacts, shape: &mut Shape) {
    let is_free = shape.constraints.allowed.is_none() && shape.constraints.constant.is_none();
    if let Some(prefix) = facts.prefix.as_ref().filter(|_| is_free)
        && shape.kind == ShapeKind::String
    {
        shape.constraints.prefix = Some(prefix.clone());
    }
    if let Some(pattern) = facts.pattern.as_ref().filter(|_| is_free)
        && shape.kind == ShapeKind::String
        && shape.constraints.pattern.is_none()
    {
        shape.constraints.pattern = Some(Fact::clone(pattern));
    }
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
    if facts.minimum.is_none() && facts.maximum.is_none() {
        return;
    }
    let constraints = &mut shape.constraints;
    constraints.minimum = constraints.minimum.take().or_else(|| facts.minimum.clone());
    constraints.maximum = constraints.maximum.take().or_else(|| facts.maximum.clone());
}

fn lengths(facts: &ProseFacts, shape: &mut Shape) {
    if facts.min_length.is_none() && facts.max_length.is_none() {
        return;
    }
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
    let value = match (&shape.kind, fitting(&shape, &default.value)?) {
        (ShapeKind::String, Value::Number(number)) => Value::String(number.to_string()),
        (ShapeKind::String, Value::Bool(truth)) => Value::String(truth.to_string()),
        (_, value) => value,
    };
    Some(Fact {
        value,
        evidence: default.evidence,
    })
}
