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
mod import;
mod inline;
mod javascript;
mod lines;
mod link;
mod lookahead;
pub mod markdown;
mod node;
pub mod portion;
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

pub use directive::{is_unsafe, suppressions};
pub use frontmatter::{Entry, Frontmatter};
pub use node::{
    Attribute, AttributeValue, Element, Export, Expression, Fence, Import, Imported, Node, Page,
    Property, Prose, Rejection,
};
pub use variables::Variables;

use import::Paths;
use snippet::Library;

/// The pages of a site, and all that is wrong with their syntax.
#[derive(Debug)]
pub struct Reading {
    /// The pages in the order they were asked for, without those that other pages import.
    pub pages: Vec<Page>,
    /// The faults of all files, in the order of files and places.
    pub diagnostics: Vec<Diagnostic>,
    /// The files that no page uses, and that therefore were not parsed.
    pub unused: Vec<FileId>,
}

/// Reads the files `pages` with all that they import from `sources`, and nothing else.
///
/// Files are read in parallel, on the threads of the surrounding rayon pool.
pub fn read(sources: &Sources, pages: &[FileId], variables: &Variables) -> Reading {
    let paths = Paths::new(sources);
    let (mut all, mut diagnostics) = read_used(sources, &paths, pages, variables);
    let imported: HashSet<FileId> = all
        .iter()
        .flatten()
        .flat_map(|page| paths.imported_by(page))
        .collect();
    let is_single = pages.len() == 1;
    let unused = (sources.iter().zip(&all))
        .filter(|((_, source), page)| page.is_none() && kind(source.path()).is_some())
        .map(|((file, _), _)| file)
        .collect();
    let pages = pages
        .iter()
        .filter(|file| is_single || !imported.contains(file))
        .filter_map(|file| all.get_mut(file.index())?.take())
        .collect();
    diagnostics.sort_by_key(|diagnostic| diagnostic.span);
    diagnostics.dedup();
    Reading {
        pages,
        diagnostics,
        unused,
    }
}

/// Reads the files `pages` and what they use, and fills in the snippets.
///
/// The first of the results has a place for each file of `sources`.
fn read_used(
    sources: &Sources,
    paths: &Paths<'_>,
    pages: &[FileId],
    variables: &Variables,
) -> (Vec<Option<Page>>, Vec<Diagnostic>) {
    let (mut all, mut diagnostics) = parse_used(sources, paths, pages, variables);
    let library = Library::new(paths, &all);
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
    (all, diagnostics)
}

/// Parses the files `pages`, then what they use, then what that uses.
///
/// The result has a place for each file of `sources`.
fn parse_used(
    sources: &Sources,
    paths: &Paths<'_>,
    pages: &[FileId],
    variables: &Variables,
) -> (Vec<Option<Page>>, Vec<Diagnostic>) {
    let mut all: Vec<Option<Page>> = sources.iter().map(|_| None).collect();
    let mut diagnostics = Vec::new();
    let mut known: HashSet<FileId> = pages.iter().copied().collect();
    let mut wave = pages.to_vec();
    while !wave.is_empty() {
        let parsed = parallel::map(&wave, |&file| parse_file(sources, file, variables));
        wave.clear();
        for (page, faults) in parsed.into_iter().flatten() {
            let used = paths.used_by(&page);
            wave.extend(used.into_iter().filter(|file| known.insert(*file)));
            diagnostics.extend(faults);
            let index = page.file.index();
            if let Some(place) = all.get_mut(index) {
                *place = Some(page);
            }
        }
    }
    (all, diagnostics)
}

/// A page or a script; `None` if the file is neither.
fn parse_file(
    sources: &Sources,
    file: FileId,
    variables: &Variables,
) -> Option<(Page, Vec<Diagnostic>)> {
    let source = sources.file(file);
    Some(match kind(source.path())? {
        Kind::Markdown => parse(file, source.text(), variables),
        Kind::Script => (parse_script(file, source.text()), Vec::new()),
    })
}

/// What a file holds.
enum Kind {
    /// MDX, with what it imports and exports.
    Markdown,
    /// JavaScript as a whole.
    Script,
}

fn kind(path: &str) -> Option<Kind> {
    match path.rsplit_once('.')?.1 {
        "mdx" | "md" => Some(Kind::Markdown),
        "jsx" | "tsx" => Some(Kind::Script),
        _ => None,
    }
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
