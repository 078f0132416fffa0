//! The shape that a type states.

use serde_json::Value;

use super::{Constraints, Member, Openness, Shape, ShapeKind};
use crate::model::types::{Format, RecordMember, Type};
use crate::model::{Evidence, Fact};

impl Shape {
    /// The shape that `type_` states; `evidence` is the type string.
    ///
    /// A name says nothing about what it stands for: `Address` is an object on one page and `Color` a string on the
    /// next, so a named type is not judged unless the page lists its members. A reason phrase is no type at all.
    pub fn from_type(type_: &Type, evidence: Evidence) -> Self {
        let of = |inner: &Type| Box::new(Self::from_type(inner, evidence));
        let kind = match type_ {
            Type::Any => ShapeKind::Any,
            Type::Unknown(_) | Type::ReasonPhrase(_) | Type::Named(_) | Type::Undefined => {
                ShapeKind::Unknown
            }
            Type::Null => ShapeKind::Null,
            Type::Boolean => ShapeKind::Boolean,
            Type::Integer(format) => {
                return with_format(ShapeKind::Integer, format.as_ref(), evidence);
            }
            Type::Number(format) => {
                return with_format(ShapeKind::Number, format.as_ref(), evidence);
            }
            Type::String(format) => {
                return with_format(ShapeKind::String, format.as_ref(), evidence);
            }
            Type::File => ShapeKind::File,
            Type::Object => ShapeKind::Object {
                members: Vec::new(),
                open: Openness::Unknown,
            },
            Type::Record(members) => ShapeKind::Object {
                members: members
                    .iter()
                    .map(|member| of_record(member, evidence))
                    .collect(),
                open: Openness::Closed,
            },
            Type::Map(_, value) => ShapeKind::Map(of(value)),
            Type::Array(None) => ShapeKind::Array(Box::new(Self::unknown())),
            Type::Array(Some(items)) => ShapeKind::Array(of(items)),
            Type::Tuple(items) => return of_tuple(items, evidence),
            Type::Enum(Some(inner)) => return Self::from_type(inner, evidence),
            Type::Enum(None) => {
                let kinds = [ShapeKind::String, ShapeKind::Number, ShapeKind::Boolean];
                ShapeKind::Union(kinds.map(|kind| Self::new(kind, Some(evidence))).into())
            }
            Type::Literal(value) => return of_literals(&[value], evidence),
            Type::Union(alternatives) => return of_union(alternatives, evidence),
        };
        Self::new(kind, Some(evidence))
    }
}

fn with_format(kind: ShapeKind, format: Option<&Format>, evidence: Evidence) -> Shape {
    let mut shape = Shape::new(kind, Some(evidence));
    if let Some(format) = format.cloned() {
        shape.constraints.format = Some(Fact {
            value: format,
            evidence,
        });
    }
    shape
}

fn of_record(member: &RecordMember, evidence: Evidence) -> Member {
    Member {
        name: member.name.clone(),
        shape: Shape::from_type(&member.type_, evidence),
        required: Some(Fact {
            value: !member.optional && !member.type_.allows_absence(),
            evidence,
        }),
        evidence: Some(evidence),
    }
}

/// An array whose items are of any of the types: which item has which type is not judged.
fn of_tuple(items: &[Type], evidence: Evidence) -> Shape {
    if items.is_empty() {
        return Shape::array(Shape::unknown(), Some(evidence));
    }
    let mut shape = Shape::array(of_union(items, evidence), Some(evidence));
    let length = Fact {
        value: items.len() as u64,
        evidence,
    };
    shape.constraints.min_length = Some(length.clone());
    shape.constraints.max_length = Some(length);
    shape
}

/// `null` makes the shape nullable, and literals of one kind are the allowed values of one variant.
fn of_union(alternatives: &[Type], evidence: Evidence) -> Shape {
    let mut variants = Vec::new();
    let mut nullable = None;
    let mut literals: [Vec<&Value>; 3] = Default::default();
    for alternative in alternatives {
        match alternative {
            Type::Null | Type::Undefined => nullable = Some(evidence),
            Type::Literal(value) => {
                let [strings, numbers, booleans] = &mut literals;
                match value {
                    Value::Number(_) => numbers.push(value),
                    Value::Bool(_) => booleans.push(value),
                    _ => strings.push(value),
                }
            }
            other => variants.push(Shape::from_type(other, evidence)),
        }
    }
    let groups = literals.iter().filter(|values| !values.is_empty());
    variants.extend(groups.map(|values| of_literals(values, evidence)));
    let mut shape = match <[Shape; 1]>::try_from(variants) {
        Ok([only]) => only,
        Err(none) if none.is_empty() => Shape::new(ShapeKind::Null, Some(evidence)),
        Err(several) => Shape::new(ShapeKind::Union(several), Some(evidence)),
    };
    shape.nullable = shape.nullable.or(nullable);
    shape
}

/// The shape that allows exactly these values, which are of one kind.
fn of_literals(values: &[&Value], evidence: Evidence) -> Shape {
    let kind = match values.first() {
        Some(Value::Bool(_)) => ShapeKind::Boolean,
        Some(Value::Number(_)) if values.iter().all(|value| value.is_i64() || value.is_u64()) => {
            ShapeKind::Integer
        }
        Some(Value::Number(_)) => ShapeKind::Number,
        _ => ShapeKind::String,
    };
    let constraints = match values {
        [only] => Constraints {
            constant: Some(Fact {
                value: (*only).clone(),
                evidence,
            }),
            ..Constraints::default()
        },
        several => Constraints {
            allowed: Some(Fact {
                value: several.iter().map(|value| (*value).clone()).collect(),
                evidence,
            }),
            ..Constraints::default()
        },
    };
    Shape {
        constraints: constraints.into(),
        ..Shape::new(kind, Some(evidence))
    }
}
