//! A page with an endpoint is in no navigation.

use std::collections::HashSet;

use crate::diagnostic::{Cause, Diagnostic, Rule, Severity};
use crate::model::{Documentation, Written};

use super::page_name;

pub(super) static RULE: Rule = Rule {
    name: "unlisted-page",
    severity: Severity::Info,
    summary: "a page with an endpoint is in no navigation",
};

pub(super) fn check(
    pages: &[Written<'_>],
    documentation: &Documentation,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let navigation = &documentation.config.navigation;
    let listed: HashSet<&str> = navigation.iter().map(|(name, _)| page_name(name)).collect();
    if listed.is_empty() {
        return;
    }
    for page in pages {
        let Some(api) = page.entry("api") else {
            continue;
        };
        let hidden = page.entry("hidden").and_then(|entry| entry.value.as_bool());
        if hidden == Some(true) || listed.contains(page_name(documentation.path(page.file))) {
            continue;
        }
        diagnostics.push(
            Diagnostic::new(
                &RULE,
                api.key_span,
                "the page is not in the navigation of the site",
            )
            .label("an endpoint that only its address leads to")
            .help("add it to the navigation, or mark it with `hidden: true`")
            .subject("page")
            .cause(Cause::on_site("").of(
                format!("`{}`", documentation.path(page.file)),
                "{} are not in the navigation of the site",
                "add them to the navigation, or mark them with `hidden: true`",
            )),
        );
    }
}
