//! What pages do not forbid: every service can answer in these ways, and none of them is a fault.

use std::io::Write;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Map, Value};

use super::seed::Seed;
use super::wire::{Content, Reply, Request};

/// The names of what is here, in groups of what does not get in the way of each other.
pub(crate) const VARIATIONS: &[&[&str]] = &[
    &["members in another order", "further headers", "a charset"],
    &[
        "integers as 1.0",
        "other words in errors",
        "a media type in capitals",
    ],
    &[
        "white space in JSON",
        "a cookie",
        "gzip where it is accepted",
    ],
    &[
        "escaped characters in JSON",
        "slow answers",
        "no keep-alive",
    ],
];

/// The reply in another form, and how long it takes.
pub(crate) fn vary(reply: Reply, request: &Request, seed: &Seed) -> (Reply, Option<Duration>) {
    let mut reply = reply;
    if seed.is("further headers") {
        reply = reply
            .with("x-powered-by", "fairy dust")
            .with("x-request-id", "0b1c")
            .with("cache-control", "no-store")
            .with("vary", "accept");
    }
    if seed.is("a cookie") {
        reply = reply.with("set-cookie", "visit=1; Path=/");
    }
    if seed.is("no keep-alive") {
        reply = reply.with("connection", "close");
    }
    let is_json = matches!(reply.body, Content::Json(_));
    if is_json && seed.is("a charset") {
        reply = reply.with("content-type", "application/json; charset=utf-8");
    }
    if is_json && seed.is("a media type in capitals") {
        reply = reply.with("content-type", "Application/JSON");
    }
    if seed.is("other words in errors") && reply.status >= 400 {
        reply = reply.edit(replace_words);
    }
    let is_slow = seed.is("slow answers") && request.method == "GET";
    (reply, is_slow.then_some(Duration::from_millis(30)))
}

fn replace_words(value: &mut Value) {
    for (name, member) in value.as_object_mut().into_iter().flatten() {
        if name == "message" && member.is_string() {
            *member = Value::from("Sorry, this did not work out.");
        }
        replace_words(member);
    }
}

/// The text of a body.
pub(crate) fn json_text(value: &Value, seed: &Seed) -> String {
    if seed.is("members in another order") {
        return reversed(value).to_string();
    }
    if seed.is("integers as 1.0") {
        return with_fractions(value).to_string();
    }
    if seed.is("white space in JSON") {
        return format!("\n{value:#}\n");
    }
    let text = value.to_string();
    if seed.is("escaped characters in JSON") {
        let escaped = text.replace('e', "\\u0065");
        return escaped
            .replace("tru\\u0065", "true")
            .replace("fals\\u0065", "false");
    }
    text
}

fn reversed(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.iter().rev();
            let members = members.map(|(name, member)| (name.clone(), reversed(member)));
            Value::Object(members.collect::<Map<_, _>>())
        }
        Value::Array(items) => items.iter().map(reversed).collect(),
        other => other.clone(),
    }
}

fn with_fractions(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.iter();
            let members = members.map(|(name, member)| (name.clone(), with_fractions(member)));
            Value::Object(members.collect::<Map<_, _>>())
        }
        Value::Array(items) => items.iter().map(with_fractions).collect(),
        Value::Number(number) => number.as_f64().map_or(Value::Null, Value::from),
        other => other.clone(),
    }
}

/// The body as it is sent, and its encoding.
pub(crate) fn encoded(
    bytes: Vec<u8>,
    request: &Request,
    seed: &Seed,
) -> (Vec<u8>, Option<&'static str>) {
    let accepted = request.header("accept-encoding").unwrap_or_default();
    if bytes.is_empty() || !accepted.contains("gzip") || !seed.is("gzip where it is accepted") {
        return (bytes, None);
    }
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(&bytes).unwrap();
    (encoder.finish().unwrap(), Some("gzip"))
}
