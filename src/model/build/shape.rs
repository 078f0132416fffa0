//! Fields to shapes: nesting, dotted names, stand-ins for the root, and envelopes.

use std::collections::HashSet;
use std::sync::Arc;

use crate::model::evidence::{Evidence, Fact, Origin, ReadingRule};
use crate::model::json::{Json, JsonKind};
use crate::model::operation::Field;
use crate::model::shape::{Member, Shape, ShapeKind};
use crate::model::types::Type;

use super::dotted::{self, Leaf, Step};
use super::envelope::{enveloped, wrapper};
use super::{alike, keyed, named, prose};

/// The type language reads a type string.
pub static TYPE_STRING: ReadingRule = ReadingRule {
    name: "type-string",
    origin: Origin::Type,
    summary: "the type language reads a type string; what it does not understand is unknown and never judged",
};
static UNTYPED_FIELD: ReadingRule = ReadingRule {
    name: "untyped-field",
    origin: Origin::Inferred,
    summary: "a field without a type may hold any value, and one with nested fields is an object",
};
static LISTED_MEMBERS: ReadingRule = ReadingRule {
    name: "listed-members",
    origin: Origin::Inferred,
    summary: "a page that lists members of an object lists them all",
};
static ROOT_ARRAY: ReadingRule = ReadingRule {
    name: "root-array",
    origin: Origin::Inferred,
    summary: "fields that no example shows at its root, but in the items of its array, describe the items",
};
static ENVELOPE: ReadingRule = ReadingRule {
    name: "envelope",
    origin: Origin::Inferred,
    summary: "fields that no example shows at its root, but below one member, describe what stands below that member",
};
static MEMBER_OF_VARIANT: ReadingRule = ReadingRule {
    name: "member-of-variant",
    origin: Origin::Inferred,
    summary: "a member that only one of several titled parts lists is required of no value",
};
/// How the code here reads pages.
pub(super) static READING_RULES: &[&ReadingRule] = &[
    &TYPE_STRING,
    &UNTYPED_FIELD,
    &LISTED_MEMBERS,
    &ROOT_ARRAY,
    &ENVELOPE,
    &dotted::DOTTED_NAME,
    &MEMBER_OF_VARIANT,
    &alike::LIKE_ANOTHER,
];

/// The shape of one field with what is nested in it.
pub(super) fn of_field(field: &Field) -> Shape {
    of_field_with(field, &HashSet::new())
}

/// The same where examples show `literal` keys with dots in them.
fn of_field_with(field: &Field, literal: &HashSet<&str>) -> Shape {
    let evidence = type_evidence(field);
    let mut shape = if field.children.is_empty() {
        Shape::from_type(&field.kind, evidence)
    } else if let Some(items) = placed_items(field, evidence) {
        items
    } else {
        let members = members(&field.children, Some(&field.name.value), literal, literal);
        let kind = named::with_scalars(field);
        with_members(&kind, &object(members, evidence), evidence)
    };
    prose::apply(&field.prose, &mut shape);
    // Of a map, some people document the values, and others the keys that are always there.
    let keyed = match field.kind {
        Type::Map(..) => field.prose.keyed.or(Some(evidence)),
        _ => field.prose.keyed.or_else(|| keyed::each(&field.children)),
    };
    if let (Some(keyed), ShapeKind::Object { members, .. }) = (keyed, &shape.kind)
        && !members.is_empty()
    {
        let samples = keyed::sample(members, keyed);
        let values = Shape::object(members.clone(), Some(keyed));
        let map = Shape::new(ShapeKind::Map(Box::new(values)), Some(keyed));
        let object = Shape::new(shape.kind, shape.evidence);
        // Of what fits equally badly, the first is named.
        let variants = std::iter::once(map).chain(samples).chain([object]);
        shape.kind = ShapeKind::Union(variants.collect());
    }
    shape
}

/// The object, or array of objects, that fields describe; examples decide between readings of their names.
pub(super) fn of_members(fields: &[Field], examples: &[&Json]) -> Shape {
    of_answer(fields, examples, None)
}

/// The same of what is sent, where the bodies of examples only decide which names are no paths.
pub(super) fn of_body(fields: &[Field], examples: &[&Json], bodies: &[&Json]) -> Shape {
    of_root(fields, examples, bodies, None)
}

