//! Edits of a field: its type, its values, and whether its member is promised.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::conform::plan::sample;
use crate::model::Field;
use crate::model::shape::{Path, Step};
use crate::source::{Sources, Span};

use super::Edits;

/// The field of a member.
pub(super) fn find<'f>(fields: &'f [Field], path: &Path) -> Option<&'f Field> {
    let mut names = path.0.iter().filter_map(|step| match step {
        Step::Member(name) | Step::Entry(name) => Some(name.as_str()),
        Step::Item(_) => None,
    });
    let first = names.next()?;
    let mut field = fields.iter().find(|it| it.name.value == first)?;
    for name in names {
        field = field.children.iter().find(|it| it.name.value == name)?;
    }
    Some(field)
}

/// The type that all these values have, as a page writes it.
pub(super) fn type_of(values: &[&Value]) -> String {
    let mut names: Vec<&str> = Vec::new();
    for value in values {
        let name = match value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(number) if number.is_f64() => "number",
            Value::Number(_) => "integer",
            Value::String(_) => "string",
            Value::Array(items) => match items.first() {
                Some(Value::String(_)) => "string[]",
                Some(Value::Object(_)) => "object[]",
                Some(Value::Number(number)) if number.is_f64() => "number[]",
                Some(Value::Number(_)) => "integer[]",
                _ => "array",
            },
            Value::Object(_) => "object",
        };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if names.contains(&"number") {
        names.retain(|name| *name != "integer");
    }
    if names.iter().any(|name| name.ends_with("[]")) {
        names.retain(|name| *name != "array");
    }
    names.sort_by_key(|name| *name == "null");
    match names.as_slice() {
        ["null"] | [] => "any".to_owned(),
        names => names.join(" | "),
    }
}

/// Gives a field the type that is answered.
pub(super) fn retype(field: &Field, values: &[&Value], sources: &Sources, edits: &mut Edits) {
    let Some(stated) = &field.type_text else {
        return;
    };
    let span = stated.evidence.span;
    if !field.open.contains(span)
        || sources.text(span) != stated.value
        || !field.children.is_empty()
    {
        return;
    }
    let answered = type_of(values);
    let is_only_null = values.iter().all(|value| value.is_null());
    let stays = stated.value.trim();
    let others = answered.strip_suffix(" | null");
    let text = match others {
        _ if is_only_null => format!("{stays} | null"),
        // What the author wrote says more than the bare type, such as a notation.
        Some(others) if stays.starts_with(others) => format!("{stays} | null"),
        _ => answered,
    };
    edits.replace(span, text);
}

/// Takes `required` out of the tag of a member that is not always answered.
pub(super) fn relax(field: &Field, sources: &Sources, edits: &mut Edits) {
    let Some(required) = field.required.as_ref().filter(|it| it.value) else {
        return;
    };
    let span = required.evidence.span;
    let text = sources.text(span);
    if !field.open.contains(span) || !text.trim_start().starts_with("required") {
        return;
    }
    let before = sources.file(span.file).text().get(..span.start as usize);
    let blank = before.map_or(0, |before| before.len() - before.trim_end().len());
    let start = span.start as usize - blank;
    edits.replace(
        Span::new(span.file, start..span.end as usize),
        String::new(),
    );
}

/// Lists values that are answered beside those that the field lists.
pub(super) fn extend(field: &Field, values: &[&Value], sources: &Sources, edits: &mut Edits) {
    let text = sources.file(field.span.file).text();
    let start = field.span.start as usize;
    let Some(own) = text.get(field.span.range()) else {
        return;
    };
    let listed = listed(field);
    let Some(places) = places(own, &listed) else {
        return;
    };
    let mut added = BTreeSet::new();
    for value in values {
        let value = sample::plain(value);
        if is_word(&value) && !listed.contains(&value) {
            added.insert(value);
        }
    }
    for value in added {
        let (at, edit) = insertion(own, &places, &value);
        let span = Span::new(field.span.file, start + at.start..start + at.end);
        if at.is_empty() {
            edits.insert(span, &edit);
        } else {
            edits.replace(span, edit);
        }
    }
}

/// The values that a field lists, as text.
fn listed(field: &Field) -> Vec<String> {
    let mut listed = Vec::new();
    if let Some(allowed) = &field.prose.allowed {
        listed.extend(allowed.value.iter().map(sample::plain));
    }
    listed
}

fn is_word(value: &str) -> bool {
    let plain = |it: char| it.is_alphanumeric() || "_-.:/".contains(it);
    (1..=40).contains(&value.chars().count()) && value.chars().all(plain)
}

/// Where the last two of the listed values stand, quotes included.
struct Places {
    quote: char,
    before: Option<core::ops::Range<usize>>,
    last: core::ops::Range<usize>,
}

fn places(own: &str, listed: &[String]) -> Option<Places> {
    for quote in ['`', '"', '\''] {
        let found = listed.iter().filter_map(|value| {
            let token = format!("{quote}{value}{quote}");
            own.rfind(&token).map(|at| at..at + token.len())
        });
        let mut found: Vec<_> = found.collect();
        if listed.is_empty() || found.len() < listed.len() {
            continue;
        }
        found.sort_by_key(|range| range.start);
        let last = found.pop()?;
        return Some(Places {
            quote,
            before: found.pop(),
            last,
        });
    }
    None
}

/// What is put where so that a list goes on: the bytes it takes the place of, and the text.
fn insertion(own: &str, places: &Places, value: &str) -> (core::ops::Range<usize>, String) {
    let Places {
        quote,
        before,
        last,
    } = places;
    let token = format!("{quote}{value}{quote}");
    let line = own
        .get(..last.start)
        .map_or(0, |it| it.rfind('\n').map_or(0, |at| at + 1));
    let lead = own.get(line..last.start).unwrap_or_default();
    let bullet = lead.trim();
    if matches!(bullet, "-" | "*" | "+") {
        let rest = own.get(last.end..).unwrap_or_default();
        let length = rest.find('\n').unwrap_or(rest.len());
        let explained = !rest.get(..length).unwrap_or_default().trim().is_empty();
        let note = if explained { ": TODO" } else { "" };
        let at = last.end + length;
        return (at..at, format!("\n{lead}{token}{note}"));
    }
    let between = before
        .as_ref()
        .and_then(|before| own.get(before.end..last.start))
        .unwrap_or(", ");
    let word = between.trim_matches([',', ' ', '\n', '\r', '\t']);
    if word.is_empty() || word.len() > 6 || !word.chars().all(char::is_alphabetic) {
        let between = if between.contains('\n') || between.len() > 6 {
            ", "
        } else {
            between
        };
        return (last.end..last.end, format!("{between}{token}"));
    }
    // "`a` or `b`" goes on as "`a`, `b`, or `c`".
    let old = own.get(last.clone()).unwrap_or_default();
    let start = before.as_ref().map_or(last.start, |before| before.end);
    (start..last.end, format!(", {old}, {word} {token}"))
}
