//! A curl command does not authenticate as the page or the site documents.

use std::ops::Range;

use crate::diagnostic::{Cause, Diagnostic, Rule, Severity};
use crate::model::curl::{Body, Curl};
use crate::model::{AuthScheme, Fact, Location, Operation, Origin, RequestExample, is_credential};

use super::habit::Habit;
use super::{Call, Requests};

pub(in crate::check) static RULE: Rule = Rule {
    name: "wrong-request-credentials",
    severity: Severity::Warning,
    summary: "a curl command does not authenticate as it is documented",
};

pub(super) fn check(requests: &Requests<'_>, habit: &Habit<'_>, diagnostics: &mut Vec<Diagnostic>) {
    if let Some(scheme) = habit.of(requests.operation) {
        as_elsewhere(requests, habit, scheme, diagnostics);
        return;
    }
    let schemes: Vec<&Fact<AuthScheme>> = requests
        .operation
        .auth
        .schemes
        .iter()
        .filter(|scheme| matches!(scheme.evidence.origin, Origin::Attribute | Origin::Config))
        .collect();
    let Some(first) = schemes.first() else {
        as_beside(requests, habit, diagnostics);
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
        // Beside a command that authenticates as documented, one with a cookie shows a second way.
        let mut others = requests.own();
        let is_other = |other: &Curl| schemes.iter().any(|it| is_sent(&it.value, other));
        if curl.header("cookie").is_some() && others.any(|(_, other)| is_other(other)) {
            continue;
        }
        // A page offers a choice.
        let offers = |said: &str| is_offered(said, curl);
        if is_by_another_field(requests.operation, curl) {
            continue;
        }
        let mut own = requests.operation.sent_in_text.credentials.iter();
        if own.any(|said| offers(&said.value)) || is_of_site && habit.choices().any(offers) {
            continue;
        }
        // A page knows better than its site.
        let operation = requests.operation;
        if is_of_site && (is_session(operation, curl) || is_of_field(operation, curl)) {
            continue;
        }
        diagnostics.push(diagnostic(call, curl, first));
    }
}

/// Where nothing is documented, all other examples of the site tell how its server is called.
fn as_elsewhere(
    requests: &Requests<'_>,
    habit: &Habit<'_>,
    scheme: &AuthScheme,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let path = requests.operation.joined_path();
    let mut parameters = requests.operation.parameters.iter();
    let documents_own = parameters.any(|it| is_credential(&it.field.name.value));
    if is_login(&path) || documents_own {
        return;
    }
    for (call, curl) in requests.own() {
        if is_sent(scheme, curl) || curl.header("cookie").is_some() || in_query(curl) {
            continue;
        }
        if habit.choices().any(|said| is_offered(said, curl)) || habit.is_shown(curl) {
            continue;
        }
        if habit.is_in_fields() || habit.is_silent(requests.operation) {
            return;
        }
        if habit.has_header_of_its_own(requests.operation, curl) {
            continue;
        }
        let wanted = words(scheme);
        let (message, range) = match credentials(curl) {
            Some((words, range)) => (
                format!(
                    "the example authenticates with {words}, and those of the other pages with {wanted}"
                ),
                range,
            ),
            None => (
                format!(
                    "the example sends no credentials, and those of the other pages send {wanted}"
                ),
                curl.range.start..curl.range.start + 4,
            ),
        };
        let cause = Cause::on_page(message.clone());
        diagnostics.push(
            Diagnostic::new(&RULE, call.span(range), message)
                .label("not as elsewhere")
                .help("authenticate as elsewhere, or say with `authMethod` how this endpoint is called")
                .subject("request.header.Authorization")
                .cause(cause),
        );
    }
}

/// Where nothing is documented, a command without credentials contradicts the examples beside it that send some.
fn as_beside(requests: &Requests<'_>, habit: &Habit<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let operation = requests.operation;
    let place = |example: &RequestExample| {
        let text = example.text.text();
        let lower = text.to_ascii_lowercase();
        ["authorization", "x-api-key"].iter().find_map(|word| {
            let start = lower.find(word)?;
            Some(example.text.span(start..start + word.len()))
        })
    };
    if is_login(&operation.joined_path()) {
        return;
    }
    for (call, curl) in requests.own() {
        if curl.reads_headers
            || credentials(curl).is_some()
            || curl.header("cookie").is_some()
            || is_by_another_field(operation, curl)
            || in_query(curl)
        {
            continue;
        }
        let mut others = requests.calls.iter().filter(|other| other.is_own());
        let Some(other) = others.find_map(|other| place(other.example)) else {
            continue;
        };
        if habit.is_silent(operation) {
            return;
        }
        let range = curl.range.start..curl.range.start + 4;
        diagnostics.push(
            Diagnostic::new(
                &RULE,
                call.span(range),
                "the example sends no credentials, and one beside it sends some",
            )
            .label("sends no credentials")
            .help("send the same credentials in all examples")
            .related(other, "sent here")
            .subject("request.header.Authorization")
            .cause(Cause::on_page("beside")),
        );
    }
}

