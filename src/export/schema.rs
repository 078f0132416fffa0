//! Shapes to JSON Schema, in the dialect of OpenAPI 3.1.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use crate::model::json::read_strict;
use crate::model::shape::{Constraints, Member, Openness, Shape, ShapeKind};
use crate::model::types::{Format, Type};
use crate::model::{Evidence, Fact, Field, Origin};
use crate::source::Span;

use super::schemas::Side;
use super::{Exporter, Options, quoted, said};

/// The fields that describe members, and how strongly a fact must be said to bind whoever sends such values.
pub(super) struct Descriptions<'a> {
    /// By the places of their names.
    fields: HashMap<Span, &'a Field>,
    weakest: Origin,
}

impl<'a> Descriptions<'a> {
    /// Of what clients send: no request is wrong for what only running text says, here as in the mock.
    pub(super) fn of_request(fields: &'a [Field], options: &Options) -> Self {
        let weakest = if options.from_text {
            Origin::Prose
        } else {
            Origin::Type
        };
        Self::of(fields, weakest)
    }

    /// Of what servers answer.
    pub(super) fn of_answer(fields: &'a [Field]) -> Self {
        Self::of(fields, Origin::Inferred)
    }

    fn of(fields: &'a [Field], weakest: Origin) -> Self {
        let mut descriptions = Self {
            fields: HashMap::new(),
            weakest,
        };
        descriptions.add(fields);
        descriptions
    }

    fn add(&mut self, fields: &'a [Field]) {
        for field in fields {
            self.fields.insert(field.name.evidence.span, field);
            self.add(&field.children);
        }
    }

    /// Which way the values go.
    fn side(&self) -> Side {
        if self.weakest == Origin::Inferred {
            Side::Answer
        } else {
            Side::Request
        }
    }

    /// True for a fact that is written as a constraint.
    pub(super) fn binds(&self, evidence: Evidence) -> bool {
        evidence.origin >= self.weakest
    }

    /// The fact, if it is written as a constraint.
    fn binding<'f, T>(&self, fact: Option<&'f Fact<T>>) -> Option<&'f Fact<T>> {
        fact.filter(|fact| self.binds(fact.evidence))
    }

    /// The field that describes a member; a dotted name describes its last part.
    fn get(&self, member: &Member) -> Option<&'a Field> {
        let field = self.fields.get(&member.evidence?.span)?;
        let name = field.name.value.trim().trim_end_matches("[]");
        let is_it = name
            .strip_suffix(member.name.as_str())
            .is_some_and(|before| before.is_empty() || before.ends_with(['.', ']']));
        is_it.then_some(*field)
    }
}

