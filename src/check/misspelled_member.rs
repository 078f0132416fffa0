//! An example spells a member otherwise than its field: `createdAt` for `created_at`.

use crate::diagnostic::{Cause, Diagnostic, Rule, Severity};
use crate::model::shape::MismatchKind;

use super::comparison::Comparison;

pub(super) static RULE: Rule = Rule {
    name: "misspelled-member",
    severity: Severity::Error,
    summary: "an example spells a member in another case or with other separators than its field",
};

pub(super) fn check(comparison: &Comparison<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for (example, mismatch) in comparison.mismatches(MismatchKind::Casing) {
        let path = mismatch.path.subject();
        let documented = name_in(&mismatch.expected);
        let shown = path.rsplit('.').next().unwrap_or(&path);
        let message = format!("`{documented}` is documented and `{shown}` is shown");
        let mut diagnostic = Diagnostic::new(&RULE, example.span(&mismatch.range), message)
            .label("spelled otherwise here")
            .help("use one spelling in both places")
            .subject(comparison.subject(&path))
            .cause(cause(comparison, documented, shown));
        if let Some(evidence) = mismatch.evidence {
            diagnostic = diagnostic.related(evidence.span, "documented here");
        }
        diagnostics.push(diagnostic);
    }
}

/// All members that are documented in one style and shown in another are one slip.
fn cause(comparison: &Comparison<'_>, documented: &str, shown: &str) -> Cause {
    let (from, to) = (style(documented), style(shown));
    Cause::on_page(format!("{} {from} {to}", comparison.side()))
        .of(
            format!("`{shown}` for `{documented}`"),
            "members are shown in another spelling than they are documented in: {}",
            "use one spelling in both places",
        )
        .across(format!("{from} {to}"))
}

/// What stands between the words of a name.
fn style(name: &str) -> char {
    let is_camel = || name.chars().skip(1).any(char::is_uppercase);
    match name.chars().find(|c| matches!(c, '_' | '-' | ' ' | '.')) {
        Some(between) => between,
        None if is_camel() => 'A',
        None => 'a',
    }
}

/// The name between backticks in the words of a mismatch.
pub(super) fn name_in(words: &str) -> &str {
    words.split('`').nth(1).unwrap_or(words)
}
