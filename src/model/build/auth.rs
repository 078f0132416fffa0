//! How requests are authenticated: the page's `authMethod`, else what its text says in place of the site's configuration,
//! else what the page's parameters and curl examples send.

mod said;

use std::sync::LazyLock;

use crate::mdx::Page;
use crate::model::build::pattern::{Pattern, pattern};
use crate::model::evidence::{Fact, Origin, ReadingRule};
use crate::model::operation::{Auth, AuthScheme, Field, Location, RequestExample};
use crate::model::site::SiteConfig;
use crate::source::Span;

use super::collect::Collected;
use super::field::Role;

pub(super) use said::{choice, offers_choice};

use said::Said;

static AUTH_METHOD_KEY: ReadingRule = ReadingRule {
    name: "auth-method-key",
    origin: Origin::Attribute,
    summary: "`authMethod` in the frontmatter states how requests to the page are authenticated",
};
static AUTH_FIELD: ReadingRule = ReadingRule {
    name: "auth-field",
    origin: Origin::Attribute,
    summary: "a ParamField with `auth`, and a required header or query parameter that carries credentials, states how requests are authenticated",
};
static CURL_USER: ReadingRule = ReadingRule {
    name: "curl-user",
    origin: Origin::Example,
    summary: "`-u` of a curl command stands for basic authentication",
};
static CURL_CREDENTIAL: ReadingRule = ReadingRule {
    name: "curl-credential",
    origin: Origin::Example,
    summary: "a header or an `api_key` in the query of a curl command states how requests are authenticated, if nothing else does",
};
/// How the code here reads pages.
pub(super) static READING_RULES: &[&ReadingRule] = &[
    &AUTH_METHOD_KEY,
    &AUTH_FIELD,
    &CURL_USER,
    &CURL_CREDENTIAL,
    &said::AUTH_IN_TEXT,
];

pub(super) fn read(
    page: &Page,
    config: &SiteConfig,
    collected: &Collected<'_>,
    examples: &[RequestExample],
) -> Auth {
    let stated = page
        .frontmatter
        .get("authMethod")
        .and_then(|entry| Some((entry.value.as_str()?.to_owned(), entry.value_span)));
    let site_name = config
        .auth
        .as_ref()
        .and_then(|auth| auth.value.name.clone());
    let own = of_fields(collected);
    let of_page = || sent_by_page(collected, examples);
    let scheme = |method: &str, span: Span, rule: &'static ReadingRule| {
        let is_unnamed = site_name.is_none() && is_key(method);
        if is_unnamed && !own.is_empty() {
            // The key has the name that the page documents.
            return None;
        }
        let known = is_unnamed.then(of_page).flatten();
        let value = known.or_else(|| scheme(method, site_name.clone()))?;
        Some(Fact::new(value, span, rule))
    };
    let scheme = match (&stated, &config.auth) {
        (Some((method, _)), _) if method.trim().eq_ignore_ascii_case("none") => {
            return Auth::default();
        }
        (Some((method, span)), _) => scheme(method, *span, &AUTH_METHOD_KEY),
        (None, Some(auth)) => {
            let evidence = auth.evidence;
            let configured = scheme(&auth.value.method, evidence.span, evidence.rule);
            match said(page, collected) {
                Some(Fact { value: None, .. }) => return Auth::default(),
                Some(Fact {
                    value: Some(value),
                    evidence,
                }) if configured.as_ref().is_none_or(|it| it.value != value) => {
                    Some(Fact { value, evidence })
                }
                _ => configured,
            }
        }
        (None, None) => None,
    };
    let mut schemes: Vec<_> = scheme.into_iter().collect();
    for scheme in own {
        add(&mut schemes, scheme);
    }
    if schemes.is_empty() {
        schemes.extend(examples.iter().find_map(of_curl));
    }
    Auth { schemes }
}

/// The credentials that fields of the page ask for.
fn of_fields(collected: &Collected<'_>) -> Vec<Fact<AuthScheme>> {
    let fields = collected
        .request_fields
        .iter()
        .filter_map(|(role, field)| match role {
            Role::Auth => Some((of_header(field), field)),
            Role::Parameter(Location::Header)
                if is_credential(&field.name.value) && field.is_required() =>
            {
                Some((of_header(field), field))
            }
            Role::Parameter(Location::Query)
                if is_query_credential(&field.name.value) && field.is_required() =>
            {
                Some((AuthScheme::Query(field.name.value.clone()), field))
            }
            _ => None,
        });
    fields
        .map(|(scheme, field)| Fact::new(scheme, field.open, &AUTH_FIELD))
        .collect()
}

