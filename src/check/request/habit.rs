//! How the examples of a site authenticate, where neither pages nor configuration say it.

use std::collections::HashMap;

use crate::model::curl::Curl;
use crate::model::shared::SentByAll;
use crate::model::{Api, AuthScheme, Operation, Origin, Written};
use crate::source::FileId;

/// So many operations make a habit.
const FEWEST: usize = 5;

/// One in so many may differ from it.
const EXCEPTIONS: usize = 10;

/// What almost all curl commands of a site authenticate with.
pub(in crate::check) struct Habit<'p> {
    scheme: Option<AuthScheme>,
    /// What pages without an endpoint say of all requests.
    sent: &'p SentByAll,
    pages: HashMap<FileId, &'p Written<'p>>,
}

impl<'p> Habit<'p> {
    pub(in crate::check) fn new(api: &'p Api, pages: &'p [Written<'p>]) -> Self {
        Self {
            scheme: habit(api),
            sent: &api.shared.sent,
            pages: pages.iter().map(|page| (page.file, page)).collect(),
        }
    }

    /// The scheme that the examples of the operation are expected to use.
    pub(super) fn of(&self, operation: &Operation) -> Option<&AuthScheme> {
        let mut schemes = operation.auth.schemes.iter();
        let is_stated = schemes.any(|it| it.evidence.origin != Origin::Example);
        self.scheme.as_ref().filter(|_| !is_stated)
    }

    /// The sentences of pages without an endpoint that offer a choice of ways to authenticate.
    pub(super) fn choices(&self) -> impl Iterator<Item = &str> {
        self.sent.credentials.iter().map(|said| said.value.as_str())
    }

    /// True if a page without an endpoint names the header.
    pub(super) fn names_header(&self, name: &str) -> bool {
        let mut headers = self.sent.headers.iter();
        headers.any(|header| header.value.eq_ignore_ascii_case(name))
    }

    /// True if a page of the operation says something of credentials itself: nothing is expected of it.
    pub(super) fn is_silent(&self, operation: &Operation) -> bool {
        let mut pages = operation
            .pages
            .iter()
            .filter_map(|page| self.pages.get(page));
        pages.any(|page| speaks_of_credentials(page))
    }
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
        return Some(AuthScheme::Header(header.name.value.to_ascii_lowercase()));
    }
    let mut words = header.value.value.split_whitespace();
    match (words.next()?.to_ascii_lowercase().as_str(), words.next()) {
        ("bearer", Some(_)) => Some(AuthScheme::Bearer),
        ("basic", Some(_)) => Some(AuthScheme::Basic),
        _ => Some(AuthScheme::Header("authorization".to_owned())),
    }
}

fn name(scheme: &AuthScheme) -> String {
    match scheme {
        AuthScheme::Bearer => "bearer".to_owned(),
        AuthScheme::Basic => "basic".to_owned(),
        AuthScheme::Header(name) | AuthScheme::Query(name) => name.clone(),
    }
}

/// True for a page that says how its endpoint is called, or that anybody may call it.
fn speaks_of_credentials(page: &Written<'_>) -> bool {
    const WORDS: [&str; 14] = [
        "public",
        "unauthenticated",
        "no auth",
        "without auth",
        "not require",
        "no api key",
        "without an api key",
        "no token",
        "without a token",
        "anonymous",
        "basic auth",
        "session cookie",
        "not needed",
        "no credentials",
    ];
    let is_stated = ["authMethod", "auth"]
        .iter()
        .any(|key| page.entry(key).is_some());
    is_stated
        || page.texts().iter().any(|text| {
            let lower = text.text().to_lowercase();
            WORDS.iter().any(|word| lower.contains(word))
        })
}
