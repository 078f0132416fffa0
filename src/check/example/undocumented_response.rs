//! A page shows an example of a response, and documents no field of it.

use crate::diagnostic::{Cause, Diagnostic, Rule, Severity};
use crate::model::{Operation, Origin, Response};

pub(super) static RULE: Rule = Rule {
    name: "undocumented-response",
    severity: Severity::Info,
    summary: "a page shows an example of a response, and documents no field of it",
};

pub(super) fn check(operation: &Operation, diagnostics: &mut Vec<Diagnostic>) {
    let is_stated = operation.endpoint.evidence.origin == Origin::Attribute;
    let is_documented = |response: &Response| !response.fields.is_empty();
    if !is_stated || operation.responses.iter().any(is_documented) {
        return;
    }
    let success = operation
        .responses
        .iter()
        .filter(|it| it.status.is_success());
    let mut examples = success.flat_map(|it| &it.examples);
    let Some(example) = examples.find(|example| {
        let members = example.value().map_or(&[][..], |value| value.members());
        example.origin != Origin::Inferred && !members.is_empty()
    }) else {
        return;
    };
    diagnostics.push(
        Diagnostic::new(
            &RULE,
            example.title_span,
            "the response is shown, and no field documents it",
        )
        .label("this example")
        .help("document its members with `<ResponseField name=\"…\">`")
        .subject("response")
        .cause(Cause::on_site("")),
    );
}
