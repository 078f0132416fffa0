//! Documented members that no example shows.

use crate::model::Origin;
use crate::model::json::{Json, JsonKind};
use crate::model::shape::{Member, MismatchKind, Shape, ShapeKind};

use super::comparison::Comparison;
use super::misspelled_member;

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
        let mismatches = self.member.shape.mismatches(value);
        !mismatches
            .iter()
            .any(|mismatch| mismatch.kind == MismatchKind::WrongType && mismatch.path.0.is_empty())
    }
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
    let members: Vec<&Member> = shape.members().iter().collect();
    let is_shown = |member: &&&Member| {
        objects
            .iter()
            .any(|object| object.get(&member.name).is_some())
    };
    for (index, &member) in members.iter().enumerate() {
        let own = if base.is_empty() {
            member.name.clone()
        } else {
            format!("{base}.{}", member.name)
        };
        let shown: Vec<&Json> = objects
            .iter()
            .filter_map(|object| object.get(&member.name))
            .collect();
        if shown.is_empty() {
            let before = members[..index].iter().rev().find(is_shown);
            let after = members[index + 1..].iter().find(is_shown);
            into.push(Hidden {
                path: own,
                member,
                between: (
                    before.map(|member| member.name.as_str()),
                    after.map(|member| member.name.as_str()),
                ),
            });
        } else {
            let with_content: Vec<&Json> = shown
                .into_iter()
                .filter(|value| value.kind != JsonKind::Null)
                .collect();
            collect(&member.shape, &with_content, &own, into);
        }
    }
}
