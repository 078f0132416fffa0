//! Titled parts of a page that turn out to be sections of one object, because an example shows the members of several.
//!
//! Tabs and accordions beside each other hold alternatives, unless something shows that they do not.

use crate::model::json::{Json, JsonKind};
use crate::model::operation::{Field, Response};

/// Objects of an example are looked for so many levels deep.
const DEPTH: usize = 2;
/// More items of an array show nothing new.
const ITEMS: usize = 8;

/// Puts the fields of variants back together of which an example shows members of at least two in one object.
pub(super) fn of_one_object(responses: &mut Vec<Response>) {
    let mut index = 0;
    while index < responses.len() {
        if is_part(&responses[index]) && shows_several(responses, index) {
            merge(responses, index);
        }
        index += 1;
    }
}

/// True for a variant of which there is no example: its title may be that of a section.
fn is_part(response: &Response) -> bool {
    response.variant.is_some() && response.examples.is_empty() && !response.fields.is_empty()
}

/// True if both describe answers of the same status.
fn is_same_status(one: &Response, other: &Response) -> bool {
    one.status.code() == other.status.code() && one.status.is_success() == other.status.is_success()
}

/// True if an example of a response without a variant shows fields of two parts in one object.
fn shows_several(responses: &[Response], first: usize) -> bool {
    let Some(first) = responses.get(first) else {
        return false;
    };
    let parts: Vec<_> = responses
        .iter()
        .filter(|it| is_part(it) && is_same_status(it, first))
        .collect();
    let examples = responses
        .iter()
        .filter(|it| it.status.is_success() == first.status.is_success())
        .flat_map(|it| &it.examples);
    let mut objects = Vec::new();
    for value in examples.filter_map(|example| example.value()) {
        collect(value, DEPTH, &mut objects);
    }
    objects.iter().any(|object| {
        let shown = parts.iter().filter(|part| {
            // Alternatives may share names; what they do not share tells.
            let others = parts.iter().filter(|it| !std::ptr::eq(**it, **part));
            let shared: Vec<_> = others.flat_map(|it| &it.fields).map(name).collect();
            let mut own = part.fields.iter().map(name);
            own.any(|name| !shared.contains(&name) && object.get(name).is_some())
        });
        shown.count() > 1
    })
}

fn collect<'j>(value: &'j Json, depth: usize, objects: &mut Vec<&'j Json>) {
    match &value.kind {
        JsonKind::Array(items) => {
            for item in items.iter().take(ITEMS) {
                collect(item, depth, objects);
            }
        }
        JsonKind::Object(members) => {
            objects.push(value);
            if depth > 0 {
                for member in members {
                    collect(&member.value, depth - 1, objects);
                }
            }
        }
        _ => {}
    }
}

fn name(field: &Field) -> &str {
    field.name.value.trim()
}

/// Makes one response of the parts; that which has no variant takes them, if there is one.
fn merge(responses: &mut Vec<Response>, first: usize) {
    let Some(status) = responses.get(first).cloned() else {
        return;
    };
    let is_taken = |it: &Response| is_part(it) && is_same_status(it, &status);
    let mut fields: Vec<Field> = Vec::new();
    for part in responses.iter().filter(|it| is_taken(it)) {
        fields.extend(part.fields.iter().cloned());
    }
    for field in &mut fields {
        field.variant = None;
    }
    responses.retain(|it| !is_taken(it));
    let whole = |it: &&mut Response| it.variant.is_none() && is_same_status(it, &status);
    match responses.iter_mut().find(whole) {
        Some(known) => known.fields.extend(fields),
        None => responses.push(Response {
            variant: None,
            fields,
            ..status
        }),
    }
}
