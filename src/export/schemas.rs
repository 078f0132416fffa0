//! `components.schemas`: the schemas that OpenAPI files of the site have names for, and circles of them.
//!
//! Shapes are read with all references expanded, and a schema inside itself is unknown there. Where a shape is that of a
//! named schema it is written once, under that name, and a `$ref` in its place; so a circle leads back to its beginning.
//! A schema that looks otherwise in requests, or with other members mixed in, has another name or none.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value, json};

use crate::model::Origin;
use crate::model::openapi::NamedSchema;
use crate::model::shape::{Shape, ShapeKind};
use crate::source::Span;

use super::name::unique;

/// Which way a value goes; what is only read or only written makes two schemas of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Side {
    Request,
    Answer,
}

/// The schemas written so far.
#[derive(Debug, Default)]
pub(super) struct Schemas {
    /// The named ones, by where the kind of their values is stated.
    by_kind: HashMap<Span, NamedSchema>,
    /// The places of the named ones.
    places: HashSet<Span>,
    written: Vec<Written>,
    taken: HashSet<String>,
}

#[derive(Debug)]
struct Written {
    /// Its name in the OpenAPI file.
    base: String,
    name: String,
    place: Span,
    side: Side,
    schema: Value,
}

/// Begins the references of circles whose beginning has no name yet; no page can write it.
const OPEN: &str = "\0";

impl Schemas {
    pub(super) fn new(named: &[NamedSchema]) -> Self {
        Self {
            by_kind: named.iter().map(|it| (it.stated, it.clone())).collect(),
            places: named.iter().map(|it| it.place).collect(),
            ..Self::default()
        }
    }

    /// A reference to the schema that the shape is inside of, if it is unknown for that.
    pub(super) fn circle(&self, shape: &Shape, side: Side) -> Option<Map<String, Value>> {
        let evidence = shape.evidence?;
        let is_cut = shape.kind == ShapeKind::Unknown && evidence.origin == Origin::Specification;
        if !is_cut || !self.places.contains(&evidence.span) {
            return None;
        }
        let place = evidence.span;
        let mut written = self.written.iter();
        let known = written.find(|it| it.place == place && it.side == side);
        Some(match known {
            Some(known) => reference(&known.name),
            None => to(&open(place, side)),
        })
    }

    /// The schema of a shape, or a reference to it if the shape is that of a named one.
    pub(super) fn named(
        &mut self,
        shape: &Shape,
        side: Side,
        schema: Map<String, Value>,
    ) -> Map<String, Value> {
        let Some(named) = self.name(shape) else {
            return schema;
        };
        let (place, base) = (named.place, key(&named.name));
        let schema = Value::Object(schema);
        let circle = open(place, side);
        let known = self.written.iter_mut().find(|it| {
            it.base == base && is_alike(&it.schema, &closed(&schema, &circle, &it.name))
        });
        if let Some(known) = known {
            let schema = closed(&schema, &circle, &known.name);
            // Where a schema stands decides how much of its descriptions is known.
            if schema.to_string().len() > known.schema.to_string().len() {
                known.schema = schema;
            }
            return reference(&known.name);
        }
        let name = match side {
            Side::Request if self.taken.contains(&base) => format!("{base}Input"),
            _ => base.clone(),
        };
        let name = unique(&name, &self.taken);
        self.taken.insert(name.clone());
        let schema = closed(&schema, &circle, &name);
        for written in &mut self.written {
            close(&mut written.schema, &circle, &name);
        }
        let reference = reference(&name);
        self.written.push(Written {
            base,
            name,
            place,
            side,
            schema,
        });
        reference
    }

