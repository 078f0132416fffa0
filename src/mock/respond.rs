//! From a request to its answer.

use http::header::{ALLOW, CONTENT_LENGTH, CONTENT_TYPE, ETAG, HeaderName, HeaderValue, VARY};
use http::{Method, StatusCode};
use serde_json::json;

use super::answer::{self, Answer, Content, NOTHING};
use super::faults::{self, Plan};
use super::generate::{self, Circumstances};
use super::message::{Pieces, Reply, Request, header_value};
use super::pairs::{self, Facts};
use super::prefer::{Handling, Preferences};
use super::problem::Problem;
use super::routes::{Captured, Lookup};
use super::select::Choice;
use super::{
    Mock, Served, Validation, condition, cors, encode, events, form, header, near, protocol,
    refuse, select, words,
};
use crate::model::json::read_strict;

/// The preference for an answer whatever is wrong, as `Preference-Applied` names it.
const LENIENT: &str = "handling=lenient";

/// The event that a client saw last, as browsers say it when they connect again.
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// Answers a request as the documentation says.
pub fn reply(mock: &Mock, request: &Request) -> Reply {
    let mut reply = match protocol::refused(request) {
        Some(problem) => closing(problem),
        None => routed(mock, request),
    };
    finish(request, &mut reply);
    reply
}

