//! The configuration of a docs site: `docs.json`, or the older `mint.json`.
//!
//! | fact | `docs.json` | `mint.json` |
//! | --- | --- | --- |
//! | servers | `api.mdx.server`: a URL or a list | `api.baseUrl` |
//! | authentication | `api.mdx.auth.{method, name}` | `api.auth.{method, name}` |
//! | variables | `variables` | – |
//! | OpenAPI files | `api.openapi`, and `openapi` in the navigation | `openapi` |
//! | versions | objects with a `version` in the navigation | the same |
//!
//! Some sites mix both; each fact is taken from wherever it stands.

mod versions;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::source::{FileId, Sources, Span};

use super::evidence::{Fact, Origin, ReadingRule};
use super::openapi::{self, Configured};

pub use versions::Versions;

/// The configuration is not valid JSON.
pub static INVALID_SITE_CONFIGURATION: Rule = Rule {
    name: "invalid-site-configuration",
    severity: Severity::Error,
    summary: "docs.json or mint.json is not valid JSON",
};

static SITE_SERVER: ReadingRule = ReadingRule {
    name: "site-server",
    origin: Origin::Config,
    summary: "`api.mdx.server` of docs.json, or `api.baseUrl` of mint.json, is the base URL of paths; of a list, the first is the default",
};
pub(super) static SITE_AUTH: ReadingRule = ReadingRule {
    name: "site-auth",
    origin: Origin::Config,
    summary: "`api.mdx.auth` of docs.json, or `api.auth` of mint.json, states how requests are authenticated",
};
/// How the code here reads the configuration.
pub(super) static READING_RULES: &[&ReadingRule] = &[&SITE_SERVER, &SITE_AUTH];

/// What the configuration says about the API.
#[derive(Clone, Debug, Default)]
pub struct SiteConfig {
    /// The name of the site.
    pub name: Option<String>,
    /// Base URLs of relative `api:` paths, the default first.
    pub servers: Vec<Fact<String>>,
    /// How requests are authenticated, unless a page says otherwise.
    pub auth: Option<Fact<SiteAuth>>,
    /// Texts that replace `{{name}}` on pages.
    pub variables: BTreeMap<String, String>,
    /// The pages that the navigation lists, as they are written there.
    pub navigation: Vec<(String, Span)>,
    /// The pages that stand in a group of the navigation, with the name of the innermost one.
    pub groups: BTreeMap<String, String>,
    /// How the platform shows its playground, unless a page says otherwise: `interactive`, `simple`, `none`, or `auth`.
    pub playground: Option<String>,
    /// The folders of the languages of the navigation, the first one being that of the originals.
    pub languages: Vec<String>,
    /// The OpenAPI files whose operations the site shows.
    pub specifications: Vec<Configured>,
    /// The versions of the docs.
    pub versions: Versions,
}

/// The authentication of a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteAuth {
    /// `bearer`, `basic`, `key`, or `cobo`, as written.
    pub method: String,
    /// The name of the header, for `key`.
    pub name: Option<String>,
}

impl SiteConfig {
    /// Reads the configuration file of a site, if it has one.
    pub fn read(sources: &Sources, config: Option<FileId>) -> (Self, Vec<Diagnostic>) {
        let Some(file) = config else {
            return (Self::default(), Vec::new());
        };
        let whole = sources.file(file).text();
        let text = whole.trim_start_matches('\u{feff}');
        match serde_json::from_str::<Value>(text) {
            Ok(value) => (
                Self::of(&value, file, sources.file(file).text()),
                Vec::new(),
            ),
            Err(error) => {
                let mark = whole.len() - text.len();
                let at = mark + offset(text, error.line(), error.column());
                let message = format!("the configuration is not valid JSON: {error}");
                let help = "servers, authentication, and variables of the site are unknown until it is mended";
                let diagnostic = Diagnostic::new(
                    &INVALID_SITE_CONFIGURATION,
                    Span::new(file, at..at),
                    message,
                )
                .help(help)
                .subject("page");
                (Self::default(), vec![diagnostic])
            }
        }
    }

    fn of(value: &Value, file: FileId, text: &str) -> Self {
        let at = |pointers: &[&str]| pointers.iter().find_map(|pointer| value.pointer(pointer));
        let servers = match at(&["/api/mdx/server", "/api/baseUrl"]) {
            Some(Value::String(server)) => vec![server.clone()],
            Some(Value::Array(servers)) => servers
                .iter()
                .filter_map(|s| s.as_str().map(str::to_owned))
                .collect(),
            _ => Vec::new(),
        };
        let auth = at(&["/api/mdx/auth", "/api/auth"]).and_then(|auth| {
            let method = auth.get("method")?.as_str()?.to_owned();
            let name = auth.get("name").and_then(Value::as_str).map(str::to_owned);
            let span = place(file, text, &method);
            Some(Fact::new(SiteAuth { method, name }, span, &SITE_AUTH))
        });
        let variables = value
            .get("variables")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
            .collect();
        Self {
            name: value.get("name").and_then(Value::as_str).map(str::to_owned),
            servers: servers
                .into_iter()
                .map(|server| {
                    let span = place(file, text, &server);
                    Fact::new(server.trim_end_matches('/').to_owned(), span, &SITE_SERVER)
                })
                .collect(),
            auth,
            variables,
            navigation: navigation(value, file, text),
            groups: groups(value),
            playground: at(&["/api/playground/display", "/api/playground/mode"])
                .and_then(Value::as_str)
                .map(str::to_owned),
            languages: languages(value),
            specifications: openapi::configured(value),
            versions: Versions::of(value),
        }
    }
}

