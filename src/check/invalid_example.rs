//! A JSON example is not valid JSON.
//!
//! What authors leave out on purpose, such as `...`, and comments are no faults.

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::{Operation, Origin, Status};

use super::json_slips;

pub(super) static RULE: Rule = Rule {
    name: "invalid-example",
    severity: Severity::Error,
    summary: "a JSON example is not valid JSON",
};

pub(super) fn check(operation: &Operation, diagnostics: &mut Vec<Diagnostic>) {
    for response in &operation.responses {
        let subject = match &response.status {
            Status::Code(code) if !response.status.is_success() => {
                format!("response.{}", code.value)
            }
            _ => "response".to_owned(),
        };
        for example in &response.examples {
            let Some(reading) = &example.json else {
                continue;
            };
            if let Some(failure) = &reading.failure {
                // What does not even start as JSON is a note to the reader rather than a mistake.
                let starts = example.text.text().trim_start().starts_with(['{', '[']);
                let severity = if starts && example.origin != Origin::Inferred {
                    Severity::Error
                } else {
                    Severity::Warning
                };
                let span = example.text.span(failure.at..failure.at);
                let diagnostic = Diagnostic::new(
                    &RULE,
                    span,
                    format!("the example is not JSON: {}", failure.message),
                )
                .severity(severity)
                .label("reading stops here")
                .help("mend the JSON, or give the fence another language")
                .subject(subject.clone());
                diagnostics.push(diagnostic);
                continue;
            }
            let repair = reading
                .repairs
                .iter()
                .find(|repair| !repair.kind.is_deliberate());
            if let Some(repair) = repair {
                let span = example.text.span(repair.range.clone());
                let mut diagnostic = Diagnostic::new(
                    &RULE,
                    span,
                    format!("the example is not valid JSON: {}", repair.kind.describe()),
                )
                .severity(if example.origin == Origin::Inferred {
                    Severity::Warning
                } else {
                    RULE.severity
                })
                .label("here")
                .help("mend the JSON: readers copy it")
                .subject(subject.clone());
                diagnostic.fix = json_slips::fix(&example.text, reading).map(Box::new);
                diagnostics.push(diagnostic);
            }
        }
    }
}