impl Exporter<'_> {
    /// The schema of a shape; `descriptions` are the fields that describe what is inside.
    pub(super) fn schema(
        &mut self,
        shape: &Shape,
        descriptions: &Descriptions<'_>,
    ) -> Map<String, Value> {
        self.written(shape, descriptions, true)
    }

    /// The schema, by its name if it has one and is not one of several that a name stands for.
    fn written(
        &mut self,
        shape: &Shape,
        descriptions: &Descriptions<'_>,
        is_named: bool,
    ) -> Map<String, Value> {
        let circle = self.schemas.circle(shape, descriptions.side());
        if let Some(reference) = circle {
            return reference;
        }
        let is_loose = shape.evidence.is_some_and(|it| !descriptions.binds(it));
        let mut schema = match &shape.kind {
            ShapeKind::Any | ShapeKind::Unknown => Map::new(),
            kind if is_loose && is_plain(kind) => Map::new(),
            ShapeKind::Null => of_type("null"),
            ShapeKind::Boolean => of_type("boolean"),
            ShapeKind::Integer => of_type("integer"),
            ShapeKind::Number => of_type("number"),
            ShapeKind::String => of_type("string"),
            ShapeKind::File => {
                let mut schema = of_type("string");
                schema.insert("format".to_owned(), json!("binary"));
                schema
            }
            ShapeKind::Array(items) => {
                let mut schema = of_type("array");
                let items = self.schema(items, descriptions);
                schema.insert("items".to_owned(), Value::Object(items));
                schema
            }
            ShapeKind::Map(values) => {
                let mut schema = of_type("object");
                let values = self.schema(values, descriptions);
                if !values.is_empty() {
                    schema.insert("additionalProperties".to_owned(), Value::Object(values));
                }
                schema
            }
            ShapeKind::Object { members, open } => self.object(members, *open, descriptions),
            ShapeKind::Union(variants) => self.union(variants, descriptions),
        };
        self.constraints(shape, descriptions, &mut schema);
        if is_named {
            schema = self.schemas.named(shape, descriptions.side(), schema);
        }
        if shape.nullable.is_some() {
            allow_null(&mut schema);
        }
        schema
    }

    fn object(
        &mut self,
        members: &[Member],
        open: Openness,
        descriptions: &Descriptions<'_>,
    ) -> Map<String, Value> {
        let mut schema = of_type("object");
        let mut properties = Map::new();
        let mut required: Vec<&str> = Vec::new();
        for member in members {
            if is_required(member, descriptions) && !required.contains(&member.name.as_str()) {
                required.push(&member.name);
            }
            let property = self.property(member, descriptions);
            properties.insert(member.name.clone(), Value::Object(property));
        }
        if !properties.is_empty() {
            schema.insert("properties".to_owned(), Value::Object(properties));
        }
        if !required.is_empty() {
            schema.insert("required".to_owned(), json!(required));
        }
        if self.options.closed && open == Openness::Closed {
            schema.insert("additionalProperties".to_owned(), json!(false));
        }
        schema
    }

    fn property(&mut self, member: &Member, descriptions: &Descriptions<'_>) -> Map<String, Value> {
        let mut schema = self.schema(&member.shape, descriptions);
        let Some(field) = descriptions.get(member) else {
            return schema;
        };
        let description = said::description(field, &member.shape, descriptions);
        if !description.is_empty() {
            // People look for it before the members.
            let behind = schema.len().min(1);
            schema.shift_insert(behind, "description".to_owned(), json!(description));
        }
        if field.deprecated {
            schema.insert("deprecated".to_owned(), json!(true));
        }
        self.unknown_type(field, &member.shape);
        self.default(field, &member.shape, &mut schema);
        schema
    }

    fn union(&mut self, variants: &[Shape], descriptions: &Descriptions<'_>) -> Map<String, Value> {
        let mut schemas: Vec<Value> = Vec::new();
        for variant in variants {
            let is_stated_there = |other: &&Shape| other.evidence == variant.evidence;
            let is_named = variants.iter().filter(is_stated_there).count() == 1;
            let schema = Value::Object(self.written(variant, descriptions, is_named));
            if !schemas.contains(&schema) {
                schemas.push(schema);
            }
        }
        // An alternative without conditions allows everything.
        if schemas.contains(&json!({})) {
            return Map::new();
        }
        let words: Option<Vec<&Value>> = schemas
            .iter()
            .map(|schema| match schema.as_object() {
                Some(object) if object.len() == 1 => object.get("type").filter(|it| it.is_string()),
                _ => None,
            })
            .collect();
        let mut schema = Map::new();
        match (words, schemas.as_slice()) {
            (_, [Value::Object(only)]) => return only.clone(),
            (Some(words), _) => schema.insert("type".to_owned(), json!(words)),
            _ => schema.insert("anyOf".to_owned(), json!(schemas)),
        };
        schema
    }

    fn constraints(
        &mut self,
        shape: &Shape,
        descriptions: &Descriptions<'_>,
        schema: &mut Map<String, Value>,
    ) {
        // Words beside the values are exceptions, and a schema has none.
        let Constraints {
            allowed,
            words: _,
            constant,
            format,
            prefix,
            pattern,
            minimum,
            maximum,
            min_length,
            max_length,
        } = &*shape.constraints;
        if let Some(format) = descriptions.binding(format.as_ref()) {
            self.format(format, schema);
        }
        let is_text = shape.kind == ShapeKind::String;
        if let Some(prefix) = descriptions.binding(prefix.as_ref()).filter(|_| is_text) {
            let pattern = format!("^{}", regex::escape(&prefix.value));
            schema.insert("pattern".to_owned(), json!(pattern));
        }
        if let Some(pattern) = descriptions.binding(pattern.as_ref()).filter(|_| is_text) {
            schema.insert("pattern".to_owned(), json!(pattern.value.as_str()));
        }
        if let Some(constant) = descriptions.binding(constant.as_ref()) {
            if let Some(value) = coerced(&constant.value, &shape.kind) {
                schema.insert("const".to_owned(), value);
            }
        } else if let Some(allowed) = descriptions.binding(allowed.as_ref()) {
            self.allowed(allowed, shape, schema);
        }
        let is_number = matches!(shape.kind, ShapeKind::Integer | ShapeKind::Number);
        for (key, bound) in [("minimum", minimum), ("maximum", maximum)] {
            let bound = descriptions.binding(bound.as_ref()).filter(|_| is_number);
            if let Some(bound) = bound {
                schema.insert(key.to_owned(), number(bound.value));
            }
        }
        let keys = match shape.kind {
            ShapeKind::String => ["minLength", "maxLength"],
            ShapeKind::Array(_) => ["minItems", "maxItems"],
            _ => return,
        };
        for (key, bound) in keys.into_iter().zip([min_length, max_length]) {
            if let Some(bound) = descriptions.binding(bound.as_ref()) {
                schema.insert(key.to_owned(), json!(bound.value));
            }
        }
    }

    fn allowed(
        &mut self,
        allowed: &Fact<Vec<Value>>,
        shape: &Shape,
        schema: &mut Map<String, Value>,
    ) {
        let values = allowed
            .value
            .iter()
            .map(|value| coerced(value, &shape.kind));
        let Some(values) = values.collect::<Option<Vec<Value>>>() else {
            let message = format!(
                "the allowed values are left out: they are not all {}",
                shape.describe()
            );
            return self.note(allowed.evidence.span, message);
        };
        let mut unique: Vec<Value> = Vec::new();
        for value in values {
            if !unique.contains(&value) {
                unique.push(value);
            }
        }
        if let (false, Some(word)) = (schema.contains_key("type"), type_of(&unique)) {
            schema.insert("type".to_owned(), json!(word));
        }
        schema.insert("enum".to_owned(), Value::Array(unique));
    }

    fn format(&mut self, format: &Fact<Format>, schema: &mut Map<String, Value>) {
        let name = match &format.value {
            Format::Uuid
            | Format::Date
            | Format::DateTime
            | Format::Time
            | Format::Duration
            | Format::Email
            | Format::Uri
            | Format::Hostname
            | Format::Ipv4
            | Format::Ipv6
            | Format::Password
            | Format::Int32
            | Format::Int64
            | Format::Uint32
            | Format::Uint64
            | Format::Float
            | Format::Double => format.value.as_str(),
            Format::Characters(characters) => {
                schema.insert("pattern".to_owned(), json!(characters.to_pattern()));
                return;
            }
            Format::Mask(mask) => {
                schema.insert("pattern".to_owned(), json!(mask.to_pattern()));
                return;
            }
            Format::Base64 => {
                schema.insert("contentEncoding".to_owned(), json!("base64"));
                return;
            }
            Format::Json => {
                schema.insert("contentMediaType".to_owned(), json!("application/json"));
                return;
            }
            // It is in the description.
            _ if format.evidence.origin == Origin::Prose => return,
            other => {
                self.note(
                    format.evidence.span,
                    format!(
                        "the notation {} is left out: no format has that name",
                        quoted(&other.to_string())
                    ),
                );
                return;
            }
        };
        schema.insert("format".to_owned(), json!(name));
    }

    /// Notes a type that says something which was not understood.
    pub(super) fn unknown_type(&mut self, field: &Field, shape: &Shape) {
        let Some(text) = &field.type_text else {
            return;
        };
        if shape.kind == ShapeKind::Unknown
            && matches!(field.kind, Type::Unknown(_) | Type::Named(_))
        {
            self.note(
                text.evidence.span,
                format!(
                    "the type {} is left out: it is not known what it stands for",
                    quoted(&text.value)
                ),
            );
        }
    }

    /// Writes the default of a field, if it is a value that the field may have.
    pub(super) fn default(
        &mut self,
        field: &Field,
        shape: &Shape,
        schema: &mut Map<String, Value>,
    ) {
        let Some(default) = field.default.as_ref().or(field.prose.default.as_ref()) else {
            return;
        };
        let value = coerced(&default.value, &shape.kind).filter(|value| {
            fits(value, shape) && is_listed(value, schema) && matches(value, shape)
        });
        match value {
            Some(value) => {
                schema.insert("default".to_owned(), value);
            }
            None => self.note(
                default.evidence.span,
                format!(
                    "the default {} is left out: the value is to be {}",
                    quoted(&default.value.to_string()),
                    shape.describe()
                ),
            ),
        }
    }
}

