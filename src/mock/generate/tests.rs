//! Bodies that are made up.

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
        parts: Vec::new(),
        samples: Samples::default(),
        is_success: true,
    };
    let circumstances = Circumstances {
        operation,
        captured: &owned(captured),
        query: &owned(query),
        ..Circumstances::default()
    };
    generate(&fields, circumstances)
}

#[test]
fn a_thing_is_the_same_in_the_list_and_alone() {
    let user = "{ id: string, name: string, email: string, age: integer }";
    let shape = |text: &str| Shape::from_type(&types::parse(text), evidence());
    let list = shape(&format!("{{ users: {user}[], page: integer }}"));
    let list = made(&list, "GET /v1/users", &[], &[("page", "1")]);
    assert_eq!(list["page"], 1);
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
    assert!(
        value["id"].as_str().unwrap().starts_with("book_"),
        "{value}"
    );
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
        let member =
            ("[a-z_]{1,12}", inner.clone(), any::<bool>()).prop_map(|(name, shape, required)| {
                Member {
                    name,
                    shape,
                    required: Some(Fact {
                        value: required,
                        evidence: evidence(),
                    }),
                    evidence: Some(evidence()),
                }
            });
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

#[test]
fn what_a_form_sends_is_in_the_body() {
    let text = "{ to: string, media_url: string[], limit: integer }";
    let fields = Fields {
        shape: Shape::from_type(&types::parse(text), evidence()),
        parts: Vec::new(),
        samples: Samples::default(),
        is_success: true,
    };
    let circumstances = Circumstances {
        operation: "POST /messages",
        body: b"To=Ada&MediaUrl=a.png&Limit=3",
        content_type: Some("application/x-www-form-urlencoded"),
        ..Circumstances::default()
    };
    assert_eq!(
        generate(&fields, circumstances),
        json!({ "to": "Ada", "media_url": ["a.png"], "limit": 3 })
    );
}
