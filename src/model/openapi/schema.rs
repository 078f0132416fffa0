//! JSON Schema, as OpenAPI 3.0 and 3.1 use it, to shapes and fields.
//!
//! A schema is read for one direction: what is read-only is not sent, and what is write-only is not answered.
//! Members beyond the listed ones are allowed unless `additionalProperties` or `unevaluatedProperties` says `false`.
//! Keywords without a counterpart in shapes (`not`, `if`, `multipleOf`, …) are not judged.
//! A schema inside itself is unknown there, and so is everything beyond a number of schemas.

use std::collections::HashMap;

use serde_json::Value;

use crate::model::evidence::Fact;
use crate::model::json::{Json, JsonKind};
use crate::model::operation::Field;
use crate::model::prose::ProseFacts;
use crate::model::shape::{
    Constraints, Member, Openness, Shape, ShapeKind, TextPattern, is_placeholder,
};
use crate::model::types::{Format, Type};
use crate::source::{FileId, Span};

use super::combine;
use super::tree::{Files, Node, evidence};

/// Which way the described value goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Request,
    Response,
}

/// Schemas inside one schema that are read, references expanded.
const MAX_SCHEMAS: usize = 4_000;

/// Schemas deeper inside each other than this are unknown.
const MAX_DEPTH: usize = 32;

/// What a schema says.
pub(super) struct Described {
    pub(super) shape: Shape,
    /// The members as fields, with their descriptions and defaults.
    pub(super) fields: Vec<Field>,
}

/// Reads a schema; `left` is how many more schemas may be read in all.
pub(super) fn read<'t>(
    files: &Files<'t>,
    schema: Node<'t>,
    direction: Direction,
    left: &mut usize,
) -> Described {
    let here = MAX_SCHEMAS.min(*left);
    let mut walk = Walk {
        files,
        direction,
        left: here,
        within: Vec::new(),
        fields: Vec::new(),
    };
    let shape = walk.shape(schema);
    *left -= here - walk.left;
    Described {
        shape,
        fields: walk.fields,
    }
}

struct Walk<'w, 't> {
    files: &'w Files<'t>,
    direction: Direction,
    left: usize,
    /// The schemas that are being read, outermost first.
    within: Vec<(FileId, usize, usize)>,
    /// The members found so far at this level.
    fields: Vec<Field>,
}

