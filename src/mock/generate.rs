//! A body for a response that is documented by fields alone.
//!
//! What the page says comes first: constants and allowed values, then the values that the request sends under the same
//! name, then defaults and samples, then formats, and last what the name suggests.
//!
//! An object with an id takes all its values from that id and from what kind of thing it is, so that `GET /users/7`, and
//! the item 7 of `GET /users`, are the same user. Everything else depends on the operation and the place of the value.

use serde_json::{Map, Value};

use crate::model::json::read_strict;
use crate::model::shape::{Constraints, Member, Shape, ShapeKind};

use super::answer::Fields;
use super::{limits, words};

/// Deeper levels of arrays have one item: two on each level would double a body with each of them.
const DEEP: usize = 3;

/// How many items a list has.
const ITEMS: u64 = 2;

/// What a made-up body depends on.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Circumstances<'a> {
    /// The operation, such as `GET /users/{id}`.
    pub(super) operation: &'a str,
    /// The values of the path parameters.
    pub(super) captured: &'a [(String, String)],
    /// The pairs of the query.
    pub(super) query: &'a [(String, String)],
    /// What the client, or the mock for a `dynamic` body, adds to the choice.
    pub(super) seed: u64,
}

/// A value of that shape.
pub(super) fn generate(fields: &Fields, circumstances: Circumstances<'_>) -> Value {
    let Circumstances {
        operation,
        captured,
        seed,
        ..
    } = circumstances;
    let noun = noun(operation);
    let root = words::mix(words::SEED, seed);
    let mut here = words::hash(root, operation);
    for (name, value) in captured {
        here = words::hash(words::hash(here, name), value);
    }
    let generator = Generator {
        fields,
        circumstances,
        noun: &noun,
        root,
    };
    let at = At {
        name: "",
        noun: &noun,
        seed: here,
        depth: 0,
        is_subject: true,
    };
    generator.value(&fields.shape, &at)
}

/// What an operation is about, in the singular: the last word of its path that is no parameter.
fn noun(operation: &str) -> String {
    let path = operation.rsplit(' ').next().unwrap_or_default();
    let mut literals = path
        .rsplit('/')
        .filter(|segment| !segment.contains('{') && !segment.starts_with(':'));
    words::singular(literals.find(|it| !it.is_empty()).unwrap_or_default())
}

struct Generator<'a> {
    fields: &'a Fields,
    circumstances: Circumstances<'a>,
    noun: &'a str,
    root: u64,
}

/// Where a value stands.
struct At<'a> {
    /// The key of the nearest member.
    name: &'a str,
    /// What kind of thing is described here.
    noun: &'a str,
    seed: u64,
    depth: usize,
    /// True for the thing that the path names, not one of its parts.
    is_subject: bool,
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
            ShapeKind::Object { members, .. } => self.object(members, at),
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

    fn object(&self, members: &[Member], at: &At<'_>) -> Value {
        let identity = members
            .iter()
            .position(|member| is_identity(&member.name, at.noun));
        let identified = identity.and_then(|index| {
            let member = members.get(index)?;
            let value = self.member(member, at);
            Some((index, value))
        });
        let seed = match &identified {
            Some((_, id)) => words::hash(words::hash(self.root, at.noun), &plain_text(id)),
            None => at.seed,
        };
        let here = At { seed, ..*at };
        let members = members.iter().enumerate().map(|(index, member)| {
            let value = match &identified {
                Some((known, value)) if *known == index => value.clone(),
                _ => self.member(member, &here),
            };
            (member.name.clone(), value)
        });
        Value::Object(members.collect::<Map<_, _>>())
    }

    fn member(&self, member: &Member, around: &At<'_>) -> Value {
        if around.is_subject
            && let Some(value) = self.sent(member, around)
        {
            return value;
        }
        let given = member
            .evidence
            .map_or(&[][..], |evidence| self.fields.samples.at(evidence.span));
        // A sample is the same for all; where each must have its own, such as ids, only the first one gets it.
        let is_own = is_identity(&member.name, around.noun) && !around.is_subject;
        if let Some(value) = given
            .iter()
            .find(|value| !is_own && fits(&member.shape, value))
        {
            return value.clone();
        }
        let is_wrapper = around.is_subject && words::is_wrapper(&member.name, self.noun);
        let noun = match &member.shape.kind {
            _ if is_wrapper => self.noun.to_owned(),
            ShapeKind::Object { .. } | ShapeKind::Array(_) => words::singular(&member.name),
            _ => String::new(),
        };
        let at = At {
            name: &member.name,
            noun: &noun,
            seed: words::hash(around.seed, &member.name),
            depth: around.depth,
            is_subject: is_wrapper && matches!(member.shape.kind, ShapeKind::Object { .. }),
        };
        self.value(&member.shape, &at)
    }

    /// What the request sends under that name; `id` stands for the last parameter of the path.
    fn sent(&self, member: &Member, around: &At<'_>) -> Option<Value> {
        let Circumstances {
            captured, query, ..
        } = self.circumstances;
        let is_same = |known: &str| words::folded(known) == words::folded(&member.name);
        let in_path = captured.iter().find(|(known, _)| is_same(known));
        let own = || {
            let ends_there = self.circumstances.operation.ends_with(['}'])
                || self.circumstances.operation.contains("/:");
            captured
                .last()
                .filter(|_| ends_there && is_identity(&member.name, around.noun))
        };
        let in_query = || query.iter().find(|(known, _)| is_same(known));
        let (_, text) = in_path.or_else(own).or_else(in_query)?;
        let number = serde_json::from_str::<Value>(text).ok();
        let readings = number.into_iter().chain([Value::from(text.as_str())]);
        let mut fitting =
            readings.filter(|value| value.is_string() || value.is_number() || value.is_boolean());
        fitting.find(|value| fits(&member.shape, value))
    }

    fn items(&self, constraints: &Constraints, items: &Shape, at: &At<'_>) -> Value {
        let asked = self.circumstances.query.iter().find_map(|(name, value)| {
            let is_limit = matches!(
                words::folded(name).as_str(),
                "limit" | "pagesize" | "perpage"
            );
            value.parse::<u64>().ok().filter(|_| is_limit)
        });
        let count = if at.depth < DEEP { ITEMS } else { 1 };
        let count = count.min(asked.unwrap_or(count));
        (0..limits::count(constraints, count))
            .map(|index| self.value(items, &at.item(index)))
            .collect()
    }
}

