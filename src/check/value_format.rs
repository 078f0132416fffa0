//! An example shows a value in another notation than its field documents.

use crate::diagnostic::{Cause, Diagnostic, Rule, Severity};
use crate::model::Origin;
use crate::model::shape::{Mismatch, MismatchKind};

use super::comparison::Comparison;

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
            .label(format!("not {}", mismatch.expected))
            .help("show a value in the documented notation, or document this one")
            .subject(comparison.subject(&path))
            .cause(cause(comparison, &path, mismatch));
        if let Some(evidence) = mismatch.evidence {
            diagnostic = diagnostic.related(evidence.span, "the notation is documented here");
        }
        diagnostics.push(diagnostic);
    }
}

/// All members of a page that show one notation otherwise; where only texts state it, made-up values are the habit of a
/// site.
fn cause(comparison: &Comparison<'_>, path: &str, mismatch: &Mismatch) -> Cause {
    let expected = &mismatch.expected;
    let is_in_text = mismatch
        .evidence
        .is_some_and(|it| it.origin == Origin::Prose);
    let cause = if is_in_text {
        Cause::on_site(expected.as_str())
    } else {
        Cause::on_page(format!("{} {expected}", comparison.side()))
    };
    cause.of(
        comparison.name(path),
        format!("{{}} show values in another notation, and {expected} is documented"),
        "show values in the documented notation, or document this one",
    )
}
