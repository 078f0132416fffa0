//! Examples beside themselves: is the JSON valid, and do title, body, and the rest of the page go together?

mod computed;
mod contradiction;
mod incoherent_example;
mod invalid_example;
mod json_slips;
mod miscounted_example;
mod mislabelled_example;
mod missing_example;
mod repeated_key;
mod secret_in_example;
mod undocumented_response;
mod wrong_example_status;

use std::borrow::Cow;
use std::ops::Range;

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::curl::{Body, Curl, Decoded, FaultKind};
use crate::model::json::{self, Reading};
use crate::model::{Field, Operation, Origin, Payload, Response};
use crate::source::{Excerpt, Span};

/// Every rule of the group.
pub(super) const RULES: &[&Rule] = &[
    &incoherent_example::RULE,
    &invalid_example::RULE,
    &miscounted_example::RULE,
    &mislabelled_example::RULE,
    &missing_example::RULE,
    &repeated_key::RULE,
    &secret_in_example::RULE,
    &undocumented_response::RULE,
    &wrong_example_status::RULE,
];

/// The examples of a page without an endpoint.
pub(super) fn check_payload(payload: &Payload, diagnostics: &mut Vec<Diagnostic>) {
    let mut found = Vec::new();
    of_response(&payload.content, "payload", &mut found);
    for read in &found {
        invalid_example::check(read, diagnostics);
        repeated_key::check(read, diagnostics);
        incoherent_example::check(read, diagnostics);
        miscounted_example::check(read, diagnostics);
    }
}

pub(super) fn check(operation: &Operation, diagnostics: &mut Vec<Diagnostic>) {
    for read in &readings(operation) {
        invalid_example::check(read, diagnostics);
        repeated_key::check(read, diagnostics);
        incoherent_example::check(read, diagnostics);
        miscounted_example::check(read, diagnostics);
    }
    mislabelled_example::check(operation, diagnostics);
    missing_example::check(operation, diagnostics);
    secret_in_example::check(operation, diagnostics);
    undocumented_response::check(operation, diagnostics);
    wrong_example_status::check(operation, diagnostics);
}

/// A JSON text of an operation: a response example, the body of a curl command, or a body alone.
struct Read<'a> {
    /// `response`, `response.404`, or `request.body`.
    subject: String,
    /// The fields of what it is an example of.
    fields: &'a [Field],
    /// How sure it is that it is an example.
    origin: Origin,
    reading: Cow<'a, Reading>,
    fence: &'a Excerpt,
    /// The text, if it was written inside a command.
    decoded: Option<&'a Decoded>,
}

impl Read<'_> {
    /// The text that was read.
    fn text(&self) -> &str {
        self.decoded
            .map_or_else(|| self.fence.text(), Decoded::text)
    }

    /// The place of bytes of the text in the author's file.
    fn span(&self, range: &Range<usize>) -> Span {
        self.fence.span(self.in_fence(range))
    }

    /// The place of bytes of the text, if they were written as they are read and can be replaced.
    fn copied(&self, range: &Range<usize>) -> Option<Span> {
        let inside = self.in_fence(range);
        if self.decoded.is_some() {
            let is_verbatim =
                self.fence.text().get(inside.clone()) == self.text().get(range.clone());
            if !is_verbatim {
                return None;
            }
        }
        self.fence.copied(inside)
    }

    fn in_fence(&self, range: &Range<usize>) -> Range<usize> {
        self.decoded
            .map_or_else(|| range.clone(), |decoded| decoded.range(range.clone()))
    }

    /// The severity of what is plainly wrong in the text: less if it is only taken for an example.
    fn severity(&self) -> Severity {
        if self.origin == Origin::Inferred {
            Severity::Warning
        } else {
            Severity::Error
        }
    }
}

/// The JSON texts in the order of the pages, responses first.
fn readings(operation: &Operation) -> Vec<Read<'_>> {
    let mut found = Vec::new();
    for response in &operation.responses {
        of_response(response, &response.status.subject(), &mut found);
    }
    for example in &operation.request_examples {
        let decoded = match &example.curl {
            // What a broken quote makes of the body is not what the author wrote.
            Some(curl) if has_broken_quotes(curl) => continue,
            Some(curl) => match &curl.body {
                Some(Body::Raw(text)) => Some(text),
                _ => continue,
            },
            None => None,
        };
        let is_json = example
            .language
            .as_deref()
            .is_some_and(|language| language.eq_ignore_ascii_case("json"));
        let text = decoded.map_or_else(|| example.text.text(), Decoded::text);
        // A body that is put together by a program, such as `"$(cat book.json)"`, is not read.
        if !text.trim_start().starts_with(['{', '[']) || decoded.is_none() && !is_json {
            continue;
        }
        found.push(Read {
            subject: "request.body".to_owned(),
            fields: &[],
            origin: example.origin,
            reading: Cow::Owned(json::read(text)),
            fence: &example.text,
            decoded,
        });
    }
    found
}

fn of_response<'r>(response: &'r Response, subject: &str, found: &mut Vec<Read<'r>>) {
    let has_body = !matches!(response.status.code(), Some(204 | 205 | 304));
    for example in &response.examples {
        // Under a status without a body, words say that there is none.
        let is_json = has_body || example.text.text().trim_start().starts_with(['{', '[']);
        if let Some(reading) = example.json.as_ref().filter(|_| is_json) {
            found.push(Read {
                subject: subject.to_owned(),
                fields: &response.fields,
                origin: example.origin,
                reading: Cow::Borrowed(reading),
                fence: &example.text,
                decoded: None,
            });
        }
    }
}

fn has_broken_quotes(curl: &Curl) -> bool {
    curl.faults.iter().any(|fault| {
        matches!(
            fault.kind,
            FaultKind::UnclosedQuote | FaultKind::UnescapedQuote | FaultKind::SmartQuotes
        )
    })
}
