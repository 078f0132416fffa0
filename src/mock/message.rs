//! Requests and replies as plain data, so that answering needs no socket.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, HOST, HeaderName, HeaderValue};
use http::{HeaderMap, Method, StatusCode, Uri};

use super::drift::Passed;
use super::encode::Encodings;
use super::faults::Fault;

/// A request as it came over the wire, its body read to the end.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// Path and query, or a whole URL, as sent.
    pub uri: Uri,
    /// The headers; a name may occur several times.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
    /// How many requests came before: what `dynamic` values depend on.
    pub serial: u64,
}

impl Request {
    /// The value of the first header of that name, in any case; bytes that are not UTF-8 are replaced.
    pub fn header(&self, name: impl http::header::AsHeaderName) -> Option<Cow<'_, str>> {
        self.headers.get(name).map(text)
    }

    /// The values of all headers of that name, in any case.
    pub fn headers_named(
        &self,
        name: impl http::header::AsHeaderName,
    ) -> impl Iterator<Item = Cow<'_, str>> {
        self.headers.get_all(name).into_iter().map(text)
    }

    /// The path of the target, without host and query.
    pub fn path(&self) -> &str {
        self.uri.path()
    }

    /// The query of the target, without its question mark.
    pub fn query(&self) -> &str {
        self.uri.query().unwrap_or_default()
    }

    /// The host that is addressed, without its port: what a proxy says, else that of the target, else that of `Host`.
    pub fn host(&self) -> Option<Cow<'_, str>> {
        let forwarded = self.header(HeaderName::from_static("x-forwarded-host"));
        let forwarded = forwarded.and_then(|hosts| {
            let first = hosts.split(',').next()?.trim().to_owned();
            (!first.is_empty()).then_some(first)
        });
        if let Some(forwarded) = forwarded {
            return Some(Cow::Owned(without_port(&forwarded).to_owned()));
        }
        if let Some(host) = self.uri.host() {
            return Some(Cow::Borrowed(host));
        }
        Some(match self.header(HOST)? {
            Cow::Borrowed(host) => Cow::Borrowed(without_port(host)),
            Cow::Owned(host) => Cow::Owned(without_port(&host).to_owned()),
        })
    }
}

/// The value of a header as text; bytes that are not UTF-8 are replaced.
pub(super) fn text(value: &HeaderValue) -> Cow<'_, str> {
    // Nearly all are, and the whole is read faster than its characters one by one.
    match std::str::from_utf8(value.as_bytes()) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => String::from_utf8_lossy(value.as_bytes()),
    }
}

/// The colons inside the brackets of an IPv6 address are no ports.
fn without_port(authority: &str) -> &str {
    let port = authority.rsplit_once(':');
    let host = port.filter(|(_, port)| !port.contains(']'));
    host.map_or(authority, |(host, _)| host)
}

/// What the mock answers.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body; examples are shared between replies.
    pub body: Bytes,
    /// Set if the body is sent piece by piece, as events are.
    pub pieces: Option<Pieces>,
    /// How long to wait before the answer is sent.
    pub delay: Option<Duration>,
    /// True if the connection must be closed after the answer.
    pub close: bool,
    /// What goes wrong with the answer on purpose.
    pub fault: Option<Fault>,
    /// The operation that answers, such as `POST /users`.
    pub operation: Option<Arc<str>>,
    /// Why the answer is not simply the documented one.
    pub reason: Option<Cow<'static, str>>,
    /// What became of the request, if it was passed on to a server.
    pub passed: Option<Box<Passed>>,
    /// The body in other encodings, if it is one that is sent again and again.
    pub(super) encodings: Option<Arc<Encodings>>,
}

/// How a body is sent piece by piece.
#[derive(Clone, Debug)]
pub struct Pieces {
    /// Where each piece ends, in bytes from the start of the body.
    pub ends: Arc<[usize]>,
    /// How long to wait before each piece.
    pub pause: Duration,
    /// True if the connection ends after the last piece, whatever is left of the body.
    pub is_cut: bool,
}

impl Reply {
    /// A reply without headers and body.
    pub(super) fn empty(status: StatusCode) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            body: Bytes::new(),
            pieces: None,
            delay: None,
            close: false,
            fault: None,
            operation: None,
            reason: None,
            passed: None,
            encodings: None,
        }
    }

    /// The value of the first header of that name, in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Sets a header; what a header cannot carry is percent-encoded.
    pub(super) fn set(&mut self, name: HeaderName, value: &str) {
        self.headers.insert(name, header_value(value));
    }

    /// Sets the body, and the header that tells its length.
    pub(super) fn set_body(&mut self, body: Bytes) {
        self.headers
            .insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
        self.body = body;
    }

    /// True if an answer of that status never has a body.
    pub(super) fn is_bodiless(&self) -> bool {
        matches!(self.status.as_u16(), 100..=199 | 204 | 205 | 304)
    }
}

/// A text as the value of a header, with everything but visible ASCII and spaces percent-encoded.
pub(super) fn header_value(text: &str) -> HeaderValue {
    let is_safe = |byte: u8| byte == b' ' || byte.is_ascii_graphic();
    if text.bytes().all(is_safe) {
        return HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static(""));
    }
    let mut safe = String::with_capacity(text.len());
    for byte in text.bytes() {
        if is_safe(byte) {
            safe.push(char::from(byte));
        } else {
            let _ = write!(safe, "%{byte:02X}");
        }
    }
    HeaderValue::from_str(&safe).unwrap_or(HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to(target: &str, host: &'static str) -> Request {
        Request {
            uri: target.parse().unwrap(),
            headers: HeaderMap::from_iter([(HOST, HeaderValue::from_static(host))]),
            ..Request::default()
        }
    }

    #[test]
    fn a_target_is_a_path_or_a_whole_url() {
        let plain = to("/a/b?x=1?y", "api.example.com:4010");
        assert_eq!((plain.path(), plain.query()), ("/a/b", "x=1?y"));
        assert_eq!(plain.host().as_deref(), Some("api.example.com"));
        let whole = to("http://other.example.com:80/a", "api.example.com");
        assert_eq!(
            (whole.path(), whole.host().as_deref()),
            ("/a", Some("other.example.com"))
        );
        assert_eq!(to("/", "[::1]:4010").host().as_deref(), Some("[::1]"));
        assert_eq!(to("/", "[::1]").host().as_deref(), Some("[::1]"));
    }

    #[test]
    fn a_proxy_says_which_host_was_addressed() {
        let mut request = to("/", "127.0.0.1:4010");
        let name = HeaderName::from_static("x-forwarded-host");
        let value = HeaderValue::from_static("api.example.com:443, proxy.example.com");
        request.headers.insert(name, value);
        assert_eq!(request.host().as_deref(), Some("api.example.com"));
    }

    #[test]
    fn headers_hold_ascii_only() {
        assert_eq!(
            header_value("führung.mdx:3\r\nX: 1"),
            "f%C3%BChrung.mdx:3%0D%0AX: 1"
        );
    }
}
