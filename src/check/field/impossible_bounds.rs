//! No value can satisfy the bounds in the text of a field.

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::{Evidence, Field};

pub(super) static RULE: Rule = Rule {
    name: "impossible-bounds",
    severity: Severity::Warning,
    summary: "no value can satisfy the bounds in the text of a field",
};

pub(super) fn check(field: &Field, subject: &str, diagnostics: &mut Vec<Diagnostic>) {
    let facts = &field.prose;
    if let (Some(least), Some(most)) = (&facts.minimum, &facts.maximum)
        && least.value > most.value
    {
        let bounds = (least.value.to_string(), most.value.to_string());
        report(
            field,
            subject,
            ("value", bounds),
            (least.evidence, most.evidence),
            diagnostics,
        );
    }
    if let (Some(least), Some(most)) = (&facts.min_length, &facts.max_length)
        && least.value > most.value
    {
        let bounds = (least.value.to_string(), most.value.to_string());
        report(
            field,
            subject,
            ("length", bounds),
            (least.evidence, most.evidence),
            diagnostics,
        );
    }
}

fn report(
    field: &Field,
    subject: &str,
    (what, (least, most)): (&str, (String, String)),
    (from, to): (Evidence, Evidence),
    diagnostics: &mut Vec<Diagnostic>,
) {
    let name = &field.name.value;
    let message = format!("no {what} of `{name}` is at least {least} and at most {most}");
    diagnostics.push(
        Diagnostic::new(&RULE, to.span, message)
            .label(format!("at most {most}"))
            .related(from.span, format!("at least {least}"))
            .help("correct one of the bounds")
            .subject(subject),
    );
}
