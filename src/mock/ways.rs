//! The ways in which an operation is reached.

use std::collections::BTreeSet;

use crate::model::curl::Curl;
use crate::model::route::{Router, Template};
use crate::model::{Location, Operation, endpoint};

use super::routes::Entry;

/// All ways to one operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ways {
    /// As it is documented.
    pub(super) entry: Entry,
    /// Its path, and the path below each of its servers.
    pub(super) paths: Vec<String>,
    /// Paths without the parameter at their end.
    pub(super) shorter: Vec<String>,
    /// True if the parameter at the end of its path may hold slashes.
    pub(super) is_deep: bool,
    /// The hosts of its servers, each as a path of one segment.
    pub(super) hosts: Vec<String>,
    /// What the first command of its pages sends, if none of them leads to it, and its own path with other methods that
    /// commands use: who copies those asks for this operation.
    pub(super) shown: Vec<Entry>,
}

impl Ways {
    pub(super) fn of(operation: &Operation) -> Self {
        let method = operation.endpoint.value.method.parse();
        let entry = Entry {
            method: method.unwrap_or_default(),
            path: operation.joined_path(),
        };
        let paths: Vec<_> = paths(operation).into_iter().collect();
        let hosts = hosts(operation);
        let shorter = paths
            .iter()
            .filter_map(|path| without_last(operation, path));
        Self {
            shorter: shorter.map(str::to_owned).collect(),
            shown: shown(operation, &entry, &paths, &hosts)
                .into_iter()
                .chain(other_methods(operation, &entry, &paths, &hosts))
                .collect(),
            is_deep: is_deep(operation, &paths),
            entry,
            hosts,
            paths,
        }
    }
}

/// What the first command sends, one to a host of the operation before others, if no command is for a documented path.
fn shown(
    operation: &Operation,
    entry: &Entry,
    paths: &[String],
    hosts: &[String],
) -> Option<Entry> {
    let examples = operation.request_examples.iter();
    let curls = examples.filter_map(|example| example.curl.as_ref());
    let sent: Vec<_> = curls
        .filter_map(|curl| {
            let path = &curl.url.as_ref()?.path.value;
            let method = curl.method.value.parse().ok()?;
            let path = path.clone();
            Some((curl, Entry { method, path }))
        })
        .collect();
    let is_documented = |sent: &Entry| sent.method == entry.method && paths.contains(&sent.path);
    if sent.iter().any(|(_, sent)| is_documented(sent)) {
        return None;
    }
    let mut router = Router::new();
    for path in paths {
        router.insert(Template::parse(path), ());
    }
    let is_own = |sent: &Entry| sent.method == entry.method && !router.find(&sent.path).is_empty();
    if sent.iter().any(|(_, sent)| is_own(sent)) {
        return None;
    }
    let here = sent.iter().position(|(curl, _)| is_here(curl, hosts));
    let (_, first) = sent.into_iter().nth(here.unwrap_or_default())?;
    (first.path.len() > 1).then_some(first)
}

/// The documented paths with other methods that commands use for them.
fn other_methods(
    operation: &Operation,
    entry: &Entry,
    paths: &[String],
    hosts: &[String],
) -> Vec<Entry> {
    let examples = operation.request_examples.iter();
    let curls = examples.filter_map(|example| example.curl.as_ref());
    let mut found: Vec<Entry> = Vec::new();
    for curl in curls {
        let (Some(url), Ok(method)) = (&curl.url, curl.method.value.parse()) else {
            continue;
        };
        if method == entry.method || !is_here(curl, hosts) {
            continue;
        }
        let leads_here = |path: &&String| {
            let mut router = Router::new();
            router.insert(Template::parse(path), ());
            !router.find(&url.path.value).is_empty()
        };
        let path = paths.iter().find(leads_here);
        let shown = path.map(|path| Entry {
            method,
            path: path.clone(),
        });
        found.extend(shown.filter(|shown| !found.contains(shown)));
    }
    found
}

/// True if a command is for one of the hosts, or for one that it leaves open.
fn is_here(curl: &Curl, hosts: &[String]) -> bool {
    let host = curl.url.as_ref().and_then(|url| url.host.as_ref());
    let Some(host) = host.filter(|host| !host.value.contains(['$', '{', '<'])) else {
        return true;
    };
    let host = host.value.split(':').next().unwrap_or_default();
    let host = host.to_ascii_lowercase();
    let mut router = Router::new();
    for host in hosts {
        router.insert(Template::parse(host), ());
    }
    hosts.is_empty() || !router.find(&format!("/{host}")).is_empty()
}

