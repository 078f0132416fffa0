//! The last requests and their answers, bounded in number and in bytes.
//!
//! Everything is copied out of the buffers of its connection, so that an entry keeps no more alive than it shows, and
//! what carries credentials is blotted out before it is kept.

mod redact;
mod show;

use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};

use super::drift::Passed;
use super::header;
use super::message::{Reply, Request};

pub use redact::target as shown_target;
pub(super) use redact::{BLOT, is_secret};
pub(super) use show::Selection;

/// How much is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// How many requests.
    pub entries: usize,
    /// How many bytes they may take up together.
    pub bytes: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            entries: 500,
            bytes: 8 * 1024 * 1024,
        }
    }
}

/// Of each body so many bytes are kept.
const KEPT: usize = 16 * 1024;

/// What an entry takes up beside its texts.
const OVERHEAD: usize = 256;

/// What a text leaves behind is used again up to that many bytes, so that a large one does not keep its room.
const REUSED: usize = 2048;

/// The last requests, in the order in which they were answered.
#[derive(Debug, Default)]
pub struct Journal {
    entries: VecDeque<Entry>,
    bounds: Bounds,
    bytes: usize,
    /// The number of the next entry; numbers are never used again, so that a reader can ask for what is new.
    next: u64,
}

/// A request and its answer.
#[derive(Debug)]
struct Entry {
    number: u64,
    /// When it was answered, in milliseconds since 1970.
    at: u64,
    took: Duration,
    method: Method,
    /// What is copied of both.
    text: Text,
    /// How long the body was before it was cut.
    length: usize,
    status: StatusCode,
    operation: Option<Arc<str>>,
    reason: Option<Cow<'static, str>>,
    answer_body: Bytes,
    answer_length: usize,
    /// What became of it, if it was passed on.
    passed: Option<Box<Passed>>,
    bytes: usize,
}

impl Journal {
    /// An empty journal.
    pub fn new(bounds: Bounds) -> Self {
        Self {
            bounds,
            ..Self::default()
        }
    }

    /// Keeps a request and its answer; the oldest ones make room.
    ///
    /// `at` counts milliseconds since 1970.
    pub fn keep(&mut self, request: &Request, reply: &Reply, at: u64, took: Duration) {
        let mut entry = Entry {
            number: self.next,
            at,
            took,
            method: request.method.clone(),
            text: Text::of(request, reply, self.room()),
            length: request.body.len(),
            status: reply.status,
            operation: reply.operation.clone(),
            reason: reply.reason.clone(),
            answer_body: kept(&reply.body),
            answer_length: length(reply),
            passed: reply.passed.clone(),
            bytes: OVERHEAD,
        };
        entry.bytes += entry.text.bytes.capacity() + entry.answer_body.len();
        entry.bytes += passed(&entry);
        self.next += 1;
        self.bytes += entry.bytes;
        self.entries.push_back(entry);
        while self.entries.len() > self.bounds.entries || self.bytes > self.bounds.bytes {
            if self.forget().is_none() {
                break;
            }
        }
    }

    /// Where the text of the next entry goes: if one has to make room for it, into what that one leaves behind.
    fn room(&mut self) -> Vec<u8> {
        let is_full = self.entries.len() >= self.bounds.entries;
        let left = is_full.then(|| self.forget()).flatten();
        let left = left.map(|oldest| oldest.text.bytes);
        let mut room = left
            .filter(|it| it.capacity() <= REUSED)
            .unwrap_or_default();
        room.clear();
        room
    }

    /// Takes out the oldest entry.
    fn forget(&mut self) -> Option<Entry> {
        let oldest = self.entries.pop_front()?;
        self.bytes -= oldest.bytes;
        Some(oldest)
    }

    /// Forgets all entries; their numbers are not used again.
    pub fn clear(&mut self) {
        self.entries.clear();
        self.bytes = 0;
    }
}

