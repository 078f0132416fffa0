//! Is there a body, and is it the JSON that is documented?

use crate::conform::message::Answer;
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::Response;
use crate::model::json;
use crate::source::Span;

use super::{Case, Seen, members, start_of};

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

/// The rules of this file.
pub(super) static RULES: &[&Rule] = &[
    &EMPTY_RESPONSE,
    &RESPONSE_MEDIA_TYPE,
    &INVALID_RESPONSE_JSON,
    &OVERSIZED_RESPONSE,
];

/// Judges the body; true if it was compared with what is documented.
pub(super) fn check(case: &Case<'_>, answer: &Answer, into: &mut Vec<Diagnostic>) -> bool {
    let all = case.operation.responses_for(answer.status);
    let shows_other = all.iter().any(|it| shows_other(it));
    let stated = answer.header("content-type").map(essence);
    let responses: Vec<_> = all.into_iter().filter(|it| promises_json(it)).collect();
    if shows_other && stated.is_some_and(|stated| !is_json(&stated)) {
        // The page shows a body of another kind, too: this may be it.
        return false;
    }
    let is_bodiless = matches!(answer.status, 204 | 205) || case.item.request.method == "HEAD";
    let Some(span) = responses.first().map(|first| place(case, first)) else {
        return false;
    };
    if is_bodiless || is_of_mock(answer) {
        return false;
    }
    let found = Found { case, answer, span };
    if let Some(limit) = answer.cut_at {
        let message = format!("the body is larger than {limit} bytes, and is not compared");
        into.push(found.finding(
            &OVERSIZED_RESPONSE,
            &message,
            format!("more than {limit} bytes"),
        ));
        return false;
    }
    let body = answer
        .body
        .strip_prefix("\u{feff}".as_bytes())
        .unwrap_or(&answer.body);
    if body.iter().all(u8::is_ascii_whitespace) {
        let message = format!("{} is answered without a body", case.operation.name());
        into.push(found.finding(&EMPTY_RESPONSE, &message, "nothing".to_owned()));
        return false;
    }
    let reading = json::read_strict(body);
    if let Some(diagnostic) = found.form(&reading) {
        into.push(diagnostic);
    }
    let Ok(value) = reading else {
        return false;
    };
    members::check(case, answer, &responses, &value, into);
    true
}

/// True for the problem details that a mock answers in its own words, where the page shows no error to send.
fn is_of_mock(answer: &Answer) -> bool {
    let stated = answer.header("content-type").map(essence);
    let is_own = ["mock-reason", "mock-violations"]
        .iter()
        .any(|name| answer.header(name).is_some());
    is_own && stated.as_deref() == Some("application/problem+json")
}

/// True if fields or an example in JSON document the body.
fn promises_json(response: &Response) -> bool {
    let mut examples = response.examples.iter();
    let shows_json = examples.any(|example| example.value().is_some());
    shows_json || response.shape.is_some() && !shows_other(response)
}

/// True if an example shows a body that is not JSON.
fn shows_other(response: &Response) -> bool {
    response.examples.iter().any(|example| {
        example.media_type != "application/json" && !example.text.text().trim().is_empty()
    })
}

/// The line that promises the body: the first field, else the example.
fn place(case: &Case<'_>, response: &Response) -> Span {
    let field = response.fields.first().map(|field| field.open);
    let example = response.examples.first().map(|example| example.span);
    field.or(example).unwrap_or_else(|| case.endpoint())
}

/// A body that was found.
struct Found<'a> {
    case: &'a Case<'a>,
    answer: &'a Answer,
    span: Span,
}

impl Found<'_> {
    fn finding(&self, rule: &'static Rule, message: &str, observed: String) -> Diagnostic {
        let seen = Seen {
            expected: "a body in JSON".to_owned(),
            observed,
            ..Seen::default()
        };
        self.case
            .finding(rule, self.span, message, seen)
            .subject(members::subject(self.answer, ""))
            .label("a body is documented here")
    }

    /// What is wrong with the media type and the syntax: one finding, whichever says more.
    fn form(&self, reading: &Result<json::Json, json::Failure>) -> Option<Diagnostic> {
        let stated = self.answer.header("content-type");
        let is_json = stated.map(|stated| is_json(&essence(stated)));
        let start = start_of(&String::from_utf8_lossy(&self.answer.body), 60);
        let name = self.case.operation.name();
        match (is_json, reading) {
            (Some(true), Ok(_)) => None,
            (Some(false), Ok(_)) => {
                let stated = stated.unwrap_or_default();
                let message = format!("{name} answers JSON as `{stated}`");
                let finding = self.finding(&RESPONSE_MEDIA_TYPE, &message, stated.to_owned());
                Some(finding.severity(Severity::Warning))
            }
            (None, Ok(_)) => {
                let message = format!("{name} answers JSON without a `Content-Type`");
                let finding =
                    self.finding(&RESPONSE_MEDIA_TYPE, &message, "no media type".to_owned());
                Some(finding.severity(Severity::Warning))
            }
            (Some(false), Err(_)) => {
                let stated = stated.unwrap_or_default();
                let message =
                    format!("{name} is documented to answer JSON, and answers `{stated}`");
                let observed = format!("{stated}: {start}");
                Some(self.finding(&RESPONSE_MEDIA_TYPE, &message, observed))
            }
            (Some(true) | None, Err(failure)) => {
                let message = format!("the body of {name} is not JSON: {failure}");
                Some(self.finding(&INVALID_RESPONSE_JSON, &message, start))
            }
        }
    }
}

/// The media type without its parameters.
fn essence(stated: &str) -> String {
    let essence = stated.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

fn is_json(essence: &str) -> bool {
    matches!(essence, "application/json" | "text/json") || essence.ends_with("+json")
}
