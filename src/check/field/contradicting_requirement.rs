//! The text of a field calls optional what its attribute calls required, or the other way round.

use crate::diagnostic::{Cause, Diagnostic, Rule, Severity};
use crate::model::{Field, Origin};
use crate::source::Span;

pub(super) static RULE: Rule = Rule {
    name: "contradicting-requirement",
    severity: Severity::Warning,
    summary: "text and attribute of a field disagree on whether it is required",
};

pub(super) fn check(field: &Field, subject: &str, diagnostics: &mut Vec<Diagnostic>) {
    let Some(said) = &field.prose.required else {
        return;
    };
    let Some(stated) = &field.required else {
        // The platform shows what has no attribute as optional.
        let is_sent = subject.starts_with("request.") && !subject.starts_with("request.path.");
        if is_sent && said.value && is_plain(&field.description, true) {
            diagnostics.push(unmarked(field, said.evidence.span, subject));
        }
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

fn unmarked(field: &Field, said: Span, subject: &str) -> Diagnostic {
    let name = &field.name.value;
    let message = format!("`{name}` is required by its text, and has no `required`");
    Diagnostic::new(&RULE, said, message)
        .severity(Severity::Info)
        .label("required")
        .related(field.open, "shown as optional")
        .help("add `required` to the field")
        .subject(subject)
        .cause(Cause::on_page("unmarked").of(
            format!("`{name}`"),
            "{} are required by their texts, and have no `required`",
            "add `required` to the fields",
        ))
}

/// True if the text says so of the field itself and without a condition: as a sentence of its own, or in brackets at
/// its start.
fn is_plain(description: &str, required: bool) -> bool {
    const REQUIRED: [&str; 7] = [
        "required",
        "erforderlich",
        "pflicht",
        "obrigatório",
        "obligatorio",
        "obligatoire",
        "requis",
    ];
    const OPTIONAL: [&str; 5] = [
        "optional",
        "opcional",
        "optionnel",
        "facultatif",
        "facultativo",
    ];
    let words: &[&str] = if required { &REQUIRED } else { &OPTIONAL };
    let text = description.to_lowercase();
    let mut sentences = text
        .split(['.', '\n', ';'])
        .map(|sentence| sentence.trim_matches(|c: char| !c.is_alphanumeric()));
    let start = text.trim_start_matches(['(', '*', '_', '[']);
    let is_marked = |word: &&str| {
        let rest = start.strip_prefix(*word);
        rest.is_some_and(|rest| start.len() < text.len() && rest.starts_with([')', '*', '_', ']']))
    };
    sentences.any(|sentence| words.contains(&sentence)) || words.iter().any(is_marked)
}
