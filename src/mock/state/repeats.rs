//! Requests that are sent again: with the same `Idempotency-Key` nothing happens a second time.
//!
//! This is done where a page documents the header, after draft-ietf-httpapi-idempotency-key-header: the same request is
//! answered as the first time, and another one with the key of an earlier one is refused.

use std::sync::Arc;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, ETAG, HeaderName, HeaderValue, LOCATION};
use http::{HeaderMap, Method, StatusCode};
use serde_json::{Value, json};

use super::{MOST, State, refuse};
use crate::mock::answer::Answer;
use crate::mock::message::{Reply, Request};
use crate::mock::problem::Problem;
use crate::mock::routes::Captured;
use crate::mock::{Served, header, words};
use crate::model::Location;

/// Longer bodies are not kept to be sent again.
const LONGEST: usize = 64 * 1024;

/// The headers that belong to the first answer.
const KEPT: [HeaderName; 3] = [CONTENT_TYPE, ETAG, LOCATION];

/// What is said of a key that was sent with another request before.
const REUSED: &str = "idempotency-key-reused";

/// The operation, the path, and the key.
pub(super) type Asked = (String, Vec<String>);

/// What was answered to the first request with a key.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Answered {
    /// The hash of the body that was sent.
    sent: u64,
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

/// What a request asks for by its key, if its page documents one and the request is not idempotent by itself.
pub(super) fn asked(served: &Served, request: &Request) -> Option<Asked> {
    if !matches!(request.method, Method::POST | Method::PATCH) {
        return None;
    }
    let mut parameters = served.operation.parameters.iter();
    let name = parameters.find_map(|it| {
        let name = it.field.name.value.as_str();
        (it.location == Location::Header && is_key(name)).then_some(name)
    })?;
    let key = request.headers.get(name)?.to_str().ok()?;
    Some((
        served.name.to_string(),
        vec![request.path().to_owned(), key.to_owned()],
    ))
}

fn is_key(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.trim_start_matches("x-") == "idempotency-key"
}

impl State {
    /// Answers a request whose key was sent before; false if it was not.
    pub(super) fn repeat(
        &self,
        asked: &Asked,
        operation: (&Served, &Captured),
        request: &Request,
        reply: &mut Reply,
    ) -> bool {
        let Some(first) = self.answered.get(asked) else {
            return false;
        };
        if first.sent == hash(request) {
            first.put(reply);
            reply.reason = Some("this key was sent before, with the same request".into());
        } else {
            refuse_other(operation, reply);
        }
        true
    }

    /// Keeps what was answered to the first request with a key.
    pub(super) fn keep_answer(&mut self, asked: Asked, request: &Request, reply: &Reply) {
        let body = std::str::from_utf8(&reply.body).ok();
        let Some(body) = body.filter(|body| body.len() <= LONGEST) else {
            return;
        };
        if !reply.status.is_success() || self.answered.len() >= MOST {
            return;
        }
        let headers = KEPT.into_iter().filter_map(|name| {
            let value = reply.headers.get(&name)?.clone();
            Some((name, value))
        });
        let answered = Answered {
            sent: hash(request),
            status: reply.status,
            headers: headers.collect(),
            body: body.to_owned(),
        };
        self.answered.insert(asked, Arc::new(answered));
    }
}

/// What tells one body from another; the order of the members of a JSON object does not.
fn hash(request: &Request) -> u64 {
    match serde_json::from_slice(&request.body) {
        Ok(body) => hash_value(words::SEED, &body),
        Err(_) => words::hash_bytes(words::SEED, &request.body),
    }
}

fn hash_value(seed: u64, value: &Value) -> u64 {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_unstable_by_key(|(name, _)| *name);
            let members = members.into_iter();
            let hash = members.fold(words::hash(seed, "{"), |hash, (name, value)| {
                hash_value(words::hash(hash, name), value)
            });
            words::hash(hash, "}")
        }
        Value::Array(items) => {
            let items = items.iter();
            let hash = items.fold(words::hash(seed, "["), hash_value);
            words::hash(hash, "]")
        }
        plain => words::hash(seed, &plain.to_string()),
    }
}

/// True for an error that names the key: `idempotency_conflict`, "This idempotency key was used with another body.", and
/// does not miss it.
fn speaks_of_key(body: &Value) -> bool {
    let text = words::folded(&body.to_string());
    text.contains("idempoten") && !["required", "missing"].iter().any(|it| text.contains(it))
}

impl Answered {
    fn put(&self, reply: &mut Reply) {
        reply.status = self.status;
        for name in KEPT {
            reply.headers.remove(name);
        }
        reply.headers.remove(header::REPAIRED);
        reply.headers.extend(self.headers.clone());
        reply.encodings = None;
        reply.pieces = None;
        reply.set_body(Bytes::from(self.body.clone()));
    }

    pub(super) fn written(&self) -> String {
        let headers = self.headers.iter().filter_map(|(name, value)| {
            let value = value.to_str().ok()?;
            Some((name.to_string(), Value::from(value)))
        });
        let headers: serde_json::Map<String, Value> = headers.collect();
        json!({
            "sent": self.sent,
            "status": self.status.as_u16(),
            "headers": headers,
            "body": self.body,
        })
        .to_string()
    }

    pub(super) fn read(text: &str) -> Option<Self> {
        let value: Value = serde_json::from_str(text).ok()?;
        let status = u16::try_from(value.get("status")?.as_u64()?).ok()?;
        let headers = value.get("headers")?.as_object()?.iter();
        let headers = headers.filter_map(|(name, value)| {
            let name = HeaderName::try_from(name).ok()?;
            Some((name, HeaderValue::from_str(value.as_str()?).ok()?))
        });
        Some(Self {
            sent: value.get("sent")?.as_u64()?,
            status: StatusCode::from_u16(status).ok()?,
            headers: headers.collect(),
            body: value.get("body")?.as_str()?.to_owned(),
        })
    }
}

/// The key is that of another request: the documented error that speaks of the key, else the `409`, else problem details.
///
/// A documented `422` that does not speak of the key is about something else, and would send its reader the wrong way.
/// The draft asks for `422`; where a page says nothing, `409` tells it apart from values that are wrong.
fn refuse_other(operation: (&Served, &Captured), reply: &mut Reply) {
    let errors = |statuses: &'static [u16]| {
        statuses.iter().flat_map(move |status| {
            let answers = operation.0.answers.iter();
            answers.filter(|it| it.is_of(*status) && it.has_body())
        })
    };
    let is_speaking = |answer: &&Answer| answer.json().is_some_and(|it| speaks_of_key(&it));
    let speaking = errors(&[409, 422, 400]).find(is_speaking);
    let documented = speaking.or_else(|| errors(&[409]).next());
    let problem = || {
        let detail = "another request was sent with this key before";
        Problem::new(409, REUSED, detail.to_owned())
    };
    refuse(operation, documented.ok_or_else(problem), reply);
    let reason = HeaderValue::from_static(REUSED);
    reply.headers.insert(header::REASON, reason);
    reply.reason = Some("this key was sent before, with another request".into());
}