/// The same of an answer; `said` is where the page says that it has keys of the server's choice.
pub(super) fn of_answer(fields: &[Field], examples: &[&Json], said: Option<Evidence>) -> Shape {
    of_root(fields, examples, examples, said)
}

fn of_root(
    fields: &[Field],
    examples: &[&Json],
    bodies: &[&Json],
    said: Option<Evidence>,
) -> Shape {
    let Some(first) = fields.first() else {
        return Shape::unknown();
    };
    if let [only] = fields
        && !is_root_stand_in(&only.name.value)
        && let Some(keyed) = keyed::by_name(only, examples)
    {
        // "For each user" is said of the keys.
        let mut entry = only.clone();
        Arc::make_mut(&mut entry.prose).keyed = None;
        let values = Box::new(of_field(&entry));
        return Shape::new(ShapeKind::Map(values), Some(keyed));
    }
    if let [only] = fields
        && let Some(shape) = stand_in_by_content(only, examples)
    {
        return shape;
    }
    if let [only] = fields
        && is_index(&only.name.value)
        && !matches!(only.kind, Type::Array(_) | Type::Tuple(_))
        && !examples.is_empty()
        && examples
            .iter()
            .all(|it| matches!(it.kind, JsonKind::Array(_)))
    {
        let evidence = Evidence::new(only.name.evidence.span, &ROOT_ARRAY);
        return Shape::array(of_field(only), Some(evidence));
    }
    if let [only] = fields
        && is_root_stand_in(&only.name.value)
        && !examples
            .iter()
            .any(|example| example.get(&only.name.value).is_some())
        && !(examples.is_empty() && only.children.is_empty())
    {
        return of_field(only);
    }
    if fields
        .iter()
        .all(|field| of_root_items(&field.name.value).is_some())
    {
        return root_items(fields, examples);
    }
    let keys = bodies.iter().flat_map(|example| example.members());
    let at_root: HashSet<&str> = keys.map(|member| member.key.as_str()).collect();
    let mut dotted = HashSet::new();
    for example in bodies {
        dotted_keys(example, KEYS_DEPTH, &mut dotted);
    }
    let members = members(fields, None, &at_root, &dotted);
    let span = first.name.evidence.span;
    let evidence = Evidence::new(span, &LISTED_MEMBERS);
    let names: Vec<_> = members.iter().map(|member| member.name.clone()).collect();
    let mut object = object(members, evidence);
    // A table may leave out what a list of fields would not.
    if first.name.evidence.origin <= Origin::Prose {
        object.open(first.name.evidence);
    }
    let shows = |value: &Json| names.iter().any(|name| value.get(name).is_some());
    // An empty list shows no members, and is a list of what the fields describe.
    let describes_items =
        |example: &&Json| example.is_empty_list() || example.items().iter().any(shows);
    if !examples.is_empty() && examples.iter().all(describes_items) {
        let evidence = Evidence::new(span, &ROOT_ARRAY);
        return Shape::new(ShapeKind::Array(Box::new(object)), Some(evidence));
    }
    if let Some(map) = keyed::map_of(&object, examples, said, span) {
        return map;
    }
    let fit = |value: &Json| {
        names
            .iter()
            .filter(|name| value.get(name).is_some())
            .count()
    };
    let at_root = examples.iter().map(|example| fit(example)).max();
    let wrappers = examples.iter().filter_map(|example| wrapper(example, &fit));
    if let Some(wrapper) = wrappers.max_by_key(|wrapper| wrapper.fit)
        && wrapper.fits_better_than(at_root.unwrap_or(0))
        && (wrapper.path.len() == 1 || wrapper.fit * 2 > names.len())
    {
        let beside = |name: &str| {
            let mut inside = examples.iter().filter_map(|it| wrapper.reached(it));
            let at_root = examples.iter().any(|it| it.get(name).is_some());
            name != wrapper.key() && at_root && !inside.any(|it| it.get(name).is_some())
        };
        let outer = take_members(&mut object, beside);
        return enveloped(&wrapper, object, outer, Evidence::new(span, &ENVELOPE));
    }
    object
}

/// Takes the members of those names out of the object.
fn take_members(object: &mut Shape, is_taken: impl Fn(&str) -> bool) -> Vec<Member> {
    let Some(members) = object.members_mut() else {
        return Vec::new();
    };
    let (taken, left) = std::mem::take(members)
        .into_iter()
        .partition(|member| is_taken(&member.name));
    *members = left;
    taken
}

