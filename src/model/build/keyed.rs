//! Objects of which examples show that their keys are data: `{"en": {"title": …}, "de": {"title": …}}`.

use crate::model::evidence::{Evidence, Origin, ReadingRule};
use crate::model::json::{Json, JsonKind};
use crate::model::shape::{Member, Openness, Shape, ShapeKind};

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

/// Makes a map of the member's object if the values are maps.
fn mark(member: &mut Member, values: &[&Json]) {
    let Some(evidence) = member.evidence else {
        return;
    };
    let ShapeKind::Object {
        members,
        open: Openness::Closed,
    } = &member.shape.kind
    else {
        return;
    };
    let objects = values
        .iter()
        .filter(|value| value.kind != JsonKind::Null && value.kind != JsonKind::Elision);
    let mut objects = objects.peekable();
    if objects.peek().is_none() || !objects.all(|value| is_keyed(members, value)) {
        return;
    }
    let evidence = Evidence::new(evidence.span, &KEYED_IN_EXAMPLE);
    let values = Shape::object(members.clone(), Some(evidence));
    member.shape.kind = ShapeKind::Map(Box::new(values));
}

/// True for an object with several keys, none of them documented, that all hold objects of documented members only.
///
/// One key alone is a level that the fields leave out, which is a mistake.
fn is_keyed(members: &[Member], value: &Json) -> bool {
    const FEWEST: usize = 2;
    let is_documented = |key: &str| members.iter().any(|member| member.name == key);
    let shown = value.members();
    shown.len() >= FEWEST
        && shown.iter().all(|entry| {
            let inner = entry.value.members();
            !is_documented(&entry.key)
                && !inner.is_empty()
                && inner.iter().all(|member| is_documented(&member.key))
        })
}
