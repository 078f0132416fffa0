//! The headers that pages document for an answer, with values that their names and texts suggest.

use http::header::{HeaderName, HeaderValue, SET_COOKIE};
use serde_json::Value;

use crate::model::answer::{headers_of, holds};
use crate::model::{Operation, ResponseHeader};

use super::{generate, samples, words};

/// The headers that an answer of that status has beside those that the mock sets itself.
pub(super) fn headers(
    operation: &Operation,
    code: u16,
    body: Option<&Value>,
) -> Vec<(HeaderName, HeaderValue)> {
    let documented = headers_of(operation, code).into_iter();
    let sent = documented.filter(|header| !header.is_optional);
    let sent = sent.filter_map(|header| {
        let name: HeaderName = header.name.value.parse().ok()?;
        let value = value(operation, header, name.as_str(), body)?;
        Some((name, HeaderValue::from_str(&value).ok()?))
    });
    let mut headers: Vec<_> = sent.collect();
    let is_set = |(name, _): &(HeaderName, HeaderValue)| *name == SET_COOKIE;
    if (200..300).contains(&code) && !headers.iter().any(is_set) {
        let cookie = remarked_cookie(operation).map(|name| cookie(operation, name));
        let cookie = cookie.and_then(|value| HeaderValue::from_str(&value).ok());
        headers.extend(cookie.map(|value| (SET_COOKIE, value)));
    }
    headers
}

/// The name of the cookie that a sentence says is set: "Sets the cookie `sid`."
fn remarked_cookie(operation: &Operation) -> Option<&str> {
    let remarks = operation.remarks.iter().map(|it| it.value.as_str());
    let mut texts = remarks.chain(operation.description.as_deref());
    texts.find_map(|text| {
        let (_, rest) = ["Sets ", "sets ", "set as "]
            .iter()
            .find_map(|it| text.split_once(it))?;
        let (before, rest) = rest.split_once('`')?;
        let words = before.split_whitespace().count();
        let is_cookie = before.to_ascii_lowercase().contains("cookie") && words < 6;
        let (name, _) = rest.split_once('`').filter(|_| is_cookie)?;
        cookie_name(name)
    })
}

/// The name in front of a value, or alone.
fn cookie_name(text: &str) -> Option<&str> {
    let text = text.strip_prefix("Set-Cookie:").unwrap_or(text).trim();
    let name = text.split(['=', ';']).next()?.trim();
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
    (!name.is_empty() && name.bytes().all(is_name)).then_some(name)
}

/// A value for a cookie.
fn cookie(operation: &Operation, name: &str) -> String {
    let seed = words::hash(words::hash(words::SEED, &operation.name()), name);
    format!("{name}={seed:016x}; Path=/; HttpOnly")
}

/// The cookie that the text of a header shows in code: as a whole, or its name.
fn told_cookie(operation: &Operation, header: &ResponseHeader) -> Option<String> {
    let mut code = header.description.split('`').skip(1).step_by(2);
    let told = code.find(|it| it.contains('='))?;
    let told = told.strip_prefix("Set-Cookie:").unwrap_or(told).trim();
    let name = cookie_name(told)?;
    let is_whole = !told.contains(['{', '<', '…']) && !told.contains("...");
    Some(if is_whole {
        told.to_owned()
    } else {
        cookie(operation, name)
    })
}

/// The value that the page shows, where that may be the same for all.
fn shown(header: &ResponseHeader, name: &str) -> Option<String> {
    let is_free = !is_own(name) || name == "content-disposition";
    let shown = header.shown.as_ref().filter(|_| is_free)?;
    let is_whole = !shown.contains(['{', '<', '…']) && !shown.contains("...");
    (is_whole && holds(header, shown)).then(|| shown.clone())
}

/// What HTTP itself gives a meaning to is not made up.
fn is_own(name: &str) -> bool {
    let names = [
        "allow",
        "connection",
        "date",
        "etag",
        "keep-alive",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "vary",
        "www-authenticate",
    ];
    names.contains(&name) || name.starts_with("content-") || name.starts_with("access-control-")
}

fn value(
    operation: &Operation,
    header: &ResponseHeader,
    name: &str,
    body: Option<&Value>,
) -> Option<String> {
    if let Some(shown) = shown(header, name) {
        return Some(shown);
    }
    if is_own(name) {
        return None;
    }
    if name == "set-cookie" {
        let shown = header.shown.as_deref().and_then(cookie_name);
        let named = shown.or_else(|| remarked_cookie(operation));
        let named = named.map(|name| cookie(operation, name));
        let told = told_cookie(operation, header).or(named);
        return Some(told.unwrap_or_else(|| cookie(operation, "session")));
    }
    let constraints = header.shape.as_ref().map(|shape| &shape.constraints);
    let stated = constraints.and_then(|it| {
        let allowed = it.allowed.as_ref().and_then(|it| it.value.first());
        it.constant.as_ref().map(|it| &it.value).or(allowed)
    });
    if let Some(stated) = stated {
        return Some(plain(stated));
    }
    if let Some(sample) = samples::in_text(&header.description).last() {
        return Some(plain(sample));
    }
    let seed = words::hash(words::hash(words::SEED, &operation.name()), name);
    let bare = name.strip_prefix("x-").unwrap_or(name);
    // The type of the page goes before what a name suggests.
    let usual = usual(operation, bare, body, seed).filter(|value| holds(header, value));
    Some(usual.unwrap_or_else(|| generate::of_header(header, bare, seed)))
}

/// What a header of such a name mostly holds.
fn usual(operation: &Operation, bare: &str, body: Option<&Value>, seed: u64) -> Option<String> {
    Some(match bare {
        "location" | "content-location" => location(operation, body),
        "retry-after" => "30".to_owned(),
        "link" => format!("<{}?page=2>; rel=\"next\"", operation.joined_path()),
        "cache-control" => "no-store".to_owned(),
        "last-modified" => "Wed, 01 Jan 2025 09:00:00 GMT".to_owned(),
        _ if bare.ends_with("limit") => "100".to_owned(),
        _ if bare.ends_with("remaining") => "99".to_owned(),
        _ if bare.ends_with("reset") => "60".to_owned(),
        _ if is_count(bare) => body.and_then(items).unwrap_or(1).to_string(),
        _ if bare.ends_with("id") => format!("req_{seed:016x}"),
        _ => return None,
    })
}

fn is_count(name: &str) -> bool {
    ["count", "total", "pages", "page", "items"]
        .iter()
        .any(|word| name.ends_with(word))
}

/// How many items the body has: as a list, or in its only list.
fn items(body: &Value) -> Option<usize> {
    let list = |value: &Value| value.as_array().map(Vec::len);
    list(body).or_else(|| body.as_object()?.values().find_map(list))
}

/// Where what was made is to be found.
fn location(operation: &Operation, body: Option<&Value>) -> String {
    let path = operation.joined_path();
    let path: Vec<&str> = path.split('/').collect();
    // What stands for a parameter is not known before a request comes.
    let path: Vec<&str> = path
        .into_iter()
        .map(|segment| {
            if segment.contains('{') || segment.starts_with(':') {
                "1"
            } else {
                segment
            }
        })
        .collect();
    let id = body.and_then(|body| {
        let inner = body.get("data").or_else(|| body.get("result"));
        inner.and_then(|it| it.get("id")).or_else(|| body.get("id"))
    });
    let id = id.map_or_else(|| "1".to_owned(), plain);
    let id: String = id
        .chars()
        .filter(|it| it.is_ascii_graphic() && *it != '/')
        .collect();
    format!("{}/{id}", path.join("/").trim_end_matches('/'))
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
