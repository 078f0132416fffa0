//! Endpoints that a page without an endpoint of its own mentions, wherever they stand: in text, in tables, and in commands.
//!
//! A method that is written once against what a page documents is a slip; who writes it twice, or has rows of one table or
//! calls for both methods of a path, means it.

use crate::check::request::fit;

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/// Where an endpoint is mentioned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Text,
    Table,
    Code,
}

/// True if a text tells a method of a path from the documented ones: it names that method more than once there, or has one of
/// the documented ones in a row of a table, or in a block of code, as well.
pub(in crate::check) fn is_told_apart(
    text: &str,
    (method, path): (&str, &str),
    documented: &[&str],
) -> bool {
    let is_there = |other: &str| are_one(other, path) || are_one(path, other);
    let here: Vec<(&str, Place)> = mentions(text)
        .filter(|(_, _, other)| is_there(other))
        .map(|(at, method, _)| (method, place(text, at)))
        .collect();
    let own: Vec<Place> = here
        .iter()
        .filter(|(it, _)| it.eq_ignore_ascii_case(method))
        .map(|(_, place)| *place)
        .collect();
    let is_beside = |(known, place): &(&str, Place)| {
        let mut documented = documented.iter();
        *place != Place::Text
            && own.contains(place)
            && documented.any(|it| it.eq_ignore_ascii_case(known))
    };
    own.len() > 1 || here.iter().any(is_beside)
}

/// Where a place of a text is.
fn place(text: &str, at: usize) -> Place {
    let before = text.get(..at).unwrap_or_default();
    let mut lines = before.lines();
    let fences = lines
        .clone()
        .filter(|line| line.trim_start().starts_with("```"));
    if fences.count() % 2 == 1 {
        return Place::Code;
    }
    let is_row = !before.ends_with('\n') && lines.next_back().is_some_and(|it| it.starts_with('|'));
    if is_row { Place::Table } else { Place::Text }
}

/// Each method, where it stands, with the path behind it: `GET /books`, `| PUT | /books |`, `-X DELETE
/// https://api.example.com/books`.
fn mentions(text: &str) -> impl Iterator<Item = (usize, &str, &str)> {
    let is_open = |c: char| c.is_whitespace() || "`|*\"'(".contains(c);
    let words = METHODS.iter().flat_map(|method| text.match_indices(method));
    words.filter_map(move |(at, method)| {
        let before = text.get(..at)?.chars().next_back();
        let after = text.get(at + method.len()..)?;
        let is_word =
            before.is_none_or(|c| !c.is_alphanumeric() && c != '_') && after.starts_with(is_open);
        let line = after.split('\n').take(2).collect::<Vec<_>>();
        // A command may go on in the next line.
        let rest = line
            .first()
            .filter(|_| is_word)?
            .trim_start_matches(is_open);
        let rest = match rest {
            "\\" | "" => line.get(1)?.trim_start_matches(is_open),
            rest => rest,
        };
        let end = rest.find(|c: char| is_open(c) || "?#)>,;".contains(c) && !rest.starts_with('<'));
        let (whole, behind) = rest.split_at(end.unwrap_or(rest.len()));
        // A link says where it leads, and what its words are worth is looked at there.
        let is_label = behind.trim_start_matches('`').starts_with(']');
        let path = path(whole).filter(|_| !is_label)?;
        Some((at, method, path))
    })
}

/// The path of a URL, or of what stands behind a variable for its beginning.
fn path(url: &str) -> Option<&str> {
    let rest = ["https://", "http://"]
        .iter()
        .find_map(|scheme| url.strip_prefix(scheme));
    let is_variable = url.starts_with(['$', '{', '<', '[']);
    let path = match rest {
        Some(rest) => rest.get(rest.find('/')?..)?,
        None if is_variable => url.get(url.find('/')?..)?,
        None => url,
    };
    (path.starts_with('/') && path.len() > 1).then_some(path)
}

/// True if the paths are one, whatever their parameters are called; the documented one may begin with a base path.
pub(in crate::check) fn are_one(documented: &str, named: &str) -> bool {
    let one: Vec<&str> = fit::segments(documented).collect();
    let other: Vec<&str> = fit::segments(named).collect();
    one.len() >= other.len()
        && one.len() - other.len() < 3
        && one
            .iter()
            .rev()
            .zip(other.iter().rev())
            .all(|(one, other)| is_same(one, other))
        && one
            .iter()
            .rev()
            .zip(other.iter().rev())
            .any(|(one, other)| one == other)
}

/// The last segment of a path; `{}` for a parameter.
pub(in crate::check) fn end_of(path: &str) -> &str {
    let last = fit::segments(path).last().unwrap_or_default();
    if is_parameter(last) { "{}" } else { last }
}

pub(in crate::check) fn is_parameter(segment: &str) -> bool {
    segment.starts_with([':', '<', '[']) || segment.contains('{')
}

pub(in crate::check) fn is_same(one: &str, other: &str) -> bool {
    one == other || is_parameter(one) && (is_parameter(other) || is_value(other))
}

/// True for what can be a value of a parameter of a path: `b_17`, `42`.
fn is_value(segment: &str) -> bool {
    segment.contains(|c: char| c.is_ascii_digit()) && !segment.starts_with('v')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_are_mentioned_with_their_paths() {
        let text = "`GET /books/{id}` and\n| PUT | `/books/{id}` |\n\n```bash\ncurl -X DELETE https://api.example.com/books/b1?x=1 -d x\ncurl -X POST \\\n  \"$BASE/books\"\n```\nWIDGET /x, GET it";
        let found = mentions(text);
        let found: Vec<_> = found
            .map(|(at, method, path)| (method, path, place(text, at)))
            .collect();
        assert_eq!(
            found,
            [
                ("GET", "/books/{id}", Place::Text),
                ("POST", "/books", Place::Code),
                ("PUT", "/books/{id}", Place::Table),
                ("DELETE", "/books/b1", Place::Code)
            ]
        );
    }

    #[test]
    fn who_names_both_methods_means_it() {
        let is_meant = |text: &str| is_told_apart(text, ("DELETE", "/books/:id"), &["GET"]);
        assert!(!is_meant("curl -X DELETE https://api.example.com/books/b1"));
        assert!(is_meant(
            "DELETE https://api.example.com/books/:id\n\ncurl -X DELETE https://api.example.com/books/b1"
        ));
        assert!(is_meant("| `GET /books/{id}` |\n| `DELETE /books/{id}` |"));
        assert!(!is_meant(
            "`GET /books/{id}` reads and `DELETE /books/{id}` removes."
        ));
        assert!(!is_meant("| `GET /books` |\n| `DELETE /books/{id}` |"));
    }
}
