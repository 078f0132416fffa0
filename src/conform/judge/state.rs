//! What a server keeps: the rules, and the words of their findings. `session` decides when to ask.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::pattern::pattern;
use crate::conform::said::source;
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::source::Span;

use super::{Case, Seen};

/// Declares the rules, and lists them.
macro_rules! rules {
    ($($(#[$doc:meta])* $constant:ident, $name:literal, $severity:ident, $summary:literal;)*) => {
        $($(#[$doc])* pub(crate) static $constant: Rule = Rule {
            name: $name,
            severity: Severity::$severity,
            summary: $summary,
        };)*
        /// The rules of this file.
        pub(super) static RULES: &[&Rule] = &[$(&$constant),*];
    };
}

rules! {
    /// C312: a member that is sent and not kept.
    INPUT_NOT_KEPT, "input-not-kept", Error, "the server answers with another value than the one that was sent";
    /// C310: a default that is not the default.
    DEFAULT_NOT_APPLIED, "default-not-applied", Error, "the server takes another value than the documented default";
    /// C311: a filter, an order, or a limit that does nothing.
    INPUT_WITHOUT_EFFECT, "input-without-effect", Error, "a documented filter, order, or limit does not do what it is named for";
    /// C401: created, and not there.
    CREATED_NOT_READABLE, "created-not-readable", Error, "what was created cannot be read";
    /// C401: there, and not as created.
    READ_DIFFERS, "read-differs", Error, "a read shows another value than the write before it";
    /// C402: updated, and as before.
    UPDATE_NOT_KEPT, "update-not-kept", Error, "a read after an update shows the old value";
    /// C402: more changed than was sent.
    UPDATE_CHANGES_OTHERS, "update-changes-others", Warning, "an update changes a member that was not sent, or a write something that it is not about";
    /// C403: nothing happened.
    ACTION_WITHOUT_EFFECT, "action-without-effect", Error, "a read after an action shows what was there before it";
    /// C404: deleted, and there.
    DELETED_STILL_THERE, "deleted-still-there", Error, "what was deleted can still be read";
    /// C405: deleted twice.
    REPEATED_DELETE, "repeated-delete", Warning, "deleting what is deleted already is answered otherwise than documented";
    /// C405: done twice.
    ACCEPTED_AGAIN, "accepted-again", Warning, "a request that is documented to be refused the second time is accepted again";
    /// C405: done in a state in which it cannot be done.
    ACCEPTED_IN_STATE, "accepted-in-state", Warning, "a request is accepted in a state in which the page says that it is refused";
    /// Anything goes.
    UNKNOWN_ROUTE_ACCEPTED, "unknown-route-accepted", Error, "a path or a method that no page documents is answered with a success, and the pages say how it is refused";
    /// C406: created, and not listed.
    CREATED_NOT_LISTED, "created-not-listed", Error, "what was created is not in the list";
    /// C404: deleted, and listed.
    DELETED_STILL_LISTED, "deleted-still-listed", Error, "what was deleted is still in the list";
    /// C406: listed otherwise than read.
    LIST_DIFFERS, "list-differs", Error, "a list shows another value than a read of the same thing";
    /// C407: the count of what is not there.
    WRONG_COUNT, "wrong-count", Error, "the count of a list is not the number of its items";
    /// C408: pages with gaps or repeats, or without end.
    BROKEN_PAGING, "broken-paging", Error, "the pages of a list repeat items, leave some out, or do not end";
    /// C410: something else than what was asked for.
    WRONG_IDENTITY, "wrong-identity", Error, "the answer is about something else than what was asked for";
    /// C107: the URL of something that was made, and nothing there.
    DEAD_LOCATION, "dead-location", Error, "the `Location` of something that was created leads nowhere";
    /// C411: refused, and made all the same.
    REFUSED_YET_MADE, "refused-yet-made", Error, "a create that is refused leaves something behind, or an update that is refused changes something";
}

/// What the message of a finding says that is read from a sentence.
static SAYS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\bpages?\s+(?:says?|computes?)\b|\bis said to\b"));

/// Rules about what only sentences promise.
const OF_SENTENCES: &[&str] = &[
    "accepted-again",
    "accepted-in-state",
    "action-without-effect",
    "update-changes-others",
    "deleted-still-there",
    "deleted-still-listed",
    "input-without-effect",
    "default-not-applied",
    "wrong-computation",
    "wrong-count",
];

/// What a state check found.
pub(crate) struct Found {
    /// The rule that is broken.
    pub(crate) rule: &'static Rule,
    /// What is wrong.
    pub(crate) message: String,
    /// `response.price`, `request.query.sort`, or `endpoint`.
    pub(crate) subject: String,
    /// Where the docs promise otherwise; the endpoint if no line does so.
    pub(crate) span: Option<Span>,
    /// The sentence that promises otherwise, if it is one.
    pub(crate) words: Option<String>,
    /// What is promised.
    pub(crate) expected: String,
    /// What was seen.
    pub(crate) observed: String,
    /// True if the promise is only read between the lines.
    pub(crate) is_weak: bool,
    /// True if the page says it in so many words.
    pub(crate) is_plain: bool,
    /// The bodies that differ, beside each other.
    pub(crate) diff: Option<String>,
}

impl Found {
    /// What breaks a rule: what it is about, and what is wrong in words.
    pub(crate) fn about(
        rule: &'static Rule,
        subject: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            rule,
            message: message.into(),
            subject: subject.into(),
            span: None,
            words: None,
            expected: String::new(),
            observed: String::new(),
            is_weak: false,
            is_plain: false,
            diff: None,
        }
    }

    /// The two bodies that differ.
    pub(crate) fn between(self, left: &Value, right: &Value) -> Self {
        Self {
            diff: super::difference::of(left, right),
            ..self
        }
    }

    /// What is promised, and what was seen.
    pub(crate) fn seen(self, expected: impl Into<String>, observed: impl Into<String>) -> Self {
        Self {
            expected: expected.into(),
            observed: observed.into(),
            ..self
        }
    }

    /// Where the docs promise it.
    pub(crate) fn promised_at(self, span: impl Into<Option<Span>>) -> Self {
        Self {
            span: span.into(),
            ..self
        }
    }

    /// The sentence that promises it, as it was read.
    pub(crate) fn said(self, words: impl Into<Option<String>>) -> Self {
        Self {
            words: words.into(),
            ..self
        }
    }

    /// At most a warning, if the promise is only read between the lines.
    pub(crate) fn weak_if(self, is_weak: bool) -> Self {
        Self { is_weak, ..self }
    }

    /// An error whatever the rule, if the page says it in so many words.
    pub(crate) fn plain_if(self, is_plain: bool) -> Self {
        Self { is_plain, ..self }
    }
}

/// The finding about the request of a case.
///
/// It points to the field, the input, or the answer that it is about, if no place is known, and tells the sentence that it is
/// read from; `quoted` looks for that in the pages.
pub(crate) fn finding(case: &Case<'_>, found: Found) -> Diagnostic {
    let place = || source::place(case.operation, &found.subject, &found.expected);
    let span = found.span.or_else(place);
    let is_read = found.span.is_none() && found.words.is_none() && SAYS.is_match(&found.message);
    let words = found.words.or_else(|| {
        let mut named = source::named(&found.message, &found.expected);
        if found.rule.name == ACCEPTED_AGAIN.name {
            named.extend(["already", "again", "twice", "second"].map(str::to_owned));
        }
        let is_asked = is_read || span.is_none() && OF_SENTENCES.contains(&found.rule.name);
        is_asked.then(|| source::sentence(case.operation, &named))?
    });
    let seen = Seen {
        expected: found.expected,
        observed: found.observed,
        diff: found.diff,
        ..Seen::default()
    };
    let is_promised = span.is_some() || words.is_some();
    let span = span.unwrap_or_else(|| case.endpoint());
    let mut diagnostic = case
        .finding(found.rule, span, &found.message, seen)
        .subject(found.subject);
    if is_promised {
        diagnostic = diagnostic.label("documented here");
    }
    if let Some(observation) = &mut diagnostic.observation {
        observation.documented = words;
    }
    if found.is_plain {
        diagnostic.severity(Severity::Error)
    } else if found.is_weak {
        let severity = found.rule.severity.min(Severity::Warning);
        diagnostic.severity(severity)
    } else {
        diagnostic
    }
}
