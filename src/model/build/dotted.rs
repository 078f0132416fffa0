//! Dotted names: which object the member `items[].price` stands in, and what is implied if nothing documents that.

use std::collections::{BTreeMap, HashMap, VecDeque};

use crate::model::evidence::{Evidence, Origin, ReadingRule};
use crate::model::shape::{Member, Openness, Shape, ShapeKind};

use super::join;

pub(super) static DOTTED_NAME: ReadingRule = ReadingRule {
    name: "dotted-name",
    origin: Origin::Inferred,
    summary: "`data.items[].id` is a path, and `data.[code].id` one through keys of the client's choice, unless an example shows the name literally; a nested name that repeats its parent is not applied twice",
};

/// One part of a dotted name: `items[]` of `items[].id`.
pub(super) struct Step {
    pub(super) name: String,
    pub(super) is_array: bool,
    /// True if keys of the client's choice follow: `data` of `data.[code].id`.
    pub(super) is_map: bool,
}

impl Step {
    pub(super) fn literal(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            is_array: false,
            is_map: false,
        }
    }
}

/// The names of several members that one field documents: `lat, lng`; a remark in brackets is none of the name.
pub(super) fn several(name: &str) -> Vec<&str> {
    const BETWEEN: [&str; 5] = [", ", ",", " / ", " | ", " and "];
    let is_name = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && part
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
    };
    let bare = match name.split_once(" (") {
        Some((before, remark)) if remark.ends_with(')') && is_name(before) => before,
        _ => name,
    };
    let mut readings = BETWEEN.iter().filter(|between| bare.contains(**between));
    let split = readings.find_map(|between| {
        let parts: Vec<&str> = bare.split(between).map(str::trim).collect();
        parts.iter().all(|part| is_name(part)).then_some(parts)
    });
    split.unwrap_or_else(|| vec![bare])
}

/// `data > id` and `data/id` with the dots that they stand for.
fn with_dots(name: &str) -> std::borrow::Cow<'_, str> {
    let parts: Vec<&str> = name.split(['>', '/']).map(str::trim).collect();
    let is_name = |part: &&str| {
        !part.is_empty()
            && part
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '[' | ']'))
    };
    if parts.len() > 1 && parts.iter().all(is_name) {
        return parts.join(".").into();
    }
    name.into()
}

/// The parts of a name, if it is a path.
pub(super) fn steps(name: &str) -> Vec<Step> {
    let name = &*with_dots(name);
    if let Some(steps) = through_keys(name) {
        return steps;
    }
    let is_path = name.split('.').all(|part| {
        let bare = part.split('[').next().unwrap_or_default();
        !bare.is_empty() && !bare.contains(char::is_whitespace)
    });
    if !is_path {
        return vec![Step::literal(name)];
    }
    name.split('.')
        .map(|part| match part.split_once('[') {
            Some((bare, index))
                if index
                    .trim_end_matches(']')
                    .bytes()
                    .all(|byte| byte.is_ascii_digit() || matches!(byte, b'n' | b'i' | b'*')) =>
            {
                Step {
                    name: bare.to_owned(),
                    is_array: true,
                    is_map: false,
                }
            }
            _ => Step::literal(part),
        })
        .collect()
}

/// The parts of a path that leads through keys of the client's choice: `data.[code].id`, `rates.{currency}.value`.
fn through_keys(name: &str) -> Option<Vec<Step>> {
    let is_key = |part: &str| {
        let inner = [("[", "]"), ("{", "}"), ("<", ">")]
            .iter()
            .find_map(|(open, close)| part.strip_prefix(open)?.strip_suffix(close));
        inner.is_some_and(|it| {
            let letters = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
            it.starts_with(|c: char| c.is_ascii_alphabetic()) && it.chars().all(letters)
        })
    };
    let is_name = |part: &str| part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let parts: Vec<&str> = name.split('.').collect();
    let ends_with_name = parts.last().is_some_and(|it| is_name(it) && !it.is_empty());
    if !ends_with_name || !parts.iter().any(|it| is_key(it)) {
        return None;
    }
    let mut steps: Vec<Step> = Vec::new();
    for part in parts {
        if is_key(part) {
            let last = steps.last_mut().filter(|it| !it.is_map)?;
            last.is_map = true;
        } else if is_name(part) && !part.is_empty() {
            steps.push(Step::literal(part));
        } else {
            return None;
        }
    }
    Some(steps)
}

