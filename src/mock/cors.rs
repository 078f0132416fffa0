//! What browsers ask before they let a page read an answer.
//!
//! Any origin is welcome, with credentials: a mock guards nothing. The origin is echoed and not `*`, as browsers refuse
//! `*` together with credentials.
//!
//! <https://fetch.spec.whatwg.org/#http-cors-protocol>

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, HeaderName, HeaderValue, ORIGIN,
    VARY,
};
use http::{Method, StatusCode};

use super::message::{Reply, Request, header_value};

/// The headers that a page may read, beside those that it always may.
const EXPOSED: HeaderValue = HeaderValue::from_static(
    "Mock-Source, Mock-Reason, Mock-Repaired, Mock-Violations, Mock-Violation, Mock-Fault, Mock-State, Mock-Fallback, Mock-Ignored, \
     Preference-Applied, Deprecation, ETag, Allow, Accept, WWW-Authenticate, Location, Retry-After",
);

const REQUEST_PRIVATE_NETWORK: HeaderName =
    HeaderName::from_static("access-control-request-private-network");
const ALLOW_PRIVATE_NETWORK: HeaderName =
    HeaderName::from_static("access-control-allow-private-network");

/// The same with headers that a page documents.
pub(super) fn exposed_with(names: &[String]) -> HeaderValue {
    let known = EXPOSED;
    let known = known.to_str().unwrap_or_default();
    let lower = known.to_ascii_lowercase();
    let new = names.iter().filter(|name| !lower.contains(name.as_str()));
    let all: Vec<&str> = std::iter::once(known)
        .chain(new.map(String::as_str))
        .collect();
    header_value(&all.join(", "))
}

/// True for the question that a browser asks before the real request.
pub(super) fn is_preflight(request: &Request) -> bool {
    request.method == Method::OPTIONS
        && request.headers.contains_key(ORIGIN)
        && request.headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}

/// The answer to a preflight; `allow` names the methods of the path.
pub(super) fn preflight(request: &Request, allow: &str) -> Reply {
    let mut reply = Reply::empty(StatusCode::NO_CONTENT);
    let asked = request.header(ACCESS_CONTROL_REQUEST_METHOD);
    let asked = asked.unwrap_or_default();
    let is_listed = allow.split(", ").any(|method| method == asked);
    // The browser may read a 405 or 404 with its explanation only if the question is answered with yes.
    if is_listed || asked.is_empty() {
        reply.set(ACCESS_CONTROL_ALLOW_METHODS, allow);
    } else {
        reply.set(ACCESS_CONTROL_ALLOW_METHODS, &format!("{allow}, {asked}"));
    }
    if let Some(headers) = readable(request, ACCESS_CONTROL_REQUEST_HEADERS) {
        reply
            .headers
            .insert(ACCESS_CONTROL_ALLOW_HEADERS, headers.clone());
    }
    if request.header(REQUEST_PRIVATE_NETWORK).as_deref() == Some("true") {
        reply.set(ALLOW_PRIVATE_NETWORK, "true");
    }
    reply.set(ACCESS_CONTROL_MAX_AGE, "600");
    reply.set(
        VARY,
        "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
    );
    reply
}

/// Lets the page that asks read the answer.
pub(super) fn allow(request: &Request, reply: &mut Reply) {
    if !reply.headers.contains_key(VARY) {
        reply
            .headers
            .insert(VARY, HeaderValue::from_static("Origin"));
    }
    if let Some(origin) = readable(request, ORIGIN) {
        let headers = &mut reply.headers;
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        headers.insert(
            ACCESS_CONTROL_ALLOW_CREDENTIALS,
            HeaderValue::from_static("true"),
        );
        if !is_preflight(request) {
            let known = headers.entry(ACCESS_CONTROL_EXPOSE_HEADERS);
            known.or_insert(EXPOSED);
        }
    }
}

/// A header that is sent back; what is no text comes from no browser.
fn readable(request: &Request, name: HeaderName) -> Option<&HeaderValue> {
    let value = request.headers.get(name);
    value.filter(|value| value.to_str().is_ok())
}
