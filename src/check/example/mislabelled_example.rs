//! An example is JSON, and its fence says that it is something else.

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::Operation;
use crate::model::json;

pub(super) static RULE: Rule = Rule {
    name: "mislabelled-example",
    severity: Severity::Warning,
    summary: "an example is JSON, and its fence says that it is in another language",
};

/// Languages of which no text is a JSON object or array; YAML is no such one.
const OTHERS: [&str; 6] = ["xml", "html", "svg", "csv", "toml", "graphql"];

pub(super) fn check(operation: &Operation, diagnostics: &mut Vec<Diagnostic>) {
    for response in &operation.responses {
        for example in &response.examples {
            let Some(language) = example.language.as_deref() else {
                continue;
            };
            let is_other = OTHERS
                .iter()
                .any(|other| language.eq_ignore_ascii_case(other));
            let text = example.text.text();
            if !is_other || !text.trim_start().starts_with(['{', '[']) {
                continue;
            }
            let reading = json::read(text);
            if reading.failure.is_some() || reading.documents.len() != 1 {
                continue;
            }
            let message = format!("the example is JSON, and its fence says `{language}`");
            diagnostics.push(
                Diagnostic::new(&RULE, example.title_span, message)
                    .label("not JSON by this")
                    .help("write `json` behind the marks of the fence")
                    .subject(response.status.subject()),
            );
        }
    }
}
