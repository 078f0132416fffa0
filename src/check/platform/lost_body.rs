//! A field for the whole body stands beside others for its members.

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::Written;

pub(super) static RULE: Rule = Rule {
    name: "lost-body",
    severity: Severity::Warning,
    summary: "a field for the whole body stands beside fields for its members",
};

pub(super) fn check(page: &Written<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let bodies = page.fields.iter().filter(|field| {
        let locations = field.locations();
        !field.is_response() && locations.first().is_some_and(|it| it.name == "body")
    });
    let (named, whole): (Vec<_>, Vec<_>) = bodies.partition(|field| field.name().is_some());
    let (Some(whole), Some(named)) = (whole.first(), named.first()) else {
        return;
    };
    // A name that only a running page knows is a name.
    let is_bare = whole
        .attribute("body")
        .is_some_and(|body| body.value.to_value() == Some(serde_json::Value::Bool(true)));
    if !is_bare {
        return;
    }
    let message = format!(
        "the body is documented as a whole and by its member `{}`, and the platform keeps one of them",
        named.shown_name()
    );
    diagnostics.push(
        Diagnostic::new(&RULE, whole.open, message)
            .label("the whole body")
            .related(named.open, "a member of it")
            .help("give the field a name, or move the members into it")
            .subject("request.body"),
    );
}
