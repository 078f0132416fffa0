//! A component has almost the name of one that documents the API.

use std::collections::HashSet;

use crate::diagnostic::{Cause, Diagnostic, Rule, Severity};
use crate::model::Written;
use crate::source::Span;

pub(super) static RULE: Rule = Rule {
    name: "misspelled-component",
    severity: Severity::Error,
    summary: "a component has almost the name of one that documents the API",
};

pub(super) fn check(page: &Written<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for (element, meant) in &page.misspelled {
        let name = &element.name;
        let message =
            format!("`<{name}>` is no component of the platform, which takes it off the page");
        diagnostics.push(
            Diagnostic::new(&RULE, element.name_span, message)
                .label(format!("`{meant}` is meant"))
                .help(format!("write `<{meant}>`"))
                .subject("page")
                .cause(Cause::on_site(name.as_str())),
        );
    }
}

/// A component that is known to be misspelt is not just unknown: one cause, one finding.
pub(in crate::check) fn replace_unknown(found: &[Diagnostic], diagnostics: &mut Vec<Diagnostic>) {
    let misspelled: HashSet<Span> = found
        .iter()
        .filter(|diagnostic| diagnostic.rule == &RULE)
        .map(|diagnostic| diagnostic.span)
        .collect();
    diagnostics.retain(|it| it.rule.name != "unknown-component" || !misspelled.contains(&it.span));
}
