//! One member of an object is named in another style than all others.

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::Field;

pub(super) static RULE: Rule = Rule {
    name: "naming-outlier",
    severity: Severity::Info,
    summary: "one member of an object is named in another style than all others",
};

/// So many members in one style make a style.
const ENOUGH: usize = 5;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Snake,
    Camel,
}

pub(super) fn check(fields: &[Field], around: &str, diagnostics: &mut Vec<Diagnostic>) {
    let styled: Vec<_> = fields
        .iter()
        .filter_map(|field| Some((field, style(&field.name.value)?)))
        .collect();
    for style in [Style::Snake, Style::Camel] {
        let (same, other): (Vec<_>, Vec<_>) = styled.iter().partition(|(_, it)| *it == style);
        let ([(field, _)], Some((usual, _))) = (other.as_slice(), same.first()) else {
            continue;
        };
        if same.len() < ENOUGH {
            continue;
        }
        let name = &field.name.value;
        let message = format!(
            "`{name}` is named in another style than the other {} members, such as `{}`",
            same.len(),
            usual.name.value
        );
        diagnostics.push(
            Diagnostic::new(&RULE, field.name.evidence.span, message)
                .label("another style")
                .help("check whether the API spells it so")
                .subject(format!("{around}.{name}")),
        );
    }
}

/// The style of a name of several words.
fn style(name: &str) -> Option<Style> {
    let name = name.trim_matches('_');
    let has_upper = name.chars().any(char::is_uppercase);
    let starts_lower = name.starts_with(char::is_lowercase);
    match (name.contains('_'), has_upper) {
        _ if name.contains(['.', '[', '-', ' ']) => None,
        (true, false) => Some(Style::Snake),
        (false, true) if starts_lower => Some(Style::Camel),
        _ => None,
    }
}
