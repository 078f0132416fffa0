//! A page has several components for examples of one kind.

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::Written;

pub(super) static RULE: Rule = Rule {
    name: "several-example-blocks",
    severity: Severity::Error,
    summary: "a page has several `RequestExample` or `ResponseExample` components",
};

pub(super) fn check(page: &Written<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let mut found: Option<Diagnostic> = None;
    for tag in ["RequestExample", "ResponseExample"] {
        // Those of a further endpoint are lost with its fields, which another rule says.
        let own = page.examples.iter().filter(|block| block.is_own);
        let mut blocks = own.filter(|block| block.tag == tag);
        let (Some(first), Some(second)) = (blocks.next(), blocks.next()) else {
            continue;
        };
        let more = blocks.count();
        let lost = match more {
            0 => "this one".to_owned(),
            more => format!("this one and {more} more"),
        };
        // Both kinds are cut for one reason.
        if let Some(known) = found {
            found = Some(known.related(second.open, "cut as well"));
            continue;
        }
        let message =
            format!("the platform keeps the first `<{tag}>` of a page only, and cuts {lost}");
        found = Some(
            Diagnostic::new(&RULE, second.open, message)
                .label("cut from the page")
                .related(first.open, "kept")
                .help(
                    "put the fences of one endpoint into one component, where each becomes a tab, and give each further endpoint a page of its own",
                )
                .subject("page"),
        );
    }
    diagnostics.extend(found);
}
