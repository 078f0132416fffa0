//! The journal as JSON, the newest request first.

use std::io::Read as _;

use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use serde_json::{Map, Value, json};

use super::{Entry, Journal, headers, redact};
use crate::mock::{form, header, problem};

/// Which entries are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Selection {
    /// The greatest number of entries.
    limit: usize,
    /// Only entries from that number on.
    since: u64,
    /// Only requests that no page documents.
    unmatched: bool,
    /// Only requests with something wrong.
    violating: bool,
    /// Only requests whose answers are not as documented.
    drifting: bool,
    /// Only requests of that operation.
    operation: Option<String>,
}

impl Selection {
    /// Reads the query of a request for the journal; an error says what is wrong with it.
    pub(crate) fn of(query: &str) -> Result<Self, String> {
        let mut selection = Self {
            limit: 100,
            since: 0,
            unmatched: false,
            violating: false,
            drifting: false,
            operation: None,
        };
        let number = |key: &str, value: &str| {
            let number = value.parse::<u64>();
            number.map_err(|_| format!("`{key}` takes a number, and is `{value}`"))
        };
        for (key, value) in form::pairs(query) {
            match key.as_str() {
                "limit" => {
                    let limit = number(&key, &value)?;
                    selection.limit = usize::try_from(limit).unwrap_or(usize::MAX);
                }
                "since" => selection.since = number(&key, &value)?,
                "unmatched" => selection.unmatched = value != "false",
                "violating" => selection.violating = value != "false",
                "drifting" => selection.drifting = value != "false",
                "operation" => selection.operation = Some(value),
                _ => {
                    return Err(format!(
                        "`{key}` is not known; there are limit, since, unmatched, violating, drifting, and operation"
                    ));
                }
            }
        }
        Ok(selection)
    }

    fn takes(&self, entry: &Entry) -> bool {
        let operation = self.operation.as_deref();
        entry.number >= self.since
            && (!self.unmatched || entry.is_unmatched())
            && (!self.drifting || entry.is_drifting())
            && operation.is_none_or(|it| entry.is_of(it))
    }
}

impl Journal {
    /// The entries that are asked for, the newest first, and the number of the next one.
    pub(crate) fn to_json(&self, selection: &Selection) -> Value {
        let entries = self.entries.iter().rev();
        let shown = entries
            .filter(|entry| selection.takes(entry))
            .map(Entry::to_json)
            .filter(|entry| {
                !selection.violating
                    || entry["violations"]
                        .as_array()
                        .is_some_and(|it| !it.is_empty())
            });
        json!({
            "requests": shown.take(selection.limit).collect::<Vec<_>>(),
            "kept": self.entries.len(),
            "next": self.next,
        })
    }
}

impl Entry {
    fn to_json(&self) -> Value {
        let encoding = self.answer_header(&CONTENT_ENCODING);
        let answer = decoded(encoding.as_deref(), &self.answer_body);
        let is_problem = self.answer_header(&CONTENT_TYPE).as_deref() == Some(problem::MEDIA_TYPE);
        let problem = if is_problem {
            serde_json::from_slice(&answer).unwrap_or_default()
        } else {
            Value::Null
        };
        let nearest = problem.get("nearest").cloned();
        json!({
            "id": self.number,
            "time": time(self.at),
            "method": self.method.as_str(),
            "target": self.text.target(),
            "status": self.status.as_u16(),
            "microseconds": u64::try_from(self.took.as_micros()).unwrap_or(u64::MAX),
            "operation": self.operation.as_deref(),
            "source": self.source(),
            "reason": self.reason.as_deref(),
            "violations": self.violations(&problem),
            "drift": self.drift(),
            "unjudged": self.passed.as_ref().and_then(|it| it.unjudged),
            "nearest": nearest.unwrap_or_else(|| json!([])),
            "request": side(self.text.head(), self.text.body(), self.length),
            "response": side(self.text.answer_head(), &answer, self.answer_length),
        })
    }

