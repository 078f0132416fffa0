//! MDX text to pages: frontmatter, components, fences, and Markdown, each with its place in the author's file.
//!
//! Reading never fails. A page that the platform's strict parser would reject is read as far as it makes sense, and
//! each fault becomes a diagnostic; [`Page::rejected`] keeps the first of them.
//!
//! - `frontmatter`: the YAML at the top
//! - `scan`, `lines`, `container`, `flow`, `fence`, `table`, `inline`, `link`, `tag`, `expression`: one walk over the blocks,
//!   lines, and tags of a page
//! - `recover`: what a broken tag was meant to be
//! - `tree`: tags to elements, and recovery where they do not match
//! - `directive`: comments that speak to fieldproof
//! - `esm`, `snippet`, `expand`, `variables`: what comes from elsewhere
//! - [`markdown`]: the Markdown between components, parsed on demand

mod container;
mod directive;
mod esm;
mod expand;
mod expression;
mod fence;
mod flow;
mod frontmatter;
mod inline;
mod javascript;
mod lines;
mod link;
mod lookahead;
pub mod markdown;
mod node;
mod recover;
pub mod rules;
mod scan;
mod snippet;
mod table;
mod tag;
mod tree;
mod variables;

use std::collections::HashSet;

use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Sources, Span, parallel};

pub use directive::suppressions;
pub use frontmatter::{Entry, Frontmatter};
pub use node::{
    Attribute, AttributeValue, Element, Export, Expression, Fence, Import, Imported, Node, Page,
    Property, Prose, Rejection,
};
pub use variables::Variables;

use snippet::{Library, Target};

/// The pages of a site, and all that is wrong with their syntax.
#[derive(Debug)]
pub struct Reading {
    /// The pages in the order they were asked for, without those that other pages import.
    pub pages: Vec<Page>,
    /// The faults of all files, in the order of files and places.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads the files `pages` with all that they import from `sources`.
///
/// Files are read in parallel, on the threads of the surrounding rayon pool.
pub fn read(sources: &Sources, pages: &[FileId], variables: &Variables) -> Reading {
    let files: Vec<FileId> = sources.iter().map(|(id, _)| id).collect();
    let parsed: Vec<Option<(Page, Vec<Diagnostic>)>> = parallel::map(&files, |&file| {
        let source = sources.file(file);
        let extension = source
            .path()
            .rsplit_once('.')
            .map_or("", |(_, extension)| extension);
        match extension {
            "mdx" | "md" => Some(parse(file, source.text(), variables)),
            "jsx" | "tsx" => Some((parse_script(file, source.text()), Vec::new())),
            _ => None,
        }
    });
    let mut diagnostics = Vec::new();
    let mut all = Vec::with_capacity(parsed.len());
    for entry in parsed {
        let (page, faults) =
            entry.map_or((None, Vec::new()), |(page, faults)| (Some(page), faults));
        all.push(page);
        diagnostics.extend(faults);
    }
    let library = Library::new(sources, &all);
    let imported = imported_files(&library, &all);
    let expanded = parallel::map(&all, |page| {
        let page = page.as_ref()?;
        let mut faults = library.faults(page);
        let nodes = snippet::has_uses(page).then(|| {
            let expanded = expand::expand(&library, page);
            faults.extend(expanded.diagnostics);
            expanded.nodes
        });
        Some((nodes, faults))
    });
    for (page, entry) in all.iter_mut().zip(expanded) {
        let (Some(page), Some((nodes, faults))) = (page.as_mut(), entry) else {
            continue;
        };
        diagnostics.extend(faults);
        if let Some(nodes) = nodes {
            page.nodes = nodes;
        }
    }
    let pages = pages
        .iter()
        .filter(|file| !imported.contains(file))
        .filter_map(|file| all.get_mut(file.index())?.take())
        .collect();
    diagnostics.sort_by_key(|diagnostic| diagnostic.span);
    diagnostics.dedup();
    Reading { pages, diagnostics }
}

/// Reads one file, without what it imports.
pub fn parse(file: FileId, text: &str, variables: &Variables) -> (Page, Vec<Diagnostic>) {
    let whole = Span::new(file, 0..text.len());
    let source = variables::substitute(text, whole, variables);
    let front = frontmatter::read(&source);
    let scanned = scan::scan(&source, front.content);
    let mut diagnostics = front.diagnostics;
    diagnostics.extend(scanned.grown.diagnostics);
    let page = Page {
        file,
        frontmatter: front.frontmatter,
        nodes: scanned.grown.nodes,
        imports: scanned.module.imports,
        exports: scanned.module.exports,
        rejected: scanned.grown.rejected,
    };
    (page, diagnostics)
}

/// Reads the exported components of a file that is JavaScript as a whole.
fn parse_script(file: FileId, text: &str) -> Page {
    let source = variables::substitute(text, Span::new(file, 0..text.len()), &Variables::new());
    let module = esm::exports_of_script(&source);
    Page {
        file,
        frontmatter: Frontmatter {
            span: Span::new(file, 0..0),
            entries: Vec::new(),
        },
        nodes: Vec::new(),
        imports: module.imports,
        exports: module.exports,
        rejected: None,
    }
}

/// A file that another one imports is a part of it, not a page.
fn imported_files(library: &Library<'_>, pages: &[Option<Page>]) -> HashSet<FileId> {
    pages
        .iter()
        .flatten()
        .flat_map(|page| page.imports.iter().map(|import| (page.file, import)))
        .filter_map(|(file, import)| match library.target(file, &import.path) {
            Target::File(target) => Some(target),
            _ => None,
        })
        .collect()
}
