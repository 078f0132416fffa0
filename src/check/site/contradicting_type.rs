//! One resource has members of different types on different pages.
//!
//! Two response objects are one resource if they belong to one collection (`/books`, `/books/{id}`), and share most of
//! their members. Only types that no value satisfies both of are held against each other.

use std::collections::BTreeMap;

use crate::diagnostic::{Cause, Diagnostic, Rule, Severity};
use crate::model::types::Type;
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
        let is_specified =
            |it: &Object<'_>| it.operation.endpoint.evidence.origin == Origin::Specification;
        if known.file == object.file || is_specified(known) != is_specified(object) {
            continue;
        }
        for (name, field) in &object.members {
            let Some(other) = known.members.get(name) else {
                continue;
            };
            if !excludes(&field.kind, &other.kind) {
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
                    .cause(Cause::on_site(format!(
                        "{name} {} {}",
                        kind(field),
                        kind(other)
                    )))
                    .operation(object.operation.name()),
            );
        }
    }
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

/// True if no value is of both types.
pub(super) fn excludes(one: &Type, other: &Type) -> bool {
    let (Some(one), Some(other)) = (class(one), class(other)) else {
        return false;
    };
    one != other
}

/// The JSON type, if it is plainly one: numbers are one type, and words for strings may stand for what they hold.
fn class(kind: &Type) -> Option<&'static str> {
    let mut alternatives = kind.alternatives().iter().filter(|it| **it != Type::Null);
    let only = alternatives.next()?;
    if alternatives.next().is_some() {
        return None;
    }
    match only {
        Type::Boolean => Some("boolean"),
        Type::Integer(_) | Type::Number(_) => Some("number"),
        Type::String(_) => Some("string"),
        Type::Object | Type::Record(_) | Type::Map(..) => Some("object"),
        Type::Array(_) => Some("array"),
        _ => None,
    }
}
