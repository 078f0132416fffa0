//! An example shows a number or a length beyond the documented bounds.

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::shape::{Mismatch, MismatchKind};
use crate::model::{Evidence, Origin};

use super::comparison::{self, Comparison, Shown};

pub(super) static RULE: Rule = Rule {
    name: "value-out-of-range",
    severity: Severity::Error,
    summary: "an example shows a number or a length beyond the documented bounds",
};

pub(super) fn check(comparison: &Comparison<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for kind in [MismatchKind::Range, MismatchKind::Length] {
        for (example, mismatch) in comparison.mismatches(kind) {
            let path = mismatch.path.subject();
            if kind == MismatchKind::Length && is_first_choice(comparison, example, mismatch)
                || is_named(comparison, example, mismatch)
            {
                continue;
            }
            let shown = match kind {
                MismatchKind::Length => format!("a length of {}", mismatch.found),
                _ => mismatch.found.clone(),
            };
            let message = format!(
                "{} shows {shown}, and {} is documented",
                comparison.name(&path),
                mismatch.expected
            );
            let mut diagnostic = Diagnostic::new(&RULE, example.span(&mismatch.range), message)
                .severity(comparison::severity(
                    mismatch,
                    RULE.severity,
                    Severity::Warning,
                ))
                .label(format!("not {}", mismatch.expected))
                .help("show a value within the bounds, or correct the bounds")
                .subject(comparison.subject(&path));
            if let Some(evidence) = mismatch.evidence {
                diagnostic = diagnostic
                    .cause(comparison::of_field(evidence.span))
                    .related(evidence.span, "the bound is documented here");
            }
            diagnostics.push(diagnostic);
        }
    }
}

/// True for a value that the text of the field has in code, where the text states the bound: "At least 3 characters; `*` for
/// all".
fn is_named(comparison: &Comparison<'_>, example: &Shown<'_>, mismatch: &Mismatch) -> bool {
    let is_in_text = |it: Evidence| it.origin == Origin::Prose;
    let written = written(example, mismatch);
    let field = comparison.field(&mismatch.path.subject());
    !written.is_empty()
        && mismatch.evidence.is_some_and(is_in_text)
        && field.is_some_and(|field| field.description.contains(&format!("`{written}`")))
}

/// The value as it is written, without quotes.
fn written<'e>(example: &'e Shown<'_>, mismatch: &Mismatch) -> &'e str {
    let text = match example.decoded {
        Some(decoded) => decoded.text(),
        None => example.text.text(),
    };
    let written = text.get(mismatch.range.clone()).unwrap_or_default();
    written.trim_matches(['"', '\''])
}

/// True for a number where the bound is one of the second choice: "A number you own, or a name of up to 11 characters."
fn is_first_choice(comparison: &Comparison<'_>, example: &Shown<'_>, mismatch: &Mismatch) -> bool {
    // `%2B` is the plus of a query.
    let written = written(example, mismatch).replace("%2B", "+");
    let is_number = written.len() > 1
        && written
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | ' '));
    let field = comparison.field(&mismatch.path.subject());
    is_number
        && field.is_some_and(|field| {
            let text = field.description.to_lowercase();
            let first = text.split_once(" or ").map(|(first, _)| first);
            first.is_some_and(|first| !first.contains("character") && first.contains("number"))
        })
}
