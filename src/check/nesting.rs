//! Members that are documented at one level and shown at another: envelopes, and members that moved.
//!
//! A page may document the members of `data` and forget `data` itself, or the other way round. Taken one by one, every
//! member would be undocumented and never shown; taken together they are one mistake.

use std::ops::Range;

use crate::model::json::{Json, JsonKind};
use crate::model::shape::{Member, MismatchKind, Shape};
use crate::source::Span;

use super::comparison::{Comparison, Shown};
use super::hidden::{self, Hidden};

/// Members that stand at another level than they are documented at.
pub(super) struct Drift {
    /// The path around them as documented: empty for the root.
    pub(super) documented: String,
    /// The path around them as shown.
    pub(super) shown: String,
    /// Their names.
    pub(super) names: Vec<String>,
    /// Where the first of them is documented.
    pub(super) field: Span,
    /// Where the key around them, or the first of them, is shown.
    pub(super) key: Span,
}

impl Drift {
    /// True if it is because of this that the member shown at the path is not documented.
    pub(super) fn explains_shown(&self, path: &str) -> bool {
        let is_around = path == self.shown || path == format!("{}[]", self.shown);
        let is_inside = self
            .names
            .iter()
            .any(|name| path == join(&self.shown, name));
        is_around || is_inside
    }

    /// True if it is because of this that the member documented at the path is not shown.
    pub(super) fn explains_hidden(&self, path: &str) -> bool {
        let is_around =
            !self.documented.is_empty() && path == self.documented.trim_end_matches("[]");
        is_around
            || self
                .names
                .iter()
                .any(|name| path == join(&self.documented, name))
    }
}

/// The path of a member of the object at a path.
pub(super) fn join(parent: &str, name: &str) -> String {
    if parent.is_empty() {
        name.to_owned()
    } else {
        format!("{parent}.{name}")
    }
}

/// The path around a member, and its name.
pub(super) fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('.').unwrap_or(("", path))
}

/// Every drift of a comparison: inwards, outwards, and of single members.
pub(super) fn drifts(comparison: &Comparison<'_>) -> Vec<Drift> {
    let undocumented = comparison.mismatches(MismatchKind::Undocumented);
    if undocumented.is_empty() {
        return Vec::new();
    }
    let hidden = hidden::of(comparison);
    let mut found: Vec<Drift> = Vec::new();
    for (example, mismatch) in &undocumented {
        let path = mismatch.path.subject();
        let Some(value) = example.member_at(&mismatch.range) else {
            continue;
        };
        if let Some(drift) = inwards(example, &mismatch.range, &path, value, &hidden) {
            found.push(drift);
        }
    }
    for member in &hidden {
        found.extend(outwards(member, &undocumented));
    }
    let rest: Vec<_> = hidden
        .iter()
        .filter(|hidden| {
            !found
                .iter()
                .any(|drift| drift.explains_hidden(&hidden.path))
        })
        .collect();
    let mut single = Vec::new();
    for (example, mismatch) in &undocumented {
        let path = mismatch.path.subject();
        if !found.iter().any(|drift| drift.explains_shown(&path)) {
            single.extend(moved(example, &mismatch.range, &path, &rest, &undocumented));
        }
    }
    found.extend(single);
    found
}

