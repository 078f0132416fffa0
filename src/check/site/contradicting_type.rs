//! One resource has members of different types on different pages.
//!
//! Two response objects are one resource if they belong to one collection (`/books`, `/books/{id}`), and share most of
//! their members. Only types that no value satisfies both of are held against each other.

use std::collections::BTreeMap;

use crate::diagnostic::{Cause, Diagnostic, Rule, Severity};
use crate::model::json::{Json, JsonKind, Member};
use crate::model::types::{Type, class, excludes};
use crate::model::{Api, Field, Operation, Origin};
use crate::source::FileId;

pub(super) static RULE: Rule = Rule {
    name: "contradicting-type",
    severity: Severity::Warning,
    summary: "a member of one resource has different types on different pages",
};

/// Fewer members do not make a resource recognizable.
const MEMBERS: usize = 4;

/// The members of one response object.
struct Object<'a> {
    operation: &'a Operation,
    file: FileId,
    /// Whether an OpenAPI file states it.
    is_specified: bool,
    subject: String,
    members: BTreeMap<&'a str, &'a Field>,
}

pub(super) fn check(api: &Api, diagnostics: &mut Vec<Diagnostic>) {
    let mut collections: BTreeMap<String, Vec<Object<'_>>> = BTreeMap::new();
    for operation in &api.operations {
        let objects = collections.entry(collection(operation)).or_default();
        for response in operation
            .responses
            .iter()
            .filter(|it| it.status.is_success())
        {
            objects_of(operation, &response.fields, "response", objects);
        }
    }
    for objects in collections.values() {
        compare(objects, diagnostics);
    }
}

/// Host and path up to the first parameter, without the verb that may follow: what pages of one resource share.
fn collection(operation: &Operation) -> String {
    let path = operation.joined_path();
    let fixed: Vec<&str> = path
        .split('/')
        .filter(|part| !part.is_empty())
        .take_while(|part| !part.starts_with(['{', ':']))
        .collect();
    fixed.join("/")
}

fn objects_of<'a>(
    operation: &'a Operation,
    fields: &'a [Field],
    subject: &str,
    into: &mut Vec<Object<'a>>,
) {
    for field in fields {
        let inner = format!("{subject}.{}", field.name.value);
        objects_of(operation, &field.children, &inner, into);
    }
    let members: BTreeMap<_, _> = fields
        .iter()
        .map(|field| (field.name.value.as_str(), field))
        .collect();
    if let (true, Some(first)) = (members.len() >= MEMBERS, fields.first()) {
        into.push(Object {
            operation,
            file: first.open.file,
            is_specified: first.name.evidence.origin == Origin::Specification,
            subject: subject.to_owned(),
            members,
        });
    }
}

/// Each object beside the first one that is the same resource: as many comparisons as objects.
fn compare(objects: &[Object<'_>], diagnostics: &mut Vec<Diagnostic>) {
    let mut resources: Vec<&Object<'_>> = Vec::new();
    for object in objects {
        let Some(known) = resources
            .iter()
            .take(LOOKED_AT)
            .find(|known| is_same(known, object))
        else {
            resources.push(object);
            continue;
        };
        // What page and file say otherwise of one operation is another rule's finding.
        if known.file == object.file || known.is_specified != object.is_specified {
            continue;
        }
        for (name, field) in &object.members {
            let Some(other) = known.members.get(name) else {
                continue;
            };
            if !excludes(&field.kind, &other.kind) {
                continue;
            }
            let is_shown = |of: &Object<'_>, field: &Field| shows(of.operation, name, &field.kind);
            if may_stand_for_object(&field.kind, &other.kind)
                && is_shown(object, field)
                && is_shown(known, other)
            {
                continue;
            }
            let place = |field: &Field| {
                let stated = field.type_text.as_ref();
                stated.map_or(field.name.evidence.span, |text| text.evidence.span)
            };
            let kind = |field: &Field| {
                let stated = field.type_text.as_ref();
                stated.map_or_else(|| field.kind.to_string(), |text| text.value.clone())
            };
            let message = format!(
                "`{name}` is documented as {} here, and as {} by `{}`",
                kind(field),
                kind(other),
                known.operation.name()
            );
            diagnostics.push(
                Diagnostic::new(&RULE, place(field), message)
                    .label(kind(field))
                    .related(place(other), kind(other))
                    .help("make the pages of the resource agree")
                    .subject(format!("{}.{name}", object.subject))
                    .cause(cause(name, &kind(field), &kind(other), known.operation))
                    .operation(object.operation.name()),
            );
        }
    }
}

/// True for an object and what may be its identifier: an API may answer with either of them.
fn may_stand_for_object(one: &Type, other: &Type) -> bool {
    let pair = [class(one), class(other)];
    pair.contains(&Some("object"))
        && (pair.contains(&Some("string")) || pair.contains(&Some("number")))
}

/// True if an example of the operation shows a member of that name with a value of the type.
fn shows(operation: &Operation, name: &str, kind: &Type) -> bool {
    let wanted = class(kind);
    operation.shown_successes().any(|value| {
        holds(value, DEPTH, &|member: &Member| {
            member.key == name && wanted == class_of(&member.value.kind)
        })
    })
}

/// Members are looked for so many levels deep.
const DEPTH: usize = 4;

fn holds(value: &Json, depth: usize, is_it: &impl Fn(&Member) -> bool) -> bool {
    depth > 0
        && (value
            .items()
            .iter()
            .any(|item| holds(item, depth - 1, is_it))
            || value
                .members()
                .iter()
                .any(|member| is_it(member) || holds(&member.value, depth - 1, is_it)))
}

fn class_of(kind: &JsonKind) -> Option<&'static str> {
    match kind {
        JsonKind::Object(_) => Some("object"),
        JsonKind::String(_) => Some("string"),
        JsonKind::Number(_) => Some("number"),
        _ => None,
    }
}

/// Members of one object that differ in one way are one difference, and so is one member on several pages.
fn cause(name: &str, kind: &str, other: &str, operation: &Operation) -> Cause {
    let operation = operation.name();
    Cause::on_page(format!("{kind} {other} {operation}"))
        .of(
            format!("`{name}`"),
            format!("{{}} are documented as {kind} here, and as {other} by `{operation}`"),
            "make the pages of the resource agree",
        )
        .across(format!("{kind} {other}"))
}

/// More resources of one collection are not told apart.
const LOOKED_AT: usize = 32;

/// True if most members of each are members of the other, too.
fn is_same(one: &Object<'_>, other: &Object<'_>) -> bool {
    let shared = one
        .members
        .keys()
        .filter(|name| other.members.contains_key(*name))
        .count();
    shared * 10 >= one.members.len().max(other.members.len()) * 7
}