/// The rest of a name that starts at the items of the body: `id` of `[].id`.
pub(super) fn of_root_items(name: &str) -> Option<&str> {
    let rest = name.trim().strip_prefix('[')?;
    let (index, rest) = rest.split_once(']')?;
    let is_index = index
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'*');
    rest.strip_prefix('.')
        .filter(|rest| is_index && !rest.is_empty())
}

/// The array that fields with names such as `[].id` describe.
fn root_items(fields: &[Field], examples: &[&Json]) -> Shape {
    let mut items = fields.to_vec();
    for field in &mut items {
        if let Some(rest) = of_root_items(&field.name.value) {
            field.name.value = rest.to_owned();
        }
    }
    let shown: Vec<_> = examples
        .iter()
        .flat_map(|example| example.items())
        .collect();
    let span = fields.first().map(|field| field.name.evidence.span);
    let evidence = span.map(|span| Evidence::new(span, &dotted::DOTTED_NAME));
    Shape::array(of_members(&items, &shown), evidence)
}

/// The array of which nested fields document the items by their places, `[0]` and `[1]`, or all of them as `[]` or `item`.
fn placed_items(field: &Field, evidence: Evidence) -> Option<Shape> {
    if !matches!(field.kind, Type::Array(_) | Type::Tuple(_)) {
        return None;
    }
    let parent = field.name.value.trim();
    let place = |child: &Field| {
        let name = child.name.value.trim();
        let name = name.strip_prefix(parent).unwrap_or(name);
        name.trim_matches(['[', ']', '.']).to_owned()
    };
    let is_number = |child: &Field| {
        let place = place(child);
        !place.is_empty() && place.bytes().all(|byte| byte.is_ascii_digit())
    };
    if field.children.iter().all(is_number) {
        // Each place has a type of its own.
        return Some(Shape::array(Shape::unknown(), Some(evidence)));
    }
    let [only] = field.children.as_slice() else {
        return None;
    };
    let is_item = matches!(
        place(only).as_str(),
        "" | "*" | "i" | "n" | "item" | "items"
    );
    let is_scalar = matches!(
        only.kind,
        Type::String(_) | Type::Integer(_) | Type::Number(_) | Type::Boolean
    );
    (is_item && is_scalar).then(|| Shape::array(of_field(only), Some(evidence)))
}

/// A single field for a body that is one value, as all examples show.
fn stand_in_of_scalar(field: &Field, examples: &[&Json]) -> Option<Shape> {
    let shape = of_field(field);
    let is_scalar = |example: &&Json| {
        matches!(
            example.kind,
            JsonKind::String(_) | JsonKind::Number(_) | JsonKind::Bool(_)
        )
    };
    let shows = |example: &&Json| is_scalar(example) && shape.matches(example);
    examples.iter().all(shows).then_some(shape)
}

/// A single field that no example shows by its name, while they show what is nested in it: it stands for the body.
fn stand_in_by_content(field: &Field, examples: &[&Json]) -> Option<Shape> {
    let named = |example: &&Json| example.get(field.name.value.trim()).is_some();
    if examples.is_empty() || examples.iter().any(named) {
        return None;
    }
    if field.children.is_empty() {
        return stand_in_of_scalar(field, examples);
    }
    let shows = |value: &Json| {
        field
            .children
            .iter()
            .any(|child| value.get(child.name.value.trim()).is_some())
    };
    let fit = |value: &Json| usize::from(shows(value));
    let shape = of_field(field);
    let at_root = |example: &&Json| shows(example) || example.items().iter().any(shows);
    if examples.iter().all(at_root) {
        let is_list = |example: &&Json| !example.items().is_empty();
        let is_item = examples.iter().all(is_list)
            && matches!(shape.kind, ShapeKind::Object { .. })
            && (!is_root_stand_in(&field.name.value) || says_array(&field.name.value));
        return Some(if is_item {
            let evidence = Evidence::new(field.name.evidence.span, &ROOT_ARRAY);
            Shape::array(shape, Some(evidence))
        } else {
            shape
        });
    }
    let wrapper = examples.iter().find_map(|example| wrapper(example, &fit))?;
    let evidence = Evidence::new(field.name.evidence.span, &ENVELOPE);
    let object = match shape.kind {
        ShapeKind::Array(items) => *items,
        _ => shape,
    };
    Some(enveloped(&wrapper, object, Vec::new(), evidence))
}

