//! OpenAPI files as trees, and the way from a `$ref` to what it names.
//!
//! Only what lies in the site is followed: nothing is fetched.

use std::collections::HashMap;

use crate::model::evidence::{Evidence, Fact, Origin, ReadingRule};
use crate::model::json::{self, Json, JsonKind};
use crate::model::route;
use crate::source::yaml::Fault;
use crate::source::{FileId, Sources, Span, load};

use super::yaml;

/// A `$ref` may lead to another one; beyond this many they are taken for a circle.
const MAX_HOPS: usize = 32;

/// How deep values are listed by their pointers; `/components/schemas/Name` is the third level.
const INDEXED_LEVELS: usize = 3;

/// Larger objects are looked into by a table.
const SMALL: usize = 16;

/// A file that was read.
pub(super) struct Tree {
    file: FileId,
    path: String,
    /// What stands before the text that was read: a byte order mark.
    offset: usize,
    pub(super) root: Json,
}

impl Tree {
    /// Reads a file in either notation; the fault is the byte where reading stopped, and what is wrong there.
    pub(super) fn read(sources: &Sources, file: FileId) -> Result<Self, Fault> {
        let source = sources.file(file);
        let text = source.text().trim_start_matches('\u{feff}');
        let offset = source.text().len() - text.len();
        let is_json = text.trim_start().starts_with('{');
        let strict = is_json.then(|| json::read_strict(text.as_bytes()));
        let root = match strict {
            Some(Ok(root)) => root,
            // JSON with comments or trailing commas is not always YAML, and YAML may start with a brace.
            Some(Err(failure)) => yaml::read(text).map_err(|_| Fault {
                at: offset + failure.at,
                message: failure.to_string(),
            })?,
            None => yaml::read(text).map_err(|fault| Fault {
                at: offset + fault.at,
                ..fault
            })?,
        };
        Ok(Self {
            file,
            path: source.path().to_owned(),
            offset,
            root,
        })
    }
}

/// A value in one of the files.
#[derive(Clone, Copy)]
pub(super) struct Node<'t> {
    tree: &'t Tree,
    pub(super) json: &'t Json,
}

impl<'t> Node<'t> {
    pub(super) fn root(tree: &'t Tree) -> Self {
        Self {
            tree,
            json: &tree.root,
        }
    }

    /// What tells the value from all others.
    pub(super) fn identity(self) -> (FileId, usize, usize) {
        let range = &self.json.range;
        (self.tree.file, range.start, range.end)
    }

    /// The value of a member, if it is there and not `null`.
    pub(super) fn get(self, key: &str) -> Option<Self> {
        let json = self.json.get(key)?;
        (json.kind != JsonKind::Null).then_some(Self { json, ..self })
    }

    pub(super) fn text(self) -> Option<&'t str> {
        self.json.as_str()
    }

    pub(super) fn is_true(self) -> bool {
        self.json.kind == JsonKind::Bool(true)
    }

    pub(super) fn is_object(self) -> bool {
        matches!(self.json.kind, JsonKind::Object(_))
    }

    pub(super) fn items(self) -> impl Iterator<Item = Node<'t>> {
        self.json.items().iter().map(move |json| Self {
            tree: self.tree,
            json,
        })
    }

    /// The members with their keys and the places of those.
    pub(super) fn members(self) -> impl Iterator<Item = (&'t str, Span, Node<'t>)> {
        self.json.members().iter().map(move |member| {
            let node = Self {
                tree: self.tree,
                json: &member.value,
            };
            (member.key.as_str(), self.span(&member.key_range), node)
        })
    }

    /// The place of the value.
    pub(super) fn place(self) -> Span {
        self.span(&self.json.range)
    }

    pub(super) fn evidence(self) -> Evidence {
        evidence(self.place())
    }

    pub(super) fn fact<T>(self, value: T) -> Fact<T> {
        Fact {
            value,
            evidence: self.evidence(),
        }
    }

    /// The place of bytes that were counted in the text that was read.
    pub(super) fn span(self, range: &std::ops::Range<usize>) -> Span {
        let offset = self.tree.offset;
        Span::new(self.tree.file, range.start + offset..range.end + offset)
    }
}

pub(super) static OPENAPI_FILE: ReadingRule = ReadingRule {
    name: "openapi-file",
    origin: Origin::Specification,
    summary: "an OpenAPI file of the site states the operations, parameters, bodies, and responses of pages with `openapi:`, and those that the configuration shows",
};

/// What an OpenAPI file states is evidence of one kind.
pub(super) fn evidence(span: Span) -> Evidence {
    Evidence::new(span, &OPENAPI_FILE)
}

/// All files, and where their parts are.
pub(super) struct Files<'t> {
    trees: HashMap<&'t str, &'t Tree>,
    /// The values that references usually name, by file and pointer.
    index: HashMap<(FileId, String), &'t Json>,
}

impl<'t> Files<'t> {
    pub(super) fn new(trees: &'t [Tree]) -> Self {
        let mut files = Self {
            trees: HashMap::new(),
            index: HashMap::new(),
        };
        for tree in trees {
            files.trees.insert(&tree.path, tree);
            files.list(tree, &tree.root, String::new(), 0);
        }
        files
    }

    fn list(&mut self, tree: &'t Tree, json: &'t Json, pointer: String, level: usize) {
        if level < INDEXED_LEVELS {
            for member in json.members() {
                let key = member.key.replace('~', "~0").replace('/', "~1");
                self.list(tree, &member.value, format!("{pointer}/{key}"), level + 1);
            }
        }
        self.index.insert((tree.file, pointer), json);
    }

    /// What a value stands for: itself, or what its `$ref` leads to; `None` if that is not in the site.
    pub(super) fn resolve(&self, node: Node<'t>) -> Option<Node<'t>> {
        let mut node = node;
        for _ in 0..MAX_HOPS {
            let Some(reference) = node.get("$ref").and_then(Node::text) else {
                return Some(node);
            };
            node = self.follow(node, reference)?;
        }
        None
    }

    /// What a reference in the file of `from` names.
    pub(super) fn follow(&self, from: Node<'t>, reference: &str) -> Option<Node<'t>> {
        let (file, pointer) = reference.split_once('#').unwrap_or((reference, ""));
        let tree = if file.is_empty() {
            from.tree
        } else {
            let path = load::resolved(&from.tree.path, &route::decode(file))?;
            self.trees.get(path.as_str()).copied()?
        };
        let pointer = route::decode(pointer);
        if let Some(json) = self.index.get(&(tree.file, pointer.clone())) {
            return Some(Node { tree, json });
        }
        let mut json = &tree.root;
        for part in pointer.split('/').skip(1) {
            let key = part.replace("~1", "/").replace("~0", "~");
            json = match &json.kind {
                JsonKind::Array(items) => items.get(key.parse::<usize>().ok()?)?,
                // Deep references into large objects are nobody's habit, and would make work grow with the square.
                JsonKind::Object(members) if members.len() <= SMALL * SMALL => json.get(&key)?,
                _ => return None,
            };
        }
        Some(Node { tree, json })
    }
}
