//! Requests to the mock of the sample site, with and without a memory: each has an answer that HTTP allows.

use std::sync::LazyLock;

use fieldproof::mock::{Mock, Options, Reply, Request, State, reply};
use fieldproof::model;
use http::{HeaderMap, HeaderName, HeaderValue};

use super::http::{Message, messages};
use super::sample;

static SAMPLE: LazyLock<Mock> = LazyLock::new(|| {
    let site = sample::site();
    Mock::new(&model::read(&site), &site.sources, Options::default())
});

pub(crate) fn hold(text: &str) {
    let mut state = State::new(&SAMPLE);
    for (serial, message) in messages(text).iter().enumerate() {
        let Some(request) = request(message, serial as u64) else {
            continue;
        };
        let answer = reply(&SAMPLE, &request);
        is_right(&request, &answer);
        // The sample site documents no failure of the server.
        assert!(answer.status.as_u16() < 500, "{}", answer.status);
        let again = reply(&SAMPLE, &request);
        assert_eq!(answer.headers, again.headers);
        assert_eq!(answer.body, again.body);
        is_right(&request, &state.apply(&SAMPLE, &request, 1_800_000_000_000));
    }
}

/// A message as a request, unless no request line can hold what its first line says.
fn request(message: &Message<'_>, serial: u64) -> Option<Request> {
    let (method, target) = message.first.split_once(' ')?;
    let mut headers = HeaderMap::new();
    for (name, value) in &message.headers {
        let name = HeaderName::from_bytes(name.as_bytes());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_bytes(value.as_bytes())) {
            headers.append(name, value);
        }
    }
    Some(Request {
        method: method.parse().ok()?,
        uri: target.parse().ok()?,
        headers,
        body: message.body.as_bytes().to_vec().into(),
        serial,
    })
}

/// What is true of every answer.
pub(crate) fn is_right(request: &Request, reply: &Reply) {
    let code = reply.status.as_u16();
    assert!((200..600).contains(&code), "{code}");
    for (name, value) in &reply.headers {
        assert!(value.to_str().is_ok(), "{name}: {value:?}");
    }
    let is_bodiless = matches!(code, 204 | 205 | 304);
    assert!(!is_bodiless || reply.body.is_empty(), "{code} has a body");
    if let Some(length) = reply.header("content-length")
        && request.method != http::Method::HEAD
    {
        assert_eq!(length, reply.body.len().to_string());
    }
    if reply.header("content-type") == Some("application/problem+json")
        && reply.header("content-encoding").is_none()
        && !reply.body.is_empty()
    {
        let problem = serde_json::from_slice::<serde_json::Value>(&reply.body);
        let status = problem.as_ref().map(|it| it["status"].as_u64()).ok();
        assert_eq!(status, Some(Some(code.into())), "{problem:?}");
    }
}
