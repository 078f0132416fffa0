//! An example shows none of the documented members, but others: it is an example of something else, or the fields are.

use std::collections::HashSet;

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::json::{Json, JsonKind, Member};
use crate::model::shape::{Openness, Shape, ShapeKind};

use super::comparison::Comparison;

pub(super) static RULE: Rule = Rule {
    name: "unrelated-example",
    severity: Severity::Error,
    summary: "an example shows none of the documented members, but others",
};

/// Fewer members on a side may be one that was renamed.
const FEWEST: usize = 2;

/// True if documented and shown members have nothing in common.
pub(super) fn holds(comparison: &Comparison<'_>) -> bool {
    let documented = comparison.shape.members();
    let values: Vec<&Json> = comparison
        .examples
        .iter()
        .map(|it| it.value.as_ref())
        .collect();
    let objects = comparison.shape.objects(&values);
    let names: HashSet<String> = documented.iter().map(|it| folded(&it.name)).collect();
    let is_other = |object: &&Json| {
        let shown = object.members();
        shown.len() >= FEWEST
            && !object.is_open()
            && !shown.iter().any(|it| names.contains(&folded(&it.key)))
    };
    documented.len() >= FEWEST
        && is_closed(comparison.shape)
        && comparison.drifts.is_empty()
        && comparison.renamed.is_empty()
        && !objects.is_empty()
        && objects.iter().all(is_other)
}

/// What all spellings of a name have in common.
fn folded(name: &str) -> String {
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

fn is_closed(shape: &Shape) -> bool {
    match &shape.kind {
        ShapeKind::Array(items) => is_closed(items),
        ShapeKind::Object { open, .. } => *open == Openness::Closed,
        _ => false,
    }
}

pub(super) fn check(comparison: &Comparison<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let documented = comparison.shape.members();
    let field = documented.iter().find_map(|member| member.evidence);
    let shown = comparison
        .examples
        .iter()
        .find_map(|example| Some((example, first_member(&example.value)?)));
    let (Some(field), Some((example, member))) = (field, shown) else {
        return;
    };
    let message = format!(
        "the example shows none of the {} documented members",
        documented.len()
    );
    diagnostics.push(
        Diagnostic::new(&RULE, example.span(&member.key_range), message)
            .label("other members")
            .related(field.span, "the documented members begin here")
            .help("show the documented members, or document those that are shown")
            .subject(comparison.subject("")),
    );
}

fn first_member(value: &Json) -> Option<&Member> {
    match &value.kind {
        JsonKind::Array(items) => items.iter().find_map(first_member),
        _ => value.members().first(),
    }
}
