//! JSON as people write it in documentation: read all the same, with a list of what was repaired.
//!
//! The reader never goes back further than one string, and looks ahead at most to the next quote; its time is linear.
//!
//! `document.rs` finds the values in a text, `items.rs` reads what stands between brackets, `value.rs` a single value,
//! `string.rs` a string in any quotes, and `blank.rs` what stands between the tokens.

mod blank;
mod document;
mod items;
mod string;
mod value;

use std::ops::Range;

use super::cursor::Cursor;
use super::strict;
use super::{Reading, Repair, RepairKind};

/// Reads a text that is JSON or was meant to be.
///
/// ```
/// use fieldproof::model::json::{RepairKind, read};
///
/// let reading = read("{id: 7, 'name': <name>, ...}");
/// assert_eq!(reading.documents[0].get("id").unwrap().type_name(), "integer");
/// assert_eq!(reading.repairs[0].kind, RepairKind::UnquotedKey);
/// assert!(reading.failure.is_none() && !reading.is_strict());
/// ```
pub fn read(text: &str) -> Reading {
    let mut reading = match strict::parse(text) {
        Ok(json) if !has_elided_key(text) => Reading {
            documents: vec![json],
            ..Reading::default()
        },
        _ => Reader::new(text).documents(),
    };
    for document in &reading.documents {
        reading.duplicates.extend(document.duplicates());
    }
    reading
}

/// `"...": "..."` is valid JSON and yet stands for members that were left out.
fn has_elided_key(text: &str) -> bool {
    let mut quoted = ["\"...\"", "\"…\""].into_iter().flat_map(|key| {
        let ends = text.match_indices(key).map(move |(at, _)| at + key.len());
        ends.filter_map(|end| text.get(end..))
    });
    quoted.any(|rest| rest.trim_start().starts_with(':'))
}

/// The state of the reader.
struct Reader<'a> {
    cursor: Cursor<'a>,
    repairs: Vec<Repair>,
    /// One past the last byte of the last token.
    token_end: usize,
    /// The brackets that are open, outermost first.
    open: Vec<Bracket>,
}

/// What encloses a list of items.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bracket {
    Object,
    Array,
    /// The members of an object whose opening brace is missing.
    Fragment,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            cursor: Cursor::new(text),
            repairs: Vec::new(),
            token_end: 0,
            open: Vec::new(),
        }
    }

    fn repair(&mut self, kind: RepairKind, range: Range<usize>) {
        self.repairs.push(Repair { kind, range });
    }

    /// Takes `length` bytes as a token.
    fn take(&mut self, length: usize) -> Range<usize> {
        let start = self.cursor.at;
        self.cursor.at += length;
        self.token_end = self.cursor.at;
        start..self.cursor.at
    }
}

#[cfg(test)]
mod tests;