/// A nested name that repeats its parent's is not applied twice: `customer.name` inside `customer`.
pub(super) fn without_parent<'n>(name: &'n str, parent: &str) -> &'n str {
    let last = parent
        .rsplit('.')
        .next()
        .unwrap_or(parent)
        .trim_end_matches("[]");
    [parent, last]
        .iter()
        .find_map(|prefix| {
            let rest = name.strip_prefix(*prefix)?;
            let rest = rest.strip_prefix("[]").unwrap_or(rest);
            rest.strip_prefix('.').filter(|rest| !rest.is_empty())
        })
        .unwrap_or(name)
}

/// A member, and the way to it.
pub(super) struct Leaf {
    pub(super) steps: VecDeque<Step>,
    pub(super) member: Member,
}

/// Puts members where their names lead to, in the order in which they are documented.
pub(super) fn insert(members: &mut Vec<Member>, leaves: Vec<Leaf>) {
    let places = members.iter().enumerate();
    let mut places: HashMap<String, usize> = places
        .map(|(place, member)| (member.name.clone(), place))
        .collect();
    // What leads further inside waits, so that each object is looked through once and not for each of its members.
    let mut inner: BTreeMap<usize, Vec<Leaf>> = BTreeMap::new();
    for mut leaf in leaves {
        let Some(step) = leaf.steps.pop_front() else {
            continue;
        };
        let place = places.get(&step.name).copied();
        if place.is_none() {
            places.insert(step.name.clone(), members.len());
        }
        if !leaf.steps.is_empty() {
            let place = place.unwrap_or_else(|| {
                members.push(implied(&step, &leaf.member));
                members.len() - 1
            });
            if let Some(member) = members.get_mut(place).filter(|_| step.is_map) {
                lead_through_keys(&mut member.shape);
            }
            inner.entry(place).or_default().push(leaf);
            continue;
        }
        match place.and_then(|place| members.get_mut(place).zip(Some(place))) {
            Some((known, place)) => {
                insert_inside(known, inner.remove(&place));
                repeat(known, leaf.member);
            }
            None => members.push(Member {
                name: step.name,
                ..leaf.member
            }),
        }
    }
    for (place, leaves) in inner {
        if let Some(member) = members.get_mut(place) {
            insert_inside(member, Some(leaves));
        }
    }
}

fn insert_inside(member: &mut Member, leaves: Option<Vec<Leaf>>) {
    if let Some(leaves) = leaves
        && let Some(members) = room_for_members(&mut member.shape)
    {
        insert(members, leaves);
    }
}

/// Makes an object of which nothing is known one with keys of the client's choice.
fn lead_through_keys(shape: &mut Shape) {
    let is_bare = match &shape.kind {
        ShapeKind::Object { members, .. } => members.is_empty(),
        ShapeKind::Unknown => true,
        _ => false,
    };
    if is_bare {
        let kind = ShapeKind::Object {
            members: Vec::new(),
            open: Openness::Unknown,
        };
        shape.kind = ShapeKind::Map(Box::new(Shape::new(kind, shape.evidence)));
    }
}

/// The same name twice on one page: both readings are possible.
fn repeat(known: &mut Member, again: Member) {
    if known.shape != again.shape {
        let first = std::mem::replace(&mut known.shape, Shape::unknown());
        known.shape = join::either(first, again.shape);
        known.required = None;
    }
}

/// The object that a dotted name speaks of, if nothing else documents it.
fn implied(step: &Step, leaf: &Member) -> Member {
    let evidence = leaf
        .evidence
        .map(|evidence| Evidence::new(evidence.span, &DOTTED_NAME));
    let object = Shape::object(Vec::new(), evidence);
    let shape = if step.is_array {
        Shape::new(ShapeKind::Array(Box::new(object)), evidence)
    } else {
        object
    };
    Member {
        name: step.name.clone(),
        shape,
        required: None,
        evidence,
    }
}

/// The members of an object that so far may have had none.
fn room_for_members(shape: &mut Shape) -> Option<&mut Vec<Member>> {
    if !matches!(
        shape.kind,
        ShapeKind::Object { .. } | ShapeKind::Array(_) | ShapeKind::Map(_)
    ) {
        shape.kind = Shape::object(Vec::new(), None).kind;
    }
    match &mut shape.kind {
        ShapeKind::Array(items) => room_for_members(items),
        // One name with a key in it does not tell all that stands below the key.
        ShapeKind::Map(values) => match &mut values.kind {
            ShapeKind::Object { members, .. } => Some(members),
            _ => None,
        },
        ShapeKind::Object { members, open } => {
            *open = Openness::Closed;
            Some(members)
        }
        _ => None,
    }
}
