//! Values against shapes.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::model::TYPE_STRING;
use crate::model::json::{Json, JsonKind, Member as JsonMember};
use crate::model::types::{Type, parse};
use crate::source::{SourceFile, Sources, Span};

/// Evidence that is told from other evidence by where it starts.
fn evidence(start: usize) -> Evidence {
    let file = Sources::default().add(SourceFile::new("a.mdx", ""));
    Evidence::new(Span::new(file, start..start + 1), &TYPE_STRING)
}

fn shape(text: &str) -> Shape {
    Shape::from_type(&parse(text), evidence(0))
}

/// A value without places.
fn read(value: &Value) -> Json {
    let kind = match value {
        Value::Null => JsonKind::Null,
        Value::Bool(truth) => JsonKind::Bool(*truth),
        Value::Number(number) => JsonKind::Number(number.clone()),
        Value::String(text) => JsonKind::String(text.clone()),
        Value::Array(items) => JsonKind::Array(items.iter().map(read).collect()),
        Value::Object(members) => JsonKind::Object(
            members
                .iter()
                .map(|(key, value)| member(key, read(value)))
                .collect(),
        ),
    };
    bare(kind)
}

fn bare(kind: JsonKind) -> Json {
    Json { range: 0..0, kind }
}

fn member(key: &str, value: Json) -> JsonMember {
    JsonMember {
        key: key.to_owned(),
        key_range: 0..0,
        value,
    }
}

/// Kind and text of every mismatch.
fn mismatches(shape: &Shape, value: &Json) -> Vec<String> {
    let found = shape.mismatches(value);
    let lines = found
        .iter()
        .map(|mismatch| format!("{} {mismatch}", mismatch.kind.as_str()));
    lines.collect()
}

#[track_caller]
fn finds(type_: &str, value: &Value, expected: &[&str]) {
    assert_eq!(
        mismatches(&shape(type_), &read(value)),
        expected,
        "{type_} against {value}"
    );
}