/// An undocumented object that holds documented members of the level around it, which lacks them.
fn inwards(
    example: &Shown<'_>,
    key: &Range<usize>,
    path: &str,
    value: &Json,
    hidden: &[Hidden<'_>],
) -> Option<Drift> {
    let (around, _) = split(path);
    let siblings: Vec<_> = hidden
        .iter()
        .filter(|hidden| split(&hidden.path).0 == around)
        .collect();
    let object = object_in(value)?;
    let is_inside = |hidden: &&&Hidden<'_>| {
        let value = object.get(&hidden.member.name);
        value.is_some_and(|value| hidden.could_be(value))
    };
    let inside: Vec<_> = siblings.iter().filter(is_inside).collect();
    let first = inside.first()?;
    // Half of what the object shows must be what is missing outside: one common name alone proves nothing.
    let is_enough = inside.len() * 2 >= object.members().len() && inside.len() >= 2
        || inside.len() == object.members().len() && inside.len() == siblings.len();
    let shown = if value.items().is_empty() {
        path.to_owned()
    } else {
        format!("{path}[]")
    };
    is_enough.then(|| Drift {
        documented: around.to_owned(),
        shown,
        names: inside
            .iter()
            .map(|hidden| hidden.member.name.clone())
            .collect(),
        field: first
            .member
            .evidence
            .map_or(example.span(key), |evidence| evidence.span),
        key: example.span(key),
    })
}

/// A documented object that no example shows, while what it documents stands in the level around it.
fn outwards(
    hidden: &Hidden<'_>,
    undocumented: &[(&Shown<'_>, &crate::model::shape::Mismatch)],
) -> Option<Drift> {
    let (around, _) = split(&hidden.path);
    let members = hidden.member.shape.members();
    let outside: Vec<_> = undocumented
        .iter()
        .filter(|(example, mismatch)| {
            let path = mismatch.path.subject();
            let (parent, name) = split(&path);
            parent == around && is_member(members, name, example.member_at(&mismatch.range))
        })
        .collect();
    let (example, first) = outside.first()?;
    let is_enough = outside.len() >= 2 || members.len() == 1;
    let inner = if hidden.member.shape.is_array() {
        format!("{}[]", hidden.path)
    } else {
        hidden.path.clone()
    };
    is_enough.then(|| Drift {
        documented: inner,
        shown: around.to_owned(),
        names: outside
            .iter()
            .map(|(_, mismatch)| split(&mismatch.path.subject()).1.to_owned())
            .collect(),
        field: hidden
            .member
            .evidence
            .map_or(example.span(&first.range), |evidence| evidence.span),
        key: example.span(&first.range),
    })
}

fn is_member(members: &[Member], name: &str, value: Option<&Json>) -> bool {
    members.iter().any(|member| {
        member.name == name && value.is_none_or(|value| is_like(&member.shape, value))
    })
}

fn is_like(shape: &Shape, value: &Json) -> bool {
    let mismatches = shape.mismatches(value);
    !mismatches
        .iter()
        .any(|mismatch| mismatch.kind == MismatchKind::WrongType && mismatch.path.0.is_empty())
}

/// A single member that stands elsewhere under its own name: the only such one on both sides.
fn moved(
    example: &Shown<'_>,
    key: &Range<usize>,
    path: &str,
    hidden: &[&Hidden<'_>],
    undocumented: &[(&Shown<'_>, &crate::model::shape::Mismatch)],
) -> Option<Drift> {
    let (around, name) = split(path);
    let value = example.member_at(key)?;
    let mut candidates = hidden
        .iter()
        .filter(|hidden| hidden.member.name == name && hidden.could_be(value));
    let candidate = candidates.next()?;
    let rivals = undocumented
        .iter()
        .filter(|(_, other)| split(&other.path.subject()).1 == name)
        .count();
    if candidates.next().is_some() || rivals != 1 || split(&candidate.path).0 == around {
        return None;
    }
    Some(Drift {
        documented: split(&candidate.path).0.to_owned(),
        shown: around.to_owned(),
        names: vec![name.to_owned()],
        field: candidate.member.evidence?.span,
        key: example.span(key),
    })
}

/// The object itself, or the first one in an array.
fn object_in(value: &Json) -> Option<&Json> {
    match &value.kind {
        JsonKind::Object(members) if !members.is_empty() => Some(value),
        JsonKind::Array(items) => items
            .iter()
            .find(|item| matches!(&item.kind, JsonKind::Object(members) if !members.is_empty())),
        _ => None,
    }
}
