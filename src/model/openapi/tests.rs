//! What OpenAPI files mean, and what they cannot do to us.

use std::sync::Arc;

use super::*;
use crate::model::json;
use crate::model::operation::{AuthScheme, Location};
use crate::model::shape::{Openness, Shape, ShapeKind};
use crate::model::{Origin, Status};
use crate::source::SourceFile;

fn read_files(files: &[(&str, &str)]) -> (Sources, Specifications) {
    let mut sources = Sources::default();
    let ids: Vec<_> = files
        .iter()
        .map(|(path, text)| sources.add(SourceFile::new(*path, *text)))
        .collect();
    let specifications = read(&sources, &ids);
    (sources, specifications)
}

fn operation(text: &str) -> Operation {
    let (_, mut specifications) = read_files(&[("openapi.yaml", text)]);
    assert_eq!(specifications.unread, []);
    let operation = specifications.files.remove(0).operations.remove(0);
    Arc::unwrap_or_clone(operation)
}

/// The shape of a response that has this schema, in YAML's flow style; `components` follow at the end.
fn shape_with(schema: &str, components: &str) -> Shape {
    let text = format!(
        "openapi: 3.1.0\npaths:\n  /a:\n    get:\n      responses:\n        200:\n          content:\n            application/json:\n              schema: {schema}\n{components}"
    );
    operation(&text).responses.remove(0).shape.unwrap()
}

fn shape(schema: &str) -> Shape {
    shape_with(schema, "")
}

fn accepts(shape: &Shape, value: &str) -> bool {
    shape.matches(&json::read_strict(value.as_bytes()).unwrap())
}

#[test]
fn every_fact_leads_to_its_place_in_the_file() {
    let text = "openapi: 3.0.3\nservers: [{url: 'https://{r}.example.com/v1/', variables: {r: {default: eu}}}]\nsecurity: [{key: []}]\npaths:\n  /books/{id}:\n    parameters:\n      - {name: id, in: path, required: true, schema: {type: integer}}\n    post:\n      operationId: addBook\n      requestBody:\n        required: true\n        content:\n          application/json:\n            schema:\n              required: [title]\n              properties:\n                title: {type: string, maxLength: 9}\n      responses:\n        '201': {description: made}\n        default: {description: wrong}\ncomponents:\n  securitySchemes:\n    key: {type: apiKey, in: header, name: X-Key}\n";
    let (sources, specifications) = read_files(&[("openapi.yaml", text)]);
    let operation = &specifications.files[0].operations[0];
    assert_eq!(operation.name(), "POST /books/{id}");
    assert_eq!(operation.servers[0].value, "https://eu.example.com/v1");
    assert_eq!(operation.identifier.as_ref().unwrap().value, "addBook");
    assert_eq!(operation.parameters[0].location, Location::Path);
    assert_eq!(
        operation.auth.schemes[0].value,
        AuthScheme::Header("X-Key".to_owned())
    );
    let body = operation.body.as_ref().unwrap();
    let title = &body.shape.members()[0];
    let required = title.required.as_ref().unwrap();
    assert!(required.value);
    assert_eq!(required.evidence.origin, Origin::Specification);
    assert_eq!(sources.place(required.evidence.span), "openapi.yaml:15");
    assert_eq!(sources.text(title.evidence.unwrap().span), "title");
    assert_eq!(operation.responses[0].status.code(), Some(201));
    assert_eq!(operation.responses[1].status, Status::Error);
}

#[test]
fn null_is_allowed_in_both_notations() {
    assert!(accepts(&shape("{type: string, nullable: true}"), "null"));
    assert!(accepts(&shape("{type: [string, 'null']}"), "null"));
    assert!(accepts(
        &shape("{anyOf: [{type: string}, {type: 'null'}]}"),
        "null"
    ));
    assert!(!accepts(&shape("{type: string}"), "null"));
}