    /// True for the operation of that name, and for its method and path below that of its server.
    fn is_of(&self, wanted: &str) -> bool {
        let Some(operation) = self.operation.as_deref() else {
            return false;
        };
        let (own, other) = (operation.split_once(' '), wanted.split_once(' '));
        let is_below = own
            .zip(other)
            .is_some_and(|((method, path), (wanted, whole))| {
                method == wanted && path.starts_with('/') && whole.ends_with(path)
            });
        operation == wanted || is_below
    }

    /// True if the server behind the mock was not as documented.
    fn is_drifting(&self) -> bool {
        self.passed.as_ref().is_some_and(|it| !it.drifts.is_empty())
    }

    /// In which ways it was not; null if the request was not passed on.
    fn drift(&self) -> Value {
        let Some(passed) = &self.passed else {
            return Value::Null;
        };
        passed.drifts.iter().map(|(it, _)| it.to_json()).collect()
    }

    /// All that is wrong with the request: as the problem details say it, else as the headers do.
    fn violations(&self, problem: &Value) -> Value {
        if let Some(passed) = &self.passed
            && self.answer_header(&header::FALLBACK).is_none()
        {
            return passed.violations.clone().into();
        }
        let code = problem.get("code").and_then(Value::as_str);
        if code.is_some_and(|code| code.starts_with("made-to-")) {
            // Nobody says that the request is wrong.
            return json!([]);
        }
        if let Some(errors) = problem.get("errors") {
            return errors.clone();
        }
        let lines = headers(self.text.answer_head())
            .filter(|(name, _)| name == header::VIOLATION.as_str())
            .map(|(_, line)| json!({ "message": line }));
        let lines: Vec<_> = lines.collect();
        if !lines.is_empty() || problem.get("nearest").is_some() {
            return lines.into();
        }
        let mut violation = Map::new();
        for (from, to) in [
            ("code", "rule"),
            ("detail", "message"),
            ("source", "source"),
        ] {
            if let Some(value) = problem.get(from) {
                violation.insert(to.to_owned(), value.clone());
            }
        }
        if violation.is_empty() {
            json!([])
        } else {
            json!([violation])
        }
    }
}

fn time(milliseconds: u64) -> String {
    let milliseconds = i64::try_from(milliseconds).unwrap_or(i64::MAX);
    jiff::Timestamp::from_millisecond(milliseconds)
        .map(|time| format!("{time:.3}"))
        .unwrap_or_default()
}

/// One side of an exchange: headers, and the body as text if it is text.
fn side(head: &[u8], body: &[u8], length: usize) -> Value {
    let mut shown = Map::new();
    for (name, value) in headers(head) {
        match shown.get_mut(&*name) {
            Some(Value::String(known)) => {
                known.push_str(", ");
                known.push_str(&value);
            }
            _ => {
                shown.insert(name.into_owned(), value.into());
            }
        }
    }
    let text = match std::str::from_utf8(body) {
        Ok(text) => Some(text),
        // The last character may have been cut.
        Err(error) if error.error_len().is_none() => body
            .get(..error.valid_up_to())
            .and_then(|body| std::str::from_utf8(body).ok()),
        Err(_) => None,
    };
    json!({
        "headers": shown,
        "body": text.map(redact::body),
        "bytes": length,
    })
}

/// The largest body that a compressed one is turned back into, in bytes.
const UNPACKED: u64 = 64 * 1024;

/// A body without its encoding; what cannot be read, or was cut, is shown as far as it goes.
fn decoded(encoding: Option<&str>, body: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    // A body that was cut ends with an error, after all that it has.
    let _ = match encoding {
        Some("gzip") => flate2::read::GzDecoder::new(body)
            .take(UNPACKED)
            .read_to_end(&mut plain),
        Some("br") => brotli::Decompressor::new(body, 4096)
            .take(UNPACKED)
            .read_to_end(&mut plain),
        _ => {
            plain = body.to_vec();
            Ok(0)
        }
    };
    plain
}
