//! A documented operation that gives a token, and the token in requests and answers.
//!
//! ```text
//! token     = operation "." member { "." member }
//! operation = METHOD " " path | the last segment of its path | its title with hyphens for blanks
//! ```
//!
//! `login.access_token` is the member `access_token` of what `POST /auth/login` answers.
//!
//! A run knows one token, that of the first login. Where a later one takes its place, requests are sent with it, and
//! answers are shown with the first one in its place: so no output needs to know it to hide it.

use serde_json::Value;

use crate::diagnostic::likeness;
use crate::model::{Api, AuthScheme, Operation};

use super::bindings;
use super::judge;
use super::message::{Answer, Body, Request};

/// Where tokens come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    /// The index of the operation.
    pub operation: usize,
    /// The names of the members on the way to the token.
    way: Vec<String>,
}

/// Why there is no such operation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoginError {
    /// There is no member behind the operation.
    #[error("`{0}` names no member; write it as `login.access_token`")]
    Form(String),
    /// No page documents it.
    #[error("no page documents the operation of `{0}`{1}")]
    Unknown(String, String),
    /// Several pages may be meant.
    #[error(
        "several operations may be meant by `{0}`: {1}; name it with method and path, as `{2}`"
    )]
    Several(String, String, String),
}

impl Login {
    /// Finds the operation that a text names.
    pub fn find(api: &Api, text: &str) -> Result<Self, LoginError> {
        let operations = api.operations.iter().enumerate();
        for (operation, documented) in operations.clone() {
            let rest = text.strip_prefix(documented.name().as_str());
            if let Some(way) = rest.and_then(|rest| rest.strip_prefix('.')) {
                return Self::new(operation, way, text);
            }
        }
        let Some((mut name, mut way)) = text.split_once('.') else {
            return Err(LoginError::Form(text.to_owned()));
        };
        let mut meant: Vec<_> = operations
            .clone()
            .filter(|(_, it)| is_called(it, name))
            .collect();
        // `auth.token.access_token`: the last segment of a path may have dots itself.
        let dots = text.match_indices('.').skip(1);
        for (at, _) in dots {
            let (longer, rest) = (text.get(..at).unwrap_or(name), text.get(at + 1..));
            let called: Vec<_> = operations
                .clone()
                .filter(|(_, it)| is_called(it, longer))
                .collect();
            if let (false, Some(rest)) = (called.is_empty() || !meant.is_empty(), rest) {
                (meant, name, way) = (called, longer, rest);
            }
        }
        if meant
            .iter()
            .any(|(_, it)| it.endpoint.value.method == "POST")
        {
            meant.retain(|(_, it)| it.endpoint.value.method == "POST");
        }
        match meant.as_slice() {
            [(operation, _)] => Self::new(*operation, way, text),
            [] => {
                let names = api.operations.iter().map(Operation::name);
                let nearest = names
                    .max_by(|one, other| likeness(one, name).total_cmp(&likeness(other, name)));
                let hint = nearest.map(|known| format!("; did you mean `{known}.{way}`?"));
                Err(LoginError::Unknown(
                    text.to_owned(),
                    hint.unwrap_or_default(),
                ))
            }
            [(_, first), ..] => {
                let names: Vec<_> = meant.iter().map(|(_, it)| it.name()).collect();
                let example = format!("{}.{way}", first.name());
                Err(LoginError::Several(
                    text.to_owned(),
                    names.join(", "),
                    example,
                ))
            }
        }
    }

    fn new(operation: usize, way: &str, text: &str) -> Result<Self, LoginError> {
        let way: Vec<_> = way.split('.').map(str::to_owned).collect();
        if way.iter().any(String::is_empty) {
            return Err(LoginError::Form(text.to_owned()));
        }
        Ok(Self { operation, way })
    }

    /// The token that an answer holds.
    pub fn token(&self, answer: &Answer) -> Option<String> {
        let body = judge::json_of(answer)?;
        let mut names = self.way.iter();
        let token = names.try_fold(&body, |value, name| value.get(name))?;
        match token {
            Value::String(text) if !text.is_empty() => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    /// `access_token`
    pub fn member(&self) -> String {
        self.way.join(".")
    }
}

/// True if a word names an operation: the last segment of its path, or its title.
fn is_called(operation: &Operation, word: &str) -> bool {
    let last = operation.endpoint.value.path.rsplit('/').next();
    let title = operation.title.as_deref().unwrap_or_default();
    let title = title.split_whitespace().collect::<Vec<_>>().join("-");
    let endpoint = &operation.endpoint.value;
    let whole = format!("{} {}", endpoint.method, endpoint.path);
    // The pages may leave out what all paths begin with: `POST /auth.token` for `POST /api/auth.token`.
    let is_end = word.split_once(" /").is_some_and(|(method, path)| {
        method == endpoint.method && endpoint.path.ends_with(&format!("/{path}"))
    });
    last.is_some_and(|last| last.eq_ignore_ascii_case(word))
        || title.eq_ignore_ascii_case(word)
        || whole == word
        || is_end
}

/// The header that carries a token: what the pages document, else `Authorization: Bearer`.
pub fn header(api: &Api, token: &str) -> (String, String) {
    let schemes = api.operations.iter().flat_map(|it| &it.auth.schemes);
    let schemes: Vec<_> = schemes.map(|scheme| &scheme.value).collect();
    let own = schemes.iter().find_map(|scheme| match scheme {
        AuthScheme::Header(name) => Some(name.clone()),
        _ => None,
    });
    match own.filter(|_| !schemes.contains(&&AuthScheme::Bearer)) {
        Some(name) => (name, token.to_owned()),
        None => ("Authorization".to_owned(), format!("Bearer {token}")),
    }
}

/// A first token, and the one in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    first: String,
    latest: String,
}

impl Exchange {
    /// A token that nothing has taken the place of yet.
    pub fn new(first: String) -> Self {
        let latest = first.clone();
        Self { first, latest }
    }

