//! An answer beside what the pages promise of it: the only definition of what is wrong with an answer.
//!
//! Conformance testing holds the answers to its own requests against the pages, and the mock those that it passes on.
//!
//! `status` says which successes are documented, `headers` compares the documented headers, `form` says whether there
//! is a body that can be compared, and `members` compares it with the response that it fits best.

mod form;
mod headers;
mod members;
mod promise;
mod refusal;
mod status;

use crate::diagnostic::{Rule, Severity};
use crate::source::Span;

use super::json::Json;
use super::shape::{Mismatch, Shape};
use super::{Operation, Response};

use refusal::Refusal;

pub use form::BODY_RULES;
pub use headers::{
    HEADER_RULES, MISSING_RESPONSE_HEADER, RESPONSE_HEADER_VALUE, headers, headers_of, holds,
};
pub use members::{MEMBER_RULES, MISSING_RESPONSE_MEMBER, RESPONSE_FORMAT, subject, writes_null};
pub use promise::shown_kinds;
pub use status::{SERVER_ERROR, Success, UNDOCUMENTED_STATUS, UNIMPLEMENTED_OPERATION};

/// An answer, its body unpacked and read to its end or to a limit.
#[derive(Clone, Copy, Debug)]
pub struct Received<'a> {
    /// The status.
    pub status: u16,
    /// The names of the headers in any case, and their values.
    pub headers: &'a [(String, String)],
    /// The body.
    pub body: &'a [u8],
    /// The limit, if the body was longer and is cut there.
    pub cut_at: Option<usize>,
    /// True if it answers `HEAD`, and so never has a body.
    pub is_head: bool,
}

impl Received<'_> {
    /// The media type that the answer states, with its parameters.
    pub fn media_type(&self) -> Option<&str> {
        self.header("content-type")
    }

    /// The value of the first header of that name, in any case.
    fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let found = headers.find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

/// One way in which an answer is not what is documented.
#[derive(Clone, Debug)]
pub struct Difference {
    /// The rule that is broken.
    pub rule: &'static Rule,
    /// How bad it is, given what documents otherwise.
    pub severity: Severity,
    /// What documents otherwise.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// What it is about, such as `response.items[].id`.
    pub subject: String,
    /// Where in the body, from the root: `$.items[0].id`.
    pub path: Option<String>,
    /// What is documented.
    pub expected: String,
    /// What came.
    pub observed: String,
    /// What stands at the span.
    pub label: String,
    /// What the comparison with the shape found, if it found this.
    pub mismatch: Option<Mismatch>,
}

/// What comes of comparing a body.
#[derive(Clone, Debug, Default)]
pub struct Compared<'o> {
    /// What is wrong.
    pub differences: Vec<Difference>,
    /// The body, if it was compared with what is documented.
    pub value: Option<Json>,
    /// The documented responses that it may be.
    pub responses: Vec<&'o Response>,
    /// The one that it fits best, and its shape; none if the documented members are all somewhere else.
    pub fit: Option<(&'o Response, Shape)>,
}

/// Compares the body of an answer with what an operation documents for its status.
pub fn body<'o>(operation: &'o Operation, received: &Received<'_>) -> Compared<'o> {
    body_of(operation, received, false)
}

/// The same for the answer to a request whose body may be one that cannot be read, which says nothing about what is in it.
pub fn body_of<'o>(
    operation: &'o Operation,
    received: &Received<'_>,
    is_unread: bool,
) -> Compared<'o> {
    let all = operation.responses_for(received.status);
    let shows_other = all.iter().any(|it| promise::shows_other(it));
    let stated = received.media_type().map(form::essence);
    let responses: Vec<_> = all.into_iter().filter(|it| promise::is_json(it)).collect();
    if shows_other && stated.is_some_and(|stated| !form::is_json(&stated)) {
        // The page shows a body of another kind, too: this may be it.
        return Compared::default();
    }
    let is_bodiless = received.is_head || matches!(received.status, 204 | 205 | 304);
    let Some(first) = responses.first().filter(|_| !is_bodiless) else {
        return Compared::default();
    };
    let (mut differences, value) = form::read(operation, first, received);
    let mut compared = Compared::default();
    if let Some(value) = &value {
        let refusal = Refusal::of(operation, is_unread);
        let (found, fit) =
            members::compare(operation, received.status, &responses, value, &refusal);
        differences.extend(found);
        differences.extend(refusal::own_status(operation, received.status, value));
        differences.extend(refusal::own_truth(operation, received.status, value));
        compared.fit = fit;
    }
    Compared {
        differences,
        value,
        responses,
        ..compared
    }
}

/// The start of a text on one line.
pub fn start_of(text: &str, length: usize) -> String {
    let words: Vec<_> = text.split_whitespace().collect();
    let line = words.join(" ");
    if line.chars().count() <= length {
        return line;
    }
    let mut start: String = line.chars().take(length).collect();
    start.push('…');
    start
}
