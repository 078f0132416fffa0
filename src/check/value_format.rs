//! An example shows a value in another notation than its field documents.

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::shape::MismatchKind;

use super::comparison::{self, Comparison};

pub(super) static RULE: Rule = Rule {
    name: "value-format",
    severity: Severity::Warning,
    summary: "an example shows a value in another notation than its field documents",
};

pub(super) fn check(comparison: &Comparison<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for (example, mismatch) in comparison.mismatches(MismatchKind::Format) {
        let path = mismatch.path.subject();
        let message = format!(
            "{} shows {}, and {} is documented",
            comparison.name(&path),
            mismatch.found,
            mismatch.expected
        );
        let mut diagnostic = Diagnostic::new(&RULE, example.span(&mismatch.range), message)
            .severity(comparison::severity(
                mismatch,
                RULE.severity,
                Severity::Info,
            ))
            .label(format!("not {}", mismatch.expected))
            .help("show a value in the documented notation, or document this one")
            .subject(comparison.subject(&path));
        if let Some(evidence) = mismatch.evidence {
            diagnostic = diagnostic
                .cause(comparison::of_field(evidence.span))
                .related(evidence.span, "the notation is documented here");
        }
        diagnostics.push(diagnostic);
    }
}