/// The credentials that the page documents without asking for them, or that its commands send.
fn sent_by_page(collected: &Collected<'_>, examples: &[RequestExample]) -> Option<AuthScheme> {
    let fields = collected.request_fields.iter();
    let mut documented = fields.filter_map(|(role, field)| {
        let name = &field.name.value;
        match role {
            Role::Parameter(Location::Header) if is_credential(name) => Some(of_header(field)),
            Role::Parameter(Location::Query) if is_query_credential(name) => {
                Some(AuthScheme::Query(name.clone()))
            }
            _ => None,
        }
    });
    let shown = || examples.iter().find_map(of_curl).map(|it| it.value);
    documented.next().or_else(shown)
}

/// What the text of the page says in place of the configuration; no scheme if nothing has to be sent.
fn said(page: &Page, collected: &Collected<'_>) -> Option<Fact<Option<AuthScheme>>> {
    let in_text = collected.texts.iter().find_map(|prose| said::read(prose));
    let fact = in_text.or_else(|| said::of_description(page))?;
    let scheme = match fact.value {
        Said::Open => None,
        Said::Basic => Some(AuthScheme::Basic),
        Said::Bearer => Some(AuthScheme::Bearer),
        Said::Either => Some(AuthScheme::Header("Authorization".to_owned())),
    };
    Some(Fact {
        value: scheme,
        evidence: fact.evidence,
    })
}

fn scheme(method: &str, name: Option<String>) -> Option<AuthScheme> {
    // The platform takes any other spelling for no authentication; its author did not.
    Some(match method.trim().to_ascii_lowercase().as_str() {
        "bearer" => AuthScheme::Bearer,
        "basic" => AuthScheme::Basic,
        _ if is_key(method) => AuthScheme::Header(name.unwrap_or_else(|| "Key".to_owned())),
        "cobo" => AuthScheme::Header("API-SECRET".to_owned()),
        _ => return None,
    })
}

/// True for a method that sends a key under a name of the site's own.
fn is_key(method: &str) -> bool {
    let method = method.trim().to_ascii_lowercase();
    matches!(method.as_str(), "key" | "apikey" | "api-key" | "api_key")
}

