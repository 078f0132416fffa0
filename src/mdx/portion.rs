//! Some pages of a site, read apart from the others: each with the files that it is made of.
//!
//! Whoever needs the meaning of a whole site and not its MDX reads it in portions, and keeps each page only until it is
//! understood. Whoever has read a site before reads those pages again whose files have changed.

use std::collections::BTreeSet;

use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Sources};

use super::import::Paths;
use super::node::Page;
use super::variables::Variables;

/// Reads portions of one site.
pub struct Portions<'s> {
    sources: &'s Sources,
    paths: Paths<'s>,
    variables: &'s Variables,
}

/// A page, and what it is made of.
#[derive(Debug)]
pub struct Piece {
    /// The page.
    pub page: Page,
    /// The other files that it is made of, directly or through each other.
    pub uses: BTreeSet<FileId>,
    /// The files that it, or one of those, imports: these are no pages of their own.
    pub imports: BTreeSet<FileId>,
}

impl<'s> Portions<'s> {
    /// Portions of the files of a site.
    pub fn new(sources: &'s Sources, variables: &'s Variables) -> Self {
        Self {
            sources,
            paths: Paths::new(sources),
            variables,
        }
    }

    /// Reads some pages, in their order, with all that they use; also says what is wrong with any of these files.
    pub fn read(&self, pages: &[FileId]) -> (Vec<Piece>, Vec<Diagnostic>) {
        let (mut all, diagnostics) =
            super::read_used(self.sources, &self.paths, pages, self.variables);
        let direct: Vec<_> = all
            .iter()
            .map(|page| page.as_ref().map(|page| self.ties(page)))
            .collect();
        let pieces = pages.iter().filter_map(|file| {
            let mut piece = Piece {
                page: all.get_mut(file.index())?.take()?,
                uses: BTreeSet::new(),
                imports: BTreeSet::new(),
            };
            let mut next = vec![*file];
            while let Some(file) = next.pop() {
                let Some(Some(ties)) = direct.get(file.index()) else {
                    continue;
                };
                piece.imports.extend(&ties.imports);
                let used = ties.uses.iter().copied();
                next.extend(used.filter(|used| piece.uses.insert(*used)));
            }
            Some(piece)
        });
        (pieces.collect(), diagnostics)
    }

    fn ties(&self, page: &Page) -> Ties {
        Ties {
            uses: self.paths.used_by(page),
            imports: self.paths.imported_by(page),
        }
    }
}

/// What one file uses.
struct Ties {
    uses: Vec<FileId>,
    imports: Vec<FileId>,
}
