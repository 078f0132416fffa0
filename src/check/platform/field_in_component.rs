//! Fields in tabs and the like, outside of any field, are shown on the page and missing in the playground.

use crate::diagnostic::{Cause, Diagnostic, Rule, Severity};
use crate::model::Written;

pub(super) static RULE: Rule = Rule {
    name: "field-in-component",
    severity: Severity::Info,
    summary: "a field stands in a component where the platform does not look for fields",
};

pub(super) fn check(page: &Written<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for field in &page.fields {
        let Some(component) = field.inside else {
            continue;
        };
        // It stands at the top level as well, hidden perhaps.
        let subject = field.subject(None);
        let mut others = page.fields.iter().filter(|it| it.inside.is_none());
        if others.any(|it| it.subject(None) == subject) {
            continue;
        }
        let name = field.shown_name();
        // Only request fields are inputs.
        let severity = if field.is_response() {
            Severity::Info
        } else {
            Severity::Warning
        };
        let tag = &component.name;
        let why = format!(
            "it looks for fields at the top level of a page and in other fields, not in `<{tag}>`"
        );
        let message = format!("the platform's playground leaves out `{name}`: {why}");
        diagnostics.push(
            Diagnostic::new(&RULE, field.open, message)
                .severity(severity)
                .label("not in the playground")
                .related(component.open, "in this component")
                .help("move the field out of the component, or into a field")
                .subject(field.subject(None))
                .cause(Cause::on_page("").of(
                    format!("`{name}`"),
                    format!("the platform's playground leaves out {{}}: {why}"),
                    "move the fields out of the component, or into a field",
                )),
        );
    }
}
