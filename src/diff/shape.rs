//! Two revisions of a value: who sends it decides which changes break.
//!
//! What callers send may become wider, and what they receive may become narrower.

use std::collections::HashMap;

use serde_json::Value;

use crate::diagnostic::Severity;
use crate::model::shape::{Constraints, Member, Shape, ShapeKind, TextPattern, format};
use crate::model::types::Format;
use crate::model::{Evidence, Fact, Origin};

use super::{Changes, rules};

/// Who sends the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Request,
    Response,
}

/// How the values of the new docs relate to those of the old ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    Wider,
    Narrower,
    Other,
}

impl Direction {
    fn severity(self, change: Change) -> Severity {
        match (self, change) {
            (Self::Request, Change::Wider) | (Self::Response, Change::Narrower) => Severity::Info,
            _ => Severity::Error,
        }
    }
}

/// Nested deeper, shapes are taken for the same.
const MAX_DEPTH: usize = 64;

/// Compares two shapes; `subject` is what they are about.
pub(super) fn compare(
    changes: &mut Changes,
    (old, new): (&Shape, &Shape),
    direction: Direction,
    subject: &str,
) {
    walk(changes, (old, new), direction, subject, 0);
}

fn walk(
    changes: &mut Changes,
    (old, new): (&Shape, &Shape),
    direction: Direction,
    subject: &str,
    depth: usize,
) {
    if depth > MAX_DEPTH || is_unknown(old) || is_unknown(new) {
        return;
    }
    let Some(places) = old.evidence.zip(new.evidence) else {
        return;
    };
    match (&old.kind, &new.kind) {
        (
            ShapeKind::Object {
                members: before, ..
            },
            ShapeKind::Object { members: after, .. },
        ) => {
            if !before.is_empty() && !after.is_empty() {
                members(changes, (before, after, places), direction, subject, depth);
            }
        }
        (ShapeKind::Array(before), ShapeKind::Array(after)) => {
            walk(
                changes,
                (before, after),
                direction,
                &format!("{subject}[]"),
                depth + 1,
            );
        }
        (ShapeKind::Map(before), ShapeKind::Map(after)) => {
            walk(
                changes,
                (before, after),
                direction,
                &format!("{subject}.*"),
                depth + 1,
            );
        }
        (ShapeKind::Object { .. }, ShapeKind::Map(_))
        | (ShapeKind::Map(_), ShapeKind::Object { .. }) => {}
        (before, after) if words(before) == words(after) => {}
        (before, after) => {
            let change = relation(before, after);
            let message = format!(
                "`{subject}` is {}, and was {}",
                new.describe(),
                old.describe()
            );
            changes.changed(
                &rules::CHANGED_TYPE,
                direction.severity(change),
                places,
                message,
                subject,
            );
            return;
        }
    }
    null(changes, (old, new, places), direction, subject);
    let constraints = (&*old.constraints, &*new.constraints);
    notation(changes, constraints, direction, subject);
    pattern(changes, (constraints, places), direction, subject);
    values(changes, (constraints, places), direction, subject);
    bounds(changes, constraints, direction, subject);
}

fn is_unknown(shape: &Shape) -> bool {
    matches!(shape.kind, ShapeKind::Unknown)
}

/// The kinds that values can be of, in order.
fn words(kind: &ShapeKind) -> Vec<&'static str> {
    let mut words = match kind {
        ShapeKind::Any | ShapeKind::Unknown => vec!["any"],
        ShapeKind::Null => vec!["null"],
        ShapeKind::Boolean => vec!["boolean"],
        ShapeKind::Integer => vec!["integer"],
        ShapeKind::Number => vec!["number"],
        ShapeKind::String => vec!["string"],
        ShapeKind::File => vec!["file"],
        ShapeKind::Array(_) => vec!["array"],
        ShapeKind::Object { .. } | ShapeKind::Map(_) => vec!["object"],
        ShapeKind::Union(variants) => variants.iter().flat_map(|it| words(&it.kind)).collect(),
    };
    words.sort_unstable();
    words.dedup();
    words
}

fn relation(old: &ShapeKind, new: &ShapeKind) -> Change {
    let covers = |wide: &[&str], narrow: &[&str]| {
        wide.contains(&"any")
            || narrow
                .iter()
                .all(|word| wide.contains(word) || *word == "integer" && wide.contains(&"number"))
    };
    let (old, new) = (words(old), words(new));
    if covers(&new, &old) {
        Change::Wider
    } else if covers(&old, &new) {
        Change::Narrower
    } else {
        Change::Other
    }
}

