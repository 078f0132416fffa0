//! How the examples of a site authenticate, where neither pages nor configuration say it.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use crate::check::renaming;
use crate::model::build::{GuideCall, calls_of_guide, guides};
use crate::model::curl::Curl;
use crate::model::{Api, AuthScheme, Documentation, Location, Operation, Origin, Written};
use crate::source::FileId;

/// So many operations make a habit.
const FEWEST: usize = 5;

/// One in so many may differ from it.
const EXCEPTIONS: usize = 10;

/// What almost all curl commands of a site authenticate with.
pub(in crate::check) struct Habit<'p> {
    scheme: Option<AuthScheme>,
    documentation: &'p Documentation,
    /// The ways to authenticate that guides show beside this one.
    shown: OnceCell<HashSet<String>>,
    pages: HashMap<FileId, &'p Written<'p>>,
    is_in_fields: bool,
    /// The headers that half of the operations or fewer document, in lower case.
    rare: HashSet<String>,
}

impl<'p> Habit<'p> {
    pub(in crate::check) fn new(
        documentation: &'p Documentation,
        pages: &'p [Written<'p>],
    ) -> Self {
        let api = &documentation.api;
        Self {
            scheme: habit(api),
            documentation,
            shown: OnceCell::new(),
            pages: pages.iter().map(|page| (page.file, page)).collect(),
            is_in_fields: documents_in_fields(api),
            rare: rare_headers(api),
        }
    }

    /// True if the command sends a required header that the page documents, and that few others do: it may be what identifies
    /// the caller there.
    pub(super) fn has_header_of_its_own(&self, operation: &Operation, curl: &Curl) -> bool {
        let mut headers = operation.parameters_in(Location::Header);
        headers.any(|it| {
            let name = it.field.name.value.trim();
            let is_rare = self.rare.contains(&name.to_ascii_lowercase());
            is_rare && it.field.is_required() && curl.header(name).is_some()
        })
    }

    /// The scheme that the examples of the operation are expected to use.
    pub(super) fn of(&self, operation: &Operation) -> Option<&AuthScheme> {
        let mut schemes = operation.auth.schemes.iter();
        let is_stated = schemes.any(|it| it.evidence.origin != Origin::Example);
        self.scheme.as_ref().filter(|_| !is_stated)
    }

    /// The sentences of pages without an endpoint that offer a choice of ways to authenticate.
    pub(super) fn choices(&self) -> impl Iterator<Item = &str> {
        let sent = &self.documentation.api.shared.sent;
        sent.credentials.iter().map(|said| said.value.as_str())
    }

    /// True if a guide shows the way in which the command authenticates as another one: beside the one of the other pages, or
    /// as that of OAuth.
    pub(super) fn is_shown(&self, curl: &Curl) -> bool {
        let (Some(own), Some(scheme)) = (&self.scheme, scheme_of(curl)) else {
            return false;
        };
        let shown = self.shown.get_or_init(|| {
            let pages = guides(self.documentation);
            let shown = pages.flat_map(|page| {
                let title = page.frontmatter.text("title").unwrap_or_default();
                shown_beside(title, &calls_of_guide(page), own)
            });
            shown.collect()
        });
        shown.contains(&name(&scheme))
    }

    /// True if a page without an endpoint names the header.
    pub(super) fn names_header(&self, name: &str) -> bool {
        let mut headers = self.documentation.api.shared.sent.headers.iter();
        headers.any(|header| header.value.eq_ignore_ascii_case(name))
    }

    /// True if most operations document their credentials with a field: one that has none says so by that.
    pub(super) fn is_in_fields(&self) -> bool {
        self.is_in_fields
    }

    /// True if a page of the operation says something of credentials itself: nothing is expected of it.
    pub(super) fn is_silent(&self, operation: &Operation) -> bool {
        let mut pages = operation
            .pages
            .iter()
            .filter_map(|page| self.pages.get(page));
        let takes_secret = operation
            .parameters_in(Location::Path)
            .any(|it| is_secret(&it.field.name.value));
        takes_secret
            || sends_secret(operation)
            || is_open_path(&operation.joined_path())
            || pages.any(|page| speaks_of_credentials(page))
    }
}

