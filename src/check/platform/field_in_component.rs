//! Fields in tabs and the like, outside of any field, are shown on the page and missing in the playground.

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::{Written, WrittenField};
use crate::source::Span;

pub(super) static RULE: Rule = Rule {
    name: "field-in-component",
    severity: Severity::Info,
    summary: "a field stands in a component where the platform does not look for fields",
};

pub(super) fn check(page: &Written<'_>, diagnostics: &mut Vec<Diagnostic>) {
    // One finding for each component, request fields apart, since only they are inputs.
    let mut found: Vec<(Span, bool, &str, Vec<&WrittenField<'_>>)> = Vec::new();
    for field in &page.fields {
        let Some(component) = field.inside else {
            continue;
        };
        let key = (component.open, field.is_response());
        match found.iter_mut().find(|it| (it.0, it.1) == key) {
            Some((_, _, _, fields)) => fields.push(field),
            None => found.push((key.0, key.1, &component.name, vec![field])),
        }
    }
    for (open, is_response, component, fields) in found {
        let Some(first) = fields.first() else {
            continue;
        };
        let name = first.shown_name();
        let what = match fields.len() {
            1 => format!("`{name}`"),
            count => format!("`{name}` and {} more", count - 1),
        };
        let severity = if is_response {
            Severity::Info
        } else {
            Severity::Warning
        };
        let message = format!(
            "the platform's playground leaves out {what}: it looks for fields at the top level of a page and in other fields, not in `<{component}>`"
        );
        diagnostics.push(
            Diagnostic::new(&RULE, first.open, message)
                .severity(severity)
                .label("not in the playground")
                .related(open, "in this component")
                .help("move the fields out of the component, or into a field")
                .subject(first.subject(None)),
        );
    }
}
