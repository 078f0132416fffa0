//! What a proxy changes in the heads of requests and answers; bodies pass as they are.
//!
//! Headers that are for one connection only stay behind (<https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1>). The
//! server is addressed by its own name, so that it finds itself, and told who asked in `X-Forwarded-*`. Where it names
//! itself, in a redirect or a cookie, the client would leave the proxy: there it is made to stay.

use std::net::IpAddr;

use http::header::{
    CONNECTION, EXPECT, HOST, HeaderName, HeaderValue, LOCATION, ORIGIN, PROXY_AUTHENTICATE,
    PROXY_AUTHORIZATION, SET_COOKIE, TE, TRANSFER_ENCODING, UPGRADE, VIA,
};
use http::{HeaderMap, Uri};

use super::message::Request;

const KEEP_ALIVE: HeaderName = HeaderName::from_static("keep-alive");
const PROXY_CONNECTION: HeaderName = HeaderName::from_static("proxy-connection");
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// The server that requests are passed on to.
#[derive(Clone, Debug)]
pub(super) struct Beyond {
    /// `https://api.example.com:8443`
    pub(super) origin: String,
    /// `api.example.com:8443`
    pub(super) authority: String,
    /// `api.example.com`
    pub(super) host: String,
    /// The path that all requests are below, without a slash at its end.
    pub(super) base: String,
}

impl Beyond {
    /// The URL there of what a request is for.
    pub(super) fn url(&self, request: &Request) -> Option<Uri> {
        let target = request.uri.path_and_query().map_or("/", |it| it.as_str());
        format!("{}{}{target}", self.origin, self.base).parse().ok()
    }

    /// The headers of a request on their way there.
    pub(super) fn request(&self, request: &Request, peer: IpAddr, is_encrypted: bool) -> HeaderMap {
        let mut headers = request.headers.clone();
        without_hops(&mut headers);
        // The body was asked for already.
        headers.remove(EXPECT);
        let scheme = if is_encrypted { "https" } else { "http" };
        let host = headers.remove(HOST);
        let host = host.or_else(|| {
            let authority = request.uri.authority()?;
            HeaderValue::from_str(authority.as_str()).ok()
        });
        if let Some(host) = host {
            let own = [scheme.as_bytes(), b"://", host.as_bytes()].concat();
            if headers.get(ORIGIN).is_some_and(|it| it.as_bytes() == own) {
                set(&mut headers, ORIGIN, &self.origin);
            }
            headers.entry(FORWARDED_HOST).or_insert(host);
        }
        set(&mut headers, HOST, &self.authority);
        if !headers.contains_key(FORWARDED_PROTO) {
            set(&mut headers, FORWARDED_PROTO, scheme);
        }
        let peer = peer.to_canonical().to_string();
        append(&mut headers, FORWARDED_FOR, &peer);
        append(&mut headers, VIA, "1.1 fieldproof");
        headers
    }

    /// The headers of an answer on their way back.
    pub(super) fn answer(&self, mut headers: HeaderMap) -> HeaderMap {
        without_hops(&mut headers);
        if let Some(location) = headers.get(LOCATION).and_then(|it| it.to_str().ok())
            && let Some(here) = self.here(location)
        {
            set(&mut headers, LOCATION, &here);
        }
        if headers.contains_key(SET_COOKIE) {
            let cookies: Vec<_> = headers.get_all(SET_COOKIE).iter().cloned().collect();
            headers.remove(SET_COOKIE);
            for cookie in cookies {
                let here = cookie.to_str().ok().and_then(|it| self.cookie(it));
                let here = here.and_then(|it| HeaderValue::from_str(&it).ok());
                headers.append(SET_COOKIE, here.unwrap_or(cookie));
            }
        }
        headers
    }

    /// A URL of the server as one below the proxy; `None` if it may stay as it is.
    fn here(&self, location: &str) -> Option<String> {
        let start = location.get(..self.origin.len());
        let is_own = start.is_some_and(|start| start.eq_ignore_ascii_case(&self.origin));
        let rest = location.get(self.origin.len()..).unwrap_or_default();
        let path = if is_own && (rest.is_empty() || rest.starts_with(['/', '?', '#'])) {
            rest
        } else if location.starts_with('/') && !location.starts_with("//") && !self.base.is_empty()
        {
            location
        } else {
            return None;
        };
        let below = path.strip_prefix(self.base.as_str());
        let path = below
            .filter(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']))
            .unwrap_or(path);
        let slash = if path.starts_with('/') { "" } else { "/" };
        Some(format!("{slash}{path}"))
    }

    /// A cookie without the domain of the server, which browsers would refuse here; `None` if it has none.
    fn cookie(&self, cookie: &str) -> Option<String> {
        let is_own = |part: &&str| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let domain = value.trim().trim_start_matches('.');
            let host = self.host.get(self.host.len().wrapping_sub(domain.len())..);
            let is_host = host.is_some_and(|end| end.eq_ignore_ascii_case(domain));
            name.trim().eq_ignore_ascii_case("domain") && !domain.is_empty() && is_host
        };
        let mut parts = cookie.split(';');
        parts.clone().skip(1).any(|part| is_own(&part)).then(|| {
            let first = parts.next().unwrap_or_default();
            let rest: Vec<_> = parts.filter(|part| !is_own(part)).collect();
            [&[first], rest.as_slice()].concat().join(";")
        })
    }
}

