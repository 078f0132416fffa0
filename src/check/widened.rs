//! Texts that allow more than the type of their field: "As a string.", "Partial dates are possible.", "`>5` for more."

mod admission;
pub(super) mod everyday;

use crate::model::Field;
use crate::model::shape::{Mismatch, MismatchKind};
use crate::model::types::Type;

use super::comparison::Comparison;

/// True if the text of the field says that the value may be written as it is shown, whatever the type of the field is.
pub(super) fn explains(comparison: &Comparison<'_>, path: &str, mismatch: &Mismatch) -> bool {
    let Some(field) = comparison.field(path) else {
        return false;
    };
    let text = field.description.to_lowercase();
    let quoted = mismatch.found.split_once('"').map(|(_, rest)| rest);
    let shown = quoted.map(|rest| rest.trim_end_matches('"').to_lowercase());
    // A value that the text names contradicts a type that has members or items all the same.
    let has_parts = matches!(field.kind, Type::Object | Type::Array(_) | Type::Map(..));
    let is_named = shown
        .as_ref()
        .is_some_and(|shown| !has_parts && names(&text, shown));
    let is_operated = || {
        let is_query = comparison.subject.starts_with("request.query.");
        let shown = shown.as_deref().filter(|_| is_query);
        shown.is_some_and(|shown| has_operator(&text, shown))
    };
    if is_named || is_operated() {
        return true;
    }
    if mismatch.kind == MismatchKind::WrongType && admission::admits(&text, &mismatch.found) {
        return true;
    }
    match mismatch.kind {
        MismatchKind::WrongType if shown.is_some() => {
            says(&text, &AS_TEXT) || is_big(field, shown.as_deref().unwrap_or_default())
        }
        MismatchKind::WrongType => {
            let is_notation = matches!(field.kind, Type::String(Some(_)));
            let is_number = ["integer", "number"]
                .iter()
                .any(|kind| mismatch.found.starts_with(kind));
            is_number && (is_notation && says(&text, &UNITS) || says(&text, &AS_NUMBER))
                || everyday::is_number(field, &mismatch.found)
        }
        MismatchKind::Format => says(&about_notation(&text), &WIDER),
        _ => false,
    }
}

/// The text without what it says of `null`, of conditions, and of the notation itself.
fn about_notation(text: &str) -> String {
    const OTHER: [&str; 11] = [
        "yyyy-mm-dd",
        "may be null",
        "can be null",
        "or null",
        "or `null`",
        "only if",
        "only when",
        "only for",
        "only present",
        "only set",
        "only shown",
    ];
    OTHER
        .iter()
        .fold(text.to_owned(), |text, other| text.replace(other, ""))
}

/// A value of another type is written as a text.
const AS_TEXT: [&str; 17] = [
    "as a string",
    "as string",
    "as strings",
    "is a string",
    "as text",
    "as a text",
    "as json",
    "json string",
    "stringified",
    "comma-separated",
    "comma separated",
    "separated by comma",
    "text or",
    "string or",
    "or a text",
    "or text",
    "or a string",
];
const AS_NUMBER: [&str; 5] = [
    "as a number",
    "as an integer",
    "or number",
    "or a number",
    "number or",
];
/// What numbers in the place of a time count.
const UNITS: [&str; 8] = [
    "second",
    "millisecond",
    "minute",
    "hour",
    "days",
    "epoch",
    "unix",
    "ticks",
];
/// A notation has exceptions, or is one of several.
const WIDER: [&str; 30] = [
    " or ",
    "either",
    "partial",
    "without",
    "relative",
    "short",
    "only",
    "free text",
    "free-form",
    "as a string",
    "as text",
    "as a text",
    "can be",
    "may be",
    "possible",
    "at least the",
    "dd.",
    "dd/",
    "mm/",
    "yyyy",
    "legacy",
    "old records",
    "older",
    "prefix",
    "range",
    "operator",
    "epoch",
    "unix",
    "incomplete",
    "unknown",
];

fn says(text: &str, words: &[&str]) -> bool {
    words.iter().any(|it| text.contains(it))
}

/// True if the text holds the value in code or in quotes.
fn names(text: &str, shown: &str) -> bool {
    let marks = [('`', '`'), ('"', '"'), ('\'', '\''), ('“', '”'), ('«', '»')];
    !shown.is_empty()
        && marks
            .iter()
            .any(|(open, close)| text.contains(&format!("{open}{shown}{close}")))
}

/// True for a number that JSON has no room for.
fn is_big(field: &Field, shown: &str) -> bool {
    let kind = field.type_text.as_ref().map_or("", |it| it.value.trim());
    let is_number = !shown.is_empty() && shown.bytes().all(|byte| byte.is_ascii_digit());
    is_number
        && ["bigint", "biginteger", "bignumber"]
            .iter()
            .any(|it| it.eq_ignore_ascii_case(kind))
}

/// True if the text speaks of operators and the like around the values of a query, or has some of the value in code.
fn has_operator(text: &str, shown: &str) -> bool {
    const WORDS: [&str; 10] = [
        "operator", "prefix", "suffix", "range", "comma", "several", "relative", "wildcard",
        "negate", "multiple",
    ];
    let mut spans = text.split('`').skip(1).step_by(2);
    says(text, &WORDS) || spans.any(|span| !span.trim().is_empty() && shown.contains(span.trim()))
}
