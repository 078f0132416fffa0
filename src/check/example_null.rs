//! An example shows `null` where neither type nor text of the field allows it.

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::shape::MismatchKind;
use crate::model::{Evidence, Origin};

use super::comparison::Comparison;

pub(super) static RULE: Rule = Rule {
    name: "example-null",
    severity: Severity::Warning,
    summary: "an example shows `null` for a member that is not documented as nullable",
};

pub(super) fn check(comparison: &Comparison<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for (example, mismatch) in comparison.mismatches(MismatchKind::Null) {
        // What no field documents by itself says nothing of `null`.
        let is_implied = |evidence: Evidence| evidence.origin == Origin::Inferred;
        if mismatch.evidence.is_some_and(is_implied) {
            continue;
        }
        let path = mismatch.path.subject();
        let message = format!(
            "{} is documented as {} and shown as null",
            comparison.name(&path),
            mismatch.expected
        );
        let mut diagnostic = Diagnostic::new(&RULE, example.span(&mismatch.range), message)
            .label("null here")
            .help(format!(
                "write the type as `{} | null` if it can be null",
                mismatch.expected
            ))
            .subject(comparison.subject(&path));
        if let Some(evidence) = mismatch.evidence {
            diagnostic = diagnostic.related(evidence.span, format!("{} here", mismatch.expected));
        }
        diagnostics.push(diagnostic);
    }
}
