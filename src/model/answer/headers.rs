//! The headers of an answer beside those that are documented: is each there, and does it hold what its name stands for?

use crate::diagnostic::{Rule, Severity};
use crate::model::json;
use crate::model::shape::{Shape, ShapeKind};
use crate::model::{Operation, ResponseHeader, describe_status};

use super::{Difference, Received};

/// C106: a header that is not there.
pub static MISSING_RESPONSE_HEADER: Rule = Rule {
    name: "missing-response-header",
    severity: Severity::Error,
    summary: "the server answers without a header that is documented",
};

/// C107: a header that holds something else.
pub static RESPONSE_HEADER_VALUE: Rule = Rule {
    name: "response-header-value",
    severity: Severity::Error,
    summary: "the server answers with a header whose value is not what is documented",
};

/// The rules of headers.
pub static HEADER_RULES: &[&Rule] = &[&MISSING_RESPONSE_HEADER, &RESPONSE_HEADER_VALUE];

/// What is wrong with the documented headers of an answer.
pub fn headers(operation: &Operation, received: &Received<'_>) -> Vec<Difference> {
    let mut differences = Vec::new();
    for header in headers_of(operation, received.status) {
        match received.header(&header.name.value) {
            None if header.is_optional => {}
            None => differences.push(missing(operation, received.status, header)),
            Some(value) => differences.extend(wrong(operation, received.status, header, value)),
        }
    }
    differences
}

/// The headers that answers of the status are documented to have, each name once.
pub fn headers_of(operation: &Operation, status: u16) -> Vec<&ResponseHeader> {
    let mut seen: Vec<&str> = Vec::new();
    let mut found = Vec::new();
    for header in &operation.response_headers {
        let name = header.name.value.as_str();
        let is_new = || !seen.iter().any(|known| known.eq_ignore_ascii_case(name));
        if is_for(header, status) && is_new() {
            seen.push(name);
            found.push(header);
        }
    }
    found
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

fn difference(
    header: &ResponseHeader,
    rule: &'static Rule,
    message: String,
    expected: String,
    observed: String,
) -> Difference {
    let evidence = header.name.evidence;
    let is_weak = !header.is_promised();
    Difference {
        rule,
        severity: if is_weak {
            Severity::Warning
        } else {
            rule.severity
        },
        span: evidence.span,
        message,
        subject: format!("response.header.{}", header.name.value),
        path: None,
        expected,
        observed,
        label: "documented here".to_owned(),
        mismatch: None,
    }
}

fn missing(operation: &Operation, status: u16, header: &ResponseHeader) -> Difference {
    let name = &header.name.value;
    let line = describe_status(status);
    let message = format!(
        "{} is answered with {line} and without the header `{name}`",
        operation.name()
    );
    let expected = format!("the header `{name}`");
    let observed = format!("{line} without it");
    difference(
        header,
        &MISSING_RESPONSE_HEADER,
        message,
        expected,
        observed,
    )
}

/// What is wrong with the value: its type, or what the name stands for.
fn wrong(
    operation: &Operation,
    status: u16,
    header: &ResponseHeader,
    value: &str,
) -> Option<Difference> {
    let expected = contradicted(header, value)?;
    let name = &header.name.value;
    let message = format!(
        "{} is answered with `{name}: {value}`, and the pages say that it is {expected}",
        operation.name()
    );
    let observed = format!("`{value}` with {}", describe_status(status));
    Some(difference(
        header,
        &RESPONSE_HEADER_VALUE,
        message,
        expected,
        observed,
    ))
}

/// True if the value is one that the header is documented to hold.
pub fn holds(header: &ResponseHeader, value: &str) -> bool {
    contradicted(header, value).is_none()
}

/// What the header is to hold, if the value is not that.
fn contradicted(header: &ResponseHeader, value: &str) -> Option<String> {
    let name = header.name.value.to_ascii_lowercase();
    if name == "content-type" {
        return other_media_type(header, value);
    }
    if let Some(mismatch) = header
        .shape
        .as_ref()
        .and_then(|shape| mismatch(shape, value))
    {
        return Some(mismatch);
    }
    if let Some(stated) = absent_directive(header, value) {
        return Some(format!("`{stated}`"));
    }
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
        // https://www.rfc-editor.org/rfc/rfc9110#field.etag, where the page speaks of the quotes as well.
        "etag"
            if header.description.contains(['"', '“']) || header.description.contains("quote") =>
        {
            let tag = value.trim();
            let tag = tag.strip_prefix("W/").unwrap_or(tag);
            let is_quoted = tag.len() > 1 && tag.starts_with('"') && tag.ends_with('"');
            (!is_quoted).then(|| "a text in double quotes".to_owned())
        }
        _ if is_milliseconds(&header.description, value) => {
            Some("a Unix time in seconds".to_owned())
        }
        _ if is_count(&name, &header.description) && !is_number => Some("a number".to_owned()),
        // `100, 100;w=60` is how several limits are written.
        _ if is_rate && !value.trim().starts_with(|c: char| c.is_ascii_digit()) => {
            Some("a number".to_owned())
        }
        _ => None,
    }
}

