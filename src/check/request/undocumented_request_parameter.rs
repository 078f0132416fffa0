//! A curl command sends a query parameter, a header, or a body that no field documents.
//!
//! Members of a documented body are another rule's matter: `undocumented-member`.

use crate::diagnostic::{Cause, Diagnostic, Rule, Severity};
use crate::model::curl::{Body, Curl};
use crate::model::{AuthScheme, Field, Location, Operation, Origin, is_credential};

use super::habit::Habit;
use super::misplaced_request_parameter;
use super::parameters::{self, Place};
use super::{Call, Requests};

pub(in crate::check) static RULE: Rule = Rule {
    name: "undocumented-request-parameter",
    severity: Severity::Warning,
    summary: "a curl command sends something that no field documents",
};

/// True for what is found of a parameter of the query that no field documents.
pub(in crate::check) fn is_of_query(diagnostic: &Diagnostic) -> bool {
    let subject = diagnostic.subject.as_deref();
    diagnostic.rule.name == RULE.name && subject.is_some_and(|it| it.starts_with("request.query."))
}

pub(super) fn check(requests: &Requests<'_>, habit: &Habit<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let operation = requests.operation;
    // A page that documents nothing that is sent does not say that nothing is sent, and an OpenAPI file may say more.
    let origin = operation.endpoint.evidence.origin;
    if !parameters::documents_any(operation) || origin == Origin::Config {
        return;
    }
    // Nor does one that says where the rest is documented.
    let text = &operation.sent_in_text;
    let lists_all = text.elsewhere.is_none();
    for (call, curl) in requests.own() {
        if lists_all {
            query(call, curl, operation, diagnostics);
        }
        headers(call, curl, operation, habit, diagnostics);
        if lists_all && text.body.is_none() {
            diagnostics.extend(body(call, curl, operation));
        }
    }
}

fn query(call: &Call<'_>, curl: &Curl, operation: &Operation, diagnostics: &mut Vec<Diagnostic>) {
    let place = Place::Parameter(Location::Query);
    let fixed = operation
        .endpoint
        .value
        .query
        .as_deref()
        .unwrap_or_default();
    let mut seen: Vec<&str> = Vec::new();
    for pair in parameters::query(curl) {
        let name = pair.name.value.as_str();
        if seen.contains(&name) {
            continue;
        }
        seen.push(name);
        let is_fixed = fixed
            .split('&')
            .any(|pair| pair.split('=').next() == Some(name));
        let is_known = parameters::documented(operation, place, name).is_some()
            || misplaced_request_parameter::other_place_of(operation, place, name).is_some()
            || is_modified(operation, name)
            || has_operator(operation, name);
        let is_known = is_known && !is_unknown_inside(operation, name);
        if is_fixed || is_known || is_secret(operation, name) {
            continue;
        }
        let message = format!("the query parameter `{name}` is sent and not documented");
        let diagnostic = Diagnostic::new(&RULE, call.span(pair.name.range.clone()), message)
            .label("no field documents it")
            .help(help(operation, name))
            .subject(format!("request.query.{name}"))
            .cause(cause("query parameters", name));
        diagnostics.push(diagnostic);
    }
}

/// True for `price[above]` where the members of `price` are documented, and `above` is none of them.
fn is_unknown_inside(operation: &Operation, name: &str) -> bool {
    let Some((base, inner)) = name.strip_suffix(']').and_then(|it| it.split_once('[')) else {
        return false;
    };
    let fields = operation.parameters_in(Location::Query);
    let fields: Vec<&Field> = fields.map(|it| &it.field).collect();
    let is_whole = |it: &str| it == name || it.split_once('[').is_some_and(|(own, _)| own == base);
    if fields.iter().any(|it| is_whole(it.name.value.trim())) {
        return false;
    }
    let mut fields = fields.into_iter();
    let field = fields.find(|it| it.name.value.trim() == base);
    let is_word = !inner.is_empty() && inner.chars().all(|c| c.is_ascii_alphabetic() || c == '_');
    is_word
        && field.is_some_and(|field| {
            let mut names = field.children.iter().map(|it| it.name.value.trim());
            !field.children.is_empty()
                && names.all(|it| it != inner && it != name && !it.contains(['{', '<', '*']))
                && !field.description.contains(inner)
        })
}

/// True for a documented name with an operator behind it, `price[lt]` or `price__lt`, whose field speaks of operators, or
/// has that one as a word.
fn has_operator(operation: &Operation, name: &str) -> bool {
    const WORDS: &[&str] = &["operator", "comparison", "filtering", "modifier", "suffix"];
    let split = |name: &str| {
        let inner = name.strip_suffix(']').and_then(|it| it.split_once('['));
        let (base, operator) = inner.or_else(|| name.split_once("__"))?;
        Some((base.to_owned(), operator.to_ascii_lowercase()))
    };
    let Some((base, operator)) = split(name) else {
        return false;
    };
    let mut parameters = operation.parameters_in(Location::Query);
    parameters.any(|parameter| {
        let own = parameter.field.name.value.trim();
        let text = parameter.field.description.to_lowercase();
        let mut words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
        (own == base || split(own).is_some_and(|(other, _)| other == base))
            && (WORDS.iter().any(|word| text.contains(word))
                || words.any(|word| word.trim_matches('_') == operator))
    })
}

