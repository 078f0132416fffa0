//! What of a request must not be shown: credentials, wherever they stand.

use std::borrow::Cow;

use http::HeaderName;
use http::header::{
    ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, ACCESS_CONTROL_ALLOW_CREDENTIALS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, AUTHORIZATION, CONNECTION,
    CONTENT_LENGTH, CONTENT_TYPE, COOKIE, ETAG, HOST, ORIGIN, PROXY_AUTHORIZATION, REFERER,
    SET_COOKIE, USER_AGENT, VARY,
};
use serde_json::Value;

use crate::mock::message::Request;
use crate::mock::{form, header, words};
use crate::model::is_credential;

/// What stands in the place of a secret.
pub(in crate::mock) const BLOT: &str = "[redacted]";

/// Headers of nearly every exchange: they are settled without a look at their spelling.
static HARMLESS: [HeaderName; 16] = [
    HOST,
    ACCEPT,
    USER_AGENT,
    CONTENT_TYPE,
    CONTENT_LENGTH,
    VARY,
    header::SOURCE,
    ACCEPT_ENCODING,
    ACCEPT_LANGUAGE,
    CONNECTION,
    ORIGIN,
    REFERER,
    ETAG,
    ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_ALLOW_CREDENTIALS,
    ACCESS_CONTROL_EXPOSE_HEADERS,
];

/// True for headers that carry credentials.
pub(super) fn is_secret_header(name: &HeaderName) -> bool {
    if HARMLESS.contains(name) {
        return false;
    }
    let is_known = *name == AUTHORIZATION
        || *name == COOKIE
        || *name == SET_COOKIE
        || *name == PROXY_AUTHORIZATION;
    let is_own = || {
        let parts = words::parts(name.as_str());
        let last = parts.last().map_or("", String::as_str);
        matches!(last, "auth" | "session" | "sid" | "credentials")
    };
    is_known || is_credential(name.as_str()) || is_secret(name.as_str()) || is_own()
}

/// Words that end the names of secrets.
const ENDS: [&str; 11] = [
    "apikey",
    "token",
    "secret",
    "password",
    "passwd",
    "passphrase",
    "credential",
    "credentials",
    "signature",
    "privatekey",
    "accesskey",
];

/// Names that are secrets as a whole.
const NAMES: [&str; 12] = [
    "key",
    "auth",
    "pin",
    "otp",
    "cvv",
    "cvc",
    "sig",
    "authorization",
    "session",
    "sid",
    "jsessionid",
    "phpsessid",
];

/// What stands before `key` in the names of keys that are no secrets.
const OPEN_KEYS: [&str; 24] = [
    "cache",
    "column",
    "dedup",
    "dedupe",
    "deduplication",
    "distinct",
    "foreign",
    "group",
    "idempotence",
    "idempotency",
    "idempotent",
    "index",
    "map",
    "message",
    "object",
    "order",
    "partition",
    "primary",
    "public",
    "publishable",
    "row",
    "routing",
    "sort",
    "translation",
];

/// True for a name of a parameter or member whose value is a secret.
pub(in crate::mock) fn is_secret(name: &str) -> bool {
    let parts = &words::parts(name);
    let name = words::folded(name);
    // A token of a page says where a list goes on.
    let is_place = ["page", "next", "previous", "continuation", "sync"]
        .iter()
        .any(|start| name.starts_with(start));
    let is_end = || ENDS.iter().any(|end| name.ends_with(end)) || is_key(parts);
    NAMES.contains(&name.as_str()) || !is_place && is_end()
}

/// True for `scan_key` and `X-App-Key`: a key of whatever product, unless it is one to find things by.
fn is_key(parts: &[String]) -> bool {
    match parts {
        [.., before, last] => last == "key" && !OPEN_KEYS.contains(&before.as_str()),
        _ => false,
    }
}

/// Path and query, the values of secret parameters blotted out.
pub fn target(request: &Request) -> Cow<'_, str> {
    let (path, query) = (request.path(), request.query());
    if query.is_empty() {
        return path.into();
    }
    let pairs = query.split('&').map(|pair| match pair.split_once('=') {
        Some((name, _)) if is_secret(name) => format!("{name}={BLOT}"),
        _ => pair.to_owned(),
    });
    let pairs: Vec<_> = pairs.collect();
    format!("{path}?{}", pairs.join("&")).into()
}

