//! Members that are documented at one level and shown at another: envelopes, and members that moved.
//!
//! A page may document the members of `data` and forget `data` itself, or the other way round. Taken one by one, every
//! member would be undocumented and never shown; taken together they are one mistake.

use std::collections::HashMap;
use std::ops::Range;

use crate::model::json::{self, Json, JsonKind};
use crate::model::shape::{Member, Mismatch, MismatchKind};
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
        let is_around = path.strip_suffix("[]").unwrap_or(path) == self.shown || path == self.shown;
        is_around || self.is_inside(path, &self.shown)
    }

    /// True if it is because of this that the member documented at the path is not shown.
    pub(super) fn explains_hidden(&self, path: &str) -> bool {
        let is_around =
            !self.documented.is_empty() && path == self.documented.trim_end_matches("[]");
        is_around || self.is_inside(path, &self.documented)
    }

    /// True if the path is that of one of the members in the object at a path.
    fn is_inside(&self, path: &str, around: &str) -> bool {
        let inner = match around {
            "" => Some(path),
            around => path
                .strip_prefix(around)
                .and_then(|it| it.strip_prefix('.')),
        };
        inner.is_some_and(|inner| self.names.iter().any(|name| name == inner))
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

/// An undocumented member.
pub(super) struct Stray<'s, 'a> {
    pub(super) path: String,
    example: &'s Shown<'a>,
    /// The bytes of its key in the JSON text.
    pub(super) key: &'s Range<usize>,
}

impl<'s, 'a> Stray<'s, 'a> {
    pub(super) fn of((example, mismatch): (&'s Shown<'a>, &'s Mismatch)) -> Self {
        Self {
            path: mismatch.path.subject(),
            example,
            key: &mismatch.range,
        }
    }

    pub(super) fn value(&self) -> Option<&Json> {
        self.example.member_at(self.key)
    }

    /// The members of its object.
    pub(super) fn siblings(&self) -> Option<&[json::Member]> {
        self.example.siblings_at(self.key)
    }

    /// The place of its key.
    pub(super) fn span(&self) -> Span {
        self.example.span(self.key)
    }
}

/// Every drift of a comparison: inwards, outwards, and of single members.
pub(super) fn drifts(comparison: &Comparison<'_>) -> Vec<Drift> {
    let undocumented = comparison.mismatches(MismatchKind::Undocumented);
    let strays: Vec<_> = undocumented.into_iter().map(Stray::of).collect();
    let hidden = &comparison.hidden;
    let hidden_around = grouped(hidden, |hidden| split(&hidden.path).0);
    let strays_around = grouped(&strays, |stray| split(&stray.path).0);
    let mut found: Vec<Drift> = Vec::new();
    for stray in &strays {
        let siblings = hidden_around.get(split(&stray.path).0);
        found.extend(siblings.and_then(|siblings| inwards(stray, siblings)));
    }
    for member in hidden {
        let outside = strays_around.get(split(&member.path).0);
        found.extend(outside.and_then(|outside| outwards(member, outside)));
    }
    let is_explained = |hidden: &&Hidden<'_>| {
        let mut drifts = found.iter();
        drifts.any(|drift| drift.explains_hidden(&hidden.path))
    };
    let rest = hidden.iter().filter(|hidden| !is_explained(hidden));
    let rest_named = grouped(rest, |hidden| hidden.member.name.as_str());
    let strays_named = grouped(&strays, |stray| split(&stray.path).1);
    let mut single = Vec::new();
    for stray in &strays {
        let name = split(&stray.path).1;
        let is_only = strays_named
            .get(name)
            .is_some_and(|rivals| rivals.len() == 1);
        let is_explained = || found.iter().any(|drift| drift.explains_shown(&stray.path));
        if let Some(same) = rest_named.get(name)
            && is_only
            && !is_explained()
        {
            single.extend(moved(stray, same));
        }
    }
    found.extend(single);
    found
}

/// The items by a word of theirs, each group in their order.
pub(super) fn grouped<'i, T>(
    items: impl IntoIterator<Item = &'i T>,
    word: impl Fn(&'i T) -> &'i str,
) -> HashMap<&'i str, Vec<&'i T>> {
    let mut groups: HashMap<&str, Vec<&T>> = HashMap::new();
    for item in items {
        groups.entry(word(item)).or_default().push(item);
    }
    groups
}

/// An undocumented object that holds documented members of the level around it, which lacks them.
fn inwards(stray: &Stray<'_, '_>, siblings: &[&Hidden<'_>]) -> Option<Drift> {
    let value = stray.value()?;
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
        stray.path.clone()
    } else {
        format!("{}[]", stray.path)
    };
    is_enough.then(|| Drift {
        documented: split(&stray.path).0.to_owned(),
        shown,
        names: inside
            .iter()
            .map(|hidden| hidden.member.name.clone())
            .collect(),
        field: first
            .member
            .evidence
            .map_or(stray.span(), |evidence| evidence.span),
        key: stray.span(),
    })
}

/// A documented object that no example shows, while what it documents stands in the level around it.
fn outwards(hidden: &Hidden<'_>, around: &[&Stray<'_, '_>]) -> Option<Drift> {
    let members = hidden.member.shape.members();
    if members.is_empty() {
        return None;
    }
    let is_member =
        |stray: &&&Stray<'_, '_>| is_member(members, split(&stray.path).1, stray.value());
    let outside: Vec<_> = around.iter().filter(is_member).collect();
    let first = outside.first()?;
    let is_enough = outside.len() >= 2 || members.len() == 1;
    let inner = if hidden.member.shape.is_array() {
        format!("{}[]", hidden.path)
    } else {
        hidden.path.clone()
    };
    is_enough.then(|| Drift {
        documented: inner,
        shown: split(&hidden.path).0.to_owned(),
        names: outside
            .iter()
            .map(|stray| split(&stray.path).1.to_owned())
            .collect(),
        field: hidden
            .member
            .evidence
            .map_or(first.span(), |evidence| evidence.span),
        key: first.span(),
    })
}

fn is_member(members: &[Member], name: &str, value: Option<&Json>) -> bool {
    members.iter().any(|member| {
        member.name == name && value.is_none_or(|value| hidden::is_like(&member.shape, value))
    })
}

/// A single member that stands elsewhere under its own name: the only such one on both sides.
fn moved(stray: &Stray<'_, '_>, same: &[&Hidden<'_>]) -> Option<Drift> {
    let (around, name) = split(&stray.path);
    let value = stray.value()?;
    let mut candidates = same.iter().filter(|hidden| hidden.could_be(value));
    let candidate = candidates.next()?;
    if candidates.next().is_some() || split(&candidate.path).0 == around {
        return None;
    }
    Some(Drift {
        documented: split(&candidate.path).0.to_owned(),
        shown: around.to_owned(),
        names: vec![name.to_owned()],
        field: candidate.member.evidence?.span,
        key: stray.span(),
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
