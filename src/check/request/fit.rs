//! Whether a request that an example shows is one of the operation that its page documents.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use crate::model::call;
use crate::model::curl::{Curl, Spanned};
use crate::model::endpoint;
use crate::model::route::{Router, Template};
use crate::model::{Api, Location, Operation, Origin};

/// How a request compares with the operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::check) enum Fit {
    /// Method and URL are the documented ones.
    Exact,
    /// The URL is the documented one, and the method another.
    Method,
    /// The path ends as the documented one, and begins otherwise.
    Base,
    /// It is another operation that the site documents.
    Other,
    /// The path is another one.
    Path,
    /// There is no path to compare.
    Unknown,
}

/// Where a request goes.
pub(in crate::check) struct Target {
    /// Scheme and host, in lower case; nothing if either is missing or a variable.
    pub(in crate::check) host: Option<String>,
    /// The bytes of scheme and host in the fence.
    pub(in crate::check) host_range: Range<usize>,
    /// The path, without query.
    pub(in crate::check) path: String,
    /// Its bytes in the fence.
    pub(in crate::check) path_range: Range<usize>,
    /// True if something that is not known stands before the path.
    is_tail: bool,
    /// True if a variable stands for the host, which may hold the beginning of the path as well: `$BASE/orders`.
    is_behind_variable: bool,
}

impl Target {
    /// Where a curl command goes; nothing without a URL.
    pub(super) fn of_curl(curl: &Curl) -> Option<Self> {
        let url = curl.url.as_ref()?;
        if let Some(host) = url.host.as_ref().filter(|_| url.scheme.is_none())
            && is_bare_word(&host.value)
        {
            return Some(Self::without_host(host, &url.path));
        }
        let start = url
            .scheme
            .as_ref()
            .or(url.host.as_ref())
            .map_or(url.range.start, |part| part.range.start);
        let end = url
            .host
            .as_ref()
            .map_or(start, |host| host.range.end.max(start));
        let host = url.scheme.as_ref().zip(url.host.as_ref());
        Some(Self {
            host: host
                .map(|(scheme, host)| format!("{}://{}", scheme.value, host.value))
                .and_then(|host| concrete(&host)),
            host_range: start..end,
            path: url.path.value.clone(),
            path_range: url.path.range.clone(),
            is_tail: false,
            is_behind_variable: url.host.as_ref().is_none_or(|it| is_filled_in(&it.value)),
        })
    }

    /// Where a call in another language goes.
    pub(super) fn of_call(call: &call::Call) -> Self {
        if let Some(base) = &call.base {
            return Self::behind(base, &call.url);
        }
        if call.is_tail {
            return Self::tail(&call.url);
        }
        let (host, path) = endpoint::split_server(&call.url.value);
        let start = call.url.range.start;
        let host_end = start + call.url.value.len() - path.len();
        Self {
            host: host.and_then(|host| concrete(&host)),
            host_range: start..host_end,
            path: path.to_owned(),
            path_range: host_end..host_end + path.len(),
            is_tail: false,
            is_behind_variable: false,
        }
    }
}

/// True for a word that nobody takes for a host: no dot, no port, no variable, and not this machine.
fn is_bare_word(host: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    !host.is_empty() && host.bytes().all(is_word) && !host.eq_ignore_ascii_case("localhost")
}

impl Target {
    /// Where a path behind a URL in a variable leads.
    fn behind(base: &Spanned<String>, path: &Spanned<String>) -> Self {
        let (host, before) = endpoint::split_server(&base.value);
        let start = base.range.start;
        Self {
            host: host.and_then(|host| concrete(&host)),
            host_range: start..start + base.value.len() - before.len(),
            path: format!("{}{}", before.trim_end_matches('/'), path.value),
            path_range: path.range.clone(),
            is_tail: false,
            is_behind_variable: false,
        }
    }

    /// Where a URL without a host leads: `curl --url 'orders/latest'`. Its first segment stands where hosts do.
    fn without_host(first: &Spanned<String>, rest: &Spanned<String>) -> Self {
        let start = first.range.start;
        Self {
            host: None,
            host_range: start..start,
            path: format!("/{}{}", first.value, rest.value),
            path_range: start..rest.range.end.max(first.range.end),
            is_tail: false,
            is_behind_variable: false,
        }
    }

    /// Where the end of a path leads.
    fn tail(path: &Spanned<String>) -> Self {
        Self {
            host: None,
            host_range: path.range.start..path.range.start,
            path: path.value.clone(),
            path_range: path.range.clone(),
            is_tail: true,
            is_behind_variable: false,
        }
    }
}

