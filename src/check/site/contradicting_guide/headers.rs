//! Headers that texts and short fences name almost as the pages document them.

use crate::diagnostic::{Diagnostic, likeness};
use crate::model::is_credential;
use crate::source::Span;

use super::Page;
use super::sentence::Sentence;

pub(super) fn check(
    page: &Page<'_, '_>,
    sentence: &Sentence<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for code in &sentence.codes {
        let name = code.text.split(':').next().unwrap_or_default().trim();
        if is_header(name)
            && page.is_only_here(name, sentence)
            && let Some((near, span)) = near(page, name)
        {
            let place = code.range.start..code.range.start + name.len();
            diagnostics.push(found(sentence.text.span(place), (name, near, span)));
        }
    }
}

/// Fences of one line that show a header alone: "X-Api-Key: k1".
pub(super) fn of_fences(page: &Page<'_, '_>, diagnostics: &mut Vec<Diagnostic>) {
    for code in page.written.codes_outside() {
        let text = code.text();
        if text.trim().lines().count() > 3 {
            continue;
        }
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let start = at;
            at += line.len();
            let Some((name, _)) = line.split_once(": ") else {
                continue;
            };
            let is_known = page
                .known
                .headers
                .iter()
                .any(|(known, _)| known.eq_ignore_ascii_case(name));
            if !is_header(name) || is_known {
                continue;
            }
            if let Some((near, span)) = near(page, name)
                && page.known.is_rare(name)
            {
                let place = code.span(start..start + name.len());
                diagnostics.push(found(place, (name, near, span)));
            }
        }
    }
}

fn found(span: Span, (name, near, place): (&str, &str, Span)) -> Diagnostic {
    let message = format!("the text names the header `{name}`, and `{near}` is documented");
    super::found(span, message, (place, "documented here"), "headers")
}

fn is_header(name: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty()
            && part.starts_with(|c: char| c.is_ascii_uppercase() || name.starts_with("x-"))
            && part.chars().all(|c| c.is_ascii_alphanumeric())
    };
    name.contains('-') && name.len() > 5 && name.split('-').all(is_part)
}

/// The documented header that is almost that one: one that differs in few letters, or the credential beside which there is
/// no other of the same maker.
fn near<'d>(page: &Page<'_, 'd>, name: &str) -> Option<(&'d str, Span)> {
    const ALIKE: f32 = 0.8;
    let lower = name.to_ascii_lowercase();
    let headers = page.known.headers.iter();
    if headers
        .clone()
        .any(|(known, _)| known.eq_ignore_ascii_case(name))
    {
        return None;
    }
    let maker = |text: &str| text.rsplit_once('-').map(|(maker, _)| maker.to_owned());
    let is_secret = |text: &str| {
        let ends = ["key", "token", "secret"]
            .iter()
            .any(|it| text.ends_with(it));
        is_credential(text) || ends
    };
    let mut near = headers.filter(|(known, _)| {
        let known = known.to_ascii_lowercase();
        let parts = |text: &str| text.matches('-').count();
        let is_alike = likeness(&known, &lower) >= ALIKE && differs_in_letters(&known, &lower);
        let is_one_credential = is_secret(&known)
            && is_secret(&lower)
            && parts(&known) > 1
            && maker(&known) == maker(&lower);
        parts(&known) == parts(&lower) && (is_alike || is_one_credential)
    });
    near.next().copied()
}

/// True if at most one part differs, and that one has a part of the other, or almost all of its letters.
fn differs_in_letters(one: &str, other: &str) -> bool {
    let pairs = one.split('-').zip(other.split('-'));
    let mut differing = pairs.filter(|(one, other)| one != other);
    let first = differing.next();
    first.is_some_and(|(one, other)| {
        one.starts_with(other) || other.starts_with(one) || likeness(one, other) >= 0.7
    }) && differing.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_have_parts_in_capitals() {
        for name in ["X-Api-Key", "If-Match", "x-api-key"] {
            assert!(is_header(name), "{name}");
        }
        for name in ["read-only", "Key", "X-", "us-east-1"] {
            assert!(!is_header(name), "{name}");
        }
        assert!(differs_in_letters("x-book-token", "x-books-token"));
        assert!(!differs_in_letters("x-book-limit", "x-book-reset"));
    }
}
