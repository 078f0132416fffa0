//! Annotations for GitHub Actions: one workflow command a line.
//!
//! ```text
//! ::error file=docs/user.mdx,line=12,col=22,endLine=12,endColumn=24,title=member-not-shown::`id` is not shown
//! ```
//!
//! <https://docs.github.com/actions/reference/workflow-commands-for-github-actions> has the form, and
//! <https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts> says what must be escaped.

use std::io::{self, Write};

use super::{Findings, line};
use crate::diagnostic::{Diagnostic, Severity};

/// Writes one command for each finding, and nothing else.
pub fn write(findings: &Findings<'_>, out: &mut dyn Write) -> io::Result<()> {
    for diagnostic in findings.diagnostics {
        command(findings, diagnostic, out)?;
    }
    Ok(())
}

fn command(
    findings: &Findings<'_>,
    diagnostic: &Diagnostic,
    out: &mut dyn Write,
) -> io::Result<()> {
    let positions = findings.sources.positions(diagnostic.span);
    write!(
        out,
        "::{} file={},line={},col={},endLine={},endColumn={},title={}::{}",
        level(diagnostic.severity),
        property(&findings.path(diagnostic.span.file)),
        positions.start.line,
        positions.start.column,
        positions.end.line,
        positions.end.column,
        property(diagnostic.rule.name),
        data(&diagnostic.message) + &findings.named(diagnostic).replace('%', "%25"),
    )?;
    if let Some(help) = &diagnostic.help {
        write!(out, "%0Ahelp: {}", data(help))?;
    }
    writeln!(out)
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    }
}

/// Text behind the second `::`.
fn data(text: &str) -> String {
    line(text).replace('%', "%25")
}

/// Text in front of the second `::`, where `,` and `:` have a meaning too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
