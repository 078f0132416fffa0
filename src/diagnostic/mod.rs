//! Rules and diagnostics as plain data.
//!
//! A layer declares the rules that it can raise as constants and hands out [`Diagnostic`]s.
//! [`Settings`] say which of them are wanted. How they look and what exit code they lead to is decided elsewhere.

mod apply;
pub mod baseline;
mod cause;
mod fix;
pub mod hash;
mod observation;
mod rule;
mod settings;
mod signature;
mod suppression;

use crate::source::Span;

pub use apply::{apply, compatible};
pub use cause::{Cause, Repeat, gather};
pub use fix::{Edit, Fix, Safety};
pub use observation::{Observation, Odd, Part, Tried};
pub use rule::{Rule, Severity, UnknownRule, find, likeness};
pub use settings::{Applied, Known, Level, PathSettings, Profile, Settings};
pub use signature::Signature;
pub use suppression::{RULES, Suppression};

/// One finding: a rule, a place, and what is wrong there.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    /// The rule that was broken.
    pub rule: &'static Rule,
    /// How bad it is; the rule's own severity unless evidence or configuration changed it.
    pub severity: Severity,
    /// The smallest place in the author's file that shows the problem.
    pub span: Span,
    /// What is wrong, in lower case and without a final period.
    pub message: String,
    /// A few words that stand at the place itself.
    pub label: Option<String>,
    /// What to do about it.
    pub help: Option<String>,
    /// Other places that belong to the problem.
    pub related: Vec<Related>,
    /// The operation it is about, as `POST /api/user`.
    pub operation: Option<String>,
    /// What of the operation or page it is about, as `response.user.id` or `page`.
    pub subject: Option<String>,
    /// What a live server did, if this finding came from one.
    pub observation: Option<Box<Observation>>,
    /// An edit of the author's files that mends it.
    pub fix: Option<Box<Fix>>,
    /// Which other findings of the rule are the same mistake.
    pub cause: Option<Box<Cause>>,
    /// The other places, if it stands for several findings; see [`gather`].
    pub repeats: Vec<Repeat>,
}

/// A second place of a diagnostic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// The place.
    pub span: Span,
    /// What is there.
    pub label: String,
}

/// What the label of a place begins with where another operation has the same problem.
const SAME_AT: &str = "the same at ";

impl Related {
    /// The place where another operation has the same problem.
    pub fn same_at(span: Span, operation: &str) -> Self {
        Self {
            span,
            label: format!("{SAME_AT}{operation}"),
        }
    }

    /// The other operation that has the same problem here, if this is such a place.
    pub fn other_operation(&self) -> Option<&str> {
        self.label.strip_prefix(SAME_AT)
    }
}

impl Diagnostic {
    /// A diagnostic of `rule` at `span`, with the rule's own severity.
    pub fn new(rule: &'static Rule, span: Span, message: impl Into<String>) -> Self {
        Self {
            rule,
            severity: rule.severity,
            span,
            message: message.into(),
            label: None,
            help: None,
            related: Vec::new(),
            operation: None,
            subject: None,
            observation: None,
            fix: None,
            cause: None,
            repeats: Vec::new(),
        }
    }

    /// All places but the first, with what is there: those that belong to it, and those of which it says the same.
    pub fn other_places(&self) -> impl Iterator<Item = (Span, &str)> {
        fn own(related: &[Related]) -> impl Iterator<Item = (Span, &str)> {
            related.iter().map(|it| (it.span, it.label.as_str()))
        }
        let repeats = self.repeats.iter().flat_map(|repeat| {
            std::iter::once((repeat.span, repeat.message.as_str())).chain(own(&repeat.related))
        });
        own(&self.related).chain(repeats)
    }

    /// All spans that it holds: those of its places, and those of the edits that mend it.
    pub fn spans_mut(&mut self) -> impl Iterator<Item = &mut Span> {
        fn own(related: &mut [Related]) -> impl Iterator<Item = &mut Span> {
            related.iter_mut().map(|it| &mut it.span)
        }
        let repeats = self
            .repeats
            .iter_mut()
            .flat_map(|it| std::iter::once(&mut it.span).chain(own(&mut it.related)));
        let edits = self.fix.iter_mut().flat_map(|fix| &mut fix.edits);
        std::iter::once(&mut self.span)
            .chain(own(&mut self.related))
            .chain(repeats)
            .chain(edits.map(|edit| &mut edit.span))
    }

    /// The same with words that stand at the place itself.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// The same with advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same with a second place.
    #[must_use]
    pub fn related(mut self, span: Span, label: impl Into<String>) -> Self {
        self.related.push(Related {
            span,
            label: label.into(),
        });
        self
    }

    /// The same with another severity.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// The same about a subject, such as `response.user.id`, `request.body.name`, `endpoint`, or `page`.
    #[must_use]
    pub fn subject(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    /// The same with an edit that mends it.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fix = Some(Box::new(fix));
        self
    }

    /// The same with what makes it one mistake with others.
    #[must_use]
    pub fn cause(mut self, cause: Cause) -> Self {
        self.cause = Some(Box::new(cause));
        self
    }

    /// The same about an operation.
    #[must_use]
    pub fn operation(mut self, operation: impl Into<String>) -> Self {
        self.operation = Some(operation.into());
        self
    }
}
