//! One finding for one cause: what several requests show, and what several operations share.

use crate::diagnostic::{Diagnostic, Related, Severity};

/// Puts findings together that have one cause.
///
/// The same rule about the same subject of one operation is one finding, however many requests show it. The same rule
/// about the same member of several operations is one as well, with the others as related places, as long as the same
/// was expected and the same kind of thing was seen.
pub fn fold(diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut folded: Vec<(Diagnostic, usize)> = Vec::new();
    for diagnostic in diagnostics {
        let same = folded
            .iter_mut()
            .find(|(known, _)| is_same(known, &diagnostic));
        match same {
            Some((known, count)) => {
                *count += 1;
                known.severity = known.severity.max(diagnostic.severity);
            }
            None => folded.push((diagnostic, 1)),
        }
    }
    let folded = folded.into_iter().map(|(mut diagnostic, count)| {
        if count > 1 {
            diagnostic.message = format!("{} (seen in {count} answers)", diagnostic.message);
        }
        diagnostic
    });
    across(folded.collect())
}

fn is_same(known: &Diagnostic, other: &Diagnostic) -> bool {
    known.rule.name == other.rule.name
        && known.operation == other.operation
        && known.subject == other.subject
}

/// The same of several operations, as the first of them has it.
fn across(diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut folded: Vec<(Diagnostic, Vec<String>)> = Vec::new();
    for diagnostic in diagnostics {
        let shared = folded
            .iter_mut()
            .find(|(known, _)| is_shared(known, &diagnostic));
        match shared {
            Some((known, others)) => {
                let name = diagnostic.operation.clone().unwrap_or_default();
                known.severity = known.severity.max(diagnostic.severity);
                if known.span != diagnostic.span {
                    known.related.push(Related::same_at(diagnostic.span, &name));
                }
                if !others.contains(&name) {
                    others.push(name);
                }
            }
            None => folded.push((diagnostic, Vec::new())),
        }
    }
    let folded = folded.into_iter().map(|(mut diagnostic, others)| {
        if !others.is_empty() {
            let shown: Vec<_> = others.iter().take(3).cloned().collect();
            let more = others.len().saturating_sub(shown.len());
            let more = if more > 0 {
                format!(", and {more} more")
            } else {
                String::new()
            };
            let names = shown.join(", ");
            diagnostic.message = format!("{}; the same at {names}{more}", diagnostic.message);
        }
        diagnostic
    });
    folded.collect()
}

/// Rules about what a server has in common for all its operations.
const SHARED: &[&str] = &[
    "credentials-not-enforced",
    "response-type",
    "response-null",
    "response-value",
    "response-format",
    "response-limit",
    "missing-response-member",
    "undocumented-response-member",
    "misspelled-response-member",
    "misplaced-response-members",
    "response-media-type",
    "unexpected-refusal",
    "error-without-member",
];

fn is_shared(known: &Diagnostic, other: &Diagnostic) -> bool {
    let expected = |it: &Diagnostic| it.observation.as_ref().and_then(|it| it.expected.clone());
    known.rule.name == other.rule.name
        && SHARED.contains(&known.rule.name)
        && known.operation != other.operation
        && last(known) == last(other)
        && (expected(known) == expected(other)
            || matches!(
                known.rule.name,
                "misplaced-response-members" | "credentials-not-enforced"
            ))
}

/// The last name of the subject: `price` of `response.data[].price`.
fn last(diagnostic: &Diagnostic) -> Option<(&str, bool)> {
    let subject = diagnostic.subject.as_deref()?;
    let last = subject.rsplit('.').next()?;
    Some((last.trim_end_matches("[]"), subject.starts_with("response")))
}

/// The findings sorted out: nothing about the inside of what is not there at all.
pub fn without_echoes(diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let broken: Vec<_> = diagnostics
        .iter()
        .filter(|it| {
            matches!(
                it.rule.name,
                "unimplemented-operation" | "unanswered-request"
            )
        })
        .map(|it| it.operation.clone())
        .collect();
    let is_kept = |it: &Diagnostic| {
        !broken.contains(&it.operation)
            || matches!(
                it.rule.name,
                "unimplemented-operation" | "unanswered-request"
            )
            || it.severity == Severity::Error && it.rule.name == "server-error"
    };
    diagnostics.into_iter().filter(is_kept).collect()
}
