//! Objects of which examples show that their keys are data: `{"en": {"title": …}, "de": {"title": …}}`.

use std::collections::HashSet;

use crate::model::evidence::{Evidence, Origin, ReadingRule};
use crate::model::json::{Json, JsonKind};
use crate::model::shape::{Member, Openness, Shape, ShapeKind};
use crate::source::Span;

static KEYED_IN_EXAMPLE: ReadingRule = ReadingRule {
    name: "keyed-in-example",
    origin: Origin::Inferred,
    summary: "an object that is shown with several other keys than those of its fields, each of which holds what the fields describe, has keys of the server's choice",
};
/// How the code here reads pages.
pub(super) static READING_RULES: &[&ReadingRule] = &[&KEYED_IN_EXAMPLE];

/// Takes objects inside of `shape` for maps where all of the values that stand there are shown so.
pub(super) fn apply(shape: &mut Shape, shown: &[&Json]) {
    match &mut shape.kind {
        ShapeKind::Array(items) => {
            let shown: Vec<_> = shown.iter().flat_map(|value| value.items()).collect();
            apply(items, &shown);
        }
        ShapeKind::Object { members, .. } => {
            for member in members {
                let values = shown.iter().filter_map(|value| value.get(&member.name));
                let values: Vec<_> = values.collect();
                apply(&mut member.shape, &values);
                mark(member, &values);
            }
        }
        _ => {}
    }
}

/// True if all examples are maps with values that the object describes.
pub(super) fn are_keyed(object: &Shape, examples: &[&Json]) -> bool {
    let ShapeKind::Object {
        members,
        open: Openness::Closed,
    } = &object.kind
    else {
        return false;
    };
    let mut examples = examples.iter();
    examples.all(|value| is_keyed(members, value) == Some(Values::Objects))
}

/// The map with values that the object describes.
pub(super) fn map_of(object: Shape, span: Span) -> Shape {
    let evidence = Evidence::new(span, &KEYED_IN_EXAMPLE);
    Shape::new(ShapeKind::Map(Box::new(object)), Some(evidence))
}

/// Makes a map of the member's object if the values are maps.
fn mark(member: &mut Member, values: &[&Json]) {
    let Some(evidence) = member.evidence else {
        return;
    };
    let members = match &member.shape.kind {
        ShapeKind::Object {
            members,
            open: Openness::Closed,
        } => members.as_slice(),
        // A text says so already, and the examples what the values are.
        ShapeKind::Union(variants) => match variants.first().map(|it| &it.kind) {
            Some(ShapeKind::Map(values)) => values.members(),
            _ => return,
        },
        _ => return,
    };
    if members.is_empty() {
        return;
    }
    let objects = values
        .iter()
        .filter(|value| value.kind != JsonKind::Null && value.kind != JsonKind::Elision);
    let objects: Vec<_> = objects.collect();
    let found = |members: &[Member]| -> Option<Values> {
        let mut kinds = objects.iter().map(|value| is_keyed(members, value));
        let first = kinds.next()??;
        kinds.all(|kind| kind == Some(first)).then_some(first)
    };
    let evidence = Evidence::new(evidence.span, &KEYED_IN_EXAMPLE);
    let described = match found(members) {
        Some(kind) => Some((kind, Shape::object(members.to_vec(), Some(evidence)))),
        // The only member may stand for any: `currency`, "Each currency."
        None => match members {
            [only] => found(only.shape.members()).map(|kind| (kind, only.shape.clone())),
            _ => None,
        },
    };
    let Some((kind, described)) = described else {
        return;
    };
    let values = match kind {
        Values::Objects => described,
        Values::Lists => Shape::array(described, Some(evidence)),
    };
    member.shape.kind = ShapeKind::Map(Box::new(values));
}

/// What the values of a map are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Values {
    Objects,
    Lists,
}

/// What the values are of an object with several keys, none of them documented, that all hold documented members only,
/// or lists of such objects.
///
/// One key alone is a level that the fields leave out, which is a mistake.
fn is_keyed(members: &[Member], value: &Json) -> Option<Values> {
    const FEWEST: usize = 2;
    let names: HashSet<&str> = members.iter().map(|member| member.name.as_str()).collect();
    let describes = |value: &Json| {
        let inner = value.members();
        !inner.is_empty()
            && inner
                .iter()
                .all(|member| names.contains(member.key.as_str()))
    };
    let shown = value.members();
    if shown.len() < FEWEST || shown.iter().any(|entry| names.contains(entry.key.as_str())) {
        return None;
    }
    if shown.iter().all(|entry| describes(&entry.value)) {
        return Some(Values::Objects);
    }
    let is_list = |value: &Json| matches!(value.kind, JsonKind::Array(_));
    let are_lists = shown
        .iter()
        .all(|entry| is_list(&entry.value) && entry.value.items().iter().all(describes));
    let has_item = shown.iter().any(|entry| !entry.value.items().is_empty());
    (are_lists && has_item).then_some(Values::Lists)
}
