//! Points in time: where every example shows a date with a time, a date alone is another notation.
//!
//! Words such as "ISO 8601" leave both open; the examples settle it.

use std::collections::BTreeMap;

use crate::conform::message::Answer;
use crate::diagnostic::Diagnostic;
use crate::model::Response;
use crate::model::answer::{RESPONSE_FORMAT, subject};
use crate::model::json::{Json, JsonKind};
use crate::model::shape::format::accepts;
use crate::model::types::Format;
use crate::source::Span;

use super::{Case, Seen};

/// Values nested deeper are not looked at.
const DEPTH: usize = 16;

/// Whether a text is a date with a time, or a date alone.
fn is_with_time(text: &str) -> Option<bool> {
    if accepts(&Format::DateTime, text) {
        return Some(true);
    }
    accepts(&Format::Date, text).then_some(false)
}

/// Adds a finding for each member that shows another kind of time than all examples do.
pub(super) fn check(
    case: &Case<'_>,
    answer: &Answer,
    responses: &[&Response],
    value: &Json,
    into: &mut Vec<Diagnostic>,
) {
    let mut shown: BTreeMap<String, Vec<(bool, Span)>> = BTreeMap::new();
    for example in responses.iter().flat_map(|it| &it.examples) {
        let Some(value) = example.value() else {
            continue;
        };
        visit(value, "", 0, &mut |path, text, value| {
            if let Some(kind) = is_with_time(text) {
                let span = example.text.span(value.range.clone());
                shown.entry(path.to_owned()).or_default().push((kind, span));
            }
        });
    }
    let mut found: BTreeMap<String, (String, Span)> = BTreeMap::new();
    visit(value, "", 0, &mut |path, text, _| {
        let Some(examples) = shown.get(path) else {
            return;
        };
        let Some((_, span)) = examples.first() else {
            return;
        };
        if examples.iter().all(|(kind, _)| *kind) && is_with_time(text) == Some(false) {
            found
                .entry(path.to_owned())
                .or_insert((text.to_owned(), *span));
        }
    });
    for (path, (text, span)) in found {
        let seen = Seen {
            expected: "a date with a time".to_owned(),
            observed: format!("the date `{text}`"),
            ..Seen::default()
        };
        let message = format!("`{path}` is shown as a date with a time and answered as a date");
        let about = subject(answer.status, &path);
        let known = into
            .iter()
            .any(|it| it.subject.as_deref() == Some(about.as_str()));
        if !known {
            let finding = case.finding(&RESPONSE_FORMAT, span, &message, seen);
            into.push(finding.subject(about).label("shown here"));
        }
    }
}

fn visit(value: &Json, path: &str, depth: usize, into: &mut impl FnMut(&str, &str, &Json)) {
    if depth > DEPTH {
        return;
    }
    match &value.kind {
        JsonKind::String(text) => into(path, text, value),
        JsonKind::Array(items) => {
            let path = format!("{path}[]");
            for item in items {
                visit(item, &path, depth + 1, into);
            }
        }
        JsonKind::Object(members) => {
            for member in members {
                let dot = if path.is_empty() { "" } else { "." };
                visit(
                    &member.value,
                    &format!("{path}{dot}{}", member.key),
                    depth + 1,
                    into,
                );
            }
        }
        _ => {}
    }
}
