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

use crate::mock::header;
use crate::mock::message::Request;
use crate::mock::words;
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
    is_known || is_credential(name.as_str()) || is_secret(name.as_str())
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
const NAMES: [&str; 8] = [
    "key",
    "auth",
    "pin",
    "otp",
    "cvv",
    "cvc",
    "sig",
    "authorization",
];

/// True for a name of a parameter or member whose value is a secret.
pub(in crate::mock) fn is_secret(name: &str) -> bool {
    let name = words::folded(name);
    // A token of a page says where a list goes on.
    let is_place = ["page", "next", "previous", "continuation", "sync"]
        .iter()
        .any(|start| name.starts_with(start));
    NAMES.contains(&name.as_str()) || !is_place && ENDS.iter().any(|end| name.ends_with(end))
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
