//! What two schemas say together: `allOf`, and keywords beside a `$ref`.

use std::collections::HashMap;

use crate::model::shape::{Constraints, Member, Openness, Shape, ShapeKind, Stated};

/// The shape of a value that both shapes describe.
///
/// Where they contradict each other nothing is left to judge by. What is common to all alternatives is copied into each;
/// `left` is how many shapes may still be copied, beyond which nothing is known.
pub(super) fn both(one: Shape, other: Shape, left: &mut usize) -> Shape {
    let evidence = match (&one.kind, &other.kind) {
        (ShapeKind::Unknown, ShapeKind::Unknown) => one.evidence.or(other.evidence),
        (ShapeKind::Unknown, _) => other.evidence,
        _ => one.evidence.or(other.evidence),
    };
    let constraints = narrower(one.constraints, other.constraints);
    let kind = match (one.kind, other.kind) {
        (ShapeKind::Unknown | ShapeKind::Any, kind)
        | (kind, ShapeKind::Unknown | ShapeKind::Any) => kind,
        (
            ShapeKind::Object { members, open },
            ShapeKind::Object {
                members: more,
                open: also,
            },
        ) => ShapeKind::Object {
            open: opener(open, members.is_empty(), also, more.is_empty()),
            members: together(members, more, left),
        },
        // An object that lists members beside one that allows any.
        (ShapeKind::Object { members, .. }, ShapeKind::Map(_))
        | (ShapeKind::Map(_), ShapeKind::Object { members, .. }) => ShapeKind::Object {
            members,
            open: evidence.map_or(Openness::Unknown, Openness::Open),
        },
        (ShapeKind::Union(variants), kind) | (kind, ShapeKind::Union(variants)) => {
            let base = Shape::new(kind, evidence);
            let copied = size(&base).saturating_mul(variants.len());
            if copied > *left {
                ShapeKind::Unknown
            } else {
                *left -= copied;
                let variants = variants
                    .into_iter()
                    .map(|variant| both(base.clone(), variant, left));
                ShapeKind::Union(variants.collect())
            }
        }
        (ShapeKind::Integer, ShapeKind::Number) | (ShapeKind::Number, ShapeKind::Integer) => {
            ShapeKind::Integer
        }
        (ShapeKind::Array(one), ShapeKind::Array(other)) => {
            ShapeKind::Array(Box::new(both(*one, *other, left)))
        }
        (ShapeKind::Map(one), ShapeKind::Map(other)) => {
            ShapeKind::Map(Box::new(both(*one, *other, left)))
        }
        (one, other) if one == other => one,
        _ => ShapeKind::Unknown,
    };
    Shape {
        kind,
        evidence,
        nullable: one.nullable.or(other.nullable),
        constraints,
    }
}

/// Parts of `allOf` that each forbid other members would forbid those of each other, which nobody means.
fn opener(one: Openness, one_is_empty: bool, other: Openness, other_is_empty: bool) -> Openness {
    match (one, other) {
        (Openness::Closed, Openness::Closed) => Openness::Closed,
        (Openness::Closed, _) if other_is_empty => Openness::Closed,
        (_, Openness::Closed) if one_is_empty => Openness::Closed,
        (Openness::Open(place), _) | (_, Openness::Open(place)) => Openness::Open(place),
        _ => Openness::Unknown,
    }
}

fn together(mut members: Vec<Member>, more: Vec<Member>, left: &mut usize) -> Vec<Member> {
    let mut known: HashMap<String, usize> = members
        .iter()
        .enumerate()
        .map(|(index, member)| (member.name.clone(), index))
        .collect();
    for member in more {
        let Some(own) = known
            .get(&member.name)
            .and_then(|index| members.get_mut(*index))
        else {
            known.insert(member.name.clone(), members.len());
            members.push(member);
            continue;
        };
        let shape = std::mem::replace(&mut own.shape, Shape::unknown());
        own.shape = both(shape, member.shape, left);
        let is_required = member.required.as_ref().is_some_and(|it| it.value);
        if is_required {
            own.required = member.required;
        }
    }
    members
}

fn narrower(one: Stated, other: Stated) -> Stated {
    if one.is_empty() || other.is_empty() {
        return if one.is_empty() { other } else { one };
    }
    let (one, other) = (Constraints::clone(&one), Constraints::clone(&other));
    Constraints {
        allowed: one.allowed.or(other.allowed),
        words: one.words.or(other.words),
        constant: one.constant.or(other.constant),
        format: one.format.or(other.format),
        prefix: one.prefix.or(other.prefix),
        pattern: one.pattern.or(other.pattern),
        minimum: one.minimum.or(other.minimum),
        maximum: one.maximum.or(other.maximum),
        min_length: one.min_length.or(other.min_length),
        max_length: one.max_length.or(other.max_length),
    }
    .into()
}

/// The number of shapes inside a shape, itself included.
fn size(shape: &Shape) -> usize {
    let inside: usize = match &shape.kind {
        ShapeKind::Array(inner) | ShapeKind::Map(inner) => size(inner),
        ShapeKind::Object { members, .. } => members.iter().map(|it| size(&it.shape)).sum(),
        ShapeKind::Union(variants) => variants.iter().map(size).sum(),
        _ => 0,
    };
    inside + 1
}
