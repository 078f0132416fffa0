//! Imported content: a use of a snippet becomes an element whose children are the snippet's content.
//!
//! - `import X from "/snippets/x.mdx"` and `<X a="b" />`: the content of the file, its properties filled in.
//! - `import { F } from "/snippets/f.jsx"` and `<F a="b" />`: the JSX that the exported component returns.
//! - `<Snippet file="x.mdx" />`: the older form, looked up in `_snippets/` and `snippets/`.
//!
//! Where an import leads is decided in `import`.

use std::collections::BTreeMap;

use crate::diagnostic::{Cause, Diagnostic};
use crate::source::{FileId, Span};

use super::import::{Paths, Target, any_element, each_element};
use super::node::{Element, Export, Imported, Node, Page};
use super::rules;

/// All files that were parsed, and where to find them.
pub(super) struct Library<'a> {
    pages: &'a [Option<Page>],
    pub(super) paths: &'a Paths<'a>,
}

impl<'a> Library<'a> {
    pub(super) fn new(paths: &'a Paths<'a>, pages: &'a [Option<Page>]) -> Self {
        Self { pages, paths }
    }

    fn page(&self, file: FileId) -> Option<&'a Page> {
        self.pages.get(file.index())?.as_ref()
    }

    /// The content that an element stands for, if it is the use of a snippet or component.
    pub(super) fn content(&self, file: FileId, element: &Element) -> Option<Content<'a>> {
        if let Some((_, found)) = self.paths.snippet_file(element) {
            let page = self.page(found?)?;
            return Some(Content::of_page(page));
        }
        let page = self.page(file)?;
        let (local, member) = element
            .name
            .split_once('.')
            .map_or((element.name.as_str(), None), |(a, b)| (a, Some(b)));
        if let Some(import) = page.imports.iter().find(|import| import.local == local) {
            let Target::File(target) = self.paths.target(file, &import.path) else {
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

    fn missing(&self, path: &str, place: Span) -> Diagnostic {
        let message = if self.paths.is_link(path) {
            format!("`{path}` is a symbolic link, which is not followed")
        } else {
            format!("`{path}` does not exist")
        };
        Diagnostic::new(&rules::MISSING_SNIPPET, place, message)
    }

    /// What is wrong with the imports and uses of one file.
    pub(super) fn faults(&self, page: &Page) -> Vec<Diagnostic> {
        let mut diagnostics = Vec::new();
        for import in &page.imports {
            match self.paths.target(page.file, &import.path) {
                Target::Missing(path) => diagnostics.push(
                    self.missing(&path, import.path_span)
                        .help("paths start with `/` at the folder of docs.json, or with `./` at this file")
                        .cause(Cause::on_site(path)),
                ),
                Target::Outside => diagnostics.push(Diagnostic::new(
                    &rules::IMPORT_OUTSIDE_ROOT,
                    import.path_span,
                    "the path leads out of the docs folder and is not read",
                )),
                Target::File(target) => {
                    if let (Imported::Named(name), Some(target)) = (&import.imported, self.page(target))
                        && !target.exports.iter().any(|export| export.name == *name || export.name == "*")
                    {
                        diagnostics.push(Diagnostic::new(
                            &rules::UNKNOWN_EXPORT,
                            import.span,
                            format!("`{}` does not export `{name}`", self.paths.of(target.file)),
                        ));
                    }
                }
                Target::Foreign => {}
            }
        }
        let mut unknown = BTreeMap::new();
        each_element(&page.nodes, &mut |element| {
            if let Some((name, None)) = self.paths.snippet_file(element) {
                diagnostics.push(
                    Diagnostic::new(
                        &rules::MISSING_SNIPPET,
                        element.open,
                        format!("`_snippets/{name}` does not exist"),
                    )
                    .help(
                        "the file is looked up in `_snippets/` and `snippets/` of the docs folder",
                    )
                    .cause(Cause::on_site(name)),
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
            .cause(Cause::on_site(name))
        }));
        diagnostics
    }
}

/// True if the page uses anything that [`expand`](super::expand) would fill in.
pub(super) fn has_uses(page: &Page) -> bool {
    let components = page.exports.iter().any(|export| !export.nodes.is_empty());
    !page.imports.is_empty()
        || components
        || any_element(&page.nodes, &|element| element.name == "Snippet")
}

/// The content of a snippet: nodes, and the file whose imports hold inside it.
pub(super) struct Content<'a> {
    pub(super) file: FileId,
    pub(super) nodes: &'a [Node],
    pub(super) export: Option<&'a Export>,
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
}
