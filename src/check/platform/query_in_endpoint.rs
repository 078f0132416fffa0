//! The URL of an `api:` line has a query.

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::Written;
use crate::model::endpoint::Endpoint;

pub(super) static RULE: Rule = Rule {
    name: "query-in-endpoint",
    severity: Severity::Warning,
    summary: "the URL of an `api:` line has a query",
};

pub(super) fn check(page: &Written<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let Some(entry) = page.entry("api") else {
        return;
    };
    let Some(endpoint) = entry
        .value
        .as_str()
        .and_then(|text| Endpoint::parse(text).ok())
    else {
        return;
    };
    let Some(query) = endpoint.query.filter(|query| !query.is_empty()) else {
        return;
    };
    let message = match endpoint.server {
        Some(_) => format!("the platform drops the query `?{query}` of the URL"),
        None => format!("the platform takes the query `?{query}` for a part of the path"),
    };
    diagnostics.push(
        Diagnostic::new(&RULE, entry.value_span, message)
            .label("a query in the URL")
            .help("document it with fields: `<ParamField query=\"…\">`")
            .subject("endpoint"),
    );
}
