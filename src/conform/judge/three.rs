//! Field, example, and live answer: which of the three do the other two contradict?
//!
//! ```text
//! field    example  server    odd one out
//! string   array    array     the field: the page contradicts itself, and the server does as its example shows
//! string   string   array     the server
//! string   none     array     nobody can tell
//! ```

use crate::diagnostic::Odd;
use crate::model::Response;
use crate::model::json::Json;
use crate::model::shape::{Mismatch, MismatchKind, Shape};

/// The odd one out, given how the answer differs from the fields; `None` if no example shows the place.
pub(super) fn odd_one_out(response: &Response, shape: &Shape, live: &Mismatch) -> Option<Odd> {
    response.shape.as_ref()?;
    let subject = live.path.subject();
    let mut shown = None;
    for example in response.examples.iter().filter_map(|it| it.value()) {
        let mismatches = shape.mismatches(example);
        let mut same = mismatches.iter().filter(|it| it.path.subject() == subject);
        if same.any(|it| is_alike(it, live)) {
            return Some(Odd::Field);
        }
        let is_shown = match live.kind {
            // What no example shows either is the server's alone.
            MismatchKind::Undocumented => !example.is_open(),
            _ => shows(example, &subject),
        };
        let is_sound = mismatches.iter().all(|it| it.path.subject() != subject);
        if is_shown && is_sound {
            shown = Some(Odd::Server);
        }
    }
    shown
}

/// The verdict as the end of a message.
pub(super) fn words(odd: Option<Odd>, mismatch: &Mismatch) -> String {
    match (odd, mismatch.kind) {
        (None, _) => String::new(),
        (Some(Odd::Field), MismatchKind::Undocumented) => {
            "; a field is missing: example and server agree".to_owned()
        }
        (Some(Odd::Field), MismatchKind::Missing) => {
            "; the field is wrong: example and server agree on none".to_owned()
        }
        (Some(Odd::Field), _) => format!(
            "; the field is wrong: example and server agree on {}",
            word(&mismatch.found)
        ),
        (Some(Odd::Server), _) => "; field and example agree".to_owned(),
    }
}

/// True if both differ in the same way.
fn is_alike(shown: &Mismatch, live: &Mismatch) -> bool {
    shown.kind == live.kind
        && (live.kind != MismatchKind::WrongType || word(&shown.found) == word(&live.found))
}

/// The JSON type that the words about a value begin with.
fn word(found: &str) -> &str {
    found.split(' ').next().unwrap_or(found)
}

/// True if a value has something at a place such as `items[].id`.
fn shows(value: &Json, subject: &str) -> bool {
    let Some((first, rest)) = step(subject) else {
        return true;
    };
    if first == "[]" {
        return value.items().iter().any(|item| shows(item, rest));
    }
    value.get(first).is_some_and(|value| shows(value, rest))
}

/// The first step of a place, and the others.
fn step(subject: &str) -> Option<(&str, &str)> {
    let subject = subject.strip_prefix('.').unwrap_or(subject);
    if subject.is_empty() {
        return None;
    }
    if let Some(rest) = subject.strip_prefix("[]") {
        return Some(("[]", rest));
    }
    let end = subject.find(['.', '[']).unwrap_or(subject.len());
    Some(subject.split_at(end))
}
