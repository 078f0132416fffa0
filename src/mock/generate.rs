//! A body for a response that is documented by fields alone.
//!
//! What the page says comes first: allowed values, then defaults, then the values of path parameters of the same name,
//! then formats, and last what the name suggests.
//! The same operation and the same path values always give the same body.

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::model::Field;
use crate::model::json::read_strict;
use crate::model::shape::{Constraints, Shape, ShapeKind};
use crate::source::Span;

use super::{limits, words};

/// Deeper levels of arrays have one item: two on each level would double a body with each of them.
const DEEP: usize = 3;

/// The `default` attributes of fields, by the places of the fields' names.
#[derive(Clone, Debug, Default)]
pub(super) struct Defaults {
    values: HashMap<Span, Value>,
}

impl Defaults {
    pub(super) fn of(fields: &[Field]) -> Self {
        let mut defaults = Self::default();
        defaults.collect(fields);
        defaults
    }

    fn collect(&mut self, fields: &[Field]) {
        for field in fields {
            if let Some(default) = &field.default {
                self.values
                    .insert(field.name.evidence.span, default.value.clone());
            }
            self.collect(&field.children);
        }
    }
}

/// A value of that shape.
///
/// `operation` and `captured`, the values of the path parameters, decide which one.
pub(super) fn generate(
    shape: &Shape,
    defaults: &Defaults,
    operation: &str,
    captured: &[(String, String)],
) -> Value {
    let mut seed = words::hash(words::SEED, operation);
    for (name, value) in captured {
        seed = words::hash(words::hash(seed, name), value);
    }
    let generator = Generator { defaults, captured };
    generator.value(shape, &At::root(seed))
}

struct Generator<'a> {
    defaults: &'a Defaults,
    captured: &'a [(String, String)],
}

/// Where a value stands.
struct At<'a> {
    /// The key of the nearest member.
    name: &'a str,
    seed: u64,
    depth: usize,
    is_in_root: bool,
}

impl At<'_> {
    fn root(seed: u64) -> Self {
        Self {
            name: "",
            seed,
            depth: 0,
            is_in_root: true,
        }
    }
}

impl Generator<'_> {
    fn value(&self, shape: &Shape, at: &At<'_>) -> Value {
        let constraints = &shape.constraints;
        if let Some(value) = stated(shape, at.seed) {
            return value;
        }
        let format = constraints.format.as_ref().map(|format| &format.value);
        match &shape.kind {
            ShapeKind::Null => Value::Null,
            ShapeKind::Boolean => words::boolean(at.name, at.seed).into(),
            ShapeKind::Integer => {
                limits::integer(constraints, words::integer(at.name, format, at.seed)).into()
            }
            ShapeKind::Number => {
                limits::number(constraints, words::number(at.name, format, at.seed))
            }
            ShapeKind::String | ShapeKind::File | ShapeKind::Any | ShapeKind::Unknown => {
                limits::string(constraints, words::string(at.name, format, at.seed)).into()
            }
            ShapeKind::Array(items) => self.items(constraints, items, at),
            ShapeKind::Object { members, .. } => {
                let members = members
                    .iter()
                    .map(|member| (member.name.clone(), self.member(member, at)));
                Value::Object(members.collect::<Map<_, _>>())
            }
            ShapeKind::Map(values) => {
                let value = self.value(values, &at.item(0));
                Value::Object(Map::from_iter([("key".to_owned(), value)]))
            }
            ShapeKind::Union(shapes) => {
                let rank = |shape: &&Shape| match shape.kind {
                    ShapeKind::Null => 2,
                    ShapeKind::Unknown => 1,
                    _ => 0,
                };
                let telling = shapes.iter().min_by_key(rank);
                telling.map_or(Value::Null, |shape| self.value(shape, at))
            }
        }
    }

    fn member(&self, member: &crate::model::shape::Member, around: &At<'_>) -> Value {
        let default = member
            .evidence
            .and_then(|evidence| self.defaults.values.get(&evidence.span));
        if let Some(value) = default.filter(|value| fits(&member.shape, value)) {
            return value.clone();
        }
        if around.is_in_root
            && let Some(value) = self.path_value(&member.name, &member.shape)
        {
            return value;
        }
        let at = At {
            name: &member.name,
            seed: words::hash(around.seed, &member.name),
            depth: around.depth,
            is_in_root: false,
        };
        self.value(&member.shape, &at)
    }

    /// The value of the path parameter of that name; `id` stands for the last one.
    fn path_value(&self, name: &str, shape: &Shape) -> Option<Value> {
        let (_, text) = match name {
            "id" => self.captured.last()?,
            _ => self.captured.iter().find(|(known, _)| known == name)?,
        };
        let number = serde_json::from_str::<Value>(text).ok();
        let readings = number.into_iter().chain([Value::from(text.as_str())]);
        let mut fitting = readings.filter(|value| value.is_string() || value.is_number());
        fitting.find(|value| fits(shape, value))
    }

    fn items(&self, constraints: &Constraints, items: &Shape, at: &At<'_>) -> Value {
        let count = if at.depth < DEEP { 2 } else { 1 };
        (0..limits::count(constraints, count))
            .map(|index| self.value(items, &at.item(index)))
            .collect()
    }
}

