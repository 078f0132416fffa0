//! A curl command does not authenticate as the page or the site documents.

use std::ops::Range;

use crate::diagnostic::{Cause, Diagnostic, Rule, Severity};
use crate::model::curl::Curl;
use crate::model::{AuthScheme, Fact, Location, Operation, Origin, is_credential};

use super::{Call, Requests};

pub(in crate::check) static RULE: Rule = Rule {
    name: "wrong-request-credentials",
    severity: Severity::Warning,
    summary: "a curl command does not authenticate as it is documented",
};

pub(super) fn check(requests: &Requests<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let schemes: Vec<&Fact<AuthScheme>> = requests
        .operation
        .auth
        .schemes
        .iter()
        .filter(|scheme| matches!(scheme.evidence.origin, Origin::Attribute | Origin::Config))
        .collect();
    let Some(first) = schemes.first() else {
        return;
    };
    let is_of_site = first.evidence.origin == Origin::Config;
    for (call, curl) in requests.own() {
        // Whoever logs in has no token yet.
        if is_of_site && credentials(curl).is_none() && is_login(&requests.operation.joined_path())
        {
            continue;
        }
        if schemes.iter().any(|scheme| is_sent(&scheme.value, curl)) {
            continue;
        }
        // A page knows better than its site.
        if is_of_site && is_session(requests.operation, curl) {
            continue;
        }
        diagnostics.push(diagnostic(call, curl, first));
    }
}

/// True if the page documents a cookie, and the command sends one.
fn is_session(operation: &Operation, curl: &Curl) -> bool {
    let mut parameters = operation.parameters.iter();
    let documents = parameters.any(|it| match it.location {
        Location::Cookie => true,
        Location::Header => it.field.name.value.eq_ignore_ascii_case("cookie"),
        _ => false,
    });
    documents && curl.header("cookie").is_some()
}

/// True if the path is one that hands out credentials.
fn is_login(path: &str) -> bool {
    let mut segments = path
        .split('/')
        .filter(|segment| !segment.starts_with(['{', ':']));
    segments.any(|segment| {
        let word = segment.to_ascii_lowercase().replace(['-', '_'], "");
        matches!(
            word.as_str(),
            "auth"
                | "oauth"
                | "oauth2"
                | "token"
                | "tokens"
                | "login"
                | "signin"
                | "signup"
                | "register"
                | "session"
                | "sessions"
                | "authenticate"
                | "refresh"
        )
    })
}

fn is_sent(scheme: &AuthScheme, curl: &Curl) -> bool {
    match scheme {
        AuthScheme::Bearer => authorization(curl).is_some_and(|value| starts(value, "bearer")),
        AuthScheme::Basic => {
            curl.user.is_some() || authorization(curl).is_some_and(|value| starts(value, "basic"))
        }
        AuthScheme::Header(name) => {
            curl.header(name).is_some()
                || curl.user.is_some() && name.eq_ignore_ascii_case("authorization")
        }
        AuthScheme::Query(name) => curl
            .url
            .as_ref()
            .is_some_and(|url| url.query.iter().any(|pair| pair.name.value == *name)),
    }
}

/// The value of the header; a variable in its place may hold the scheme too.
fn authorization(curl: &Curl) -> Option<&str> {
    Some(curl.header("authorization")?.value.value.as_str())
}

fn starts(value: &str, scheme: &str) -> bool {
    let word = value.split_whitespace().next().unwrap_or_default();
    let is_variable = word.starts_with(['$', '{', '<']) && value.split_whitespace().count() == 1;
    word.eq_ignore_ascii_case(scheme) || is_variable
}

fn diagnostic(call: &Call<'_>, curl: &Curl, scheme: &Fact<AuthScheme>) -> Diagnostic {
    let wanted = words(&scheme.value);
    let (message, range, label): (_, Range<usize>, _) = match credentials(curl) {
        Some((words, range)) => (
            format!("the example authenticates with {words}, and {wanted} is documented"),
            range,
            "another way to authenticate",
        ),
        None => (
            format!("the example sends no credentials, and {wanted} is documented"),
            curl.range.start..curl.range.start + 4,
            "sends no credentials",
        ),
    };
    let cause = format!("{} {message}", scheme.evidence.span.start);
    Diagnostic::new(&RULE, call.span(range), message)
        .label(label)
        .help("authenticate in the documented way, or correct `authMethod` or the configuration of the site")
        .related(scheme.evidence.span, "documented here")
        .subject("request.header.Authorization")
        .cause(match scheme.evidence.origin {
            Origin::Config => Cause::on_site(cause),
            _ => Cause::on_page(cause),
        })
}

/// What a command authenticates with, and where.
fn credentials(curl: &Curl) -> Option<(String, Range<usize>)> {
    if let Some(user) = &curl.user {
        return Some(("`-u`".to_owned(), user.range.clone()));
    }
    let header = curl
        .headers
        .iter()
        .find(|header| is_credential(&header.name.value))?;
    let value = header.value.value.as_str();
    let scheme = value
        .split_whitespace()
        .next()
        .filter(|_| value.split_whitespace().count() > 1);
    let words = match scheme {
        Some(scheme) => format!("`{}: {scheme} …`", header.name.value),
        None => format!("`{}`", header.name.value),
    };
    Some((words, header.range.clone()))
}

fn words(scheme: &AuthScheme) -> String {
    match scheme {
        AuthScheme::Bearer => "`Authorization: Bearer …`".to_owned(),
        AuthScheme::Basic => "`Authorization: Basic …`".to_owned(),
        AuthScheme::Header(name) => format!("`{name}`"),
        AuthScheme::Query(name) => format!("`{name}` in the query"),
    }
}
