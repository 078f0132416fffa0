//! Whether a request carries the documented credentials, in their documented form.
//!
//! Which credentials they are is judged only if the mock is told which ones there are.

use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use base64::{Engine as _, alphabet};
use http::header::AUTHORIZATION;

use crate::model::curl::Curl;
use crate::model::{AuthScheme, Evidence, Operation, Origin, is_credential};

use super::message::Request;
use super::{form, words};

/// Credentials that requests of an operation must carry.
#[derive(Clone, Debug)]
pub(super) struct Required {
    pub(super) scheme: AuthScheme,
    pub(super) evidence: Evidence,
    /// True if the page shows the scheme in another form than its name says, so that any is taken.
    is_any_form: bool,
    /// True if credentials in any header, or in the query, are taken.
    is_any: bool,
}

/// What is wrong with the credentials of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// There are none.
    Missing,
    /// They are not of the documented form.
    Form,
    /// They are not among those that the mock takes.
    Unknown,
}

/// The credentials that requests of an operation must carry.
pub(super) fn required(operation: &Operation) -> Vec<Required> {
    let required = operation.required_credentials().into_iter();
    let required = required.map(|scheme| {
        let is_any = is_replaced(&scheme.value, operation);
        Required {
            scheme: scheme.value.clone(),
            evidence: scheme.evidence,
            is_any_form: is_any || is_shown_otherwise(&scheme.value, operation),
            is_any,
        }
    });
    let required: Vec<_> = required.collect();
    if required.is_empty() {
        return either(operation).into_iter().collect();
    }
    required
}

/// What the text of a page says in the place of the configuration of its site: any credentials will do, but none will not.
fn either(operation: &Operation) -> Option<Required> {
    let mut schemes = operation.auth.schemes.iter();
    let scheme = schemes.find(|scheme| scheme.evidence.origin == Origin::Prose)?;
    let examples = operation.request_examples.iter();
    let mut curls = examples
        .filter_map(|example| example.curl.as_ref())
        .peekable();
    let carries = |curl: &Curl| {
        let mut headers = curl.headers.iter();
        curl.user.is_some() || headers.any(|header| is_named(&header.name.value))
    };
    (curls.peek().is_none() || curls.any(carries)).then(|| Required {
        scheme: scheme.value.clone(),
        evidence: scheme.evidence,
        is_any_form: true,
        is_any: true,
    })
}

/// True for the name of a parameter that carries credentials.
pub(super) fn is_named(name: &str) -> bool {
    let words = [
        "key",
        "token",
        "secret",
        "auth",
        "authorization",
        "session",
        "sid",
        "signature",
    ];
    let parts = words::parts(name);
    is_credential(name) || parts.iter().any(|it| words.contains(&it.as_str()))
}

/// True for the name of a cookie that tells who is there: `sid`, `JSESSIONID`, `__Host-session`, `next-auth.session-token`.
pub(super) fn is_cookie(name: &str) -> bool {
    let folded = words::folded(name);
    let mut marks = ["sess", "auth", "token", "jwt"].iter();
    is_named(name) || marks.any(|mark| folded.contains(mark))
}

/// The first of the required credentials that a request does not carry as it should.
///
/// `known` are the credentials that are taken; any are if there are none.
pub(super) fn fault<'r>(
    required: &'r [Required],
    known: &[String],
    request: &Request,
) -> Option<(&'r Required, Fault)> {
    required.iter().find_map(|required| {
        let fault = required.fault(known, request)?;
        Some((required, fault))
    })
}

