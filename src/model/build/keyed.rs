//! Objects of which examples show that their keys are data: `{"en": {"title": …}, "de": {"title": …}}`.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::mdx::Prose;
use crate::model::build::pattern::{Pattern, pattern};
use crate::model::evidence::{Evidence, Origin, ReadingRule};
use crate::model::json::{Json, JsonKind};
use crate::model::operation::Field;
use crate::model::shape::{Member, Openness, Shape, ShapeKind};
use crate::source::Span;

static KEYED_IN_EXAMPLE: ReadingRule = ReadingRule {
    name: "keyed-in-example",
    origin: Origin::Inferred,
    summary: "an object that is shown with several other keys than those of its fields, each of which holds what the fields describe, has keys of the server's choice",
};
static KEYED_IN_TEXT: ReadingRule = ReadingRule {
    name: "keyed-in-text",
    origin: Origin::Prose,
    summary: "text outside of fields such as `keyed by day` says that the fields describe the values of a map, or the items of lists in it",
};
static KEY_IN_NAME: ReadingRule = ReadingRule {
    name: "key-in-name",
    origin: Origin::Inferred,
    summary: "a field at the top whose name stands for any key, such as `<user_id>`, `{date}`, `*`, `YYYY-MM-DD`, or `SYMBOL`, and is shown in no example, describes the values of a map; so does any other that is not shown, if its text speaks of keys or if all values are shown with its members alone",
};
/// How the code here reads pages.
pub(super) static READING_RULES: &[&ReadingRule] =
    &[&KEYED_IN_EXAMPLE, &KEYED_IN_TEXT, &KEY_IN_NAME];

/// The map whose values the only field of an answer describes, if its name is no key that an example shows.
pub(super) fn by_name(field: &Field, examples: &[&Json]) -> Option<Evidence> {
    let name = field.name.value.trim();
    let is_child = |key: &str| field.children.iter().any(|it| it.name.value == key);
    let is_object = |value: &&Json| {
        let mut members = value.members().iter().peekable();
        members.peek().is_some() && members.all(|it| it.key != name && !is_child(&it.key))
    };
    let is_map = !examples.is_empty() && examples.iter().all(is_object);
    let evidence = Evidence::new(field.name.evidence.span, &KEY_IN_NAME);
    let spells = |key: &str| key.eq_ignore_ascii_case(name);
    let is_spelled = || {
        let mut keys = examples.iter().flat_map(|value| value.members());
        keys.any(|it| spells(&it.key))
    };
    let is_any = || {
        let fits = values_fit(field, examples);
        stands_for_any(name) && !is_spelled()
            || fits && (speaks_of_keys(&field.description) || are_keys(examples))
    };
    (is_map && is_any()).then_some(evidence)
}

/// True for a text that speaks of the key itself: "The key is the symbol.", "For each user."
fn speaks_of_keys(text: &str) -> bool {
    const WORDS: [&str; 9] = [
        "the key is",
        "key is the",
        "as the key",
        "name of the key",
        "keyed by",
        "keys are",
        "for each ",
        "for every ",
        "one per ",
    ];
    let lower = text.to_lowercase();
    WORDS.iter().any(|it| lower.contains(it))
}

/// True if all values that examples show are objects with members of the field and no others.
fn values_fit(field: &Field, examples: &[&Json]) -> bool {
    let names = field.children.iter().map(|it| it.name.value.trim());
    let names: HashSet<&str> = names.collect();
    let mut entries = examples.iter().flat_map(|value| value.members());
    entries.all(|entry| {
        let inner = entry.value.members();
        !inner.is_empty() && inner.iter().all(|it| names.contains(it.key.as_str()))
    })
}

/// True for several keys beside each other, or for such as are data: one name alone may be another one of the field.
fn are_keys(examples: &[&Json]) -> bool {
    let are_several = examples.iter().any(|it| it.members().len() >= FEWEST);
    let mut keys = examples.iter().flat_map(|value| value.members());
    are_several || keys.all(|it| is_data(&it.key))
}

/// True for names that are written in the place of a key: `<user_id>`, `:user_id`, `[key: string]`, `USER_ID`, `id (dynamic)`.
fn stands_for_any(name: &str) -> bool {
    let name = name.trim_matches('`');
    let pairs = [('<', '>'), ('{', '}'), ('[', ']'), ('(', ')')];
    let is_within = pairs.iter().any(|(open, close)| {
        let inside = name
            .strip_prefix(*open)
            .and_then(|it| it.strip_suffix(*close));
        inside.is_some_and(|it| {
            !it.trim().is_empty() && !it.starts_with(|c: char| c.is_ascii_digit())
        })
    });
    let is_escaped = name.starts_with("&lt;") && name.ends_with("&gt;");
    let is_variable = name
        .strip_prefix([':', '$'])
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()));
    let lower = name.to_ascii_lowercase();
    let is_word = lower.ends_with("(dynamic)")
        || matches!(
            lower.as_str(),
            "*" | "additionalproperties"
                | "additional properties"
                | "additional-properties"
                | "additional_properties"
        );
    let is_capital = |c: char| c.is_ascii_uppercase() || matches!(c, '_' | '-');
    let is_mask = name.len() > 2 && name.chars().all(is_capital);
    is_within || is_escaped || is_variable || is_word || is_mask
}