impl<'t> Walk<'_, 't> {
    fn shape(&mut self, schema: Node<'t>) -> Shape {
        let unknown = || Shape::new(ShapeKind::Unknown, Some(schema.evidence()));
        let identity = schema.identity();
        let is_circle = self.within.contains(&identity);
        if self.left == 0 || self.within.len() >= MAX_DEPTH || is_circle {
            return unknown();
        }
        self.left -= 1;
        if schema.is_true() || schema.is_object() && schema.json.members().is_empty() {
            return Shape::new(ShapeKind::Any, Some(schema.evidence()));
        }
        self.within.push(identity);
        let mut shape = self.own(schema);
        let is_put_together = ["$ref", "allOf"]
            .iter()
            .any(|key| schema.get(key).is_some());
        if shape.kind == ShapeKind::Unknown && is_put_together {
            // It is stated where those are.
            shape.evidence = None;
        }
        if let Some(reference) = schema.get("$ref").and_then(Node::text) {
            let target = self.files.follow(schema, reference);
            let referred = target.map_or_else(unknown, |target| self.shape(target));
            shape = combine::both(referred, shape, &mut self.left);
        }
        for part in schema.get("allOf").into_iter().flat_map(Node::items) {
            let part = self.shape(part);
            shape = combine::both(shape, part, &mut self.left);
        }
        for key in ["oneOf", "anyOf"] {
            if let Some(alternatives) = schema.get(key) {
                shape = self.alternatives(shape, alternatives);
            }
        }
        require(&mut shape, schema);
        self.within.pop();
        shape
    }

    fn alternatives(&mut self, shape: Shape, alternatives: Node<'t>) -> Shape {
        let mut variants = Vec::new();
        let mut nullable = None;
        for alternative in alternatives.items() {
            let variant = self.shape(alternative);
            if variant.kind == ShapeKind::Null {
                nullable = Some(alternative.evidence());
            } else {
                variants.push(variant);
            }
        }
        let mut either = match variants.len() {
            0 => return shape,
            1 => variants.remove(0),
            _ => Shape::new(ShapeKind::Union(variants), Some(alternatives.evidence())),
        };
        either.nullable = either.nullable.or(nullable);
        combine::both(shape, either, &mut self.left)
    }

    /// What a schema says without the schemas that it is put together of.
    fn own(&mut self, schema: Node<'t>) -> Shape {
        let mut nullable = schema
            .get("nullable")
            .filter(|flag| flag.is_true())
            .map(Node::evidence);
        let mut kinds = Vec::new();
        for (word, node) in types(schema) {
            match word {
                "null" => nullable = Some(node.evidence()),
                _ => kinds.push((word, node)),
            }
        }
        let stated = schema.get("type");
        let mut shape = match (kinds.as_slice(), stated) {
            ([], Some(stated)) if nullable.is_some() => {
                nullable = None;
                Shape::new(ShapeKind::Null, Some(stated.evidence()))
            }
            ([], _) => self.of_word(implied(schema), schema, schema),
            ([(word, node)], _) => self.of_word(word, schema, *node),
            (several, Some(stated)) => {
                let variants = several
                    .iter()
                    .map(|(word, node)| self.of_word(word, schema, *node))
                    .collect();
                Shape::new(ShapeKind::Union(variants), Some(stated.evidence()))
            }
            (_, None) => Shape::unknown(),
        };
        shape.nullable = nullable;
        shape
    }

    /// The shape of a schema of the type `word`, which `stated` states.
    fn of_word(&mut self, word: &str, schema: Node<'t>, stated: Node<'t>) -> Shape {
        let place = Some(stated.evidence());
        let is_file = schema.get("format").and_then(Node::text) == Some("binary")
            || schema.get("contentMediaType").is_some();
        let kind = match word {
            "boolean" => ShapeKind::Boolean,
            "integer" => ShapeKind::Integer,
            "number" => ShapeKind::Number,
            "string" if is_file => return Shape::new(ShapeKind::File, place),
            "string" => ShapeKind::String,
            "array" => {
                let items = schema.get("items").map(|items| self.shape(items));
                ShapeKind::Array(Box::new(items.unwrap_or_else(Shape::unknown)))
            }
            "object" => self.object(schema),
            _ => ShapeKind::Unknown,
        };
        let mut shape = Shape::new(kind, place);
        shape.constraints = constraints(schema, &shape.kind).into();
        shape
    }

    fn object(&mut self, schema: Node<'t>) -> ShapeKind {
        let properties = schema.get("properties");
        let required = required(schema);
        let mut members = Vec::new();
        for (name, place, property) in properties.into_iter().flat_map(Node::members) {
            if self.is_hidden(property) {
                continue;
            }
            let listed = required.get(name);
            let required = Fact {
                value: listed.is_some(),
                evidence: evidence(listed.copied().unwrap_or(place)),
            };
            let outer = std::mem::take(&mut self.fields);
            let shape = self.shape(property);
            let mut children = std::mem::replace(&mut self.fields, outer);
            children.shrink_to_fit();
            let described = self.files.resolve(property).unwrap_or(property);
            let mut field = field(name, place, &[property, described], &shape);
            field.required = Some(required.clone());
            field.children = children;
            self.fields.push(field);
            members.push(Member {
                name: name.to_owned(),
                shape,
                required: Some(required),
                evidence: Some(evidence(place)),
            });
        }
        members.shrink_to_fit();
        let others = schema.get("additionalProperties");
        let closes = [others, schema.get("unevaluatedProperties")]
            .into_iter()
            .flatten()
            .any(|flag| flag.json.kind == JsonKind::Bool(false));
        if members.is_empty() && !closes {
            return match others.filter(|others| others.is_object()) {
                Some(values) => ShapeKind::Map(Box::new(self.values(values))),
                None => ShapeKind::Object {
                    members,
                    open: Openness::Unknown,
                },
            };
        }
        let place = others.or(properties).unwrap_or(schema);
        let open = if closes {
            Openness::Closed
        } else {
            Openness::Open(place.evidence())
        };
        ShapeKind::Object { members, open }
    }

    /// The values of a map: what is inside has no names of its own at this level.
    fn values(&mut self, schema: Node<'t>) -> Shape {
        let outer = std::mem::take(&mut self.fields);
        let shape = self.shape(schema);
        self.fields = outer;
        shape
    }

    /// True for a member that does not travel in this direction.
    fn is_hidden(&self, property: Node<'t>) -> bool {
        let flag = match self.direction {
            Direction::Request => "readOnly",
            Direction::Response => "writeOnly",
        };
        let described = self.files.resolve(property);
        [Some(property), described]
            .into_iter()
            .flatten()
            .any(|node| node.get(flag).is_some_and(Node::is_true))
    }
}

