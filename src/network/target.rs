//! A server, as a URL names it.
//!
//! ```text
//! target = ("http" | "https") "://" host [":" port] [path]
//! ```

use core::net::IpAddr;

/// Where requests are sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Scheme, host, and port, as `http://127.0.0.1:8080`.
    pub origin: String,
    /// The path, without a slash at its end; `None` if the URL has none.
    pub path: Option<String>,
    /// True if nothing but this machine is reached.
    pub is_loopback: bool,
}

/// Why a URL names no target.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// There is no scheme.
    #[error("`{0}` is no URL; write the scheme too, as `http://{0}`")]
    Scheme(String),
    /// The scheme is another one than `http` and `https`.
    #[error("`{0}` is neither an `http://` nor an `https://` URL")]
    OtherScheme(String),
    /// There is no host, or one that cannot be.
    #[error("`{0}` has no valid host; write it as `http://127.0.0.1:8080`")]
    Host(String),
    /// The port is no number from 1 to 65535.
    #[error("`{0}` has no valid port; ports are numbers from 1 to 65535")]
    Port(String),
    /// There is a name or password before the host.
    #[error("the URL must not hold a name or password; send them with -H 'Authorization: …'")]
    Credentials,
    /// There is a query or fragment.
    #[error("`{0}` has a query or fragment; give the base URL of the server only")]
    Query(String),
    /// The path holds what a URL cannot.
    #[error("`{0}` has a path with characters that a URL cannot hold")]
    Path(String),
}

impl Target {
    /// Reads the value of `--url`.
    pub fn parse(text: &str) -> Result<Self, TargetError> {
        let whole = || text.to_owned();
        let Some((scheme, rest)) = text.split_once("://") else {
            return Err(TargetError::Scheme(whole()));
        };
        let scheme = scheme.to_ascii_lowercase();
        if scheme != "http" && scheme != "https" {
            return Err(TargetError::OtherScheme(whole()));
        }
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        if authority.contains('@') {
            return Err(TargetError::Credentials);
        }
        if path.contains(['?', '#']) {
            return Err(TargetError::Query(whole()));
        }
        let is_plain = |byte: u8| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte);
        if !path.bytes().all(is_plain) {
            return Err(TargetError::Path(whole()));
        }
        let (host, port) = host_and_port(authority);
        if !is_host(host) {
            return Err(TargetError::Host(whole()));
        }
        if port.is_some_and(|port| !port.parse::<u16>().is_ok_and(|port| port > 0)) {
            return Err(TargetError::Port(whole()));
        }
        Ok(Self {
            origin: format!("{scheme}://{}", authority.to_ascii_lowercase()),
            path: (!path.is_empty()).then(|| path.trim_end_matches('/').to_owned()),
            is_loopback: is_loopback(host),
        })
    }

    /// The host, without its port.
    pub fn host(&self) -> &str {
        let authority = self.origin.split_once("://").map_or("", |(_, it)| it);
        host_and_port(authority).0
    }
}

fn host_and_port(authority: &str) -> (&str, Option<&str>) {
    let after_brackets = authority.rfind(']').map_or(0, |at| at + 1);
    let tail = authority.get(after_brackets..).unwrap_or_default();
    match tail.rfind(':') {
        Some(at) => {
            let (host, port) = authority.split_at(after_brackets + at);
            (host, port.strip_prefix(':'))
        }
        None => (authority, None),
    }
}

fn is_host(host: &str) -> bool {
    if let Some(address) = host.strip_prefix('[') {
        let address = address.strip_suffix(']').map(str::parse::<IpAddr>);
        return address.is_some_and(|address| address.is_ok_and(|address| address.is_ipv6()));
    }
    let is_label = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    !host.is_empty() && host.bytes().all(is_label)
}

/// True for this machine by name or address. The unspecified address reaches this machine, too.
fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    if let Ok(address) = bare.parse::<IpAddr>() {
        return address.is_loopback() || address.is_unspecified();
    }
    let name = host.trim_end_matches('.').to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_name_a_host_and_perhaps_a_path() {
        let target = Target::parse("HTTP://LocalHost:8080").unwrap();
        assert_eq!(
            (target.origin.as_str(), target.path),
            ("http://localhost:8080", None)
        );
        let path = |text| Target::parse(text).unwrap().path;
        assert_eq!(path("https://h.example/v1/"), Some("/v1".to_owned()));
        assert_eq!(path("https://h.example/"), Some(String::new()));
    }

    #[test]
    fn only_this_machine_is_loopback() {
        for (url, expected) in [
            ("http://127.0.0.1:1", true),
            ("http://127.8.0.1", true),
            ("http://[::1]:8080/v1", true),
            ("http://0.0.0.0:8000", true),
            ("http://api.localhost", true),
            ("http://127.0.0.1.example.com", false),
            ("http://localhost.example.com", false),
            ("http://10.0.0.1", false),
            ("https://[2001:db8::1]", false),
        ] {
            assert_eq!(Target::parse(url).unwrap().is_loopback, expected, "{url}");
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "localhost:8080",
            "ftp://h",
            "http://",
            "http:///x",
            "http://h:0",
            "http://h:99999",
            "http://h:",
            "http://a b",
            "http://[::1",
            "http://[127.0.0.1]",
            "http://h/a b",
            "http://h?x",
            "http://h/#x",
        ] {
            assert!(Target::parse(text).is_err(), "{text}");
        }
        assert_eq!(
            Target::parse("http://me:secret@h"),
            Err(TargetError::Credentials)
        );
    }
}