/// The ways to authenticate that a guide shows beside that of the other pages.
fn shown_beside(title: &str, calls: &[GuideCall], own: &AuthScheme) -> HashSet<String> {
    let curls = calls.iter().filter_map(|it| it.example.curl.as_ref());
    let mut shown: HashSet<String> = curls.filter_map(scheme_of).map(|it| name(&it)).collect();
    let is_oauth = |text: &str| text.to_lowercase().contains("oauth");
    let names_oauth = is_oauth(title) || calls.iter().any(|call| is_oauth(&call.lead));
    if !shown.remove(&name(own)) && !names_oauth {
        shown.clear();
    }
    shown
}

/// True if more than half of the operations have a field for credentials.
fn documents_in_fields(api: &Api) -> bool {
    let documents = |operation: &&Operation| {
        let mut headers = operation.parameters_in(Location::Header);
        headers.any(|it| crate::model::is_credential(&it.field.name.value))
    };
    api.operations.iter().filter(documents).count() * 2 > api.operations.len()
}

/// The headers, in lower case, that half of the operations or fewer document, but for those that say something of the message.
fn rare_headers(api: &Api) -> HashSet<String> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for operation in &api.operations {
        for header in operation.parameters_in(Location::Header) {
            let name = header.field.name.value.trim().to_ascii_lowercase();
            *counts.entry(name).or_default() += 1;
        }
    }
    let is_of_message = |name: &str| {
        let starts = [
            "content-",
            "accept",
            "if-",
            "prefer",
            "range",
            "idempoten",
            "x-idempoten",
        ];
        starts.iter().any(|start| name.starts_with(start))
    };
    counts.retain(|name, count| *count * 2 <= api.operations.len() && !is_of_message(name));
    counts.into_keys().collect()
}

/// True for the name of a parameter that is a credential itself: `client_key`, `signature`.
fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let ends = ["key", "token", "secret", "signature"];
    ends.iter().any(|end| name.ends_with(end))
}

/// True if what identifies the caller is sent in a body, a query, or a header of its own: `api_key`, `password`, `otp`.
fn sends_secret(operation: &Operation) -> bool {
    const ENDS: [&str; 14] = [
        "key",
        "token",
        "secret",
        "password",
        "passwd",
        "pass",
        "passcode",
        "pin",
        "otp",
        "signature",
        "sig",
        "hmac",
        "auth",
        "credentials",
    ];
    let body = operation.body.iter().flat_map(|body| &body.fields);
    let parameters = operation.parameters.iter();
    let parameters = parameters.filter(|it| it.location != Location::Path);
    let names = parameters
        .map(|it| &it.field)
        .chain(body)
        .map(|field| field.name.value.trim());
    let names: Vec<Vec<String>> = names.map(renaming::words).collect();
    let is_key_of_request = |words: &[String]| words.iter().any(|it| it.starts_with("idempoten"));
    let is_secret = |words: &Vec<String>| {
        let last = words.last().map_or("", String::as_str);
        ENDS.contains(&last) && !is_key_of_request(words)
    };
    let has = |word: &str| {
        names
            .iter()
            .any(|it| it.last().is_some_and(|it| it == word))
    };
    names.iter().any(is_secret) || has("code") && (has("email") || has("phone"))
}

/// True for a path of what is asked before anybody has credentials.
fn is_open_path(path: &str) -> bool {
    let mut segments = path.split('/');
    segments.any(|it| {
        let word = it.to_ascii_lowercase();
        let is_asked = [
            "forgot", "reset-", "reset_", "magic", "verify-", "verify_", "confirm-", "confirm_",
        ];
        is_asked.iter().any(|start| word.starts_with(start))
            || word == "reset"
            || matches!(
                word.as_str(),
                "health"
                    | "healthz"
                    | "status"
                    | "ping"
                    | "public"
                    | "webhook"
                    | "webhooks"
                    | "version"
                    | "otp"
                    | "verify"
                    | "confirm"
                    | "invitation"
                    | "invitations"
                    | "guest"
                    | "anonymous"
                    | "unsubscribe"
                    | "track"
            )
    })
}

fn habit(api: &Api) -> Option<AuthScheme> {
    let mut counts: HashMap<Option<String>, (usize, Option<AuthScheme>)> = HashMap::new();
    let mut all = 0;
    for operation in &api.operations {
        let mut curls = operation
            .request_examples
            .iter()
            .filter_map(|it| it.curl.as_ref());
        let Some(curl) = curls.next() else {
            continue;
        };
        all += 1;
        let scheme = scheme_of(curl);
        let entry = counts.entry(scheme.as_ref().map(name)).or_default();
        entry.0 += 1;
        entry.1 = scheme;
    }
    let most = counts.into_values().max_by_key(|(count, _)| *count)?;
    let exceptions = (all / EXCEPTIONS).max(1);
    let (count, scheme) = most;
    scheme.filter(|_| count >= FEWEST && all - count <= exceptions)
}