impl Required {
    fn fault(&self, known: &[String], request: &Request) -> Option<Fault> {
        let Some(sent) = self.sent(request) else {
            return Some(Fault::Missing);
        };
        let (scheme, rest) = sent.split_once(' ').unwrap_or(("", &sent));
        let rest = rest.trim();
        let is_form = match &self.scheme {
            _ if self.is_any_form => true,
            AuthScheme::Bearer => scheme.eq_ignore_ascii_case("bearer") && !rest.is_empty(),
            AuthScheme::Basic => {
                scheme.eq_ignore_ascii_case("basic")
                    && basic(rest).is_some_and(|it| it.contains(':'))
            }
            AuthScheme::Header(_) | AuthScheme::Query(_) => true,
        };
        if !is_form {
            return Some(Fault::Form);
        }
        let is_known = |credential: &String| {
            let in_basic = || basic(rest).is_some_and(|pair| pair == *credential);
            *credential == *sent || credential == rest || in_basic()
        };
        let is_taken = known.is_empty() || known.iter().any(is_known);
        (!is_taken).then_some(Fault::Unknown)
    }

    /// The credentials as sent.
    fn sent(&self, request: &Request) -> Option<String> {
        if self.is_any {
            let mut names = request.headers.keys();
            let name = names.find(|name| is_named(name.as_str()));
            let pairs = || form::pairs(request.query()).into_iter();
            let in_query = || pairs().find(|(name, value)| is_named(name) && !value.is_empty());
            return match name {
                Some(name) => request
                    .header(name.clone())
                    .map(|value| value.trim().to_owned()),
                None => in_query().map(|(_, value)| value),
            };
        }
        let header = |name: &str| {
            let mut values = request.headers_named(name);
            values.find(|value| !value.trim().is_empty())
        };
        let value = match &self.scheme {
            AuthScheme::Bearer | AuthScheme::Basic => header(AUTHORIZATION.as_str())?,
            AuthScheme::Header(name) if is_authorization(name) => header(AUTHORIZATION.as_str())?,
            AuthScheme::Header(name) => header(name.trim())?,
            AuthScheme::Query(name) => {
                let pairs = form::pairs(request.query()).into_iter();
                let mut values = pairs
                    .filter(|(sent, _)| sent == name)
                    .map(|(_, value)| value);
                return values.find(|value| !value.is_empty());
            }
        };
        Some(value.trim().to_owned())
    }
}

/// The text that `Basic` credentials stand for; as clients differ, padding and either alphabet are taken.
fn basic(encoded: &str) -> Option<String> {
    let engine = GeneralPurpose::new(&alphabet::STANDARD, UNPADDED);
    let standard = encoded.replace('-', "+").replace('_', "/");
    String::from_utf8(engine.decode(standard).ok()?).ok()
}

const UNPADDED: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);

/// What to send, as `WWW-Authenticate` names it.
pub(super) fn challenge(scheme: &AuthScheme) -> String {
    match scheme {
        AuthScheme::Bearer => "Bearer".to_owned(),
        AuthScheme::Basic => "Basic realm=\"documented API\"".to_owned(),
        AuthScheme::Header(name) if is_authorization(name) => "Bearer".to_owned(),
        AuthScheme::Header(name) => format!("ApiKey in=\"header\", name=\"{name}\""),
        AuthScheme::Query(name) => format!("ApiKey in=\"query\", name=\"{name}\""),
    }
}

/// What to send, in the words of messages.
pub(super) fn describe(scheme: &AuthScheme) -> String {
    match scheme {
        AuthScheme::Bearer => "`Authorization: Bearer <token>`".to_owned(),
        AuthScheme::Basic => "`Authorization: Basic <user:password in base64>`".to_owned(),
        AuthScheme::Header(name) if is_authorization(name) => "`Authorization`".to_owned(),
        AuthScheme::Header(name) => format!("the header `{name}`"),
        AuthScheme::Query(name) => format!("the query parameter `{name}`"),
    }
}

