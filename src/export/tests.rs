//! What every exported document must hold.

use serde_json::Value;

use super::*;
use crate::model;
use crate::source::load::Site;

fn export(pages: &[(&str, &str)]) -> Export {
    let site = Site::from_files(pages.iter().copied());
    let documentation = model::read(&site);
    openapi(&documentation.api, &site.sources, &Options::default())
}

fn pointer<'v>(export: &'v Export, pointer: &str) -> &'v Value {
    export.document.pointer(pointer).unwrap_or(&Value::Null)
}

#[test]
fn paths_that_differ_in_the_names_of_parameters_are_one() {
    let export = export(&[
        ("a.mdx", "---\napi: GET /books/{id}\n---\n"),
        ("b.mdx", "---\napi: DELETE /books/:book\n---\n"),
    ]);
    let paths = export.document["paths"].as_object().unwrap();
    assert_eq!(paths.keys().collect::<Vec<_>>(), ["/books/{id}"]);
    let name = pointer(&export, "/paths/~1books~1{id}/delete/parameters/0/name");
    assert_eq!(name, "id");
}

#[test]
fn one_path_on_two_hosts_is_noted() {
    let export = export(&[
        ("a.mdx", "---\napi: GET https://a.example.com/books\n---\n"),
        ("b.mdx", "---\napi: GET https://b.example.com/books\n---\n"),
    ]);
    assert_eq!(export.document["paths"].as_object().unwrap().len(), 1);
    assert!(
        export
            .notes
            .iter()
            .any(|note| note.message.contains("is left out"))
    );
}

#[test]
fn one_path_below_two_base_paths_is_two_paths() {
    let export = export(&[
        ("a.mdx", "---\nopenapi: one GET /books\n---\n"),
        ("b.mdx", "---\nopenapi: two GET /books\n---\n"),
        (
            "one.json",
            r#"{"openapi": "3.1.0", "servers": [{"url": "https://api.example.com/v1"}], "paths": {"/books": {"get": {}}}}"#,
        ),
        (
            "two.json",
            r#"{"openapi": "3.1.0", "servers": [{"url": "https://api.example.com/v2"}], "paths": {"/books": {"get": {}}}}"#,
        ),
    ]);
    let paths = export.document["paths"].as_object().unwrap();
    assert_eq!(paths.keys().collect::<Vec<_>>(), ["/v1/books", "/v2/books"]);
}

