//! A value is listed twice.

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::Field;

pub(super) static RULE: Rule = Rule {
    name: "repeated-value",
    severity: Severity::Info,
    summary: "a list of allowed values names one of them twice",
};

pub(super) fn check(field: &Field, subject: &str, diagnostics: &mut Vec<Diagnostic>) {
    let Some(allowed) = &field.prose.allowed else {
        return;
    };
    let twice = allowed.value.iter().enumerate().find(|(index, value)| {
        let before = allowed.value.get(..*index).unwrap_or_default();
        before.contains(value)
    });
    let Some((_, value)) = twice else {
        return;
    };
    let shown = value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned);
    let message = format!("the values of `{}` name `{shown}` twice", field.name.value);
    diagnostics.push(
        Diagnostic::new(&RULE, allowed.evidence.span, message)
            .label("in this list")
            .help("remove one of them, or correct it")
            .subject(subject),
    );
}
