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
    if are_in_other_units(&attribute, &text) {
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

/// True for 3600 and "1 hour", or 0.5 seconds and 500: one is the other in another unit.
fn are_in_other_units(attribute: &str, text: &str) -> bool {
    const FACTORS: [f64; 9] = [
        24.0,
        60.0,
        1000.0,
        1024.0,
        3600.0,
        86_400.0,
        60_000.0,
        3_600_000.0,
        86_400_000.0,
    ];
    let (Ok(one), Ok(other)) = (attribute.parse::<f64>(), text.parse::<f64>()) else {
        return false;
    };
    let factor = (one / other).max(other / one);
    FACTORS.iter().any(|it| (it - factor).abs() < 1e-6)
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
