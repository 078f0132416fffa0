//! A first look at a value that is right in every way, as most are: nothing is allocated for it.
//!
//! What this look does not understand is left to the whole comparison, which alone says what is wrong.

use super::matcher::is_integral;
use super::{Constraints, Openness, Shape, ShapeKind, format};
use crate::model::json::{Json, JsonKind, Member};

/// Members are searched one after the other, so objects with more of them take the long way.
const MOST_MEMBERS: usize = 64;

impl Shape {
    /// True only if [`Shape::mismatches`] finds nothing; false if that is not seen at once.
    pub(super) fn surely_matches(&self, value: &Json) -> bool {
        let is_kind = match (&self.kind, &value.kind) {
            (_, JsonKind::Null) => return self.nullable.is_some(),
            (ShapeKind::Any | ShapeKind::Unknown, _) => {
                !matches!(value.kind, JsonKind::Elision | JsonKind::Placeholder(_))
            }
            (ShapeKind::Boolean, JsonKind::Bool(_))
            | (ShapeKind::Number, JsonKind::Number(_))
            | (ShapeKind::String | ShapeKind::File, JsonKind::String(_)) => true,
            (ShapeKind::Integer, JsonKind::Number(number)) => is_integral(number),
            (ShapeKind::Array(items), JsonKind::Array(values)) => {
                values.iter().all(|value| items.surely_matches(value))
            }
            (ShapeKind::Object { .. }, JsonKind::Object(values)) => self.surely_has(values),
            (ShapeKind::Union(variants), _) => {
                variants.iter().any(|variant| variant.surely_matches(value))
            }
            _ => false,
        };
        is_kind && self.constraints.surely_hold(value)
    }

    /// True if the members are documented ones, each there once, and none that is promised is missing.
    fn surely_has(&self, values: &[Member]) -> bool {
        let ShapeKind::Object { members, open } = &self.kind else {
            return false;
        };
        if members.len() > MOST_MEMBERS || values.len() > MOST_MEMBERS {
            return false;
        }
        let are_right = values.iter().enumerate().all(|(at, value)| {
            let before = values.get(..at).unwrap_or_default();
            let is_first = before.iter().all(|other| other.key != value.key);
            // Of two members that are documented under one name the later one counts.
            let member = members.iter().rev().find(|member| member.name == value.key);
            let fits = match member {
                Some(member) => member.shape.surely_matches(&value.value),
                None => members.is_empty() && *open != Openness::Closed,
            };
            is_first && fits
        });
        are_right
            && members.iter().all(|member| {
                let is_promised = member.required.as_ref().is_some_and(|it| it.value);
                !is_promised || values.iter().any(|value| value.key == member.name)
            })
    }
}

impl Constraints {
    fn surely_hold(&self, value: &Json) -> bool {
        if self.constant.is_some() {
            return false;
        }
        let is_allowed = self.allowed.as_ref().is_none_or(|allowed| {
            let text = value.as_str();
            text.is_some_and(|text| allowed.value.iter().any(|it| it.as_str() == Some(text)))
        });
        let is_written = self.format.as_ref().is_none_or(|wanted| match &value.kind {
            JsonKind::String(text) => format::accepts(&wanted.value, text),
            _ => false,
        });
        is_allowed && is_written && self.surely_bound(value)
    }

    fn surely_bound(&self, value: &Json) -> bool {
        let has_range = self.minimum.is_some() || self.maximum.is_some();
        let has_length = self.min_length.is_some() || self.max_length.is_some();
        let in_range = || {
            let JsonKind::Number(number) = &value.kind else {
                return false;
            };
            number.as_f64().is_some_and(|number| {
                let least = self.minimum.as_ref().is_none_or(|it| number >= it.value);
                least && self.maximum.as_ref().is_none_or(|it| number <= it.value)
            })
        };
        let in_length = || {
            let length = match &value.kind {
                JsonKind::String(text) => text.chars().count(),
                JsonKind::Array(items) => items.len(),
                _ => return false,
            } as u64;
            let least = self.min_length.as_ref().is_none_or(|it| length >= it.value);
            least && self.max_length.as_ref().is_none_or(|it| length <= it.value)
        };
        (!has_range || in_range()) && (!has_length || in_length())
    }
}
