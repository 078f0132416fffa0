//! A `ResponseField` has no name.

use crate::diagnostic::{Cause, Diagnostic, Rule, Severity};

use super::Place;

pub(super) static RULE: Rule = Rule {
    name: "field-without-name",
    severity: Severity::Error,
    summary: "a `ResponseField` has no `name`",
};

pub(super) fn check(place: &Place<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let field = place.field;
    let spreads = field.attributes.iter().any(|it| it.name.is_empty());
    if !field.is_response() || spreads || field.attribute("name").is_some() {
        return;
    }
    // Written like a request field; the name is plain all the same.
    let other = ["body", "field_name"]
        .iter()
        .find_map(|name| field.attribute(name));
    let cause = Cause::on_page(other.map_or("", |attribute| attribute.name.as_str()));
    let (span, message, help) = match other {
        Some(attribute) => (
            attribute.span,
            format!(
                "the platform drops a `ResponseField` that is named by `{}`",
                attribute.name
            ),
            format!("write `name` instead of `{}`", attribute.name),
        ),
        None => (
            field.open,
            "the platform drops a `ResponseField` without `name`".to_owned(),
            place
                .as_text_of_parent()
                .unwrap_or_else(|| "add `name`".to_owned()),
        ),
    };
    diagnostics.push(
        Diagnostic::new(&RULE, span, message)
            .label("no `name`")
            .help(help)
            .subject(place.subject.clone())
            .cause(cause),
    );
}
