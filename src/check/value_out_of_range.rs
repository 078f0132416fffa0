//! An example shows a number or a length beyond the documented bounds.

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::shape::MismatchKind;

use super::comparison::{self, Comparison};

pub(super) static RULE: Rule = Rule {
    name: "value-out-of-range",
    severity: Severity::Error,
    summary: "an example shows a number or a length beyond the documented bounds",
};

pub(super) fn check(comparison: &Comparison<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for kind in [MismatchKind::Range, MismatchKind::Length] {
        for (example, mismatch) in comparison.mismatches(kind) {
            let path = mismatch.path.subject();
            let shown = match kind {
                MismatchKind::Length => format!("a length of {}", mismatch.found),
                _ => mismatch.found.clone(),
            };
            let message = format!(
                "{} shows {shown}, and {} is documented",
                comparison.name(&path),
                mismatch.expected
            );
            let mut diagnostic = Diagnostic::new(&RULE, example.span(&mismatch.range), message)
                .severity(comparison::severity(
                    mismatch,
                    RULE.severity,
                    Severity::Warning,
                ))
                .label(format!("not {}", mismatch.expected))
                .help("show a value within the bounds, or correct the bounds")
                .subject(comparison.subject(&path));
            if let Some(evidence) = mismatch.evidence {
                diagnostic = diagnostic
                    .cause(comparison::of_field(evidence.span))
                    .related(evidence.span, "the bound is documented here");
            }
            diagnostics.push(diagnostic);
        }
    }
}
