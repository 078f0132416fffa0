//! A site from its files to its model.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Rule, Suppression};
use crate::mdx;
use crate::model::evidence::ReadingRule;
use crate::model::openapi::{self, Specification, Specifications};
use crate::model::operation::{Api, Operation};
use crate::model::platform::PlatformNote;
use crate::model::site::{self, INVALID_SITE_CONFIGURATION, SiteConfig};
use crate::source::{FileId, Sources, load};

use super::payload::Payload;
use super::platform;
use super::specified::{self, Specified, Twice};

/// A site read to the end: its pages and the API that they document.
#[derive(Debug)]
pub struct Documentation {
    /// The pages as MDX.
    pub pages: Vec<mdx::Page>,
    /// What they mean.
    pub api: Api,
    /// What the OpenAPI files of the site say, whether the site shows their operations or not.
    pub specifications: Specifications,
    /// The operations that a page describes by itself and an OpenAPI file states, too.
    pub twice: Vec<Twice>,
    /// What each page says by itself of an operation that several pages document, by the place of the operation in
    /// [`Api::operations`].
    pub apart: BTreeMap<usize, Vec<Operation>>,
    /// What pages without an endpoint document.
    pub payloads: Vec<Payload>,
    /// Where the platform's own playground reads something else, by page.
    pub platform: BTreeMap<FileId, Vec<PlatformNote>>,
    /// The configuration of the site.
    pub config: SiteConfig,
    /// What is wrong with syntax, configuration, and endpoints.
    pub diagnostics: Vec<Diagnostic>,
    /// What comments on the pages silence.
    pub suppressions: Vec<Suppression>,
    /// The files that were read, pages and others.
    pub sources: Sources,
    /// True if the whole site was read, as opposed to a page or a folder of it.
    pub is_whole_site: bool,
    /// Snippets that no page uses; they were not read.
    pub unused: Vec<FileId>,
}

impl Documentation {
    /// The OpenAPI files that a page means by a name.
    pub fn specifications_named(&self, name: &str) -> Vec<&Specification> {
        let files = self.specifications.files.iter();
        let is_meant = |it: &&Specification| specified::is_name_of(name, self.path(it.file));
        files.filter(is_meant).collect()
    }

    /// The path of a file from the root of the docs.
    pub fn path(&self, file: FileId) -> &str {
        self.sources.file(file).path()
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
    let specifications = openapi::read(&site.sources, &site.specifications);
    let specified = Specified::new(&site.sources, &specifications, &config);
    let shown = if site.subfolder.is_empty() {
        specified.shown(&config.specifications)
    } else {
        // A part of the site was asked for: its pages say which operations belong to it.
        Vec::new()
    };
    let built = super::build(&reading.pages, &config, &specified, &shown);
    diagnostics.extend(built.diagnostics);
    let is_used = |unread: &&openapi::Unread| {
        let path = site.sources.file(unread.span.file).path();
        let configured = config
            .specifications
            .iter()
            .map(|named| named.file.as_str());
        let by_pages = built.files.iter().map(String::as_str);
        configured
            .chain(by_pages)
            .any(|name| specified::is_name_of(name, path))
            || built.has_unknown
    };
    let unread = specifications.unread.iter().filter(is_used);
    diagnostics.extend(unread.map(specified::unread));
    for diagnostic in &mut diagnostics {
        diagnostic.subject.get_or_insert_with(|| "page".to_owned());
    }
    let pages = reading.pages.iter();
    let platform = pages
        .map(|page| (page.file, platform::notes(page)))
        .collect();
    Documentation {
        platform,
        suppressions: mdx::suppressions(&site.sources, &reading.pages),
        sources: site.sources.clone(),
        is_whole_site: site.subfolder.is_empty(),
        pages: reading.pages,
        api: built.api,
        twice: built.twice,
        apart: built.apart,
        payloads: built.payloads,
        specifications,
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
    [
        site::READING_RULES,
        openapi::READING_RULES,
        of_pages.as_slice(),
    ]
    .concat()
}
