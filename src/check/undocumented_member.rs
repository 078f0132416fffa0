//! An example shows a member that no field documents.

use crate::diagnostic::{Diagnostic, Rule, Severity};

use super::comparison::Comparison;

pub(super) static RULE: Rule = Rule {
    name: "undocumented-member",
    severity: Severity::Error,
    summary: "an example shows a member that no field documents",
};

pub(super) fn check(comparison: &Comparison<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for (example, mismatch) in comparison.undocumented() {
        let path = mismatch.path.subject();
        let name = path.rsplit('.').next().unwrap_or(&path);
        let span = example.span(&mismatch.range);
        let mut diagnostic =
            Diagnostic::new(&RULE, span, format!("`{path}` is shown but not documented"))
                .label("no field documents it")
                .help(format!(
                    "document `{name}` with a field, or remove it from the example"
                ))
                .subject(comparison.subject(&path));
        if let Some(pair) = comparison.renamed.iter().find(|pair| pair.shown == path) {
            diagnostic = diagnostic
                .related(
                    pair.field,
                    format!("`{}` is documented here and shown nowhere", pair.documented),
                )
                .help(format!(
                    "use one name in both places: `{}` or `{}`",
                    pair.documented, path
                ));
        }
        diagnostics.push(diagnostic);
    }
}
