//! The members of a shape, wherever it holds objects.

use std::borrow::Cow;

use super::{Member, Openness, Shape, ShapeKind};
use crate::model::Evidence;
use crate::model::json::{Json, JsonKind};

impl Shape {
    /// True if no value mismatches.
    pub fn matches(&self, value: &Json) -> bool {
        self.mismatches(value).is_empty()
    }

    /// True if the value is an array.
    pub fn is_array(&self) -> bool {
        matches!(self.kind, ShapeKind::Array(_))
    }

    /// The documented members, if the value is an object, or an array of objects.
    pub fn members(&self) -> &[Member] {
        match &self.kind {
            ShapeKind::Object { members, .. } => members,
            ShapeKind::Array(items) => items.members(),
            _ => &[],
        }
    }

    /// The members to change, if the value is an object, or an array of objects.
    pub fn members_mut(&mut self) -> Option<&mut Vec<Member>> {
        match &mut self.kind {
            ShapeKind::Object { members, .. } => Some(members),
            ShapeKind::Array(items) => items.members_mut(),
            _ => None,
        }
    }

    /// Opens the object, or the objects in the array, because `evidence` says that they have other members.
    pub fn open(&mut self, evidence: Evidence) {
        match &mut self.kind {
            ShapeKind::Object { open, .. } => *open = Openness::Open(evidence),
            ShapeKind::Array(items) => items.open(evidence),
            _ => {}
        }
    }

    /// The shape to hold examples against: what a table or a list in the text documents is all that its page shows, though
    /// servers may have more.
    pub fn as_shown(&self) -> Cow<'_, Self> {
        let mut inner = self;
        while let ShapeKind::Array(items) = &inner.kind {
            inner = items;
        }
        let is_listed = match &inner.kind {
            ShapeKind::Object {
                open: Openness::Open(it),
                ..
            } => {
                matches!(it.rule.name, "field-table" | "field-list")
            }
            _ => false,
        };
        if !is_listed {
            return Cow::Borrowed(self);
        }
        let mut shown = self.clone();
        shown.close();
        Cow::Owned(shown)
    }

    fn close(&mut self) {
        match &mut self.kind {
            ShapeKind::Object { open, .. } => *open = Openness::Closed,
            ShapeKind::Array(items) => items.close(),
            _ => {}
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
}