/// The words under `type`.
fn types(schema: Node<'_>) -> Vec<(&str, Node<'_>)> {
    let Some(stated) = schema.get("type") else {
        return Vec::new();
    };
    let own = stated.text().map(|word| (word, stated));
    let listed = stated
        .items()
        .filter_map(|node| node.text().map(|word| (word, node)));
    own.into_iter().chain(listed).collect()
}

/// The type that a schema without `type` can only mean.
fn implied(schema: Node<'_>) -> &'static str {
    let has = |keys: &[&str]| keys.iter().any(|key| schema.get(key).is_some());
    if has(&["properties", "additionalProperties"]) {
        return "object";
    }
    if has(&["items"]) {
        return "array";
    }
    let constant = schema.get("const").into_iter();
    let mut values = schema
        .get("enum")
        .into_iter()
        .flat_map(Node::items)
        .chain(constant)
        .map(|value| value.json.type_name())
        .filter(|name| *name != "null");
    match values.next() {
        Some(first) if values.all(|name| name == first) => first,
        _ => "",
    }
}

/// The names under `required`, with their places.
fn required(schema: Node<'_>) -> HashMap<&str, Span> {
    let listed = schema.get("required").into_iter().flat_map(Node::items);
    listed
        .filter_map(|node| node.text().map(|name| (name, node.place())))
        .collect()
}

/// Marks members that another part of the schema lists as required.
fn require(shape: &mut Shape, schema: Node<'_>) {
    let names = required(schema);
    for member in shape.members_mut().into_iter().flatten() {
        let is_required = member.required.as_ref().is_some_and(|it| it.value);
        let Some(place) = names.get(member.name.as_str()).filter(|_| !is_required) else {
            continue;
        };
        member.required = Some(Fact {
            value: true,
            evidence: evidence(*place),
        });
    }
}

fn constraints(schema: Node<'_>, kind: &ShapeKind) -> Constraints {
    let number = |key: &str| {
        let node = schema.get(key)?;
        match &node.json.kind {
            JsonKind::Number(number) => Some(node.fact(number.as_f64()?)),
            _ => None,
        }
    };
    let length = |key: &str| {
        let fact = number(key).filter(|fact| fact.value >= 0.0)?;
        #[expect(clippy::cast_sign_loss, reason = "it is not negative")]
        let value = fact.value as u64;
        Some(Fact {
            value,
            evidence: fact.evidence,
        })
    };
    let allowed = schema.get("enum").map(|node| {
        let values: Vec<Value> = node.json.items().iter().map(Json::to_value).collect();
        node.fact(values)
    });
    let constant = schema
        .get("const")
        .map(|node| node.fact(node.json.to_value()));
    let format = schema
        .get("format")
        .and_then(|node| node.text().map(|text| node.fact(format(text))));
    let mut constraints = Constraints {
        allowed: allowed.filter(|allowed| !allowed.value.is_empty()),
        constant,
        format,
        ..Constraints::default()
    };
    match kind {
        ShapeKind::Integer | ShapeKind::Number => {
            constraints.minimum = number("minimum").or_else(|| number("exclusiveMinimum"));
            constraints.maximum = number("maximum").or_else(|| number("exclusiveMaximum"));
        }
        ShapeKind::String => {
            constraints.min_length = length("minLength");
            constraints.max_length = length("maxLength");
            let pattern = schema.get("pattern");
            constraints.pattern =
                pattern.and_then(|node| Some(node.fact(TextPattern::new(node.text()?))));
        }
        ShapeKind::Array(_) => {
            constraints.min_length = length("minItems");
            constraints.max_length = length("maxItems");
        }
        _ => {}
    }
    constraints
}

/// The formats of the registry; another word is the author's own and says nothing that can be judged.
///
/// <https://spec.openapis.org/registry/format/>
fn format(text: &str) -> Format {
    match text {
        "byte" | "base64" | "base64url" => Format::Base64,
        "date" | "date-time" | "time" | "duration" | "email" | "hostname" | "ipv4" | "ipv6"
        | "uri" | "url" | "uuid" | "int32" | "int64" | "uint32" | "uint64" | "float" | "double"
        | "decimal" | "password" => Format::parse(text),
        other => Format::Other(other.to_owned()),
    }
}

/// A member or a parameter as a field; of the places that describe it the first that says something counts.
pub(super) fn field(name: &str, place: Span, described: &[Node<'_>], shape: &Shape) -> Field {
    let first = |key: &str| described.iter().find_map(|node| node.get(key));
    Field {
        name: Fact {
            value: name.to_owned(),
            evidence: evidence(place),
        },
        type_text: None,
        kind: type_of(&shape.kind),
        required: None,
        default: first("default").map(|node| node.fact(node.json.to_value())),
        description: first("description")
            .and_then(Node::text)
            .unwrap_or_default()
            .trim()
            .to_owned(),
        prose: ProseFacts {
            samples: samples(described),
            ..ProseFacts::default()
        }
        .shared(),
        deprecated: first("deprecated").is_some_and(Node::is_true),
        variant: None,
        children: Vec::new(),
        span: place,
        open: place,
    }
}

/// The values that schemas give as examples; those of its items for a list.
fn samples(described: &[Node<'_>]) -> Vec<Value> {
    let own = |node: &Node<'_>| -> Vec<Value> {
        let listed = node.get("examples").into_iter().flat_map(Node::items);
        let given = node.get("example").into_iter().chain(listed);
        let values = given.take(SAMPLES).map(|it| it.json.to_value());
        values.filter(is_value).collect()
    };
    let once = |values: Vec<Value>| {
        let mut found: Vec<Value> = Vec::new();
        for value in values {
            if !found.contains(&value) {
                found.push(value);
            }
        }
        found
    };
    let found = once(described.iter().flat_map(own).collect());
    if !found.is_empty() {
        return found;
    }
    let items = described.iter().filter_map(|node| node.get("items"));
    let of_items = once(items.flat_map(|items| own(&items)).collect());
    if of_items.is_empty() {
        return found;
    }
    vec![Value::Array(of_items)]
}

/// False for what only stands for a value, such as `...`.
fn is_value(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => {
            !is_placeholder(text) && !text.contains("...") && !text.contains('…')
        }
        _ => true,
    }
}

/// Of more examples of one value the first ones are taken.
const SAMPLES: usize = 4;

/// The type in the language of pages, as far as one word says it.
fn type_of(kind: &ShapeKind) -> Type {
    match kind {
        ShapeKind::Any | ShapeKind::Unknown | ShapeKind::Union(_) => Type::Any,
        ShapeKind::Null => Type::Null,
        ShapeKind::Boolean => Type::Boolean,
        ShapeKind::Integer => Type::Integer(None),
        ShapeKind::Number => Type::Number(None),
        ShapeKind::String => Type::String(None),
        ShapeKind::File => Type::File,
        ShapeKind::Array(items) => Type::Array(Some(Box::new(type_of(&items.kind)))),
        ShapeKind::Object { .. } | ShapeKind::Map(_) => Type::Object,
    }
}
