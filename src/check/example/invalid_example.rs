//! A JSON example, of a response or of a request body, is not valid JSON.
//!
//! What authors leave out on purpose, such as `...`, and comments are no faults.

use std::ops::Range;

use crate::diagnostic::{Cause, Diagnostic, Rule, Severity};

use super::{Read, json_slips};

pub(super) static RULE: Rule = Rule {
    name: "invalid-example",
    severity: Severity::Error,
    summary: "a JSON example is not valid JSON",
};

pub(super) fn check(read: &Read<'_>, diagnostics: &mut Vec<Diagnostic>) {
    if let Some(backticks) = swallowed(read) {
        let message = "the fence does not end here, and takes in what follows";
        diagnostics.push(
            Diagnostic::new(&RULE, read.span(&backticks), message)
                .severity(read.severity())
                .label("behind text, these close nothing")
                .help("put the closing backticks on a line of their own")
                .subject(read.subject.clone())
                .cause(Cause::on_site("closing backticks behind text")),
        );
        return;
    }
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

/// The backticks at the end of a line of JSON, if reading as JSON fails at them.
fn swallowed(read: &Read<'_>) -> Option<Range<usize>> {
    let reading = &read.reading;
    let mut repairs = reading.repairs.iter();
    let repair = repairs.find(|repair| !repair.kind.is_deliberate());
    let repair = repair.map(|repair| repair.range.start);
    let failure = reading.failure.as_ref().map(|failure| failure.at);
    let at = failure.into_iter().chain(repair).min()?;
    let rest = read.text().get(at..)?;
    let start = at + rest.len() - rest.trim_start().len();
    let line = read.text().get(start..)?.lines().next()?.trim_end();
    let is_fence = line.len() >= 3 && line.bytes().all(|byte| byte == b'`');
    is_fence.then(|| start..start + line.len())
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