/// The answer to a request for an operation, as it is before the client is asked what it has and takes.
///
/// Whether a change is on a condition that is met is for the caller to judge.
pub(super) fn unfitted(
    mock: &Mock,
    served: &Served,
    request: &Request,
    captured: &Captured,
) -> Reply {
    let mut reply = match protocol::refused(request) {
        Some(problem) => closing(problem),
        None => of_operation(mock, served, request, captured, false),
    };
    cors::allow(request, &mut reply);
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

/// The answer to a request whose body is not sent as its head says.
pub(super) fn broken(request: &Request) -> Reply {
    let detail = "the body does not come to its end as the head of the request says";
    refused(request, Problem::new(400, "unreadable-body", detail))
}

/// The answer to a request that does not say which host it is for.
pub(super) fn without_host(request: &Request) -> Reply {
    let detail = "the request has no `Host` header, which HTTP/1.1 asks for";
    refused(request, Problem::new(400, "missing-host", detail))
}

/// An answer of the mock's own that is not about the request.
pub(super) fn own(request: &Request, problem: Problem) -> Reply {
    let mut reply = problem.reply();
    finish(request, &mut reply);
    reply
}

fn refused(request: &Request, problem: Problem) -> Reply {
    let mut reply = closing(problem);
    finish(request, &mut reply);
    reply
}

fn closing(problem: Problem) -> Reply {
    let mut reply = problem.reply();
    reply.close = true;
    reply
}

/// What all answers have in common.
fn finish(request: &Request, reply: &mut Reply) {
    cors::allow(request, reply);
    fit(request, reply);
}

/// Leaves out what the client has or does not ask for, and encodes the rest.
pub(super) fn fit(request: &Request, reply: &mut Reply) {
    if condition::is_known(request, reply) {
        reply.status = StatusCode::NOT_MODIFIED;
    }
    if reply.is_bodiless() {
        reply.headers.remove(CONTENT_TYPE);
        reply.headers.remove(CONTENT_LENGTH);
        reply.body.clear();
        reply.pieces = None;
        return;
    }
    encode::encode(request, reply);
    if request.method == Method::HEAD {
        reply.body.clear();
        reply.pieces = None;
    }
}

fn routed(mock: &Mock, request: &Request) -> Reply {
    let path = request.path();
    let host = || request.host();
    if cors::is_preflight(request) {
        return cors::preflight(request, &mock.routes.allow(path, host));
    }
    if request.method == Method::OPTIONS && path == "*" {
        return allowed(&mock.routes.allow(path, host));
    }
    match mock.routes.find(&request.method, path, host) {
        Lookup::Operation { index, captured } => match mock.operations.get(index) {
            Some(served) => of_operation(mock, served, request, &captured, true),
            None => unknown(mock, request),
        },
        Lookup::OtherMethods { index } => other_method(mock, index, request),
        Lookup::Unknown => unknown(mock, request),
    }
}

fn allowed(allow: &str) -> Reply {
    let mut reply = Reply::empty(StatusCode::NO_CONTENT);
    reply.set(ALLOW, allow);
    reply
}

fn other_method(mock: &Mock, index: usize, request: &Request) -> Reply {
    let allow = mock.routes.allow(request.path(), || request.host());
    let source = mock.operations.get(index).map(|it| it.source(&mock.places));
    let mut reply = if request.method == Method::OPTIONS {
        allowed(&allow)
    } else {
        let detail = format!(
            "{} is not documented for `{}`, which answers {allow}",
            request.method,
            request.path()
        );
        let problem = Problem::new(405, "method-not-documented", detail);
        let reply = problem.with("allow", json!(allow)).reply();
        let kind = mock.common.of_status(405);
        let mut reply = mock.common.instead(kind, reply, request, (&[], &[]));
        reply.set(ALLOW, &allow);
        reply
    };
    if let Some(source) = source {
        reply.set(header::SOURCE, &source);
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
    let hint = near::other_hosts(mock, request.path()).unwrap_or(hint);
    let detail = format!("no page documents `{}`{hint}", request.path());
    let list = nearest.iter().map(|served| {
        let span = served.operation.endpoint.evidence.span;
        let (method, template) = (
            &served.operation.endpoint.value.method,
            served.operation.joined_path(),
        );
        json!({
            "method": method,
            "path": template,
            "why": near::why_not(&request.method, request.path(), method, &template),
            "source": mock.places.of(span).to_json(),
        })
    });
    let reply = Problem::new(404, "path-not-documented", detail)
        .with("nearest", list.collect())
        .reply();
    let kind = mock.common.of_path();
    mock.common.instead(kind, reply, request, (&[], &[]))
}

fn of_operation(
    mock: &Mock,
    served: &Served,
    request: &Request,
    captured: &Captured,
    is_conditional: bool,
) -> Reply {
    let preferences = Preferences::of(request);
    let query = if request.query().is_empty() {
        Captured::new()
    } else {
        form::pairs(request.query())
    };
    let is_json = request.body.is_empty() || request.body.starts_with(b"{");
    let content_type = (!is_json).then(|| request.header(CONTENT_TYPE)).flatten();
    let circumstances = Circumstances {
        operation: &served.name,
        captured,
        query: &query,
        body: &request.body,
        content_type: content_type.as_deref(),
        asked: served.operation.body.as_ref().map(|body| &body.shape),
        parameters: &served.operation.parameters,
        inputs: served
            .operation
            .body
            .as_ref()
            .map_or(&[], |body| &body.fields),
        status: 0,
        lexicon: Some(&mock.lexicon),
        seed: seed(&preferences, request),
    };
    let validation = match (served.behaviour.validation, preferences.handling) {
        (Validation::Strict, Some(Handling::Lenient)) => Validation::Warn,
        (Validation::Warn, Some(Handling::Strict)) => Validation::Strict,
        (validation, _) => validation,
    };
    // Who asks for an error gets it, and need not make one.
    let is_judged = !preferences.asks_for_error();
    let is_lenient = preferences.is_lenient();
    let rejection = is_judged
        .then(|| refuse::judge(mock, served, request, captured, (validation, is_lenient)))
        .flatten();
    let is_rejecting = |rejection: &refuse::Rejection| {
        let is_strict = validation == Validation::Strict && !rejection.is_shown();
        is_strict || rejection.is_unauthorized() && !is_lenient
    };
    let mut reply = match rejection {
        Some(rejection) if is_rejecting(&rejection) => {
            rejection.answer(mock, served, request, circumstances)
        }
        rejection => {
            let current = |reading: &Request| routed(mock, reading);
            let unmet = is_conditional
                .then(|| condition::refused(request, served, circumstances, current))
                .flatten();
            let mut reply = unmet
                .unwrap_or_else(|| answered(mock, served, request, &preferences, circumstances));
            if let Some(rejection) = rejection {
                rejection.note(&mut reply);
                if preferences.is_lenient() {
                    applied(&mut reply, &[LENIENT.to_owned()]);
                }
            }
            reply
        }
    };
    for ignored in &preferences.ignored {
        reply.headers.append(header::IGNORED, header_value(ignored));
    }
    on_its_way(served, request, &preferences, circumstances, &mut reply);
    // Documented answers have both already.
    if reply.headers.get(VARY) != Some(&header::VARY) {
        if !reply.headers.contains_key(header::SOURCE) {
            reply.set(header::SOURCE, &served.source(&mock.places));
        }
        reply.headers.insert(VARY, header::VARY);
    }
    reply.operation = Some(served.name.clone());
    reply
}

/// What the client adds to the choice of made-up values; `dynamic` ones are others each time.
fn seed(preferences: &Preferences, request: &Request) -> u64 {
    match &preferences.seed {
        Some(seed) => words::hash(words::SEED, seed),
        None if preferences.dynamic => request.serial.wrapping_add(1),
        None => 0,
    }
}

/// What happens to the answer on its way: what the client asks for, else what is planned.
fn on_its_way(
    served: &Served,
    request: &Request,
    preferences: &Preferences,
    circumstances: Circumstances<'_>,
    reply: &mut Reply,
) {
    let plan = served.behaviour.plan.as_deref();
    let is_asked = preferences.delay.is_some() || preferences.fault.is_some();
    if plan.is_none() && !is_asked {
        return;
    }
    let idle = Plan::default();
    let plan = plan.unwrap_or(&idle);
    let chance = plan.chance(&served.name, request.serial);
    let mut granted = Vec::new();
    if let Some(fault) = preferences.fault.or_else(|| plan.rates.pick(chance)) {
        faults::spoil(served, circumstances, chance, fault, reply);
    }
    if let Some(delay) = preferences.delay.or(plan.delay) {
        let delay = delay.sample(chance);
        if preferences.delay.is_some() {
            granted.push(format!("delay={}", delay.as_millis()));
        }
        match &mut reply.pieces {
            Some(pieces) if reply.fault.is_none() => pieces.pause = delay,
            _ => reply.delay = Some(delay),
        }
    }
    if let Some(fault) = preferences.fault {
        granted.push(format!("fault={}", fault.as_str()));
    }
    applied(reply, &granted);
}

/// Adds to the preferences that are said to be honoured.
fn applied(reply: &mut Reply, more: &[String]) {
    if more.is_empty() {
        return;
    }
    let known = reply.header(header::PREFERENCE_APPLIED.as_str());
    let known = known.unwrap_or_default().split(", ");
    let mut all: Vec<_> = known.filter(|it| !it.is_empty()).collect();
    for preference in more {
        if !all.contains(&preference.as_str()) {
            all.push(preference);
        }
    }
    let all = all.join(", ");
    reply.set(header::PREFERENCE_APPLIED, &all);
}

fn answered(
    mock: &Mock,
    served: &Served,
    request: &Request,
    preferences: &Preferences,
    circumstances: Circumstances<'_>,
) -> Reply {
    let mut granted = Vec::new();
    let mut reason = None;
    let mut is_streamed = false;
    let choice = if preferences.is_choice() {
        match select::preferred(&served.answers, preferences) {
            Some(choice) => {
                granted = preferences.choice();
                Some(choice)
            }
            None if preferences.is_lenient() => {
                granted.push(LENIENT.to_owned());
                served.usual()
            }
            None => return not_available(mock, served, preferences),
        }
    } else {
        let sent = facts(served, request, circumstances);
        is_streamed = served.told.is_streamed(&sent);
        let shown = served.pairs.find(&sent);
        let shown = shown.and_then(|answer| served.answers.get(answer));
        reason = shown.map(|_| "request-example");
        let shown = shown.map(Choice::of);
        shown.or_else(|| usual(served, &sent, circumstances))
    };
    let Some(choice) = choice else {
        return nothing();
    };
    // Clients that ask for a stream in the body take no other media type than before.
    let acceptable = if preferences.asks_for_error() || is_streamed && choice.answer.is_stream() {
        // Who asks for an error gets it, in whatever form it is documented.
        Some(choice)
    } else {
        select::acceptable(&served.answers, choice, request)
    };
    let Some(choice) = acceptable else {
        if served.behaviour.validation == Validation::Strict && !preferences.is_lenient() {
            return not_acceptable(served, &choice);
        }
        return sent(&choice, circumstances, false);
    };
    let is_made_up = preferences.dynamic || preferences.seed.is_some();
    let mut reply = sent(&choice, circumstances, preferences.dynamic);
    go_on(request, &mut reply);
    let has_fields = choice.answer.fields.is_some();
    let is_generated = matches!(choice.answer.content, Content::Fields);
    if is_made_up && has_fields && (is_generated || preferences.dynamic) {
        granted.extend(preferences.made_up());
    } else if is_made_up {
        let reason = if has_fields {
            "the answer is an example, and `dynamic=true` makes another one"
        } else {
            "the page documents no fields for this answer"
        };
        for ignored in preferences.made_up() {
            let ignored = header_value(&format!("{ignored} ({reason})"));
            reply.headers.append(header::IGNORED, ignored);
        }
    }
    if let Some(reason) = reason {
        reply
            .headers
            .insert(header::REASON, HeaderValue::from_static(reason));
    }
    applied(&mut reply, &granted);
    reply
}

/// The answer to a request that is like no example: the one that a parameter asks for, else the usual one.
fn usual<'s>(
    served: &'s Served,
    sent: &Facts,
    circumstances: Circumstances<'_>,
) -> Option<Choice<'s>> {
    let usual = served.usual()?;
    let told = served.told.find(sent, served.usual?);
    let told = told.and_then(|answer| served.answers.get(answer));
    let of = |sent| select::formatted(&served.answers, usual, sent);
    let told = told.map(Choice::of).or_else(|| of(circumstances.query));
    let shown = || select::identified(&served.answers, usual, circumstances.captured);
    let told = told.or_else(|| of(circumstances.captured)).or_else(shown);
    Some(told.unwrap_or(usual))
}