/// Headers with credentials of the documented form, for a request to try; those of a query are left to the client.
pub(super) fn samples(operation: &Operation) -> Vec<[String; 2]> {
    let schemes = operation.auth.schemes.iter();
    let headers = schemes.filter_map(|scheme| match &scheme.value {
        AuthScheme::Bearer => Some(["Authorization".to_owned(), "Bearer example".to_owned()]),
        // `user:password`
        AuthScheme::Basic => Some([
            "Authorization".to_owned(),
            "Basic dXNlcjpwYXNzd29yZA==".to_owned(),
        ]),
        AuthScheme::Header(name) if is_authorization(name) => {
            Some(["Authorization".to_owned(), "Bearer example".to_owned()])
        }
        AuthScheme::Header(name) => Some([name.clone(), "example".to_owned()]),
        AuthScheme::Query(_) => None,
    });
    headers.collect()
}

/// True for headers that carry documented credentials, in lower case.
pub(super) fn covers(operation: &Operation, header: &str) -> bool {
    let schemes = operation.auth.schemes.iter();
    let mut headers = schemes.filter_map(|scheme| match &scheme.value {
        AuthScheme::Bearer | AuthScheme::Basic => Some("authorization"),
        AuthScheme::Header(name) => Some(name.as_str()),
        AuthScheme::Query(_) => None,
    });
    headers.any(|name| name.eq_ignore_ascii_case(header))
}

/// True if a curl command of the page sends `Authorization` in another form than that of the scheme.
fn is_shown_otherwise(scheme: &AuthScheme, operation: &Operation) -> bool {
    let word = match scheme {
        AuthScheme::Bearer => "bearer",
        AuthScheme::Basic => "basic",
        AuthScheme::Header(_) | AuthScheme::Query(_) => return true,
    };
    let examples = operation.request_examples.iter();
    let mut curls = examples.filter_map(|example| example.curl.as_ref());
    curls.any(|curl| {
        let header = curl.header("authorization");
        let is_other = header.is_some_and(|header| {
            let first = header.value.value.split_whitespace().next();
            !first.is_some_and(|first| first.eq_ignore_ascii_case(word))
        });
        is_other || curl.user.is_some() && word != "basic"
    })
}

/// True if a command of the page carries other credentials in the place of these.
fn is_replaced(scheme: &AuthScheme, operation: &Operation) -> bool {
    let carries = |curl: &Curl| match scheme {
        AuthScheme::Header(name) => curl.header(name).is_some(),
        AuthScheme::Bearer | AuthScheme::Basic => {
            curl.user.is_some() || curl.header("authorization").is_some()
        }
        AuthScheme::Query(_) => true,
    };
    let examples = operation.request_examples.iter();
    let mut curls = examples.filter_map(|example| example.curl.as_ref());
    curls.any(|curl| {
        let mut names = curl.headers.iter().map(|header| &header.name.value);
        let is_other =
            |name: &String| is_named(name) && !name.to_ascii_lowercase().contains("idempotency");
        let mut query = curl.url.iter().flat_map(|url| &url.query);
        let mut in_query = || query.any(|pair| is_key_of_query(&pair.name.value));
        !carries(curl) && (names.any(is_other) || in_query())
    })
}

/// True for the name of a parameter of the query that can only be one for credentials.
fn is_key_of_query(name: &str) -> bool {
    matches!(
        words::folded(name).as_str(),
        "apikey" | "key" | "token" | "accesstoken" | "authtoken" | "apitoken" | "apisecret"
    )
}

/// True for the names of fields that stand for the `Authorization` header.
fn is_authorization(name: &str) -> bool {
    let name = name.trim().to_ascii_lowercase();
    matches!(
        name.as_str(),
        "" | "authorization" | "bearer" | "basic" | "bearer token"
    ) || name.starts_with("authorization")
        || name.contains(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_credentials_are_a_pair() {
        assert_eq!(basic("bWFyYTpzYWx0").as_deref(), Some("mara:salt"));
        assert_eq!(basic("bWFyYTpzYWx0eQ==").as_deref(), Some("mara:salty"));
        assert_eq!(basic("bWFyYTpzYWx0eQ").as_deref(), Some("mara:salty"));
        assert_eq!(basic("YTo_Pj4-").as_deref(), Some("a:?>>>"));
        assert_eq!(basic("no pair"), None);
    }
}
