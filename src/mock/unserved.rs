//! Pages that a reader would expect to be served, and are not.

use crate::model::Documentation;
use crate::model::build::reader::{Other, is_of_frontmatter};
use crate::model::build::{MALFORMED_ENDPOINT, UNREAD_SPECIFICATION};
use crate::source::{FileId, Sources};

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
    others: &[(FileId, Other)],
    sources: &Sources,
    places: &Places,
) -> Vec<Unserved> {
    let unserved = others.iter().filter_map(|(file, other)| {
        let page = places.path(*file).to_owned();
        let unserved = |reason: &str| Unserved {
            page: page.clone(),
            reason: reason.to_owned(),
        };
        match other {
            Other::Malformed(diagnostic) | Other::Unread(diagnostic) => Some(Unserved {
                page: places.of(diagnostic.span).to_string(),
                reason: diagnostic.message.clone(),
            }),
            Other::Unspecified => Some(unserved(
                "`openapi:` names an operation that no OpenAPI file of the site states",
            )),
            Other::Silent if has_fields(sources.file(*file).text()) => {
                Some(unserved("it has fields and no `api:` line"))
            }
            Other::Silent => None,
        }
    });
    let mut unserved: Vec<_> = unserved.collect();
    unserved.sort_by(|one, other| one.page.cmp(&other.page));
    unserved
}

/// Why the pages of a site that document no operation do not.
pub(super) fn others(documentation: &Documentation) -> Vec<(FileId, Other)> {
    let other = |file: FileId| {
        let mut diagnostics = documentation.diagnostics.iter();
        let malformed = diagnostics.find(|diagnostic| {
            diagnostic.span.file == file
                && std::ptr::eq(diagnostic.rule, &raw const MALFORMED_ENDPOINT)
        });
        // What cannot be read states nothing, and that is what is to be told.
        let mut diagnostics = documentation.diagnostics.iter();
        let unread = diagnostics.find(|it| it.span.file == file && is_of_frontmatter(it.rule));
        let malformed = malformed.map(|it| unread.unwrap_or(it));
        let page = documentation.pages.iter().find(|page| page.file == file);
        match malformed {
            Some(diagnostic) => Other::Malformed(Box::new(diagnostic.clone())),
            None if page.is_some_and(|page| page.frontmatter.get("openapi").is_some()) => {
                Other::Unspecified
            }
            None => Other::Silent,
        }
    };
    let unread = documentation.diagnostics.iter();
    let unread = unread
        .filter(|it| std::ptr::eq(it.rule, &raw const UNREAD_SPECIFICATION))
        .map(|it| (it.span.file, Other::Unread(Box::new(it.clone()))));
    let files = documentation.api.other_pages.iter();
    files
        .map(|file| (*file, other(*file)))
        .chain(unread)
        .collect()
}

fn has_fields(text: &str) -> bool {
    text.contains("<ParamField") || text.contains("<ResponseField")
}
