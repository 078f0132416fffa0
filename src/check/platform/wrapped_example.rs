//! The fences of an example stand in another component inside it.

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::Written;

pub(super) static RULE: Rule = Rule {
    name: "wrapped-example",
    severity: Severity::Warning,
    summary: "the fences of an example stand in another component inside it",
};

pub(super) fn check(page: &Written<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for block in &page.examples {
        let Some(wrapper) = block.wrapper else {
            continue;
        };
        let from_snippet = wrapper
            .children
            .first()
            .is_some_and(|child| child.span().file != wrapper.span.file);
        if from_snippet || matches!(wrapper.name.as_str(), "" | "Snippet" | "CodeBlock") {
            continue;
        }
        let (tag, name) = (block.tag, &wrapper.name);
        let message = format!(
            "the platform takes only fences that stand directly in `<{tag}>`, and leaves out those in `<{name}>`"
        );
        diagnostics.push(
            Diagnostic::new(&RULE, wrapper.open, message)
                .label("its fences are not shown")
                .related(block.open, format!("in this `<{tag}>`"))
                .help(format!(
                    "remove `<{name}>`: the fences of an example are tabs already"
                ))
                .subject("page"),
        );
    }
}