#[test]
fn every_operation_has_a_name_of_its_own() {
    let export = export(&[
        ("a.mdx", "---\ntitle: Overview\napi: GET /books\n---\n"),
        ("b.mdx", "---\ntitle: Overview\napi: GET /authors\n---\n"),
        ("c.mdx", "---\ntitle: Über\napi: GET /a-b\n---\n"),
        ("d.mdx", "---\ntitle: Über\napi: GET /a/b\n---\n"),
    ]);
    let paths = export.document["paths"].as_object().unwrap();
    let names: Vec<_> = paths
        .values()
        .map(|item| item["get"]["operationId"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["getBooks", "getAuthors", "getAB", "getAB2"]);
}

#[test]
fn a_title_names_its_operation_without_articles_and_a_verb_with_its_tag() {
    let page = |title: &str, api: &str| format!("---\ntitle: {title}\napi: {api}\n---\n");
    let export = export(&[
        (
            "books/a.mdx",
            &page("Create the author’s book", "POST /books"),
        ),
        ("books/b.mdx", &page("Delete", "DELETE /books/{id}")),
        ("books/c.mdx", &page("Overview", "GET /books/{id}/overview")),
        ("gift-cards/d.mdx", &page("Delete", "DELETE /cards/{id}")),
        (
            "gift-cards/e.mdx",
            &page("Übersicht", "GET /cards/{id}/uses/{use}"),
        ),
        ("gift-cards/f.mdx", &page("2 cards", "POST /cards/pairs")),
    ]);
    let paths = export.document["paths"].as_object().unwrap();
    let operations = paths
        .values()
        .flat_map(|item| item.as_object().unwrap().values());
    let names: Vec<_> = operations
        .map(|operation| operation["operationId"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "createAuthorsBook",
            "deleteBooks",
            "overview",
            "deleteGiftCards",
            "getCardsUsesByIdAndUse",
            "postCardsPairs",
        ]
    );
}

#[test]
fn links_within_the_site_are_words_alone() {
    let flowing = super::text::flowing;
    for (written, expected) in [
        (
            "As [List `books`](/books/list) and [above](#id) say.",
            "As List `books` and above say.",
        ),
        (
            "[x](https://example.com/x), [y](mailto:y@example.com)",
            "[x](https://example.com/x), [y](mailto:y@example.com)",
        ),
        ("`[x](/y)` and [a[0]](/b)", "`[x](/y)` and [a[0]](/b)"),
        ("é[x](./y)é[", "éxé["),
        ("![map](/map.png) `", "map `"),
    ] {
        assert_eq!(flowing(written), expected);
    }
}

#[test]
fn null_stands_beside_the_type_and_among_the_values() {
    let field = r#"<ResponseField name="a" type="'x' | 'y' | null" required />"#;
    let export = export(&[("a.mdx", &format!("---\napi: GET /a\n---\n\n{field}\n"))]);
    let schema = pointer(
        &export,
        "/paths/~1a/get/responses/2XX/content/application~1json/schema/properties/a",
    );
    assert_eq!(
        *schema,
        json!({"type": ["string", "null"], "enum": ["x", "y", null]})
    );
}

#[test]
fn yaml_says_what_json_says() {
    let description = "---\ntitle: 'yes'\napi: GET /a\n---\n\n<ResponseField name=\"no\" type=\"string\">\n  - one: two\n  - # three\n\n  `on`, null, 1e3, 0x1F, ~, 'it''s', \"q\", é, \\n\n</ResponseField>\n";
    let export = export(&[("a.mdx", description)]);
    let text = to_yaml(&export.document);
    let back = yaml_value(&text);
    assert_eq!(back, export.document);
}

#[test]
fn a_key_of_any_length_is_read_back() {
    let long = |character: &str, length: usize| character.repeat(length);
    for length in [1_020, 1_022, 1_023, 1_024, 1_025, 5_000] {
        let document = json!({
            "short": {long("k", length): {"a": 1}, long("\"", length / 2): [{long("é", length): null, "b": 2}]},
            long("/", length): {},
            "last": [],
        });
        let text = to_yaml(&document);
        assert_eq!(yaml_value(&text), document, "{length}");
    }
}

/// YAML read back.
fn yaml_value(text: &str) -> Value {
    let yaml: Vec<saphyr::Yaml<'_>> = saphyr::LoadableYamlNode::load_from_str(text).unwrap();
    value(&yaml[0])
}

fn value(yaml: &saphyr::Yaml<'_>) -> Value {
    use saphyr::{Scalar, Yaml};
    match yaml {
        Yaml::Value(Scalar::Null) => Value::Null,
        Yaml::Value(Scalar::Boolean(truth)) => json!(truth),
        Yaml::Value(Scalar::Integer(integer)) => json!(integer),
        Yaml::Value(Scalar::String(text)) => json!(text),
        Yaml::Sequence(items) => items.iter().map(value).collect(),
        Yaml::Mapping(members) => members
            .iter()
            .map(|(key, item)| (key.as_str().unwrap().to_owned(), value(item)))
            .collect::<Map<_, _>>()
            .into(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_pattern_of_a_file_is_exported_as_it_stands() {
    let specification = r#"{"openapi": "3.1.0", "paths": {"/books": {"get": {"parameters": [
        {"name": "code", "in": "query", "schema": {"type": "string", "pattern": "^(?!x)[a-z]+$"}}
    ]}}}}"#;
    let export = export(&[
        ("a.mdx", "---\nopenapi: GET /books\n---\n"),
        ("api.json", specification),
    ]);
    let pattern = pointer(&export, "/paths/~1books/get/parameters/0/schema/pattern");
    assert_eq!(pattern, "^(?!x)[a-z]+$");
}
