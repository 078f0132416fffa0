//! `required` and `deprecated` are flags, and any text in them is true to the page and false to the playground.

use crate::diagnostic::{Cause, Diagnostic, Fix, Rule, Safety, Severity};

use super::Place;

pub(super) static RULE: Rule = Rule {
    name: "required-as-text",
    severity: Severity::Warning,
    summary: "a flag such as `required` is written as text",
};

pub(super) fn check(place: &Place<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for flag in ["required", "deprecated"] {
        let Some(attribute) = place.field.attribute(flag) else {
            continue;
        };
        let Some(text) = attribute.value.as_str() else {
            continue;
        };
        let is_true = matches!(text.trim().to_ascii_lowercase().as_str(), "true" | "");
        if is_true && !place.in_playground {
            continue;
        }
        let name = place.field.shown_name();
        let diagnostic = match text.trim().to_ascii_lowercase().as_str() {
            "false" => Diagnostic::new(
                &RULE,
                attribute.span,
                format!("`{flag}=\"{text}\"` marks `{name}` as {flag} on the page: the platform takes any text for true"),
            )
            .severity(Severity::Error)
            .label(format!("shown as {flag}"))
            .help(format!("remove it, or write `{flag}={{false}}`"))
            .fix(Fix::replace(
                format!("write `{flag}={{false}}`"),
                Safety::Safe,
                attribute.span,
                format!("{flag}={{false}}"),
            )),
            "true" | "" => Diagnostic::new(
                &RULE,
                attribute.span,
                format!("the playground of the platform does not take `{flag}=\"{text}\"` for {flag}"),
            )
            // Nobody fills in what is answered.
            .severity(if place.field.is_response() { Severity::Info } else { RULE.severity })
            .label(format!("`{name}` is not {flag} there"))
            .help(format!("write `{flag}`"))
            .fix(Fix::replace(
                format!("write `{flag}`"),
                Safety::Safe,
                attribute.span,
                flag,
            )),
            _ => Diagnostic::new(
                &RULE,
                attribute.span,
                format!("`{flag}=\"{text}\"` marks `{name}` as {flag} on the page: the platform takes any text for true"),
            )
            .label(format!("shown as {flag}"))
            .help(format!("write `{flag}` or `{flag}={{false}}`, and say conditions in the text")),
        };
        let cause = cause(flag, text, &name);
        diagnostics.push(diagnostic.subject(place.subject.clone()).cause(cause));
    }
}

/// One attribute that is written alike all over a page.
fn cause(flag: &str, text: &str, name: &str) -> Cause {
    let lower = text.trim().to_ascii_lowercase();
    let (message, help) = match lower.as_str() {
        "false" => (
            format!(
                "`{flag}=\"{text}\"` marks {{}} as {flag} on the page: the platform takes any text for true"
            ),
            format!("remove it, or write `{flag}={{false}}`"),
        ),
        "true" | "" => (
            format!(
                "the playground of the platform does not take `{flag}=\"{text}\"` of {{}} for {flag}"
            ),
            format!("write `{flag}`"),
        ),
        _ => (
            format!(
                "a text marks {{}} as {flag} on the page: the platform takes any text for true"
            ),
            format!("write `{flag}` or `{flag}={{false}}`, and say conditions in the text"),
        ),
    };
    let key = if matches!(lower.as_str(), "false" | "true" | "") {
        lower
    } else {
        "text".to_owned()
    };
    let cause = Cause::on_page(format!("{flag} {key}"));
    cause
        .of(format!("`{name}`"), message, help)
        .across(format!("{flag} {key}"))
}