    /// Takes a token for the latest.
    pub fn renew(&mut self, token: String) {
        self.latest = token;
    }

    /// What stands before the token in the header of a request that carries it: `Bearer `. A longer token that only begins
    /// with it is another one.
    pub fn scheme(&self, request: &Request) -> Option<String> {
        let mut headers = request.headers.iter();
        headers.find_map(|(_, value)| {
            let (before, after) = value.split_once(&self.first)?;
            (!after.starts_with(char::is_alphanumeric)).then(|| before.to_owned())
        })
    }

    /// The request with the latest token.
    pub fn sent(&self, request: &Request) -> Request {
        let mut request = request.clone();
        if self.first == self.latest {
            return request;
        }
        for (_, value) in &mut request.headers {
            *value = value.replace(&self.first, &self.latest);
        }
        if let Some(Body::Text(text)) = &mut request.body {
            *text = text.replace(&self.first, &self.latest);
        }
        request
    }

    /// The answer as it would be about the first token, in whatever form it holds the latest.
    pub fn shown(&self, answer: Answer) -> Answer {
        self.disguised(answer, &self.latest)
    }

    /// The answer with the first token in the place of another one.
    pub fn disguised(&self, mut answer: Answer, token: &str) -> Answer {
        if self.first == token {
            return answer;
        }
        let first = bindings::forms(&self.first).into_iter();
        let first = first.chain(std::iter::repeat(self.first.clone()));
        let mut pairs: Vec<_> = bindings::forms(token).into_iter().zip(first).collect();
        pairs.sort_by_key(|(form, _)| std::cmp::Reverse(form.len()));
        let disguise = |text: &str| {
            let pairs = pairs.iter();
            pairs.fold(text.to_owned(), |text, (form, first)| {
                text.replace(form, first)
            })
        };
        for (_, value) in &mut answer.headers {
            *value = disguise(value);
        }
        if let Ok(text) = std::str::from_utf8(&answer.body) {
            answer.body = disguise(text).into_bytes();
        }
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conform::tests::{answer, documentation};

    const PAGES: [&str; 3] = [
        "---\ntitle: Log in\napi: POST /auth/login\n---\n",
        "---\ntitle: Login page\napi: GET /login\n---\n",
        "---\ntitle: Books\napi: GET /books\n---\n",
    ];

    #[test]
    fn operations_are_named_by_segment_title_or_in_full() {
        let (_, documentation) = documentation("", &PAGES);
        let find = |text| Login::find(&documentation.api, text);
        for text in [
            "login.access_token",
            "log-in.access_token",
            "POST /auth/login.access_token",
        ] {
            let login = find(text).unwrap();
            assert_eq!(
                (login.operation, login.member().as_str()),
                (0, "access_token")
            );
        }
        assert!(matches!(find("login"), Err(LoginError::Form(_))));
        assert!(matches!(find("login..a"), Err(LoginError::Form(_))));
        let unknown = find("logn.a").unwrap_err().to_string();
        assert!(unknown.contains("did you mean"), "{unknown}");
    }

    #[test]
    fn a_later_token_is_sent_and_not_shown() {
        let (_, documentation) = documentation("", &PAGES);
        let login = Login::find(&documentation.api, "login.data.token").unwrap();
        let token = login.token(&answer(200, r#"{"data": {"token": "first-token"}}"#));
        let mut exchange = Exchange::new(token.unwrap());
        exchange.renew("second-token".to_owned());
        let (name, value) = header(&documentation.api, "first-token");
        let request = Request {
            method: "GET".to_owned(),
            url: "http://127.0.0.1:1/".to_owned(),
            headers: vec![(name, value)],
            body: None,
        };
        assert_eq!(exchange.scheme(&request).as_deref(), Some("Bearer "));
        let mut longer = request.clone();
        longer.headers[0].1.push('0');
        assert_eq!(exchange.scheme(&longer), None);
        let sent = exchange.sent(&request);
        assert_eq!(sent.header("authorization"), Some("Bearer second-token"));
        let shown = exchange.shown(answer(200, "second-token c2Vjb25kLXRva2Vu"));
        assert_eq!(shown.body, b"first-token Zmlyc3QtdG9rZW4=");
    }
}
