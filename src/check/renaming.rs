//! Members that are documented under one name and shown under another.

use std::collections::HashSet;

use crate::diagnostic::likeness;
use crate::model::json::{Json, JsonKind, Member};
use crate::source::Span;

use super::comparison::Comparison;
use super::hidden::{Between, Hidden};
use super::nesting::{Stray, grouped, join, split};

/// With how many documented members an undocumented one is compared by name; work must not grow with the square of a
/// page, and no one renames a member of an object that shows none of hundreds.
const MOST_COMPARED: usize = 200;

/// A documented member that is shown under another name.
pub(super) struct Renamed {
    pub(super) documented: String,
    pub(super) shown: String,
    /// The place of the field's name.
    pub(super) field: Span,
}

/// Pairs of a hidden member and an undocumented one of the same object, whose value could be that member.
///
/// Such a pair is one member under two names if the names are much alike, or if both stand alone between the same
/// neighbours.
pub(super) fn renamed(comparison: &Comparison<'_>) -> Vec<Renamed> {
    let is_moved = |hidden: &&Hidden<'_>| {
        let mut drifts = comparison.drifts.iter();
        drifts.any(|drift| drift.explains_hidden(&hidden.path))
    };
    let hidden = comparison.hidden.iter().filter(|it| !is_moved(it));
    let hidden_around = grouped(hidden, |hidden| split(&hidden.path).0);
    let undocumented = comparison.undocumented();
    let strays: Vec<_> = undocumented.into_iter().map(Stray::of).collect();
    let strays_around = grouped(&strays, |stray| split(&stray.path).0);
    let paths: HashSet<&str> = strays.iter().map(|stray| stray.path.as_str()).collect();
    let mut pairs: Vec<Renamed> = Vec::new();
    for stray in &strays {
        let around = split(&stray.path).0;
        let rivals = strays_around.get(around).map_or(0, Vec::len);
        let (Some(hidden), Some(strange)) = (
            hidden_around.get(around),
            Strange::of(stray, rivals, &paths),
        ) else {
            continue;
        };
        let free = |hidden: &Hidden<'_>| {
            let is_other = are_kin(&hidden.member.name, split(&stray.path).1)
                && is_conditional(comparison, &hidden.path);
            !is_other && pairs.iter().all(|pair| pair.documented != hidden.path)
        };
        if let Some(found) = strange.other_name(hidden, free)
            && let Some(evidence) = found.member.evidence
        {
            pairs.push(Renamed {
                documented: found.path.clone(),
                shown: stray.path.clone(),
                field: evidence.span,
            });
        }
    }
    pairs
}

/// An undocumented member that may be another one under another name.
struct Strange<'a> {
    name: &'a str,
    value: &'a Json,
    /// The documented members that are shown before and after it.
    between: Between<'a>,
    /// True if its object shows nothing else.
    is_sole: bool,
}

impl<'a> Strange<'a> {
    /// Nothing if it stands among others of its kind, or is `null`: then its place and its value tell nothing.
    fn of(stray: &'a Stray<'_, '_>, rivals: usize, paths: &HashSet<&str>) -> Option<Self> {
        let value = stray.value()?;
        let members = stray.siblings()?;
        let here = members
            .iter()
            .position(|member| member.key_range == *stray.key)?;
        let (around, name) = split(&stray.path);
        let is_known = |member: &&Member| !paths.contains(join(around, &member.key).as_str());
        let is_near = |index: usize| members.get(index).is_none_or(|it| is_known(&it));
        let is_alone = (here == 0 || is_near(here - 1)) && is_near(here + 1);
        let is_only = rivals == 1;
        let is_only_there = is_alone && rivals * 2 < members.len();
        if value.kind == JsonKind::Null || name.is_empty() || !is_only && !is_only_there {
            return None;
        }
        let before = members[..here].iter().rev().find(is_known);
        let after = members[here + 1..].iter().find(is_known);
        Some(Self {
            name,
            value,
            is_sole: members.len() == 1,
            between: (
                before.map(|member| member.key.as_str()),
                after.map(|member| member.key.as_str()),
            ),
        })
    }

