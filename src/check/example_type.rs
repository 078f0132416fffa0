//! An example shows a value of another JSON type than its field documents.

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::shape::MismatchKind;

use super::comparison::{self, Comparison};

pub(super) static RULE: Rule = Rule {
    name: "example-type",
    severity: Severity::Error,
    summary: "an example shows a value of another JSON type than its field documents",
};

pub(super) fn check(comparison: &Comparison<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for (example, mismatch) in comparison.mismatches(MismatchKind::WrongType) {
        let path = mismatch.path.subject();
        let subject = comparison.subject(&path);
        let message = format!(
            "{} is documented as {} and shown as {}",
            comparison.name(&path),
            mismatch.expected,
            mismatch.found
        );
        let mut diagnostic = Diagnostic::new(&RULE, example.span(&mismatch.range), message)
            .label(format!("{} here", mismatch.found))
            .help("make the type of the field and the example agree")
            .subject(subject);
        if let Some(evidence) = mismatch.evidence {
            diagnostic = diagnostic
                .cause(comparison::of_field(evidence.span))
                .related(evidence.span, format!("{} here", mismatch.expected));
        }
        diagnostics.push(diagnostic);
    }
}
