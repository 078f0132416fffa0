//! Requests and replies as plain data, so that answering needs no socket.

use std::fmt::Write as _;
use std::sync::Arc;

use crate::model::endpoint;

/// A request as it came over the wire, its body read to the end.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The method, as sent.
    pub method: String,
    /// Path and query, or a whole URL, as sent.
    pub target: String,
    /// Names and values, in the order sent; a name may occur several times.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Request {
    /// The value of the first header of that name, in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers_named(name).next()
    }

    /// The values of all headers of that name, in any case.
    pub fn headers_named<'r, 'n>(
        &'r self,
        name: &'n str,
    ) -> impl Iterator<Item = &'r str> + use<'r, 'n> {
        self.headers
            .iter()
            .filter(move |(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The path of the target, without host and query.
    pub fn path(&self) -> &str {
        let path = self.path_and_query();
        path.split('?').next().unwrap_or_default()
    }

    /// The query of the target, without its question mark.
    pub fn query(&self) -> &str {
        self.path_and_query()
            .split_once('?')
            .map_or("", |(_, query)| query)
    }

    /// The host that is addressed, without its port: of the target, else of the `Host` header.
    pub fn host(&self) -> Option<&str> {
        let authority = match self.target.split_once("://") {
            Some((_, rest)) if !self.target.starts_with('/') => rest.split(['/', '?']).next(),
            _ => self.header("host"),
        };
        let authority = authority?;
        // The colons inside the brackets of an IPv6 address are no ports.
        let port = authority.rsplit_once(':');
        let host = port.filter(|(_, port)| !port.contains(']'));
        Some(host.map_or(authority, |(host, _)| host))
    }

    fn path_and_query(&self) -> &str {
        let (_, rest) = endpoint::split_server(&self.target);
        rest.split('#').next().unwrap_or_default()
    }
}

/// What the mock answers.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// Names and values, in the order in which they are sent.
    pub headers: Vec<(&'static str, String)>,
    /// The body; examples are shared between replies.
    pub body: Arc<[u8]>,
    /// The headers of the request that the answer depends on; they become one `Vary`.
    pub(super) vary: Vec<&'static str>,
    /// The operation that answers, such as `POST /users`.
    pub operation: Option<String>,
    /// Why the answer is not simply the documented one.
    pub reason: Option<String>,
}

impl Reply {
    /// A reply without headers and body.
    pub(super) fn empty(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Arc::from([]),
            vary: Vec::new(),
            operation: None,
            reason: None,
        }
    }

    /// The value of the first header of that name, in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// Adds a header; what a header cannot carry is percent-encoded.
    pub(super) fn set(&mut self, name: &'static str, value: &str) {
        self.headers.push((name, header_text(value)));
    }

    /// True if an answer of that status never has a body.
    pub(super) fn is_bodiless(&self) -> bool {
        matches!(self.status, 100..=199 | 204 | 205 | 304)
    }
}

/// The text with everything but visible ASCII and spaces percent-encoded.
fn header_text(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        if character == ' ' || character.is_ascii_graphic() {
            safe.push(character);
        } else {
            let mut bytes = [0; 4];
            for byte in character.encode_utf8(&mut bytes).bytes() {
                let _ = write!(safe, "%{byte:02X}");
            }
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to(target: &str, host: &str) -> Request {
        Request {
            target: target.to_owned(),
            headers: vec![("Host".to_owned(), host.to_owned())],
            ..Request::default()
        }
    }

    #[test]
    fn a_target_is_a_path_or_a_whole_url() {
        let plain = to("/a/b?x=1?y", "api.example.com:4010");
        assert_eq!((plain.path(), plain.query()), ("/a/b", "x=1?y"));
        assert_eq!(plain.host(), Some("api.example.com"));
        let whole = to("http://other.example.com:80/a", "api.example.com");
        assert_eq!(
            (whole.path(), whole.host()),
            ("/a", Some("other.example.com"))
        );
        assert_eq!(to("/", "[::1]:4010").host(), Some("[::1]"));
        assert_eq!(to("/", "[::1]").host(), Some("[::1]"));
    }

    #[test]
    fn headers_hold_ascii_only() {
        assert_eq!(
            header_text("führung.mdx:3\r\nX: 1"),
            "f%C3%BChrung.mdx:3%0D%0AX: 1"
        );
    }
}
