//! Is there a body, and is it the JSON that is documented?

use crate::diagnostic::{Rule, Severity};
use crate::model::json::{self, Json};
use crate::model::{Operation, Response};
use crate::source::Span;

use super::{Difference, Received, start_of, subject};

/// Nothing where something is documented.
static EMPTY_RESPONSE: Rule = Rule {
    name: "empty-response",
    severity: Severity::Error,
    summary: "the server answers without a body where one is documented",
};

/// HTML and the like, or JSON under another name.
static RESPONSE_MEDIA_TYPE: Rule = Rule {
    name: "response-media-type",
    severity: Severity::Error,
    summary: "the server answers with another media type than the documented one",
};

/// What is called JSON and is none.
static INVALID_RESPONSE_JSON: Rule = Rule {
    name: "invalid-response-json",
    severity: Severity::Error,
    summary: "the server answers with a body that is not JSON as RFC 8259 has it",
};

/// More than we read.
static OVERSIZED_RESPONSE: Rule = Rule {
    name: "oversized-response",
    severity: Severity::Error,
    summary: "the server answers with a body that is too large to be compared",
};

/// The rules of bodies as a whole.
pub static BODY_RULES: &[&Rule] = &[
    &EMPTY_RESPONSE,
    &RESPONSE_MEDIA_TYPE,
    &INVALID_RESPONSE_JSON,
    &OVERSIZED_RESPONSE,
];

/// What is wrong with the form of a body, and the body as a value if it has one.
pub(super) fn read(
    operation: &Operation,
    response: &Response,
    received: &Received<'_>,
) -> (Vec<Difference>, Option<Json>) {
    let span = place(operation, response);
    let found = Found {
        operation,
        received,
        span,
    };
    if let Some(limit) = received.cut_at {
        let message = format!("the body is larger than {limit} bytes, and is not compared");
        let observed = format!("more than {limit} bytes");
        return (
            vec![found.different(&OVERSIZED_RESPONSE, message, observed)],
            None,
        );
    }
    let body = found.body();
    if body.iter().all(u8::is_ascii_whitespace) {
        let message = format!("{} is answered without a body", operation.name());
        let observed = "nothing".to_owned();
        return (
            vec![found.different(&EMPTY_RESPONSE, message, observed)],
            None,
        );
    }
    let reading = json::read_strict(body);
    let differences = found.form(&reading).into_iter().collect();
    (differences, reading.ok())
}

/// The line that promises the body: the first field, else the example.
fn place(operation: &Operation, response: &Response) -> Span {
    let field = response.fields.first().map(|field| field.open);
    let example = response.examples.first().map(|example| example.span);
    field
        .or(example)
        .unwrap_or(operation.endpoint.evidence.span)
}

/// A body that was found.
struct Found<'a> {
    operation: &'a Operation,
    received: &'a Received<'a>,
    span: Span,
}

impl Found<'_> {
    /// The body without the mark that some servers begin it with.
    fn body(&self) -> &[u8] {
        let body = self.received.body;
        body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body)
    }

    fn different(&self, rule: &'static Rule, message: String, observed: String) -> Difference {
        Difference {
            rule,
            severity: rule.severity,
            span: self.span,
            message,
            subject: subject(self.received.status, ""),
            path: None,
            expected: "a body in JSON".to_owned(),
            observed,
            label: "a body is documented here".to_owned(),
            mismatch: None,
        }
    }

    /// True if the pages document the header that states the media type.
    fn states_media_type(&self) -> bool {
        let headers = super::headers_of(self.operation, self.received.status);
        let mut names = headers.iter().map(|it| &it.name.value);
        names.any(|it| it.eq_ignore_ascii_case("content-type"))
    }

    /// What is wrong with the media type and the syntax: one finding, whichever says more.
    fn form(&self, reading: &Result<Json, json::Failure>) -> Option<Difference> {
        let stated = self.received.media_type();
        let is_json = stated.map(|stated| is_json(&essence(stated)));
        let start = start_of(&String::from_utf8_lossy(self.received.body), 60);
        let name = self.operation.name();
        match (is_json, reading) {
            (Some(true), Ok(_)) => None,
            // The header that the pages document says it.
            (Some(false), Ok(_)) if self.states_media_type() => None,
            (Some(false), Ok(_)) => {
                let stated = stated.unwrap_or_default();
                let message = format!("{name} answers JSON as `{stated}`");
                let found = self.different(&RESPONSE_MEDIA_TYPE, message, stated.to_owned());
                Some(weaker(found))
            }
            (None, Ok(_)) => {
                let message = format!("{name} answers JSON without a `Content-Type`");
                let observed = "no media type".to_owned();
                let found = self.different(&RESPONSE_MEDIA_TYPE, message, observed);
                Some(weaker(found))
            }
            (Some(false), Err(_)) => {
                let stated = stated.unwrap_or_default();
                let message =
                    format!("{name} is documented to answer JSON, and answers `{stated}`");
                let observed = format!("{stated}: {start}");
                Some(self.different(&RESPONSE_MEDIA_TYPE, message, observed))
            }
            (Some(true) | None, Err(failure)) => {
                let message = format!("the body of {name} is not JSON: {failure}");
                Some(self.different(&INVALID_RESPONSE_JSON, message, start))
            }
        }
    }
}

fn weaker(difference: Difference) -> Difference {
    Difference {
        severity: Severity::Warning,
        ..difference
    }
}

/// The media type without its parameters.
pub(super) fn essence(stated: &str) -> String {
    let essence = stated.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

pub(super) fn is_json(essence: &str) -> bool {
    matches!(essence, "application/json" | "text/json") || essence.ends_with("+json")
}
