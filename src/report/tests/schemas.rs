//! The formats of others, held against what their makers publish: `tests/schemas/README.md` says where that comes from.

use jsonschema::Validator;
use serde_json::{Map, Value, json};

use super::live::record;
use super::machine::{fixtures, valid};
use super::{Fixture, HOSTILE, written};
use crate::report::run::{Record, Sent, har};
use crate::report::{Covered, Findings, github, gitlab, junit};

const GITLAB: &str = include_str!("../../../tests/schemas/gitlab-code-quality.json");
const JUNIT: &str = include_str!("../../../tests/schemas/junit-elements.json");
const HAR: [(&str, &str); 18] = [
    (
        "har",
        include_str!("../../../tests/schemas/har-1.2/har.json"),
    ),
    (
        "log",
        include_str!("../../../tests/schemas/har-1.2/log.json"),
    ),
    (
        "creator",
        include_str!("../../../tests/schemas/har-1.2/creator.json"),
    ),
    (
        "browser",
        include_str!("../../../tests/schemas/har-1.2/browser.json"),
    ),
    (
        "page",
        include_str!("../../../tests/schemas/har-1.2/page.json"),
    ),
    (
        "pageTimings",
        include_str!("../../../tests/schemas/har-1.2/pageTimings.json"),
    ),
    (
        "entry",
        include_str!("../../../tests/schemas/har-1.2/entry.json"),
    ),
    (
        "request",
        include_str!("../../../tests/schemas/har-1.2/request.json"),
    ),
    (
        "response",
        include_str!("../../../tests/schemas/har-1.2/response.json"),
    ),
    (
        "cookie",
        include_str!("../../../tests/schemas/har-1.2/cookie.json"),
    ),
    (
        "header",
        include_str!("../../../tests/schemas/har-1.2/header.json"),
    ),
    (
        "query",
        include_str!("../../../tests/schemas/har-1.2/query.json"),
    ),
    (
        "postData",
        include_str!("../../../tests/schemas/har-1.2/postData.json"),
    ),
    (
        "content",
        include_str!("../../../tests/schemas/har-1.2/content.json"),
    ),
    (
        "cache",
        include_str!("../../../tests/schemas/har-1.2/cache.json"),
    ),
    (
        "beforeRequest",
        include_str!("../../../tests/schemas/har-1.2/beforeRequest.json"),
    ),
    (
        "afterRequest",
        include_str!("../../../tests/schemas/har-1.2/afterRequest.json"),
    ),
    (
        "timings",
        include_str!("../../../tests/schemas/har-1.2/timings.json"),
    ),
];

/// The parts of a schema in several files as one: `request.json#` becomes `#/definitions/request`.
fn archive_schema() -> Validator {
    let mut definitions = Map::new();
    for (name, text) in HAR {
        let mut part: Value = serde_json::from_str(text).unwrap();
        part.as_object_mut().unwrap().remove("$id");
        refer(&mut part);
        definitions.insert(name.to_owned(), part);
    }
    let schema = json!({
        "$schema": "http://json-schema.org/draft-06/schema#",
        "allOf": [{"$ref": "#/definitions/har"}],
        "definitions": definitions,
    });
    jsonschema::validator_for(&schema).unwrap()
}

