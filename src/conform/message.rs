//! What goes over the wire: plain data, without sockets.

use std::fmt::Write as _;
use std::time::Duration;

use crate::model::answer::Received;

pub use crate::model::describe_status;

/// A request, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Upper-case method.
    pub method: String,
    /// The whole URL, percent-encoded.
    pub url: String,
    /// The headers, in the order in which they are sent.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Option<Body>,
}

/// The body of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// Text, as it stands.
    Text(String),
    /// A form of texts in several parts, by name.
    Parts(Vec<(String, String)>),
}

/// What separates the parts of a body; no documented text holds it.
pub(super) const BOUNDARY: &str = "fieldproof-part-of-a-form";

impl Request {
    /// The value of the first header of that name, in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }

    /// True if the method says that nothing is changed.
    pub fn reads(&self) -> bool {
        matches!(self.method.as_str(), "GET" | "HEAD" | "OPTIONS" | "QUERY")
    }

    /// The body as it is sent.
    pub fn body_text(&self) -> String {
        match &self.body {
            None => String::new(),
            Some(Body::Text(text)) => text.clone(),
            Some(Body::Parts(parts)) => {
                let mut text = String::new();
                for (name, value) in parts {
                    let _ = write!(
                        text,
                        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{}\"\r\n\r\n{value}\r\n",
                        name.replace('"', "%22")
                    );
                }
                let _ = write!(text, "--{BOUNDARY}--\r\n");
                text
            }
        }
    }
}

/// An answer, read to its end or to the limit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers; bytes that are no UTF-8 are replaced.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// The limit, if the body was longer and is cut there.
    pub cut_at: Option<usize>,
}

impl Answer {
    /// The value of the first header of that name, in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }

    /// What the model compares with the pages.
    pub fn received(&self, is_head: bool) -> Received<'_> {
        Received {
            status: self.status,
            headers: &self.headers,
            body: &self.body,
            cut_at: self.cut_at,
            is_head,
        }
    }

    /// `404 Not Found`
    pub fn status_line(&self) -> String {
        describe_status(self.status)
    }
}

fn find<'h>(headers: &'h [(String, String)], name: &str) -> Option<&'h str> {
    headers
        .iter()
        .find(|(key, _)| key.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.as_str())
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unanswered {
    /// No connection came about: an unknown name, a closed port, or a certificate that is not trusted.
    #[error("no connection could be made ({0})")]
    Unreachable(String),
    /// There was no whole answer in time.
    #[error("there was no whole answer within {} s", .0.as_secs_f64())]
    TimedOut(Duration),
    /// The connection ended before the answer did.
    #[error("the server closed the connection before the end of its answer")]
    Closed,
    /// What came is not HTTP.
    #[error("what the server sent is not HTTP ({0})")]
    Garbled(String),
    /// The server says that it is not ready.
    #[error("the server answers with {}", describe_status(*.0))]
    NotReady(u16),
    /// The run was ended first.
    #[error("the run was ended before there was an answer")]
    Interrupted,
    /// The request cannot be sent as HTTP has it.
    #[error("the request cannot be sent ({0})")]
    Unsendable(String),
}

/// What ends a run before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Stop {
    /// A limit: the flag that sets it.
    #[error("{0}")]
    Limit(&'static str),
    /// Somebody: a signal to the process.
    #[error("an interruption")]
    Interrupted,
}