/// True if all of a host is to be filled in, and not a part of its name alone.
fn is_filled_in(host: &str) -> bool {
    let is_variable = host.starts_with(['$', '<', '{', '[', '%', '(']);
    let end = host.rfind([']', '}', '>', '%', ')']).map_or(0, |at| at + 1);
    let rest = host.get(end..).unwrap_or_default();
    is_variable && !rest.contains('.') || host.trim_matches('.').is_empty()
}

/// A host as it is compared; nothing if it is to be filled in.
pub(super) fn concrete(host: &str) -> Option<String> {
    let lower = host.to_ascii_lowercase();
    let is_filled_in = host.contains(['$', '<', '{', '[', '%', '*', '(', ' '])
        || ["your", "example-", "my-", "localhost", "127.0.0.1", "..."]
            .iter()
            .any(|word| lower.contains(word))
        || host.chars().any(|c| c == '_' || c.is_ascii_uppercase());
    (!is_filled_in).then(|| without_usual_port(&lower).to_owned())
}

/// The host without the port that its scheme has anyway.
fn without_usual_port(host: &str) -> &str {
    let usual = [("https://", ":443"), ("http://", ":80")];
    let usual = usual.iter().filter(|(scheme, _)| host.starts_with(scheme));
    let mut without = usual.filter_map(|(_, port)| host.strip_suffix(port));
    without.next().unwrap_or(host)
}

/// The operations of a site by their paths.
pub(in crate::check) struct Directory<'a> {
    router: Router<&'a str>,
    /// How many operations are documented at each host.
    hosts: HashMap<String, usize>,
    /// Methods and paths.
    paths: Vec<(&'a str, String)>,
}

impl<'a> Directory<'a> {
    pub(in crate::check) fn new(api: &'a Api) -> Self {
        let mut router = Router::new();
        let mut hosts: HashMap<String, usize> = HashMap::new();
        let mut paths = Vec::new();
        for operation in &api.operations {
            let path = operation.joined_path();
            let method = operation.endpoint.value.method.as_str();
            router.insert(Template::parse(&path), method);
            paths.push((method, path));
            let stated = operation
                .servers
                .first()
                .filter(|it| is_stated(it.evidence.origin));
            let host = stated.and_then(|server| host_of(&server.value));
            if let Some(host) = host {
                *hosts.entry(host).or_default() += 1;
            }
        }
        Self {
            router,
            hosts,
            paths,
        }
    }

    /// How many operations are documented at a host.
    pub(super) fn documented_at(&self, host: &str) -> usize {
        self.hosts.get(host).copied().unwrap_or_default()
    }

    /// True if the site documents the method where a request goes.
    pub(super) fn documents_at(&self, method: &str, target: &Target) -> bool {
        if !target.is_tail {
            return self.documents(method, &target.path);
        }
        let mut paths = self.paths.iter();
        paths.any(|(known, path)| *known == method && is_end_of(&target.path, path))
    }

    fn documents(&self, method: &str, path: &str) -> bool {
        let found = self.router.find(path);
        found.iter().any(|found| *found.value == method)
    }
}

/// How a request with that method and target compares with the operation.
pub(super) fn of(
    operation: &Operation,
    directory: &Directory<'_>,
    method: &str,
    target: &Target,
) -> Fit {
    let documented = &operation.endpoint.value;
    let same_method = method.eq_ignore_ascii_case(&documented.method);
    if segments(&target.path).next().is_none() && segments(&documented.path).next().is_some() {
        // `$URL` alone may stand for all of it.
        let is_bare_host = target.host.is_some();
        return if is_bare_host {
            Fit::Path
        } else {
            Fit::Unknown
        };
    }
    if target.is_tail {
        return of_tail(operation, directory, method, target);
    }
    if is_whole(operation, target) {
        return if same_method { Fit::Exact } else { Fit::Method };
    }
    if directory.documents(method, &target.path) {
        return Fit::Other;
    }
    if target.is_behind_variable {
        return of_tail(operation, directory, method, target);
    }
    let ends_alike =
        segments(&documented.path).next().is_some() && ends_with(&target.path, &documented.path);
    match (ends_alike, same_method) {
        (true, true) => Fit::Base,
        (true, false) => Fit::Method,
        // A value may have slashes of its own.
        (false, _) if has_pieces(operation, &target.path) => Fit::Unknown,
        (false, _) => Fit::Path,
    }
}