/// The constant, or one of the allowed values.
fn stated(shape: &Shape, seed: u64) -> Option<Value> {
    let constant = shape.constraints.constant.iter().map(|it| &it.value);
    let allowed = shape.constraints.allowed.iter().flat_map(|it| &it.value);
    let fitting: Vec<_> = constant
        .chain(allowed)
        .filter(|value| !value.is_null())
        .flat_map(readings)
        .filter(|value| fits(shape, value))
        .collect();
    let index = seed as usize % fitting.len().max(1);
    fitting.into_iter().nth(index)
}

/// What an allowed value can be: prose does not tell `1` from `"1"`.
fn readings(value: &Value) -> Vec<Value> {
    match value {
        Value::String(text) => {
            let scalar = serde_json::from_str::<Value>(text).ok();
            let scalar = scalar.filter(|value| value.is_number() || value.is_boolean());
            let text = Value::from(text.as_str());
            scalar.into_iter().chain([text]).collect()
        }
        other => vec![other.clone()],
    }
}

impl At<'_> {
    fn item(&self, index: u64) -> Self {
        Self {
            name: self.name,
            seed: words::hash(self.seed, &index.to_string()),
            depth: self.depth + 1,
            is_in_root: false,
        }
    }
}

fn fits(shape: &Shape, value: &Value) -> bool {
    read_strict(value.to_string().as_bytes()).is_ok_and(|value| shape.matches(&value))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::model::shape::{Member, Openness};
    use crate::model::types::Format;
    use crate::model::{Evidence, Fact, TYPE_STRING, types};
    use crate::source::{SourceFile, Sources};

    fn evidence() -> Evidence {
        let mut sources = Sources::default();
        let file = sources.add(SourceFile::new("page.mdx", ""));
        Evidence::new(Span::new(file, 0..0), &TYPE_STRING)
    }

    fn of_type(kind: &str, captured: &[(&str, &str)]) -> Value {
        let shape = Shape::from_type(&types::parse(kind), evidence());
        let captured: Vec<_> = captured
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        generate(&shape, &Defaults::default(), "GET /books/{id}", &captured)
    }

    #[test]
    fn names_and_formats_are_understood() {
        let kind = "{ id: string, email: string, created_at: string, url: string, on: string (date), n: 'a' | 'b' }";
        let value = of_type(kind, &[]);
        assert!(value["id"].as_str().unwrap().starts_with("id_"), "{value}");
        assert!(value["email"].as_str().unwrap().contains('@'), "{value}");
        assert!(
            value["created_at"].as_str().unwrap().ends_with('Z'),
            "{value}"
        );
        assert!(
            value["url"].as_str().unwrap().starts_with("https://"),
            "{value}"
        );
        assert_eq!(value["on"].as_str().unwrap().len(), 10, "{value}");
        assert!(
            ["a", "b"].contains(&value["n"].as_str().unwrap()),
            "{value}"
        );
    }

    #[test]
    fn the_same_path_gives_the_same_body_and_another_path_another() {
        let kind = "{ id: integer, name: string, total: integer }";
        let seven = of_type(kind, &[("id", "7")]);
        assert_eq!(seven["id"], json!(7));
        assert_eq!(seven, of_type(kind, &[("id", "7")]));
        assert_ne!(seven["total"], of_type(kind, &[("id", "8")])["total"]);
    }

    #[expect(clippy::unnecessary_wraps, reason = "constraints are optional facts")]
    fn fact<T>(value: T) -> Option<Fact<T>> {
        Some(Fact {
            value,
            evidence: evidence(),
        })
    }

    fn formats() -> impl Strategy<Value = Option<Fact<Format>>> {
        let words = [
            "uuid",
            "date",
            "email",
            "unix time",
            "decimal",
            "base64",
            "json",
            "minutes",
        ];
        prop::option::of(prop::sample::select(words.to_vec())).prop_map(|word| {
            word.map(|word| Fact {
                value: Format::parse(word),
                evidence: evidence(),
            })
        })
    }

    fn shapes() -> impl Strategy<Value = Shape> {
        let plain = |kind| Shape::new(kind, Some(evidence()));
        let kinds = prop::sample::select(vec![
            ShapeKind::Any,
            ShapeKind::Unknown,
            ShapeKind::Null,
            ShapeKind::Boolean,
            ShapeKind::Integer,
            ShapeKind::Number,
            ShapeKind::String,
            ShapeKind::File,
        ]);
        let words = prop::collection::vec("[a-z]{1,4}", 1..4).prop_map(move |words| {
            let mut shape = plain(ShapeKind::String);
            shape.constraints.allowed = fact(words.into_iter().map(Value::from).collect());
            shape
        });
        let formatted = (kinds.clone(), formats()).prop_map(move |(kind, format)| {
            let mut shape = plain(kind);
            shape.constraints.format = format;
            shape
        });
        let limited = (kinds, -50..50_i32, 0..50_i32, 0..9_u64, 0..9_u64).prop_map(
            move |(kind, least, more, shortest, longer)| {
                let mut shape = plain(kind);
                shape.constraints.minimum = fact(f64::from(least));
                shape.constraints.maximum = fact(f64::from(least + more));
                shape.constraints.min_length = fact(shortest);
                shape.constraints.max_length = fact(shortest + longer);
                shape
            },
        );
        let leaf = prop_oneof![formatted, limited];
        prop_oneof![4 => leaf, 1 => words].prop_recursive(4, 32, 4, move |inner| {
            let member = ("[a-z_]{1,12}", inner.clone(), any::<bool>()).prop_map(
                |(name, shape, required)| Member {
                    name,
                    shape,
                    required: Some(Fact {
                        value: required,
                        evidence: evidence(),
                    }),
                    evidence: Some(evidence()),
                },
            );
            let object = prop::collection::vec(member, 0..5).prop_map(move |mut members| {
                members.sort_by(|one, other| one.name.cmp(&other.name));
                members.dedup_by(|one, other| one.name == other.name);
                plain(ShapeKind::Object {
                    members,
                    open: Openness::Closed,
                })
            });
            let array = inner.clone();
            let map = inner.clone();
            prop_oneof![
                object,
                array.prop_map(move |items| plain(ShapeKind::Array(Box::new(items)))),
                map.prop_map(move |values| plain(ShapeKind::Map(Box::new(values)))),
                // `null` in a union is said by `nullable`.
                prop::collection::vec(inner, 1..3)
                    .prop_filter("not null", |shapes| {
                        shapes.iter().all(|shape| shape.kind != ShapeKind::Null)
                    })
                    .prop_map(move |shapes| plain(ShapeKind::Union(shapes))),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_generated_is_what_is_documented(shape in shapes(), path in "[a-z0-9]{1,5}") {
            let captured = [("id".to_owned(), path)];
            let value = generate(&shape, &Defaults::default(), "GET /{id}", &captured);
            let read = read_strict(value.to_string().as_bytes()).unwrap();
            prop_assert_eq!(shape.mismatches(&read), Vec::new(), "{}", value);
        }
    }
}
