//! One line for each finding: `file:line:col: severity[rule] message`.
//!
//! Editors, `grep`, and `sort` read this. Line and column count from 1, the column in characters.

use std::io::{self, Write};

use super::Findings;

/// Writes one line for each finding, and nothing else.
pub fn write(findings: &Findings<'_>, out: &mut dyn Write) -> io::Result<()> {
    for diagnostic in findings.diagnostics {
        writeln!(out, "{}", findings.in_one_line(diagnostic))?;
    }
    Ok(())
}
