//! Objects that pages without an endpoint document, put where answers are shown with exactly their members, and the
//! notations that all values of a kind have.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;

use crate::conform::chain::split;
use crate::conform::pattern::pattern;
use crate::model::answer;
use crate::model::json::{Json, JsonKind};

use crate::model::shape::format::accepts;
use crate::model::shape::format::accepts_integer;
use crate::model::shape::{Constraints, Member, Openness, Shape, ShapeKind};
use crate::model::shared::{ALL_ARE_THERE, NULL_IS_THERE, Remark, Thing};
use crate::model::types::{Format, Type};
use crate::model::{Api, Fact, Field, Operation, Response};
use crate::source::Span;

/// Answers are not looked at deeper.
const DEPTH: usize = 4;

/// Gives answers the objects that they are shown with.
pub(super) fn give(api: &mut Api, things: &[Thing]) {
    if things.is_empty() {
        return;
    }
    for operation in &mut api.operations {
        let successes = operation.responses.iter_mut();
        for response in successes.filter(|it| it.status.is_success()) {
            of_response(response, things);
        }
    }
}

fn of_response(response: &mut Response, things: &[Thing]) {
    let [example] = response.examples.as_slice() else {
        return;
    };
    let Some(value) = example.value() else {
        return;
    };
    if let Some(shape) = &mut response.shape {
        fill(shape, &mut response.fields, value, things, 0);
        return;
    }
    if let Some(thing) = thing_of(value, things) {
        response.shape = Some(thing.shape.clone());
        response.fields.clone_from(&thing.fields);
        return;
    }
    // Without fields, what is around the objects is of the kinds that the example shows.
    let mut shape = answer::shown_kinds(value, example.span);
    let mut fields = Vec::new();
    if is_held(value, things, 0) && shape.members().len() == value.members().len() {
        around(&mut shape, &mut fields, value, things);
        response.shape = Some(shape);
        response.fields = fields;
    }
}

/// True if a value, or something inside of it, is shown with exactly the members of one of the things.
fn is_held(value: &Json, things: &[Thing], depth: usize) -> bool {
    let mut inner = value.members().iter().map(|it| &it.value);
    let mut items = value.items().iter().take(1);
    thing_of(value, things).is_some()
        || depth < DEPTH
            && (inner.any(|it| is_held(it, things, depth + 1))
                || items.any(|it| is_held(it, things, depth + 1)))
}

/// The one thing that has exactly the members that are shown.
fn thing_of<'t>(value: &Json, things: &'t [Thing]) -> Option<&'t Thing> {
    let JsonKind::Object(members) = &value.kind else {
        return None;
    };
    let shown: BTreeSet<&str> = members.iter().map(|it| it.key.as_str()).collect();
    let is_it = |thing: &&Thing| {
        let names = thing.fields.iter().map(|it| it.name.value.as_str());
        names.collect::<BTreeSet<_>>() == shown
    };
    let mut found = things.iter().filter(is_it);
    let only = found.next().filter(|_| found.next().is_none())?;
    // What the page shows itself may be another thing with the same names.
    only.shape.mismatches(value).is_empty().then_some(only)
}

/// The thing that an array of objects shows in each of its items.
fn thing_of_items<'t>(value: &Json, things: &'t [Thing]) -> Option<&'t Thing> {
    let first = thing_of(value.items().first()?, things)?;
    let mut items = value.items().iter();
    items
        .all(|it| thing_of(it, things).is_some_and(|it| std::ptr::eq(it, first)))
        .then_some(first)
}

/// Puts things below the members of an object that no field documents.
fn around(shape: &mut Shape, fields: &mut Vec<Field>, value: &Json, things: &[Thing]) {
    let ShapeKind::Object { members, .. } = &mut shape.kind else {
        return;
    };
    for member in members {
        let Some(shown) = value.get(&member.name) else {
            continue;
        };
        let (thing, is_list) = match thing_of(shown, things) {
            Some(thing) => (thing, false),
            None => match thing_of_items(shown, things) {
                Some(thing) => (thing, true),
                None => continue,
            },
        };
        put(member, thing, is_list);
        let Some(first) = thing.fields.first() else {
            continue;
        };
        let kind = if is_list {
            Type::Array(Some(Box::new(Type::Object)))
        } else {
            Type::Object
        };
        let name = Fact {
            value: member.name.clone(),
            evidence: first.name.evidence,
        };
        fields.push(Field {
            name,
            kind,
            type_text: None,
            required: None,
            default: None,
            description: String::new(),
            deprecated: false,
            variant: None,
            prose: std::sync::Arc::default(),
            children: thing.fields.clone(),
            ..first.clone()
        });
    }
}