/// The one type of all values, which programs that make types of schemas look for.
fn type_of(values: &[Value]) -> Option<&'static str> {
    let word = |value: &Value| match value {
        Value::String(_) => Some("string"),
        Value::Bool(_) => Some("boolean"),
        Value::Number(number) if number.is_f64() => Some("number"),
        Value::Number(_) => Some("integer"),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    };
    let first = word(values.first()?)?;
    values
        .iter()
        .all(|it| word(it) == Some(first))
        .then_some(first)
}

fn of_type(word: &str) -> Map<String, Value> {
    Map::from_iter([("type".to_owned(), json!(word))])
}

/// True for kinds without members and items.
fn is_plain(kind: &ShapeKind) -> bool {
    matches!(
        kind,
        ShapeKind::Null
            | ShapeKind::Boolean
            | ShapeKind::Integer
            | ShapeKind::Number
            | ShapeKind::String
    )
}

/// True if the docs state that the member is there; what only examples show is not stated.
pub(super) fn is_required(member: &Member, descriptions: &Descriptions<'_>) -> bool {
    let required = member.required.as_ref().filter(|required| required.value);
    required.is_some_and(|required| {
        required.evidence.origin > Origin::Example && descriptions.binds(required.evidence)
    })
}

fn allow_null(schema: &mut Map<String, Value>) {
    if let Some(constant) = schema.remove("const") {
        schema.insert("enum".to_owned(), json!([constant]));
    }
    if let Some(Value::Array(values)) = schema.get_mut("enum")
        && !values.contains(&Value::Null)
    {
        values.push(Value::Null);
    }
    match schema.get_mut("type") {
        Some(Value::String(word)) if word != "null" => {
            let both = json!([word, "null"]);
            schema.insert("type".to_owned(), both);
        }
        Some(Value::Array(words)) if !words.contains(&json!("null")) => words.push(json!("null")),
        _ => {}
    }
    if let Some(reference) = schema.shift_remove("$ref") {
        schema.insert("anyOf".to_owned(), json!([{ "$ref": reference }]));
    }
    if let Some(Value::Array(alternatives)) = schema.get_mut("anyOf") {
        alternatives.push(json!({"type": "null"}));
    }
}