#[test]
fn other_members_are_allowed_unless_the_schema_forbids_them() {
    let open = shape("{type: object, properties: {a: {type: string}}}");
    assert!(accepts(&open, r#"{"b": 1}"#));
    let closed = shape("{properties: {a: {type: string}}, additionalProperties: false}");
    assert!(!accepts(&closed, r#"{"b": 1}"#));
    let map = shape("{type: object, additionalProperties: {type: integer}}");
    assert!(!accepts(&map, r#"{"b": "x"}"#));
}

#[test]
fn all_parts_of_all_of_count_and_one_of_any_of() {
    let parts = "{allOf: [{$ref: '#/components/schemas/Base'}, {required: [b], properties: {b: {type: integer}}}]}";
    let base = "components:\n  schemas:\n    Base: {type: object, required: [a], properties: {a: {type: string}}}\n";
    let both = shape_with(parts, base);
    assert!(accepts(&both, r#"{"a": "x", "b": 1}"#));
    assert!(!accepts(&both, r#"{"a": "x"}"#));
    assert!(!accepts(&both, r#"{"b": 1}"#));
    let either = shape(
        "{properties: {k: {type: string}}, oneOf: [{required: [x], properties: {x: {type: integer}}}, {required: [y], properties: {y: {type: integer}}}]}",
    );
    assert!(accepts(&either, r#"{"k": "v", "y": 1}"#));
    assert!(!accepts(&either, r#"{"k": 1, "y": 1}"#));
}

#[test]
fn what_is_read_only_is_not_sent_and_what_is_write_only_not_answered() {
    let text = "openapi: 3.1.0\npaths:\n  /a:\n    put:\n      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}\n      responses: {200: {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}\ncomponents:\n  schemas:\n    A:\n      required: [id, password]\n      properties:\n        id: {type: string, readOnly: true}\n        password: {type: string, writeOnly: true}\n";
    let operation = operation(text);
    let names = |shape: &Shape| -> Vec<String> {
        shape.members().iter().map(|it| it.name.clone()).collect()
    };
    assert_eq!(names(&operation.body.unwrap().shape), ["password"]);
    assert_eq!(
        names(operation.responses[0].shape.as_ref().unwrap()),
        ["id"]
    );
}

#[test]
fn references_lead_to_other_files_of_the_site_and_nowhere_else() {
    let main = "openapi: 3.1.0\npaths:\n  /a:\n    $ref: './parts/a.yaml'\n";
    let part = "get:\n  responses:\n    200:\n      content:\n        application/json:\n          schema:\n            properties:\n              one: {$ref: '../shapes.json#/One'}\n              two: {$ref: 'https://example.com/shapes.json#/Two'}\n              three: {$ref: '../../../etc/passwd'}\n";
    let shapes = r#"{"One": {"type": "integer"}}"#;
    let (sources, specifications) = read_files(&[
        ("api/openapi.yaml", main),
        ("api/parts/a.yaml", part),
        ("api/shapes.json", shapes),
    ]);
    let operation = &specifications.files[0].operations[0];
    let members = operation.responses[0].shape.as_ref().unwrap().members();
    assert_eq!(members[0].shape.kind, ShapeKind::Integer);
    let place = members[0].shape.evidence.unwrap().span;
    assert_eq!(sources.place(place), "api/shapes.json:1");
    assert_eq!(members[1].shape.kind, ShapeKind::Unknown);
    assert_eq!(members[2].shape.kind, ShapeKind::Unknown);
}

#[test]
fn a_schema_inside_itself_is_unknown_there() {
    let tree = shape_with(
        "{$ref: '#/components/schemas/Tree'}",
        "components:\n  schemas:\n    Tree: {properties: {children: {type: array, items: {$ref: '#/components/schemas/Tree'}}}}\n    Loop: {$ref: '#/components/schemas/Loop'}\n",
    );
    let ShapeKind::Array(items) = &tree.members()[0].shape.kind else {
        panic!("{tree:?}");
    };
    assert_eq!(items.kind, ShapeKind::Unknown);
    let endless = shape_with(
        "{$ref: '#/components/schemas/Loop'}",
        "components:\n  schemas:\n    Loop: {$ref: '#/components/schemas/Loop'}\n",
    );
    assert_eq!(endless.kind, ShapeKind::Unknown);
}

#[test]
fn schemas_that_double_at_each_level_end() {
    let mut components = "components:\n  schemas:\n".to_owned();
    for level in 0..40 {
        let next = format!("{{$ref: '#/components/schemas/S{}'}}", level + 1);
        components.extend([format!(
            "    S{level}: {{properties: {{a: {next}, b: {next}}}, oneOf: [{next}, {next}], anyOf: [{next}, {next}]}}\n"
        )]);
    }
    let _ = shape_with("{$ref: '#/components/schemas/S0'}", &components);
}

#[test]
fn examples_lead_to_their_places_in_yaml() {
    let text = "openapi: 3.1.0\npaths:\n  /a:\n    get:\n      responses:\n        200:\n          content:\n            application/json:\n              schema: {properties: {id: {type: integer}}}\n              example:\n                id: \"x\"\n";
    let (sources, specifications) = read_files(&[("openapi.yaml", text)]);
    let response = &specifications.files[0].operations[0].responses[0];
    let example = &response.examples[0];
    let shape = response.shape.as_ref().unwrap();
    let mismatch = &shape.mismatches(example.value().unwrap())[0];
    let span = example.text.span(mismatch.range.clone());
    assert_eq!(sources.text(span), "\"x\"");
}

#[test]
fn of_several_ways_to_authenticate_none_is_insisted_on() {
    let text = "openapi: 3.1.0\nsecurity: [{a: []}, {b: []}]\npaths: {/a: {get: {}}}\ncomponents: {securitySchemes: {a: {type: http, scheme: bearer}, b: {type: apiKey, in: query, name: k}}}\n";
    let operation = operation(text);
    assert_eq!(operation.auth.schemes.len(), 1);
    assert_eq!(operation.auth.schemes[0].evidence.origin, Origin::Inferred);
}

#[test]
fn other_versions_and_broken_files_are_not_read() {
    let (_, specifications) = read_files(&[
        ("a.json", r#"{"swagger": "2.0", "paths": {}}"#),
        ("b.yaml", "openapi: 3.1.0\npaths: [\n"),
        ("c.json", r#"{"openapi": "api.json", "name": "x"}"#),
    ]);
    assert!(specifications.files.is_empty());
    let reasons: Vec<_> = specifications.unread.iter().map(|it| &it.reason).collect();
    assert!(matches!(reasons[0], UnreadReason::Syntax(_)));
    assert_eq!(*reasons[1], UnreadReason::Version("Swagger 2.0".to_owned()));
    assert_eq!(reasons.len(), 2);
}

#[test]
fn a_key_is_as_long_as_yaml_allows() {
    let file = |key: &str| format!("openapi: 3.1.0\npaths:\n  {key}\n    get: {{}}\n");
    let read = |key: &str| read_files(&[("openapi.yaml", &file(key))]).1;
    let path = |length: usize| format!("/{}", "é".repeat(length - 1));
    assert_eq!(
        read(&format!("{}:", path(1_024))).files[0].operations.len(),
        1
    );
    let asked_for = format!("? {}\n  :", path(1_025));
    assert_eq!(read(&asked_for).files[0].operations.len(), 1);
    let long = read(&format!("{}:", path(1_025)));
    let expected = "a key has 1025 characters, and YAML allows 1024 where no `? ` stands before it";
    assert_eq!(
        long.unread[0].reason,
        UnreadReason::Syntax(expected.to_owned())
    );
    let other = read(&format!("a: {}: b:", path(2_000)));
    let UnreadReason::Syntax(other) = &other.unread[0].reason else {
        panic!("{other:?}");
    };
    assert!(!other.contains("2000"), "{other}");
}

#[test]
fn an_object_that_lists_no_members_says_nothing_about_them() {
    let ShapeKind::Object { open, .. } = shape("{type: object}").kind else {
        panic!();
    };
    assert_eq!(open, Openness::Unknown);
}