/// How long the body of an answer was.
fn length(reply: &Reply) -> usize {
    let passed = reply.passed.as_ref().map_or(0, |it| it.length);
    usize::try_from(passed).map_or(usize::MAX, |passed| passed.max(reply.body.len()))
}

/// What the drifts of an entry take up; their words are shared.
fn passed(entry: &Entry) -> usize {
    let passed = entry.passed.as_ref();
    passed.map_or(0, |it| 64 * (1 + it.drifts.len() + 8 * it.violations.len()))
}

/// What is copied of a request and its answer, in one piece.
#[derive(Debug)]
struct Text {
    /// Target, head, and body of the request, and the head of the answer.
    bytes: Vec<u8>,
    /// Where the first three end.
    ends: [usize; 3],
}

impl Text {
    fn of(request: &Request, reply: &Reply, mut bytes: Vec<u8>) -> Self {
        let mut ends = [0; 3];
        bytes.extend_from_slice(redact::target(request).as_bytes());
        ends[0] = bytes.len();
        add_head(&request.headers, &mut bytes);
        ends[1] = bytes.len();
        bytes.extend_from_slice(cut(&request.body));
        ends[2] = bytes.len();
        add_head(&reply.headers, &mut bytes);
        Self { bytes, ends }
    }

    fn target(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(self.between(0, self.ends[0]))
    }

    fn head(&self) -> &[u8] {
        self.between(self.ends[0], self.ends[1])
    }

    fn body(&self) -> &[u8] {
        self.between(self.ends[1], self.ends[2])
    }

    fn answer_head(&self) -> &[u8] {
        self.between(self.ends[2], self.bytes.len())
    }

    fn between(&self, start: usize, end: usize) -> &[u8] {
        self.bytes.get(start..end).unwrap_or_default()
    }
}

/// Adds headers as lines, values that carry credentials blotted out.
fn add_head(headers: &HeaderMap, lines: &mut Vec<u8>) {
    for (name, value) in headers {
        let value = if redact::is_secret_header(name) {
            redact::BLOT.as_bytes()
        } else {
            value.as_bytes()
        };
        let name = name.as_str().as_bytes();
        // What is written for each request is not formatted, and makes room once a line.
        lines.reserve(name.len() + value.len() + 3);
        lines.extend_from_slice(name);
        lines.extend_from_slice(b": ");
        lines.extend_from_slice(value);
        lines.push(b'\n');
    }
}

fn cut(body: &[u8]) -> &[u8] {
    body.get(..KEPT).unwrap_or(body)
}

/// The body of an answer: examples are shared, and what is larger than what is kept is copied.
fn kept(body: &Bytes) -> Bytes {
    if body.len() > KEPT {
        Bytes::copy_from_slice(cut(body))
    } else {
        body.clone()
    }
}

impl Entry {
    /// True if no operation is documented for the request.
    fn is_unmatched(&self) -> bool {
        self.operation.is_none()
    }

    /// The value of a header of the answer.
    fn answer_header(&self, wanted: &http::HeaderName) -> Option<Cow<'_, str>> {
        let mut lines = headers(self.text.answer_head());
        lines.find_map(|(name, value)| (name == wanted.as_str()).then_some(value))
    }

    fn source(&self) -> Option<Cow<'_, str>> {
        let passed = self.passed.as_ref();
        self.answer_header(&header::SOURCE)
            .or_else(|| passed?.source.as_deref().map(Cow::Borrowed))
    }
}

/// The names and values of headers that are kept as lines; bytes that are not UTF-8 are replaced.
fn headers(head: &[u8]) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
    head.split(|byte| *byte == b'\n').filter_map(|line| {
        let colon = line.windows(2).position(|it| it == b": ")?;
        let (name, value) = (line.get(..colon)?, line.get(colon + 2..)?);
        Some((
            String::from_utf8_lossy(name),
            String::from_utf8_lossy(value),
        ))
    })
}

#[cfg(test)]
mod tests;
