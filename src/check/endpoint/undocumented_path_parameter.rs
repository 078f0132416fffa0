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
    // A page without any field for requests has chosen another way to document them.
    let documents = page.fields.iter().any(|field| !field.is_response());
    let api = page
        .entry("api")
        .and_then(|entry| entry.value.as_str())
        .unwrap_or_default();
    for name in &paths.undocumented {
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
