//! An example shows `null` where neither type nor text of the field allows it.

use crate::diagnostic::{Cause, Diagnostic, Rule, Severity};
use crate::model::shape::{Mismatch, MismatchKind};
use crate::model::{Evidence, Origin};

use super::comparison::{Comparison, Shown};

pub(super) static RULE: Rule = Rule {
    name: "example-null",
    severity: Severity::Warning,
    summary: "an example shows `null` for a member that is not documented as nullable",
};

pub(super) fn check(comparison: &Comparison<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for (example, mismatch) in comparison.mismatches(MismatchKind::Null) {
        // What no field documents by itself says nothing of `null`.
        let is_implied = |evidence: Evidence| evidence.origin == Origin::Inferred;
        if !mismatch.evidence.is_some_and(is_implied) {
            diagnostics.push(of_one(comparison, example, mismatch));
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
    let severity = if is_conditional(comparison, &path) {
        Severity::Info
    } else {
        RULE.severity
    };
    let diagnostic = Diagnostic::new(&RULE, example.span(&null.range), message)
        .severity(severity)
        .label("null here")
        .help(format!(
            "write the type as `{} | null` if it can be null",
            null.expected
        ))
        .subject(comparison.subject(&path))
        .cause(
            Cause::on_page(comparison.side())
                .of(
                    comparison.name(&path),
                    "{} are shown as null, and not documented as nullable",
                    "write the types as `… | null` for those that can be null",
                )
                .across(comparison.side()),
        );
    match null.evidence {
        Some(evidence) => diagnostic.related(evidence.span, format!("{} here", null.expected)),
        None => diagnostic,
    }
}

/// True if the field is called optional, or if its text states a condition: then `null` may stand for its absence.
fn is_conditional(comparison: &Comparison<'_>, path: &str) -> bool {
    let Some(field) = comparison.field(path) else {
        return false;
    };
    let stated = field.required.as_ref().or(field.prose.required.as_ref());
    let mut words = field.description.split(|c: char| !c.is_alphanumeric());
    stated.is_some_and(|required| !required.value)
        || words.any(|word| {
            [
                "if", "when", "unless", "only", "wenn", "falls", "se", "quando", "si", "cuando",
            ]
            .iter()
            .any(|it| it.eq_ignore_ascii_case(word))
        })
}
