//! No field documents a parameter of the path.

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::Written;

use super::{PathFields, Stated};

pub(super) static RULE: Rule = Rule {
    name: "undocumented-path-parameter",
    severity: Severity::Warning,
    summary: "no field documents a parameter of the path",
};

pub(super) fn check(
    page: &Written<'_>,
    stated: &Stated,
    paths: &PathFields<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    if paths.pair().is_some() {
        return;
    }
    // A page without any field has chosen another way to document its parameters.
    let documents = !page.fields.is_empty();
    // A field that does not say where it is sent is a finding of its own.
    let unplaced = |name: &str| {
        page.fields.iter().any(|field| {
            let named = field.attribute("name").and_then(|it| it.value.as_str());
            !field.is_response() && field.locations().is_empty() && named == Some(name)
        })
    };
    let api = page
        .entry("api")
        .and_then(|entry| entry.value.as_str())
        .unwrap_or_default();
    for name in paths.undocumented.iter().filter(|name| !unplaced(name)) {
        let written = format!("{{{name}}}");
        let written = if api.contains(&written) {
            written
        } else {
            format!(":{name}")
        };
        let span = stated.place(api, &written, &(0..written.len()));
        let message = format!("no field documents the path parameter `{name}`");
        let severity = if documents {
            Severity::Warning
        } else {
            Severity::Info
        };
        diagnostics.push(
            Diagnostic::new(&RULE, span, message)
                .severity(severity)
                .label("not documented")
                .help(format!("add `<ParamField path=\"{name}\" type=\"string\" required>`: the playground has no input for it"))
                .subject(format!("request.path.{name}")),
        );
    }
}
