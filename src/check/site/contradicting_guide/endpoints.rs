//! Endpoints that texts name by method and path: "`GET /books/{id}`".

use crate::check::mentioned::{self, is_parameter, is_same};
use crate::check::request::fit;
use crate::diagnostic::{Diagnostic, likeness};
use crate::model::Operation;

use super::Page;
use super::sentence::Sentence;

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/// The methods and paths that stand in code.
pub(super) fn named(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split('`').skip(1).step_by(2).filter_map(endpoint)
}

fn endpoint(code: &str) -> Option<(&str, &str)> {
    let (method, path) = code.trim().split_once(' ')?;
    METHODS
        .contains(&method)
        .then_some((method, path_of(path)?))
}

/// The path, if that is all.
fn path_of(code: &str) -> Option<&str> {
    let path = code.trim().split(['?', '#']).next()?;
    let is_plain = !path.contains([' ', '…', '*', '\n']) && !path.contains("...");
    (path.starts_with('/') && path.len() > 1 && is_plain).then(|| path.trim_end_matches('/'))
}

/// The method that a cell of a row holds and nothing else: "| PUT | `/books/{id}` |".
fn method_of_row<'t>(sentence: &Sentence<'t>) -> Option<&'t str> {
    sentence.head.as_ref()?;
    let cells = sentence.cells();
    let words = cells.iter().map(|it| sentence.between(it.clone()));
    let mut words = words.map(|it| it.trim_matches(|c: char| "*` ".contains(c)));
    let found = words.clone().filter(|it| METHODS.contains(it)).count();
    words.find(|it| METHODS.contains(it)).filter(|_| found == 1)
}

/// Endpoints with a method that no page documents there, or a path that is almost one that a page documents.
pub(super) fn check(
    page: &Page<'_, '_>,
    sentence: &Sentence<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    if sentence.head.is_some() && page.compares_versions {
        return;
    }
    let all = &page.known.documentation.api.operations;
    let of_row = method_of_row(sentence);
    for code in &sentence.codes {
        let beside = || Some((of_row?, path_of(code.text)?));
        let Some((method, path)) = endpoint(code.text).or_else(beside) else {
            continue;
        };
        // A link says where it leads, and another rule looks at that.
        let is_label = sentence.before(code).ends_with('[');
        let is_method = |it: &Operation| it.endpoint.value.method.eq_ignore_ascii_case(method);
        let there: Vec<&Operation> = page.known.at(path).map(|(_, it)| it).collect();
        // A line of its own, on a page with an endpoint, documents a further one.
        let line = sentence.around().trim();
        let is_line = line.trim_matches(|c: char| "#*_`: ".contains(c)) == code.text;
        let is_further = is_line && !page.own.is_empty() && !there.is_empty();
        if is_label || is_further || there.iter().any(|it| is_method(it)) {
            continue;
        }
        let named = |it: &&&Operation| {
            let mut methods = it.sent_in_text.methods.iter();
            methods.any(|named| named.value == method)
        };
        let (other, message) = if let Some(first) = there.first() {
            if there.iter().any(|it| named(&it)) {
                continue;
            }
            let mut methods: Vec<&str> = there
                .iter()
                .map(|it| it.endpoint.value.method.as_str())
                .collect();
            methods.sort_unstable();
            methods.dedup();
            let own = sentence.span(code);
            let text = page.known.documentation.sources.file(own.file).text();
            if mentioned::is_told_apart(text, (method, path), &methods) {
                continue;
            }
            let methods = methods.join("`, `");
            let message =
                format!("the text names `{method} {path}`, and `{methods}` is documented there");
            (*first, message)
        } else {
            let mut all = all.iter().zip(&page.known.targets);
            let near = all.find(|(it, target)| is_method(it) && is_near(target, path));
            let Some((near, _)) = near.filter(|_| page.known.is_rare(path)) else {
                continue;
            };
            let message = format!(
                "the text names `{method} {path}`, and `{}` is documented",
                near.name()
            );
            (near, message)
        };
        diagnostics.push(super::found(
            sentence.span(code),
            message,
            (other.endpoint.evidence.span, "documented here"),
            "endpoint",
        ));
    }
}

/// True if the paths differ in one word, and that one is almost the same.
fn is_near(documented: &str, named: &str) -> bool {
    const ALIKE: f32 = 0.75;
    let one: Vec<&str> = fit::segments(documented).collect();
    let other: Vec<&str> = fit::segments(named).collect();
    if one.len() < other.len() || one.len() - other.len() > 2 {
        return false;
    }
    let pairs = one.iter().rev().zip(other.iter().rev());
    let mut differing = pairs.filter(|(one, other)| !is_same(one, other));
    let (Some((one, other)), None) = (differing.next(), differing.next()) else {
        return false;
    };
    let is_word =
        |it: &str| it.len() > 3 && !is_parameter(it) && it.chars().all(|c| !c.is_ascii_digit());
    is_word(one) && is_word(other) && likeness(one, other) >= ALIKE
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::mentioned::are_one;

    #[test]
    fn code_names_endpoints() {
        let text = "See `GET /books?x=1`, `POST /books/{id}/`, `GET started`, and `/books`.";
        let found: Vec<_> = named(text).collect();
        assert_eq!(found, [("GET", "/books"), ("POST", "/books/{id}")]);
    }

    #[test]
    fn base_paths_may_be_left_out() {
        assert!(are_one("/v1/books/{id}", "/books/{book}"));
        assert!(are_one("/books/{id}", "/books/b_17"));
        assert!(!are_one("/books/{id}", "/books"));
        assert!(!are_one("/books/{id}", "/books/new"));
        assert!(is_near("/v1/shelves/{id}", "/v1/shelfs/{id}"));
        assert!(!is_near("/v1/books/{id}", "/v1/loans/{id}"));
    }
}
