//! A mistake in a snippet is one finding, which says how many pages show it.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::Diagnostic;
use crate::model::Documentation;
use crate::model::build::written;
use crate::source::FileId;

/// How many of the pages are named.
const NAMED: usize = 3;

/// Adds to the advice which pages use the snippet that a finding is in, if several do.
pub(super) fn name_pages(diagnostics: &mut [Diagnostic], documentation: &Documentation) {
    let uses: BTreeMap<FileId, BTreeSet<FileId>> = written::uses(&documentation.pages);
    for diagnostic in diagnostics {
        let Some(pages) = uses
            .get(&diagnostic.span.file)
            .filter(|pages| pages.len() > 1)
        else {
            continue;
        };
        let named = pages.iter().take(NAMED);
        let named: Vec<_> = named
            .map(|page| format!("`{}`", documentation.path(*page)))
            .collect();
        let more = match pages.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(", and {more} more"),
        };
        let pages = format!(
            "the snippet is used by {} pages: {}{more}",
            pages.len(),
            named.join(", ")
        );
        diagnostic.help = Some(match diagnostic.help.take() {
            Some(help) => format!("{help}; {pages}"),
            None => pages,
        });
    }
}
