//! The title of a page names another kind of call than its method.

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::Written;

use super::Stated;

pub(super) static RULE: Rule = Rule {
    name: "contradicting-title",
    severity: Severity::Info,
    summary: "the title of a page names another kind of call than its method",
};

/// First words of titles, and the methods that cannot be meant by them.
const VERBS: [(&str, &[&str]); 9] = [
    ("delete", &["GET", "PUT", "PATCH"]),
    ("remove", &["GET"]),
    ("create", &["GET", "DELETE", "PATCH"]),
    ("add", &["GET", "DELETE"]),
    ("update", &["GET", "DELETE"]),
    ("list", &["DELETE", "PUT", "PATCH"]),
    ("get", &["DELETE", "PUT", "PATCH"]),
    ("retrieve", &["DELETE", "PUT", "PATCH"]),
    ("fetch", &["DELETE", "PUT", "PATCH"]),
];

pub(super) fn check(page: &Written<'_>, stated: &Stated, diagnostics: &mut Vec<Diagnostic>) {
    let Some(entry) = page.entry("title") else {
        return;
    };
    let title = entry.value.as_str().unwrap_or_default();
    let first = title
        .split_whitespace()
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let method = stated.endpoint.method.as_str();
    let is_contradiction = VERBS
        .iter()
        .any(|(verb, methods)| *verb == first && methods.contains(&method));
    // `GET /users/delete` says itself that the API is like that.
    if !is_contradiction || stated.endpoint.path.to_ascii_lowercase().contains(&first) {
        return;
    }
    let message = format!("the title is `{title}`, and the method is {method}");
    diagnostics.push(
        Diagnostic::new(&RULE, stated.span, message)
            .label(format!("{method} here"))
            .related(entry.value_span, "the title")
            .help("correct the method, or the title")
            .subject("endpoint"),
    );
}
