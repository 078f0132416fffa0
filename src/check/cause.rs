//! One cause, one finding: what contradicts the configuration of the site is reported once, with the other places.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::diagnostic::{Diagnostic, Related};
use crate::model::Documentation;
use crate::source::{FileId, Span};

/// How many of the other places a finding lists.
const LISTED: usize = 3;

/// Keeps the first of the findings that say the same about the same place of the configuration.
pub(super) fn gather(
    diagnostics: Vec<Diagnostic>,
    documentation: &Documentation,
) -> Vec<Diagnostic> {
    let stated: Vec<Span> = [
        documentation
            .config
            .auth
            .as_ref()
            .map(|auth| auth.evidence.span),
        documentation
            .config
            .servers
            .first()
            .map(|server| server.evidence.span),
    ]
    .into_iter()
    .flatten()
    .collect();
    let mut firsts: HashMap<(&str, Span, String), usize> = HashMap::new();
    let mut kept: Vec<Diagnostic> = Vec::new();
    let mut others: HashMap<usize, Vec<Span>> = HashMap::new();
    for diagnostic in diagnostics {
        let cause = diagnostic
            .related
            .first()
            .filter(|related| stated.contains(&related.span));
        let Some(cause) = cause else {
            kept.push(diagnostic);
            continue;
        };
        let key = (
            diagnostic.rule.name,
            cause.span,
            without_path(&diagnostic.message),
        );
        match firsts.entry(key) {
            Entry::Occupied(first) => {
                others
                    .entry(*first.get())
                    .or_default()
                    .push(diagnostic.span);
            }
            Entry::Vacant(free) => {
                free.insert(kept.len());
                kept.push(diagnostic);
            }
        }
    }
    for (index, diagnostic) in kept.iter_mut().enumerate() {
        if let Some(spans) = others.get(&index) {
            list(diagnostic, spans);
        }
    }
    kept
}

/// The message up to the paths in it: only hosts and schemes have their cause in the configuration.
fn without_path(message: &str) -> String {
    let words = message.split(' ').map(|word| {
        let host_start = word.find("://").map_or(0, |at| at + 3);
        let rest = word.get(host_start..).unwrap_or_default();
        let end = rest.find('/').map_or(word.len(), |at| host_start + at);
        word.get(..end).unwrap_or(word)
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Says in how many places more it is so, and names the first of them.
fn list(diagnostic: &mut Diagnostic, spans: &[Span]) {
    let mut files: Vec<FileId> = spans.iter().map(|span| span.file).collect();
    files.push(diagnostic.span.file);
    files.sort_unstable();
    files.dedup();
    let unit = if spans.len() == 1 { "place" } else { "places" };
    let pages = match files.len() {
        1 => "this page".to_owned(),
        count => format!("{count} pages"),
    };
    diagnostic.message = format!(
        "{}, here and in {} other {unit} on {pages}",
        diagnostic.message,
        spans.len()
    );
    diagnostic
        .related
        .extend(spans.iter().take(LISTED).map(|span| Related {
            span: *span,
            label: "here too".to_owned(),
        }));
}
