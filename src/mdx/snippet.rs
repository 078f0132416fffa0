//! Imported content: a use of a snippet becomes an element whose children are the snippet's content.
//!
//! - `import X from "/snippets/x.mdx"` and `<X a="b" />`: the content of the file, its properties filled in.
//! - `import { F } from "/snippets/f.jsx"` and `<F a="b" />`: the JSX that the exported component returns.
//! - `<Snippet file="x.mdx" />`: the older form, looked up in `_snippets/` and `snippets/`.
//!
//! Paths start at the docs root or at the importing file and never leave the root.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use crate::diagnostic::Diagnostic;
use crate::source::{Excerpt, FileId, Sources, Span};

use super::node::{
    Attribute, AttributeValue, Element, Export, Expression, Fence, Imported, Node, Page, Prose,
};
use super::{expression, rules};

/// Snippets inside snippets are read to this depth.
const MAX_DEPTH: usize = 24;
/// A page may grow by this many nodes.
const MAX_NODES: usize = 200_000;
/// Elements are nested no deeper than this, so that nothing that walks a page can run out of stack.
const MAX_HEIGHT: usize = 100;
/// Longer properties are left as they are: each snippet could double what it was given.
const MAX_VALUE: usize = 64 * 1024;
/// A page may grow by this many bytes of properties.
const MAX_FILLED: usize = 4 * 1024 * 1024;

/// All files that were read, and where to find them.
pub(super) struct Library<'a> {
    pages: &'a [Option<Page>],
    by_path: HashMap<&'a str, FileId>,
    sources: &'a Sources,
}

/// What an import leads to.
pub(super) enum Target {
    File(FileId),
    /// Not a file of the docs: a package, or data that only a running page could load.
    Foreign,
    Missing(String),
    Outside,
}

impl<'a> Library<'a> {
    pub(super) fn new(sources: &'a Sources, pages: &'a [Option<Page>]) -> Self {
        let by_path = sources.iter().map(|(id, file)| (file.path(), id)).collect();
        Self {
            pages,
            by_path,
            sources,
        }
    }

    /// The file that `path`, written in `file`, leads to.
    pub(super) fn target(&self, file: FileId, path: &str) -> Target {
        let base = if let Some(rooted) = path.strip_prefix('/') {
            rooted.to_owned()
        } else if path.starts_with("./") || path.starts_with("../") {
            let own = self.sources.file(file).path();
            let folder = own.rsplit_once('/').map_or("", |(folder, _)| folder);
            format!("{folder}/{path}")
        } else {
            return Target::Foreign;
        };
        let Some(normal) = normalize(&base) else {
            return Target::Outside;
        };
        let extension = normal
            .rsplit_once('/')
            .map_or(normal.as_str(), |(_, name)| name)
            .rsplit_once('.');
        match (self.by_path.get(normal.as_str()), extension) {
            (Some(&found), _) => Target::File(found),
            (None, None) => ["mdx", "md", "jsx", "tsx"]
                .iter()
                .find_map(|ending| self.by_path.get(format!("{normal}.{ending}").as_str()))
                .map_or(Target::Missing(normal), |&found| Target::File(found)),
            (None, Some((_, "mdx" | "md" | "jsx" | "tsx"))) => Target::Missing(normal),
            (None, Some(_)) => Target::Foreign,
        }
    }

