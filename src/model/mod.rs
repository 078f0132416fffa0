//! The API as the pages document it: the one model that checking, mocking, and conformance testing share.
//!
//! The only definitions of *matches* (a value against a shape) and of *routes* (a URL against a template) live here.

//! [`build`] makes an [`Api`] of pages; everything else here knows nothing of MDX.

pub mod build;
pub mod curl;
pub mod endpoint;
mod evidence;
pub mod json;
mod operation;
mod prose;
pub mod route;
pub mod shape;
mod site;
pub mod types;

use crate::diagnostic::{Diagnostic, Rule};
use crate::mdx;
use crate::source::load;

pub use evidence::{Evidence, Fact, Origin};
pub use operation::{
    Api, Auth, AuthScheme, Body, Example, Field, Location, Operation, Parameter, RequestExample,
    Response, Status,
};
pub use prose::ProseFacts;
pub use site::{INVALID_SITE_CONFIGURATION, SiteAuth, SiteConfig};

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
    let (api, faults) = build::build(&reading.pages, &config);
    diagnostics.extend(faults);
    for diagnostic in &mut diagnostics {
        diagnostic.subject.get_or_insert_with(|| "page".to_owned());
    }
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
    mdx::rules::RULES
        .iter()
        .chain(build::RULES)
        .chain(&own)
        .copied()
        .collect()
}
