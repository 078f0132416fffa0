//! A `ParamField` says twice where it is sent.

use crate::diagnostic::{Diagnostic, Rule, Severity};

use super::Place;

pub(super) static RULE: Rule = Rule {
    name: "several-locations",
    severity: Severity::Error,
    summary: "a `ParamField` says twice where it is sent",
};

pub(super) fn check(place: &Place<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let field = place.field;
    let locations = field.locations();
    let [first, second, ..] = locations.as_slice() else {
        return;
    };
    if field.is_response() {
        return;
    }
    let message = format!(
        "the field is sent both as `{}` and as `{}`, so the platform drops it",
        first.name, second.name
    );
    diagnostics.push(
        Diagnostic::new(&RULE, second.span, message)
            .label("sent here, too")
            .related(first.span, "sent here")
            .help("keep one of them, or write two fields")
            .subject(place.subject.clone()),
    );
}
