//! The text of a field calls optional what its attribute calls required, or the other way round.

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::{Field, Origin};

pub(super) static RULE: Rule = Rule {
    name: "contradicting-requirement",
    severity: Severity::Warning,
    summary: "text and attribute of a field disagree on whether it is required",
};

pub(super) fn check(field: &Field, subject: &str, diagnostics: &mut Vec<Diagnostic>) {
    let (Some(stated), Some(said)) = (&field.required, &field.prose.required) else {
        return;
    };
    let is_stated = stated.evidence.origin == Origin::Attribute;
    if !is_stated || stated.value == said.value || !is_plain(&field.description, said.value) {
        return;
    }
    let (attribute, text) = if stated.value {
        ("required", "optional")
    } else {
        ("optional", "required")
    };
    let name = &field.name.value;
    let message = format!("`{name}` is {attribute} by its attribute, and {text} by its text");
    diagnostics.push(
        Diagnostic::new(&RULE, said.evidence.span, message)
            .label(text)
            .related(stated.evidence.span, attribute)
            .help("make text and attribute agree")
            .subject(subject),
    );
}

/// True if the text says so of the field itself and without a condition: as a sentence of its own, or in brackets at
/// its start.
fn is_plain(description: &str, required: bool) -> bool {
    let word = if required { "required" } else { "optional" };
    let text = description.to_lowercase();
    let mut sentences = text
        .split(['.', '\n', ';'])
        .map(|sentence| sentence.trim_matches(|c: char| !c.is_alphanumeric()));
    let start = text.trim_start_matches(['(', '*', '_', '[']);
    sentences.any(|sentence| sentence == word)
        || start
            .strip_prefix(word)
            .is_some_and(|rest| start.len() < text.len() && rest.starts_with([')', '*', '_', ']']))
}