/// Lets a stream of events go on after the one that the client saw last; one that saw all of them is told to stop asking.
fn go_on(request: &Request, reply: &mut Reply) {
    let Some(pieces) = &reply.pieces else {
        return;
    };
    let Some(last) = request.header(LAST_EVENT_ID) else {
        return;
    };
    let Some(start) = events::unseen(&reply.body, &pieces.ends, &last) else {
        return;
    };
    if start == reply.body.len() {
        reply.status = StatusCode::NO_CONTENT;
        return;
    }
    let ends = pieces.ends.iter().filter_map(|end| end.checked_sub(start));
    let ends = ends.filter(|end| *end > 0).collect();
    reply.body = reply.body.slice(start..);
    reply.pieces = Some(Pieces { ends, ..*pieces });
}

/// What a request sends, as far as answers depend on it.
fn facts(served: &Served, request: &Request, circumstances: Circumstances<'_>) -> Facts {
    if served.pairs.is_empty() && served.told.is_empty() {
        return Facts::new();
    }
    let mut facts = Facts::new();
    let pairs = |at: &'static str, pairs: &[(String, String)]| -> Vec<_> {
        let pairs = pairs.iter();
        pairs
            .map(|(name, value)| (format!("{at}{name}"), value.clone()))
            .collect()
    };
    facts.extend(pairs("path.", circumstances.captured));
    facts.extend(pairs("query.", circumstances.query));
    for name in served.pairs.headers() {
        if let Some(value) = request.header(name) {
            facts.insert(format!("{}{name}", pairs::HEADER), value.into_owned());
        }
    }
    if let Ok(value) = read_strict(&request.body) {
        pairs::json_facts("body", &value, &mut facts);
    } else {
        let content_type = request.header(CONTENT_TYPE).unwrap_or_default();
        let sent = form::parts(&content_type, &request.body);
        let sent = sent.unwrap_or_else(|| form::pairs(&String::from_utf8_lossy(&request.body)));
        facts.extend(pairs("body/", &sent));
    }
    facts
}

