//! Operations that OpenAPI files state: which of them the site shows, and what pages say on top of them.
//!
//! | page | operation |
//! | --- | --- |
//! | `api: METHOD target` | what the page says; a file that states the same operation is only compared with it |
//! | `openapi: [file] METHOD /path` | what the file states, and on top what the page adds |
//! | none, but the configuration shows it | what the file states |

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::endpoint::{self, Endpoint};
use crate::model::openapi::{Configured, Specification, Specifications, Unread, UnreadReason};
use crate::model::operation::{Operation, Response};
use crate::model::route::Template;
use crate::model::shape::{Shape, ShapeKind};
use crate::model::site::{SiteConfig, Versions};
use crate::source::{FileId, Sources};

/// A file that pages rely on cannot be read.
pub static UNREAD_SPECIFICATION: Rule = Rule {
    name: "unread-specification",
    severity: Severity::Warning,
    summary: "an OpenAPI file that the site uses is not read",
};

/// What a page and an OpenAPI file both say about one operation.
#[derive(Clone, Debug)]
pub struct Twice {
    /// What the page says by itself.
    pub written: Operation,
    /// What the file says.
    pub specified: Arc<Operation>,
}

/// Method and path with the names of parameters erased.
type Key = (String, String);

/// The operations of all files, to be looked up.
pub(super) struct Specified<'s> {
    sources: &'s Sources,
    versions: &'s Versions,
    files: &'s [Specification],
    /// For each file, whether the configuration of the site names it.
    is_configured: Vec<bool>,
    by_path: HashMap<Key, Vec<(usize, usize)>>,
}

fn key(method: &str, path: &str) -> Key {
    (method.to_owned(), Template::parse(path).identity())
}

impl<'s> Specified<'s> {
    pub(super) fn new(
        sources: &'s Sources,
        specifications: &'s Specifications,
        config: &'s SiteConfig,
    ) -> Self {
        let mut by_path: HashMap<Key, Vec<(usize, usize)>> = HashMap::new();
        for (file, specification) in specifications.files.iter().enumerate() {
            for (index, operation) in specification.operations.iter().enumerate() {
                let method = &operation.endpoint.value.method;
                let own = key(method, &operation.endpoint.value.path);
                let joined = key(method, &operation.joined_path());
                if joined != own {
                    by_path.entry(joined).or_default().push((file, index));
                }
                by_path.entry(own).or_default().push((file, index));
            }
        }
        let is_configured = specifications.files.iter().map(|specification| {
            let path = sources.file(specification.file).path();
            let mut configured = config.specifications.iter();
            configured.any(|named| is_name_of(&named.file, path))
        });
        Self {
            sources,
            versions: &config.versions,
            files: &specifications.files,
            is_configured: is_configured.collect(),
            by_path,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.by_path.is_empty()
    }

    /// The operation that a page names, in the file that it names; without one, in the file that is nearest to the page.
    pub(super) fn named(
        &self,
        file: Option<&str>,
        endpoint: &Endpoint,
        page: FileId,
    ) -> Option<&'s Arc<Operation>> {
        let places = self.by_path.get(&key(&endpoint.method, &endpoint.path))?;
        let is_named = |specification: &Specification| match file {
            Some(file) => is_name_of(file, self.sources.file(specification.file).path()),
            None => true,
        };
        self.nearest(places, page)
            .into_iter()
            .find(|(specification, _)| is_named(specification))
            .map(|(_, operation)| operation)
    }

    fn is_of_site(&self, file: FileId) -> bool {
        let mut files = self.files.iter().zip(&self.is_configured);
        files.any(|(known, is_configured)| known.file == file && *is_configured)
    }

    /// True if a page and a file belong to different versions of the docs.
    fn are_of_different_versions(&self, page: FileId, specification: FileId) -> bool {
        let path = |file: FileId| self.sources.file(file).path();
        self.versions.tell_apart(path(page), path(specification))
    }

    /// The operations at the places: those of the version of the page first, then of files that the configuration
    /// names, then by the folders that the file shares with the page.
    fn nearest(
        &self,
        places: &[(usize, usize)],
        page: FileId,
    ) -> Vec<(&'s Specification, &'s Arc<Operation>)> {
        let path = self.sources.file(page).path();
        let mut found: Vec<_> = places
            .iter()
            .filter_map(|(file, index)| {
                let specification = self.files.get(*file)?;
                let operation = specification.operations.get(*index)?;
                let is_configured = self.is_configured.get(*file).copied().unwrap_or_default();
                let shared = shared_folders(path, self.sources.file(specification.file).path());
                let is_other = self.are_of_different_versions(page, specification.file);
                let rank = (is_other, !is_configured, Reverse(shared));
                Some((rank, specification, operation))
            })
            .collect();
        found.sort_by_key(|(rank, ..)| *rank);
        found
            .into_iter()
            .map(|(_, specification, operation)| (specification, operation))
            .collect()
    }