fn put(member: &mut Member, thing: &Thing, is_list: bool) {
    member.shape = if is_list {
        let evidence = member.shape.evidence;
        Shape::new(ShapeKind::Array(Box::new(thing.shape.clone())), evidence)
    } else {
        thing.shape.clone()
    };
}

/// Gives members that are documented as objects of which nothing is said the members of the thing that they show.
fn fill(shape: &mut Shape, fields: &mut [Field], value: &Json, things: &[Thing], depth: usize) {
    let ShapeKind::Object { members, .. } = &mut shape.kind else {
        return;
    };
    for member in members {
        let Some(shown) = value.get(&member.name) else {
            continue;
        };
        let field = fields
            .iter_mut()
            .find(|field| field.name.value == member.name);
        if !is_open(&member.shape) {
            if let Some(field) = field.filter(|_| depth < DEPTH) {
                fill(
                    &mut member.shape,
                    &mut field.children,
                    shown,
                    things,
                    depth + 1,
                );
            }
            continue;
        }
        let of_items = thing_of_items(shown, things);
        let is_list = of_items.is_some();
        let Some(thing) = thing_of(shown, things).or(of_items) else {
            continue;
        };
        let nullable = member.shape.nullable;
        put(member, thing, is_list);
        member.shape.nullable = nullable;
        if let Some(field) = field.filter(|field| field.children.is_empty()) {
            field.children.clone_from(&thing.fields);
        }
    }
}

/// True for an object, or an array, of whose members nothing is documented.
fn is_open(shape: &Shape) -> bool {
    match &shape.kind {
        ShapeKind::Array(items) => {
            matches!(items.kind, ShapeKind::Unknown | ShapeKind::Any) || is_open(items)
        }
        ShapeKind::Object { members, open } => {
            members.is_empty() && !matches!(open, Openness::Open(_))
        }
        _ => false,
    }
}

/// Gives answers of which only an example tells the members that other operations document as always there with one value,
/// such as `"ok": true`, where their example shows them.
pub(super) fn agree(api: &mut Api) {
    let mut known: BTreeMap<String, (usize, Member)> = BTreeMap::new();
    for operation in &api.operations {
        let successes = operation
            .responses
            .iter()
            .filter(|it| it.status.is_success());
        let members = successes
            .filter_map(|it| it.shape.as_ref())
            .flat_map(Shape::members);
        for member in members {
            let is_promised = member.required.as_ref().is_some_and(|it| it.value);
            if is_promised && member.shape.constraints.constant.is_some() {
                let entry = known.entry(member.name.clone());
                entry.or_insert_with(|| (0, member.clone())).0 += 1;
            }
        }
    }
    known.retain(|_, (count, _)| *count > 1);
    if known.is_empty() {
        return;
    }
    for operation in &mut api.operations {
        let successes = operation.responses.iter_mut();
        for response in successes.filter(|it| it.status.is_success()) {
            agree_in(response, &known);
        }
    }
}

fn agree_in(response: &mut Response, known: &BTreeMap<String, (usize, Member)>) {
    let [example] = response.examples.as_slice() else {
        return;
    };
    let Some(value) = example.value() else {
        return;
    };
    let is_shown = |member: &Member| {
        let shown = value.get(&member.name).map(Json::to_value);
        let constant = member.shape.constraints.constant.as_ref();
        shown.is_some() && shown.as_ref() == constant.map(|it| &it.value)
    };
    let shown = known.values().map(|(_, member)| member);
    let shown: Vec<Member> = shown.filter(|it| is_shown(it)).cloned().collect();
    if shown.is_empty() {
        return;
    }
    let shape = response
        .shape
        .get_or_insert_with(|| answer::shown_kinds(value, example.span));
    let ShapeKind::Object { members, .. } = &mut shape.kind else {
        return;
    };
    for promised in shown {
        let member = members.iter_mut().find(|it| it.name == promised.name);
        if let Some(member) = member.filter(|it| it.required.is_none()) {
            *member = promised;
        }
    }
}

