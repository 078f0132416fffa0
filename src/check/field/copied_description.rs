//! Two fields of one object have the same text.

use std::collections::HashMap;

use crate::diagnostic::{Cause, Diagnostic, Rule, Severity};
use crate::model::Field;

pub(super) static RULE: Rule = Rule {
    name: "copied-description",
    severity: Severity::Info,
    summary: "two fields of one object have the same text",
};

/// Shorter texts say the same of many fields: "The unique identifier".
const LENGTH: usize = 40;

pub(super) fn check(fields: &[Field], around: &str, diagnostics: &mut Vec<Diagnostic>) {
    let mut first: HashMap<&str, &Field> = HashMap::new();
    for field in fields {
        let text = field.description.trim();
        if text.chars().count() < LENGTH {
            continue;
        }
        let known = first.entry(text).or_insert(field);
        // Alternatives of one name, and the second use of a snippet, say the same by right.
        if known.name.value == field.name.value || known.open == field.open {
            continue;
        }
        let name = &field.name.value;
        let message = format!("`{name}` has the same text as `{}`", known.name.value);
        diagnostics.push(
            Diagnostic::new(&RULE, field.name.evidence.span, message)
                .label("the same text")
                .related(known.name.evidence.span, "the other field")
                .help("say what tells the fields apart")
                .subject(format!("{around}.{name}"))
                .cause(Cause::on_page(text).of(
                    format!("`{name}`"),
                    format!("{{}} have the same text as `{}`", known.name.value),
                    "say what tells the fields apart",
                )),
        );
    }
}
