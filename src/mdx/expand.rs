//! Fills in snippets: each use of one gets its content as children, with the properties it was used with.
//!
//! What comes out is bounded in depth, in number, and in length, whatever the snippets do to each other.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::diagnostic::{Cause, Diagnostic};
use crate::source::{Excerpt, FileId, Span};

use super::node::{Attribute, AttributeValue, Element, Expression, Fence, Node, Page, Prose};
use super::snippet::{Content, Library};
use super::{expression, rules};

/// Snippets inside snippets are read to this depth.
const MAX_DEPTH: usize = 24;
/// A page may grow by this many nodes.
const MAX_NODES: usize = 20_000;
/// Elements are nested no deeper than this, so that nothing that walks a page can run out of stack.
const MAX_HEIGHT: usize = 100;
/// Longer properties are left as they are: each snippet could double what it was given.
const MAX_VALUE: usize = 64 * 1024;
/// A page may grow by this many bytes of properties.
const MAX_FILLED: usize = 4 * 1024 * 1024;

/// The content of a page with all uses of snippets filled in.
pub(super) fn expand(library: &Library<'_>, page: &Page) -> Expanded {
    let mut expansion = Expansion {
        library,
        stack: Vec::new(),
        nodes: 0,
        height: 0,
        filled: 0,
        diagnostics: Vec::new(),
    };
    let nodes = expansion.nodes(&page.nodes, page.file, &Properties::default());
    Expanded {
        nodes,
        diagnostics: expansion.diagnostics,
    }
}

/// The content of a page, snippets filled in.
pub(super) struct Expanded {
    pub(super) nodes: Vec<Node>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// What a snippet was used with.
#[derive(Default)]
struct Properties {
    values: BTreeMap<String, Value>,
    children: Vec<Node>,
    size: Size,
    inside: bool,
}

/// How many nodes there are, and how deep they are nested.
#[derive(Clone, Copy, Default)]
struct Size {
    nodes: usize,
    height: usize,
}

impl Size {
    fn of(nodes: &[Node]) -> Self {
        let mut size = Self {
            nodes: nodes.len(),
            height: 0,
        };
        for element in nodes.iter().filter_map(Node::as_element) {
            let inner = Self::of(&element.children);
            size.nodes += inner.nodes;
            size.height = size.height.max(inner.height + 1);
        }
        size
    }
}

impl Properties {
    fn get(&self, path: &str) -> Option<Value> {
        let name = path.strip_prefix("props.").unwrap_or(path);
        self.values.get(name).cloned()
    }
}

struct Expansion<'l, 'a> {
    library: &'l Library<'a>,
    stack: Vec<(FileId, String)>,
    nodes: usize,
    height: usize,
    filled: usize,
    diagnostics: Vec<Diagnostic>,
}

impl Expansion<'_, '_> {
    fn nodes(&mut self, nodes: &[Node], file: FileId, properties: &Properties) -> Vec<Node> {
        let mut expanded = Vec::with_capacity(nodes.len());
        for node in nodes {
            self.nodes += 1;
            if self.nodes > MAX_NODES {
                self.too_large(node.span());
                break;
            }
            match node {
                Node::Element(element) => {
                    let element = self.element(element, file, properties);
                    expanded.push(Node::Element(element));
                }
                Node::Expression(expression) if properties.inside => {
                    self.expression(expression, properties, &mut expanded);
                }
                Node::Fence(fence) if properties.inside => {
                    let filled = fill_fence(fence, properties, MAX_FILLED - self.filled);
                    self.filled += filled.as_ref().map_or(0, |fence| fence.code.text().len());
                    self.filled = self.filled.min(MAX_FILLED);
                    expanded.push(Node::Fence(filled.unwrap_or_else(|| fence.clone())));
                }
                other => expanded.push(other.clone()),
            }
        }
        expanded
    }

    fn element(&mut self, element: &Element, file: FileId, properties: &Properties) -> Element {
        let attributes: Vec<Attribute> = element
            .attributes
            .iter()
            .map(|attribute| fill_attribute(attribute, properties))
            .collect();
        let mut children = Vec::new();
        if self.height < MAX_HEIGHT {
            self.height += 1;
            children = self.nodes(&element.children, file, properties);
            if let Some(content) = self.library.content(file, element) {
                children = self.content(&content, element, &attributes, children);
            }
            self.height -= 1;
        } else if !element.children.is_empty() || self.library.content(file, element).is_some() {
            self.too_large(element.open);
        }
        Element {
            name: element.name.clone(),
            attributes,
            children,
            ..*element
        }
    }

