//! A page documents a body for a method that has none.
//!
//! Content in a GET request has no meaning (RFC 9110, section 9.3.1): browsers refuse to send it, and servers may reject it.

use crate::diagnostic::{Cause, Diagnostic, Rule, Severity};
use crate::model::Written;

use super::Stated;

pub(super) static RULE: Rule = Rule {
    name: "body-of-get",
    severity: Severity::Warning,
    summary: "a page documents a body for GET or HEAD",
};

pub(super) fn check(page: &Written<'_>, stated: &Stated, diagnostics: &mut Vec<Diagnostic>) {
    let method = stated.endpoint.method.as_str();
    if !matches!(method, "GET" | "HEAD") {
        return;
    }
    // Then the fields may be those of a second endpoint on the page.
    if page
        .texts()
        .iter()
        .any(|text| names_call_with_body(text.text()))
    {
        return;
    }
    // What stands in the path is documented in the wrong place, which another rule says.
    let in_path = stated.template.parameters();
    let bodies = page.fields.iter().filter(|field| {
        let locations = field.locations();
        !field.is_response()
            && field.is_own
            && locations.first().is_some_and(|it| it.name == "body")
            && !field
                .name()
                .is_some_and(|(name, _)| in_path.iter().any(|it| it == name))
    });
    diagnostics.extend(bodies.map(|field| {
        let place = field.name().map_or(field.open, |(_, span)| span);
        let name = field.shown_name();
        let message = format!("`{name}` is documented in the body of a {method} request");
        Diagnostic::new(&RULE, place, message)
            .label(format!("{method} requests have no body"))
            .related(stated.span, "the method")
            .help("document it with `query`, or correct the method")
            .subject(format!("request.body.{name}"))
            .cause(
                Cause::on_page("")
                    .of(
                        format!("`{name}`"),
                        format!("{{}} are documented in the body of a {method} request"),
                        "document them with `query`, or correct the method",
                    )
                    .across(method),
            )
    }));
}

/// True if a line of the text is a heading, or set in bold, and names a call that has a body: ``**`POST /books`**``.
fn names_call_with_body(text: &str) -> bool {
    text.lines().any(|line| {
        let line = line.trim();
        let is_title = line.starts_with(['#', '*']);
        let words: Vec<&str> = line
            .split(|c: char| c.is_whitespace() || matches!(c, '*' | '`' | '#' | '(' | ')'))
            .filter(|word| !word.is_empty())
            .collect();
        is_title
            && words.windows(2).any(|pair| {
                matches!(pair, [method, target]
                    if ["POST", "PUT", "PATCH"].contains(method)
                        && (target.starts_with('/') || target.starts_with("http")))
            })
    })
}
