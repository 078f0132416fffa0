//! The navigation lists a page that does not exist.

use std::collections::HashSet;

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::Documentation;

use super::page_name;

pub(super) static RULE: Rule = Rule {
    name: "missing-page",
    severity: Severity::Warning,
    summary: "the navigation lists a page that does not exist",
};

pub(super) fn check(documentation: &Documentation, diagnostics: &mut Vec<Diagnostic>) {
    let files = documentation.sources.iter();
    let known: HashSet<&str> = files.map(|(_, file)| page_name(file.path())).collect();
    let mut seen = HashSet::new();
    for (name, span) in &documentation.config.navigation {
        let page = page_name(name);
        if !is_page(name) || known.contains(page) || !seen.insert(page) {
            continue;
        }
        diagnostics.push(
            Diagnostic::new(
                &RULE,
                *span,
                format!("the navigation lists `{page}`, and there is no such page"),
            )
            .label("no such page")
            .help("correct the name, or take it out of the navigation")
            .subject("page"),
        );
    }
}

/// False for operations of OpenAPI files, such as `GET /books`, for addresses, and for what is filled in.
fn is_page(name: &str) -> bool {
    let is_other = name.contains("://") || name.contains([' ', '{', '#', '?', '*']);
    !is_other && !name.is_empty()
}
