//! An object of an example has one key twice.

use crate::diagnostic::{Diagnostic, Rule, Severity};

use super::Read;

pub(super) static RULE: Rule = Rule {
    name: "repeated-key",
    severity: Severity::Error,
    summary: "an object of a JSON example has one key twice",
};

pub(super) fn check(read: &Read<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for duplicate in &read.reading.duplicates {
        // An empty key, or dots, is what reading made of something else.
        if duplicate.key.trim_matches(['.', '…', ' ']).is_empty() {
            continue;
        }
        let message = format!("`{}` stands twice in one object", duplicate.key);
        diagnostics.push(
            Diagnostic::new(&RULE, read.span(&duplicate.second), message)
                .severity(read.severity())
                .label("again here")
                .help("keep one of the two: programs see only the last")
                .related(read.span(&duplicate.first), "first here")
                .subject(read.subject.clone()),
        );
    }
}