fn refer(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            for (name, value) in members {
                match value {
                    Value::String(target) if name == "$ref" => {
                        let part = target.trim_end_matches(".json#");
                        *target = format!("#/definitions/{part}");
                    }
                    other => refer(other),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(refer),
        _ => {}
    }
}

fn archive(record: &Record) -> String {
    written(|out| har::write(record, out))
}

#[test]
fn an_archive_is_as_har_1_2_says() {
    let schema = archive_schema();
    let mut record = record(&Fixture::hostile());
    // A request that nobody answered, and one that was timed.
    record.exchanges.push(Sent {
        response: None,
        failure: Some(HOSTILE.to_owned()),
        ..record.exchanges[0].clone()
    });
    record.exchanges[0].started = Some("2026-11-28T12:00:00.123Z".to_owned());
    record.exchanges[0].milliseconds = Some(1.5);
    let archive = valid(&schema, &archive(&record));
    assert_eq!(archive["log"]["entries"].as_array().unwrap().len(), 3);
    valid(&schema, &self::archive(&Record::default()));
    let mut wrong = archive;
    wrong["log"]["entries"][0]["request"]
        .as_object_mut()
        .unwrap()
        .remove("headersSize");
    assert!(!schema.is_valid(&wrong));
}

#[test]
fn a_code_quality_report_is_as_gitlab_describes_it() {
    let schema: Value = serde_json::from_str(GITLAB).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    for fixture in fixtures() {
        let report = |prefix| {
            let findings = Findings {
                prefix,
                ..fixture.findings()
            };
            valid(&schema, &written(|out| gitlab::write(&findings, out)))
        };
        for prefix in ["docs/", "./docs", "."] {
            let issues = report(prefix);
            assert_eq!(issues.as_array().unwrap().len(), fixture.diagnostics.len());
        }
    }
    assert!(!schema.is_valid(&json!([{"description": "d", "check_name": "c"}])));
}

/// What of an element and all below it the makers do not know.
fn strangers(node: roxmltree::Node<'_, '_>, elements: &Value, found: &mut Vec<String>) {
    let name = node.tag_name().name();
    let known = &elements[name];
    let lists = |list: &str, word: &str| {
        let words = known[list].as_array().into_iter().flatten();
        words.into_iter().any(|it| it == word)
    };
    if known.is_null() {
        found.push(format!("<{name}>"));
    }
    for attribute in node.attributes() {
        if !lists("attributes", attribute.name()) {
            found.push(format!("{name}/@{}", attribute.name()));
        }
    }
    for required in known["required"].as_array().into_iter().flatten() {
        if node.attribute(required.as_str().unwrap()).is_none() {
            found.push(format!("{name} without {required}"));
        }
    }
    for child in node.children() {
        if child.is_element() {
            if !lists("children", child.tag_name().name()) {
                found.push(format!("{name}/{}", child.tag_name().name()));
            }
            strangers(child, elements, found);
        } else if known["text"] != true && !child.text().unwrap_or_default().trim().is_empty() {
            found.push(format!("text in {name}"));
        }
    }
}

#[test]
fn junit_has_only_elements_and_attributes_that_jenkins_knows() {
    let elements: Value = serde_json::from_str(JUNIT).unwrap();
    let found = |xml: &str| {
        let document = roxmltree::Document::parse(xml).unwrap();
        let mut found = Vec::new();
        strangers(document.root_element(), &elements, &mut found);
        found
    };
    for fixture in fixtures() {
        let operations = [Covered {
            name: HOSTILE.to_owned(),
            not_exercised: Some(HOSTILE.to_owned()),
        }];
        let record = record(&fixture);
        for run in [None, Some(&record)] {
            let findings = Findings {
                operations: &operations,
                run,
                ..fixture.findings()
            };
            let xml = written(|out| junit::write(&findings, out));
            assert_eq!(found(&xml), Vec::<String>::new());
        }
    }
    assert_eq!(
        found("<testsuites skipped='1'><testcase/>x</testsuites>"),
        [
            "testsuites/@skipped",
            "testsuites/testcase",
            "testcase without \"name\"",
            "text in testsuites"
        ]
    );
}

/// A workflow command: its name, its properties, and its data.
type Command = (String, Vec<(String, String)>, String);

/// What the runner makes of a line, as <https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs> reads it.
fn command(line: &str) -> Option<Command> {
    let (head, data) = line.strip_prefix("::")?.split_once("::")?;
    let (name, properties) = head.split_once(' ')?;
    let read = |text: &str, escapes: &[(&str, &str)]| {
        let mut text = text.to_owned();
        for (escape, meaning) in escapes {
            text = text.replace(escape, meaning);
        }
        text.replace("%25", "%")
    };
    let ends = [("%0D", "\r"), ("%0A", "\n")];
    let signs = [("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ",")];
    let properties = properties.split(',').map(|pair| {
        let (name, value) = pair.split_once('=')?;
        Some((name.to_owned(), read(value, &signs)))
    });
    Some((
        name.to_owned(),
        properties.collect::<Option<_>>()?,
        read(data, &ends),
    ))
}

#[test]
fn the_runner_of_github_reads_back_what_was_found() {
    for fixture in fixtures() {
        let findings = fixture.findings();
        let lines = written(|out| github::write(&findings, out));
        assert_eq!(lines.lines().count(), fixture.diagnostics.len());
        for (line, diagnostic) in lines.lines().zip(&fixture.diagnostics) {
            let (name, properties, data) = command(line).unwrap();
            let value = |name: &str| {
                let mut properties = properties.iter();
                let found = properties.find(|(known, _)| known == name);
                found.map(|(_, value)| value.clone()).unwrap()
            };
            assert_eq!(name, "error");
            assert_eq!(
                value("file"),
                super::super::line(&findings.path(diagnostic.span.file))
            );
            assert_eq!(value("title"), diagnostic.rule.name);
            let message = super::super::line(&diagnostic.message);
            assert!(data.starts_with(message.as_ref()), "{data}");
        }
    }
}
