//! A run as an HTTP archive, HAR 1.2, which browsers and proxies show.
//!
//! What the form asks for and nobody measured is -1, as it says: <http://www.softwareishard.com/blog/har-12-spec/>.

use std::fmt::Write as _;
use std::io::{self, Write};

use serde_json::{Value, json};

use super::{Answered, Asked, Record, Sent};
use crate::report::write_json;

/// Writes one JSON document.
pub fn write(record: &Record, out: &mut dyn Write) -> io::Result<()> {
    let entries: Vec<_> = record.exchanges.iter().map(entry).collect();
    let archive = json!({"log": {
        "version": "1.2",
        "creator": {"name": "fieldproof", "version": record.program},
        "entries": entries,
    }});
    write_json(&archive, out)
}

fn entry(sent: &Sent) -> Value {
    let time = sent.milliseconds.unwrap_or_default();
    let started = sent.started.as_deref().unwrap_or("1970-01-01T00:00:00Z");
    let mut comment = format!("{}: {}", sent.operation, sent.check);
    if let Some(failure) = &sent.failure {
        comment = format!("{comment}; {failure}");
    }
    json!({
        "startedDateTime": started,
        "time": time,
        "request": request(&sent.request),
        "response": response(sent.response.as_ref()),
        "cache": {},
        "timings": {"send": 0, "wait": time, "receive": 0},
        "comment": comment,
    })
}

fn request(asked: &Asked) -> Value {
    let query = asked.url.split_once('?').map_or("", |(_, query)| query);
    let query = query.split('&').filter(|pair| !pair.is_empty());
    let query: Vec<_> = query
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            json!({"name": name, "value": value})
        })
        .collect();
    let mut request = json!({
        "method": asked.method,
        "url": uri(&asked.url),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": headers(&asked.headers),
        "queryString": query,
        "headersSize": -1,
        "bodySize": asked.body.as_ref().map_or(0, String::len),
    });
    if let (Some(body), Some(request)) = (&asked.body, request.as_object_mut()) {
        let media_type = header(&asked.headers, "content-type");
        let data = json!({"mimeType": media_type, "params": [], "text": body});
        request.insert("postData".to_owned(), data);
    }
    request
}

/// A URL without anything that a URI cannot hold: what could not be sent, or was left open by a page, is recorded, too.
fn uri(url: &str) -> String {
    let host = url.find("://").map_or(0, |at| at + 3);
    let path = url.get(host..).and_then(|rest| rest.find(['/', '?']));
    let path = path.map_or(url.len(), |at| host + at);
    let mut uri = String::with_capacity(url.len());
    for (at, character) in url.char_indices() {
        let is_escape = || {
            let digits = url.as_bytes().get(at + 1..at + 3);
            digits.is_some_and(|it| it.iter().all(u8::is_ascii_hexdigit))
        };
        let is_kept = match character {
            '%' => is_escape(),
            '[' | ']' => at < path,
            other => other.is_ascii_alphanumeric() || "-._~:/?#@!$&'()*+,;=".contains(other),
        };
        if is_kept {
            uri.push(character);
        } else {
            for byte in character.encode_utf8(&mut [0; 4]).bytes() {
                // Writing to a string cannot fail.
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri
}

fn response(answered: Option<&Answered>) -> Value {
    let nothing = Answered::default();
    let answered = answered.unwrap_or(&nothing);
    let phrase = crate::conform::message::describe_status(answered.status);
    let phrase = phrase.split_once(' ').map_or("", |(_, phrase)| phrase);
    json!({
        "status": answered.status,
        "statusText": phrase,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": headers(&answered.headers),
        "content": {
            "size": answered.size,
            "mimeType": header(&answered.headers, "content-type"),
            "text": answered.body,
        },
        "redirectURL": header(&answered.headers, "location"),
        "headersSize": -1,
        "bodySize": answered.size,
    })
}

fn headers(headers: &[(String, String)]) -> Vec<Value> {
    let headers = headers.iter();
    headers
        .map(|(name, value)| json!({"name": name, "value": value}))
        .collect()
}

fn header<'h>(headers: &'h [(String, String)], name: &str) -> &'h str {
    let mut headers = headers.iter();
    let header = headers.find(|(known, _)| known.eq_ignore_ascii_case(name));
    header.map_or("", |(_, value)| value)
}
