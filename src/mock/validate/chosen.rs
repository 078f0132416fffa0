//! Members that one of several titled parts requires, where a constant says which part is meant.
//!
//! `<Tab title="Card">` with `type`, "Always `card`", and a required `token` beside another tab: an object whose `type` is
//! `card` needs the token. The shape of such an object requires none of both, as it holds for either.

use crate::mock::places::Places;
use crate::model::Field;
use crate::model::json::{Json, JsonKind};

use super::{At, Violation, rejects};
use crate::model::shape::Shape;

/// Deeper objects are not looked at.
const DEEPEST: usize = 8;

/// True if alternatives stand in titled parts of the page.
pub(super) fn has_parts(fields: &[Field]) -> bool {
    let mut fields = fields.iter();
    fields.any(|field| field.variant.is_some() || has_parts(&field.children))
}

/// The required members that a body lacks.
pub(super) fn missing(fields: &[Field], body: &Json, places: &Places) -> Vec<Violation> {
    let mut found = Vec::new();
    add(fields, body, "", 0, places, &mut found);
    found
}

fn add(
    fields: &[Field],
    value: &Json,
    at: &str,
    depth: usize,
    places: &Places,
    found: &mut Vec<Violation>,
) {
    if depth > DEEPEST {
        return;
    }
    for (index, item) in value.items().iter().enumerate() {
        add(
            fields,
            item,
            &format!("{at}/{index}"),
            depth + 1,
            places,
            found,
        );
    }
    if !matches!(value.kind, JsonKind::Object(_)) {
        return;
    }
    let part = chosen(fields, value);
    for field in fields {
        let name = field.name.value.trim();
        let at = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
        match value.get(name) {
            Some(value) => add(&field.children, value, &at, depth + 1, places, found),
            None if part.is_some() && title(field) == part && is_required(field) => {
                let place = places.of(field.name.evidence.span);
                let shape = Shape::from_type(&field.kind, field.name.evidence);
                found.push(Violation::missing(At::Body(at), &shape, Some(place)));
            }
            None => {}
        }
    }
}

fn title(field: &Field) -> Option<&str> {
    field.variant.as_ref().map(|title| title.value.as_str())
}

fn is_required(field: &Field) -> bool {
    let required = field.required.as_ref();
    required.is_some_and(|it| it.value && rejects(Some(it.evidence)))
}

/// The one part whose constants a value has.
fn chosen<'f>(fields: &'f [Field], value: &Json) -> Option<&'f str> {
    let is_told = |part: &str| {
        let own = fields.iter().filter(|field| title(field) == Some(part));
        let told = own.filter_map(|field| {
            let constant = field.prose.constant.as_ref()?;
            let sent = value.get(field.name.value.trim())?;
            Some(sent.to_value() == constant.value)
        });
        let told: Vec<bool> = told.collect();
        !told.is_empty() && told.iter().all(|it| *it)
    };
    let mut parts: Vec<&str> = fields.iter().filter_map(title).collect();
    parts.sort_unstable();
    parts.dedup();
    let mut told = parts.into_iter().filter(|part| is_told(part));
    told.next().filter(|_| told.next().is_none())
}