/// A body as text, the values of secret members blotted out.
pub(super) fn body(text: &str) -> String {
    if let Ok(mut value) = serde_json::from_str::<Value>(text) {
        return if blot(&mut value) {
            without_passwords(&value.to_string())
        } else {
            without_passwords(text)
        };
    }
    if let Some(shown) = multipart(text) {
        return shown;
    }
    let is_form = text.contains('=') && !text.contains([' ', '\n', '{', '<']);
    if is_form {
        let pairs = text.split('&').map(|pair| match pair.split_once('=') {
            Some((name, _)) if is_secret(name) => format!("{name}={BLOT}"),
            _ => pair.to_owned(),
        });
        return pairs.collect::<Vec<_>>().join("&");
    }
    unread(&without_passwords(text))
}

/// A form in parts, of which those with secret names are blotted out; `None` if it is none.
fn multipart(text: &str) -> Option<String> {
    let first = text.split('\n').next()?.trim_end();
    let is_form = first.len() > 2 && first.starts_with("--");
    if !is_form || !text.to_ascii_lowercase().contains("content-disposition:") {
        return None;
    }
    let part = |part: &str| {
        let end = ["\r\n\r\n", "\n\n"];
        let end = end.iter().find_map(|it| Some((part.find(it)?, it.len())));
        let (head, content) = end.and_then(|(at, length)| part.split_at_checked(at + length))?;
        let line = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            let is_it = name.trim().eq_ignore_ascii_case("content-disposition");
            is_it.then_some(value)
        })?;
        let rest = content.trim_end_matches(['\r', '\n']);
        let line_end = content.get(rest.len()..)?;
        let is_file = form::parameter(line, "filename").is_some();
        let shown = match form::parameter(line, "name") {
            Some(name) if is_secret(&name) && !is_file => BLOT.to_owned(),
            _ if rest.starts_with(['{', '[']) => body(rest),
            _ => without_passwords(rest),
        };
        Some(format!("{head}{shown}{line_end}"))
    };
    let parts = text.split(first);
    let shown = parts.map(|it| part(it).unwrap_or_else(|| it.to_owned()));
    Some(shown.collect::<Vec<_>>().join(first))
}

/// The text with the passwords in its URLs blotted out: `https://user:password@example.com`.
fn without_passwords(text: &str) -> String {
    let mut parts = text.split("://");
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        shown.push_str("://");
        let is_end = |it: char| it.is_whitespace() || "/?#\"'\\<>".contains(it);
        let authority = part.split(is_end).next().unwrap_or_default();
        let user = authority
            .rsplit_once('@')
            .and_then(|(info, _)| info.split_once(':'));
        match (user, part.get(authority.len()..)) {
            (Some((user, _)), Some(rest)) => {
                let host = authority.rsplit('@').next().unwrap_or_default();
                shown.extend([user, ":", BLOT, "@", host, rest]);
            }
            _ => shown.push_str(part),
        }
    }
    shown
}

/// Text that is not read, such as JSON that was cut: the string after each secret name is blotted out.
fn unread(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut parts = text.split('"');
    shown.push_str(parts.next().unwrap_or_default());
    let mut hides = false;
    let mut is_string = true;
    for part in parts {
        shown.push('"');
        if is_string && hides {
            shown.push_str(BLOT);
            hides = false;
        } else {
            shown.push_str(part);
            let is_colon = part.trim() == ":";
            hides = if is_string {
                is_secret(part)
            } else {
                hides && is_colon
            };
        }
        is_string = !is_string;
    }
    shown
}

/// Blots out the secret members; true if there were any.
fn blot(value: &mut Value) -> bool {
    match value {
        Value::Object(members) => {
            let mut found = false;
            for (name, value) in members {
                if is_secret(name) && (value.is_string() || value.is_number()) {
                    *value = BLOT.into();
                    found = true;
                } else {
                    found |= blot(value);
                }
            }
            found
        }
        Value::Array(items) => {
            let mut found = false;
            for item in items {
                found |= blot(item);
            }
            found
        }
        _ => false,
    }
}
