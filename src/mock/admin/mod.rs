//! The paths below `/__fieldproof`, where a mock tells about itself.
//!
//! ```text
//! GET    /__fieldproof/               a page to look at all this
//! GET    /__fieldproof/health         the process answers
//! GET    /__fieldproof/ready          it serves operations
//! GET    /__fieldproof/operations     what is served, and a request to try for each
//! GET    /__fieldproof/requests       the journal, the newest request first
//! DELETE /__fieldproof/requests       forgets it
//! POST   /__fieldproof/reset          makes the world what the pages show, and begins answers in turn again
//! GET    /__fieldproof/drift          in which ways the server behind the mock is not as documented
//! DELETE /__fieldproof/drift          forgets them
//! GET    /__fieldproof/metrics        counts, for Prometheus
//! GET    /__fieldproof/openapi.json   what is served, as OpenAPI
//! ```

mod guard;
mod served;

use std::net::IpAddr;

use bytes::Bytes;
use http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, LOCATION,
    WWW_AUTHENTICATE,
};
use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::journal::{Journal, Selection};
use super::message::{Reply, Request};
use super::metrics::{self, Metrics};
use super::problem::Problem;
use super::{Drifts, Mock, Sequences, State, encode};

const PAGE: &str = include_str!("page/index.html");
const STYLE: &str = include_str!("page/page.css");
const SCRIPT: &str = include_str!("page/page.js");

/// Where the paths start.
pub(super) const PREFIX: &str = "/__fieldproof";

/// What is written down of each request.
#[derive(Debug, Default)]
pub struct Record {
    /// The last requests.
    pub journal: Journal,
    /// Counts since the start.
    pub metrics: Metrics,
}

/// What the paths tell about.
pub(super) struct Desk<'d> {
    pub(super) mock: &'d Mock,
    /// What is written down of requests, if anything is.
    pub(super) record: Option<&'d mut Record>,
    /// What requests changed, if that is kept.
    pub(super) state: Option<&'d mut State>,
    /// Whose turn it is, where answers come one after another.
    pub(super) sequences: Option<&'d mut Sequences>,
    /// In which ways the server behind the mock drifts, if there is one.
    pub(super) drifts: Option<&'d mut Drifts>,
    /// The description of what is served, if the request is for that: the text, or why there is none.
    pub(super) description: Option<Result<String, String>>,
}

