//! A page has a second frontmatter: it was pasted into its file twice, or into that of another page.

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::Written;

pub(super) static RULE: Rule = Rule {
    name: "second-frontmatter",
    severity: Severity::Error,
    summary: "a page begins again in the middle of its file",
};

pub(super) fn check(page: &Written<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let Some(span) = page.again else {
        return;
    };
    let other = page.others.iter().find(|(_, stated)| *stated == span);
    let (message, help) = match other {
        Some((endpoint, _)) => (
            format!(
                "the page of `{}` begins inside of this one",
                endpoint.name()
            ),
            "move it to a file of its own",
        ),
        None => (
            "the page begins again here, with a second frontmatter".to_owned(),
            "remove one of the two: the platform shows this one as text",
        ),
    };
    diagnostics.push(
        Diagnostic::new(&RULE, span, message)
            .label("a second frontmatter")
            .help(help)
            .subject("page"),
    );
}
