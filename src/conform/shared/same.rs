//! Answers that have the fields of another operation: "The event, with the same fields as [Get an event](/get-event)."
//!
//! Without the fields nothing but the kinds of an example could be held against a server.

use std::sync::LazyLock;

use regex::Regex;

use crate::conform::pattern::pattern;
use crate::model::shape::{Openness, Shape, ShapeKind};
use crate::model::types::Type;
use crate::model::{Api, Field, Operation};

/// What is borrowed: the fields of an object, and its shape.
#[derive(Clone)]
struct Lent {
    fields: Vec<Field>,
    shape: Shape,
}

/// Gives answers the fields of the operations that their pages name.
pub(super) fn borrow(api: &mut Api) {
    let lenders: Vec<(String, Lent)> = api.operations.iter().filter_map(lent).collect();
    for operation in &mut api.operations {
        let own = title(operation);
        let texts: Vec<String> = operation
            .remarks
            .iter()
            .map(|it| it.value.clone())
            .collect();
        for response in &mut operation.responses {
            if !response.status.is_success() {
                continue;
            }
            for field in &mut response.fields {
                let lender = of_text(&field.description, &lenders, &own);
                if let (Some(lender), true) = (lender, is_open_list(field)) {
                    field.children.clone_from(&lender.fields);
                    if let Some(shape) = &mut response.shape {
                        fill(shape, &field.name.value, &lender.shape);
                    }
                }
            }
            let is_bare = response.fields.is_empty() && response.shape.is_none();
            let mut named = texts.iter().filter_map(|it| of_text(it, &lenders, &own));
            if let (Some(lender), true) = (named.next(), is_bare) {
                response.fields.clone_from(&lender.fields);
                response.shape = Some(lender.shape.clone());
            }
        }
    }
}

fn title(operation: &Operation) -> String {
    operation.title.clone().unwrap_or_default().to_lowercase()
}

/// What an operation has to lend: one answer of a success that is an object with fields.
fn lent(operation: &Operation) -> Option<(String, Lent)> {
    let mut successes = operation
        .responses
        .iter()
        .filter(|it| it.status.is_success() && !it.fields.is_empty());
    let only = successes.next().filter(|_| successes.next().is_none())?;
    let shape = only.shape.clone()?;
    let is_object = matches!(
        shape.kind,
        ShapeKind::Object {
            open: Openness::Closed,
            ..
        }
    );
    let title = title(operation);
    (is_object && title.contains(' ')).then(|| {
        let lent = Lent {
            fields: only.fields.clone(),
            shape,
        };
        (title, lent)
    })
}

/// The operation whose fields a text says that something has.
fn of_text<'l>(text: &str, lenders: &'l [(String, Lent)], own: &str) -> Option<&'l Lent> {
    static SAME: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:same\s+(?:fields|members|properties|shape|structure|format)\s+as|(?:the\s+)?(?:fields|members|properties|shape)\s+(?:of|as\s+in|from))\s+(?P<of>[^.;]+)",
        )
    });
    let text = text.to_lowercase();
    let of = SAME.captures(&text)?.name("of")?.as_str().to_owned();
    let of = of.trim_start_matches(['[', '`']);
    let mut named = lenders
        .iter()
        .filter(|(title, _)| title != own && of.starts_with(title.as_str()));
    let (_, only) = named.next()?;
    named.next().is_none().then_some(only)
}

/// True for a list of objects, or an object, that says nothing about its members by itself.
fn is_open_list(field: &Field) -> bool {
    let is_of_objects = match &field.kind {
        Type::Array(Some(items)) => matches!(**items, Type::Object),
        Type::Object => true,
        _ => false,
    };
    is_of_objects && field.children.is_empty()
}

fn fill(shape: &mut Shape, name: &str, lent: &Shape) {
    let ShapeKind::Object { members, .. } = &mut shape.kind else {
        return;
    };
    let Some(member) = members.iter_mut().find(|it| it.name == name) else {
        return;
    };
    let place = match &mut member.shape.kind {
        ShapeKind::Array(items) => items,
        _ => &mut member.shape,
    };
    if place.members().is_empty() {
        place.kind = lent.kind.clone();
    }
}
