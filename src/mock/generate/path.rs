//! What the values of the path are ids of: `{id}` of `/users/{id}/posts` is that of a user, and not that of a post.

use crate::mock::words::{folded, singular};
use crate::model::shape::Member;

/// Words for parts of a thing that look like several.
const PARTS: [&str; 14] = [
    "access",
    "address",
    "analytics",
    "credits",
    "details",
    "metrics",
    "permissions",
    "preferences",
    "progress",
    "settings",
    "statistics",
    "stats",
    "status",
    "tags",
];

/// The values of the path, by names that say what they are ids of; `shown` are the members of the answer.
pub(super) fn named(
    operation: &str,
    captured: &[(String, String)],
    shown: &[Member],
) -> Vec<(String, String)> {
    let path = operation.split_once(' ').map_or(operation, |it| it.1);
    let segments: Vec<&str> = path.split('/').filter(|it| !it.is_empty()).collect();
    let named = captured.iter().map(|(name, value)| {
        let at = segments.iter().position(|it| parameter(it) == Some(name));
        let is_plain = matches!(folded(name).as_str(), "id" | "uuid");
        let above = at.filter(|_| is_plain).and_then(|at| {
            let above = segments.get(at.checked_sub(1)?)?;
            let rest = segments.get(at + 1..)?;
            let is_named = parameter(above).is_none() && is_of_others(rest, shown);
            is_named.then(|| format!("{}_id", singular(above)))
        });
        (above.unwrap_or_else(|| name.clone()), value.clone())
    });
    named.collect()
}

/// True if what follows in the path is of things of their own, and nothing that is done to the thing or is a part of it.
fn is_of_others(rest: &[&str], shown: &[Member]) -> bool {
    let Some(last) = rest.last() else {
        return false;
    };
    if rest.iter().any(|it| parameter(it).is_some()) {
        return true;
    }
    let last = folded(last);
    let is_shown = shown.iter().any(|it| folded(&it.name) == last);
    singular(&last) != last && !PARTS.contains(&last.as_str()) && !is_shown
}

/// The name of the parameter that a segment is.
fn parameter(segment: &str) -> Option<&str> {
    let in_braces = segment
        .strip_prefix('{')
        .and_then(|it| it.strip_suffix('}'));
    in_braces.or_else(|| segment.strip_prefix(':'))
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn a_plain_id_is_that_of_the_thing_before_it() {
        for (operation, expected) in [
            ("POST /users/{id}/posts", "user_id"),
            ("PUT /companies/:id/seats/:userId", "company_id"),
            ("GET /users/{id}", "id"),
            ("POST /orders/{id}/cancel", "id"),
            ("GET /users/{id}/settings", "id"),
        ] {
            let captured = [("id".to_owned(), "7".to_owned())];
            let named = named(operation, &captured, &[]);
            assert_eq!(
                named,
                [(expected.to_owned(), "7".to_owned())],
                "{operation}"
            );
        }
    }
}