/// Names that stand for any key: `*`, `{key}`, `[id]`, `<name>`, `...`, `*_at`, `line1..3`.
fn is_wildcard(name: &str) -> bool {
    name.contains(['*', '…'])
        || name.contains("..")
        || [("{", "}"), ("<", ">"), ("[", "]")]
            .iter()
            .any(|(open, close)| name.starts_with(open) && name.ends_with(close) && name != "[]")
}

/// True if the type is a file or an array of files.
pub(super) fn is_file(kind: &Type) -> bool {
    match kind {
        Type::File => true,
        Type::Array(Some(items)) => is_file(items),
        Type::Union(types) => types.iter().any(is_file),
        _ => false,
    }
}

/// An object of these members; one that stands for any key leaves the object open.
fn object(mut members: Vec<Member>, evidence: Evidence) -> Shape {
    let named = members.len();
    members.retain(|member| !is_wildcard(&member.name));
    let is_open = members.len() < named;
    let mut shape = Shape::object(members, Some(evidence));
    if is_open {
        shape.open(evidence);
    }
    shape
}

fn type_evidence(field: &Field) -> Evidence {
    match &field.type_text {
        // A table is no attribute.
        Some(text) if text.evidence.origin <= Origin::Prose => text.evidence,
        Some(text) => Evidence::new(text.evidence.span, &TYPE_STRING),
        None => Evidence::new(field.open, &UNTYPED_FIELD),
    }
}

/// Puts the nested members where the type leaves room for an object; without such room, they win over the type.
fn with_members(kind: &Type, object: &Shape, evidence: Evidence) -> Shape {
    match kind {
        Type::Array(Some(items)) => {
            let is_left_out = items.allows_absence();
            let mut items = with_members(items, object, evidence);
            // No item can be left out of a list.
            items.nullable = items.nullable.or(is_left_out.then_some(evidence));
            Shape::new(ShapeKind::Array(Box::new(items)), Some(evidence))
        }
        Type::Array(None) => Shape::new(ShapeKind::Array(Box::new(object.clone())), Some(evidence)),
        Type::Tuple(items) if !items.is_empty() => {
            let items = with_members(&Type::union(items.iter().cloned()), object, evidence);
            Shape::new(ShapeKind::Array(Box::new(items)), Some(evidence))
        }
        Type::Union(types) => {
            let has_any = types.iter().any(has_room);
            // Beside an object, an array of whatever has no members of its own.
            let has_object = types
                .iter()
                .any(|kind| matches!(kind, Type::Object | Type::Named(_)));
            let has_room = |kind: &&Type| {
                let is_bare = has_object && matches!(kind, Type::Array(None));
                has_room(kind) && !is_bare || !has_any && matches!(kind, Type::Array(_))
            };
            let roomy: Vec<_> = types.iter().filter(has_room).collect();
            let mut shape = match roomy.as_slice() {
                [] => object.clone(),
                [only] => with_members(only, object, evidence),
                several => {
                    let shapes = several
                        .iter()
                        .map(|kind| with_members(kind, object, evidence))
                        .collect();
                    Shape::new(ShapeKind::Union(shapes), Some(evidence))
                }
            };
            if types
                .iter()
                .any(|kind| !has_room(&kind) && !is_nothing(kind))
                && !roomy.is_empty()
            {
                let others = types
                    .iter()
                    .filter(|kind| !has_room(kind) && !is_nothing(kind));
                let mut shapes = vec![shape];
                shapes.extend(others.map(|kind| Shape::from_type(kind, evidence)));
                shape = Shape::new(ShapeKind::Union(shapes), Some(evidence));
            }
            if types.contains(&Type::Null) {
                shape.nullable = Some(evidence);
            }
            shape
        }
        _ => object.clone(),
    }
}

/// True for types of no value.
fn is_nothing(kind: &Type) -> bool {
    matches!(kind, Type::Null | Type::Undefined)
}

/// True for a type that may be an object, or an array of objects.
fn has_room(kind: &Type) -> bool {
    match kind {
        Type::Object | Type::Named(_) | Type::Map(..) | Type::Array(None) => true,
        Type::Array(Some(items)) => has_room(items),
        Type::Union(types) | Type::Tuple(types) => types.iter().any(has_room),
        _ => false,
    }
}

/// Names that stand for any key are looked for so many levels deep in dotted names.
const WILDCARDS_DEPTH: usize = 4;

