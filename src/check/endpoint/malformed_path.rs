//! The path of an `api:` line has braces that are not closed, or parameters without a name.

use crate::diagnostic::{Diagnostic, Rule, Severity};

use super::Stated;

pub(super) static RULE: Rule = Rule {
    name: "malformed-path",
    severity: Severity::Error,
    summary: "the path of an `api:` line is not a template such as `/books/{book_id}`",
};

pub(super) fn check(stated: &Stated, diagnostics: &mut Vec<Diagnostic>) {
    let path = &stated.endpoint.path;
    let fault = stated
        .template
        .faults()
        .first()
        .map(|fault| fault.kind.to_string());
    // `items:/id`, where `items/:id` is meant; a colon at the end of the path may be part of a verb that follows.
    let fault = fault.or_else(|| {
        let misplaced = path.contains(":/");
        misplaced.then(|| "`:` stands before the slash, not behind it".to_owned())
    });
    let Some(fault) = fault else {
        return;
    };
    let message = format!("the path `{path}` is malformed: {fault}");
    diagnostics.push(
        Diagnostic::new(&RULE, stated.span, message)
            .label("not a template")
            .help("write each path parameter once, as `{name}`, with text or a slash between two of them")
            .subject("endpoint"),
    );
}