/// True if the path ends with a parameter that stands for several segments: its text or its name says so, or a command
/// of the page shows it.
fn is_deep(operation: &Operation, paths: &[String]) -> bool {
    let path = operation.endpoint.value.path.trim_end_matches('/');
    let Some((_, last)) = path.rsplit_once('/') else {
        return false;
    };
    let template = Template::parse(last);
    let [name] = template.parameters() else {
        return false;
    };
    let is_whole = last.starts_with(':') || last.starts_with('{') && last.ends_with('}');
    if !is_whole {
        return false;
    }
    if name.ends_with(['*', '+']) || name.starts_with(['*', '.']) {
        return true;
    }
    let mut parameters = operation.parameters_in(Location::Path);
    let field = parameters.find(|it| it.field.name.value == *name);
    let text = field.map(|it| it.field.description.to_lowercase());
    let text = text.unwrap_or_default();
    let is_denied = ["without slash", "no slash", "encode"]
        .iter()
        .any(|word| text.contains(word));
    let is_said = [
        "slash",
        "full path",
        "relative path",
        "nested path",
        "valid url",
        "full url",
        "https://",
    ]
    .iter()
    .any(|word| text.contains(word));
    if is_said && !is_denied {
        return true;
    }
    let curls = operation.request_examples.iter();
    let mut sent = curls.filter_map(|it| Some(it.curl.as_ref()?.url.as_ref()?.path.value.as_str()));
    sent.any(|sent| paths.iter().any(|path| goes_deeper(sent, path)))
}

/// True if a path has more segments than a template, and the first of them are those of the template.
fn goes_deeper(sent: &str, template: &str) -> bool {
    let count = |text: &str| text.split('/').filter(|it| !it.is_empty()).count();
    let length = count(template);
    if count(sent) <= length {
        return false;
    }
    // A template of parameters alone is the start of any path.
    let has_literal = template
        .split('/')
        .any(|it| !it.is_empty() && !it.contains(['{', ':']));
    let start: Vec<&str> = sent
        .split('/')
        .filter(|it| !it.is_empty())
        .take(length)
        .collect();
    let mut router = Router::new();
    router.insert(Template::parse(template), ());
    has_literal && !router.find(&format!("/{}", start.join("/"))).is_empty()
}

/// The paths at which an operation answers: below each documented server, and on its own.
fn paths(operation: &Operation) -> BTreeSet<String> {
    let path = &operation.endpoint.value.path;
    let below = operation.servers.iter().map(|server| {
        let base = endpoint::split_server(&server.value).1;
        format!("{}{path}", base.trim_end_matches('/'))
    });
    below.chain([path.clone()]).collect()
}

/// The path without the parameter at its end, if a command of the page leaves it out and nothing says that it is required.
fn without_last<'p>(operation: &Operation, path: &'p str) -> Option<&'p str> {
    let (shorter, last) = path.trim_end_matches('/').rsplit_once('/')?;
    let name = last
        .strip_prefix(':')
        .or_else(|| last.strip_prefix('{')?.strip_suffix('}'))?;
    let mut parameters = operation.parameters_in(Location::Path);
    let is_required = parameters
        .any(|parameter| parameter.field.name.value == name && parameter.field.is_required());
    let mut router = Router::new();
    router.insert(Template::parse(shorter), ());
    let mut curls = operation
        .request_examples
        .iter()
        .filter_map(|example| example.curl.as_ref());
    let is_shown = curls.any(|curl| {
        let path = curl.url.as_ref().map(|url| url.path.value.as_str());
        path.is_some_and(|path| !router.find(path).is_empty())
    });
    (is_shown && !is_required && !shorter.is_empty()).then_some(shorter)
}

/// The hosts of the documented servers, as paths of one segment; their variables match any text.
fn hosts(operation: &Operation) -> Vec<String> {
    operation
        .servers
        .iter()
        .filter_map(|server| endpoint::split_server(&server.value).0)
        .filter_map(|server| {
            let (_, authority) = server.split_once("://")?;
            let host = authority.split(':').next().unwrap_or_default();
            Some(format!("/{host}"))
        })
        .collect()
}