/// Expects members whose text says when they are `null`, and that every example shows: then, too, they are there. Where a
/// sentence says that all fields always are, all are expected.
pub(super) fn expect_null(api: &mut Api, remarks: &[Remark]) {
    let mut all = remarks.iter().map(|it| &it.text);
    let all = all.find(|text| says_all_are_there(&text.value));
    let all = all.map(|text| text.evidence.span);
    for operation in &mut api.operations {
        let successes = operation.responses.iter_mut();
        for response in successes.filter(|it| it.status.is_success()) {
            let values = response.examples.iter().filter_map(|it| it.value());
            let values: Vec<&Json> = values.collect();
            if let Some(shape) = &mut response.shape {
                expect_null_in(shape, &response.fields, &values, all, 0);
            }
        }
    }
}

/// True for a sentence that says that no field of an answer is ever left out.
fn says_all_are_there(sentence: &str) -> bool {
    static ALL: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:every|all|each|any)\b[^.;]*\b(?:fields?|members?|keys|propert(?:y|ies)|attributes?)\b[^.;]*
                (?:\balways\s+(?:there|present|included|returned|sent|set)\b|\b(?:is|are)\s+(?:always\s+)?(?:present\s+|included\s+|there\s+)?in\s+(?:every|each|all)\s+(?:responses?|answers?)\b)
            | \bno\s+(?:field|member|key|property|attribute)\b[^.;]*\b(?:left\s+out|omitted)\b
            | \b(?:fields?|members?|keys|propert(?:y|ies)|attributes?)\b[^.;]*\bnull\b[^.;]*\bnever\s+(?:left\s+out|omitted|missing|absent)\b
            | \b(?:responses?|answers?)\s+always\s+(?:have|has|contains?|holds?|includes?)\s+(?:all|every)\b",
        )
    });
    static SOME: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:not\s+(?:every|all)|required|requests?|query|send|sent\s+by|unless|except|only|if|when|optional|errors?|webhooks?|may)\b",
        )
    });
    ALL.is_match(sentence) && !SOME.is_match(sentence)
}

fn expect_null_in(
    shape: &mut Shape,
    fields: &[Field],
    shown: &[&Json],
    all: Option<Span>,
    depth: usize,
) {
    static WHEN_NULL: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)`null`\s+(?:for|if|when|unless|until|while|as\s+long\s+as|before)\b|\b(?:else|otherwise)\s+(?:it\s+is\s+)?`null`|\bor\s+`null`\s*(?:[.;]|$|for|if|when)",
        )
    });
    static ABSENT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:optional|omitted|left\s+out|absent|missing|only\s+(?:there|present|returned|included)|may\s+be)\b",
        )
    });
    if let ShapeKind::Array(items) = &mut shape.kind {
        let shown: Vec<&Json> = shown.iter().flat_map(|it| it.items()).collect();
        expect_null_in(items, fields, &shown, all, depth);
        return;
    }
    let ShapeKind::Object { members, .. } = &mut shape.kind else {
        return;
    };
    if depth > DEPTH || shown.is_empty() {
        return;
    }
    for member in members {
        let Some(field) = fields.iter().find(|it| it.name.value == member.name) else {
            continue;
        };
        let inner: Option<Vec<&Json>> = shown.iter().map(|it| it.get(&member.name)).collect();
        let Some(inner) = inner else {
            continue;
        };
        let text = field.description.as_str();
        let is_open = member.required.is_none() && !ABSENT.is_match(text);
        member.required = match all.filter(|_| is_open) {
            Some(span) => Some(Fact::new(true, span, &ALL_ARE_THERE)),
            None if is_open && member.shape.nullable.is_some() && WHEN_NULL.is_match(text) => {
                Some(Fact::new(true, field.open, &NULL_IS_THERE))
            }
            None => member.required.take(),
        };
        expect_null_in(&mut member.shape, &field.children, &inner, all, depth + 1);
    }
}

/// Gives members the notations that all values of their kind have, where everything that is shown has it.
pub(super) fn note(api: &mut Api, notations: &[Fact<Format>]) {
    // Who names two notations of times uses each for some of them.
    let [notation] = notations else {
        return;
    };
    for operation in &mut api.operations {
        for response in operation
            .responses
            .iter_mut()
            .filter(|it| it.status.is_success())
        {
            let values = response.examples.iter().filter_map(|it| it.value());
            let values: Vec<&Json> = values.collect();
            if let Some(shape) = &mut response.shape {
                note_in(shape, &values, notation, 0);
            }
        }
        if matches!(
            notation.value,
            Format::UnixSeconds | Format::UnixMilliseconds
        ) {
            note_inputs(operation, notation);
        }
    }
}