/// A value in the type of the shape: text does not tell `1` from `"1"`. `None` if it cannot be of that type.
fn coerced(value: &Value, kind: &ShapeKind) -> Option<Value> {
    match (kind, value) {
        (ShapeKind::Integer | ShapeKind::Number, Value::String(text)) => {
            let number: Value = serde_json::from_str(text.trim()).ok()?;
            number.is_number().then_some(number)
        }
        (ShapeKind::Boolean, Value::String(text)) => text.trim().parse().ok().map(Value::Bool),
        (ShapeKind::String, Value::Number(number)) => Some(json!(number.to_string())),
        (ShapeKind::String, Value::Bool(truth)) => Some(json!(truth.to_string())),
        (ShapeKind::Integer | ShapeKind::Number, Value::Bool(_))
        | (ShapeKind::Boolean, Value::Number(_)) => None,
        _ => Some(value.clone()),
    }
}

/// True if a default is of the kind of the shape, as strictly as the validators of OpenAPI look at it.
fn fits(value: &Value, shape: &Shape) -> bool {
    match (&shape.kind, value) {
        (_, Value::Null) => shape.allows_null(),
        (ShapeKind::Any | ShapeKind::Unknown, _) => true,
        (ShapeKind::Boolean, value) => value.is_boolean(),
        (ShapeKind::Integer, Value::Number(number)) => number.is_i64() || number.is_u64(),
        (ShapeKind::Number, value) => value.is_number(),
        (ShapeKind::String | ShapeKind::File, value) => value.is_string(),
        (ShapeKind::Array(items), Value::Array(values)) => values.iter().all(|it| fits(it, items)),
        (ShapeKind::Object { .. } | ShapeKind::Map(_), value) => value.is_object(),
        (ShapeKind::Union(variants), value) => variants.iter().any(|it| fits(value, it)),
        _ => false,
    }
}

/// True if the value is as the docs themselves have it; a format counts here, too.
fn matches(value: &Value, shape: &Shape) -> bool {
    read_strict(value.to_string().as_bytes()).is_ok_and(|value| shape.matches(&value))
}

fn is_listed(value: &Value, schema: &Map<String, Value>) -> bool {
    let is_constant = schema.get("const").is_none_or(|constant| constant == value);
    let is_allowed = schema
        .get("enum")
        .and_then(Value::as_array)
        .is_none_or(|values| values.contains(value));
    is_constant && is_allowed
}

/// `10` rather than `10.0`.
fn number(value: f64) -> Value {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "it has no fraction and is within range"
    )]
    if value.fract() == 0.0 && value.abs() < 9e15 {
        json!(value as i64)
    } else {
        json!(value)
    }
}