/// The strings in all lists `pages` of the navigation, with their places.
fn navigation(value: &Value, file: FileId, text: &str) -> Vec<(String, Span)> {
    let mut names = Vec::new();
    if let Some(navigation) = value.get("navigation") {
        pages(navigation, &mut names);
    }
    // They stand in the file in the order in which they are read.
    let mut from = text.find("\"navigation\"").unwrap_or(0);
    let placed = names.into_iter().map(|name| {
        let quoted = Value::String(name.to_owned()).to_string();
        let found = text.get(from..).and_then(|rest| rest.find(&quoted));
        let start = found.map_or(from, |at| from + at);
        let end = found.map_or(start, |_| start + quoted.len());
        from = end;
        (name.to_owned(), Span::new(file, start..end))
    });
    placed.collect()
}

fn pages<'v>(value: &'v Value, into: &mut Vec<&'v str>) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                match member {
                    Value::Array(items) if key == "pages" => {
                        for item in items {
                            into.extend(item.as_str());
                            pages(item, into);
                        }
                    }
                    other => pages(other, into),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| pages(item, into)),
        _ => {}
    }
}

/// The group of each page; where a page is listed twice, the first counts.
fn groups(value: &Value) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    if let Some(navigation) = value.get("navigation") {
        group(navigation, None, &mut found);
    }
    found
}

fn group(value: &Value, around: Option<&str>, into: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(members) => {
            let own = members.get("group").and_then(Value::as_str);
            let around = own.or(around);
            for member in members.values().filter(|member| !member.is_string()) {
                group(member, around, into);
            }
        }
        Value::Array(items) => {
            for item in items {
                match (item.as_str(), around) {
                    (Some(page), Some(around)) => {
                        let page = page.trim_start_matches('/').to_owned();
                        into.entry(page).or_insert_with(|| around.to_owned());
                    }
                    _ => group(item, around, into),
                }
            }
        }
        _ => {}
    }
}

fn languages(value: &Value) -> Vec<String> {
    let languages = value
        .pointer("/navigation/languages")
        .and_then(Value::as_array);
    languages
        .into_iter()
        .flatten()
        .filter_map(|language| folder(language).or(language.get("language")?.as_str()))
        .map(str::to_owned)
        .collect()
}

/// The folder that all pages of a language stand in, if it is named by a language: `zh` for the navigation of `cn`.
fn folder(language: &Value) -> Option<&str> {
    let mut names = Vec::new();
    pages(language, &mut names);
    let (first, _) = names.first()?.split_once('/')?;
    let inside = |name: &&str| {
        name.split_once('/')
            .is_some_and(|(folder, _)| folder == first)
    };
    let code = first.split(['-', '_']).next()?;
    let is_language = code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_lowercase());
    (is_language && names.iter().all(inside)).then_some(first)
}

/// Where a string stands in the file: its first occurrence in quotes.
fn place(file: FileId, text: &str, string: &str) -> Span {
    let quoted = Value::String(string.to_owned()).to_string();
    let start = text.find(&quoted).unwrap_or(0);
    let end = if text.is_empty() {
        0
    } else {
        (start + quoted.len()).min(text.len())
    };
    Span::new(file, start..end)
}

/// The byte of a place that the reader of JSON names, which counts columns in bytes; the start of its character.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    let at = (start + column.saturating_sub(1)).min(text.len());
    let mut starts = (0..=at).rev();
    starts.find(|at| text.is_char_boundary(*at)).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceFile;

    fn read(text: &str) -> (SiteConfig, Vec<Diagnostic>) {
        let mut sources = Sources::default();
        let file = sources.add(SourceFile::new("docs.json", text));
        SiteConfig::read(&sources, Some(file))
    }

    #[test]
    fn both_forms_state_servers_and_authentication() {
        let (new, _) = read(
            r#"{"api":{"mdx":{"server":["https://a.example.com/","b"],"auth":{"method":"key","name":"X-Key"}}}}"#,
        );
        assert_eq!(new.servers[0].value, "https://a.example.com");
        assert_eq!(new.servers.len(), 2);
        assert_eq!(new.auth.unwrap().value.name.as_deref(), Some("X-Key"));
        let (old, _) =
            read(r#"{"api":{"baseUrl":"https://a.example.com","auth":{"method":"bearer"}}}"#);
        assert_eq!(old.servers.len(), 1);
        assert_eq!(old.auth.unwrap().value.method, "bearer");
    }

    #[test]
    fn broken_json_is_a_diagnostic() {
        let (_, diagnostics) = read("{\n  \"api\": \n}");
        assert_eq!(diagnostics.len(), 1);
    }
}
