//! OpenAPI 3.0 and 3.1 files as operations of the model.
//!
//! Everything here is a pure function of text that was loaded before: nothing is fetched, and references lead only to
//! other files of the site. Each fact carries the place in the file where it stands, with the origin
//! [`Specification`](crate::model::Origin::Specification).
//!
//! | of a file | becomes |
//! | --- | --- |
//! | `paths` | operations with parameters, bodies, and responses |
//! | `servers`, of the file, a path, or an operation | base URLs, variables replaced by their defaults |
//! | `security` | the first way to authenticate; an alternative makes it inferred |
//! | schemas | shapes; what they cannot say is not judged |
//! | `example`, `examples` | response examples |
//!
//! `webhooks`, `callbacks`, and `links` describe what is not asked of the server, and are not read.

mod combine;
mod configured;
mod example;
mod operation;
mod response;
mod schema;
mod security;
#[cfg(test)]
mod tests;
mod tree;
mod yaml;

use std::sync::Arc;

use crate::model::evidence::ReadingRule;
use crate::model::operation::Operation;
use crate::source::{FileId, Sources, Span};

pub use configured::Configured;
pub(super) use configured::configured;

use security::ALTERNATIVE_SECURITY;
use tree::{Files, Node, OPENAPI_FILE, Tree};

/// How the code here reads OpenAPI files.
pub(super) static READING_RULES: &[&ReadingRule] = &[&OPENAPI_FILE, &ALTERNATIVE_SECURITY];

/// Schemas that are read in all files together, references expanded; what lies beyond is unknown.
const MAX_SCHEMAS: usize = 400_000;

/// An OpenAPI file.
#[derive(Clone, Debug)]
pub struct Specification {
    /// The file.
    pub file: FileId,
    /// The title of the API.
    pub title: Option<String>,
    /// Its operations, in the order of the file.
    pub operations: Vec<Arc<Operation>>,
    /// The schemas of its `components`, in the order of the file.
    pub schemas: Vec<NamedSchema>,
}

/// A schema with a name.
#[derive(Clone, Debug)]
pub struct NamedSchema {
    /// Its key under `components`.
    pub name: String,
    /// All of it.
    pub place: Span,
    /// Where the kind of its values is stated, which shapes read from it name as their evidence.
    pub stated: Span,
}

/// Why a file that calls itself an OpenAPI file is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// Where that shows.
    pub span: Span,
    /// Why.
    pub reason: UnreadReason,
}

/// See [`Unread`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnreadReason {
    /// It is neither JSON nor YAML: what is wrong with it.
    Syntax(String),
    /// It is of a version that is not read, such as Swagger 2.0.
    Version(String),
}

/// What the OpenAPI files of a site say.
#[derive(Clone, Debug, Default)]
pub struct Specifications {
    /// The files that could be read, in the order of their paths.
    pub files: Vec<Specification>,
    /// The files that could not.
    pub unread: Vec<Unread>,
}

/// Reads files that may be OpenAPI files; those that are something else are passed over.
pub fn read(sources: &Sources, files: &[FileId]) -> Specifications {
    let mut specifications = Specifications::default();
    let mut trees = Vec::new();
    for file in files {
        match Tree::read(sources, *file) {
            Ok(tree) => trees.push(tree),
            Err(fault) => specifications.unread.push(Unread {
                span: Span::new(*file, fault.at..fault.at),
                reason: UnreadReason::Syntax(fault.message),
            }),
        }
    }
    let index = Files::new(&trees);
    let mut left = MAX_SCHEMAS;
    for tree in &trees {
        let root = Node::root(tree);
        if let Some(swagger) = root.get("swagger") {
            let version = sources.text(swagger.place()).trim_matches(['"', '\'']);
            specifications.unread.push(Unread {
                span: swagger.place(),
                reason: UnreadReason::Version(format!("Swagger {version}")),
            });
            continue;
        }
        let (Some(version), true) = (root.get("openapi"), root.is_object()) else {
            continue;
        };
        let number = sources.text(version.place()).trim_matches(['"', '\'']);
        if version.is_object() || !number.starts_with('3') {
            // `docs.json` and the like have a member of that name, too.
            if number.starts_with(|first: char| first.is_ascii_digit()) {
                specifications.unread.push(Unread {
                    span: version.place(),
                    reason: UnreadReason::Version(format!("OpenAPI {number}")),
                });
            }
            continue;
        }
        let info = root.get("info").and_then(|info| info.get("title"));
        specifications.files.push(Specification {
            file: version.place().file,
            title: info.and_then(Node::text).map(str::to_owned),
            operations: operation::all(&index, root, &mut left),
            schemas: named_schemas(root),
        });
    }
    specifications
}

fn named_schemas(root: Node<'_>) -> Vec<NamedSchema> {
    let components = root.get("components");
    let schemas = components.and_then(|components| components.get("schemas"));
    let named = schemas.into_iter().flat_map(Node::members);
    named
        .map(|(name, _, schema)| NamedSchema {
            name: name.to_owned(),
            place: schema.place(),
            stated: schema.get("type").unwrap_or(schema).place(),
        })
        .collect()
}
