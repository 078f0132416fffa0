//! The requests that the pages of an operation show, as the mock would receive them.

use std::fmt::Write as _;

use http::header::{ACCEPT, CONTENT_TYPE, HeaderName, HeaderValue};

use serde_json::{Value, json};

use crate::model::curl::{Body, Curl, Pair, PartValue};
use crate::model::route::{Router, Template};
use crate::model::{Operation, endpoint};

use super::form;
use super::message::Request;
use super::routes::Captured;

/// What stands between the parts of a form that is written by the mock.
pub(super) const BOUNDARY: &str = "part-of-a-shown-form";

/// What a curl command sends, and the values of its path parameters; `None` if a file beside the page is sent.
pub(super) fn request(operation: &Operation, curl: &Curl) -> Option<(Request, Captured)> {
    let url = curl.url.as_ref()?;
    let mut request = Request {
        method: curl.method.value.parse().ok()?,
        uri: format!("/?{}", query(&url.query)).parse().ok()?,
        ..Request::default()
    };
    for header in &curl.headers {
        let name = header.name.value.parse::<HeaderName>();
        let value = HeaderValue::from_bytes(header.value.value.as_bytes());
        if let (Ok(name), Ok(value)) = (name, value) {
            request.headers.append(name, value);
        }
    }
    let mut content_type = curl.content_type().map(str::to_owned);
    match &curl.body {
        None => {}
        Some(Body::Raw(text) | Body::Form(text, _)) => {
            request.body = text.text().to_owned().into();
        }
        Some(Body::Multipart(parts)) => {
            let mut body = String::new();
            for part in parts {
                let (file, value) = match &part.value {
                    PartValue::Text(text) => ("", text.value.as_str()),
                    PartValue::File(_) => ("; filename=\"file\"", ""),
                };
                let name = &part.name.value;
                let _ = write!(
                    body,
                    "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{value}\r\n"
                );
            }
            let _ = write!(body, "--{BOUNDARY}--\r\n");
            content_type = Some(format!("multipart/form-data; boundary={BOUNDARY}"));
            request.body = body.into();
        }
        Some(Body::File(_) | Body::Upload(_)) => return None,
    }
    if let Some(value) = content_type.and_then(|it| HeaderValue::from_str(&it).ok()) {
        request.headers.insert(CONTENT_TYPE, value);
    }
    Some((request, captured(operation, url.text.text())))
}

/// True if a request is what a command of the pages sends: the same method, query, and body, and each of its headers,
/// with any value.
///
/// Other things of the same kind may be asked for by the path, but a value of the path that `is_at_fault` has to be the
/// one that the command shows.
pub(super) fn is(
    operation: &Operation,
    request: &Request,
    captured: &Captured,
    is_at_fault: impl Fn(&str) -> bool,
) -> bool {
    let faulty = captured.iter().filter(|(name, _)| is_at_fault(name));
    let faulty: Vec<_> = faulty.collect();
    if faulty.is_empty() && is_shown_body(operation, request) {
        return true;
    }
    let examples = operation.request_examples.iter();
    let curls = examples.filter_map(|example| example.curl.as_ref());
    let mut shown = curls.filter_map(|curl| self::request(operation, curl));
    shown.any(|(shown, own)| {
        is_same(&shown, request)
            && has_headers(request, &shown)
            && faulty.iter().all(|value| own.contains(value))
    })
}

/// True for a request without a query whose body stands on the page by itself, as JSON.
fn is_shown_body(operation: &Operation, request: &Request) -> bool {
    let examples = operation.request_examples.iter();
    let mut bodies = examples.filter(|example| {
        let text = example.text.text().trim_start();
        example.curl.is_none() && example.call.is_none() && text.starts_with(['{', '['])
    });
    let sent = || serde_json::from_slice::<Value>(&request.body).ok();
    request.query().is_empty()
        && bodies.any(|example| {
            let shown = serde_json::from_str::<Value>(example.text.text()).ok();
            shown.is_some() && shown == sent()
        })
}

fn has_headers(request: &Request, shown: &Request) -> bool {
    // What is sent and taken is no part of what the operation asks for.
    let says_nothing = |name: &HeaderName| *name == CONTENT_TYPE || *name == ACCEPT;
    let mut names = shown.headers.keys().filter(|name| !says_nothing(name));
    names.all(|name| request.headers.contains_key(name))
}

fn is_same(one: &Request, other: &Request) -> bool {
    let query = |request: &Request| {
        let mut pairs = form::pairs(request.query());
        pairs.sort();
        pairs
    };
    one.method == other.method
        && query(one) == query(other)
        && (one.body == other.body || content(one).is_some_and(|it| Some(it) == content(other)))
}

/// What a body says, however it is written: JSON, or the parts of a form.
fn content(request: &Request) -> Option<Value> {
    if let Ok(value) = serde_json::from_slice(&request.body) {
        return Some(value);
    }
    let content_type = request.header(CONTENT_TYPE)?;
    let mut parts = form::parts(&content_type, &request.body)?;
    parts.sort();
    Some(json!(parts))
}

/// The values of path parameters in a URL.
pub(super) fn captured(operation: &Operation, url: &str) -> Captured {
    let (_, path) = endpoint::split_server(url);
    let mut router = Router::new();
    let own = operation.endpoint.value.path.as_str();
    let joined = operation.joined_path();
    if !joined.contains(['{', ':']) {
        return Captured::new();
    }
    for template in [joined.as_str(), own] {
        router.insert(Template::parse(template), ());
    }
    let found = router.find(path).into_iter().next();
    let found = found.map_or_else(Vec::new, |found| found.parameters);
    found
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

fn query(pairs: &[Pair]) -> String {
    let pairs = pairs.iter().map(|pair| {
        let value = pair.value.as_ref().map_or("", |value| &value.value);
        (pair.name.value.clone(), value.to_owned())
    });
    form::to_query(&pairs.collect::<Vec<_>>())
}
