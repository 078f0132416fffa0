//! Members that are documented at one level and shown at another: envelopes, and members that moved.
//!
//! A page may document the members of `data` and forget `data` itself, or the other way round. Taken one by one, every
//! member would be undocumented and never shown; taken together they are one mistake.

use std::collections::HashMap;
use std::ops::Range;

use crate::model::json::{self, Json, JsonKind};
use crate::model::shape::{Member, Mismatch, MismatchKind, Shape};
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
    /// True if what stands around them has the name of one of them.
    is_namesake: bool,
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
        is_around || self.is_inside(path, &self.documented) || self.is_below(path)
    }

    /// True if it is because of this that the value at the path has another type than documented.
    pub(super) fn explains_type(&self, path: &str) -> bool {
        self.is_namesake && path == self.shown || self.is_below(path)
    }

    /// True if the path is inside of the member that has the name of what is shown around it.
    fn is_below(&self, path: &str) -> bool {
        let rest = path.strip_prefix(&self.shown);
        self.is_namesake && rest.is_some_and(|rest| rest.starts_with(['.', '[']))
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
    let mut found = namesakes(comparison, &hidden_around);
    for stray in &strays {
        if found.iter().any(|drift| drift.explains_shown(&stray.path)) {
            continue;
        }
        let siblings = hidden_around.get(split(&stray.path).0);
        found.extend(siblings.and_then(|siblings| inwards(stray, siblings)));
    }
    let is_left = |hidden: &&Hidden<'_>| {
        let mut namesakes = found.iter().filter(|drift| drift.is_namesake);
        !namesakes.any(|drift| drift.explains_hidden(&hidden.path))
    };
    let left: Vec<&Hidden<'_>> = hidden.iter().filter(is_left).collect();
    for member in left {
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

/// Objects that are shown in the place of a documented member, and hold it together with others of its level: an
/// envelope named like one of the members in it.
fn namesakes(
    comparison: &Comparison<'_>,
    hidden_around: &HashMap<&str, Vec<&Hidden<'_>>>,
) -> Vec<Drift> {
    let members = comparison.shape.members();
    let missing = hidden_around.get("").map_or(&[][..], Vec::as_slice);
    let envelope = |member: &Member| {
        let shown = |example: &Shown<'_>| {
            let mut own = example.value.members().iter();
            let own = own.find(|it| it.key == member.name)?;
            holds_level(member, missing, &own.value).then(|| example.span(&own.key_range))
        };
        let key = comparison.examples.iter().find_map(shown)?;
        let inside = missing.iter().map(|hidden| hidden.member.name.clone());
        Some(Drift {
            documented: String::new(),
            shown: member.name.clone(),
            names: std::iter::once(member.name.clone()).chain(inside).collect(),
            field: member.evidence?.span,
            key,
            is_namesake: true,
        })
    };
    members.iter().filter_map(envelope).collect()
}

/// True if the value of a documented member is an object that shows all that its level lacks, and the member itself.
fn holds_level(member: &Member, missing: &[&Hidden<'_>], value: &Json) -> bool {
    let shows = |name: &str, shape: &Shape| {
        let inner = value.get(name);
        inner.is_some_and(|inner| hidden::is_like(shape, inner))
    };
    let own = member.shape.members();
    let is_documented_inside = own.iter().any(|inner| inner.name == member.name);
    // What is documented inside of the member tells that it is meant as it is shown.
    let fits = hidden::is_like(&member.shape, value)
        && (own.is_empty() || own.iter().any(|inner| value.get(&inner.name).is_some()));
    !missing.is_empty()
        && !is_documented_inside
        && !fits
        && shows(&member.name, &member.shape)
        && missing
            .iter()
            .all(|hidden| shows(&hidden.member.name, &hidden.member.shape))
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
    // Half of what the object shows must be what is missing outside, or all that is missing there must be what the
    // object shows: one common name alone proves nothing.
    let is_half = inside.len() * 2 >= object.members().len();
    let is_all = inside.len() == siblings.len();
    let is_enough = inside.len() >= 2 && (is_half || is_all)
        || is_all && inside.len() == object.members().len();
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
        is_namesake: false,
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
        is_namesake: false,
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
        is_namesake: false,
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
