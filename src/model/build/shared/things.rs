//! Objects that pages without an endpoint document, and the notations that all values of a kind have.
//!
//! ```text
//! ## Wallet                               Times are Unix times in milliseconds.
//! | Member | Type   |                     Amounts are strings with two digits after the point.
//! | ------ | ------ |
//! | `id`   | string |
//! ```
//!
//! Which answers hold such an object is for the reader to decide.

use std::sync::LazyLock;

use crate::mdx::markdown::Inline;
use crate::model::build::headers::sentences;
use crate::model::build::pattern::{Pattern, pattern};
use crate::model::build::shape;
use crate::model::evidence::{Fact, Origin, ReadingRule};
use crate::model::operation::Field;
use crate::model::shape::{Shape, ShapeKind};
use crate::model::shared::Thing;
use crate::model::types::Format;

use super::body::SOMETIMES;

pub(super) static OBJECT_ON_PAGE: ReadingRule = ReadingRule {
    name: "object-on-page",
    origin: Origin::Prose,
    summary: "members below a heading, on a page without an endpoint, are those of the objects in answers that are shown with exactly these members",
};
pub(super) static NOTATION_ON_PAGE: ReadingRule = ReadingRule {
    name: "notation-on-page",
    origin: Origin::Prose,
    summary: "`times are ISO 8601` and the like, on a page without an endpoint, state the notation of all values that are shown in it",
};

/// Fewer members do not tell one object from another.
const LEAST: usize = 3;
/// Objects nested deeper are not looked at.
const DEPTH: usize = 3;

/// The objects that members make which stand together, and those inside of them.
pub(super) fn of(groups: Vec<(String, Vec<Field>)>) -> Vec<Thing> {
    let mut things = Vec::new();
    for (title, fields) in groups {
        add(&title, fields, 0, &mut things);
    }
    things
}

fn add(title: &str, fields: Vec<Field>, depth: usize, into: &mut Vec<Thing>) {
    if depth < DEPTH {
        for field in fields.iter().filter(|it| !it.children.is_empty()) {
            add(&field.name.value, field.children.clone(), depth + 1, into);
        }
    }
    if fields.len() < LEAST {
        return;
    }
    let mut object = shape::of_members(&fields, &[]);
    if promise(&mut object, &fields) {
        into.push(Thing {
            title: title.to_owned(),
            fields,
            shape: object,
        });
    }
}

/// Members are there unless their text says when they are not; false if the fields make no object.
fn promise(shape: &mut Shape, fields: &[Field]) -> bool {
    let ShapeKind::Object { members, .. } = &mut shape.kind else {
        return false;
    };
    for member in members {
        let Some(field) = fields.iter().find(|it| it.name.value == member.name) else {
            return false;
        };
        if member.required.is_none() && !SOMETIMES.is_match(&field.description) {
            member.required = Some(Fact::new(true, field.open, &OBJECT_ON_PAGE));
        }
    }
    true
}

/// What a paragraph says of all times.
pub(super) fn notations(inline: &Inline) -> Vec<Fact<Format>> {
    static TIMES: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?xi)^\W*(?:all\s+)?(?:times?|timestamps?|time\s+stamps?|dates\s+and\s+times|date-?times?|points\s+in\s+time|moments)
            (?:\s+in\s+(?:responses|answers|the\s+api)|\s+values)?\s+
            (?:(?:is|are)(?:\s+(?:always|given|written|sent|returned|formatted|expressed))*|look\s+like|use|follow|come)\b(?P<how>[^.]*)",
        )
    });
    static MILLISECONDS: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(r"(?i)\bunix\b[^.]*\b(?:milliseconds|ms)\b|\bmilliseconds\s+since\b")
    });
    static SECONDS: LazyLock<Pattern> =
        LazyLock::new(|| pattern(r"(?i)\bunix\b[^.]*\bseconds\b|\bseconds\s+since\b"));
    static ISO: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(r"(?i)\b(?:ISO[\s-]?8601|RFC[\s-]?3339)\b|\d{4}-\d\d-\d\dT\d\d:\d\d")
    });
    let mut found = Vec::new();
    for sentence in sentences(inline) {
        let text: String = sentence.iter().map(|it| it.text.as_str()).collect();
        let Some(how) = TIMES.captures(&text).and_then(|it| it.name("how")) else {
            continue;
        };
        let how = how.as_str();
        let format = match () {
            () if how.contains(" or ") => continue,
            () if MILLISECONDS.is_match(how) => Format::UnixMilliseconds,
            () if SECONDS.is_match(how) => Format::UnixSeconds,
            () if ISO.is_match(how) => Format::DateTime,
            () => continue,
        };
        let span = sentence
            .first()
            .zip(sentence.last())
            .map(|(first, last)| first.span.to(last.span));
        found.extend(span.map(|span| Fact::new(format, span, &NOTATION_ON_PAGE)));
    }
    found
}
