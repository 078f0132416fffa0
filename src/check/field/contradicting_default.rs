//! The text of a field names another default than its attribute.

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::{Field, Origin};

pub(super) static RULE: Rule = Rule {
    name: "contradicting-default",
    severity: Severity::Warning,
    summary: "text and attribute of a field name different defaults",
};

pub(super) fn check(field: &Field, subject: &str, diagnostics: &mut Vec<Diagnostic>) {
    let (Some(stated), Some(said)) = (&field.default, &field.prose.default) else {
        return;
    };
    let (attribute, text) = (plain(&stated.value), plain(&said.value));
    if stated.evidence.origin != Origin::Attribute || attribute.is_empty() || attribute == text {
        return;
    }
    let name = &field.name.value;
    let message = format!(
        "the default of `{name}` is `{attribute}` in its attribute, and `{text}` in its text"
    );
    diagnostics.push(
        Diagnostic::new(&RULE, said.evidence.span, message)
            .label("another default")
            .related(stated.evidence.span, "the attribute")
            .help("make text and attribute agree")
            .subject(subject),
    );
}

/// `10`, `10.0`, and `"10"` are one default.
fn plain(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.trim().trim_matches(['"', '\'', '`']).to_owned(),
        other => other.to_string(),
    };
    match text.parse::<f64>() {
        Ok(number) => number.to_string(),
        Err(_) => text.to_lowercase(),
    }
}
