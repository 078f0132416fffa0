//! The platform reads a type otherwise than its author: it takes what it does not know for an object.
//!
//! The extractor of the platform knows a table of words, `X[]`, and `array<X>`; any other string is an object without
//! properties in its playground.

use crate::diagnostic::{Cause, Diagnostic, Fix, Rule, Safety, Severity};
use crate::model::types::{self, Type};
use crate::model::{Field, Operation, Origin};

pub(super) static RULE: Rule = Rule {
    name: "platform-type",
    severity: Severity::Info,
    summary: "the platform reads the type of a field otherwise than it is meant",
};

pub(super) fn check(operation: &Operation, diagnostics: &mut Vec<Diagnostic>) {
    for parameter in &operation.parameters {
        let subject = format!("request.{}", parameter.location.as_str());
        field(&parameter.field, &subject, diagnostics);
    }
    for member in operation.body.iter().flat_map(|body| &body.fields) {
        field(member, "request.body", diagnostics);
    }
    for member in operation
        .responses
        .iter()
        .flat_map(|response| &response.fields)
    {
        field(member, "response", diagnostics);
    }
}

fn field(field: &Field, around: &str, diagnostics: &mut Vec<Diagnostic>) {
    let subject = format!("{around}.{}", field.name.value);
    if let Some(text) = &field.type_text
        // The platform makes nothing of tables.
        && text.evidence.origin > Origin::Prose
        && is_misread(&field.kind, &text.value)
    {
        let platform = types::platform(&text.value);
        let message = format!(
            "the platform takes the type `{}` for {platform}",
            text.value
        );
        let diagnostic = Diagnostic::new(&RULE, text.evidence.span, message)
            .label(format!("meant as {}", field.kind))
            .help("its playground knows string, integer, number, boolean, object, file, `X[]`, and `array<X>`")
            .subject(subject.clone())
            .cause(Cause::on_site(text.value.trim()));
        let diagnostic = match canonical(&field.kind) {
            Some(word) => {
                let safety = if types::parse(&word) == field.kind {
                    Safety::Safe
                } else {
                    Safety::Unsafe
                };
                let title = format!("write `{word}`");
                diagnostic.fix(Fix::replace(title, safety, text.evidence.span, word))
            }
            None => diagnostic,
        };
        diagnostics.push(diagnostic);
    }
    for child in &field.children {
        self::field(child, &subject, diagnostics);
    }
}

/// True if the platform makes an object of what is understood to be something else.
fn is_misread(kind: &Type, text: &str) -> bool {
    let is_object = matches!(
        kind,
        Type::Object | Type::Record(_) | Type::Map(..) | Type::Named(_)
    );
    let unclear = matches!(kind, Type::Unknown(_) | Type::ReasonPhrase(_));
    !is_object && !unclear && types::platform(text) == types::Platform::Unrecognized
}

/// The word by which the platform reads the type as it is meant; a format is left to the text, but no value, `null` included.
fn canonical(kind: &Type) -> Option<String> {
    Some(match kind {
        Type::Boolean => "boolean".to_owned(),
        Type::Integer(_) => "integer".to_owned(),
        Type::Number(_) => "number".to_owned(),
        Type::String(_) => "string".to_owned(),
        Type::Array(Some(items)) => format!("{}[]", canonical(items)?),
        _ => return None,
    })
}
