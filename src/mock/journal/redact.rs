//! What of a request must not be shown: credentials, wherever they stand.

use http::HeaderName;
use http::header::{AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION, SET_COOKIE};
use serde_json::Value;

use crate::mock::message::Request;
use crate::mock::words;
use crate::model::is_credential;

/// What stands in the place of a secret.
pub(in crate::mock) const BLOT: &str = "[redacted]";

/// True for headers that carry credentials.
pub(super) fn is_secret_header(name: &HeaderName) -> bool {
    if *name == AUTHORIZATION
        || *name == COOKIE
        || *name == SET_COOKIE
        || *name == PROXY_AUTHORIZATION
    {
        return true;
    }
    // Nearly all headers are settled here, without a look at their spelling.
    let name = name.as_str();
    has_part(name.as_bytes()) && (is_credential(name) || is_secret(name))
}

/// True if a part that every name of a secret has stands in a name.
fn has_part(name: &[u8]) -> bool {
    (0..name.len()).any(|at| {
        let rest = name.get(at..).unwrap_or_default();
        // `key`, `token`, `secret`, `pass`, `auth`, `sig`, `cred`, `pin`, `otp`, `cvv`, and `cvc`.
        matches!(
            rest,
            [b'k', b'e', b'y', ..]
                | [b't', b'o', b'k', ..]
                | [b's', b'e', b'c', ..]
                | [b'p', b'a', b's', ..]
                | [b'a', b'u', b't', ..]
                | [b's', b'i', b'g', ..]
                | [b'c', b'r', b'e', ..]
                | [b'p', b'i', b'n', ..]
                | [b'o', b't', b'p', ..]
                | [b'c', b'v', ..]
        )
    })
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
pub(super) fn target(request: &Request) -> Box<str> {
    let (path, query) = (request.path(), request.query());
    if query.is_empty() {
        return path.into();
    }
    let pairs = query.split('&').map(|pair| match pair.split_once('=') {
        Some((name, _)) if is_secret(name) => format!("{name}={BLOT}"),
        _ => pair.to_owned(),
    });
    let pairs: Vec<_> = pairs.collect();
    format!("{path}?{}", pairs.join("&")).into_boxed_str()
}

/// A body as text, the values of secret members blotted out.
pub(super) fn body(text: &str) -> String {
    if let Ok(mut value) = serde_json::from_str::<Value>(text) {
        return if blot(&mut value) {
            value.to_string()
        } else {
            text.to_owned()
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
    unread(text)
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
