//! Pages that a reader would expect to be served, and are not.

use crate::model::Documentation;
use crate::model::build::MALFORMED_ENDPOINT;
use crate::source::Sources;

use super::places::Places;

/// A page that is not served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unserved {
    /// The page, with the line that is to blame if there is one.
    pub page: String,
    /// Why.
    pub reason: String,
}

pub(super) fn list(
    documentation: &Documentation,
    sources: &Sources,
    places: &Places,
) -> Vec<Unserved> {
    let malformed = documentation
        .diagnostics
        .iter()
        .filter(|diagnostic| std::ptr::eq(diagnostic.rule, &raw const MALFORMED_ENDPOINT));
    let mut unserved: Vec<_> = malformed
        .clone()
        .map(|diagnostic| Unserved {
            page: places.of(diagnostic.span).to_string(),
            reason: diagnostic.message.clone(),
        })
        .collect();
    for file in &documentation.api.other_pages {
        if malformed
            .clone()
            .any(|diagnostic| diagnostic.span.file == *file)
        {
            continue;
        }
        let page = documentation.pages.iter().find(|page| page.file == *file);
        let reason = if page.is_some_and(|page| page.frontmatter.get("openapi").is_some()) {
            "`openapi:` names its operation, and OpenAPI files are not served"
        } else if has_fields(sources.file(*file).text()) {
            "it has fields and no `api:` line"
        } else {
            continue;
        };
        unserved.push(Unserved {
            page: places.path(*file).to_owned(),
            reason: reason.to_owned(),
        });
    }
    unserved.sort_by(|one, other| one.page.cmp(&other.page));
    unserved
}

fn has_fields(text: &str) -> bool {
    text.contains("<ParamField") || text.contains("<ResponseField")
}