/// What a command authenticates with; a variable in the place of the whole header may be anything.
fn scheme_of(curl: &Curl) -> Option<AuthScheme> {
    if curl.user.is_some() {
        return Some(AuthScheme::Basic);
    }
    let header = curl
        .headers
        .iter()
        .find(|header| crate::model::is_credential(&header.name.value))?;
    if !header.name.value.eq_ignore_ascii_case("authorization") {
        return Some(AuthScheme::Header(header.name.value.clone()));
    }
    let mut words = header.value.value.split_whitespace();
    match (words.next()?.to_ascii_lowercase().as_str(), words.next()) {
        ("bearer", Some(_)) => Some(AuthScheme::Bearer),
        ("basic", Some(_)) => Some(AuthScheme::Basic),
        _ => Some(AuthScheme::Header(header.name.value.clone())),
    }
}

fn name(scheme: &AuthScheme) -> String {
    match scheme {
        AuthScheme::Bearer => "bearer".to_owned(),
        AuthScheme::Basic => "basic".to_owned(),
        AuthScheme::Header(name) | AuthScheme::Query(name) => name.to_ascii_lowercase(),
    }
}

/// True for a page that says how its endpoint is called, or that anybody may call it.
fn speaks_of_credentials(page: &Written<'_>) -> bool {
    let is_stated = ["authMethod", "auth"]
        .iter()
        .any(|key| page.entry(key).is_some());
    let says = |text: &&crate::source::Excerpt| opens(&text.text().to_lowercase());
    is_stated || page.texts().iter().any(says)
}

/// True if a text, in lower case, says that credentials are not needed, or are others: "no key is needed", "works without a
/// token", "guests can call this, too".
fn opens(text: &str) -> bool {
    const OPEN: &[&str] = &[
        "public",
        "unauthenticated",
        "anonymous",
        "basic auth",
        "session cookie",
        "anyone",
        "anybody",
        "everyone",
        "everybody",
        "guests",
        "freely",
        "sign-up",
        "sign up",
        "from the browser",
        "from a browser",
        "health check",
        "público",
        "pública",
        "öffentlich",
        "publique",
        "公开",
        "无需",
        "不需要",
    ];
    const NOT: &[&str] = &[
        "no",
        "not",
        "without",
        "never",
        "neither",
        "nor",
        "optional",
        "unlike",
        "free",
        "open",
        "omit",
        "omitted",
        "skip",
        "unnecessary",
        "instead",
        "sin",
        "ohne",
        "kein",
        "keine",
        "keinen",
        "nicht",
        "sem",
        "não",
        "sans",
        "pas",
        "aucune",
        "aucun",
        "secret",
        "enough",
    ];
    const CREDENTIALS: &[&str] = &[
        "auth",
        "key",
        "token",
        "credential",
        "login",
        "log in",
        "logged in",
        "bearer",
        "header",
        "secret",
        "password",
        "account",
        "clave",
        "llave",
        "chave",
        "schlüssel",
        "anmeldung",
        "clé",
        "jeton",
        "connexion",
        "autentica",
        "authentifi",
    ];
    let has = |text: &str, words: &[&str]| words.iter().any(|word| text.contains(word));
    has(text, OPEN)
        || text.split(['.', '\n', ';']).any(|sentence| {
            let mut words = sentence.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’');
            let is_not =
                |word: &str| NOT.contains(&word) || word.ends_with("n't") || word.ends_with("n’t");
            words.any(is_not) && has(sentence, CREDENTIALS)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_open_an_endpoint_to_anybody() {
        for text in [
            "No key is needed.",
            "Works without a key.",
            "You don't need to be logged in for this.",
            "Not behind authentication.",
            "A key is optional.",
            "The key is in the path, so there is no `Authorization` header.",
            "The key in the path is enough.",
            "Anyone can call this.",
            "Endpoint público.",
            "No hace falta clave.",
            "Kein Schlüssel nötig.",
            "Aucune authentification requise.",
            "无需鉴权。",
        ] {
            assert!(opens(&text.to_lowercase()), "{text}");
        }
        for text in [
            "Creates a user.",
            "Send your key in the header.",
            "A user without a name is refused.",
        ] {
            assert!(!opens(&text.to_lowercase()), "{text}");
        }
    }
}