fn members(
    changes: &mut Changes,
    (old, new, places): (&[Member], &[Member], (Evidence, Evidence)),
    direction: Direction,
    subject: &str,
    depth: usize,
) {
    let known: HashMap<&str, &Member> = new.iter().map(|it| (it.name.as_str(), it)).collect();
    for before in old {
        let path = format!("{subject}.{}", before.name);
        let own = before.evidence.unwrap_or(places.0);
        let Some(after) = known.get(before.name.as_str()) else {
            let (rule, severity) = match direction {
                Direction::Request => (&rules::REMOVED_INPUT, Severity::Warning),
                Direction::Response => (&rules::REMOVED_OUTPUT, Severity::Error),
            };
            let message = format!("`{path}` is no longer documented");
            changes.push(
                rule,
                severity,
                places.1.span,
                Some(own.span),
                message,
                &path,
            );
            continue;
        };
        presence(changes, (before, after, places), direction, &path);
        walk(
            changes,
            (&before.shape, &after.shape),
            direction,
            &path,
            depth + 1,
        );
    }
    let known: HashMap<&str, &Member> = old.iter().map(|it| (it.name.as_str(), it)).collect();
    for after in new
        .iter()
        .filter(|it| !known.contains_key(it.name.as_str()))
    {
        let path = format!("{subject}.{}", after.name);
        let is_required = after.required.as_ref().is_some_and(|it| it.value);
        let (rule, severity, word) = match direction {
            Direction::Request if is_required => (
                &rules::ADDED_REQUIREMENT,
                Severity::Error,
                "new and required",
            ),
            Direction::Request => (&rules::ADDED_INPUT, Severity::Info, "new"),
            Direction::Response => (&rules::ADDED_OUTPUT, Severity::Info, "new"),
        };
        let span = after.evidence.unwrap_or(places.1).span;
        changes.push(
            rule,
            severity,
            span,
            None,
            format!("`{path}` is {word}"),
            &path,
        );
    }
}

fn presence(
    changes: &mut Changes,
    (old, new, places): (&Member, &Member, (Evidence, Evidence)),
    direction: Direction,
    path: &str,
) {
    let is_required = |member: &Member| member.required.as_ref().is_some_and(|it| it.value);
    let evidence = |member: &Member, place: Evidence| {
        let required = member.required.as_ref().map(|it| it.evidence);
        required.or(member.evidence).unwrap_or(place)
    };
    let places = (evidence(old, places.0), evidence(new, places.1));
    let (rule, severity, message) = match (direction, is_required(old), is_required(new)) {
        (Direction::Request, false, true) => (
            &rules::ADDED_REQUIREMENT,
            Severity::Error,
            format!("`{path}` is now required"),
        ),
        (Direction::Request, true, false) => (
            &rules::DROPPED_REQUIREMENT,
            Severity::Info,
            format!("`{path}` is no longer required"),
        ),
        (Direction::Response, true, false) => (
            &rules::WEAKER_PROMISE,
            Severity::Warning,
            format!("`{path}` is no longer promised"),
        ),
        (Direction::Response, false, true) => (
            &rules::STRONGER_PROMISE,
            Severity::Info,
            format!("`{path}` is now promised"),
        ),
        _ => return,
    };
    changes.changed(rule, severity, places, message, path);
}

fn null(
    changes: &mut Changes,
    (old, new, places): (&Shape, &Shape, (Evidence, Evidence)),
    direction: Direction,
    subject: &str,
) {
    let (change, message) = match (old.allows_null(), new.allows_null()) {
        (false, true) => (Change::Wider, format!("`{subject}` can be null now")),
        (true, false) => (
            Change::Narrower,
            format!("`{subject}` can no longer be null"),
        ),
        _ => return,
    };
    let places = (
        old.nullable.unwrap_or(places.0),
        new.nullable.unwrap_or(places.1),
    );
    changes.changed(
        &rules::CHANGED_NULL,
        direction.severity(change),
        places,
        message,
        subject,
    );
}

fn values(
    changes: &mut Changes,
    ((old, new), places): ((&Constraints, &Constraints), (Evidence, Evidence)),
    direction: Direction,
    subject: &str,
) {
    let listed = |values: &[Value]| -> String {
        let values: Vec<_> = values.iter().map(|value| format!("`{value}`")).collect();
        values.join(", ")
    };
    let missing = |from: &[Value], other: &[Value]| -> Vec<Value> {
        let values = from.iter().filter(|value| !other.contains(value));
        values.cloned().collect()
    };
    let mut push = |change, places, message| {
        // Callers are told to expect further values, but not all of them do.
        let most = if change == Change::Wider {
            Severity::Warning
        } else {
            Severity::Error
        };
        let severity = direction.severity(change).min(most);
        changes.changed(&rules::CHANGED_VALUES, severity, places, message, subject);
    };
    match (&old.allowed, &new.allowed) {
        (Some(before), Some(after)) => {
            let places = (before.evidence, after.evidence);
            let removed = missing(&before.value, &after.value);
            if !removed.is_empty() {
                let message = format!("`{subject}` can no longer be {}", listed(&removed));
                push(Change::Narrower, places, message);
            }
            let added = missing(&after.value, &before.value);
            if !added.is_empty() {
                let message = format!("`{subject}` can be {} now", listed(&added));
                push(Change::Wider, places, message);
            }
        }
        // A list in running text comes and goes with the words around it.
        (None, Some(after)) if after.evidence.origin > Origin::Prose => {
            let message = format!("`{subject}` can only be {} now", listed(&after.value));
            push(Change::Narrower, (places.0, after.evidence), message);
        }
        (Some(before), None) if before.evidence.origin > Origin::Prose => {
            let message = format!("`{subject}` is no longer one of {}", listed(&before.value));
            push(Change::Wider, (before.evidence, places.1), message);
        }
        _ => {}
    }
}

