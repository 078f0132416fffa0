//! The values that a text lists are of another type than the field.

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::Field;
use crate::model::types::Type;

pub(super) static RULE: Rule = Rule {
    name: "contradicting-values",
    severity: Severity::Warning,
    summary: "the values in the text of a field are of another type than the field",
};

pub(super) fn check(
    field: &Field,
    siblings: &[Field],
    subject: &str,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let (Some(allowed), Some(kind)) = (&field.prose.allowed, &field.type_text) else {
        return;
    };
    let contradicts = |value: &Value| match &field.kind {
        Type::Integer(_) | Type::Number(_) => text(value).parse::<f64>().is_err(),
        Type::Boolean => !matches!(
            text(value).to_ascii_lowercase().as_str(),
            "true" | "false" | "0" | "1"
        ),
        _ => false,
    };
    // "Whether it is `active` or `paused`" says what is true, and what is false.
    let is_question = || {
        let text = field.description.trim_start().to_lowercase();
        let starts = ["whether ", "ob ", "si ", "se "];
        allowed.value.len() == 2 && starts.iter().any(|start| text.starts_with(start))
    };
    if field.kind == Type::Boolean && is_question() {
        return;
    }
    // One that fits shows that the list is meant for something else, such as special cases.
    if allowed.value.len() < 2
        || !allowed
            .value
            .iter()
            .all(|it| !it.is_null() && contradicts(it))
    {
        return;
    }
    // "`paid` / `total`" is what is computed of other members.
    let is_sibling = |value: &Value| {
        let mut names = siblings.iter().map(|sibling| sibling.name.value.trim());
        names.any(|name| name == text(value))
    };
    // "`fixed`: 0 to 100" says what the number means in each case.
    let outside_code = field.description.split('`').step_by(2);
    let mut words = outside_code.flat_map(str::bytes);
    let is_choice =
        field.description.contains("one of the ") || field.description.contains("of them");
    if allowed.value.iter().any(is_sibling) || is_choice || words.any(|byte| byte.is_ascii_digit())
    {
        return;
    }
    let values: Vec<_> = allowed
        .value
        .iter()
        .map(|it| format!("`{}`", text(it)))
        .collect();
    let name = &field.name.value;
    let message = format!(
        "`{name}` is documented as {}, and its values as {}",
        kind.value,
        values.join(", ")
    );
    diagnostics.push(
        Diagnostic::new(&RULE, kind.evidence.span, message)
            .label("the type")
            .related(allowed.evidence.span, "the values")
            .help("correct the type, or the values")
            .subject(subject),
    );
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}