/// Gives the numbers of a body that are points in time by their names the notation of all times.
fn note_inputs(operation: &mut Operation, notation: &Fact<Format>) {
    let Some(body) = &mut operation.body else {
        return;
    };
    let ShapeKind::Object { members, .. } = &mut body.shape.kind else {
        return;
    };
    for member in members {
        let constraints = &member.shape.constraints;
        let is_free = **constraints == Constraints::default();
        let is_time = split(&member.name).last().is_some_and(|it| it == "at");
        if member.shape.kind == ShapeKind::Integer && is_free && is_time {
            let mut constraints = (**constraints).clone();
            constraints.format = Some(notation.clone());
            member.shape.constraints = constraints.into();
        }
    }
}

fn note_in(shape: &mut Shape, shown: &[&Json], notation: &Fact<Format>, depth: usize) {
    if depth > DEPTH {
        return;
    }
    match &mut shape.kind {
        ShapeKind::Array(items) => {
            let shown: Vec<&Json> = shown.iter().flat_map(|it| it.items()).collect();
            note_in(items, &shown, notation, depth + 1);
        }
        ShapeKind::Object { members, .. } => {
            for member in members {
                let shown: Vec<&Json> =
                    shown.iter().filter_map(|it| it.get(&member.name)).collect();
                note_in(&mut member.shape, &shown, notation, depth + 1);
            }
        }
        ShapeKind::String | ShapeKind::Integer => {
            let is_number = shape.kind == ShapeKind::Integer;
            let is_null = |it: &&&Json| it.kind == JsonKind::Null;
            let mut told = shown.iter().filter(|it| !is_null(it)).peekable();
            let is_shown = told.peek().is_some()
                && told.all(|value| match &value.kind {
                    JsonKind::String(text) => !is_number && accepts(&notation.value, text),
                    JsonKind::Number(number) => {
                        let moment = number.to_string().parse().unwrap_or_default();
                        is_number
                            && moment > 100_000_000
                            && accepts_integer(&notation.value, moment)
                    }
                    _ => false,
                });
            let mut constraints = (*shape.constraints).clone();
            let is_free = constraints.format.is_none() && constraints.allowed.is_none();
            if is_shown && is_free {
                constraints.format = Some(notation.clone());
                shape.constraints = constraints.into();
            }
        }
        _ => {}
    }
}

/// True if the answers of operations have a member of that name, and none of them may have it as `null`.
pub(crate) fn is_never_null<'o>(
    operations: impl Iterator<Item = &'o Operation>,
    name: &str,
) -> bool {
    const DEEPEST: usize = 4;
    fn collect<'s>(shape: &'s Shape, name: &str, depth: usize, into: &mut Vec<&'s Shape>) {
        let inner = match &shape.kind {
            ShapeKind::Array(items) => return collect(items, name, depth, into),
            _ => shape.members(),
        };
        for member in inner {
            if member.name == name {
                into.push(&member.shape);
            } else if depth > 0 {
                collect(&member.shape, name, depth - 1, into);
            }
        }
    }
    let mut found = Vec::new();
    for response in operations.flat_map(|it| &it.responses) {
        if let Some(shape) = response
            .shape
            .as_ref()
            .filter(|_| response.status.is_success())
        {
            collect(shape, name, DEEPEST, &mut found);
        }
    }
    !found.is_empty() && !found.iter().any(|it| it.allows_null())
}

#[cfg(test)]
mod tests {
    use super::says_all_are_there;

    #[test]
    fn sentences_say_that_all_fields_are_there() {
        for text in [
            "Every field of a response is always there.",
            "All documented fields are always present.",
            "Every member that a page lists is in every answer.",
            "No field is ever left out: without a value it is `null`.",
            "Fields without a value are `null` and never omitted.",
            "Responses always contain all fields.",
        ] {
            assert!(says_all_are_there(text), "{text}");
        }
        for text in [
            "Every request has all required fields.",
            "Not every field is always present.",
            "All fields are always present, except `note`.",
            "Every field has a type.",
            "Fields without a value are `null`.",
            "All error fields are always there.",
            "Optional fields are never `null`, but left out.",
        ] {
            assert!(!says_all_are_there(text), "{text}");
        }
    }
}
