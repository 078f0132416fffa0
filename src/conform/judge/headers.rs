//! The headers of an answer beside those that are documented: is each there, and does it hold what its name stands for?

use crate::conform::message::Answer;
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::json;
use crate::model::shape::{Shape, ShapeKind};
use crate::model::{Origin, ResponseHeader};

use super::{Case, Seen};

/// C106: a header that is not there.
static MISSING_RESPONSE_HEADER: Rule = Rule {
    name: "missing-response-header",
    severity: Severity::Error,
    summary: "the server answers without a header that is documented",
};

/// C107: a header that holds something else.
static RESPONSE_HEADER_VALUE: Rule = Rule {
    name: "response-header-value",
    severity: Severity::Error,
    summary: "the server answers with a header whose value is not what is documented",
};

/// The rules of this file.
pub(super) static RULES: &[&Rule] = &[&MISSING_RESPONSE_HEADER, &RESPONSE_HEADER_VALUE];

/// Judges the documented headers of an answer.
pub(super) fn check(case: &Case<'_>, answer: &Answer, into: &mut Vec<Diagnostic>) {
    // A mock makes bodies, and no headers.
    if answer.header("mock-source").is_some() {
        return;
    }
    let mut seen: Vec<String> = Vec::new();
    for header in &case.operation.response_headers {
        let name = header.name.value.to_ascii_lowercase();
        if !is_for(header, answer.status) || seen.contains(&name) {
            continue;
        }
        seen.push(name);
        match answer.header(&header.name.value) {
            None if header.is_optional => {}
            None => into.push(missing(case, answer, header)),
            Some(value) => into.extend(wrong(case, answer, header, value)),
        }
    }
}

/// True if answers of the status are documented to have the header.
fn is_for(header: &ResponseHeader, status: u16) -> bool {
    if let Some(stated) = header.status {
        return stated == status;
    }
    match header.name.value.to_ascii_lowercase().as_str() {
        "retry-after" => matches!(status, 429 | 503),
        "location" => matches!(status, 201 | 202),
        "www-authenticate" => status == 401,
        "allow" => status == 405,
        _ => (200..300).contains(&status),
    }
}

fn finding(
    case: &Case<'_>,
    header: &ResponseHeader,
    rule: &'static Rule,
    message: &str,
    seen: Seen,
) -> Diagnostic {
    let evidence = header.name.evidence;
    let finding = case
        .finding(rule, evidence.span, message, seen)
        .subject(format!("response.header.{}", header.name.value))
        .label("documented here");
    if evidence.origin <= Origin::Prose {
        finding.severity(Severity::Warning)
    } else {
        finding
    }
}

fn missing(case: &Case<'_>, answer: &Answer, header: &ResponseHeader) -> Diagnostic {
    let name = &header.name.value;
    let line = answer.status_line();
    let message = format!(
        "{} is answered with {line} and without the header `{name}`",
        case.operation.name()
    );
    let seen = Seen {
        expected: format!("the header `{name}`"),
        observed: format!("{line} without it"),
        ..Seen::default()
    };
    finding(case, header, &MISSING_RESPONSE_HEADER, &message, seen)
}

/// What is wrong with the value: its type, or what the name stands for.
fn wrong(
    case: &Case<'_>,
    answer: &Answer,
    header: &ResponseHeader,
    value: &str,
) -> Option<Diagnostic> {
    let expected = contradicted(header, value)?;
    let name = &header.name.value;
    let message = format!(
        "{} is answered with `{name}: {value}`, and the header holds {expected}",
        case.operation.name()
    );
    let seen = Seen {
        expected,
        observed: format!("`{value}` with {}", answer.status_line()),
        ..Seen::default()
    };
    Some(finding(
        case,
        header,
        &RESPONSE_HEADER_VALUE,
        &message,
        seen,
    ))
}

/// What the header is to hold, if the value is not that.
fn contradicted(header: &ResponseHeader, value: &str) -> Option<String> {
    if let Some(mismatch) = header
        .shape
        .as_ref()
        .and_then(|shape| mismatch(shape, value))
    {
        return Some(mismatch);
    }
    let name = header.name.value.to_ascii_lowercase();
    let is_number = value.trim().parse::<u64>().is_ok();
    let is_rate = name.contains("ratelimit-limit") || name.contains("ratelimit-remaining");
    match name.as_str() {
        // https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
        "retry-after" if !is_number && !value.trim().ends_with("GMT") => {
            Some("seconds or a date".to_owned())
        }
        "location" if value.trim().is_empty() || value.contains(char::is_whitespace) => {
            Some("a URL".to_owned())
        }
        // `100, 100;w=60` is how several limits are written.
        _ if is_rate && !value.trim().starts_with(|c: char| c.is_ascii_digit()) => {
            Some("a number".to_owned())
        }
        _ => None,
    }
}

/// A header is text: it is held against a type as the number or truth that it spells.
fn mismatch(shape: &Shape, value: &str) -> Option<String> {
    let is_text = matches!(shape.kind, ShapeKind::String);
    let text = serde_json::Value::from(value).to_string();
    let spelled = if is_text { text.as_str() } else { value };
    let read = |text: &str| json::read_strict(text.as_bytes()).ok();
    let value = read(spelled).or_else(|| read(&text))?;
    let mismatches = shape.mismatches(&value);
    mismatches.first().map(|it| it.expected.clone())
}