    fn content(
        &mut self,
        content: &Content<'_>,
        element: &Element,
        attributes: &[Attribute],
        children: Vec<Node>,
    ) -> Vec<Node> {
        let key = (
            content.file,
            content
                .export
                .map_or_else(String::new, |export| export.name.clone()),
        );
        if self.stack.len() >= MAX_DEPTH {
            self.too_large(element.open);
            return Vec::new();
        }
        if self.stack.contains(&key) {
            let path = self.library.paths.of(content.file);
            let diagnostic = Diagnostic::new(
                &rules::IMPORT_CYCLE,
                element.open,
                format!("`{path}` is used inside itself"),
            )
            .help("remove one of the imports of the circle");
            if !self.diagnostics.contains(&diagnostic) {
                self.diagnostics.push(diagnostic);
            }
            return Vec::new();
        }
        let mut values: BTreeMap<String, Value> = content
            .export
            .into_iter()
            .flat_map(|export| &export.properties)
            .filter_map(|property| Some((property.name.clone(), property.default.clone()?)))
            .collect();
        values.extend(
            attributes.iter().filter_map(|attribute| {
                Some((attribute.name.clone(), attribute.value.to_value()?))
            }),
        );
        let properties = Properties {
            values,
            size: Size::of(&children),
            children,
            inside: true,
        };
        self.stack.push(key);
        let nodes = self.nodes(content.nodes, content.file, &properties);
        self.stack.pop();
        nodes
    }

    fn expression(
        &mut self,
        expression: &Expression,
        properties: &Properties,
        into: &mut Vec<Node>,
    ) {
        let source = expression.source.trim();
        if matches!(source, "children" | "props.children") {
            let Size { nodes, height } = properties.size;
            if self.nodes + nodes > MAX_NODES || self.height + height > MAX_HEIGHT {
                self.too_large(expression.span);
                return;
            }
            self.nodes += nodes;
            into.extend(properties.children.iter().cloned());
            return;
        }
        match expression::literal(source, &|name| properties.get(name)) {
            Some(Value::String(value)) if self.filled + value.len() <= MAX_FILLED => {
                self.filled += value.len();
                let mut text = Excerpt::empty(expression.span.file);
                text.push_replaced(&value, expression.span);
                into.push(Node::Prose(Prose { text, inline: true }));
            }
            _ => into.push(Node::Expression(expression.clone())),
        }
    }

    /// Says once that something is left out.
    fn too_large(&mut self, place: Span) {
        let is_said = |diagnostic: &Diagnostic| *diagnostic.rule == rules::SNIPPET_TOO_LARGE;
        if !self.diagnostics.iter().any(is_said) {
            self.diagnostics.push(
                Diagnostic::new(
                    &rules::SNIPPET_TOO_LARGE,
                    place,
                    "the snippets of this page expand to more content than is read",
                )
                .help("use fewer snippets inside each other")
                .cause(Cause::on_site("")),
            );
        }
    }
}

fn fill_attribute(attribute: &Attribute, properties: &Properties) -> Attribute {
    let mut filled = attribute.clone();
    if let (true, AttributeValue::Unevaluated(source)) = (properties.inside, &attribute.value)
        && let Some(value) = expression::literal(source, &|name| properties.get(name))
        && value.as_str().is_none_or(|text| text.len() <= MAX_VALUE)
    {
        filled.value = AttributeValue::Literal(value);
    }
    filled
}

/// Fills `{name}` in the body of a fence, as the platform does for properties that are strings.
///
/// `None` if there is nothing to fill, or if the body would get longer than `room`.
fn fill_fence(fence: &Fence, properties: &Properties, room: usize) -> Option<Fence> {
    let text = fence.code.text();
    let strings = || {
        properties
            .values
            .iter()
            .filter_map(|(name, value)| Some((name, value.as_str()?)))
    };
    if !strings().any(|(name, _)| text.contains(&format!("{{{name}}}"))) {
        return None;
    }
    let mut code = Excerpt::empty(fence.code.file());
    let mut copied = 0;
    for (at, _) in text.match_indices('{') {
        let rest = text.get(at + 1..).unwrap_or_default();
        let found = strings().find(|(name, _)| {
            rest.strip_prefix(name.as_str())
                .is_some_and(|after| after.starts_with('}'))
        });
        if let (true, Some((name, value))) = (at >= copied, found) {
            let end = at + name.len() + 2;
            code.push_excerpt(&fence.code, copied..at);
            if code.text().len() + value.len() > room {
                return None;
            }
            code.push_replaced(value, fence.code.span(at..end));
            copied = end;
        }
    }
    code.push_excerpt(&fence.code, copied..text.len());
    Some(Fence {
        code,
        ..fence.clone()
    })
}
