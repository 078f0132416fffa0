//! A page documents the fields of a response, and shows no example of it.

use crate::diagnostic::{Cause, Diagnostic, Rule, Severity};
use crate::model::{Operation, Origin, Response};

pub(super) static RULE: Rule = Rule {
    name: "missing-example",
    severity: Severity::Info,
    summary: "a page documents the fields of a response, and shows no example of it",
};

pub(super) fn check(operation: &Operation, diagnostics: &mut Vec<Diagnostic>) {
    let is_stated = operation.endpoint.evidence.origin == Origin::Attribute;
    let is_shown = |response: &Response| !response.examples.is_empty();
    if !is_stated || operation.responses.iter().any(is_shown) {
        return;
    }
    let success = operation
        .responses
        .iter()
        .filter(|it| it.status.is_success());
    let Some(field) = success.flat_map(|it| &it.fields).next() else {
        return;
    };
    diagnostics.push(
        Diagnostic::new(
            &RULE,
            field.name.evidence.span,
            "the response is documented, and no example shows it",
        )
        .label("the fields begin here")
        .help("show an answer in a `<ResponseExample>`")
        .subject("response")
        .cause(Cause::on_site("")),
    );
}
