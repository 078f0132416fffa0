//! The members of a shape, wherever it holds objects.

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

    /// The objects among `values`, and among their items, that the members describe.
    pub fn objects<'j>(&self, values: &[&'j Json]) -> Vec<&'j Json> {
        if let ShapeKind::Array(items) = &self.kind {
            let inner: Vec<_> = values.iter().flat_map(|value| value.items()).collect();
            return items.objects(&inner);
        }
        let is_object = |value: &&Json| matches!(value.kind, JsonKind::Object(_));
        let objects = values.iter().copied().filter(is_object);
        let entries = objects.flat_map(|object| {
            if self.is_keyed(object) {
                object
                    .members()
                    .iter()
                    .map(|member| &member.value)
                    .collect()
            } else {
                vec![object]
            }
        });
        entries.collect()
    }

    /// True if the value is a map whose entries the members describe: several keys that no field documents, and below
    /// each of them an object of documented members and no others.
    pub fn is_keyed(&self, value: &Json) -> bool {
        let ShapeKind::Object { members, open } = &self.kind else {
            return false;
        };
        let is_known = |name: &str| members.iter().any(|member| member.name == name);
        let is_entry = |entry: &crate::model::json::Member| {
            let inner = entry.value.members();
            !is_known(&entry.key)
                && !inner.is_empty()
                && inner.iter().all(|member| is_known(&member.key))
        };
        let entries = value.members();
        *open == Openness::Closed && entries.len() > 1 && entries.iter().all(is_entry)
    }
}
