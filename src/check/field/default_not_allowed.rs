//! The default of a field does not fit its type, its values, or its bounds.

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::shape::is_placeholder;
use crate::model::types::Type;
use crate::model::{Evidence, Field, Origin};

pub(super) static RULE: Rule = Rule {
    name: "default-not-allowed",
    severity: Severity::Error,
    summary: "the default of a field does not fit its type, its values, or its bounds",
};

/// Words for no value, or for one that is made up on the spot.
const WORDS: [&str; 31] = [
    "",
    "-",
    "–",
    "∞",
    "all",
    "any",
    "auto",
    "automatic",
    "current",
    "dynamic",
    "empty",
    "false",
    "forever",
    "inf",
    "infinite",
    "infinity",
    "max",
    "min",
    "n/a",
    "never",
    "nil",
    "none",
    "now",
    "null",
    "off",
    "today",
    "undefined",
    "unlimited",
    "unset",
    "variable",
    "varies",
];

pub(super) fn check(field: &Field, subject: &str, diagnostics: &mut Vec<Diagnostic>) {
    let Some(default) = &field.default else {
        return;
    };
    // A cell has words for what there is without a value.
    let is_remark = default.evidence.origin == Origin::Prose
        && is_number(&field.kind)
        && !matches!(text(&default.value).as_str(), "true" | "false")
        && text(&default.value).chars().all(char::is_alphabetic);
    let Some((expected, against)) = contradicted(field, &default.value).filter(|_| !is_remark)
    else {
        return;
    };
    let stated = |evidence: Evidence| matches!(evidence.origin, Origin::Attribute | Origin::Type);
    let is_stated = stated(default.evidence) && against.is_none_or(stated);
    let severity = if is_stated {
        Severity::Error
    } else {
        Severity::Warning
    };
    let shown = text(&default.value);
    let message = format!(
        "the default of `{}` is `{shown}`, and {expected} is documented",
        field.name.value
    );
    let mut diagnostic = Diagnostic::new(&RULE, default.evidence.span, message)
        .severity(severity)
        .label("the default")
        .help("correct the default, or what it contradicts")
        .subject(subject);
    if let Some(against) = against {
        diagnostic = diagnostic.related(against.span, format!("{expected} here"));
    }
    diagnostics.push(diagnostic);
}

/// What the default contradicts, and where that is said.
fn contradicted(field: &Field, default: &Value) -> Option<(String, Option<Evidence>)> {
    let shown = text(default);
    let is_word = WORDS.contains(&shown.trim().to_lowercase().as_str());
    if shown.contains(char::is_whitespace) || is_placeholder(&shown) {
        return None;
    }
    if is_number(&field.kind) && is_other_number(&shown) {
        return None;
    }
    let of_type = field.type_text.as_ref().map(|text| text.evidence);
    let is_false = default == &Value::Bool(false) || shown == "false";
    if !fits(&field.kind, default) && (!is_word || is_false && is_number(&field.kind)) {
        return Some((field.kind.to_string(), of_type));
    }
    if is_word {
        return None;
    }
    if let Some(allowed) = &field.prose.allowed {
        let known = |item: &String| allowed.value.iter().any(|it| text(it) == *item);
        // `name: value` lists something else than bare values.
        let is_plain = |value: &Value| !text(value).contains(": ");
        let is_known = known(&shown) || items(default).iter().all(known);
        if allowed.value.iter().all(is_plain) && !is_known {
            let values: Vec<_> = allowed
                .value
                .iter()
                .map(|it| format!("`{}`", text(it)))
                .collect();
            let several = if values.len() > 1 { "one of " } else { "" };
            return Some((
                format!("{several}{}", values.join(", ")),
                Some(allowed.evidence),
            ));
        }
    }
    let number: f64 = shown.parse().ok().filter(|_| is_number(&field.kind))?;
    let facts = &field.prose;
    if let Some(minimum) = facts.minimum.as_ref().filter(|it| number < it.value) {
        return Some((
            format!("at least {}", minimum.value),
            Some(minimum.evidence),
        ));
    }
    let maximum = facts.maximum.as_ref().filter(|it| number > it.value)?;
    Some((format!("at most {}", maximum.value), Some(maximum.evidence)))
}

/// The values of a default that is a list, as JSON or with signs between them: `["a", "b"]`, `a,b`.
fn items(default: &Value) -> Vec<String> {
    let shown = text(default);
    let bare = shown.trim_matches(['[', ']']);
    let pieces = bare.split([',', ';', '|']);
    let of_text = pieces.map(|it| text(&Value::from(it)));
    match default {
        Value::Array(items) => items.iter().map(text).collect(),
        _ => of_text.filter(|it| !it.is_empty()).collect(),
    }
}

/// True unless the value cannot be of the type; text is taken for what it spells.
fn fits(kind: &Type, default: &Value) -> bool {
    let shown = text(default);
    let alternatives = kind.alternatives();
    if alternatives.len() > 1 {
        return alternatives.iter().any(|kind| fits(kind, default));
    }
    match kind {
        Type::Integer(_) => shown.parse::<f64>().is_ok_and(|it| it.fract() == 0.0),
        Type::Number(_) => shown.parse::<f64>().is_ok(),
        Type::Boolean => matches!(
            shown.to_ascii_lowercase().as_str(),
            "true" | "false" | "yes" | "no" | "on" | "off" | "1" | "0"
        ),
        Type::Literal(value) => text(value) == shown,
        Type::Union(alternatives) => alternatives.iter().any(|kind| fits(kind, default)),
        Type::String(_) => !default.is_array() && !default.is_object(),
        _ => true,
    }
}

/// True for a number as people write it for each other: `24h`, `1,000`, `50%`.
fn is_other_number(shown: &str) -> bool {
    let rest =
        shown.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '_'));
    let is_grouped = || {
        let mut groups = shown.split([',', '_']);
        shown.contains([',', '_'])
            && groups
                .next()
                .is_some_and(|first| (1..4).contains(&first.len()))
            && groups.all(|group| group.len() == 3)
    };
    let is_unit = !rest.is_empty()
        && rest
            .chars()
            .all(|c| c.is_alphabetic() || matches!(c, '%' | '°'));
    rest.len() < shown.len() && (is_unit || rest.is_empty() && is_grouped())
}

fn is_number(kind: &Type) -> bool {
    matches!(kind, Type::Integer(_) | Type::Number(_))
}

/// A value as authors write it: strings without quotes.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.trim().trim_matches(['"', '\'', '`']).to_owned(),
        other => other.to_string(),
    }
}