    /// The operation that states the same as a hand-written one, in a file of the same version of the docs, and on the
    /// same host as far as both name one.
    pub(super) fn same_as(&self, written: &Operation) -> Option<&'s Arc<Operation>> {
        let method = &written.endpoint.value.method;
        let own = key(method, &written.endpoint.value.path);
        let joined = key(method, &written.joined_path());
        let places = self
            .by_path
            .get(&joined)
            .or_else(|| self.by_path.get(&own))?;
        let page = *written.pages.first()?;
        let same = self.nearest(places, page).into_iter();
        let same = same.filter(|(file, _)| !self.are_of_different_versions(page, file.file));
        // Where the site says which files are its own, others are left over, or of something else.
        let says = self.is_configured.contains(&true);
        let same = same.filter(|(file, _)| !says || self.is_of_site(file.file));
        let mut operations = same.map(|(_, operation)| operation);
        operations.find(|specified| match (host(written), host(specified)) {
            (Some(one), Some(other)) => one == other,
            _ => true,
        })
    }

    /// The operations that the configuration shows, each with its file.
    pub(super) fn shown(&self, configured: &[Configured]) -> Vec<(FileId, &'s Operation)> {
        let mut seen = HashSet::new();
        let mut shown = Vec::new();
        for named in configured {
            for specification in self.files {
                if !is_name_of(&named.file, self.sources.file(specification.file).path()) {
                    continue;
                }
                for (index, operation) in specification.operations.iter().enumerate() {
                    let only = named.only.as_ref();
                    let is_listed = only.is_none_or(|only| only.contains(&operation.name()));
                    if is_listed && seen.insert((specification.file, index)) {
                        shown.push((specification.file, operation.as_ref()));
                    }
                }
            }
        }
        shown
    }
}

/// How many folders at the start of two paths are the same.
fn shared_folders(one: &str, other: &str) -> usize {
    let folders = one.split('/').zip(other.split('/'));
    folders.take_while(|(one, other)| one == other).count()
}

fn host(operation: &Operation) -> Option<String> {
    let server = operation.servers.first()?;
    endpoint::split_server(&server.value).0
}

/// True if `name`, as configurations and pages write it, means the file at `path`: its path, or its name, each with or
/// without the extension.
pub(super) fn is_name_of(name: &str, path: &str) -> bool {
    let name = name.trim_start_matches("./").trim_start_matches('/');
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    let is_end = |of: &str| {
        of.strip_suffix(name)
            .is_some_and(|before| before.is_empty() || before.ends_with('/'))
    };
    !name.is_empty() && (is_end(path) || is_end(stem))
}

/// The diagnostic of a file that is not read.
pub(super) fn unread(unread: &Unread) -> Diagnostic {
    let (message, help) = match &unread.reason {
        UnreadReason::Syntax(fault) => (
            format!("the OpenAPI file is neither JSON nor YAML: {fault}"),
            "its operations are unknown until it is mended",
        ),
        UnreadReason::Version(version) => (
            format!("the file is {version}, which is not read"),
            "convert it to OpenAPI 3, for example with `npx swagger2openapi`",
        ),
    };
    Diagnostic::new(&UNREAD_SPECIFICATION, unread.span, message)
        .help(help)
        .subject("page")
}

/// The operation of a page that names one of a file: what the file states, and what the page adds.
pub(super) fn on_top(specified: &Operation, page: Operation) -> Operation {
    let mut operation = specified.clone();
    operation.pages = page.pages;
    operation.title = page.title.or(operation.title);
    operation.description = page.description.or(operation.description);
    operation.deprecated |= page.deprecated;
    operation.is_unsafe |= page.is_unsafe;
    operation.request_examples = page.request_examples;
    operation.response_headers.extend(page.response_headers);
    operation.outcomes = page.outcomes;
    operation.remarks = page.remarks;
    if operation.servers.is_empty() {
        operation.servers = page.servers;
    }
    if operation.auth.schemes.is_empty() {
        operation.auth = page.auth;
    }
    for parameter in page.parameters {
        let own = operation.parameters.iter_mut().find(|own| {
            own.location == parameter.location && own.field.name.value == parameter.field.name.value
        });
        match own {
            Some(own) if says_nothing(&own.shape) => own.shape = parameter.shape,
            Some(_) => {}
            None => operation.parameters.push(parameter),
        }
    }
    let states_body = operation.body.as_ref();
    if states_body.is_none_or(|body| says_nothing(&body.shape)) {
        operation.body = page.body.or(operation.body);
    }
    for response in page.responses {
        add(&mut operation.responses, response);
    }
    operation
}

/// Adds a response of a page: its examples to what is stated for the status, its fields where nothing is.
fn add(responses: &mut Vec<Response>, response: Response) {
    let same = |own: &&mut Response| match (own.status.code(), response.status.code()) {
        (Some(own), Some(code)) => own == code,
        _ => own.status.is_success() && response.status.is_success(),
    };
    match responses.iter_mut().find(same) {
        Some(own) => {
            let is_open = own.shape.as_ref().is_none_or(says_nothing);
            if is_open && !response.fields.is_empty() {
                own.fields = response.fields;
                own.shape = response.shape;
            }
            own.examples.extend(response.examples);
        }
        None => responses.push(response),
    }
}

/// True if a shape leaves everything open that fields could state.
fn says_nothing(shape: &Shape) -> bool {
    match &shape.kind {
        ShapeKind::Unknown | ShapeKind::Any => true,
        ShapeKind::Object { members, .. } => members.is_empty(),
        _ => false,
    }
}
