//! Examples and fields of an answer that has variants: `<Tab title="Done">` beside an example with the title `Done`.
//!
//! An example belongs to the variant that its title names, and fields outside of all variants belong to each of them. An
//! example that names none may be of any, so that what the variants list is documented for it, and required by none.

use crate::model::evidence::Fact;
use crate::model::names::letters;
use crate::model::operation::{Example, Field, Response, Status};
use crate::model::types::Type;

/// Puts examples to the variants that they name, and common fields into the variants.
pub(super) fn put_together(responses: &mut Vec<Response>) {
    for side in [Status::Success, Status::Error] {
        let is_side = |it: &Response| it.status.is_success() == side.is_success();
        let is_variant =
            |it: &Response| is_side(it) && it.variant.is_some() && !it.fields.is_empty();
        // One alone stands beside those of the other side.
        if !responses.iter().any(is_variant) {
            continue;
        }
        let is_whole =
            |it: &Response| is_side(it) && it.variant.is_none() && !it.examples.is_empty();
        let wholes: Vec<usize> = (0..responses.len())
            .filter(|index| responses.get(*index).is_some_and(is_whole))
            .collect();
        // From the last one, as those that have no examples left go away.
        for index in wholes.into_iter().rev() {
            share_out(responses, index, is_variant);
        }
    }
}

/// Puts the examples of a response to the variants that they name; those that name none may be of any.
fn share_out(
    responses: &mut Vec<Response>,
    index: usize,
    is_variant: impl Fn(&Response) -> bool + Copy,
) {
    let Some(whole) = responses.get_mut(index) else {
        return;
    };
    let common = whole.fields.clone();
    let examples = std::mem::take(&mut whole.examples);
    let mut left = Vec::new();
    for example in examples {
        let mut variants = responses.iter_mut().filter(|it| is_variant(it));
        match variants.find(|it| names(&example, it)) {
            Some(variant) => variant.examples.push(example),
            None => left.push(example),
        }
    }
    let is_named = |it: &Response| is_variant(it) && !it.examples.is_empty();
    for variant in responses.iter_mut().filter(|it| is_named(it)) {
        add(&mut variant.fields, &common);
    }
    if left.is_empty() {
        responses.remove(index);
        return;
    }
    let any = if common.is_empty() {
        Vec::new()
    } else {
        of_any(responses.iter().filter(|it| is_variant(it)))
    };
    if let Some(whole) = responses.get_mut(index) {
        add(&mut whole.fields, &any);
        whole.examples = left;
    }
}

/// True if the title of the example is that of the variant, as far as letters go.
fn names(example: &Example, variant: &Response) -> bool {
    let title = letters(example.title.as_deref().unwrap_or_default());
    let own = variant.variant.as_ref().map(|it| letters(&it.value));
    !title.is_empty() && own.is_some_and(|own| own == title)
}

/// Adds the fields whose names are not there yet.
fn add(fields: &mut Vec<Field>, more: &[Field]) {
    for field in more {
        let name = field.name.value.trim();
        if !fields.iter().any(|it| it.name.value.trim() == name) {
            fields.push(field.clone());
        }
    }
}

fn has_members(field: &Field) -> bool {
    !field.children.is_empty()
}

/// What any of the variants lists: required of no value, and of any type where they differ.
fn of_any<'r>(variants: impl Iterator<Item = &'r Response>) -> Vec<Field> {
    let mut found: Vec<Field> = Vec::new();
    for (variant, title) in variants.filter_map(|it| Some((it, it.variant.as_ref()?))) {
        for field in &variant.fields {
            let name = field.name.value.trim();
            match found.iter_mut().find(|it| it.name.value.trim() == name) {
                Some(known)
                    if known.kind != field.kind || has_members(known) || has_members(field) =>
                {
                    known.kind = Type::Any;
                    known.children.clear();
                }
                Some(_) => {}
                None => found.push(Field {
                    variant: Some(Fact::clone(title)),
                    ..field.clone()
                }),
            }
        }
    }
    found
}
