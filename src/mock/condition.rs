//! Requests that are made on a condition: what is asked for is not as the client has it, or what is to be changed still is.
//!
//! <https://www.rfc-editor.org/rfc/rfc9110#name-preconditions>

use http::header::{CONTENT_LENGTH, CONTENT_TYPE, ETAG, HeaderName, IF_MATCH, IF_NONE_MATCH};
use http::{Method, StatusCode};

use super::Served;
use super::generate::Circumstances;
use super::message::{Reply, Request};
use super::problem::Problem;
use super::respond;
use super::select::Choice;

/// True if the client has the body of the answer already.
pub(super) fn is_known(request: &Request, reply: &Reply) -> bool {
    reply.status == StatusCode::OK
        && request.headers.contains_key(IF_NONE_MATCH)
        && reply
            .header(ETAG.as_str())
            .is_some_and(|tag| names(request, &IF_NONE_MATCH, tag))
}

/// The refusal of a change to something that is not as the client saw it last.
///
/// `current` answers what a `GET` of the target is answered now. Where that has no tag, nothing can be said. What the page
/// itself shows as the value of `If-Match` is taken, as no answer of a mock has that tag.
pub(super) fn refused(
    request: &Request,
    served: &Served,
    circumstances: Circumstances<'_>,
    current: impl FnOnce(&Request) -> Reply,
) -> Option<Reply> {
    let is_change = !request.method.is_safe();
    if !is_change || !request.headers.contains_key(IF_MATCH) || is_documented(request, served) {
        return None;
    }
    let current = current(&reading(request));
    let tag = current.header(ETAG.as_str())?;
    if current.status != StatusCode::OK || names(request, &IF_MATCH, tag) {
        return None;
    }
    let mut answers = served.answers.iter();
    let documented = answers.find(|it| it.status.code() == Some(412));
    let mut reply = if let Some(answer) = documented {
        respond::sent(&Choice::of(answer), circumstances, false)
    } else {
        let detail =
            format!("`If-Match` does not name `{tag}`, the tag that a `GET` of this path has now");
        Problem::new(412, "precondition-failed", detail).reply()
    };
    reply.reason = Some("what is to be changed has another tag than `If-Match` names".into());
    Some(reply)
}

/// A request for what is to be changed.
fn reading(request: &Request) -> Request {
    let mut reading = request.clone();
    reading.method = Method::GET;
    reading.body.clear();
    for name in [IF_MATCH, IF_NONE_MATCH, CONTENT_TYPE, CONTENT_LENGTH] {
        reading.headers.remove(name);
    }
    reading
}

/// True if a header lists the tag. Whether tags are weak does not matter: all of a mock are, and clients send them back.
fn names(request: &Request, header: &HeaderName, tag: &str) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    request.headers_named(header).any(|line| {
        let mut listed = line.split(',');
        listed.any(|listed| listed.trim() == "*" || opaque(listed) == opaque(tag))
    })
}

/// True if the page shows this value, in a command or in the text about the header.
fn is_documented(request: &Request, served: &Served) -> bool {
    let operation = &served.operation;
    request.headers_named(IF_MATCH).all(|value| {
        let mut examples = operation.request_examples.iter();
        let mut parameters = operation.parameters.iter();
        examples.any(|example| example.text.text().contains(&*value))
            || parameters.any(|it| {
                let is_same = it.field.name.value.eq_ignore_ascii_case(IF_MATCH.as_str());
                is_same && it.field.description.contains(value.trim_matches('"'))
            })
    })
}
