//! Shapes: what a JSON value is documented to look like, and the only definition of *matches*.
//!
//! Checking, the mock, and conformance testing all ask [`Shape::mismatches`]; that is why they agree.
//!
//! What is judged, and what is not:
//!
//! - A shape that is not known ([`ShapeKind::Unknown`]) matches everything, so an unknown type contradicts nothing.
//! - An integer may be written `1.0`, as JSON Schema has it, and a number may be an integer.
//! - A number documented as a decimal may be a string of digits: servers send decimals so to keep their digits.
//! - An object that lists its members lists them all ([`Openness::Closed`]).
//! - `...` in an example stands for anything: nothing is missing beside it. So does an unquoted placeholder.
//! - A quoted placeholder such as `"<string>"` or `"YOUR_KEY"` is a string of any format and any allowed value; where no
//!   string may stand, the mismatch says that it is about a placeholder.
//! - Allowed values are compared by their text, since prose does not distinguish `1` from `"1"`.

mod constraints;
pub mod format;
mod glance;
mod matcher;
mod members;
mod mismatch;
mod of_type;
mod path;
mod pattern;
mod placeholder;
mod quick;
mod stated;
mod words;

use serde_json::Value;

pub use mismatch::{Mismatch, MismatchKind};
pub use path::{Path, Step};
pub use pattern::TextPattern;
pub use placeholder::is_placeholder;
pub use stated::Stated;

use super::types::Format;
use super::{Evidence, Fact};

/// What a value is documented to look like.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// The kind of value.
    pub kind: ShapeKind,
    /// Where the kind is stated.
    pub evidence: Option<Evidence>,
    /// Where it is stated that the value may be `null`.
    pub nullable: Option<Evidence>,
    /// What is stated beyond the kind.
    pub constraints: Stated,
}

/// The kind of a value.
#[derive(Clone, Debug, PartialEq)]
pub enum ShapeKind {
    /// Documented as any value.
    Any,
    /// Not documented, or not in a way that we understand; never judged.
    Unknown,
    /// `null` and nothing else.
    Null,
    /// `true` or `false`.
    Boolean,
    /// A number without a fraction.
    Integer,
    /// Any number.
    Number,
    /// A string.
    String,
    /// A file; in JSON it stands as a string.
    File,
    /// An array of such items.
    Array(Box<Shape>),
    /// An object.
    Object {
        /// Its documented members.
        members: Vec<Member>,
        /// Whether it may have others.
        open: Openness,
    },
    /// An object with keys of the server's choice, and such values.
    Map(Box<Shape>),
    /// One of several.
    Union(Vec<Shape>),
}

/// A documented member of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// What its value looks like.
    pub shape: Shape,
    /// Whether its presence is promised, if anything is said about that.
    pub required: Option<Fact<bool>>,
    /// Where the member is documented.
    pub evidence: Option<Evidence>,
}

/// Whether an object may have members that are not documented.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Openness {
    /// The documented members are all there are.
    Closed,
    /// Documented as open, there.
    Open(Evidence),
    /// No members are documented, so nothing is said about them.
    Unknown,
}

/// What is stated about a value beyond its kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Constraints {
    /// The values that it may have.
    pub allowed: Option<Fact<Vec<Value>>>,
    /// The words that may stand in the place of a number, or of these values.
    pub words: Option<Box<Fact<Vec<String>>>>,
    /// The one value that it always has.
    pub constant: Option<Fact<Value>>,
    /// Its notation.
    pub format: Option<Fact<Format>>,
    /// What its text begins with.
    pub prefix: Option<Fact<String>>,
    /// What its text matches.
    pub pattern: Option<Fact<TextPattern>>,
    /// The smallest number.
    pub minimum: Option<Fact<f64>>,
    /// The greatest number.
    pub maximum: Option<Fact<f64>>,
    /// The least number of characters of a string, or items of an array.
    pub min_length: Option<Fact<u64>>,
    /// The greatest number of characters of a string, or items of an array.
    pub max_length: Option<Fact<u64>>,
}

impl Shape {
    /// True for strings, in whatever notations.
    pub fn is_text(&self) -> bool {
        match &self.kind {
            ShapeKind::String => true,
            ShapeKind::Union(alternatives) => {
                !alternatives.is_empty() && alternatives.iter().all(Self::is_text)
            }
            _ => false,
        }
    }

    /// A shape of that kind without constraints.
    pub fn new(kind: ShapeKind, evidence: Option<Evidence>) -> Self {
        Self {
            kind,
            evidence,
            nullable: None,
            constraints: Stated::default(),
        }
    }

    /// The shape of which nothing is known.
    pub fn unknown() -> Self {
        Self::new(ShapeKind::Unknown, None)
    }

    /// An object with these members; without any, nothing is said about its members.
    pub fn object(members: Vec<Member>, evidence: Option<Evidence>) -> Self {
        let open = if members.is_empty() {
            Openness::Unknown
        } else {
            Openness::Closed
        };
        Self::new(ShapeKind::Object { members, open }, evidence)
    }

    /// An array of such items.
    pub fn array(items: Self, evidence: Option<Evidence>) -> Self {
        Self::new(ShapeKind::Array(Box::new(items)), evidence)
    }

    /// True if `null` is documented as a value.
    pub fn allows_null(&self) -> bool {
        let listed = self
            .constraints
            .allowed
            .as_ref()
            .is_some_and(|allowed| allowed.value.contains(&Value::Null));
        listed
            || self.nullable.is_some()
            || match &self.kind {
                ShapeKind::Any | ShapeKind::Unknown | ShapeKind::Null => true,
                ShapeKind::Union(variants) => variants.iter().any(Self::allows_null),
                _ => false,
            }
    }

    /// The kind in words, such as `array of string or null`.
    pub fn describe(&self) -> String {
        let mut words = self.kind.describe();
        if self.nullable.is_some() {
            words.push_str(" or null");
        }
        words
    }
}

impl Member {
    /// True if an object always has the member.
    pub fn is_promised(&self) -> bool {
        self.required
            .as_ref()
            .is_some_and(|required| required.value)
    }
}

impl ShapeKind {
    /// The kind in words, such as `array of string`.
    pub fn describe(&self) -> String {
        self.describe_at(0)
    }

    fn describe_at(&self, depth: usize) -> String {
        match self {
            Self::Any => "any value".to_owned(),
            Self::Unknown => "unknown".to_owned(),
            Self::Null => "null".to_owned(),
            Self::Boolean => "boolean".to_owned(),
            Self::Integer => "integer".to_owned(),
            Self::Number => "number".to_owned(),
            Self::String => "string".to_owned(),
            Self::File => "file".to_owned(),
            Self::Object { .. } | Self::Map(_) => "object".to_owned(),
            Self::Array(items) if depth > 3 || matches!(items.kind, Self::Unknown) => {
                "array".to_owned()
            }
            Self::Array(items) => format!("array of {}", items.kind.describe_at(depth + 1)),
            Self::Union(_) if depth > 3 => "value".to_owned(),
            Self::Union(variants) => {
                let mut words: Vec<String> = Vec::new();
                for variant in variants {
                    let word = variant.kind.describe_at(depth + 1);
                    if !words.contains(&word) {
                        words.push(word);
                    }
                }
                words.join(" or ")
            }
        }
    }
}

#[cfg(test)]
mod tests;
