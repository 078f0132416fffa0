//! The API as an OpenAPI 3.1 document, for the tools that start from one.
//!
//! [`openapi`] is a pure function of the model. What a page says and OpenAPI cannot express is not dropped in silence:
//! each such fact is a [`Note`] with its place.
//!
//! Only what pages state becomes a requirement: a member is `required` if a page says so, not because its examples show
//! it, and an object is closed only where the caller wants the closed world of the docs to be written down. What only
//! running text says of requests stays in descriptions, as no request is refused for it.

mod name;
mod operation;
mod parameter;
mod path;
mod phrase;
mod response;
mod said;
mod schema;
mod schemas;
mod security;
mod server;
mod shown;
mod tag;
#[cfg(test)]
mod tests;
mod text;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::model::Api;
use crate::model::openapi::NamedSchema;
use crate::source::{Sources, Span};

use schemas::Schemas;
use security::Schemes;

pub use text::{to_json, to_yaml};

/// What the document says beside the API.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The title of the API; without it, the host of its first server.
    pub title: Option<String>,
    /// Whether objects whose members are all documented forbid others.
    pub closed: bool,
    /// Whether what only running text says of requests is a constraint, too.
    pub from_text: bool,
    /// Whether examples of answers that no field documents become schemas.
    pub from_examples: bool,
    /// The groups of pages, by their paths without the extension: they become tags, before the names of folders.
    pub groups: BTreeMap<String, String>,
    /// The schemas that have names, in the OpenAPI files that pages are made of.
    pub schemas: Vec<NamedSchema>,
}

/// An OpenAPI document, and what it does not say.
#[derive(Clone, Debug)]
pub struct Export {
    /// The document.
    pub document: Value,
    /// What could not be expressed, in the order of the pages.
    pub notes: Vec<Note>,
}

/// A fact of the docs that the document does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Where the docs say it.
    pub span: Span,
    /// What is not expressed, and what stands in its place.
    pub message: String,
}

/// Writes the API as an OpenAPI document.
pub fn openapi(api: &Api, sources: &Sources, options: &Options) -> Export {
    let mut exporter = Exporter {
        sources,
        options,
        schemas: Schemas::new(&options.schemas),
        notes: Vec::new(),
    };
    let placed = path::place(&mut exporter, &api.operations);
    let servers = server::shared(&placed);
    let schemes = Schemes::of(&placed);
    let security = schemes.shared(&placed);
    let tags = tag::all(&exporter, &placed);
    let names = name::operations(&placed, &tags);
    let mut paths: Map<String, Value> = Map::new();
    for ((placed, name), tags) in placed.iter().zip(names).zip(&tags) {
        let mut operation = operation::write(&mut exporter, placed, &name, tags);
        server::write(placed, servers.as_ref(), &mut operation);
        schemes.write(placed, security.as_ref(), &mut operation);
        let item = paths
            .entry(placed.path.clone())
            .or_insert_with(|| json!({}));
        if let Value::Object(item) = item {
            let method = placed.operation.endpoint.value.method.to_ascii_lowercase();
            item.insert(method, Value::Object(operation));
        }
    }
    let title = options.title.clone();
    let title = title
        .or_else(|| server::host(&placed))
        .unwrap_or_else(|| "API".to_owned());
    let mut document = Map::new();
    document.insert("openapi".to_owned(), json!("3.1.0"));
    // The format asks for a version, and pages state none.
    document.insert(
        "info".to_owned(),
        json!({"title": title, "version": "1.0.0"}),
    );
    if let Some(servers) = servers {
        document.insert("servers".to_owned(), servers);
    }
    if let Some(security) = security {
        document.insert("security".to_owned(), security);
    }
    if let Some(tags) = tag::listed(&tags) {
        document.insert("tags".to_owned(), tags);
    }
    let components = components(&mut exporter, &mut paths, &schemes);
    document.insert("paths".to_owned(), Value::Object(paths));
    if !components.is_empty() {
        document.insert("components".to_owned(), Value::Object(components));
    }
    Export {
        document: Value::Object(document),
        notes: in_order(exporter.notes, sources),
    }
}

/// What has a name of its own.
fn components(
    exporter: &mut Exporter<'_>,
    paths: &mut Map<String, Value>,
    schemes: &Schemes,
) -> Map<String, Value> {
    let parts = [
        ("schemas", exporter.schemas.take(paths)),
        ("securitySchemes", schemes.objects()),
    ];
    let parts = parts.into_iter().filter(|(_, objects)| !objects.is_empty());
    parts
        .map(|(key, objects)| (key.to_owned(), Value::Object(objects)))
        .collect()
}

/// The notes in the order of the pages, each once.
fn in_order(mut notes: Vec<Note>, sources: &Sources) -> Vec<Note> {
    notes.sort_by(|one, other| {
        let path = |note: &Note| sources.file(note.span.file).path();
        let place = |note: &Note| (note.span.start, note.span.end);
        path(one)
            .cmp(path(other))
            .then_with(|| place(one).cmp(&place(other)))
            .then_with(|| one.message.cmp(&other.message))
    });
    notes.dedup();
    notes
}

/// What is needed everywhere, and what could not be expressed so far.
struct Exporter<'a> {
    sources: &'a Sources,
    options: &'a Options,
    schemas: Schemas,
    notes: Vec<Note>,
}

impl Exporter<'_> {
    fn note(&mut self, span: Span, message: impl Into<String>) {
        self.notes.push(Note {
            span,
            message: message.into(),
        });
    }

    /// Where the docs say something.
    fn source(&self, span: Span) -> Value {
        let line = self.sources.positions(span).start.line;
        json!({"page": self.sources.file(span.file).path(), "line": line})
    }
}

/// What a page says, as a note names it: in backticks, and its beginning alone if it is long.
fn quoted(text: &str) -> String {
    const LONGEST: usize = 80;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("`{}…`", text.get(..end).unwrap_or_default()),
        None => format!("`{text}`"),
    }
}

/// The key under which sources are written.
const SOURCE: &str = "x-docs-source";
