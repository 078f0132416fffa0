//! A link names an endpoint, and the page that it leads to documents another method or path.

use std::collections::HashMap;

use crate::check::linked::resolved;
use crate::check::request::fit;
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::{Documentation, Operation, Written};

use super::page_name;

pub(super) static RULE: Rule = Rule {
    name: "contradicting-link",
    severity: Severity::Warning,
    summary: "a link names another method or path than the page that it leads to",
};

pub(super) fn check(
    pages: &[Written<'_>],
    documentation: &Documentation,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut operations: HashMap<&str, Vec<&Operation>> = HashMap::new();
    for operation in &documentation.api.operations {
        for page in &operation.pages {
            let path = page_name(documentation.path(*page));
            operations.entry(path).or_default().push(operation);
        }
    }
    for page in pages {
        let own = documentation.path(page.file);
        for text in page.texts() {
            for link in links(text.text()) {
                let target = resolved(own, link.target);
                let target = target.and_then(|target| operations.get(target.as_str()));
                let Some(documented) = target else {
                    continue;
                };
                let Some(first) = contradicted(&link, documented, documentation) else {
                    continue;
                };
                let span = text.span(link.start..link.start + link.label.len());
                let shown = format!("{} {}", link.method, link.path);
                let message = format!("the link names `{shown}`, and leads to `{}`", first.name());
                let mut diagnostic = Diagnostic::new(&RULE, span, message)
                    .label("another endpoint")
                    .help("name what the page documents, or lead to another page")
                    .related(first.endpoint.evidence.span, "documented here")
                    .subject("endpoint");
                diagnostic.operation = Some(first.name());
                diagnostics.push(diagnostic);
            }
        }
    }
}

/// The operation that the page documents, if it is another one than the link names: of another method at its path, or at
/// another path that some page documents, or that differs in one word.
fn contradicted<'d>(
    link: &Link<'_>,
    documented: &[&'d Operation],
    documentation: &Documentation,
) -> Option<&'d Operation> {
    let is_method = |it: &Operation| it.endpoint.value.method.eq_ignore_ascii_case(link.method);
    let is_path = |it: &Operation| are_one(&it.joined_path(), link.path);
    if documented.iter().any(|it| is_method(it) && is_path(it)) {
        return None;
    }
    let first = documented.iter().find(|it| is_path(it)).copied();
    let elsewhere = || {
        let mut all = documentation.api.operations.iter();
        all.any(|it| is_method(it) && are_one(&it.joined_path(), link.path))
    };
    first.or_else(|| {
        let one = documented.iter().find(|it| is_method(it)).copied();
        let near = one.filter(|it| is_slip(&it.joined_path(), link.path));
        near.or_else(|| documented.first().copied().filter(|_| elsewhere()))
    })
}

/// True if one path ends as the other does, whatever the parameters are called.
fn are_one(documented: &str, named: &str) -> bool {
    let pairs = pairs(documented, named);
    // `/books` is not the parameter of `/books/{id}`.
    pairs.iter().any(|(one, other)| one == other)
        && pairs.iter().all(|(one, other)| is_same(one, other))
}

/// True if the paths are of one length, and differ in one word.
fn is_slip(documented: &str, named: &str) -> bool {
    let pairs = pairs(documented, named);
    let differing = pairs.iter().filter(|(one, other)| !is_same(one, other));
    fit::segments(documented).count() == fit::segments(named).count()
        && pairs.len() > 1
        && differing.count() == 1
}

/// The segments side by side, the last ones first.
fn pairs<'p>(one: &'p str, other: &'p str) -> Vec<(&'p str, &'p str)> {
    let one: Vec<&str> = fit::segments(one).collect();
    let other: Vec<&str> = fit::segments(other).collect();
    one.into_iter().rev().zip(other.into_iter().rev()).collect()
}

fn is_same(one: &str, other: &str) -> bool {
    let is_parameter = |it: &str| it.starts_with([':', '<', '[']) || it.contains('{');
    one == other || is_parameter(one) || is_parameter(other)
}

/// A link whose text is an endpoint.
struct Link<'t> {
    label: &'t str,
    start: usize,
    method: &'t str,
    path: &'t str,
    target: &'t str,
}

/// No endpoint has more letters.
const LONGEST: usize = 200;

/// The links of a text that name endpoints, as in "[`GET /books`](/books/list)".
fn links(text: &str) -> impl Iterator<Item = Link<'_>> {
    let ends = text.match_indices("](");
    ends.filter_map(move |(end, _)| {
        let before = text.get(..end)?.char_indices().rev().take(LONGEST);
        let start = before.into_iter().find(|(_, c)| *c == '[')?.0 + 1;
        let label = text.get(start..end)?;
        let target = text.get(end + 2..)?.split([')', ' ']).next()?;
        let bare = label.trim_matches(['`', '*', ' ']);
        let (method, path) = bare.split_once(' ')?;
        let path = path.trim_matches(['`', '*', ' ']);
        let is_method = matches!(method, "GET" | "POST" | "PUT" | "PATCH" | "DELETE");
        let is_path = path.starts_with('/') && !path.contains([' ', '…']) && !path.contains("...");
        (is_method && is_path).then_some(Link {
            label,
            start,
            method,
            path: path.split(['?', '#']).next().unwrap_or(path),
            target,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::{are_one, is_slip, links};

    #[test]
    fn links_name_endpoints() {
        let text = "See [`GET /books`](/a), [**POST** /books/{id}](/b \"x\"), [GET started](/c), and [books](/d).";
        let found: Vec<_> = links(text)
            .map(|it| (it.method, it.path, it.target))
            .collect();
        assert_eq!(found, [("GET", "/books", "/a")]);
    }

    #[test]
    fn parameters_may_have_any_name() {
        assert!(are_one("/v1/books/{id}", "/books/:book"));
        assert!(are_one("/v1/books/{id}", "/v1/books/b1"));
        assert!(!are_one("/v1/books/{id}/loans", "/v1/books/{id}"));
        assert!(!are_one("/books/{id}", "/books"));
        assert!(is_slip("/v1/books", "/v1/book") && !is_slip("/v1/books", "/v2/shelves"));
    }
}
