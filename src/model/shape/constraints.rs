//! The comparison of a value with what is stated beyond its kind: values, notation, range, length.

use serde_json::{Number, Value};

use super::matcher::{Found, Matcher};
use super::{Constraints, MismatchKind, format, is_placeholder};
use crate::model::json::{Json, JsonKind};
use crate::model::types::Format;
use crate::model::{Evidence, Fact};

impl Matcher {
    pub(super) fn constraints(&mut self, constraints: &Constraints, value: &Json) {
        if matches!(&value.kind, JsonKind::String(text) if is_placeholder(text)) {
            return;
        }
        if let Some(constant) = &constraints.constant {
            self.allowed(
                MismatchKind::Constant,
                std::slice::from_ref(&constant.value),
                constant.evidence,
                value,
            );
        }
        if let Some(allowed) = &constraints.allowed
            && !is_word(constraints, value)
            && !is_made_of(&allowed.value, value)
        {
            self.allowed(
                MismatchKind::NotAllowed,
                &allowed.value,
                allowed.evidence,
                value,
            );
        }
        if let Some(format) = &constraints.format {
            self.format(format, value);
        }
        if let (Some(prefix), JsonKind::String(text)) = (&constraints.prefix, &value.kind)
            && !text.starts_with(&prefix.value)
        {
            let expected = format!("a text that starts with `{}`", prefix.value);
            let found = Found::of(value, Some(prefix.evidence));
            self.report(MismatchKind::Format, expected, found);
        }
        if let (Some(pattern), JsonKind::String(text)) = (&constraints.pattern, &value.kind)
            && !pattern.value.accepts(text)
        {
            let expected = format!("a text that matches `{}`", pattern.value.as_str());
            let found = Found::of(value, Some(pattern.evidence));
            self.report(MismatchKind::Format, expected, found);
        }
        self.range(constraints, value);
        self.length(constraints, value);
    }

    fn allowed(&mut self, kind: MismatchKind, allowed: &[Value], evidence: Evidence, value: &Json) {
        let Some(text) = scalar_text(value) else {
            return;
        };
        let is_same =
            |allowed: &Value| value_text(allowed) == text || is_same_number(allowed, value);
        if allowed.iter().any(is_same) {
            return;
        }
        let expected = one_of(allowed);
        self.report(kind, expected, Found::of(value, Some(evidence)));
    }

    fn format(&mut self, fact: &Fact<Format>, value: &Json) {
        let fits = match &value.kind {
            JsonKind::String(text) => format::accepts(&fact.value, text),
            JsonKind::Number(number) => format::accepts_number(&fact.value, number),
            _ => true,
        };
        if !(fits || fact.value == Format::Uuid && names_uuid(value)) {
            self.report(
                MismatchKind::Format,
                format::noun(&fact.value),
                Found::of(value, Some(fact.evidence)),
            );
        }
    }

    fn range(&mut self, constraints: &Constraints, value: &Json) {
        let JsonKind::Number(number) = &value.kind else {
            return;
        };
        let Some(number) = number.as_f64() else {
            return;
        };
        if let Some(minimum) = constraints
            .minimum
            .as_ref()
            .filter(|minimum| number < minimum.value)
        {
            let expected = format!("at least {}", minimum.value);
            self.report(
                MismatchKind::Range,
                expected,
                Found::of(value, Some(minimum.evidence)),
            );
        }
        if let Some(maximum) = constraints
            .maximum
            .as_ref()
            .filter(|maximum| number > maximum.value)
        {
            let expected = format!("at most {}", maximum.value);
            self.report(
                MismatchKind::Range,
                expected,
                Found::of(value, Some(maximum.evidence)),
            );
        }
    }

    fn length(&mut self, constraints: &Constraints, value: &Json) {
        let (length, unit, elided) = match &value.kind {
            JsonKind::String(text) => (text.chars().count(), "characters", false),
            JsonKind::Array(items) => {
                let elided = items
                    .iter()
                    .filter(|item| item.kind == JsonKind::Elision)
                    .count();
                (items.len() - elided, "items", elided > 0)
            }
            _ => return,
        };
        let found = |evidence| Found {
            text: format!("{length}"),
            ..Found::of(value, Some(evidence))
        };
        let length = length as u64;
        if let Some(least) = constraints
            .min_length
            .as_ref()
            .filter(|least| length < least.value && !elided)
        {
            self.report(
                MismatchKind::Length,
                format!("at least {} {unit}", least.value),
                found(least.evidence),
            );
        }
        if let Some(most) = constraints
            .max_length
            .as_ref()
            .filter(|most| length > most.value)
        {
            self.report(
                MismatchKind::Length,
                format!("at most {} {unit}", most.value),
                found(most.evidence),
            );
        }
    }
}

/// True for a word that may stand in the place of the values.
fn is_word(constraints: &Constraints, value: &Json) -> bool {
    let (Some(words), JsonKind::String(text)) = (&constraints.words, &value.kind) else {
        return false;
    };
    words.value.iter().any(|word| word == text)
}

/// True for a text that is put together of the values: a list with commas, an expression in which they are words, a count
/// with its unit, or a text of these characters.
fn is_made_of(allowed: &[Value], value: &Json) -> bool {
    let JsonKind::String(text) = &value.kind else {
        return false;
    };
    let is_allowed = |piece: &str| allowed.iter().any(|it| it.as_str() == Some(piece));
    if text.contains(',') && text.split(',').all(|piece| is_allowed(piece.trim())) {
        return true;
    }
    let is_space = |c: char| c.is_whitespace() || matches!(c, '(' | ')');
    if text.contains(is_space) && text.split(is_space).any(is_allowed) {
        return true;
    }
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    if unit.len() < text.len() && is_allowed(unit) {
        return true;
    }
    let mut letters = [0; 4];
    let is_letter = |c: char| is_allowed(c.encode_utf8(&mut letters));
    text.chars().count() > 1 && text.chars().all(is_letter)
}

/// True for `task-uuid`, which says what is to stand there.
fn names_uuid(value: &Json) -> bool {
    matches!(&value.kind, JsonKind::String(text) if text.to_ascii_lowercase().contains("uuid"))
}

/// ``one of `a`, `b` ``; the value alone if there is one.
fn one_of(allowed: &[Value]) -> String {
    const SHOWN: usize = 8;
    let words: Vec<String> = allowed
        .iter()
        .take(SHOWN)
        .map(|value| format!("`{}`", value_text(value)))
        .collect();
    let words = words.join(", ");
    match allowed.len() {
        0 => "no value".to_owned(),
        1 => words,
        2..=SHOWN => format!("one of {words}"),
        count => format!("one of {words} and {} more", count - SHOWN),
    }
}

/// The text by which scalars are compared with allowed values.
fn scalar_text(value: &Json) -> Option<String> {
    match &value.kind {
        JsonKind::Bool(truth) => Some(truth.to_string()),
        JsonKind::Number(number) => Some(number_text(number)),
        JsonKind::String(text) => Some(text.clone()),
        _ => None,
    }
}

/// True for the number 2 where the text writes `2.0`.
fn is_same_number(allowed: &Value, value: &Json) -> bool {
    let (Value::String(text), JsonKind::Number(number)) = (allowed, &value.kind) else {
        return false;
    };
    text.parse::<f64>().ok() == number.as_f64()
}

fn value_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number_text(number),
        other => other.to_string(),
    }
}

/// `1` and `1.0` are one number.
fn number_text(number: &Number) -> String {
    match number.as_f64() {
        Some(float) if !number.is_i64() && !number.is_u64() => float.to_string(),
        _ => number.to_string(),
    }
}
