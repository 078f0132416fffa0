//! A site from its files to its model.

use std::collections::{BTreeMap, HashMap};

use crate::diagnostic::{Diagnostic, Related, Rule, Suppression};
use crate::mdx;
use crate::mdx::rules::MISSING_SNIPPET;
use crate::model::evidence::ReadingRule;
use crate::model::operation::Api;
use crate::model::platform::PlatformNote;
use crate::model::site::{self, INVALID_SITE_CONFIGURATION, SiteConfig};
use crate::source::{FileId, load};

use super::platform;

/// A site read to the end: its pages and the API that they document.
#[derive(Debug)]
pub struct Documentation {
    /// The pages as MDX.
    pub pages: Vec<mdx::Page>,
    /// What they mean.
    pub api: Api,
    /// Where the platform's own playground reads something else, by page.
    pub platform: BTreeMap<FileId, Vec<PlatformNote>>,
    /// The configuration of the site.
    pub config: SiteConfig,
    /// What is wrong with syntax, configuration, and endpoints.
    pub diagnostics: Vec<Diagnostic>,
    /// What comments on the pages silence.
    pub suppressions: Vec<Suppression>,
    /// The paths of all files from the root of the docs, in the order of their numbers.
    pub paths: Vec<String>,
    /// True if the whole site was read, as opposed to a page or a folder of it.
    pub is_whole_site: bool,
    /// Snippets that no page uses; they were not read.
    pub unused: Vec<FileId>,
}

impl Documentation {
    /// The path of a file from the root of the docs.
    pub fn path(&self, file: FileId) -> &str {
        self.paths.get(file.index()).map_or("", String::as_str)
    }
}

/// Reads the files of a site as MDX, and asks for no meaning.
pub fn read_pages(site: &load::Site) -> mdx::Reading {
    let (config, _) = SiteConfig::read(&site.sources, site.config);
    mdx::read(&site.sources, &site.pages, &config.variables)
}

/// Reads the files of a site into the model.
pub fn read(site: &load::Site) -> Documentation {
    let (config, mut diagnostics) = SiteConfig::read(&site.sources, site.config);
    let reading = mdx::read(&site.sources, &site.pages, &config.variables);
    diagnostics.extend(reading.diagnostics);
    let (api, faults) = super::build(&reading.pages, &config);
    diagnostics.extend(faults);
    for diagnostic in &mut diagnostics {
        diagnostic.subject.get_or_insert_with(|| "page".to_owned());
    }
    one_for_each_missing_file(&mut diagnostics);
    let pages = reading.pages.iter();
    let platform = pages
        .map(|page| (page.file, platform::notes(page)))
        .collect();
    Documentation {
        platform,
        suppressions: mdx::suppressions(&site.sources, &reading.pages),
        paths: site
            .sources
            .iter()
            .map(|(_, file)| file.path().to_owned())
            .collect(),
        is_whole_site: site.subfolder.is_empty(),
        pages: reading.pages,
        api,
        config,
        diagnostics,
        unused: reading.unused,
    }
}

/// Every rule that reading a site can raise.
pub fn rules() -> Vec<&'static Rule> {
    let own = [&INVALID_SITE_CONFIGURATION];
    let all = mdx::rules::RULES.iter().chain(super::RULES);
    all.chain(&own).copied().collect()
}

/// Every rule by which a site is read, in the order of reading.
pub fn reading_rules() -> Vec<&'static ReadingRule> {
    let of_pages = super::reading_rules_of_pages();
    [site::READING_RULES, of_pages.as_slice()].concat()
}

/// A file that is missing is one finding, however many pages use it.
fn one_for_each_missing_file(diagnostics: &mut Vec<Diagnostic>) {
    let mut first: HashMap<String, usize> = HashMap::new();
    let mut kept: Vec<Diagnostic> = Vec::with_capacity(diagnostics.len());
    for diagnostic in diagnostics.drain(..) {
        if diagnostic.rule != &MISSING_SNIPPET {
            kept.push(diagnostic);
            continue;
        }
        let index = first.get(&diagnostic.message).copied();
        if let Some(known) = index.and_then(|index| kept.get_mut(index)) {
            known.related.push(Related {
                span: diagnostic.span,
                label: "used here, too".to_owned(),
            });
        } else {
            first.insert(diagnostic.message.clone(), kept.len());
            kept.push(diagnostic);
        }
    }
    *diagnostics = kept;
}