/// True if something in the query looks like credentials.
fn in_query(curl: &Curl) -> bool {
    curl.url.as_ref().is_some_and(|url| {
        url.query.iter().any(|pair| {
            let name = pair.name.value.to_ascii_lowercase();
            ["key", "token", "secret", "signature"]
                .iter()
                .any(|word| name.contains(word))
        })
    })
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

/// True if the command sends a header that the page documents as credentials of another kind: its text speaks of a token,
/// or of the header whose place it takes.
fn is_by_another_field(operation: &Operation, curl: &Curl) -> bool {
    const WORDS: &[&str] = &[
        "authorization",
        "instead",
        "token",
        "key",
        "code",
        "secret",
        "jeton",
        "clé",
        "schlüssel",
        "clave",
        "chave",
    ];
    let mut queries = operation.parameters_in(Location::Query);
    let is_in_query = queries.any(|it| {
        let text = it.field.description.to_lowercase();
        let is_other = ["authorization", "instead of", "alternative to"];
        is_other.iter().any(|word| text.contains(word)) && has_query(curl, &it.field.name.value)
    });
    let mut fields = operation.parameters_in(Location::Header);
    is_in_query
        || fields.any(|it| {
            let name = it.field.name.value.trim();
            let text = it.field.description.to_lowercase();
            let is_plain = name.eq_ignore_ascii_case("authorization")
                || name.to_ascii_lowercase().contains("idempotency");
            !is_plain && curl.header(name).is_some() && WORDS.iter().any(|word| text.contains(word))
        })
}

/// True if the sentence names the scheme or the header that the command authenticates with.
fn is_offered(said: &str, curl: &Curl) -> bool {
    let names = |word: &str| {
        let word = word.to_lowercase();
        let is_part = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
        said.split(|c: char| !is_part(c)).any(|it| it == word)
    };
    if curl.user.is_some() {
        return names("basic");
    }
    let mut headers = curl.headers.iter();
    headers.any(|header| {
        is_credential(&header.name.value)
            && match scheme_word(&header.value.value) {
                Some(scheme) => names(scheme),
                None => names(&header.name.value),
            }
    })
}

/// True if a field of the page documents the header that the command authenticates with, and names no other scheme.
fn is_of_field(operation: &Operation, curl: &Curl) -> bool {
    let mut fields = operation
        .parameters_in(Location::Header)
        .map(|it| &it.field);
    fields.any(|field| {
        let name = field.name.value.trim();
        let Some(header) = curl.header(name).filter(|_| is_credential(name)) else {
            return false;
        };
        let text = field.description.to_lowercase();
        let names = |word: &str| text.contains(&word.to_lowercase());
        let sent = scheme_word(&header.value.value);
        sent.is_none_or(names) || !["bearer", "basic"].into_iter().any(names)
    })
}

/// The word in front of what a header carries.
fn scheme_word(value: &str) -> Option<&str> {
    let mut words = value.split_whitespace();
    words.next().filter(|_| words.next().is_some())
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
    if curl.reads_headers {
        return true;
    }
    match scheme {
        AuthScheme::Bearer => authorization(curl).is_some_and(|value| starts(value, "bearer")),
        AuthScheme::Basic => {
            curl.user.is_some() || authorization(curl).is_some_and(|value| starts(value, "basic"))
        }
        AuthScheme::Header(name) => {
            curl.header(name).is_some()
                || curl.user.is_some() && name.eq_ignore_ascii_case("authorization")
        }
        AuthScheme::Query(name) => has_query(curl, name),
    }
}

fn has_query(curl: &Curl, name: &str) -> bool {
    let url = curl.url.as_ref();
    url.is_some_and(|url| url.query.iter().any(|pair| pair.name.value == *name))
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

/// The name of the documented credentials, if the body has them.
fn in_body<'s>(curl: &Curl, scheme: &'s AuthScheme) -> Option<&'s str> {
    let (AuthScheme::Query(name) | AuthScheme::Header(name)) = scheme else {
        return None;
    };
    let is_sent = match curl.body.as_ref()? {
        Body::Form(_, pairs) => pairs.iter().any(|pair| pair.name.value == *name),
        Body::Multipart(parts) => parts.iter().any(|part| part.name.value == *name),
        Body::Raw(text) => text.text().contains(&format!("\"{name}\"")),
        Body::File(_) | Body::Upload(_) => false,
    };
    is_sent.then_some(name)
}

fn diagnostic(call: &Call<'_>, curl: &Curl, scheme: &Fact<AuthScheme>) -> Diagnostic {
    let wanted = words(&scheme.value);
    let (message, range, label): (_, Range<usize>, _) = match credentials(curl) {
        Some((words, range)) => (
            format!("the example authenticates with {words}, and {wanted} is documented"),
            range,
            "another way to authenticate",
        ),
        None => match in_body(curl, &scheme.value) {
            Some(name) => (
                format!("the example sends `{name}` in the body, and {wanted} is documented"),
                curl.range.start..curl.range.start + 4,
                "sent in the body",
            ),
            None => (
                format!("the example sends no credentials, and {wanted} is documented"),
                curl.range.start..curl.range.start + 4,
                "sends no credentials",
            ),
        },
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
    let words = match scheme_word(&header.value.value) {
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