/// Leaves the objects open in which a dotted name such as `rates.{currency}.rate` names any key.
fn without_wildcards(shape: &mut Shape, depth: usize) {
    if depth == 0 {
        return;
    }
    match &mut shape.kind {
        ShapeKind::Array(items) => without_wildcards(items, depth - 1),
        ShapeKind::Object { members, .. } => {
            let wild = members.iter().find(|member| is_wildcard(&member.name));
            let evidence = wild.and_then(|member| member.evidence);
            members.retain(|member| !is_wildcard(&member.name));
            for member in members {
                without_wildcards(&mut member.shape, depth - 1);
            }
            if let Some(evidence) = evidence {
                shape.open(evidence);
            }
        }
        _ => {}
    }
}

/// Keys with dots are looked for so many levels deep.
const KEYS_DEPTH: usize = 8;

/// The keys that have a dot in them, at any level.
fn dotted_keys<'j>(value: &'j Json, depth: usize, into: &mut HashSet<&'j str>) {
    for member in value.members() {
        if member.key.contains('.') {
            into.insert(&member.key);
        }
    }
    if depth > 0 {
        let inner = value.members().iter().map(|member| &member.value);
        for value in inner.chain(value.items()) {
            dotted_keys(value, depth - 1, into);
        }
    }
}

/// The members that fields document; `parent` is the name of the field around them, `literal` are names that are no paths
/// here, and `dotted` those that are none further inside.
fn members(
    fields: &[Field],
    parent: Option<&str>,
    literal: &HashSet<&str>,
    dotted: &HashSet<&str>,
) -> Vec<Member> {
    let mut leaves = Vec::new();
    for field in fields {
        let name = field.name.value.trim();
        if name.is_empty() {
            continue;
        }
        let name = parent.map_or(name, |parent| dotted::without_parent(name, parent));
        let names = if literal.contains(name) {
            vec![name]
        } else {
            dotted::several(name)
        };
        let shape = match alike::of(field, fields) {
            Some(field) => of_field_with(&field, dotted),
            None => of_field_with(field, dotted),
        };
        for name in names {
            leaves.push(leaf(field, name, literal, shape.clone()));
        }
    }
    let mut members = Vec::new();
    dotted::insert(&mut members, leaves);
    for member in &mut members {
        without_wildcards(&mut member.shape, WILDCARDS_DEPTH);
    }
    members.shrink_to_fit();
    members
}

/// A member of that name, and the way to it.
fn leaf(field: &Field, name: &str, literal: &HashSet<&str>, mut shape: Shape) -> Leaf {
    let steps = if literal.contains(name) {
        vec![Step::literal(name)]
    } else {
        dotted::steps(name)
    };
    if let Some(last) = steps.last()
        && last.is_array
        && !matches!(shape.kind, ShapeKind::Array(_))
    {
        shape = Shape::new(
            ShapeKind::Array(Box::new(shape)),
            Some(type_evidence(field)),
        );
    }
    let member = Member {
        name: String::new(),
        shape,
        required: requirement(field),
        evidence: Some(field.name.evidence),
    };
    Leaf {
        steps: steps.into(),
        member,
    }
}

/// `required` and `optional` as stated, else what the text says of the member's presence.
fn requirement(field: &Field) -> Option<Fact<bool>> {
    if let Some(variant) = &field.variant {
        return Some(Fact::new(false, variant.evidence.span, &MEMBER_OF_VARIANT));
    }
    field
        .required
        .clone()
        .or_else(|| field.prose.required.clone())
}

/// Names of the items of a body that is an array: `[]`, `[*]`, `[0]`, `[i]`.
fn is_index(name: &str) -> bool {
    let index = name
        .trim()
        .strip_prefix('[')
        .and_then(|it| it.strip_suffix(']'));
    index.is_some_and(|it| {
        matches!(it, "" | "*" | "i" | "n") || it.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// Names that stand for the body as a whole.
pub(super) fn is_root_stand_in(name: &str) -> bool {
    let name = name.trim().to_ascii_lowercase();
    matches!(
        name.as_str(),
        "array" | "response" | "object" | "root" | "[]" | "(root)" | "body"
    ) || name.starts_with("array (") && name.ends_with(')')
        || name.starts_with("array of ")
}

/// True for the name of a field that stands for a body and calls it an array, whatever its type is: `Array (Book)`.
fn says_array(name: &str) -> bool {
    let name = name.trim().to_ascii_lowercase();
    name == "[]" || name.starts_with("array")
}
