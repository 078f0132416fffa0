//! A first look at a value that is right in every way, as most are: nothing is allocated for it.
//!
//! What this look does not understand is left to the whole comparison, which alone says what is wrong.

use super::matcher::is_integral;
use super::{Constraints, Openness, Shape, ShapeKind, format};
use crate::model::json::{Json, JsonKind, Member};

/// Members are searched one after the other, so objects with more of them take the long way.
pub(super) const MOST_MEMBERS: usize = 64;

/// A value without others inside.
#[derive(Clone, Copy)]
pub(super) enum Scalar<'v> {
    Null,
    Boolean,
    Number { value: f64, is_integral: bool },
    Text(&'v str),
}

impl Shape {
    /// True only if [`Shape::mismatches`] finds nothing; false if that is not seen at once.
    pub(super) fn surely_matches(&self, value: &Json) -> bool {
        let scalar = match &value.kind {
            JsonKind::Null => Scalar::Null,
            JsonKind::Bool(_) => Scalar::Boolean,
            JsonKind::String(text) => Scalar::Text(text),
            JsonKind::Number(number) => Scalar::Number {
                value: number.as_f64().unwrap_or(f64::NAN),
                is_integral: is_integral(number),
            },
            JsonKind::Array(values) => return self.surely_lists(value, values),
            JsonKind::Object(values) => return self.surely_has(value, values),
            JsonKind::Elision | JsonKind::Placeholder(_) => return false,
        };
        self.surely_takes(scalar)
    }

    /// The same for a value without others inside.
    pub(super) fn surely_takes(&self, scalar: Scalar<'_>) -> bool {
        let is_kind = match (&self.kind, scalar) {
            (_, Scalar::Null) => return self.nullable.is_some(),
            (ShapeKind::Any | ShapeKind::Unknown, _)
            | (ShapeKind::Boolean, Scalar::Boolean)
            | (ShapeKind::Number, Scalar::Number { .. })
            | (ShapeKind::String | ShapeKind::File, Scalar::Text(_)) => true,
            (ShapeKind::Integer, Scalar::Number { is_integral, .. }) => is_integral,
            (ShapeKind::Union(variants), _) => {
                variants.iter().any(|variant| variant.surely_takes(scalar))
            }
            _ => false,
        };
        is_kind && self.constraints.surely_allow(scalar)
    }

    fn surely_lists(&self, value: &Json, values: &[Json]) -> bool {
        let is_kind = match &self.kind {
            ShapeKind::Any | ShapeKind::Unknown => true,
            ShapeKind::Array(items) => values.iter().all(|value| items.surely_matches(value)),
            ShapeKind::Union(variants) => {
                variants.iter().any(|variant| variant.surely_matches(value))
            }
            _ => false,
        };
        is_kind && self.constraints.surely_hold_around(Some(values.len()))
    }

    /// True if the members are documented ones, each there once, and none that is promised is missing.
    fn surely_has(&self, value: &Json, values: &[Member]) -> bool {
        let is_kind = match &self.kind {
            ShapeKind::Any | ShapeKind::Unknown => true,
            ShapeKind::Object { members, open } => {
                let are_few = members.len() <= MOST_MEMBERS && values.len() <= MOST_MEMBERS;
                are_few && are_documented(values, members, *open)
            }
            ShapeKind::Union(variants) => {
                variants.iter().any(|variant| variant.surely_matches(value))
            }
            _ => false,
        };
        is_kind && self.constraints.surely_hold_around(None)
    }
}

fn are_documented(values: &[Member], members: &[super::Member], open: Openness) -> bool {
    let are_right = values.iter().enumerate().all(|(at, value)| {
        let before = values.get(..at).unwrap_or_default();
        let is_first = before.iter().all(|other| other.key != value.key);
        // Of two members that are documented under one name the later one counts.
        let member = members.iter().rev().find(|member| member.name == value.key);
        let fits = match member {
            Some(member) => member.shape.surely_matches(&value.value),
            None => members.is_empty() && open != Openness::Closed,
        };
        is_first && fits
    });
    are_right
        && members.iter().all(|member| {
            !member.is_promised() || values.iter().any(|value| value.key == member.name)
        })
}

impl Constraints {
    /// True only if all that is stated holds for a value without others inside.
    fn surely_allow(&self, scalar: Scalar<'_>) -> bool {
        if self.constant.is_some() {
            return false;
        }
        let is_allowed = self.allowed.as_ref().is_none_or(|allowed| match scalar {
            Scalar::Text(text) => allowed.value.iter().any(|it| it.as_str() == Some(text)),
            _ => false,
        });
        let is_written = self.format.as_ref().is_none_or(|wanted| match scalar {
            Scalar::Text(text) => format::accepts(&wanted.value, text),
            _ => false,
        });
        let is_begun = self.prefix.as_ref().is_none_or(|wanted| match scalar {
            Scalar::Text(text) => text.starts_with(&wanted.value),
            _ => true,
        });
        let is_matched = || {
            self.pattern.as_ref().is_none_or(|wanted| match scalar {
                Scalar::Text(text) => wanted.value.accepts(text),
                _ => true,
            })
        };
        let in_range = || match scalar {
            Scalar::Number { value, .. } => {
                let least = self.minimum.as_ref().is_none_or(|it| value >= it.value);
                least && self.maximum.as_ref().is_none_or(|it| value <= it.value)
            }
            _ => !self.has_range(),
        };
        let in_length = || match scalar {
            Scalar::Text(text) if self.has_length() => self.takes_length(text.chars().count()),
            _ => !self.has_length(),
        };
        is_allowed && is_written && is_begun && is_matched() && in_range() && in_length()
    }

    /// True only if all that is stated holds for an array of that many items, or for an object.
    pub(super) fn surely_hold_around(&self, items: Option<usize>) -> bool {
        let is_plain = self.constant.is_none() && self.allowed.is_none() && self.format.is_none();
        let in_length = || match items {
            Some(items) => self.takes_length(items),
            None => !self.has_length(),
        };
        is_plain && !self.has_range() && in_length()
    }

    fn has_range(&self) -> bool {
        self.minimum.is_some() || self.maximum.is_some()
    }

    fn has_length(&self) -> bool {
        self.min_length.is_some() || self.max_length.is_some()
    }

    fn takes_length(&self, length: usize) -> bool {
        let length = length as u64;
        let least = self.min_length.as_ref().is_none_or(|it| length >= it.value);
        least && self.max_length.as_ref().is_none_or(|it| length <= it.value)
    }
}