#[test]
fn kinds_are_compared_as_json_schema_does() {
    finds("integer", &json!(1.0), &[]);
    finds("number", &json!(1), &[]);
    finds(
        "integer",
        &json!(1.5),
        &["wrong-type $: expected integer, found number 1.5"],
    );
    finds(
        "boolean",
        &json!("true"),
        &[r#"wrong-type $: expected boolean, found string "true""#],
    );
    finds(
        "string[]",
        &json!({}),
        &["wrong-type $: expected array of string, found empty object"],
    );
    finds(
        "null",
        &json!(0),
        &["wrong-type $: expected null, found integer 0"],
    );
    finds("decimal", &json!("12.50"), &[]);
    finds(
        "number",
        &json!("12.50"),
        &[r#"wrong-type $: expected number, found string "12.50""#],
    );
}

#[test]
fn what_is_not_understood_is_not_judged() {
    for type_ in ["type", "Not Found", "Address", "any", "string | header"] {
        finds(type_, &json!({"a": [1]}), &[]);
    }
    finds("Address[]", &json!([1, null]), &[]);
}

#[test]
fn null_needs_permission() {
    finds(
        "string",
        &json!(null),
        &["null $: expected string, found null"],
    );
    finds("string | null", &json!(null), &[]);
    finds("string?", &json!(null), &[]);
    finds("(string | null)[]", &json!([null]), &[]);
}

#[test]
fn objects_list_all_their_members() {
    let type_ = "{ id: integer, name?: string }";
    finds(type_, &json!({"id": 1}), &[]);
    finds(
        type_,
        &json!({"name": "a"}),
        &["missing $.id: expected member `id`, found no such member"],
    );
    finds(
        type_,
        &json!({"id": 1, "x": 1}),
        &["undocumented $.x: expected a documented member, found member `x`"],
    );
    finds("object", &json!({"x": 1}), &[]);
    finds("map<string, integer>", &json!({"x": 1}), &[]);
}

#[test]
fn open_objects_may_have_other_members() {
    let mut open = shape("{ id: integer }");
    if let ShapeKind::Object { open, .. } = &mut open.kind {
        *open = Openness::Open(evidence(1));
    }
    assert_eq!(mismatches(&open, &read(&json!({"id": 1, "x": 1}))), [""; 0]);
    assert_eq!(mismatches(&open, &read(&json!({"Id": 1}))).len(), 1);
}

#[test]
fn another_spelling_is_one_mismatch_and_its_value_is_compared() {
    finds(
        "{ created_at: integer }",
        &json!({"createdAt": "a"}),
        &[
            "casing $.createdAt: expected member `created_at`, found member `createdAt`",
            r#"wrong-type $.createdAt: expected integer, found string "a""#,
        ],
    );
}

#[test]
fn the_later_of_two_members_with_one_name_counts() {
    let value = bare(JsonKind::Object(vec![
        member("a", read(&json!("x"))),
        member("a", read(&json!(1))),
    ]));
    assert_eq!(mismatches(&shape("{ a: integer }"), &value), [""; 0]);
}

#[test]
fn nothing_is_missing_beside_an_elision() {
    let elision = || bare(JsonKind::Elision);
    let object = shape("{ a: string, b: string }");
    for value in [
        member("", elision()),
        member("...", read(&json!("..."))),
        member("a", elision()),
    ] {
        let value = bare(JsonKind::Object(vec![
            member("b", bare(JsonKind::Placeholder("<b>".into()))),
            value,
        ]));
        assert_eq!(mismatches(&object, &value), [""; 0]);
    }
    let tuple = shape("[string, string]");
    let value = bare(JsonKind::Array(vec![read(&json!("a")), elision()]));
    assert_eq!(mismatches(&tuple, &value), [""; 0]);
}

#[test]
fn quoted_placeholders_are_strings_of_every_kind() {
    finds("uuid", &json!("<string>"), &[]);
    finds(r#""a" | "b""#, &json!("YOUR_VALUE"), &[]);
    let found = shape("integer").mismatches(&read(&json!("<integer>")));
    assert!(found.iter().all(|mismatch| mismatch.placeholder));
    assert_eq!(found.len(), 1);
}

#[test]
fn items_of_an_array_share_their_mismatches() {
    finds(
        "{ id: integer }[]",
        &json!([{"id": 1}, {"id": "a"}, {"id": "b", "x": 0}, {}]),
        &[
            r#"wrong-type $[1].id: expected integer, found string "a" (in 2 of 4 items)"#,
            "undocumented $[2].x: expected a documented member, found member `x` (in 1 of 4 items)",
            "missing $[3].id: expected member `id`, found no such member (in 1 of 4 items)",
        ],
    );
    finds(
        "integer[][]",
        &json!([["a", 1], ["b"], []]),
        &[r#"wrong-type $[0][0]: expected integer, found string "a" (in 2 of 3 items)"#],
    );
    finds(
        "map<string, integer>",
        &json!({"a": "x", "b": "y", "c": 1}),
        &[r#"wrong-type $.a: expected integer, found string "x" (in 2 of 3 items)"#],
    );
}

#[test]
fn the_closest_variant_of_a_union_is_reported() {
    let type_ = "string | { a: integer, b: integer } | { c: integer }";
    finds(type_, &json!({"c": 1}), &[]);
    finds(
        type_,
        &json!({"a": 1, "b": "x"}),
        &[r#"wrong-type $.b: expected integer, found string "x""#],
    );
    finds(
        "string | integer[] | null",
        &json!(true),
        &["wrong-type $: expected string or array of integer or null, found boolean true"],
    );
    finds(
        "(string | integer[])[]",
        &json!(["a", [1, "b"], ["c"]]),
        &[r#"wrong-type $[1][1]: expected integer, found string "b" (in 2 of 3 items)"#],
    );
}

#[test]
fn values_are_compared_by_their_text() {
    finds(
        "\"a\" | \"b\"",
        &json!("c"),
        &[r#"not-allowed $: expected one of `a`, `b`, found "c""#],
    );
    finds("0 | 1", &json!(1.0), &[]);
    finds(
        "true",
        &json!(false),
        &["constant $: expected `true`, found false"],
    );
    finds(
        "array | false",
        &json!(true),
        &["constant $: expected `false`, found true"],
    );
    let mut integer = shape("integer");
    integer.constraints.allowed = Some(Fact {
        value: vec![json!("1"), json!("2")],
        evidence: evidence(7),
    });
    assert_eq!(mismatches(&integer, &read(&json!(1))), [""; 0]);
    let found = integer.mismatches(&read(&json!(3)));
    assert_eq!(
        found.first().and_then(|mismatch| mismatch.evidence),
        Some(evidence(7))
    );
}

#[test]
fn formats_ranges_and_lengths_are_compared() {
    finds(
        "date",
        &json!("soon"),
        &[r#"format $: expected a date (`2024-01-31`), found "soon""#],
    );
    finds(
        "[string, string]",
        &json!(["a"]),
        &["length $: expected at least 2 items, found 1"],
    );
    let mut number = shape("number");
    let fact = |value| {
        Some(Fact {
            value,
            evidence: evidence(0),
        })
    };
    number.constraints.minimum = fact(1.0);
    number.constraints.maximum = fact(5.5);
    assert_eq!(
        mismatches(&number, &read(&json!(0))),
        ["range $: expected at least 1, found 0"]
    );
    assert_eq!(
        mismatches(&number, &read(&json!(6))),
        ["range $: expected at most 5.5, found 6"]
    );
}

#[test]
fn deep_shapes_and_values_do_not_overflow() {
    let (mut deep, mut value) = (shape("string"), read(&json!(1)));
    for _ in 0..400 {
        deep = Shape::new(ShapeKind::Union(vec![Shape::array(deep, None)]), None);
        value = bare(JsonKind::Array(vec![value]));
    }
    assert_eq!(mismatches(&deep, &value), [""; 0]);
}

fn shapes() -> impl Strategy<Value = Shape> {
    let leaves = [
        "any",
        "null",
        "boolean",
        "integer",
        "number",
        "string",
        "date",
        "uuid",
        "\"a\" | \"b\"",
        "0 | 1",
        "true",
        "file",
        "object",
        "string | null",
        "decimal",
        "array",
    ];
    let leaf = prop::sample::select(leaves.to_vec()).prop_map(shape);
    leaf.prop_recursive(4, 24, 4, |inner| {
        let member =
            ("[a-d]", inner.clone(), any::<bool>()).prop_map(|(name, shape, required)| Member {
                name,
                shape,
                required: Some(Fact {
                    value: required,
                    evidence: evidence(0),
                }),
                evidence: None,
            });
        prop_oneof![
            inner.clone().prop_map(|items| Shape::array(items, None)),
            inner
                .clone()
                .prop_map(|values| Shape::new(ShapeKind::Map(Box::new(values)), None)),
            prop::collection::vec(inner, 1..4)
                .prop_map(|variants| Shape::new(ShapeKind::Union(variants), None)),
            prop::collection::vec(member, 0..4).prop_map(|mut members| {
                members.sort_by(|a: &Member, b| a.name.cmp(&b.name));
                members.dedup_by(|a, b| a.name == b.name);
                Shape::object(members, None)
            }),
        ]
    })
}

/// A value that fits `shape`; `seeds` decides wherever there is a choice.
fn fitting(shape: &Shape, seeds: &mut impl Iterator<Item = usize>) -> Value {
    let seed = seeds.next().unwrap_or(0);
    if shape.nullable.is_some() && seed.is_multiple_of(3) {
        return Value::Null;
    }
    if let Some(constant) = &shape.constraints.constant {
        return constant.value.clone();
    }
    if let Some(allowed) = &shape.constraints.allowed {
        return allowed.value[seed % allowed.value.len()].clone();
    }
    match &shape.kind {
        ShapeKind::Any | ShapeKind::Unknown => json!({"x": [null, seed]}),
        ShapeKind::Null => Value::Null,
        ShapeKind::Boolean => json!(seed.is_multiple_of(2)),
        ShapeKind::Integer => json!(seed),
        ShapeKind::Number => json!(f64::from(seed as u32) / 4.0),
        ShapeKind::File => json!("@a.png"),
        ShapeKind::String => match shape
            .constraints
            .format
            .as_ref()
            .map(|format| &format.value)
        {
            Some(Format::Date) => json!("2024-02-29"),
            Some(Format::DateTime) => json!("2024-02-29T12:00:00Z"),
            Some(Format::Uuid) => json!("00000000-0000-4000-8000-00000000abcd"),
            _ => json!(format!("text {seed}")),
        },
        ShapeKind::Array(items) => (0..seed % 3).map(|_| fitting(items, seeds)).collect(),
        ShapeKind::Map(values) => {
            let entries = (0..seed % 3).map(|n| (format!("k{n}"), fitting(values, seeds)));
            Value::Object(entries.collect())
        }
        ShapeKind::Union(variants) => fitting(&variants[seed % variants.len()], seeds),
        ShapeKind::Object { members, .. } => {
            let mut object = serde_json::Map::new();
            for member in members {
                let required = member
                    .required
                    .as_ref()
                    .is_some_and(|required| required.value);
                if required || seeds.next().unwrap_or(0).is_multiple_of(2) {
                    object.insert(member.name.clone(), fitting(&member.shape, seeds));
                }
            }
            Value::Object(object)
        }
    }
}

proptest! {
    #[test]
    fn a_value_made_from_a_shape_matches_it(shape in shapes(), seeds in prop::collection::vec(0..1000_usize, 64)) {
        let value = fitting(&shape, &mut seeds.into_iter().cycle());
        prop_assert_eq!(shape.mismatches(&read(&value)), vec![], "{}", value);
    }

    #[test]
    fn the_first_look_sees_nothing_right_that_is_wrong(shape in shapes(), other in shapes(), seeds in prop::collection::vec(0..1000_usize, 64)) {
        for made_of in [&shape, &other] {
            let made = fitting(made_of, &mut seeds.iter().copied().cycle());
            let value = read(&made);
            let in_text = shape.surely_matches_text(made.to_string().as_bytes());
            if shape.surely_matches(&value) || in_text {
                prop_assert_eq!(shape.compare(&value), Vec::new());
            }
        }
    }

    #[test]
    fn any_value_is_compared_with_any_shape(shape in shapes(), other in shapes(), seed in 0..1000_usize) {
        let value = read(&fitting(&other, &mut (seed..)));
        for mismatch in shape.mismatches(&value) {
            prop_assert!(mismatch.count <= mismatch.of, "{mismatch:?}");
        }
    }

    #[test]
    fn every_type_has_a_shape(text in any::<String>()) {
        let type_: Type = parse(&text);
        Shape::from_type(&type_, evidence(0)).describe();
    }
}