fn not_available(mock: &Mock, served: &Served, preferences: &Preferences) -> Reply {
    if let Some(reply) = of_all(mock, preferences) {
        return reply;
    }
    let source = served.source(&mock.places);
    let detail = format!(
        "{} documents no answer for {} ({source}); `available` lists those it has",
        served.name,
        preferences.choice().join(", ")
    );
    Problem::new(404, "answer-not-documented", detail)
        .with("available", select::listing(&served.answers))
        .reply()
}

/// The error of all operations that a client asks for by its status.
fn of_all(mock: &Mock, preferences: &Preferences) -> Option<Reply> {
    let is_plain = preferences.example.is_none() && preferences.page.is_none();
    let code = preferences.code.as_ref().filter(|_| is_plain)?;
    let kind = mock.common.of_status(code.parse().ok()?)?;
    let reply = Reply::empty(StatusCode::OK);
    let request = Request::default();
    let mut reply = (mock.common).instead(Some(kind), reply, &request, (&[], &[]));
    applied(&mut reply, &preferences.choice());
    Some(reply)
}

fn not_acceptable(served: &Served, choice: &Choice<'_>) -> Reply {
    let source = &choice.answer.source;
    let same = served
        .answers
        .iter()
        .filter(|it| it.code == choice.answer.code);
    let mut available: Vec<&str> = Vec::new();
    for media_type in same.filter_map(Answer::media_type) {
        if !available.contains(&media_type) {
            available.push(media_type);
        }
    }
    let detail = format!(
        "the answer is documented as {} ({source})",
        available.join(", ")
    );
    let problem = Problem::new(406, "media-type-not-documented", detail);
    let mut reply = problem
        .with("available", json!(available))
        .with("source", source.to_json())
        .reply();
    reply.set(header::SOURCE, &source.to_string());
    reply
}