/// The scheme of a header that carries credentials; the text of `Authorization` often names its own.
fn of_header(field: &Field) -> AuthScheme {
    static BEARER: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\bbearer\b[\s`]*(?:[<{$\[]|token|auth|YOUR|[a-z_]*(?:key|token|jwt|secret)\b|\.\.\.|…|x{3})",
        )
    });
    static WITHOUT: LazyLock<Pattern> =
        LazyLock::new(|| pattern(r"(?i)\b(?:without|no|not|omit|ohne|sem|sin|sans)\b"));
    let text = &field.description;
    let is_authorization = field.name.value.eq_ignore_ascii_case("authorization");
    if is_authorization && BEARER.is_match(text) && !WITHOUT.is_match(text) {
        return AuthScheme::Bearer;
    }
    AuthScheme::Header(field.name.value.clone())
}

/// Headers are the same whatever their case, and bearer and basic are both sent in `Authorization`.
fn add(schemes: &mut Vec<Fact<AuthScheme>>, scheme: Fact<AuthScheme>) {
    let name = |scheme: &AuthScheme| match scheme {
        AuthScheme::Bearer | AuthScheme::Basic => "authorization".to_owned(),
        AuthScheme::Header(name) | AuthScheme::Query(name) => name.to_ascii_lowercase(),
    };
    if !schemes
        .iter()
        .any(|known| name(&known.value) == name(&scheme.value))
    {
        schemes.push(scheme);
    }
}

fn of_curl(example: &RequestExample) -> Option<Fact<AuthScheme>> {
    let curl = example.curl.as_ref()?;
    if let Some(user) = &curl.user {
        return Some(Fact::new(
            AuthScheme::Basic,
            example.text.span(user.range.clone()),
            &CURL_USER,
        ));
    }
    let header = curl
        .headers
        .iter()
        .find(|header| is_credential(&header.name.value));
    let named = || {
        curl.headers
            .iter()
            .find(|it| holds_secret(&it.name.value, &it.value.value))
    };
    let Some(header) = header.or_else(named) else {
        let mut query = curl.url.iter().flat_map(|url| &url.query);
        let pair = query.find(|pair| is_query_credential(&pair.name.value))?;
        let scheme = AuthScheme::Query(pair.name.value.clone());
        let span = example.text.span(pair.range.clone());
        return Some(Fact::new(scheme, span, &CURL_CREDENTIAL));
    };
    let value = header.value.value.to_ascii_lowercase();
    let scheme = match value.split_whitespace().next() {
        Some("bearer") => AuthScheme::Bearer,
        Some("basic") => AuthScheme::Basic,
        _ => AuthScheme::Header(header.name.value.clone()),
    };
    Some(Fact::new(
        scheme,
        example.text.span(header.range.clone()),
        &CURL_CREDENTIAL,
    ))
}

/// True for the names of query parameters that carry credentials.
fn is_query_credential(name: &str) -> bool {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    let name: String = letters.map(|c| c.to_ascii_lowercase()).collect();
    matches!(
        name.as_str(),
        "apikey" | "accesstoken" | "authtoken" | "apitoken"
    )
}

/// True for a header that is named after a key or a token of any product, as `X-Acme-Key`, and is sent with a placeholder for
/// a secret, or with what looks like one; keys that name requests, and tokens of pages, are something else.
fn holds_secret(name: &str, value: &str) -> bool {
    const ENDS: &[&str] = &[
        "-key",
        "-apikey",
        "-token",
        "-secret",
        "-auth",
        "-authorization",
        "-credential",
        "-credentials",
        "-password",
    ];
    const OTHERS: &[&str] = &[
        "idempot",
        "request",
        "dedup",
        "correlation",
        "trace",
        "csrf",
        "xsrf",
        "encrypt",
        "cache",
        "partition",
        "routing",
        "signature",
        "page",
        "sync",
        "continuation",
        "cursor",
        "upload",
        "version",
        "lock",
        "captcha",
        "device",
        "push",
        "sse-",
    ];
    static PLACEHOLDER: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)^\s*(?:\$\{?[a-z_]*(?:key|token|secret|auth|pass|credential)[a-z_]*\}?|[<{\[]+[^<>{}\[\]]*(?:key|token|secret|auth|pass|credential)[^<>{}\[\]]*[>}\]]+|(?:your|my)[-_ ][a-z_ -]*|[a-z]{2,8}_(?:[a-z]{2,8}_)*[a-z0-9]{8,}|\S*(?:\.\.\.|…|x{4,}|\*{3,}))\s*$",
        )
    });
    let name = name.to_ascii_lowercase();
    ENDS.iter().any(|end| name.ends_with(end))
        && !OTHERS.iter().any(|word| name.contains(word))
        && PLACEHOLDER.is_match(value)
}

/// True for the names of headers that carry credentials.
pub fn is_credential(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    matches!(
        name.as_str(),
        "authorization"
            | "api-key"
            | "apikey"
            | "x-api-key"
            | "x-auth-token"
            | "x-access-token"
            | "api-secret"
    ) || name.ends_with("-api-key")
        || name.ends_with("-token") && name.starts_with("x-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_any_product_carry_secrets() {
        for (name, value) in [
            ("X-Acme-Key", "$ACME_KEY"),
            ("Acme-Token", "${ACME_TOKEN}"),
            ("X-Acme-Secret", "YOUR_SECRET"),
            ("Acme-Key", "<your key>"),
            ("X-Acme-Key", "{{api_key}}"),
            ("X-Acme-Key", "ack_test_5f2c81d09ab4"),
            ("X-Acme-Auth", "ack_..."),
        ] {
            assert!(holds_secret(name, value), "{name}: {value}");
        }
        for (name, value) in [
            ("Idempotency-Key", "$IDEMPOTENCY_KEY"),
            ("X-Request-Key", "$REQUEST_KEY"),
            ("X-CSRF-Token", "$CSRF_TOKEN"),
            ("X-Acme-Key", "blue"),
            ("X-Acme-Tenant", "$ACME_KEY"),
            ("Accept-Language", "en"),
        ] {
            assert!(!holds_secret(name, value), "{name}: {value}");
        }
    }
}