    fn snippet_file<'e>(&self, element: &'e Element) -> Option<(&'e str, Option<FileId>)> {
        if element.name != "Snippet" {
            return None;
        }
        let AttributeValue::Text(file) = &element.attribute("file")?.value else {
            return None;
        };
        let name = file.trim_start_matches('/');
        let found = ["_snippets/", "snippets/"].iter().find_map(|folder| {
            self.by_path
                .get(normalize(&format!("{folder}{name}"))?.as_str())
        });
        Some((file, found.copied()))
    }

    fn page(&self, file: FileId) -> Option<&'a Page> {
        self.pages.get(file.index())?.as_ref()
    }

    /// The content that an element stands for, if it is the use of a snippet or component.
    fn content(&self, file: FileId, element: &Element) -> Option<Content<'a>> {
        if let Some((_, found)) = self.snippet_file(element) {
            let page = self.page(found?)?;
            return Some(Content::of_page(page));
        }
        let page = self.page(file)?;
        let (local, member) = element
            .name
            .split_once('.')
            .map_or((element.name.as_str(), None), |(a, b)| (a, Some(b)));
        if let Some(import) = page.imports.iter().find(|import| import.local == local) {
            let Target::File(target) = self.target(file, &import.path) else {
                return None;
            };
            let target = self.page(target)?;
            return match (&import.imported, member) {
                (Imported::Default, None) => {
                    Content::of_export(target, "default").or_else(|| Some(Content::of_page(target)))
                }
                (Imported::Named(name), None) => Content::of_export(target, name),
                (Imported::All, Some(member)) => Content::of_export(target, member),
                _ => None,
            };
        }
        Content::of_export(page, &element.name)
    }

    /// The content of a page with all uses of snippets filled in.
    pub(super) fn expand(&self, page: &Page) -> Expanded {
        let mut expansion = Expansion {
            library: self,
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

    /// What is wrong with the imports and uses of one file.
    pub(super) fn faults(&self, page: &Page) -> Vec<Diagnostic> {
        let mut diagnostics = Vec::new();
        for import in &page.imports {
            match self.target(page.file, &import.path) {
                Target::Missing(path) => diagnostics.push(
                    Diagnostic::new(&rules::MISSING_SNIPPET, import.path_span, format!("`{path}` does not exist"))
                        .help("paths start with `/` at the folder of docs.json, or with `./` at this file"),
                ),
                Target::Outside => diagnostics.push(Diagnostic::new(
                    &rules::IMPORT_OUTSIDE_ROOT,
                    import.path_span,
                    "the path leads out of the docs folder and is not read",
                )),
                Target::File(target) => {
                    if let (Imported::Named(name), Some(target)) = (&import.imported, self.page(target))
                        && !target.exports.iter().any(|export| export.name == *name)
                    {
                        diagnostics.push(Diagnostic::new(
                            &rules::UNKNOWN_EXPORT,
                            import.span,
                            format!("`{}` does not export `{name}`", self.sources.file(target.file).path()),
                        ));
                    }
                }
                Target::Foreign => {}
            }
        }
        let mut unknown = BTreeMap::new();
        each_element(&page.nodes, &mut |element| {
            if let Some((name, None)) = self.snippet_file(element) {
                diagnostics.push(
                    Diagnostic::new(
                        &rules::MISSING_SNIPPET,
                        element.open,
                        format!("`_snippets/{name}` does not exist"),
                    )
                    .help(
                        "the file is looked up in `_snippets/` and `snippets/` of the docs folder",
                    ),
                );
            }
            if !is_known_component(page, &element.name) {
                unknown
                    .entry(element.name.clone())
                    .or_insert(element.name_span);
            }
        });
        diagnostics.extend(unknown.into_iter().map(|(name, span)| {
            Diagnostic::new(
                &rules::UNKNOWN_COMPONENT,
                span,
                format!("`<{name}>` is neither built in nor imported on this page"),
            )
        }));
        diagnostics
    }
}

/// True if the page uses anything that [`Library::expand`] would fill in.
pub(super) fn has_uses(page: &Page) -> bool {
    let components = page.exports.iter().any(|export| !export.nodes.is_empty());
    !page.imports.is_empty()
        || components
        || any_element(&page.nodes, &|element| element.name == "Snippet")
}

/// The content of a snippet: nodes, and the file whose imports hold inside it.
struct Content<'a> {
    file: FileId,
    nodes: &'a [Node],
    export: Option<&'a Export>,
}

impl<'a> Content<'a> {
    fn of_page(page: &'a Page) -> Self {
        Self {
            file: page.file,
            nodes: &page.nodes,
            export: None,
        }
    }

    fn of_export(page: &'a Page, name: &str) -> Option<Self> {
        let export = page.exports.iter().find(|export| export.name == name)?;
        (!export.nodes.is_empty()).then_some(Self {
            file: page.file,
            nodes: &export.nodes,
            export: Some(export),
        })
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
        if self.stack.contains(&key) || self.stack.len() >= MAX_DEPTH {
            let path = self.library.sources.file(content.file).path();
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
                .help("use fewer snippets inside each other"),
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

fn any_element(nodes: &[Node], wanted: &dyn Fn(&Element) -> bool) -> bool {
    nodes
        .iter()
        .filter_map(Node::as_element)
        .any(|element| wanted(element) || any_element(&element.children, wanted))
}

fn each_element(nodes: &[Node], visit: &mut dyn FnMut(&Element)) {
    for element in nodes.iter().filter_map(Node::as_element) {
        visit(element);
        each_element(&element.children, visit);
    }
}

/// Resolves `.` and `..`; `None` if the path leaves the root.
fn normalize(path: &str) -> Option<String> {
    let mut parts = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The components that the platform provides on every page, in the order of the alphabet.
const BUILT_IN: [&str; 62] = [
    "Accordion",
    "AccordionGroup",
    "Api",
    "Badge",
    "Banner",
    "Callout",
    "Card",
    "CardGroup",
    "Check",
    "CodeBlock",
    "CodeGroup",
    "Color",
    "Column",
    "Columns",
    "Danger",
    "Expandable",
    "Fragment",
    "Frame",
    "GitHub",
    "Heading",
    "Icon",
    "Image",
    "Info",
    "Latex",
    "Link",
    "MDX",
    "Mermaid",
    "Note",
    "OpenAPI",
    "Panel",
    "Param",
    "ParamField",
    "Preview",
    "Prompt",
    "Property",
    "Quote",
    "RequestExample",
    "ResponseExample",
    "ResponseField",
    "Root",
    "Sandbox",
    "Snippet",
    "SnippetGroup",
    "Step",
    "Steps",
    "Tab",
    "Table",
    "Tabs",
    "Tile",
    "Tiles",
    "Tip",
    "Tooltip",
    "Tree",
    "TreeFile",
    "TreeFolder",
    "Update",
    "Variation",
    "Video",
    "View",
    "Visibility",
    "Warning",
    "ZoomImage",
];

fn is_known_component(page: &Page, name: &str) -> bool {
    !name.starts_with(|c: char| c.is_uppercase())
        || name.contains('.')
        || BUILT_IN.binary_search(&name).is_ok()
        || page.imports.iter().any(|import| import.local == name)
        || page.exports.iter().any(|export| export.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_components_are_found() {
        assert!(BUILT_IN.is_sorted());
    }

    #[test]
    fn paths_cannot_leave_the_root() {
        assert_eq!(normalize("a/./b/../c.mdx").as_deref(), Some("a/c.mdx"));
        assert_eq!(normalize("a/../../c.mdx"), None);
    }
}
