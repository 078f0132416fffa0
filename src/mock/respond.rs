//! From a request to its answer.

use std::sync::Arc;

use serde_json::{Value, json};

use super::answer::{Content, NOTHING};
use super::message::{Reply, Request};
use super::prefer::Preferences;
use super::problem::Problem;
use super::routes::Lookup;
use super::select::Choice;
use super::validate::{self, Unreadable, Violation};
use super::{Mock, Served, Validation, cors, credentials, generate, select};

/// Answers a request as the documentation says.
pub fn reply(mock: &Mock, request: &Request) -> Reply {
    let mut reply = routed(mock, request);
    finish(request, &mut reply);
    reply
}

/// The answer to a request whose body is larger than `limit` bytes.
pub(super) fn too_large(request: &Request, limit: u64) -> Reply {
    let detail = format!("the body is larger than {limit} bytes, the limit of this mock");
    refused(request, Problem::new(413, "body-too-large", detail))
}

/// The answer to a request whose body did not arrive.
pub(super) fn too_slow(request: &Request) -> Reply {
    let detail = "the body did not arrive in time";
    refused(request, Problem::new(408, "body-too-slow", detail))
}

fn refused(request: &Request, problem: Problem) -> Reply {
    let mut reply = problem.reply();
    reply.set("Connection", "close");
    finish(request, &mut reply);
    reply
}

/// What all answers have in common.
fn finish(request: &Request, reply: &mut Reply) {
    cors::allow(request, reply);
    let vary = reply.vary.join(", ");
    reply.set("Vary", &vary);
    if reply.is_bodiless() {
        reply.headers.retain(|(name, _)| *name != "Content-Type");
        reply.body = Arc::from([]);
    } else {
        let length = reply.body.len().to_string();
        reply.set("Content-Length", &length);
    }
    if request.method == "HEAD" {
        reply.body = Arc::from([]);
    }
}

fn routed(mock: &Mock, request: &Request) -> Reply {
    let path = request.path();
    if cors::is_preflight(request) {
        return cors::preflight(request, &mock.routes.allow(path));
    }
    if request.method == "OPTIONS" && request.target == "*" {
        return allowed(&mock.routes.allow(path), 204);
    }
    match mock.routes.find(&request.method, path, request.host()) {
        Lookup::Operation { index, captured } => match mock.operations.get(index) {
            Some(served) => of_operation(mock, served, request, &captured),
            None => unknown(mock, request),
        },
        Lookup::OtherMethods { index } => other_method(mock, index, request),
        Lookup::Unknown => unknown(mock, request),
    }
}

fn allowed(allow: &str, status: u16) -> Reply {
    let mut reply = Reply::empty(status);
    reply.set("Allow", allow);
    reply
}

fn other_method(mock: &Mock, index: usize, request: &Request) -> Reply {
    let allow = mock.routes.allow(request.path());
    let source = mock.operations.get(index).map(|it| it.source(&mock.places));
    let mut reply = if request.method == "OPTIONS" {
        allowed(&allow, 204)
    } else {
        let detail = format!(
            "{} is not documented for `{}`, which answers {allow}",
            request.method,
            request.path()
        );
        let problem = Problem::new(405, "method-not-documented", detail);
        let mut reply = problem.with("allow", json!(allow)).reply();
        reply.set("Allow", &allow);
        reply
    };
    if let Some(source) = source {
        reply.set("Mock-Source", &source);
    }
    reply
}

/// No page documents the path.
fn unknown(mock: &Mock, request: &Request) -> Reply {
    let nearest = mock.routes.nearest(&request.method, request.path());
    let nearest: Vec<_> = nearest
        .into_iter()
        .filter_map(|index| mock.operations.get(index))
        .collect();
    let hint = match nearest.first() {
        Some(served) => format!(
            "; the nearest is {} {} ({})",
            served.operation.endpoint.value.method,
            served.operation.joined_path(),
            served.source(&mock.places)
        ),
        None => ", and no other path either".to_owned(),
    };
    let detail = format!("no page documents `{}`{hint}", request.path());
    let list = nearest.iter().map(|served| {
        let span = served.operation.endpoint.evidence.span;
        json!({
            "method": served.operation.endpoint.value.method,
            "path": served.operation.joined_path(),
            "source": mock.places.of(span).to_json(),
        })
    });
    Problem::new(404, "path-not-documented", detail)
        .with("nearest", list.collect())
        .reply()
}

fn of_operation(
    mock: &Mock,
    served: &Served,
    request: &Request,
    captured: &[(String, String)],
) -> Reply {
    let preferences = Preferences::of(request);
    // Who asks for an error gets it, and need not make one.
    let is_judged = mock.options.validation != Validation::Off && !preferences.asks_for_error();
    let rejection = is_judged
        .then(|| judge(mock, served, request, captured))
        .flatten();
    let mut reply = match rejection {
        Some(rejection) if mock.options.validation == Validation::Strict => rejection.reply,
        rejection => {
            let mut reply = answered(mock, served, &preferences, captured);
            if let Some(rejection) = rejection {
                reply.set("Mock-Violations", &rejection.count.to_string());
                reply.reason = rejection.reply.reason;
            }
            reply
        }
    };
    if reply.header("Mock-Source").is_none() {
        reply.set("Mock-Source", &served.source(&mock.places));
    }
    reply.vary.push("Prefer");
    reply.operation = Some(served.operation.name());
    reply
}

