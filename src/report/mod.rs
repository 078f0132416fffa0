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
pub mod column;
pub mod concise;
pub mod diff;
mod fingerprint;
pub mod github;
pub mod gitlab;
mod group;
pub mod html;
pub mod human;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod model;
pub mod model_json;
pub mod pages;
pub mod raw;
pub mod readings;
pub mod run;
pub mod sarif;
pub mod schemas;
mod summary;
pub mod types;
pub mod visible;
pub mod why;
mod window;

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt::Write as _;
use std::io::{self, Write};

use serde::Serialize;

use crate::conform::replay::Id;
use crate::diagnostic::{Diagnostic, Severity};
use crate::model::answer::start_of;
use crate::source::{FileId, Sources};

pub use summary::{Summary, counted};

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
    /// The operations that it is about, for formats that also show what is in order.
    pub operations: &'a [Covered],
    /// Severity from which a finding fails the run, for formats that tell failures from notes; `None` if none does.
    pub fails_from: Option<Severity>,
    /// What was sent to a live server, and what came back, if these are findings of a run.
    pub run: Option<&'a run::Record>,
}

/// An operation that a run is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Covered {
    /// Method and path, as in [`Diagnostic::operation`].
    pub name: String,
    /// Why a live server was not asked, if it was to be and was not.
    pub not_exercised: Option<String>,
}

impl Findings<'_> {
    /// The path of a file, as the user can open it.
    pub fn path(&self, file: FileId) -> String {
        path(self.sources, self.prefix, file)
    }

    /// True if a finding fails the run.
    pub fn fails(&self, diagnostic: &Diagnostic) -> bool {
        self.fails_from
            .is_some_and(|severity| diagnostic.severity >= severity)
    }

    /// The name by which `fieldproof test --replay` knows a finding of a live server.
    pub fn id(&self, diagnostic: &Diagnostic) -> Option<String> {
        Id::of(diagnostic).map(|id| id.to_string())
    }

    /// The command that asks once more about a finding of a live server.
    fn replay(&self, diagnostic: &Diagnostic) -> Option<String> {
        let id = Id::of(diagnostic)?;
        let command = self.run?.replay.as_deref()?;
        Some(format!("{command} {id}"))
    }

    /// `file:line:col: severity[rule] message`
    fn in_one_line(&self, diagnostic: &Diagnostic) -> String {
        let start = self.sources.positions(diagnostic.span).start;
        format!(
            "{}:{}:{}: {}[{}] {}{}",
            line(&self.path(diagnostic.span.file)),
            start.line,
            start.column,
            diagnostic.severity,
            diagnostic.rule.name,
            line(&diagnostic.message),
            self.named(diagnostic),
        )
    }

    /// ` (documented: "How many there are."; replay 7k2m-s49q-c3dz)` for a finding of a live server.
    fn named(&self, diagnostic: &Diagnostic) -> String {
        let Some(id) = self.id(diagnostic) else {
            return String::new();
        };
        let mut words = String::new();
        if let Some(observation) = &diagnostic.observation {
            if let Some(text) = &observation.documented {
                let _ = write!(words, "documented: \"{}\"; ", line(text));
            }
            // Most messages say what was expected and observed in their own words.
            let is_told = |text: &str| diagnostic.message.contains(text);
            let both = observation
                .expected
                .as_ref()
                .zip(observation.observed.as_ref());
            if let Some((expected, observed)) =
                both.filter(|(one, other)| !is_told(one) && !is_told(other))
            {
                let (expected, observed) = (start_of(expected, SHORT), start_of(observed, SHORT));
                let _ = write!(
                    words,
                    "expected: {}; observed: {}; ",
                    line(&expected),
                    line(&observed)
                );
            }
        }
        format!(" ({words}replay {id})")
    }
}

/// What is expected and observed is cut to so many characters where all is on one line.
const SHORT: usize = 80;

/// The path of a file below the root that the user typed.
fn path(sources: &Sources, prefix: &str, file: FileId) -> String {
    path_below(prefix, sources.file(file).path())
}

/// A path from the root, below the path of the root that the user typed.
pub fn path_below(prefix: &str, path: &str) -> String {
    match prefix {
        "" | "." | "./" => path.to_owned(),
        prefix => format!("{}/{path}", prefix.trim_end_matches('/')),
    }
}

/// Writes a value as JSON that a terminal can show, and a line end.
fn write_json(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    let json = serde_json::to_string_pretty(value)?;
    writeln!(out, "{}", visible::escape_json(&json))
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
