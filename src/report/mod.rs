//! Findings to text.
//!
//! A caller hands over a [`Findings`]: the files, the diagnostics in the order in which they are to appear (see [`sort`]),
//! the figures, and the path that turns a path from the docs root into one the user can open.
//! Each format is one file with one function `write`, and every format shows every diagnostic that it is given.
//! Nothing here decides what is a finding, reads a file, or ends the process.
//!
//! Pages and servers may hold anything, so no format passes on what could move a cursor, end a line, or turn text around:
//! see [`visible`].

pub mod catalog;
pub mod concise;
pub mod human;
pub mod json;
pub mod model;
pub mod model_json;
pub mod pages;
pub mod raw;
pub mod readings;
mod summary;
pub mod types;
pub mod visible;
mod window;

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Sources};

pub use summary::Summary;

/// All that a format needs.
#[derive(Clone, Copy, Debug)]
pub struct Findings<'a> {
    /// The files that the diagnostics point into.
    pub sources: &'a Sources,
    /// The diagnostics, in the order in which they are to appear.
    pub diagnostics: &'a [Diagnostic],
    /// What was read, and what came of it.
    pub summary: &'a Summary,
    /// The path of the docs root as the user typed it; empty or `.` where paths stay as they are.
    pub prefix: &'a str,
}

impl Findings<'_> {
    /// The path of a file, as the user can open it.
    pub fn path(&self, file: FileId) -> String {
        let path = self.sources.file(file).path();
        match self.prefix {
            "" | "." | "./" => path.to_owned(),
            prefix => format!("{}/{path}", prefix.trim_end_matches('/')),
        }
    }
}

/// Puts diagnostics into the one order of all outputs: by file path, position, rule, and message.
pub fn sort(sources: &Sources, diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by(|one, other| compare(sources, one, other));
}

fn compare(sources: &Sources, one: &Diagnostic, other: &Diagnostic) -> Ordering {
    let path = |diagnostic: &Diagnostic| sources.file(diagnostic.span.file).path();
    path(one)
        .cmp(path(other))
        .then_with(|| (one.span.start, one.span.end).cmp(&(other.span.start, other.span.end)))
        .then_with(|| one.rule.name.cmp(other.rule.name))
        .then_with(|| one.message.cmp(&other.message))
        .then_with(|| one.operation.cmp(&other.operation))
        .then_with(|| one.subject.cmp(&other.subject))
}

/// `text` on one line, with nothing in it that a terminal would obey.
fn line(text: &str) -> Cow<'_, str> {
    visible::escape(text)
}

#[cfg(test)]
mod tests;
