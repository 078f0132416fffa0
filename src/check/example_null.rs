//! An example shows `null` where neither type nor text of the field allows it.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::shape::{Mismatch, MismatchKind};
use crate::model::{Evidence, Origin};

use super::comparison::{Comparison, Shown};
use super::nesting;

pub(super) static RULE: Rule = Rule {
    name: "example-null",
    severity: Severity::Warning,
    summary: "an example shows `null` for a member that is not documented as nullable",
};

/// More members of one object that are null are one finding.
const SEVERAL: usize = 3;

pub(super) fn check(comparison: &Comparison<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let mut objects: BTreeMap<String, Vec<(&Shown<'_>, &Mismatch)>> = BTreeMap::new();
    for (example, mismatch) in comparison.mismatches(MismatchKind::Null) {
        // What no field documents by itself says nothing of `null`.
        let is_implied = |evidence: Evidence| evidence.origin == Origin::Inferred;
        if mismatch.evidence.is_some_and(is_implied) {
            continue;
        }
        let path = mismatch.path.subject();
        let around = nesting::split(&path).0.to_owned();
        objects.entry(around).or_default().push((example, mismatch));
    }
    for nulls in objects.values() {
        if let [(example, first), others @ ..] = nulls.as_slice()
            && others.len() >= SEVERAL
        {
            diagnostics.push(of_several(comparison, example, first, others));
        } else {
            let single = nulls
                .iter()
                .map(|(example, null)| of_one(comparison, example, null));
            diagnostics.extend(single);
        }
    }
}

fn of_one(comparison: &Comparison<'_>, example: &Shown<'_>, null: &Mismatch) -> Diagnostic {
    let path = null.path.subject();
    let message = format!(
        "{} is documented as {} and shown as null",
        comparison.name(&path),
        null.expected
    );
    let diagnostic = Diagnostic::new(&RULE, example.span(&null.range), message)
        .label("null here")
        .help(format!(
            "write the type as `{} | null` if it can be null",
            null.expected
        ))
        .subject(comparison.subject(&path));
    match null.evidence {
        Some(evidence) => diagnostic.related(evidence.span, format!("{} here", null.expected)),
        None => diagnostic,
    }
}

fn of_several(
    comparison: &Comparison<'_>,
    example: &Shown<'_>,
    first: &Mismatch,
    others: &[(&Shown<'_>, &Mismatch)],
) -> Diagnostic {
    let path = first.path.subject();
    let message = format!(
        "{} and {} other members of its object are shown as null, and not documented as nullable",
        comparison.name(&path),
        others.len()
    );
    let mut diagnostic = Diagnostic::new(&RULE, example.span(&first.range), message)
        .label("the first null")
        .help("write the types as `… | null` for those that can be null")
        .subject(comparison.subject(&path));
    for (_, null) in others.iter().take(SEVERAL) {
        if let Some(evidence) = null.evidence {
            diagnostic = diagnostic.related(evidence.span, format!("{} here", null.expected));
        }
    }
    diagnostic
}
