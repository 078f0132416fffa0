//! A site from its files to its model.

use std::collections::HashMap;

use crate::diagnostic::{Diagnostic, Related, Rule};
use crate::mdx;
use crate::mdx::rules::MISSING_SNIPPET;
use crate::model::evidence::ReadingRule;
use crate::model::operation::Api;
use crate::model::site::{self, INVALID_SITE_CONFIGURATION, SiteConfig};
use crate::source::load;

/// A site read to the end: its pages and the API that they document.
#[derive(Debug)]
pub struct Documentation {
    /// The pages as MDX.
    pub pages: Vec<mdx::Page>,
    /// What they mean.
    pub api: Api,
    /// The configuration of the site.
    pub config: SiteConfig,
    /// What is wrong with syntax, configuration, and endpoints.
    pub diagnostics: Vec<Diagnostic>,
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
    Documentation {
        pages: reading.pages,
        api,
        config,
        diagnostics,
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
