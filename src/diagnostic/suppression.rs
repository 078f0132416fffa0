//! What authors silence on their pages, and the rules that keep an eye on it.

use crate::source::Span;

use super::{Diagnostic, Fix, Rule, Safety, Severity};

/// A comment that silences rules suppresses nothing.
pub(super) static UNUSED_SUPPRESSION: Rule = Rule {
    name: "unused-suppression",
    severity: Severity::Warning,
    summary: "a comment silences a rule that finds nothing there",
};
/// A comment that silences rules names none that exists.
pub(super) static UNKNOWN_RULE: Rule = Rule {
    name: "unknown-rule",
    severity: Severity::Error,
    summary: "a comment is to silence a rule that does not exist",
};

/// Every rule of this layer.
pub static RULES: &[&Rule] = &[&UNKNOWN_RULE, &UNUSED_SUPPRESSION];

/// A comment `{/* fieldproof-ignore RULE, RULE: reason */}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// The names of rules, each with its place.
    pub rules: Vec<(String, Span)>,
    /// The comment.
    pub span: Span,
    /// Where the rules are silent: the block that follows the comment, or the whole file; `None` if nothing follows.
    pub scope: Option<Span>,
}

impl Suppression {
    /// True if a finding is in the silent place: by its own place, or by one that it names.
    pub(super) fn covers(&self, diagnostic: &Diagnostic) -> bool {
        let Some(scope) = self.scope else {
            return false;
        };
        let related = diagnostic.related.iter().map(|related| related.span);
        std::iter::once(diagnostic.span)
            .chain(related)
            .any(|span| scope.contains(span))
    }

    pub(super) fn unused(&self, name: &str, place: Span) -> Diagnostic {
        let alone = self.rules.len() == 1;
        let message = match self.scope {
            Some(_) => format!("`{name}` finds nothing where this comment silences it"),
            None => format!("no block follows the comment that silences `{name}`"),
        };
        let diagnostic = Diagnostic::new(&UNUSED_SUPPRESSION, place, message)
            .label("silences nothing")
            .help("remove the name, or the comment")
            .subject("page");
        if alone {
            let title = "remove the comment";
            diagnostic.fix(Fix::replace(title, Safety::Safe, self.span, ""))
        } else {
            diagnostic
        }
    }

    pub(super) fn without_rules(&self) -> Diagnostic {
        Diagnostic::new(&UNKNOWN_RULE, self.span, "the comment names no rule")
            .help("write `{/* fieldproof-ignore RULE: reason */}`")
            .subject("page")
    }
}
