//! An example shows a value that is not among the documented ones.

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::shape::{Mismatch, MismatchKind};

use super::comparison::{self, Comparison};
use super::nesting;

pub(super) static RULE: Rule = Rule {
    name: "value-not-allowed",
    severity: Severity::Error,
    summary: "an example shows a value that is not among the documented ones",
};

pub(super) fn check(comparison: &Comparison<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let mut found = comparison.mismatches(MismatchKind::NotAllowed);
    found.extend(comparison.mismatches(MismatchKind::Constant));
    for (example, mismatch) in found {
        let path = mismatch.path.subject();
        if names_sibling(comparison, mismatch, &path) {
            continue;
        }
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
                Severity::Warning,
            ))
            .label("not among the documented values")
            .help("show a documented value, or document this one")
            .subject(comparison.subject(&path));
        if let Some(evidence) = mismatch.evidence {
            diagnostic = diagnostic
                .cause(comparison::of_field(evidence.span))
                .related(evidence.span, "the values are documented here");
        }
        diagnostics.push(diagnostic);
    }
}

/// True for "Always equals `id`.": the one value is the name of a member beside it.
fn names_sibling(comparison: &Comparison<'_>, mismatch: &Mismatch, path: &str) -> bool {
    let name = mismatch.expected.trim_matches('`');
    let around = nesting::split(path).0;
    mismatch.kind == MismatchKind::Constant
        && comparison.field(&nesting::join(around, name)).is_some()
}
