//! What the pages say of paths and methods that none of them documents: "The path exists, but not with this method." Pure.

use std::sync::LazyLock;

use regex::Regex;

use crate::conform::pattern::pattern;
use crate::model::Api;
use crate::model::route::Template;
use crate::model::shared::{ErrorKind, Errors};

/// How what no page documents is refused.
#[derive(Clone, Debug, Default)]
pub(crate) struct Routes {
    /// A path that is none.
    pub(crate) path: Option<ErrorKind>,
    /// A method that the path has not.
    pub(crate) method: Option<ErrorKind>,
}

impl Routes {
    /// What a table of errors says.
    pub(crate) fn of(errors: &Errors, api: &Api) -> Self {
        let has_pages = has_pages(api);
        let is_about = |text: &str| is_about_paths(text) || !has_pages && is_about_pages(text);
        let mut kinds = errors.kinds.iter();
        let path = kinds.find(|it| it.status.value == 404 && is_about(&it.text.value));
        let mut kinds = errors.kinds.iter();
        let method = kinds.find(|it| it.status.value == 405);
        Self {
            path: path.cloned(),
            method: method.cloned(),
        }
    }
}

/// "The path doesn't exist", "There is nothing at this address", and not "no item with this id".
fn is_about_paths(text: &str) -> bool {
    static PATH: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:path|route|url|uri|address|endpoint)\b[^.;]*\b(?:not|isn['’]t|doesn['’]t|unknown|nothing|no)\b
            | \b(?:unknown|no\s+such|nothing|no|not\s+an?)\b[^.;]*\b(?:path|route|url|uri|address|endpoint)\b",
        )
    });
    PATH.is_match(text)
}

/// "No such poll, no such page": a page is a path, where no operation is about pages.
fn is_about_pages(text: &str) -> bool {
    static PAGE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:no\s+such|unknown|not\s+an?)\s+page\b|\bpage\s+(?:does\s*(?:not|n['’]t)|doesn['’]t)\s+exist\b",
        )
    });
    PAGE.is_match(text)
}

/// True if operations are about pages, or count them.
fn has_pages(api: &Api) -> bool {
    api.operations.iter().any(|it| {
        let path = &it.endpoint.value.path;
        let mut names = it.parameters.iter().map(|it| it.field.name.value.as_str());
        path.to_lowercase().contains("page") || names.any(|name| name == "page")
    })
}

/// The methods that the pages document for a path, whatever its parameters are called.
pub(crate) fn methods<'a>(api: &'a Api, path: &str) -> Vec<&'a str> {
    let wanted = nameless(path);
    let operations = api.operations.iter();
    let same = operations.filter(|it| nameless(&it.endpoint.value.path) == wanted);
    same.map(|it| it.endpoint.value.method.as_str()).collect()
}

/// A path with all its parameters called the same.
pub(crate) fn nameless(path: &str) -> String {
    Template::parse(path).identity()
}

/// True for the path of one thing, at the end of which its id stands.
pub(crate) fn is_of_item(path: &str) -> bool {
    let nameless = nameless(path);
    nameless
        .rsplit('/')
        .next()
        .is_some_and(|last| last.contains("{}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_have_many_names() {
        assert_eq!(nameless("/books/{id}/pages/:page/"), "/books/{}/pages/{}");
        assert!(is_of_item("/books/{id}") && is_of_item("/books/:id"));
        assert!(!is_of_item("/books/{id}/print"));
    }

    #[test]
    fn sentences_speak_of_paths_or_of_things() {
        for text in [
            "404 `route_not_found` The path doesn't exist.",
            "404 There is nothing at this address.",
            "404 No such endpoint.",
            "404 Unknown URL",
        ] {
            assert!(is_about_paths(text), "{text}");
        }
        for text in [
            "404 `item_not_found` No item with this id, or it was deleted.",
            "404 There is no such book.",
        ] {
            assert!(!is_about_paths(text), "{text}");
        }
        assert!(is_about_pages("404 `not_found` no such poll, no such page"));
        assert!(!is_about_pages("404 The page of results is empty."));
    }
}