/// The hosts of an operation, and how many segments its paths have there.
pub(in crate::check) fn places(operation: &Operation) -> BTreeSet<(String, usize)> {
    let own = segments(&operation.endpoint.value.path).count();
    let servers = operation.servers.iter();
    let places = servers.filter_map(|server| {
        let base = endpoint::split_server(&server.value).1;
        Some((host_of(&server.value)?, segments(base).count() + own))
    });
    places.collect()
}

/// The host of a request, and how many segments its path has.
pub(in crate::check) fn place_of(target: &Target) -> Option<(String, usize)> {
    Some((target.host.clone()?, segments(&target.path).count()))
}

/// True if a request goes to the operation's own host and path, whatever its method is.
pub(in crate::check) fn leads_to(operation: &Operation, target: &Target) -> bool {
    let Some(host) = target.host.as_ref().filter(|_| !target.is_tail) else {
        return false;
    };
    let path = operation.endpoint.value.path.as_str();
    operation.servers.iter().any(|server| {
        let base = endpoint::split_server(&server.value).1;
        let joined = format!("{}{path}", base.trim_end_matches('/'));
        host_of(&server.value).as_ref() == Some(host) && covers(&joined, &target.path)
    })
}

/// True if what stands in the places of parameters looks like values: a word may as well be the path of another operation.
pub(in crate::check) fn is_surely_at(operation: &Operation, target: &Target) -> bool {
    let is_value = |it: &str| is_variable(it) || it.contains(|c: char| c.is_ascii_digit());
    let pairs = from_the_end(&target.path, &operation.endpoint.value.path);
    let mut pairs = pairs.iter().filter(|(_, wanted)| is_parameter(wanted));
    pairs.all(|(found, _)| is_value(found))
}

/// The same for the end of a path: what it does not show may be anything.
fn of_tail(operation: &Operation, directory: &Directory<'_>, method: &str, target: &Target) -> Fit {
    let same_method = method.eq_ignore_ascii_case(&operation.endpoint.value.method);
    let joined = operation.joined_path();
    let documented = documented_paths(operation);
    let paths: Vec<&str> = std::iter::once(joined.as_str()).chain(documented).collect();
    if paths.iter().any(|path| is_end_of(&target.path, path)) {
        return if same_method { Fit::Exact } else { Fit::Method };
    }
    // Less than a whole path may be that of something else, and so may one that is a variable where a word is documented.
    let is_another = paths.iter().any(|path| is_slip(&target.path, path));
    if is_another && !directory.documents_at(method, target) {
        Fit::Path
    } else {
        Fit::Unknown
    }
}

/// True if the shorter one of the given and the documented path is the end of the other one.
fn is_end_of(tail: &str, documented: &str) -> bool {
    let pairs = from_the_end(tail, documented);
    let fits = |(found, wanted): &(&str, &str)| is_parameter(wanted) || found == wanted;
    // Variables alone say nothing.
    let names = |(found, wanted): &(&str, &str)| !is_parameter(wanted) && found == wanted;
    pairs.iter().all(fits) && pairs.iter().any(names)
}

/// True if the path is as long as the documented one, and differs in one word.
fn is_slip(tail: &str, documented: &str) -> bool {
    let pairs = from_the_end(tail, documented);
    let differs = |(found, wanted): &&(&str, &str)| !is_parameter(wanted) && found != wanted;
    let mut different = pairs.iter().filter(differs);
    let first = different.next();
    segments(tail).count() == segments(documented).count()
        && pairs.len() > 1
        && first.is_some_and(|(found, _)| !is_variable(found))
        && different.next().is_none()
}

/// The segments of two paths side by side, the last ones first.
fn from_the_end<'p>(tail: &'p str, documented: &'p str) -> Vec<(&'p str, &'p str)> {
    let found: Vec<&str> = segments(tail).collect();
    let wanted: Vec<&str> = segments(documented).collect();
    let found = found.into_iter().rev();
    found.zip(wanted.into_iter().rev()).collect()
}

fn is_parameter(segment: &str) -> bool {
    segment.starts_with(':') || segment.contains(['{', '<'])
}

/// True if the path has more segments than the template, and begins and ends as it does.
fn has_pieces(operation: &Operation, path: &str) -> bool {
    let template = operation.joined_path();
    let (Some(open), Some(close)) = (template.find('{'), template.rfind('}')) else {
        return false;
    };
    let start = template.get(..open).unwrap_or_default();
    let end = template.get(close + 1..).unwrap_or_default();
    segments(path).count() > segments(&template).count()
        && (!end.is_empty() || ends_in_path(operation))
        && path.starts_with(start)
        && path.ends_with(end)
}

