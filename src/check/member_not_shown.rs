//! A documented member is shown in no example.
//!
//! That is worth knowing, no more: it may be conditional. It is a contradiction if the member is stated to be required,
//! or if the example shows another, undocumented member of the same object in its place.

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::Origin;
use crate::model::json::{Json, JsonKind};
use crate::model::shape::{Member, MismatchKind, Shape, ShapeKind};
use crate::source::Span;

use super::comparison::Comparison;
use super::misspelled_member;

pub(super) static RULE: Rule = Rule {
    name: "member-not-shown",
    severity: Severity::Info,
    summary: "a documented member is shown in no example",
};

pub(super) fn check(comparison: &Comparison<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let renamed = renamed(comparison);
    for hidden in hidden(comparison) {
        let is_request = comparison.subject.starts_with("request");
        let stated = hidden
            .member
            .required
            .as_ref()
            .filter(|required| required.value);
        let required = stated.is_some_and(|required| required.evidence.origin >= Origin::Attribute);
        let pair = renamed.iter().find(|pair| pair.documented == hidden.path);
        // Requests normally leave out what is optional, and a specification says what is.
        let stated = hidden.member.required.as_ref();
        let is_optional =
            stated.is_some_and(|it| !it.value && it.evidence.origin == Origin::Specification);
        if (is_request || is_optional) && !required && pair.is_none() {
            continue;
        }
        let message = format!("`{}` is documented but shown in no example", hidden.path);
        let Some(evidence) = hidden.member.evidence else {
            continue;
        };
        let span = evidence.span;
        let mut diagnostic =
            Diagnostic::new(&RULE, span, message).subject(comparison.subject(&hidden.path));
        if let Some(pair) = pair {
            diagnostic = diagnostic
                .severity(Severity::Error)
                .label("documented here")
                .related(pair.key, format!("`{}` is shown in its place", pair.shown))
                .help(format!(
                    "use one name in both places: `{}` or `{}`",
                    pair.documented, pair.shown
                ));
        } else if required {
            diagnostic = diagnostic
                .severity(Severity::Error)
                .label("required, so every example must show it")
                .help("add it to the example, or drop `required`");
        } else {
            diagnostic = diagnostic
                .label("documented here")
                .help("add it to an example, or say when it is absent");
        }
        diagnostics.push(diagnostic);
    }
}

/// A documented member that is shown under another name.
pub(super) struct Renamed {
    pub(super) documented: String,
    pub(super) shown: String,
    /// The place of the field's name.
    pub(super) field: Span,
    /// The place of the key in the example.
    pub(super) key: Span,
}

/// Pairs in objects that have exactly one undocumented member, and lack a documented one that is much like it.
pub(super) fn renamed(comparison: &Comparison<'_>) -> Vec<Renamed> {
    let hidden = hidden(comparison);
    let undocumented = comparison.mismatches(MismatchKind::Undocumented);
    let parent = |path: &str| {
        path.rsplit_once('.')
            .map_or(String::new(), |(parent, _)| parent.to_owned())
    };
    let mut pairs = Vec::new();
    for (example, mismatch) in &undocumented {
        let shown = mismatch.path.subject();
        let same_parent = |path: &str| parent(path) == parent(&shown);
        let rivals = undocumented
            .iter()
            .filter(|(_, other)| same_parent(&other.path.subject()))
            .count();
        let Some(value) = example.member_at(&mismatch.range) else {
            continue;
        };
        let candidates: Vec<_> = hidden
            .iter()
            .filter(|hidden| same_parent(&hidden.path) && hidden.could_be(value))
            .collect();
        let only = candidates.len() == 1 && rivals == 1;
        let best = candidates
            .into_iter()
            .map(|hidden| (likeness(&hidden.member.name, &shown), hidden))
            .filter(|(likeness, hidden)| *likeness >= 0.5 || only && hidden.is_expected())
            .max_by(|(one, _), (other, _)| one.total_cmp(other));
        if let (1, Some((_, best))) = (rivals, best)
            && let Some(evidence) = best.member.evidence
        {
            pairs.push(Renamed {
                documented: best.path.clone(),
                shown,
                field: evidence.span,
                key: example.span(&mismatch.range),
            });
        }
    }
    pairs
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

/// A documented member that no example shows, although one shows its object.
struct Hidden<'a> {
    path: String,
    member: &'a Member,
}

impl Hidden<'_> {
    /// True if nothing calls the member conditional, and its type says something.
    fn is_expected(&self) -> bool {
        let conditional = self
            .member
            .required
            .as_ref()
            .is_some_and(|required| !required.value);
        let vague = matches!(self.member.shape.kind, ShapeKind::Any | ShapeKind::Unknown);
        !conditional && !vague && self.member.shape.nullable.is_none()
    }

    /// True if a value could be this member: it has at least its type.
    fn could_be(&self, value: &Json) -> bool {
        let mismatches = self.member.shape.mismatches(value);
        !mismatches
            .iter()
            .any(|mismatch| mismatch.kind == MismatchKind::WrongType && mismatch.path.0.is_empty())
    }
}

fn hidden<'a>(comparison: &Comparison<'a>) -> Vec<Hidden<'a>> {
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
    for member in shape.members() {
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
            into.push(Hidden { path: own, member });
        } else {
            let with_content: Vec<&Json> = shown
                .into_iter()
                .filter(|value| value.kind != JsonKind::Null)
                .collect();
            collect(&member.shape, &with_content, &own, into);
        }
    }
}
