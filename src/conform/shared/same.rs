//! Answers that have the fields of another operation: "The event, with the same fields as [Get an event](/get-event)."
//!
//! Without the fields nothing but the kinds of an example could be held against a server.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::pattern::pattern;
use crate::model::json::Json;
use crate::model::shape::{Openness, Shape, ShapeKind};
use crate::model::types::Type;
use crate::model::{Api, Example, Field, Operation, Response};

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
            let whole = || {
                let mut whole = texts.iter().filter_map(|it| of_whole(it, &lenders, &own));
                whole
                    .next()
                    .filter(|lender| is_shown_within(response, lender))
            };
            if let (Some(lender), true) = (named.next().or_else(whole), is_bare) {
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
    named(SAME.captures(&text)?.name("of")?.as_str(), lenders, own)
}

/// The operation whose answer a text says to be this one: "The whole order, as in [Get an order](/get-order), with its status."
fn of_whole<'l>(text: &str, lenders: &'l [(String, Lent)], own: &str) -> Option<&'l Lent> {
    static WHOLE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^\s*(?:(?:returns|answers\s+with|the\s+(?:answer|response)\s+is|you\s+get)\s+)?(?:the|an?)\s+(?:(?:whole|complete|full|entire|same|updated|changed|new|created|resulting|cancelled|current)\s+)*\w+(?:\s+(?:object|record|resource))?,?\s+(?:just\s+|exactly\s+)?(?:as|like)\s+(?:(?:it\s+is\s+)?(?:described|documented|shown|returned|given|answered|known)\s+)?(?:in|on|by|under|at|from|with)\s+(?P<of>[^.;]+)",
        )
    });
    let text = text.to_lowercase();
    named(WHOLE.captures(&text)?.name("of")?.as_str(), lenders, own)
}

/// True if an answer is shown, and nothing in it that the lender does not document.
fn is_shown_within(response: &Response, lender: &Lent) -> bool {
    let shown = response.examples.iter().filter_map(Example::value);
    let shown: Vec<Value> = shown.map(Json::to_value).collect();
    let has = |name: &String| lender.fields.iter().any(|it| it.name.value == *name);
    !shown.is_empty()
        && shown.iter().all(|it| {
            let members = it.as_object();
            members.is_some_and(|it| !it.is_empty() && it.keys().all(has))
        })
}

/// The operation whose title words begin with.
fn named<'l>(of: &str, lenders: &'l [(String, Lent)], own: &str) -> Option<&'l Lent> {
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

#[cfg(test)]
mod tests {
    use crate::conform::tests::documentation;

    #[test]
    fn the_whole_thing_of_another_page_has_its_fields() {
        let read = "---\ntitle: Get a lamp\napi: GET /lamps/{id}\n---\n\n<ResponseField name=\"id\" type=\"string\" required>Id.</ResponseField>\n<ResponseField name=\"lit\" type=\"boolean\" required>Lit.</ResponseField>\n\n```json 200\n{\"id\": \"l_1\", \"lit\": true}\n```\n";
        let of = |text: &str, shown: &str| {
            let page = format!(
                "---\ntitle: Light a lamp\napi: POST /lamps/{{id}}/light\n---\n\n{text}\n\n```json 200\n{shown}\n```\n"
            );
            let (_, mut documentation) = documentation("", &[read, &page]);
            crate::conform::shared::spread(&mut documentation.api);
            documentation.api.operations[1].responses[0].fields.len()
        };
        let shown = "{\"id\": \"l_1\", \"lit\": true}";
        let whole = "The whole lamp, as in [Get a lamp](/lamps/get), with `lit` set.";
        assert_eq!(of(whole, shown), 2);
        let other = "{\"id\": \"l_1\", \"lit\": true, \"watts\": 4}";
        assert_eq!(of(whole, other), 0);
        assert_eq!(of("Works as in [Get a lamp](/lamps/get).", shown), 0);
    }
}
