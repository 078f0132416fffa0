//! A `ParamField` does not say where it is sent.

use crate::diagnostic::{Cause, Diagnostic, Rule, Severity};

use super::Place;

pub(super) static RULE: Rule = Rule {
    name: "field-without-location",
    severity: Severity::Error,
    summary: "a `ParamField` does not say whether it is sent in the path, the query, a header, or the body",
};

pub(super) fn check(place: &Place<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let field = place.field;
    let spreads = field.attributes.iter().any(|it| it.name.is_empty());
    if field.is_response() || spreads || !field.locations().is_empty() {
        return;
    }
    let named = field.attribute("name").and_then(|name| name.value.as_str());
    let message = match named {
        Some(name) => format!("`{name}` does not say where it is sent, so the platform drops it"),
        None => format!(
            "this `<{}>` does not say where it is sent, so the platform drops it",
            field.tag
        ),
    };
    let help = match named {
        Some(name) => format!(
            "write `body=\"{name}\"`, or `query`, `path`, `header`, or `cookie`, instead of `name`"
        ),
        None => place.as_text_of_parent().unwrap_or_else(|| {
            "add `body`, `query`, `path`, `header`, or `cookie` with its name".to_owned()
        }),
    };
    diagnostics.push(
        Diagnostic::new(&RULE, field.open, message)
            .label("no location")
            .help(help)
            .subject(place.subject.clone())
            .cause(match named {
                Some(name) => Cause::on_page("").of(
                    format!("`{name}`"),
                    "{} do not say where they are sent, so the platform drops them",
                    "write `body`, `query`, `path`, `header`, or `cookie` instead of `name`",
                ),
                None => Cause::on_page("no name"),
            }),
    );
}
