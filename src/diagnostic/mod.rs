//! Rules and diagnostics as plain data.
//!
//! A layer declares the rules that it can raise as constants and hands out [`Diagnostic`]s.
//! [`Settings`] say which of them are wanted. How they look and what exit code they lead to is decided elsewhere.

mod apply;
pub mod baseline;
mod fix;
mod rule;
mod settings;
mod signature;
mod suppression;

use crate::source::Span;

pub use apply::{apply, compatible};
pub use fix::{Edit, Fix, Safety};
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
}

/// A second place of a diagnostic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// The place.
    pub span: Span,
    /// What is there.
    pub label: String,
}

/// What was asked of a live server and how its answer differs from the documentation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Observation {
    /// Method and URL that were sent.
    pub request: String,
    /// Where in the answer, as a JSON path such as `$.user.id`.
    pub path: Option<String>,
    /// What the documentation promises.
    pub expected: Option<String>,
    /// What the server did.
    pub observed: Option<String>,
    /// Which of field, example, and server is the one that the other two contradict.
    pub odd: Option<Odd>,
    /// Two bodies beside each other, line by line, if it is bodies that differ.
    pub diff: Option<String>,
    /// A shell command that repeats the request, without secrets.
    pub curl: String,
}

/// The one of three that the other two contradict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Odd {
    /// Example and server agree.
    Field,
    /// Field and example agree.
    Server,
}

impl Odd {
    /// What the word stands for.
    pub fn of(word: &str) -> Option<Self> {
        [Self::Field, Self::Server]
            .into_iter()
            .find(|odd| odd.as_str() == word)
    }

    /// The word used in every output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Field => "field",
            Self::Server => "server",
        }
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
        }
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

    /// The same about an operation.
    #[must_use]
    pub fn operation(mut self, operation: impl Into<String>) -> Self {
        self.operation = Some(operation.into());
        self
    }
}
