//! Whether a request carries the documented credentials; which ones they are is never judged.

use crate::model::curl::Curl;
use crate::model::{AuthScheme, Evidence, Fact, Operation, Origin};

use super::form;
use super::message::Request;

/// The first documented scheme that a request does not use.
///
/// What only an example shows is not asked for. What the page states outranks the configuration of the site: where it
/// has credentials of its own, or shows requests without those of the site, as on the page of a login, the site's are
/// not asked for.
pub(super) fn missing<'o>(
    operation: &'o Operation,
    request: &Request,
) -> Option<(&'o AuthScheme, Evidence)> {
    let schemes = &operation.auth.schemes;
    let stated = |origin: Origin| {
        schemes
            .iter()
            .filter(move |it| it.evidence.origin == origin)
    };
    let absent = |scheme: &&Fact<AuthScheme>| !is_sent(&scheme.value, request);
    let by_page = || {
        schemes
            .iter()
            .filter(|it| it.evidence.origin >= Origin::Attribute)
    };
    let missing = if by_page().next().is_some() {
        by_page().find(absent)
    } else {
        let shown = |scheme: &&Fact<AuthScheme>| is_shown(&scheme.value, operation);
        stated(Origin::Config).filter(shown).find(absent)
    };
    missing.map(|scheme| (&scheme.value, scheme.evidence))
}

/// What to send, as `WWW-Authenticate` names it.
pub(super) fn challenge(scheme: &AuthScheme) -> String {
    match scheme {
        AuthScheme::Bearer => "Bearer".to_owned(),
        AuthScheme::Basic => "Basic realm=\"documented API\"".to_owned(),
        AuthScheme::Header(name) if is_authorization(name) => "Bearer".to_owned(),
        AuthScheme::Header(name) => format!("ApiKey in=\"header\", name=\"{name}\""),
        AuthScheme::Query(name) => format!("ApiKey in=\"query\", name=\"{name}\""),
    }
}

/// What to send, in the words of messages.
pub(super) fn describe(scheme: &AuthScheme) -> String {
    match scheme {
        AuthScheme::Bearer => "`Authorization: Bearer …`".to_owned(),
        AuthScheme::Basic => "`Authorization: Basic …`".to_owned(),
        AuthScheme::Header(name) if is_authorization(name) => "`Authorization`".to_owned(),
        AuthScheme::Header(name) => format!("the header `{name}`"),
        AuthScheme::Query(name) => format!("the query parameter `{name}`"),
    }
}

/// True for headers that carry documented credentials, in lower case.
pub(super) fn covers(operation: &Operation, header: &str) -> bool {
    let schemes = operation.auth.schemes.iter();
    let mut headers = schemes.filter_map(|scheme| match &scheme.value {
        AuthScheme::Bearer | AuthScheme::Basic => Some("authorization"),
        AuthScheme::Header(name) => Some(name.as_str()),
        AuthScheme::Query(_) => None,
    });
    headers.any(|name| name.eq_ignore_ascii_case(header))
}

/// True unless the page has curl commands, and none of them carries the credentials.
fn is_shown(scheme: &AuthScheme, operation: &Operation) -> bool {
    let curls = || {
        let examples = operation.request_examples.iter();
        examples.filter_map(|example| example.curl.as_ref())
    };
    let carries = |curl: &Curl| match scheme {
        AuthScheme::Bearer | AuthScheme::Basic => {
            curl.user.is_some() || curl.header("authorization").is_some()
        }
        AuthScheme::Header(name) => curl.header(name).is_some(),
        AuthScheme::Query(_) => true,
    };
    curls().next().is_none() || curls().any(carries)
}

fn is_sent(scheme: &AuthScheme, request: &Request) -> bool {
    let has_header = |name: &str| {
        let mut values = request.headers_named(name);
        values.any(|value| !value.trim().is_empty())
    };
    match scheme {
        AuthScheme::Bearer | AuthScheme::Basic => has_header("authorization"),
        AuthScheme::Header(name) if is_authorization(name) => has_header("authorization"),
        AuthScheme::Header(name) => has_header(name),
        AuthScheme::Query(name) => form::pairs(request.query())
            .iter()
            .any(|(sent, value)| sent == name && !value.is_empty()),
    }
}

/// True for the names of fields that stand for the `Authorization` header.
fn is_authorization(name: &str) -> bool {
    let name = name.trim().to_ascii_lowercase();
    matches!(
        name.as_str(),
        "" | "authorization" | "bearer" | "basic" | "bearer token"
    ) || name.starts_with("authorization")
        || name.contains(char::is_whitespace)
}