/// True if the last parameter stands for a path: its text says so, or its name.
fn ends_in_path(operation: &Operation) -> bool {
    const NAMES: [&str; 5] = ["key", "path", "file", "object", "ref"];
    const WORDS: [&str; 12] = [
        "slash",
        "folder",
        "director",
        "segments",
        "the rest of",
        "everything after",
        "path of",
        "path to",
        "path within",
        "path in",
        "full path",
        "file path",
    ];
    let last = operation.parameters_in(Location::Path).last();
    last.is_some_and(|parameter| {
        let text = parameter.field.description.to_lowercase();
        let name = parameter.field.name.value.to_lowercase();
        // "e.g. `docs/a.txt`"
        let mut codes = text.split('`').skip(1).step_by(2);
        let shows_path = codes.any(|code| code.contains('/') && !code.contains("//"));
        NAMES.iter().any(|word| name.ends_with(word))
            || name.contains('*')
            || WORDS.iter().any(|word| text.contains(word))
            || shows_path
    })
}

/// The path of the endpoint, and without its last segment if that is a parameter that may be left out.
fn documented_paths(operation: &Operation) -> Vec<&str> {
    let whole = operation.endpoint.value.path.as_str();
    let mut paths = vec![whole];
    let trimmed = whole.trim_end_matches('/');
    if let Some((before, last)) = trimmed.rsplit_once('/')
        && let [name] = Template::parse(last).parameters()
        && let Some(parameter) = operation
            .parameters_in(Location::Path)
            .find(|parameter| parameter.field.name.value == *name)
        && !parameter.field.is_required()
    {
        paths.push(before);
    }
    paths
}

/// True for what pages or their configuration say of servers, and not only their examples.
pub(super) fn is_stated(origin: Origin) -> bool {
    !matches!(origin, Origin::Example | Origin::Inferred)
}

/// Scheme and host of a server, as they are compared.
pub(super) fn host_of(server: &str) -> Option<String> {
    endpoint::split_server(server)
        .0
        .and_then(|host| concrete(&host))
}

/// True if the path is that of a server and the endpoint joined; where no server is known, what stands before the
/// endpoint's path says nothing.
fn is_whole(operation: &Operation, target: &Target) -> bool {
    let documented = documented_paths(operation);
    let mut bases: Vec<&str> = Vec::new();
    for server in &operation.servers {
        if is_stated(server.evidence.origin) {
            bases.push(endpoint::split_server(&server.value).1);
        }
    }
    if bases.is_empty() || target.host.is_none() {
        return documented
            .iter()
            .any(|documented| ends_with(&target.path, documented));
    }
    bases.iter().any(|base| {
        documented.iter().any(|documented| {
            let joined = format!("{}{documented}", base.trim_end_matches('/'));
            covers(&joined, &target.path)
        })
    })
}

/// True if the last segments of the path are those of the template.
fn ends_with(path: &str, template: &str) -> bool {
    let length = segments(template).count();
    let all: Vec<&str> = segments(path).collect();
    let start = all.len().checked_sub(length);
    start
        .and_then(|start| all.get(start..))
        .is_some_and(|tail| covers(template, &tail.join("/")))
}

/// True if the template leads to the path, of which any segment may be a variable.
fn covers(template: &str, path: &str) -> bool {
    let wanted: Vec<&str> = segments(template).collect();
    let found: Vec<&str> = segments(path).collect();
    wanted.len() == found.len()
        && wanted
            .iter()
            .zip(&found)
            .all(|(wanted, found)| wanted == found || is_variable(found) || leads(wanted, found))
}

fn leads(template: &str, segment: &str) -> bool {
    let mut router = Router::new();
    router.insert(Template::parse(template), ());
    !router.find(segment).is_empty()
}

/// True for a segment that the reader of the page fills in, at least in part.
pub(super) fn is_variable(segment: &str) -> bool {
    let lower = segment.to_ascii_lowercase();
    segment.starts_with(':')
        || segment.contains(['$', '{', '<', '['])
        || segment.contains("...")
        || lower.starts_with("your_")
        || lower.starts_with("your-")
        || (segment.contains('_')
            && !segment.bytes().any(|byte| byte.is_ascii_lowercase())
            && segment.bytes().any(|byte| byte.is_ascii_uppercase()))
}

/// The segments of a path; a slash inside of braces does not end one.
pub(in crate::check) fn segments(path: &str) -> impl Iterator<Item = &str> {
    let is_balanced = path.matches('{').count() == path.matches('}').count();
    let mut depth = 0_usize;
    let ends = move |c: char| {
        match c {
            '{' if is_balanced => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == '/' && depth == 0
    };
    path.split(ends).filter(|segment| !segment.is_empty())
}