/// The documented answer; a body that is not shown, or is to be `dynamic`, is made of the fields.
pub(super) fn sent(choice: &Choice<'_>, circumstances: Circumstances<'_>, dynamic: bool) -> Reply {
    let mut reply = choice.answer.reply(choice.code);
    let is_generated = matches!(choice.answer.content, Content::Fields);
    let circumstances = Circumstances {
        status: choice.code,
        ..circumstances
    };
    if let Some(fields) = choice.answer.fields.as_ref()
        && (dynamic || is_generated)
    {
        if choice.answer.is_events {
            return streamed(reply, events::of_fields(fields, circumstances));
        }
        let value = generate::generate(fields, circumstances);
        let body = format!("{value:#}\n");
        if reply.headers.contains_key(ETAG) {
            reply.headers.insert(ETAG, answer::tag(body.as_bytes()));
        }
        let reason = HeaderValue::from_static("generated-from-fields");
        reply.headers.insert(header::REASON, reason);
        reply.headers.remove(header::REPAIRED);
        reply
            .headers
            .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        reply.pieces = None;
        reply.encodings = None;
        reply.reason = Some("generated from the documented fields".into());
        reply.set_body(body.into());
    }
    reply
}

/// The same of events that are made of the fields.
fn streamed(mut reply: Reply, text: String) -> Reply {
    let media_type = HeaderValue::from_static(events::MEDIA_TYPE);
    reply.headers.insert(CONTENT_TYPE, media_type);
    reply.headers.remove(ETAG);
    reply.pieces = events::ends(&text).as_ref().map(events::pieces);
    reply.body = text.into();
    reply
}

/// The answer where a page documents none.
fn nothing() -> Reply {
    let mut reply = Reply::empty(StatusCode::OK);
    reply.set(CONTENT_TYPE, "application/json");
    reply.set(header::REASON, "no-response");
    reply.set_body(NOTHING.into());
    reply.reason = Some("the page documents no body (no-response)".into());
    reply
}