    /// The member that this one is under another name, out of those that are hidden and still free.
    fn other_name<'h>(
        &self,
        hidden: &[&'h Hidden<'h>],
        is_free: impl Fn(&Hidden<'_>) -> bool,
    ) -> Option<&'h Hidden<'h>> {
        let is_candidate = |hidden: &&Hidden<'_>| is_free(hidden) && hidden.could_be(self.value);
        let candidates = hidden.iter().copied().filter(is_candidate);
        let alike = candidates
            .take(MOST_COMPARED)
            .filter(|hidden| is_like(&hidden.member.name, self.name))
            .map(|hidden| (likeness(&hidden.member.name, self.name), hidden))
            .max_by(|(one, _), (other, _)| one.total_cmp(other));
        if let Some((_, found)) = alike {
            return Some(found);
        }
        // Where nothing else is shown, all places are the same, and a word in common has to tell.
        if self.between == (None, None) {
            let shares = |hidden: &&Hidden<'_>| {
                let own = words(self.name);
                words(&hidden.member.name)
                    .iter()
                    .any(|word| own.contains(word))
            };
            // One member alone on both sides is one that every answer has.
            let is_sole =
                |found: &&Hidden<'_>| self.is_sole && hidden.len() == 1 && found.is_required();
            let found = only(hidden.iter().copied().filter(is_candidate));
            return found.filter(|found| shares(found) || is_sole(found));
        }
        let in_place = || {
            hidden
                .iter()
                .copied()
                .filter(|it| it.between == self.between)
        };
        let found = only(in_place())?;
        (is_candidate(&found) && found.is_expected()).then_some(found)
    }
}

/// The item, if it is the only one.
fn only<T>(mut items: impl Iterator<Item = T>) -> Option<T> {
    let item = items.next()?;
    items.next().is_none().then_some(item)
}

/// Words that members of all kinds have in their names.
const COMMON: [&str; 16] = [
    "at", "by", "code", "created", "date", "has", "id", "ids", "is", "name", "of", "on", "time",
    "type", "updated", "value",
];

/// True if the text of a field says when the member is there.
fn is_conditional(comparison: &Comparison<'_>, path: &str) -> bool {
    let field = comparison.field(path);
    let text = field.map_or("", |field| field.description.as_str());
    let mut words = text.split(|c: char| !c.is_alphabetic());
    words.any(|word| {
        ["if", "when", "only"]
            .iter()
            .any(|it| word.eq_ignore_ascii_case(it))
    })
}

/// True for two things of one kind: `workflow_id` and `message_id`.
fn are_kin(one: &str, other: &str) -> bool {
    let (one, other) = (words(one), words(other));
    let (Some((last, one)), Some((other_last, other))) = (one.split_last(), other.split_last())
    else {
        return false;
    };
    last == other_last
        && COMMON.contains(&last.as_str())
        && !one.is_empty()
        && !other.is_empty()
        && !one.iter().any(|word| other.contains(word))
}

/// True if two names differ by a slip, share a word that tells something, or one is the other with a qualifier.
fn is_like(documented: &str, shown: &str) -> bool {
    let (one, other) = (words(documented), words(shown));
    let shares = one
        .iter()
        .any(|word| other.contains(word) && !COMMON.contains(&word.as_str()));
    let is_part = |one: &[String], other: &[String]| one.iter().all(|word| other.contains(word));
    shares || is_part(&one, &other) || is_part(&other, &one) || likeness(documented, shown) >= 0.8
}

/// The words of a name in snake, kebab, or camel case, in lower case.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_lower = false;
    for c in name.chars() {
        let starts = c.is_uppercase() && was_lower;
        if starts || matches!(c, '_' | '-') {
            words.push(String::new());
        }
        was_lower = c.is_lowercase() || c.is_ascii_digit();
        if let Some(word) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}
