//! No value can satisfy the bounds in the text of a field.

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::Field;

pub(super) static RULE: Rule = Rule {
    name: "impossible-bounds",
    severity: Severity::Warning,
    summary: "no value can satisfy the bounds in the text of a field",
};

pub(super) fn check(field: &Field, subject: &str, diagnostics: &mut Vec<Diagnostic>) {
    let Some((least, most)) = &field.prose.contradicting_bounds else {
        return;
    };
    let message = format!(
        "no value of `{}` is at least {} and at most {}",
        field.name.value, least.value, most.value
    );
    diagnostics.push(
        Diagnostic::new(&RULE, most.evidence.span, message)
            .label(format!("at most {}", most.value))
            .related(least.evidence.span, format!("at least {}", least.value))
            .help("correct one of the bounds")
            .subject(subject),
    );
}
