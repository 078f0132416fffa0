//! The navigation lists a page that does not exist.

use std::collections::HashSet;

use crate::diagnostic::{Cause, Diagnostic, Rule, Severity};
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
    let navigation = documentation.config.navigation.iter();
    let listed: Vec<_> = navigation
        .map(|(name, span)| (name, page_name(name), *span))
        .filter(|(name, page, _)| is_page(name) && seen.insert(*page))
        .collect();
    let missing: Vec<_> = listed
        .iter()
        .filter(|(_, page, _)| !known.contains(page))
        .collect();
    // Where many are missing, they are made or fetched when the site is built.
    if missing.len() > FEW && missing.len() * 20 > listed.len() {
        return;
    }
    diagnostics.extend(missing.into_iter().map(|(_, page, span)| {
        let message = format!("the navigation lists `{page}`, and there is no such page");
        Diagnostic::new(&RULE, *span, message)
            .label("no such page")
            .help("correct the name, or take it out of the navigation")
            .subject("page")
            .cause(Cause::on_page("").of(
                format!("`{page}`"),
                "the navigation lists {}, and there are no such pages",
                "correct the names, or take them out of the navigation",
            ))
    }));
}

/// So many may be missing in any site.
const FEW: usize = 3;

/// False for operations of OpenAPI files, such as `GET /books`, for addresses, and for what is filled in.
fn is_page(name: &str) -> bool {
    let is_other = name.contains("://") || name.contains([' ', '{', '#', '?', '*']);
    !is_other && !name.is_empty()
}