/// True for a path below the prefix.
pub(super) fn is_admin(path: &str) -> bool {
    path.strip_prefix(PREFIX)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// True if the answer needs the description of what is served.
pub(super) fn needs_description(request: &Request) -> bool {
    request.path() == "/__fieldproof/openapi.json"
}

/// True for a request that makes the world what the pages show.
pub(super) fn is_reset(request: &Request) -> bool {
    name(request) == "/reset" && request.method == Method::POST
}

/// True for the question whether the mock can serve.
pub(super) fn is_ready(request: &Request) -> bool {
    name(request) == "/ready"
}

/// The answer where the world is kept elsewhere: it is as the pages show, or not there.
pub(super) fn has_reset(request: &Request, outcome: Result<(), Problem>) -> Reply {
    let done = |()| Reply::empty(StatusCode::NO_CONTENT);
    let reply = outcome.map_or_else(Problem::reply, done);
    sealed(request, reply)
}

/// The answer to a request that may not use the admin paths.
pub(super) fn refused(request: &Request, peer: IpAddr, token: Option<&str>) -> Option<Reply> {
    // Whoever balances loads asks for the first two. The files of the page tell nothing, and ask for the token where
    // there is one.
    let is_file = matches!(name(request), "" | "/" | "/page.css" | "/page.js");
    if matches!(name(request), "/health" | "/ready") || is_file && token.is_some() {
        return None;
    }
    let mut reply = guard::refusal(request, peer, token)?.reply();
    if reply.status == StatusCode::UNAUTHORIZED {
        reply.set(WWW_AUTHENTICATE, "Bearer");
    }
    Some(sealed(request, reply))
}

/// Answers a request for an admin path.
pub(super) fn reply(desk: Desk<'_>, request: &Request) -> Reply {
    sealed(request, answer(desk, name(request), request))
}

fn name(request: &Request) -> &str {
    request.path().get(PREFIX.len()..).unwrap_or_default()
}

fn sealed(request: &Request, mut reply: Reply) -> Reply {
    let no_store = HeaderValue::from_static("no-store");
    reply.headers.insert(CACHE_CONTROL, no_store);
    encode::encode(request, &mut reply);
    if request.method == Method::HEAD {
        reply.body.clear();
    }
    reply
}

fn answer(desk: Desk<'_>, name: &str, request: &Request) -> Reply {
    let methods: &[Method] = match name {
        "/requests" | "/drift" => &[Method::GET, Method::HEAD, Method::DELETE],
        "/reset" => &[Method::POST],
        _ => &[Method::GET, Method::HEAD],
    };
    if !methods.contains(&request.method) {
        let allow: Vec<_> = methods.iter().map(Method::as_str).collect();
        let detail = format!("{} is none of {}", request.method, allow.join(", "));
        let mut reply = Problem::new(405, "method-not-known", detail).reply();
        reply.set(ALLOW, &allow.join(", "));
        return reply;
    }
    match name {
        "" => moved(),
        "/" => page(),
        "/page.css" => text("text/css; charset=utf-8", STYLE),
        "/page.js" => text("text/javascript; charset=utf-8", SCRIPT),
        "/operations" => json(&served::operations(desk.mock)),
        "/reset" => reset(desk),
        "/health" => json(&json!({ "status": "ok" })),
        "/ready" => json(&json!({ "status": "ready", "operations": desk.mock.routes().len() })),
        "/requests" => requests(desk, request),
        "/drift" => drift(desk, request),
        "/metrics" => match desk.record {
            Some(record) => text(
                metrics::MEDIA_TYPE,
                record.metrics.to_text(desk.mock.routes().len()),
            ),
            None => not_recorded(),
        },
        "/openapi.json" => match desk.description {
            Some(Ok(description)) => text("application/json", description),
            Some(Err(reason)) => Problem::new(503, "no-description", reason).reply(),
            None => Problem::new(404, "no-description", "nothing describes this mock").reply(),
        },
        _ => {
            let detail = format!(
                "`{PREFIX}{name}` is not known; below `{PREFIX}` there are health, ready, operations, requests, drift, reset, metrics, openapi.json, and a page"
            );
            Problem::new(404, "path-not-known", detail).reply()
        }
    }
}

fn moved() -> Reply {
    let mut reply = Reply::empty(StatusCode::PERMANENT_REDIRECT);
    reply.set(LOCATION, "/__fieldproof/");
    reply
}

/// The page; it loads nothing from anywhere else, and no other site may frame it.
fn page() -> Reply {
    let mut reply = text("text/html; charset=utf-8", PAGE);
    let policy = "default-src 'self'; img-src data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
    reply.set(CONTENT_SECURITY_POLICY, policy);
    reply
}

fn reset(desk: Desk<'_>) -> Reply {
    if desk.state.is_some() || desk.sequences.is_some() {
        if let Some(state) = desk.state {
            state.reset();
        }
        if let Some(sequences) = desk.sequences {
            sequences.reset();
        }
        return Reply::empty(StatusCode::NO_CONTENT);
    }
    let detail = "nothing is kept: start the mock with `--stateful`";
    Problem::new(404, "no-state", detail).reply()
}

fn requests(desk: Desk<'_>, request: &Request) -> Reply {
    let Some(record) = desk.record else {
        return not_recorded();
    };
    if request.method == Method::DELETE {
        record.journal.clear();
        return Reply::empty(StatusCode::NO_CONTENT);
    }
    match Selection::of(request.query()) {
        Ok(selection) => json(&record.journal.to_json(&selection)),
        Err(fault) => Problem::new(400, "unknown-selection", fault).reply(),
    }
}

fn drift(desk: Desk<'_>, request: &Request) -> Reply {
    let Some(drifts) = desk.drifts else {
        let detail = "no requests are passed on: start the mock with `--upstream URL`";
        return Problem::new(404, "no-upstream", detail).reply();
    };
    if request.method == Method::DELETE {
        drifts.clear();
        return Reply::empty(StatusCode::NO_CONTENT);
    }
    json(&drifts.to_json())
}

fn not_recorded() -> Reply {
    let detail =
        "requests are not written down: start the mock without `-q`, or with `--journal COUNT`";
    Problem::new(404, "no-journal", detail).reply()
}

fn json(value: &Value) -> Reply {
    text("application/json", format!("{value:#}\n"))
}

fn text(media_type: &'static str, text: impl Into<Bytes>) -> Reply {
    let mut reply = Reply::empty(StatusCode::OK);
    let media_type = HeaderValue::from_static(media_type);
    reply.headers.insert(CONTENT_TYPE, media_type);
    reply.set_body(text.into());
    reply
}

#[cfg(test)]
mod tests;
