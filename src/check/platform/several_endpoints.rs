//! A page with an `api:` line documents a further endpoint.
//!
//! The platform reads one endpoint a page: the fields of the others become those of its own.

use crate::diagnostic::{Cause, Diagnostic, Rule, Severity};
use crate::model::Written;

pub(super) static RULE: Rule = Rule {
    name: "several-endpoints",
    severity: Severity::Warning,
    summary: "a page documents the fields of a further endpoint",
};

pub(super) fn check(page: &Written<'_>, diagnostics: &mut Vec<Diagnostic>) {
    // What a second frontmatter begins is a page, and another rule says so.
    let is_page = |stated: &(_, _)| page.again == Some(stated.1);
    let Some(api) = page.entry("api") else {
        return;
    };
    let own = api.value.as_str().unwrap_or_default();
    for stated in page.others.iter().filter(|it| !is_page(it)) {
        let (endpoint, span) = stated;
        let name = endpoint.name();
        let message = format!(
            "the page documents `{name}`, too, and the platform takes its fields for those of `{own}`"
        );
        diagnostics.push(
            Diagnostic::new(&RULE, *span, message)
                .label("a further endpoint")
                .related(api.value_span, "the endpoint of the page")
                .help(format!("give `{name}` a page of its own"))
                .subject("page")
                .cause(Cause::on_page("").of(
                    format!("`{name}`"),
                    format!(
                        "the page documents {{}}, too, and the platform takes their fields for those of `{own}`"
                    ),
                    "give each of them a page of its own",
                )),
        );
    }
}
