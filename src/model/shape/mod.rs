//! What JSON values a page promises, and the only definition of a value that *matches*.
//!
//! A shape is closed-world: an object whose members are documented has no others, unless it is documented as open.
//! What the documentation leaves open is never judged: an unknown type matches everything.

mod lookup;
mod matching;
mod path;

use super::evidence::{Evidence, Fact};
use super::json::{Json, JsonKind};
use super::types::{Format, Type};

pub use matching::{Mismatch, MismatchKind, is_placeholder};
pub use path::JsonPath;

/// What values are promised.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// The kind of value.
    pub kind: ShapeKind,
    /// Where it is said that the value may be `null`.
    pub nullable: Option<Evidence>,
    /// Where the kind is stated.
    pub evidence: Option<Evidence>,
    /// The only values that are allowed.
    pub allowed: Option<Fact<Vec<serde_json::Value>>>,
    /// The notation of a string or number.
    pub format: Option<Fact<Format>>,
}

/// A kind of value.
#[derive(Clone, Debug, PartialEq)]
pub enum ShapeKind {
    /// Documented to be any value.
    Any,
    /// Not documented, or not understood: never judged.
    Unknown,
    /// Only `null`.
    Null,
    /// `true` or `false`
    Boolean,
    /// A number without a fraction; `1.0` is one, as in JSON Schema.
    Integer,
    /// Any number.
    Number,
    /// A string.
    String,
    /// Bytes, outside JSON.
    File,
    /// An array of such items.
    Array(Box<Shape>),
    /// An object with these members.
    Object(ObjectShape),
    /// An object with any keys and such values.
    Map(Box<Shape>),
    /// One of these.
    Union(Vec<Shape>),
}

/// An object.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ObjectShape {
    /// The documented members, in the order of the page.
    pub members: Vec<Member>,
    /// Whether other members may occur.
    pub openness: Openness,
}

/// Whether an object has members that are not documented.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Openness {
    /// The documented members are all.
    #[default]
    Closed,
    /// The page says that it has others, or documents no member at all.
    Open,
}

/// A member of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// Its key.
    pub name: String,
    /// Its value.
    pub shape: Shape,
    /// Whether its presence is promised; nothing if the page does not say.
    pub required: Option<Fact<bool>>,
    /// Where it is documented.
    pub evidence: Evidence,
}

impl Member {
    /// True if the member must be there.
    pub fn is_required(&self) -> bool {
        self.required
            .as_ref()
            .is_some_and(|required| required.value)
    }
}

impl Shape {
    /// A shape of that kind, without anything else said about it.
    pub fn new(kind: ShapeKind, evidence: Option<Evidence>) -> Self {
        Self {
            kind,
            nullable: None,
            evidence,
            allowed: None,
            format: None,
        }
    }

    /// The shape that matches everything, because nothing is documented.
    pub fn unknown() -> Self {
        Self::new(ShapeKind::Unknown, None)
    }

    /// An object of exactly these members.
    pub fn object(members: Vec<Member>, evidence: Option<Evidence>) -> Self {
        let openness = if members.is_empty() {
            Openness::Open
        } else {
            Openness::Closed
        };
        Self::new(
            ShapeKind::Object(ObjectShape { members, openness }),
            evidence,
        )
    }

    /// The shape that a type states.
    pub fn from_type(kind: &Type, evidence: Evidence) -> Self {
        let shape = |kind| Self::new(kind, Some(evidence));
        let nested = |kind: &Type| Box::new(Self::from_type(kind, evidence));
        let with_format = |kind, format: &Option<Format>| Self {
            format: format.clone().map(|value| Fact { value, evidence }),
            ..shape(kind)
        };
        match kind {
            Type::Any => shape(ShapeKind::Any),
            Type::Null => Self {
                nullable: Some(evidence),
                ..shape(ShapeKind::Null)
            },
            Type::Boolean => shape(ShapeKind::Boolean),
            Type::Integer(format) => with_format(ShapeKind::Integer, format),
            Type::Number(format) => with_format(ShapeKind::Number, format),
            Type::String(format) => with_format(ShapeKind::String, format),
            Type::Literal(value) => Self {
                allowed: Some(Fact {
                    value: vec![value.clone()],
                    evidence,
                }),
                ..shape(kind_of_value(value))
            },
            Type::Enum(Some(inner)) => Self::from_type(inner, evidence),
            Type::Object => Self::object(Vec::new(), Some(evidence)),
            Type::Record(members) => {
                let members = members.iter().map(|member| Member {
                    name: member.name.clone(),
                    shape: Self::from_type(&member.type_, evidence),
                    required: Some(Fact {
                        value: !member.optional,
                        evidence,
                    }),
                    evidence,
                });
                Self::object(members.collect(), Some(evidence))
            }
            Type::Map(_, value) => shape(ShapeKind::Map(nested(value))),
            Type::Array(items) => {
                let items = items
                    .as_ref()
                    .map_or_else(|| Box::new(Self::unknown()), |items| nested(items));
                shape(ShapeKind::Array(items))
            }
            Type::Tuple(_) => shape(ShapeKind::Array(Box::new(Self::unknown()))),
            Type::Union(types) => Self::from_union(types, evidence),
            Type::File => shape(ShapeKind::File),
            // An object by that name, as far as the page says; enumerations are named, too.
            Type::Named(_)
            | Type::Enum(None)
            | Type::Undefined
            | Type::ReasonPhrase(_)
            | Type::Unknown(_) => shape(ShapeKind::Unknown),
        }
    }