/// True for the member that tells one thing of its kind from others.
fn is_identity(name: &str, noun: &str) -> bool {
    let name = words::folded(name);
    let own = name
        .strip_suffix("id")
        .filter(|kind| !kind.is_empty())
        .is_some_and(|kind| kind == words::folded(noun));
    own || matches!(name.as_str(), "id" | "uuid")
}

fn plain_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
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
            seed: words::hash(self.seed, &index.to_string()),
            depth: self.depth + 1,
            is_subject: false,
            ..*self
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

    use super::super::samples::Samples;
    use super::*;
    use crate::model::shape::Openness;
    use crate::model::types::Format;
    use crate::model::{Evidence, Fact, TYPE_STRING, types};
    use crate::source::{SourceFile, Sources, Span};

    fn evidence() -> Evidence {
        let mut sources = Sources::default();
        let file = sources.add(SourceFile::new("page.mdx", ""));
        Evidence::new(Span::new(file, 0..0), &TYPE_STRING)
    }

    fn of_type(kind: &str, captured: &[(&str, &str)]) -> Value {
        let shape = Shape::from_type(&types::parse(kind), evidence());
        made(&shape, "GET /books/{id}", captured, &[])
    }

    fn made(
        shape: &Shape,
        operation: &str,
        captured: &[(&str, &str)],
        query: &[(&str, &str)],
    ) -> Value {
        let owned = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
            let pairs = pairs.iter();
            pairs
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect()
        };
        let fields = Fields {
            shape: shape.clone(),
            samples: Samples::default(),
        };
        let circumstances = Circumstances {
            operation,
            captured: &owned(captured),
            query: &owned(query),
            seed: 0,
        };
        generate(&fields, circumstances)
    }

    #[test]
    fn a_thing_is_the_same_in_the_list_and_alone() {
        let user = "{ id: string, name: string, email: string, age: integer }";
        let shape = |text: &str| Shape::from_type(&types::parse(text), evidence());
        let list = shape(&format!("{{ users: {user}[], page: integer }}"));
        let list = made(&list, "GET /v1/users", &[], &[("page", "3")]);
        assert_eq!(list["page"], 3);
        for known in list["users"].as_array().unwrap() {
            let id = known["id"].as_str().unwrap();
            let wrapped = shape(&format!("{{ data: {user} }}"));
            let alone = made(&wrapped, "GET /v1/users/{user_id}", &[("user_id", id)], &[]);
            assert_eq!(&alone["data"], known);
        }
        assert_ne!(list["users"][0], list["users"][1]);
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
            let value = made(&shape, "GET /{id}", &[("id", &path)], &[("a", &path)]);
            let read = read_strict(value.to_string().as_bytes()).unwrap();
            prop_assert_eq!(shape.mismatches(&read), Vec::new(), "{}", value);
        }
    }
}