    /// The named schema that a shape was read from, if nothing from elsewhere is in it.
    fn name(&self, shape: &Shape) -> Option<&NamedSchema> {
        let named = self.by_kind.get(&shape.evidence?.span)?;
        let inside = |span: Span| {
            let place = named.place;
            span.file == place.file && place.start <= span.start && span.end <= place.end
        };
        let members = shape.members();
        let is_own = |evidence: Option<_>| {
            evidence.is_some_and(|evidence: crate::model::Evidence| inside(evidence.span))
        };
        let is_whole = !members.is_empty() && members.iter().all(|it| is_own(it.evidence));
        is_whole.then_some(named)
    }

    /// The entries of `components`; circles that lead nowhere are left open in all of the document.
    pub(super) fn take(&mut self, paths: &mut Map<String, Value>) -> Map<String, Value> {
        self.written.sort_by(|one, other| one.name.cmp(&other.name));
        let mut entries = Map::new();
        for mut written in self.written.drain(..) {
            forget(&mut written.schema);
            entries.insert(written.name, written.schema);
        }
        paths.values_mut().for_each(forget);
        entries
    }
}

/// True for schemas that allow the same values.
fn is_alike(one: &Value, other: &Value) -> bool {
    let (Value::Object(one), Value::Object(other)) = (one, other) else {
        return one == other;
    };
    let keys = || {
        let keys = one.keys().chain(other.keys());
        keys.filter(|key| !matches!(key.as_str(), "description" | "deprecated" | "default"))
    };
    keys().all(|key| match (key.as_str(), one.get(key), other.get(key)) {
        ("properties", Some(Value::Object(one)), Some(Value::Object(other))) => {
            let is_in = |(name, own): (&String, &Value)| {
                other.get(name).is_some_and(|other| is_alike(own, other))
            };
            one.len() == other.len() && one.iter().all(is_in)
        }
        ("anyOf", Some(Value::Array(one)), Some(Value::Array(other))) => {
            one.len() == other.len()
                && one
                    .iter()
                    .zip(other)
                    .all(|(one, other)| is_alike(one, other))
        }
        (_, Some(one), Some(other)) => is_alike(one, other),
        _ => false,
    })
}

fn to(target: &str) -> Map<String, Value> {
    Map::from_iter([("$ref".to_owned(), json!(target))])
}

fn reference(name: &str) -> Map<String, Value> {
    to(&format!("#/components/schemas/{name}"))
}

/// A name with the characters that keys of `components` may have.
///
/// <https://spec.openapis.org/oas/v3.1.0.html#components-object>
fn key(name: &str) -> String {
    let is_allowed = |it: char| it.is_ascii_alphanumeric() || matches!(it, '.' | '-' | '_');
    let letters = name.chars();
    letters
        .map(|it| if is_allowed(it) { it } else { '_' })
        .collect()
}

fn open(place: Span, side: Side) -> String {
    format!("{OPEN}{place:?}:{side:?}")
}

fn closed(schema: &Value, circle: &str, name: &str) -> Value {
    let mut schema = schema.clone();
    close(&mut schema, circle, name);
    schema
}

/// Lets references to the circle lead to the name.
fn close(schema: &mut Value, circle: &str, name: &str) {
    each_reference(schema, &mut |object| {
        if object.get("$ref").is_some_and(|target| target == circle) {
            let target = reference(name).remove("$ref").unwrap_or_default();
            object.insert("$ref".to_owned(), target);
        }
    });
}

/// Removes the references of circles that have no name.
fn forget(value: &mut Value) {
    each_reference(value, &mut |object| {
        let target = object.get("$ref").and_then(Value::as_str);
        if target.is_some_and(|target| target.starts_with(OPEN)) {
            object.shift_remove("$ref");
        }
    });
}

fn each_reference(value: &mut Value, change: &mut impl FnMut(&mut Map<String, Value>)) {
    match value {
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| each_reference(item, change)),
        Value::Object(members) => {
            if members.get("$ref").is_some_and(Value::is_string) {
                change(members);
            }
            members
                .values_mut()
                .for_each(|member| each_reference(member, change));
        }
        _ => {}
    }
}
