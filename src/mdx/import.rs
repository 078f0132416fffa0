//! Where the imports of a page lead.
//!
//! Paths start at the docs root or at the importing file and never leave the root.

use std::collections::HashMap;

use crate::source::{FileId, Sources};

use super::node::{AttributeValue, Element, Node, Page};

/// What an import leads to.
pub(super) enum Target {
    File(FileId),
    /// Not a file of the docs: a package, or data that only a running page could load.
    Foreign,
    Missing(String),
    Outside,
}

/// The files of a site by their paths.
pub(super) struct Paths<'a> {
    by_path: HashMap<&'a str, FileId>,
    sources: &'a Sources,
}

impl<'a> Paths<'a> {
    pub(super) fn new(sources: &'a Sources) -> Self {
        let by_path = sources.iter().map(|(id, file)| (file.path(), id)).collect();
        Self { by_path, sources }
    }

    /// The path of a file from the docs root.
    pub(super) fn of(&self, file: FileId) -> &'a str {
        self.sources.file(file).path()
    }

    /// True if a symbolic link is there.
    pub(super) fn is_link(&self, path: &str) -> bool {
        self.sources.is_link(path)
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

    /// The files that a page imports, and those that its `<Snippet>` elements name.
    pub(super) fn used_by(&self, page: &Page) -> Vec<FileId> {
        let mut used = self.imported_by(page);
        each_element(&page.nodes, &mut |element| {
            used.extend(self.snippet_file(element).and_then(|(_, found)| found));
        });
        used
    }

    /// The files that a page imports.
    pub(super) fn imported_by(&self, page: &Page) -> Vec<FileId> {
        page.imports
            .iter()
            .filter_map(|import| match self.target(page.file, &import.path) {
                Target::File(target) => Some(target),
                _ => None,
            })
            .collect()
    }

    /// What a `<Snippet>` names, and the file, if it is there.
    pub(super) fn snippet_file<'e>(
        &self,
        element: &'e Element,
    ) -> Option<(&'e str, Option<FileId>)> {
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
}

/// True if any of the elements is wanted.
pub(super) fn any_element(nodes: &[Node], wanted: &dyn Fn(&Element) -> bool) -> bool {
    nodes
        .iter()
        .filter_map(Node::as_element)
        .any(|element| wanted(element) || any_element(&element.children, wanted))
}

/// Visits all elements, from the outside.
pub(super) fn each_element(nodes: &[Node], visit: &mut dyn FnMut(&Element)) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_cannot_leave_the_root() {
        assert_eq!(normalize("a/./b/../c.mdx").as_deref(), Some("a/c.mdx"));
        assert_eq!(normalize("a/../../c.mdx"), None);
    }
}
