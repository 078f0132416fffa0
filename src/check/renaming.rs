//! Members that are documented under one name and shown under another.

use crate::model::json::{Json, JsonKind};
use crate::model::shape::{Mismatch, MismatchKind};
use crate::source::Span;

use super::comparison::{Comparison, Shown};
use super::hidden::{self, Between, Hidden};

/// A documented member that is shown under another name.
pub(super) struct Renamed {
    pub(super) documented: String,
    pub(super) shown: String,
    /// The place of the field's name.
    pub(super) field: Span,
    /// The place of the key in the example.
    pub(super) key: Span,
}

/// Pairs of a hidden member and an undocumented one of the same object, whose value could be that member.
///
/// Such a pair is one member under two names if the names are much alike, if nothing else is hidden or undocumented in
/// the object, or if both stand alone between the same neighbours.
pub(super) fn renamed(comparison: &Comparison<'_>) -> Vec<Renamed> {
    let hidden = hidden::of(comparison);
    let undocumented = comparison.mismatches(MismatchKind::Undocumented);
    let mut pairs: Vec<Renamed> = Vec::new();
    for (example, mismatch) in &undocumented {
        let Some(strange) = Strange::of(example, mismatch, &undocumented) else {
            continue;
        };
        let free = |hidden: &&Hidden<'_>| pairs.iter().all(|pair| pair.documented != hidden.path);
        let candidates: Vec<&Hidden<'_>> = hidden
            .iter()
            .filter(free)
            .filter(|hidden| strange.could_be(hidden))
            .collect();
        if let Some(found) = strange.other_name(&candidates, &hidden)
            && let Some(evidence) = found.member.evidence
        {
            pairs.push(Renamed {
                documented: found.path.clone(),
                shown: strange.path,
                field: evidence.span,
                key: example.span(&mismatch.range),
            });
        }
    }
    pairs
}

/// An undocumented member.
struct Strange<'a> {
    path: String,
    value: &'a Json,
    /// The documented members that are shown before and after it.
    between: Between<'a>,
    /// True if no other undocumented member stands in its object.
    is_only: bool,
    /// True if no other undocumented member stands between the same neighbours, in an object whose members are mostly
    /// documented.
    is_only_there: bool,
}

impl<'a> Strange<'a> {
    fn of(
        example: &'a Shown<'_>,
        mismatch: &Mismatch,
        undocumented: &[(&Shown<'_>, &Mismatch)],
    ) -> Option<Self> {
        let path = mismatch.path.subject();
        let value = example.member_at(&mismatch.range)?;
        let members = example.siblings_at(&mismatch.range)?;
        let here = members
            .iter()
            .position(|member| member.key_range == mismatch.range)?;
        let is_known = |key: &str| {
            let sibling = sibling(&path, key);
            let mut others = undocumented.iter();
            !others.any(|(_, other)| other.path.subject() == sibling)
        };
        let before = members[..here].iter().rev().find(|m| is_known(&m.key));
        let after = members[here + 1..].iter().find(|m| is_known(&m.key));
        let is_near = |index: usize| {
            members
                .get(index)
                .is_none_or(|member| is_known(&member.key))
        };
        let strange = undocumented
            .iter()
            .filter(|(_, other)| parent(&other.path.subject()) == parent(&path))
            .count();
        let is_alone = (here == 0 || is_near(here - 1)) && is_near(here + 1);
        Some(Self {
            value,
            between: (
                before.map(|member| member.key.as_str()),
                after.map(|member| member.key.as_str()),
            ),
            is_only: strange == 1,
            is_only_there: is_alone && strange * 2 < members.len(),
            path,
        })
    }

    fn could_be(&self, hidden: &Hidden<'_>) -> bool {
        parent(&hidden.path) == parent(&self.path)
            && self.value.kind != JsonKind::Null
            && hidden.could_be(self.value)
    }

    /// The member that this one is under another name.
    fn other_name<'h>(
        &self,
        candidates: &[&'h Hidden<'h>],
        hidden: &[Hidden<'_>],
    ) -> Option<&'h Hidden<'h>> {
        let alike = candidates
            .iter()
            .map(|hidden| (likeness(&hidden.member.name, &self.path), hidden))
            .filter(|(likeness, _)| *likeness >= 0.5)
            .max_by(|(one, _), (other, _)| one.total_cmp(other));
        if let (true, Some((_, found))) = (self.is_only || self.is_only_there, alike) {
            return Some(found);
        }
        let expected: Vec<_> = candidates
            .iter()
            .filter(|hidden| hidden.is_expected())
            .collect();
        if let ([found], true) = (expected.as_slice(), self.is_only && candidates.len() == 1) {
            return Some(found);
        }
        let in_place: Vec<_> = hidden
            .iter()
            .filter(|other| parent(&other.path) == parent(&self.path))
            .filter(|other| other.between == self.between)
            .collect();
        let found = expected
            .into_iter()
            .find(|hidden| hidden.between == self.between)?;
        (self.is_only_there && in_place.len() == 1).then_some(found)
    }
}

fn parent(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(parent, _)| parent)
}

fn sibling(path: &str, key: &str) -> String {
    match path.rsplit_once('.') {
        Some((parent, _)) => format!("{parent}.{key}"),
        None => key.to_owned(),
    }
}

/// How alike two names are, from 0 to 1; one that holds all words of the other counts as alike.
fn likeness(documented: &str, shown: &str) -> f32 {
    let shown = shown.rsplit('.').next().unwrap_or(shown);
    let words =
        |name: &str| -> Vec<String> { name.split(['_', '-']).map(str::to_lowercase).collect() };
    let (one, other) = (words(documented), words(shown));
    let contained =
        one.iter().all(|word| other.contains(word)) || other.iter().all(|word| one.contains(word));
    let ratio = similar::TextDiff::from_chars(documented, shown).ratio();
    if contained { ratio.max(0.5) } else { ratio }
}
