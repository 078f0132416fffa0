//! Pages beside each other, and beside the configuration of the site.

mod contradicting_guide;
mod contradicting_link;
mod contradicting_specification;
mod contradicting_type;
mod differing_translation;
mod missing_page;
mod misspelled_in_text;
mod unknown_operation;
mod unlisted_page;

use crate::diagnostic::{Diagnostic, Rule};
use crate::model::{Documentation, Written};

/// Every rule of the group; each compares pages.
pub(super) const RULES: &[&Rule] = &[
    &contradicting_guide::RULE,
    &contradicting_link::RULE,
    &contradicting_specification::RULE,
    &contradicting_type::RULE,
    &differing_translation::RULE,
    &misspelled_in_text::RULE,
    &missing_page::RULE,
    &unknown_operation::RULE,
    &unlisted_page::RULE,
];

pub(super) fn check(pages: &[Written<'_>], documentation: &Documentation) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    contradicting_link::check(pages, documentation, &mut diagnostics);
    contradicting_specification::check(documentation, &mut diagnostics);
    contradicting_type::check(&documentation.api, &mut diagnostics);
    unknown_operation::check(pages, documentation, &mut diagnostics);
    misspelled_in_text::check(pages, documentation, &mut diagnostics);
    contradicting_guide::check(pages, documentation, &mut diagnostics);
    differing_translation::check(pages, documentation, &mut diagnostics);
    if documentation.is_whole_site {
        missing_page::check(documentation, &mut diagnostics);
        unlisted_page::check(pages, documentation, &mut diagnostics);
    }
    diagnostics
}

/// True for two pages that have one path below folders of languages, or outside of these.
pub(super) fn are_translations(one: &str, other: &str, documentation: &Documentation) -> bool {
    let languages = &documentation.config.languages;
    let below = |path: &'_ str| -> String {
        let name = page_name(path);
        let rest = name
            .split_once('/')
            .filter(|(folder, _)| languages.iter().any(|language| language == folder));
        rest.map_or(name, |(_, rest)| rest).to_owned()
    };
    below(one) == below(other)
}

/// The path of a page as a navigation names it: without slash at the start, and without extension.
pub(super) fn page_name(path: &str) -> &str {
    let path = path.trim_matches('/');
    path.strip_suffix(".mdx")
        .or_else(|| path.strip_suffix(".md"))
        .unwrap_or(path)
}
