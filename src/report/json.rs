//! JSON for programs, version 1.
//!
//! ```text
//! {"version": 1,
//!  "findings": [{"rule", "severity", "file", "line", "column", "end_line", "end_column", "message", "help",
//!                "operation", "subject", "related": [{"file", "line", "column", "end_line", "end_column", "label"}], "places",
//!                "fix": {"title", "safe", "edits": [{"file", "line", "column", "end_line", "end_column", "text"}]},
//!                "request", "observed", "expected", "documented", "path", "odd_one_out", "diff", "curl", "id", "replay"}],
//!  "summary": {"pages", "operations", "fields", "examples", "errors", "warnings", "infos", "suppressed", "skipped",
//!              "more": {name: count}}}
//! ```
//!
//! Every key is always there, and what is absent is `null`: a reader needs no test for keys.
//! The eight keys of the last line come as a group: they are there on findings of a live server only.
//! `docs/schemas/findings-1.json` is the schema.
//! Lines and columns count from 1, columns in characters, and the end is the first position that no longer belongs.
//! `places` counts the places of which the finding says the same; each but the first is among `related`, with its own
//! message for a label. `severity` is `error`, `warning`, or `info`. `file` is the path as the user can open it.
//! The version grows when a key changes its meaning or goes away, not when one is added.

use std::collections::HashSet;
use std::io::{self, Write};

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::Value;

use super::{Findings, Summary, write_json};
use crate::diagnostic::{Diagnostic, Edit, Fix, Odd, Safety};
use crate::source::Span;

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    findings: Vec<Finding<'a>>,
    summary: Figures<'a>,
}

#[derive(Serialize)]
struct Finding<'a> {
    rule: &'a str,
    severity: &'static str,
    #[serde(flatten)]
    place: Place,
    message: &'a str,
    help: Option<&'a str>,
    operation: Option<&'a str>,
    subject: Option<&'a str>,
    related: Vec<RelatedPlace<'a>>,
    places: usize,
    fix: Option<Mending<'a>>,
    #[serde(flatten)]
    live: Option<Live<'a>>,
}

#[derive(Serialize)]
struct Place {
    file: String,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
}

#[derive(Serialize)]
struct RelatedPlace<'a> {
    #[serde(flatten)]
    place: Place,
    label: &'a str,
}

#[derive(Serialize)]
struct Mending<'a> {
    title: &'a str,
    safe: bool,
    edits: Vec<Replacement<'a>>,
}

#[derive(Serialize)]
struct Replacement<'a> {
    #[serde(flatten)]
    place: Place,
    text: &'a str,
}

#[derive(Serialize)]
struct Live<'a> {
    request: &'a str,
    observed: Option<&'a str>,
    expected: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    documented: Option<&'a str>,
    path: Option<&'a str>,
    odd_one_out: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    diff: Option<&'a str>,
    curl: &'a str,
    id: Option<String>,
    replay: Option<String>,
}

#[derive(Serialize)]
struct Figures<'a> {
    pages: usize,
    operations: usize,
    fields: usize,
    examples: usize,
    errors: usize,
    warnings: usize,
    infos: usize,
    suppressed: usize,
    skipped: usize,
    #[serde(serialize_with = "as_map")]
    more: &'a [(String, usize)],
}

/// Writes one JSON document, and a line end.
pub fn write(findings: &Findings<'_>, out: &mut dyn Write) -> io::Result<()> {
    let document = Document {
        version: 1,
        findings: findings
            .diagnostics
            .iter()
            .map(|diagnostic| finding(findings, diagnostic))
            .collect(),
        summary: figures(findings.summary),
    };
    write_json(&document, out)
}

/// Each finding as it stands in the document.
pub(super) fn each(findings: &Findings<'_>) -> Vec<Value> {
    let diagnostics = findings.diagnostics.iter();
    let values = diagnostics.map(|it| serde_json::to_value(finding(findings, it)));
    values.filter_map(Result::ok).collect()
}

fn finding<'a>(findings: &Findings<'_>, diagnostic: &'a Diagnostic) -> Finding<'a> {
    let related = |(span, label): (Span, &'a str)| RelatedPlace {
        place: place(findings, span),
        label,
    };
    Finding {
        rule: diagnostic.rule.name,
        severity: diagnostic.severity.as_str(),
        place: place(findings, diagnostic.span),
        message: &diagnostic.message,
        help: diagnostic.help.as_deref(),
        operation: diagnostic.operation.as_deref(),
        subject: diagnostic.subject.as_deref(),
        related: diagnostic.other_places().map(related).collect(),
        places: diagnostic.repeats.len() + 1,
        fix: diagnostic.fix.as_deref().map(|fix| mending(findings, fix)),
        live: live(findings, diagnostic),
    }
}

fn place(findings: &Findings<'_>, span: Span) -> Place {
    let positions = findings.sources.positions(span);
    Place {
        file: findings.path(span.file),
        line: positions.start.line,
        column: positions.start.column,
        end_line: positions.end.line,
        end_column: positions.end.column,
    }
}

fn mending<'a>(findings: &Findings<'_>, fix: &'a Fix) -> Mending<'a> {
    let replacement = |edit: &'a Edit| Replacement {
        place: place(findings, edit.span),
        text: &edit.text,
    };
    Mending {
        title: &fix.title,
        safe: fix.safety == Safety::Safe,
        edits: fix.edits.iter().map(replacement).collect(),
    }
}

fn live<'a>(findings: &Findings<'_>, diagnostic: &'a Diagnostic) -> Option<Live<'a>> {
    let observation = diagnostic.observation.as_deref()?;
    Some(Live {
        request: &observation.request,
        observed: observation.observed.as_deref(),
        expected: observation.expected.as_deref(),
        documented: observation.documented.as_deref(),
        path: observation.path.as_deref(),
        odd_one_out: observation.odd.map(Odd::as_str),
        diff: observation.diff.as_deref(),
        curl: &observation.curl,
        id: findings.id(diagnostic),
        replay: findings.replay(diagnostic),
    })
}

fn figures(summary: &Summary) -> Figures<'_> {
    Figures {
        pages: summary.pages,
        operations: summary.operations,
        fields: summary.fields,
        examples: summary.examples,
        errors: summary.errors,
        warnings: summary.warnings,
        infos: summary.infos,
        suppressed: summary.suppressed,
        skipped: summary.skipped,
        more: &summary.more,
    }
}

/// Pairs as an object; of two with one name the first is kept, as JSON has no place for both.
fn as_map<S: Serializer>(pairs: &[(String, usize)], serializer: S) -> Result<S::Ok, S::Error> {
    let mut seen = HashSet::new();
    let mut map = serializer.serialize_map(None)?;
    for (name, count) in pairs {
        if seen.insert(name) {
            map.serialize_entry(name, count)?;
        }
    }
    map.end()
}