/// True for a documented name with something before or behind it that the text of its field shows: `family:exact`.
fn is_modified(operation: &Operation, name: &str) -> bool {
    let mut parameters = operation.parameters_in(Location::Query);
    parameters.any(|parameter| {
        let own = parameter.field.name.value.trim();
        let rest = name.strip_prefix(own).or_else(|| name.strip_suffix(own));
        let codes = || parameter.field.description.split('`').skip(1).step_by(2);
        rest.is_some_and(|rest| !own.is_empty() && !rest.is_empty() && codes().any(|it| it == rest))
    })
}

fn help(operation: &Operation, name: &str) -> String {
    let names = operation
        .parameters_in(Location::Query)
        .map(|parameter| parameter.field.name.value.as_str());
    let near = names
        .map(|known| (similar::TextDiff::from_chars(known, name).ratio(), known))
        .filter(|(likeness, _)| *likeness > 0.6)
        .max_by(|one, other| one.0.total_cmp(&other.0));
    match near {
        Some((_, known)) => format!("`{known}` is documented: use one name in both places"),
        None => format!("document `{name}` with a field, or do not send it"),
    }
}

/// True for what authenticates.
fn is_secret(operation: &Operation, name: &str) -> bool {
    let is_scheme = operation
        .auth
        .schemes
        .iter()
        .any(|scheme| matches!(&scheme.value, AuthScheme::Query(own) if own == name));
    let lower = name.to_ascii_lowercase();
    is_scheme
        || is_credential(&lower.replace('_', "-"))
        || ["key", "token", "secret", "auth"]
            .iter()
            .any(|word| lower.ends_with(word))
}

/// Headers count only on pages that document headers beyond credentials.
fn headers(
    call: &Call<'_>,
    curl: &Curl,
    operation: &Operation,
    habit: &Habit<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let documents_headers = operation
        .parameters_in(Location::Header)
        .any(|parameter| !is_credential(&parameter.field.name.value));
    if !documents_headers {
        return;
    }
    for header in curl.headers.iter().filter(|header| !header.implied) {
        let name = header.name.value.as_str();
        let place = Place::Parameter(Location::Header);
        let is_scheme = operation.auth.schemes.iter().any(
            |scheme| matches!(&scheme.value, AuthScheme::Header(own) if own.eq_ignore_ascii_case(name)),
        );
        let is_known = parameters::documented(operation, place, name).is_some()
            || is_scheme
            || is_standard(name)
            || habit.names_header(name)
            || is_secret(operation, name);
        if is_known || name.is_empty() {
            continue;
        }
        let message = format!("the header `{name}` is sent and not documented");
        let diagnostic = Diagnostic::new(&RULE, call.span(header.name.range.clone()), message)
            .label("no field documents it")
            .help(format!("document `{name}` with a field, or do not send it"))
            .subject(format!("request.header.{name}"))
            .cause(cause("headers", name));
        diagnostics.push(diagnostic);
    }
}

/// Headers of HTTP itself, which no page needs to list.
fn is_standard(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.starts_with("accept")
        || name.starts_with("if-")
        || matches!(
            name.as_str(),
            "content-type"
                | "content-length"
                | "content-encoding"
                | "user-agent"
                | "host"
                | "origin"
                | "referer"
                | "cookie"
                | "cache-control"
                | "connection"
                | "pragma"
                | "range"
        )
}

/// A body where only other parameters are documented.
fn body(call: &Call<'_>, curl: &Curl, operation: &Operation) -> Option<Diagnostic> {
    if operation.body.is_some() || is_told_by_header(curl, operation) {
        return None;
    }
    let range = match curl.body.as_ref()? {
        Body::Raw(text) | Body::Form(text, _) => {
            let content = text.text().trim();
            if content.is_empty() || matches!(content, "{}" | "[]" | "null") {
                return None;
            }
            text.range(0..text.text().len())
        }
        Body::Multipart(parts) => parts.first()?.range.clone(),
        Body::File(_) | Body::Upload(_) => return None,
    };
    let place = Place::Body;
    let names = parameters::body_names(curl).unwrap_or_default();
    let is_elsewhere = names
        .iter()
        .any(|name| misplaced_request_parameter::other_place_of(operation, place, name).is_some());
    if is_elsewhere {
        return None;
    }
    let first = range.start..range.start + 1;
    Some(
        Diagnostic::new(
            &RULE,
            call.span(first),
            "a body is sent, and no field documents one",
        )
        .label("no field documents it")
        .help("document its members with `<ParamField body=\"…\">`, or do not send it")
        .subject("request.body")
        .cause(Cause::on_page("body")),
    )
}

/// True if a field documents the media type of a body, or if the body is one that has no members.
fn is_told_by_header(curl: &Curl, operation: &Operation) -> bool {
    let mut headers = operation.parameters_in(Location::Header);
    let is_documented = headers.any(|header| {
        header
            .field
            .name
            .value
            .trim()
            .eq_ignore_ascii_case("content-type")
    });
    let media = curl.content_type().unwrap_or_default().to_ascii_lowercase();
    let has_members = media.is_empty()
        || ["json", "form"].iter().any(|it| media.contains(it)) && !media.contains("ndjson");
    is_documented || !has_members
}

fn cause(kind: &str, name: &str) -> Cause {
    Cause::on_page(kind).of(
        format!("`{name}`"),
        format!("the {kind} {{}} are sent and not documented"),
        "document them with fields, or do not send them",
    )
}