/// True if all texts in the second notation are in the first one, too.
fn holds(wide: &Format, narrow: &Format) -> bool {
    matches!(
        (wide, narrow),
        (Format::Iso8601, Format::Date | Format::DateTime)
            | (Format::Ip, Format::Ipv4 | Format::Ipv6)
            | (Format::Int64, Format::Int32 | Format::Uint32)
            | (Format::Uint64, Format::Uint32)
            | (
                Format::UnixTime,
                Format::UnixSeconds | Format::UnixMilliseconds
            )
    )
}

/// The notation of texts, such as that of dates.
fn notation(
    changes: &mut Changes,
    (old, new): (&Constraints, &Constraints),
    direction: Direction,
    subject: &str,
) {
    if let (Some(before), Some(after)) = (&old.format, &new.format)
        && before.value != after.value
    {
        let message = format!(
            "`{subject}` is {}, and was {}",
            format::noun(&after.value),
            format::noun(&before.value)
        );
        let places = (before.evidence, after.evidence);
        let change = match (&before.value, &after.value) {
            (wide, narrow) if holds(wide, narrow) => Change::Narrower,
            (narrow, wide) if holds(wide, narrow) => Change::Wider,
            _ => Change::Other,
        };
        let severity = direction.severity(change);
        changes.changed(&rules::CHANGED_TYPE, severity, places, message, subject);
    }
}

fn bounds(
    changes: &mut Changes,
    (old, new): (&Constraints, &Constraints),
    direction: Direction,
    subject: &str,
) {
    let length = |fact: &Option<Fact<u64>>| {
        fact.as_ref().map(|fact| Fact {
            #[expect(
                clippy::cast_precision_loss,
                reason = "lengths are small, and are only compared"
            )]
            value: fact.value as f64,
            evidence: fact.evidence,
        })
    };
    let pairs = [
        ("at least", old.minimum.clone(), new.minimum.clone(), false),
        ("at most", old.maximum.clone(), new.maximum.clone(), true),
        (
            "at least this long:",
            length(&old.min_length),
            length(&new.min_length),
            false,
        ),
        (
            "at most this long:",
            length(&old.max_length),
            length(&new.max_length),
            true,
        ),
    ];
    for (word, before, after, is_upper) in pairs {
        let (Some(before), Some(after)) = (before, after) else {
            continue;
        };
        if before.value.total_cmp(&after.value).is_eq() {
            continue;
        }
        let change = if (after.value > before.value) == is_upper {
            Change::Wider
        } else {
            Change::Narrower
        };
        let message = format!(
            "`{subject}` is {word} {}, and was {}",
            after.value, before.value
        );
        let places = (before.evidence, after.evidence);
        changes.changed(
            &rules::CHANGED_BOUNDS,
            direction.severity(change),
            places,
            message,
            subject,
        );
    }
}

/// The expression that texts match.
fn pattern(
    changes: &mut Changes,
    ((old, new), places): ((&Constraints, &Constraints), (Evidence, Evidence)),
    direction: Direction,
    subject: &str,
) {
    let written = |pattern: &Option<Fact<TextPattern>>| {
        let pattern = pattern.as_ref()?;
        Some((pattern.value.as_str().to_owned(), pattern.evidence))
    };
    let (change, places, message) = match (written(&old.pattern), written(&new.pattern)) {
        (Some((before, from)), Some((after, to))) if before != after => {
            let message = format!("`{subject}` matches `{after}`, and matched `{before}`");
            (Change::Other, (from, to), message)
        }
        (None, Some((after, to))) => {
            let message = format!("`{subject}` has to match `{after}` now");
            (Change::Narrower, (places.0, to), message)
        }
        (Some((before, from)), None) => {
            let message = format!("`{subject}` no longer has to match `{before}`");
            (Change::Wider, (from, places.1), message)
        }
        _ => return,
    };
    // Callers are told to expect other texts, but not all of them mind.
    let most = if change == Change::Wider {
        Severity::Warning
    } else {
        Severity::Error
    };
    let severity = direction.severity(change).min(most);
    changes.changed(&rules::CHANGED_TYPE, severity, places, message, subject);
}
