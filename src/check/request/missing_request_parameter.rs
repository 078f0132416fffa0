//! A curl command does not send what its page says is required.

use crate::diagnostic::{Cause, Diagnostic, Rule, Severity};
use crate::model::curl::Curl;
use crate::model::{Field, Location, Operation, Origin};

use crate::check::conditional;

use super::parameters::{self, Place};
use super::{Call, Requests};

pub(in crate::check) static RULE: Rule = Rule {
    name: "missing-request-parameter",
    severity: Severity::Error,
    summary: "a curl command does not send what is documented as required",
};

pub(super) fn check(requests: &Requests<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let operation = requests.operation;
    for (call, curl) in requests.own() {
        for parameter in &operation.parameters {
            let place = Place::Parameter(parameter.location);
            let is_asked_for =
                is_required(&parameter.field) && !conditional::is_bound(&parameter.field);
            if is_asked_for && is_missing(operation, curl, place, &parameter.field) {
                diagnostics.push(diagnostic(call, curl, operation, place, &parameter.field));
            }
        }
        diagnostics.extend(body(call, curl, operation));
    }
}

fn is_required(field: &Field) -> bool {
    field
        .required
        .as_ref()
        .is_some_and(|required| required.value && required.evidence.origin >= Origin::Attribute)
}

/// True if nothing of that name is sent there; what is sent elsewhere is another rule's finding.
fn is_missing(operation: &Operation, curl: &Curl, place: Place, field: &Field) -> bool {
    let name = field.name.value.trim();
    if name.is_empty() || name.contains([',', ' ']) || curl.url.is_none() {
        return false;
    }
    match place {
        Place::Parameter(Location::Query) => {
            let pairs = curl.url.as_ref().map_or(&[][..], |url| &url.query);
            let is_sent = pairs.iter().any(|pair| {
                pair.name.value == name
                    || parameters::plain(&pair.name.value) == parameters::plain(name)
            });
            let is_in_body = parameters::body_names(curl)
                .is_some_and(|names| names.iter().any(|sent| sent == name));
            let is_in_path = operation
                .endpoint
                .value
                .path
                .contains(&format!("{{{name}}}"));
            !is_sent && !is_in_body && !is_in_path && !parameters::is_elided(pairs)
        }
        Place::Parameter(Location::Header) => {
            // Credentials have a rule of their own.
            let is_credential = crate::model::is_credential(name);
            let is_form = name.eq_ignore_ascii_case("content-type")
                && curl
                    .content_type()
                    .is_some_and(|media| media.contains("form"));
            let is_elsewhere = is_sent_anyway(field) || curl.reads_headers;
            !is_credential && !is_form && !is_elsewhere && curl.header(name).is_none()
        }
        Place::Parameter(Location::Cookie) => {
            let sent = curl
                .header("cookie")
                .map(|header| header.value.value.as_str());
            // The file of `-b`, and what is filled in, may hold anything.
            let is_open = |sent: &str| {
                !sent.contains('=') || sent.contains(['$', '<', '{', '…']) || sent.contains("...")
            };
            let is_sent = sent.is_some_and(|sent| {
                is_open(sent)
                    || sent
                        .split(';')
                        .any(|pair| pair.split('=').next().is_some_and(|it| it.trim() == name))
            });
            !is_sent && !curl.reads_headers
        }
        _ => false,
    }
}

/// True for a header that every client sends by itself, unless a value of it is documented.
fn is_sent_anyway(field: &Field) -> bool {
    let name = field.name.value.trim().to_ascii_lowercase();
    match name.as_str() {
        "host" | "content-length" | "user-agent" | "accept-encoding" | "connection"
        | "transfer-encoding" => true,
        "accept" => {
            let text = field.description.replace("*/*", "");
            field.default.is_none() && field.prose.allowed.is_none() && !text.contains('/')
        }
        _ => false,
    }
}

fn diagnostic(
    call: &Call<'_>,
    curl: &Curl,
    operation: &Operation,
    place: Place,
    field: &Field,
) -> Diagnostic {
    let name = field.name.value.trim();
    let (kind, range) = match place {
        Place::Parameter(Location::Header) => ("header", curl.range.start..curl.range.start + 4),
        Place::Parameter(Location::Cookie) => (
            "cookie",
            curl.header("cookie")
                .map_or(curl.range.start..curl.range.start + 4, |header| {
                    header.range.clone()
                }),
        ),
        _ => (
            "query parameter",
            curl.url
                .as_ref()
                .map_or(curl.range.clone(), |url| url.range.clone()),
        ),
    };
    Diagnostic::new(
        &RULE,
        call.span(range),
        format!("the {kind} `{name}` is required, and the example does not send it"),
    )
    .severity(call.severity(operation))
    .label(format!("no `{name}`"))
    .help(format!("send `{name}`, or drop `required` from its field"))
    .related(field.name.evidence.span, "required here")
    .subject(match place {
        Place::Parameter(location) => format!("request.{}.{name}", location.as_str()),
        Place::Body => format!("request.body.{name}"),
    })
    .cause(
        Cause::on_page(kind)
            .of(
                format!("`{name}`"),
                format!("the {kind}s {{}} are required, and not sent"),
                "send them, or drop `required` from their fields",
            )
            .across(kind),
    )
}

/// A call without any body, although some of it is required.
fn body(call: &Call<'_>, curl: &Curl, operation: &Operation) -> Option<Diagnostic> {
    let body = operation.body.as_ref()?;
    if curl.body.is_some() || matches!(operation.endpoint.value.method.as_str(), "GET" | "HEAD") {
        return None;
    }
    let required: Vec<&Field> = body
        .fields
        .iter()
        .filter(|field| is_required(field))
        .filter(|field| {
            let name = field.name.value.trim();
            !parameters::query(curl)
                .iter()
                .any(|pair| pair.name.value == name)
        })
        .collect();
    let first = required.first()?;
    let named: Vec<String> = required
        .iter()
        .take(3)
        .map(|field| format!("`{}`", field.name.value))
        .collect();
    let more = required.len().saturating_sub(named.len());
    let mut words = named.join(", ");
    if more > 0 {
        words = format!("{words} and {more} more");
    }
    let message = if body.whole {
        "the body is required, and the example sends none".to_owned()
    } else {
        format!("the example sends no body, and {words} in it is required")
    };
    let range = curl.range.start..curl.range.start + 4;
    Some(
        Diagnostic::new(&RULE, call.span(range), message)
            .severity(call.severity(operation))
            .label("sends no body")
            .help("send a body with `-d`, or drop `required` from its fields")
            .related(first.open, "required here")
            .subject("request.body")
            .cause(Cause::on_page("body")),
    )
}
