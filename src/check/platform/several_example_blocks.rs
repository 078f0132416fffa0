//! A page has several components for examples of one kind.

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::Written;

pub(super) static RULE: Rule = Rule {
    name: "several-example-blocks",
    severity: Severity::Error,
    summary: "a page has several `RequestExample` or `ResponseExample` components",
};

pub(super) fn check(page: &Written<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for tag in ["RequestExample", "ResponseExample"] {
        let mut blocks = page.examples.iter().filter(|block| block.tag == tag);
        let Some(first) = blocks.next() else {
            continue;
        };
        let Some(second) = blocks.next() else {
            continue;
        };
        let more = blocks.count();
        let lost = match more {
            0 => "this one".to_owned(),
            more => format!("this one and {more} more"),
        };
        let message =
            format!("the platform keeps the first `<{tag}>` of a page only, and cuts {lost}");
        diagnostics.push(
            Diagnostic::new(&RULE, second.open, message)
                .label("cut from the page")
                .related(first.open, "kept")
                .help("put all fences into the first one: each becomes a tab")
                .subject("page"),
        );
    }
}
