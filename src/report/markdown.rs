//! A summary in Markdown, for the page of a CI run or a comment on a change.
//!
//! The figures, and one row of a table for each finding.
//! All text is escaped, apart from its pairs of backticks, which become `<code>`: nothing can end a cell or make a link.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::{Findings, line};
use crate::diagnostic::{Diagnostic, Severity};

/// Writes a heading, the figures, and the table.
pub fn write(findings: &Findings<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "## fieldproof\n")?;
    writeln!(out, "{}", escape(&findings.summary.to_line()))?;
    if findings.diagnostics.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n| | rule | finding | place |")?;
    writeln!(out, "| --- | --- | --- | --- |")?;
    for diagnostic in findings.diagnostics {
        row(findings, diagnostic, out)?;
    }
    Ok(())
}

fn row(findings: &Findings<'_>, diagnostic: &Diagnostic, out: &mut dyn Write) -> io::Result<()> {
    let severity = match diagnostic.severity {
        Severity::Error => "❌ error",
        Severity::Warning => "⚠️ warning",
        Severity::Info => "ℹ️ info",
    };
    let start = findings.sources.positions(diagnostic.span).start;
    let mut message = escape(&diagnostic.message);
    let documented = diagnostic.observation.as_deref();
    if let Some(documented) = documented.and_then(|it| it.documented.as_deref()) {
        let _ = write!(message, "<br>documented: {}", escape(documented));
    }
    if let Some(help) = &diagnostic.help {
        let _ = write!(message, "<br>{}", escape(help));
    }
    if let Some(id) = findings.id(diagnostic) {
        let _ = write!(message, "<br>replay <code>{id}</code>");
    }
    writeln!(
        out,
        "| {severity} | {} | {message} | {}:{} |",
        escape(diagnostic.rule.name),
        escape(&findings.path(diagnostic.span.file)),
        start.line,
    )
}

/// `text` on one line, as Markdown that shows it.
fn escape(text: &str) -> String {
    let text = line(text);
    let mut parts = text.split('`').peekable();
    let mut escaped = plain(parts.next().unwrap_or_default());
    while let Some(code) = parts.next() {
        match parts.next() {
            Some(after) if !code.is_empty() => {
                let _ = write!(escaped, "<code>{}</code>{}", plain(code), plain(after));
            }
            Some(after) => {
                let _ = write!(escaped, "&#96;&#96;{}", plain(after));
            }
            None => {
                let _ = write!(escaped, "&#96;{}", plain(code));
            }
        }
    }
    escaped
}

/// Every character that Markdown or HTML could take for its own, as a character reference.
fn plain(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '-' | '.' | ',' | ':' | ';' | '?' | '/' | '\'' | '"' | '=' | '%' | '$' | '{' | '}'
            | '(' | ')' => {
                escaped.push(character);
            }
            it if it.is_ascii_punctuation() => {
                let _ = write!(escaped, "&#{};", it as u32);
            }
            it => escaped.push(it),
        }
    }
    // An address would become a link.
    escaped.replace("://", "&#58;//")
}
