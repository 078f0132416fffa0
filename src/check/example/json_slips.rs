//! The edit that turns a JSON example with slips into JSON.
//!
//! Only slips with one right answer are mended, and only all slips of an example together: the new text must read as
//! strictly as JSON is, apart from what authors leave out on purpose, and as the same value as before.

use std::ops::Range;

use crate::diagnostic::{Edit, Fix, Safety};
use crate::model::json::{self, Json, JsonKind, Reading, Repair, RepairKind};

use super::Read;

/// The edit, if all slips of the example can be mended.
pub(super) fn fix(read: &Read<'_>) -> Option<Fix> {
    let reading: &Reading = &read.reading;
    let mut edits = edits(read.text(), reading)?;
    edits.sort_by_key(|(range, _)| (range.start, range.end));
    // In a command, quotes and backslashes are read by the shell before they are read as JSON.
    let is_for_shell =
        |new: &str| read.decoded.is_some() && new.contains(['"', '\\', '\'', '$', '`']);
    if edits.iter().any(|(_, new)| is_for_shell(new)) {
        return None;
    }
    let mended = edited(read.text(), &edits)?;
    let again = json::read(&mended);
    let is_mended = again.failure.is_none()
        && again
            .repairs
            .iter()
            .all(|repair| repair.kind.is_deliberate())
        && again.documents.len() == reading.documents.len()
        && again
            .documents
            .iter()
            .zip(&reading.documents)
            .all(|(one, other)| is_same(one, other));
    if !is_mended {
        return None;
    }
    let title = match slips(reading).collect::<Vec<_>>().as_slice() {
        [slip] => format!("mend the {}", slip.kind.describe()),
        slips => format!("mend {} slips in the JSON", slips.len()),
    };
    let edits = edits
        .into_iter()
        .map(|(range, new)| {
            Some(Edit {
                span: read.copied(&range)?,
                text: new,
            })
        })
        .collect::<Option<Vec<_>>>()?;
    Some(Fix {
        title,
        safety: Safety::Safe,
        edits,
    })
}

fn slips(reading: &Reading) -> impl Iterator<Item = &Repair> {
    reading
        .repairs
        .iter()
        .filter(|repair| !repair.kind.is_deliberate())
}

type Replacement = (Range<usize>, String);

/// What to replace by what; `None` if for some slip there is no one answer.
fn edits(text: &str, reading: &Reading) -> Option<Vec<Replacement>> {
    let mut edits = Vec::new();
    let mut unclosed = Vec::new();
    for slip in slips(reading) {
        let range = slip.range.clone();
        if slip.kind == RepairKind::Unclosed {
            unclosed.push(range.start);
            continue;
        }
        edits.push((range.clone(), replacement(slip.kind, text.get(range)?)?));
    }
    // Brackets that were opened last are closed first.
    unclosed.sort_unstable();
    let closing: Option<String> = unclosed
        .iter()
        .rev()
        .map(|at| match text.as_bytes().get(*at)? {
            b'{' => Some('}'),
            b'[' => Some(']'),
            _ => None,
        })
        .collect();
    let closing = closing?;
    if !closing.is_empty() {
        let end = text.trim_end().len();
        edits.push((end..end, closing));
    }
    Some(edits)
}

fn replacement(kind: RepairKind, text: &str) -> Option<String> {
    match kind {
        RepairKind::TrailingComma
        | RepairKind::ExtraComma
        | RepairKind::ExtraColon
        | RepairKind::WrongClosing => Some(String::new()),
        RepairKind::MissingComma => Some(",".to_owned()),
        RepairKind::MissingColon => Some(":".to_owned()),
        RepairKind::UnescapedQuote => Some("\\\"".to_owned()),
        RepairKind::ForeignSpace => Some(" ".to_owned()),
        RepairKind::UnquotedKey => serde_json::to_string(text).ok(),
        RepairKind::SingleQuotes | RepairKind::SmartQuotes => {
            let read = json::read(text);
            match &read.documents.first()?.kind {
                JsonKind::String(value) => serde_json::to_string(value).ok(),
                _ => None,
            }
        }
        RepairKind::ForeignLiteral => match text {
            "None" => Some("null".to_owned()),
            "True" | "TRUE" => Some("true".to_owned()),
            "False" | "FALSE" => Some("false".to_owned()),
            _ => None,
        },
        RepairKind::ForeignNumber => match text.strip_prefix('+') {
            Some(number) => Some(number.to_owned()),
            None if text.starts_with('.') => Some(format!("0{text}")),
            None => None,
        },
        _ => None,
    }
}

fn edited(text: &str, edits: &[Replacement]) -> Option<String> {
    let mut edited = String::with_capacity(text.len());
    let mut at = 0;
    for (range, new) in edits {
        edited.push_str(text.get(at..range.start)?);
        edited.push_str(new);
        at = range.end;
    }
    edited.push_str(text.get(at..)?);
    Some(edited)
}

/// True if two values are the same wherever they stand.
fn is_same(one: &Json, other: &Json) -> bool {
    match (&one.kind, &other.kind) {
        (JsonKind::Object(one), JsonKind::Object(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .zip(other)
                    .all(|(one, other)| one.key == other.key && is_same(&one.value, &other.value))
        }
        (JsonKind::Array(one), JsonKind::Array(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .zip(other)
                    .all(|(one, other)| is_same(one, other))
        }
        (one, other) => one == other,
    }
}
