//! A JSON example, of a response or of a request body, is not valid JSON.
//!
//! What authors leave out on purpose, such as `...`, and comments are no faults.

use crate::diagnostic::{Cause, Diagnostic, Rule, Severity};

use super::{Read, json_slips};

pub(super) static RULE: Rule = Rule {
    name: "invalid-example",
    severity: Severity::Error,
    summary: "a JSON example is not valid JSON",
};

pub(super) fn check(read: &Read<'_>, diagnostics: &mut Vec<Diagnostic>) {
    if let Some(failure) = &read.reading.failure {
        // What does not even start as JSON is a note to the reader rather than a mistake.
        let starts = read.text().trim_start().starts_with(['{', '[']);
        let severity = if starts {
            read.severity()
        } else {
            Severity::Warning
        };
        let message = format!("the example is not JSON: {}", failure.message);
        diagnostics.push(
            Diagnostic::new(&RULE, read.span(&(failure.at..failure.at)), message)
                .severity(severity)
                .label("reading stops here")
                .help("mend the JSON, or give the fence another language")
                .subject(read.subject.clone())
                .cause(copied(read)),
        );
        return;
    }
    let mut repairs = read.reading.repairs.iter();
    let Some(repair) = repairs.find(|repair| !repair.kind.is_deliberate()) else {
        return;
    };
    if is_schema(read) {
        let message = "the fence shows what values may be, and not an example";
        diagnostics.push(
            Diagnostic::new(&RULE, read.span(&repair.range), message)
                .severity(Severity::Warning)
                .label("no JSON from here on")
                .help("show one value in each place, and say in fields what it may be")
                .subject(read.subject.clone())
                .cause(copied(read)),
        );
        return;
    }
    let message = format!("the example is not valid JSON: {}", repair.kind.describe());
    let mut diagnostic = Diagnostic::new(&RULE, read.span(&repair.range), message)
        .severity(read.severity())
        .label("here")
        .help("mend the JSON: readers copy it")
        .subject(read.subject.clone())
        .cause(if repair.kind.is_habit() {
            Cause::on_site(repair.kind.describe())
        } else {
            copied(read)
        });
    diagnostic.fix = json_slips::fix(read).map(Box::new);
    diagnostics.push(diagnostic);
}

/// True for notes on a type, such as `status: "open" || "closed"` and `name: // a text`.
fn is_schema(read: &Read<'_>) -> bool {
    let mut lines = read.text().lines();
    let is_told = |line: &str| {
        let rest = line
            .split_once(':')
            .map_or("", |(_, rest)| rest.trim_start());
        rest.starts_with("//") || rest.contains("\" || \"") || rest.contains("' || '")
    };
    lines.any(is_told)
}

/// An example that was copied with its fault is one mistake.
fn copied(read: &Read<'_>) -> Cause {
    Cause::on_site(read.text().trim())
}
