//! The `api:` line of a page: a method and a target.
//!
//! ```text
//! api    = method white-space target
//! target = absolute URL | path with or without its leading slash
//! ```
//!
//! The method may be written in any case. A host may hold variables (`https://{region}.example.com`), and a path both
//! forms of parameters (`{id}`, `:id`). A query in the target is kept: it is sent as it stands.

use crate::source::Span;

use super::evidence::Fact;

/// The methods that the platform knows; anything else gives a page no endpoint.
pub const METHODS: [&str; 9] = [
    "GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE", "QUERY",
];

/// What an `api:` line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// Upper-case method.
    pub method: String,
    /// Scheme and host with port, as `https://api.example.com`, if the target is absolute.
    pub server: Option<String>,
    /// The path, with a leading slash and without the query.
    pub path: String,
    /// The query in the target, without `?`.
    pub query: Option<String>,
}

/// Why an `api:` line states no endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EndpointFault {
    /// There is no method, or none that is known.
    #[error("it does not start with a method such as `GET` or `POST`")]
    Method,
    /// There is a method and nothing else.
    #[error("the method is not followed by a URL or path")]
    Target,
    /// There is more than a method and a target.
    #[error("white space stands inside the URL or path")]
    Space,
}

impl Endpoint {
    /// Reads an `api:` line.
    pub fn parse(text: &str) -> Result<Self, EndpointFault> {
        let mut words = text.split_whitespace();
        let method = words.next().unwrap_or_default().to_ascii_uppercase();
        if !METHODS.contains(&method.as_str()) {
            return Err(EndpointFault::Method);
        }
        let target = words.next().ok_or(EndpointFault::Target)?;
        if words.next().is_some() {
            return Err(EndpointFault::Space);
        }
        let (server, rest) = split_server(target);
        let rest = rest.split('#').next().unwrap_or_default();
        let (path, query) = match rest.split_once('?') {
            Some((path, query)) => (path, Some(query.to_owned())),
            None => (rest, None),
        };
        Ok(Self {
            method,
            server,
            path: with_slash(path),
            query,
        })
    }

    /// Reads an `openapi:` line: the file, if the line names one, and the endpoint behind it.
    pub fn named(line: &str) -> Option<(Option<String>, Self)> {
        let words: Vec<&str> = line.split_whitespace().collect();
        let (file, last) = words.split_at_checked(words.len().checked_sub(2)?)?;
        let endpoint = Self::parse(&last.join(" ")).ok()?;
        Some(((!file.is_empty()).then(|| file.join(" ")), endpoint))
    }

    /// `POST /users`: how people name the operation.
    pub fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// Splits `https://host/path` before the path; `None` if there is no host.
pub fn split_server(target: &str) -> (Option<String>, &str) {
    let scheme = ["https://", "http://", "wss://", "ws://"]
        .into_iter()
        .find(|scheme| {
            target
                .get(..scheme.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
        });
    let Some(scheme) = scheme else {
        return (None, target);
    };
    let after = target.get(scheme.len()..).unwrap_or_default();
    let length = after.find(['/', '?', '#']).unwrap_or(after.len());
    let (authority, path) = after.split_at(length);
    let host = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    let host = if host.contains('{') {
        host.to_owned()
    } else {
        host.to_ascii_lowercase()
    };
    (Some(format!("{scheme}{host}")), path)
}

/// The path with exactly one slash at its start.
pub fn with_slash(path: &str) -> String {
    if path.starts_with('/') {
        path.to_owned()
    } else {
        format!("/{path}")
    }
}

/// An endpoint and where it is stated.
pub type EndpointFact = Fact<Endpoint>;

/// An `api:` line that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MalformedEndpoint {
    /// The place of the value.
    pub span: Span,
    /// What is wrong with it.
    pub fault: EndpointFault,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> (String, Option<String>, String) {
        let endpoint = Endpoint::parse(text).unwrap();
        (endpoint.method, endpoint.server, endpoint.path)
    }

    #[test]
    fn targets_are_urls_or_paths() {
        let https = |host: &str| Some(format!("https://{host}"));
        assert_eq!(
            parts("post https://API.example.com/v1/x"),
            ("POST".into(), https("api.example.com"), "/v1/x".into())
        );
        assert_eq!(
            parts("GET https://{tenant}.example.com"),
            ("GET".into(), https("{tenant}.example.com"), "/".into())
        );
        assert_eq!(
            parts("Get users/:id"),
            ("GET".into(), None, "/users/:id".into())
        );
        assert_eq!(
            Endpoint::parse("GET /x?y=1#z").unwrap().query.as_deref(),
            Some("y=1")
        );
    }

    #[test]
    fn other_lines_state_no_endpoint() {
        for (text, fault) in [
            ("/users", EndpointFault::Method),
            ("DEL /x", EndpointFault::Method),
            ("POST", EndpointFault::Target),
            ("GET /users/{user id}", EndpointFault::Space),
        ] {
            assert_eq!(Endpoint::parse(text), Err(fault), "{text}");
        }
    }
}
