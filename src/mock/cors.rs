//! What browsers ask before they let a page read an answer.
//!
//! Any origin is welcome, with credentials: a mock guards nothing. The origin is echoed and not `*`, as browsers refuse
//! `*` together with credentials.
//!
//! <https://fetch.spec.whatwg.org/#http-cors-protocol>

use super::message::{Reply, Request};

/// The headers of the mock's own that a page may read, beside those of the documented answers.
const EXPOSED: &str = "Mock-Source, Mock-Reason, Mock-Repaired, Mock-Violations, Preference-Applied, Allow, \
    WWW-Authenticate, Location";

/// True for the question that a browser asks before the real request.
pub(super) fn is_preflight(request: &Request) -> bool {
    request.method == "OPTIONS"
        && request.header("origin").is_some()
        && request.header("access-control-request-method").is_some()
}

/// The answer to a preflight; `allow` names the methods of the path.
pub(super) fn preflight(request: &Request, allow: &str) -> Reply {
    let mut reply = Reply::empty(204);
    let asked = request
        .header("access-control-request-method")
        .unwrap_or_default();
    let is_listed = allow.split(", ").any(|method| method == asked);
    let methods = if is_listed || asked.is_empty() {
        allow.to_owned()
    } else {
        format!("{allow}, {asked}")
    };
    // The browser may read a 405 or 404 with its explanation only if the question is answered with yes.
    reply.set("Access-Control-Allow-Methods", &methods);
    if let Some(headers) = request.header("access-control-request-headers") {
        reply.set("Access-Control-Allow-Headers", headers);
    }
    if request.header("access-control-request-private-network") == Some("true") {
        reply.set("Access-Control-Allow-Private-Network", "true");
    }
    reply.set("Access-Control-Max-Age", "600");
    reply.vary.push("Access-Control-Request-Method");
    reply.vary.push("Access-Control-Request-Headers");
    reply
}

/// Lets the page that asks read the answer.
pub(super) fn allow(request: &Request, reply: &mut Reply) {
    reply.vary.push("Origin");
    if let Some(origin) = request.header("origin") {
        reply.set("Access-Control-Allow-Origin", origin);
        reply.set("Access-Control-Allow-Credentials", "true");
        if !is_preflight(request) {
            reply.set("Access-Control-Expose-Headers", EXPOSED);
        }
    }
}