/// True if the connection is to become one of another protocol, as those of web sockets do.
pub(super) fn is_upgrade(request: &Request) -> bool {
    let lists = request.headers_named(CONNECTION);
    let mut names = lists.flat_map(|list| {
        let names = list.split(',').map(|name| name.trim().to_ascii_lowercase());
        names.collect::<Vec<_>>()
    });
    // A client that would rather speak HTTP/2 goes on with HTTP/1.1.
    let is_other = request
        .headers_named(UPGRADE)
        .any(|protocol| !protocol.to_ascii_lowercase().starts_with("h2"));
    is_other && names.any(|name| name == "upgrade")
}

/// Removes what is for one connection only.
fn without_hops(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(CONNECTION)
        .iter()
        .filter_map(|list| list.to_str().ok())
        .flat_map(|list| list.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    for name in named {
        headers.remove(name);
    }
    for name in [
        CONNECTION,
        KEEP_ALIVE,
        PROXY_AUTHENTICATE,
        PROXY_AUTHORIZATION,
        PROXY_CONNECTION,
        TE,
        TRANSFER_ENCODING,
        UPGRADE,
    ] {
        headers.remove(name);
    }
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// Adds to a list.
fn append(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    let known = headers.get(&name).and_then(|known| known.to_str().ok());
    let list = known.map_or_else(|| value.to_owned(), |known| format!("{known}, {value}"));
    set(headers, name, &list);
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    fn beyond(base: &str) -> Beyond {
        Beyond {
            origin: "https://api.example.com".to_owned(),
            authority: "api.example.com".to_owned(),
            host: "api.example.com".to_owned(),
            base: base.to_owned(),
        }
    }

    fn map(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            let name = HeaderName::from_static(name);
            headers.append(name, HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn what_is_for_one_connection_stays_behind() {
        let request = Request {
            uri: "/a%2Fb?x=%20".parse().unwrap(),
            headers: map(&[
                ("host", "127.0.0.1:4010"),
                ("connection", "close, x-mine"),
                ("x-mine", "1"),
                ("te", "trailers"),
                ("expect", "100-continue"),
                ("origin", "http://127.0.0.1:4010"),
                ("x-forwarded-for", "192.0.2.7"),
                ("accept", "a/b"),
            ]),
            ..Request::default()
        };
        let beyond = beyond("/v1");
        assert_eq!(
            beyond.url(&request).unwrap().to_string(),
            "https://api.example.com/v1/a%2Fb?x=%20"
        );
        let headers = beyond.request(&request, Ipv4Addr::LOCALHOST.into(), false);
        let expected = map(&[
            ("host", "api.example.com"),
            ("origin", "https://api.example.com"),
            ("x-forwarded-for", "192.0.2.7, 127.0.0.1"),
            ("x-forwarded-host", "127.0.0.1:4010"),
            ("x-forwarded-proto", "http"),
            ("via", "1.1 fieldproof"),
            ("accept", "a/b"),
        ]);
        assert_eq!(headers, expected);
    }

    #[test]
    fn a_redirect_to_the_server_stays_at_the_proxy() {
        let there = |base: &str, location: &'static str| {
            let headers = beyond(base).answer(map(&[("location", location)]));
            headers.get(LOCATION).unwrap().to_str().unwrap().to_owned()
        };
        assert_eq!(there("", "https://api.example.com/b?c#d"), "/b?c#d");
        assert_eq!(there("", "HTTPS://API.example.com"), "/");
        assert_eq!(there("/v1", "https://api.example.com/v1/b"), "/b");
        assert_eq!(there("/v1", "/v1"), "/");
        assert_eq!(there("/v1", "/v10"), "/v10");
        for other in [
            "https://api.example.com.example.net/b",
            "https://example.net/",
            "//example.net/b",
            "b",
            "/b",
        ] {
            assert_eq!(there("", other), other);
        }
    }

    #[test]
    fn a_cookie_of_the_server_is_one_of_the_proxy() {
        let cookie = |cookie: &'static str| {
            let headers = beyond("").answer(map(&[("set-cookie", cookie)]));
            let value = headers.get(SET_COOKIE).unwrap();
            value.to_str().unwrap().to_owned()
        };
        assert_eq!(
            cookie("a=domain=b; Domain=.example.com; HttpOnly"),
            "a=domain=b; HttpOnly"
        );
        for other in ["a=b; Path=/", "a=b; Domain=example.net"] {
            assert_eq!(cookie(other), other);
        }
    }

    #[test]
    fn only_another_protocol_is_an_upgrade() {
        let is = |pairs: &[_]| {
            is_upgrade(&Request {
                headers: map(pairs),
                ..Request::default()
            })
        };
        assert!(is(&[
            ("connection", "keep-alive, Upgrade"),
            ("upgrade", "websocket")
        ]));
        assert!(!is(&[
            ("connection", "upgrade, http2-settings"),
            ("upgrade", "h2c")
        ]));
        assert!(!is(&[("upgrade", "websocket")]));
    }
}