/// What the pages write out for a header of directives that says how an answer is to be dealt with, if a value lacks one of
/// them: "`Cache-Control: no-store`". One with a number is taken for an example.
fn absent_directive<'h>(header: &'h ResponseHeader, value: &str) -> Option<&'h str> {
    const OF_DIRECTIVES: &[&str] = &[
        "access-control-allow-origin",
        "cache-control",
        "pragma",
        "referrer-policy",
        "vary",
        "x-content-type-options",
        "x-frame-options",
    ];
    let name = header.name.value.to_ascii_lowercase();
    let stated = header.shown.as_deref().filter(|it| {
        let is_fixed = !it.contains(|c: char| c.is_ascii_digit() || "<{…".contains(c));
        !header.is_optional && is_fixed && OF_DIRECTIVES.contains(&name.as_str())
    })?;
    let directives = |text: &str| {
        let parts = text.split(',').map(|it| it.trim().to_ascii_lowercase());
        parts.collect::<Vec<_>>()
    };
    let found = directives(value);
    let is_there = |it: &String| found.contains(it);
    (!directives(stated).iter().all(is_there)).then_some(stated)
}

/// The media type that the header is to state, if it states another one; parameters do not matter.
fn other_media_type(header: &ResponseHeader, value: &str) -> Option<String> {
    let constant = header.shape.as_ref()?.constraints.constant.as_ref()?;
    let wanted = constant.value.as_str()?;
    let stated = super::form::essence(value);
    (!stated.eq_ignore_ascii_case(wanted)).then(|| format!("`{wanted}`"))
}

/// True for a header that says how many things there are.
fn is_count(name: &str, description: &str) -> bool {
    let is_named = ["total", "count"].iter().any(|word| name.contains(word));
    let description = description.to_lowercase();
    is_named
        && ["number of", "how many", "count of"]
            .iter()
            .any(|words| description.contains(words))
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

/// True for a number of milliseconds where the text speaks of Unix time in seconds.
fn is_milliseconds(description: &str, value: &str) -> bool {
    /// Seconds of the year 5138.
    const SECONDS: u64 = 100_000_000_000;
    let text = description.to_ascii_lowercase();
    let is_unix = ["unix", "epoch"].iter().any(|word| text.contains(word));
    let is_seconds = text.contains("second") && !text.contains("millisecond");
    is_unix && is_seconds && value.trim().parse().is_ok_and(|it: u64| it >= SECONDS)
}

#[cfg(test)]
mod tests {
    use crate::source::load::Site;

    use super::*;

    #[test]
    fn directives_that_are_written_out_are_promised() {
        let page = "---\ntitle: Basics\n---\n\nAll answers carry `Cache-Control: no-store`.\n";
        let site = Site::from_files([("basics.mdx", page)]);
        let headers = crate::model::read(&site).api.shared.headers;
        let header = headers.first().unwrap();
        assert_eq!(
            absent_directive(header, "private, max-age=60"),
            Some("no-store")
        );
        assert_eq!(absent_directive(header, "No-Store, max-age=0"), None);
        let numbered = ResponseHeader {
            shown: Some("max-age=60".to_owned()),
            ..header.clone()
        };
        assert_eq!(absent_directive(&numbered, "max-age=30"), None);
    }
}