    fn from_union(types: &[Type], evidence: Evidence) -> Self {
        let nullable = types.contains(&Type::Null).then_some(evidence);
        let literals: Vec<_> = types
            .iter()
            .filter_map(|kind| match kind {
                Type::Literal(value) => Some(value.clone()),
                _ => None,
            })
            .collect();
        let mut shapes: Vec<_> = types
            .iter()
            .filter(|kind| !matches!(kind, Type::Null | Type::Undefined | Type::Literal(_)))
            .map(|kind| Self::from_type(kind, evidence))
            .collect();
        if let Some(first) = literals.first() {
            let same = literals
                .iter()
                .all(|value| kind_of_value(value) == kind_of_value(first));
            let kind = if same {
                kind_of_value(first)
            } else {
                ShapeKind::Any
            };
            shapes.push(Self {
                allowed: Some(Fact {
                    value: literals,
                    evidence,
                }),
                ..Self::new(kind, Some(evidence))
            });
        }
        let mut shape = match shapes.pop() {
            Some(only) if shapes.is_empty() => only,
            Some(last) => {
                shapes.push(last);
                Self::new(ShapeKind::Union(shapes), Some(evidence))
            }
            None => Self::new(ShapeKind::Null, Some(evidence)),
        };
        shape.nullable = nullable.or(shape.nullable);
        shape
    }

    /// The members, if the value is an object, or an array of objects.
    pub fn members(&self) -> &[Member] {
        match &self.kind {
            ShapeKind::Object(object) => &object.members,
            ShapeKind::Array(items) => items.members(),
            _ => &[],
        }
    }

    /// True if the value is an array.
    pub fn is_array(&self) -> bool {
        matches!(self.kind, ShapeKind::Array(_))
    }

    /// The members to change, if the value is an object, or an array of objects.
    pub fn members_mut(&mut self) -> Option<&mut Vec<Member>> {
        match &mut self.kind {
            ShapeKind::Object(object) => Some(&mut object.members),
            ShapeKind::Array(items) => items.members_mut(),
            _ => None,
        }
    }

    /// The objects among `values`, and among their items, that the members describe.
    pub fn objects<'j>(&self, values: &[&'j Json]) -> Vec<&'j Json> {
        if let ShapeKind::Array(items) = &self.kind {
            let inner: Vec<_> = values.iter().flat_map(|value| value.items()).collect();
            return items.objects(&inner);
        }
        let is_object = |value: &&Json| matches!(value.kind, JsonKind::Object(_));
        values.iter().copied().filter(is_object).collect()
    }

    /// The kind in the words of messages: `string`, `array of object`, `string or null`.
    pub fn describe(&self) -> String {
        let kind = match &self.kind {
            ShapeKind::Any | ShapeKind::Unknown => "any value".to_owned(),
            ShapeKind::Null => return "null".to_owned(),
            ShapeKind::Boolean => "boolean".to_owned(),
            ShapeKind::Integer => "integer".to_owned(),
            ShapeKind::Number => "number".to_owned(),
            ShapeKind::String => "string".to_owned(),
            ShapeKind::File => "file".to_owned(),
            ShapeKind::Array(items) => match items.kind {
                ShapeKind::Any | ShapeKind::Unknown => "array".to_owned(),
                _ => format!("array of {}", items.describe()),
            },
            ShapeKind::Object(_) | ShapeKind::Map(_) => "object".to_owned(),
            ShapeKind::Union(shapes) => {
                let words: Vec<_> = shapes.iter().map(Self::describe).collect();
                words.join(" or ")
            }
        };
        if self.nullable.is_some() {
            format!("{kind} or null")
        } else {
            kind
        }
    }
}

fn kind_of_value(value: &serde_json::Value) -> ShapeKind {
    match value {
        serde_json::Value::Null => ShapeKind::Null,
        serde_json::Value::Bool(_) => ShapeKind::Boolean,
        serde_json::Value::Number(number) if number.is_f64() => ShapeKind::Number,
        serde_json::Value::Number(_) => ShapeKind::Integer,
        serde_json::Value::String(_) => ShapeKind::String,
        serde_json::Value::Array(_) | serde_json::Value::Object(_) => ShapeKind::Any,
    }
}