/// The answer to a request that is not as documented.
struct Rejection {
    reply: Reply,
    /// How many things are wrong with the request.
    count: usize,
}

fn judge(
    mock: &Mock,
    served: &Served,
    request: &Request,
    captured: &[(String, String)],
) -> Option<Rejection> {
    let Served {
        operation,
        accepted,
        ..
    } = served;
    if let Some((scheme, evidence)) = credentials::missing(operation, request) {
        let source = mock.places.of(evidence.span);
        let detail = format!(
            "the request carries no credentials: {} is documented ({source})",
            credentials::describe(scheme)
        );
        let problem = Problem::new(401, "missing-credentials", detail);
        let mut reply = problem.with("source", source.to_json()).reply();
        reply.set("Mock-Source", &source.to_string());
        reply.set("WWW-Authenticate", &credentials::challenge(scheme));
        return Some(Rejection { reply, count: 1 });
    }
    match validate::violations(operation, accepted, request, captured, &mock.places) {
        Ok(violations) if violations.is_empty() => None,
        Ok(violations) => Some(Rejection {
            reply: rejected(&violations),
            count: violations.len(),
        }),
        Err(Unreadable::Syntax(problem)) => Some(Rejection {
            reply: problem.reply(),
            count: 1,
        }),
        Err(Unreadable::MediaType(problem)) => {
            let mut reply = problem.reply();
            reply.set("Accept", &accepted.header());
            Some(Rejection { reply, count: 1 })
        }
    }
}

/// How many violations the sentence of a problem names; all of them are in its list.
const NAMED: usize = 3;

fn rejected(violations: &[Violation]) -> Reply {
    let named: Vec<_> = violations
        .iter()
        .take(NAMED)
        .map(Violation::to_string)
        .collect();
    let mut detail = named.join("; ");
    if violations.len() > NAMED {
        detail = format!("{detail}; and {} more", violations.len() - NAMED);
    }
    let errors: Value = violations.iter().map(Violation::to_json).collect();
    let problem = Problem::new(422, "request-not-as-documented", detail);
    let mut reply = problem.with("errors", errors).reply();
    if let Some(source) = violations.iter().find_map(Violation::source) {
        reply.set("Mock-Source", &source.to_string());
    }
    reply
}

fn answered(
    mock: &Mock,
    served: &Served,
    preferences: &Preferences,
    captured: &[(String, String)],
) -> Reply {
    if !preferences.is_some() {
        return usual(served, captured);
    }
    match select::preferred(&served.answers, preferences) {
        Some(choice) => {
            let mut reply = sent(served, &choice, captured);
            reply.set("Preference-Applied", &preferences.applied());
            reply
        }
        None if preferences.lenient => usual(served, captured),
        None => not_available(mock, served, preferences),
    }
}

fn not_available(mock: &Mock, served: &Served, preferences: &Preferences) -> Reply {
    let name = served.operation.name();
    let source = served.source(&mock.places);
    let detail = format!(
        "{name} documents no answer for {} ({source}); `available` lists those it has",
        preferences.applied()
    );
    Problem::new(404, "answer-not-documented", detail)
        .with("available", select::listing(&served.answers))
        .reply()
}

fn usual(served: &Served, captured: &[(String, String)]) -> Reply {
    match select::usual(&served.answers) {
        Some(choice) => sent(served, &choice, captured),
        None => nothing(200, "no-response"),
    }
}

fn sent(served: &Served, choice: &Choice<'_>, captured: &[(String, String)]) -> Reply {
    let mut reply = match &choice.answer.content {
        Content::Example {
            bytes,
            media_type,
            repaired,
        } => {
            let mut reply = Reply::empty(choice.code);
            reply.set("Content-Type", media_type);
            reply.body = Arc::clone(bytes);
            if let Some(repaired) = repaired {
                reply.set("Mock-Repaired", repaired);
            }
            reply
        }
        Content::Fields(shape, defaults) => {
            let name = served.operation.name();
            let value = generate::generate(shape, defaults, &name, captured);
            let mut reply = Reply::empty(choice.code);
            reply.set("Content-Type", "application/json");
            reply.set("Mock-Reason", "generated-from-fields");
            reply.body = Arc::from(format!("{value:#}\n").into_bytes());
            reply.reason = Some("generated from the documented fields".to_owned());
            reply
        }
        Content::Nothing(reason) => nothing(choice.code, reason),
    };
    reply.set("Mock-Source", &choice.answer.source.to_string());
    reply
}

/// The answer where a page says nothing of the body.
fn nothing(status: u16, reason: &'static str) -> Reply {
    let mut reply = Reply::empty(status);
    reply.set("Content-Type", "application/json");
    reply.set("Mock-Reason", reason);
    reply.body = Arc::from(NOTHING);
    reply.reason = Some(format!("the page documents no body ({reason})"));
    reply
}
