//! What the commands write as JSON is as its schema says.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};

use fieldproof::report::schemas::{self, SCHEMAS};
use jsonschema::Validator;
use serde_json::Value;

const SITES: [&str; 4] = [
    "docs/sample",
    "tests/it/services/bookshop",
    "tests/it/services/depots",
    "tests/it/services/messages",
];

fn validator(name: &str) -> Validator {
    let schema = schemas::find(name).unwrap();
    jsonschema::validator_for(&serde_json::from_str(schema.text).unwrap()).unwrap()
}

fn output(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_fieldproof"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

fn assert_valid(schema: &Validator, text: &str, what: &str) {
    let value: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{what}: {error}"));
    let errors: Vec<_> = schema
        .iter_errors(&value)
        .take(3)
        .map(|error| format!("{error} at {}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{what}: {errors:#?}");
}

#[test]
fn documents_are_as_their_schemas_say() {
    for site in SITES {
        assert_valid(
            &validator("findings"),
            &output(&["check", site, "--format", "json"]),
            site,
        );
        assert_valid(
            &validator("model"),
            &output(&["inspect", site, "--format", "json"]),
            site,
        );
        let raw = output(&["inspect", site, "--raw"]);
        assert!(raw.lines().count() > 2);
        for line in raw.lines() {
            assert_valid(&validator("raw"), line, site);
        }
    }
    let difference = output(&["diff", SITES[1], SITES[2], "--format", "json"]);
    assert_valid(&validator("findings"), &difference, "diff");
}

/// The ways to properties that nothing is said about.
fn unsaid(schema: &Value, way: &str, found: &mut Vec<String>) {
    match schema {
        Value::Object(members) => {
            for (name, property) in members
                .get("properties")
                .and_then(Value::as_object)
                .into_iter()
                .flatten()
            {
                let says = ["description", "$ref", "const", "enum"];
                if !says.iter().any(|key| property.get(key).is_some()) {
                    found.push(format!("{way}/{name}"));
                }
            }
            for (name, value) in members {
                unsaid(value, &format!("{way}/{name}"), found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| unsaid(item, way, found)),
        _ => {}
    }
}

#[test]
fn schemas_say_what_each_property_means() {
    for schema in SCHEMAS {
        let mut found = Vec::new();
        unsaid(
            &serde_json::from_str(schema.text).unwrap(),
            schema.name,
            &mut found,
        );
        assert!(found.is_empty(), "{found:#?}");
    }
}

#[test]
fn what_a_mock_says_is_as_its_schema_says() {
    let mut mock = Command::new(env!("CARGO_BIN_EXE_fieldproof"))
        .args(["mock", SITES[1], "--port", "0", "--json", "--log", "json"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = String::new();
    let mut out = BufReader::new(mock.stdout.take().unwrap());
    out.read_line(&mut said).unwrap();
    let listening: Value = serde_json::from_str(&said).unwrap();
    let address = format!("127.0.0.1:{}", listening["port"]);
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .write_all(b"GET /v1/health?a=1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        .unwrap();
    let mut logged = String::new();
    let mut log = BufReader::new(mock.stderr.take().unwrap());
    log.read_line(&mut logged).unwrap();
    mock.kill().unwrap();
    mock.wait().unwrap();
    for line in [said, logged] {
        assert_valid(&validator("mock"), &line, &line);
    }
}

/// The keys that the reader of the configuration knows below a path, as its message for one that it does not know lists them.
fn known_keys(path: &[&str]) -> Vec<String> {
    let parts: Vec<_> = path.iter().map(|part| format!("\"{part}\"")).collect();
    let text = match path {
        [] => "no-such-key = 1".to_owned(),
        ["check", "paths"] => "[[check.paths]]\ninclude = []\nno-such-key = 1".to_owned(),
        _ => format!("[{}]\nno-such-key = 1", parts.join(".")),
    };
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("page.mdx"), "---\napi: GET /a\n---\n").unwrap();
    std::fs::write(folder.path().join("fieldproof.toml"), text).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_fieldproof"))
        .args(["check", "."])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let message = String::from_utf8(output.stderr).unwrap();
    let (_, list) = message.split_once("expected ").unwrap();
    let mut keys: Vec<_> = list
        .split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect();
    keys.sort();
    keys
}

#[test]
fn the_configuration_has_the_keys_of_its_schema() {
    let text = schemas::find("configuration").unwrap().text;
    let schema: Value = serde_json::from_str(text).unwrap();
    let keys = |pointer: &str| {
        let properties = schema.pointer(pointer).unwrap().as_object().unwrap();
        let mut keys: Vec<_> = properties.keys().cloned().collect();
        keys.sort();
        keys
    };
    for (path, pointer) in [
        (&[][..], "/properties"),
        (&["check"], "/properties/check/properties"),
        (
            &["check", "paths"],
            "/properties/check/properties/paths/items/properties",
        ),
        (&["mock"], "/properties/mock/properties"),
        (
            &["mock", "operations", "GET /a"],
            "/properties/mock/properties/operations/additionalProperties/properties",
        ),
        (&["test"], "/properties/test/properties"),
        (
            &["test", "operations", "GET /a"],
            "/properties/test/properties/operations/additionalProperties/properties",
        ),
    ] {
        assert_eq!(keys(pointer), known_keys(path), "{path:?}");
    }
}

#[test]
fn the_configuration_in_the_docs_is_as_its_schema_says() {
    let page = include_str!("../../docs/configuration.md");
    let (_, fence) = page
        .split_once("```toml title=\"settings.toml\"\n")
        .unwrap();
    let (text, _) = fence.split_once("```").unwrap();
    let value: Value = toml::from_str(text).unwrap();
    assert_valid(&validator("configuration"), &value.to_string(), text);
    for wrong in [
        "fail-on = 1",
        "[mock]\nport = 70000",
        "[check]\nprofiles = 1",
    ] {
        let value: Value = toml::from_str(wrong).unwrap();
        assert!(!validator("configuration").is_valid(&value), "{wrong}");
    }
}

#[test]
fn every_schema_is_a_schema_and_refuses_something() {
    for schema in SCHEMAS {
        let value: Value = serde_json::from_str(schema.text).unwrap();
        assert!(
            jsonschema::draft7::meta::is_valid(&value),
            "{}",
            schema.name
        );
        assert!(
            !validator(schema.name).is_valid(&serde_json::json!({"version": 0})),
            "{}",
            schema.name
        );
    }
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schemas");
    let files = std::fs::read_dir(folder)
        .unwrap()
        .map(|it| it.unwrap().path());
    let mut names: Vec<_> = files
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    names.sort();
    let known: Vec<_> = SCHEMAS.iter().map(|schema| schema.name).collect();
    assert_eq!(names, known);
}
