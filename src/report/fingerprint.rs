//! What makes a finding the same finding after the page around it has changed.
//!
//! Services that collect findings over time compare fingerprints.
//! One is made of the page, the rule, the operation, the subject, and the marked text if there is only one, and never of a
//! line.

use std::collections::HashMap;

use super::Findings;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::hash::{START, fnv};

/// Longer marked text is compared by its start.
const MARKED: usize = 200;

/// The fingerprints of all findings, 16 hexadecimal digits each, in their order; no two are equal.
pub(super) fn all(findings: &Findings<'_>) -> Vec<String> {
    let mut seen: HashMap<u64, u64> = HashMap::new();
    findings
        .diagnostics
        .iter()
        .map(|diagnostic| {
            let hash = hash(findings, diagnostic);
            // Of findings that are alike, each counts from the top of the page.
            let count = seen.entry(hash).or_default();
            *count += 1;
            let own = fnv(hash, &count.to_le_bytes());
            format!("{own:016x}")
        })
        .collect()
}

fn hash(findings: &Findings<'_>, diagnostic: &Diagnostic) -> u64 {
    let marked = findings.sources.text(diagnostic.span);
    // What comes first of several may change.
    let length = if diagnostic.repeats.is_empty() {
        marked.len().min(MARKED)
    } else {
        0
    };
    let marked = &marked.as_bytes()[..length];
    let parts = [
        findings
            .sources
            .file(diagnostic.span.file)
            .path()
            .as_bytes(),
        diagnostic.rule.name.as_bytes(),
        diagnostic
            .operation
            .as_deref()
            .unwrap_or_default()
            .as_bytes(),
        diagnostic.subject.as_deref().unwrap_or_default().as_bytes(),
        marked,
    ];
    parts
        .iter()
        .fold(START, |hash, part| fnv(fnv(hash, part), &[0xff]))
}
