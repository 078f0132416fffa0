//! A code quality report for GitLab: one JSON array of issues in the form of Code Climate.
//!
//! <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format> lists the keys that GitLab reads.
//! It compares fingerprints to tell which issues are new in a merge request.

use std::io::{self, Write};

use serde::Serialize;

use super::{Findings, fingerprint, line, write_json};
use crate::diagnostic::{Diagnostic, Severity};

#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

/// Writes one JSON array, and a line end.
pub fn write(findings: &Findings<'_>, out: &mut dyn Write) -> io::Result<()> {
    let fingerprints = fingerprint::all(findings);
    let issues: Vec<_> = findings
        .diagnostics
        .iter()
        .zip(fingerprints)
        .map(|(diagnostic, fingerprint)| issue(findings, diagnostic, fingerprint))
        .collect();
    write_json(&issues, out)
}

fn issue<'a>(
    findings: &Findings<'_>,
    diagnostic: &'a Diagnostic,
    fingerprint: String,
) -> Issue<'a> {
    let positions = findings.sources.positions(diagnostic.span);
    let path = findings.path(diagnostic.span.file);
    Issue {
        description: line(&diagnostic.message).into_owned() + &findings.named(diagnostic),
        check_name: diagnostic.rule.name,
        fingerprint,
        severity: match diagnostic.severity {
            Severity::Error => "major",
            Severity::Warning => "minor",
            Severity::Info => "info",
        },
        location: Location {
            // GitLab finds no file by a path that starts with `./`.
            path: path.strip_prefix("./").unwrap_or(&path).to_owned(),
            lines: Lines {
                begin: positions.start.line,
                end: positions.end.line,
            },
        },
    }
}