/// Where a text says that an answer has keys of the server's choice.
pub(super) fn said(prose: &Prose) -> Option<Evidence> {
    static KEYED: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(concat!(
            r"(?im)(?:^|[.:]\s)\s*(?:an?\s+(?:object|map)\s+)?((?:keyed|indexed|grouped)\s+by)\b",
            r"|\b(?:object|map|response|answer|results?|entries)\b[^.\n]{0,40}\b((?:keyed|indexed|grouped)\s+by)\b",
            r"|\b((?:an?|one)\s+(?:key|entry|member|property)\s+(?:per|for\s+(?:each|every)))\b",
            r"|\b((?:map|mapping|dictionary)\s+(?:of|from)\s+[a-z]+\s+to)\b",
        ))
    });
    let found = KEYED.captures(prose.text.text())?;
    let found = (1..=4).find_map(|group| found.get(group))?;
    Some(Evidence::new(
        prose.text.span(found.range()),
        &KEYED_IN_TEXT,
    ))
}

/// Where the only field says that it stands for any: "For each currency."
pub(super) fn each(fields: &[Field]) -> Option<Evidence> {
    let [only] = fields else {
        return None;
    };
    let text = only.description.to_lowercase();
    let is_any = [
        "each ",
        "every ",
        "for each ",
        "for every ",
        "one for each ",
        "one per ",
    ]
    .iter()
    .any(|start| text.starts_with(start));
    only.prose.keyed.filter(|_| is_any)
}

/// The map of which the only member is a sample: `EUR`, below "By currency".
pub(super) fn sample(members: &[Member], keyed: Evidence) -> Option<Shape> {
    let [only] = members else {
        return None;
    };
    let is_scalar = matches!(
        only.shape.kind,
        ShapeKind::String | ShapeKind::Integer | ShapeKind::Number | ShapeKind::Boolean
    );
    is_scalar.then(|| {
        let values = Shape::new(only.shape.kind.clone(), Some(keyed));
        Shape::new(ShapeKind::Map(Box::new(values)), Some(keyed))
    })
}

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

/// The map that all examples are, with values or lists of values that the object describes; `said` is where a text says
/// that there are such keys.
pub(super) fn map_of(
    object: &Shape,
    examples: &[&Json],
    said: Option<Evidence>,
    span: Span,
) -> Option<Shape> {
    let ShapeKind::Object {
        members,
        open: Openness::Closed,
    } = &object.kind
    else {
        return None;
    };
    let fewest = if said.is_some() { 1 } else { FEWEST };
    let mut kinds = examples
        .iter()
        .map(|value| is_keyed(members, value, fewest));
    let kind = kinds.next()??;
    let is_map = kinds.all(|it| it == Some(kind));
    // Members with a name of their own may hold lists of one kind, too.
    let is_plain = |value: &&Json| !value.members().iter().all(|entry| is_data(&entry.key));
    if !is_map || kind == Values::Lists && said.is_none() && examples.iter().any(is_plain) {
        return None;
    }
    let evidence = said.unwrap_or_else(|| Evidence::new(span, &KEYED_IN_EXAMPLE));
    let values = match kind {
        Values::Objects => object.clone(),
        Values::Lists => Shape::array(object.clone(), Some(evidence)),
    };
    Some(Shape::new(ShapeKind::Map(Box::new(values)), Some(evidence)))
}

/// True for a key that is no name: a date, a number, an identifier, an address.
fn is_data(key: &str) -> bool {
    let is_name = |c: char| c.is_ascii_lowercase() || c == '_';
    let is_code = key.len() > 1 && key.chars().all(|c| c.is_ascii_uppercase());
    let has_digit = key.contains(|c: char| c.is_ascii_digit());
    is_code
        || has_digit && !key.starts_with(is_name)
        || key.contains([':', '@', '/', '-', '.', ' '])
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
        let mut kinds = objects.iter().map(|value| is_keyed(members, value, FEWEST));
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

/// So many keys tell that they are data.
const FEWEST: usize = 2;

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
fn is_keyed(members: &[Member], value: &Json, fewest: usize) -> Option<Values> {
    let names: HashSet<&str> = members.iter().map(|member| member.name.as_str()).collect();
    let describes = |value: &Json| {
        let inner = value.members();
        !inner.is_empty()
            && inner
                .iter()
                .all(|member| names.contains(member.key.as_str()))
    };
    let shown = value.members();
    if shown.len() < fewest || shown.iter().any(|entry| names.contains(entry.key.as_str())) {
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
