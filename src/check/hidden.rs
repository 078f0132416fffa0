//! Documented members that no example shows.

use std::collections::{HashMap, HashSet};

use crate::model::Origin;
use crate::model::json::{Json, JsonKind};
use crate::model::shape::{Member, MismatchKind, Shape, ShapeKind};

use super::comparison::Comparison;
use super::misspelled_member;
use super::nesting::join;

/// A documented member that no example shows, although one shows its object.
pub(super) struct Hidden<'a> {
    /// Where it would be, as in subjects.
    pub(super) path: String,
    pub(super) member: &'a Member,
    /// The documented members before and after it that are shown.
    pub(super) between: Between<'a>,
}

/// The names of the neighbours of a place in an object.
pub(super) type Between<'a> = (Option<&'a str>, Option<&'a str>);

impl Hidden<'_> {
    /// True if an attribute calls the member required.
    pub(super) fn is_required(&self) -> bool {
        self.member
            .required
            .as_ref()
            .is_some_and(|required| required.value && required.evidence.origin >= Origin::Attribute)
    }

    /// True if a text calls the member required: a cell of a table, mostly.
    pub(super) fn is_asked_in_text(&self) -> bool {
        let stated = self.member.required.as_ref();
        stated.is_some_and(|it| it.value && it.evidence.origin == Origin::Prose)
    }

    /// True if an OpenAPI file leaves the member out of those that are required.
    pub(super) fn is_specified_optional(&self) -> bool {
        let stated = self.member.required.as_ref();
        stated.is_some_and(|it| !it.value && it.evidence.origin == Origin::Specification)
    }

    /// True if nothing calls the member conditional, and its type says something.
    pub(super) fn is_expected(&self) -> bool {
        let conditional = self
            .member
            .required
            .as_ref()
            .is_some_and(|required| !required.value);
        let vague = matches!(self.member.shape.kind, ShapeKind::Any | ShapeKind::Unknown);
        !conditional && !vague && self.member.shape.nullable.is_none()
    }

    /// True if a value could be this member: it has at least its type.
    pub(super) fn could_be(&self, value: &Json) -> bool {
        is_like(&self.member.shape, value)
    }
}

/// True if a value has at least the type of a shape.
pub(super) fn is_like(shape: &Shape, value: &Json) -> bool {
    let mismatches = shape.mismatches(value);
    !mismatches
        .iter()
        .any(|mismatch| mismatch.kind == MismatchKind::WrongType && mismatch.path.0.is_empty())
}

/// The hidden members of a comparison, in the order of their fields.
pub(super) fn of<'a>(comparison: &Comparison<'a>) -> Vec<Hidden<'a>> {
    let values: Vec<&Json> = comparison
        .examples
        .iter()
        .map(|example| example.value.as_ref())
        .collect();
    let respelled: Vec<_> = comparison
        .mismatches(MismatchKind::Casing)
        .iter()
        .map(|(_, mismatch)| misspelled_member::name_in(&mismatch.expected).to_owned())
        .collect();
    let mut found = Vec::new();
    collect(comparison.shape, &values, "", &mut found);
    found.retain(|hidden| !respelled.contains(&hidden.member.name));
    found
}

fn collect<'a>(shape: &'a Shape, values: &[&Json], path: &str, into: &mut Vec<Hidden<'a>>) {
    let objects = shape.objects(values);
    if objects.is_empty() || objects.iter().all(|object| object.is_open()) {
        return;
    }
    let base = if shape.is_array() {
        format!("{path}[]")
    } else {
        path.to_owned()
    };
    let shown = shown(&objects);
    let members = shape.members();
    let mut after = following(members, &shown);
    let mut before = None;
    for member in members {
        let own = join(&base, &member.name);
        let after = after.pop().flatten();
        if let Some(values) = shown.get(member.name.as_str()) {
            before = Some(member.name.as_str());
            let is_content = |value: &&&Json| value.kind != JsonKind::Null;
            let with_content: Vec<&Json> = values.iter().filter(is_content).copied().collect();
            collect(&member.shape, &with_content, &own, into);
        } else {
            into.push(Hidden {
                path: own,
                member,
                between: (before, after),
            });
        }
    }
}

/// The values of every key that the objects show; of a key that stands twice in an object, the last one.
fn shown<'j>(objects: &[&'j Json]) -> HashMap<&'j str, Vec<&'j Json>> {
    let mut shown: HashMap<&str, Vec<&Json>> = HashMap::new();
    for object in objects {
        let mut own = HashSet::new();
        let members = object.members().iter().rev();
        for member in members.filter(|member| !member.is_elision()) {
            if own.insert(member.key.as_str()) {
                shown.entry(&member.key).or_default().push(&member.value);
            }
        }
    }
    shown
}

/// For each member, from the last to the first, the name of the next one that is shown.
fn following<'a>(members: &'a [Member], shown: &HashMap<&str, Vec<&Json>>) -> Vec<Option<&'a str>> {
    let mut next = None;
    let names = members.iter().rev().map(|member| member.name.as_str());
    names
        .map(|name| {
            let after = next;
            if shown.contains_key(name) {
                next = Some(name);
            }
            after
        })
        .collect()
}
