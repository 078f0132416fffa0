//! The formats for programs: equal counts, public schemas, and text that stays text.

use std::collections::HashSet;

use jsonschema::Validator;
use serde_json::Value;

use super::{Fixture, HOSTILE, span, written};
use crate::diagnostic::{Diagnostic, Severity};
use crate::report::{Covered, Findings, github, gitlab, html, junit, markdown, sarif, visible};
use crate::source::{SourceFile, Sources};

const SARIF: &str = include_str!("../../../tests/schemas/sarif-2.1.0.json");
const OURS: &str = include_str!("../../../docs/schemas/findings-1.json");

pub(super) fn fixtures() -> [Fixture; 3] {
    [
        Fixture::plain(),
        Fixture::hostile(),
        Fixture::of(Sources::default(), Vec::new()),
    ]
}

pub(super) fn validator(schema: &str) -> Validator {
    let mut schema: Value = serde_json::from_str(schema).unwrap();
    // The schema of SARIF has a stray bracket in the pattern of a property that we do not write.
    for owner in ["run", "toolComponent"] {
        let path = format!("/definitions/{owner}/properties/language");
        if let Some(language) = schema.pointer_mut(&path) {
            language.as_object_mut().unwrap().remove("pattern");
        }
    }
    jsonschema::validator_for(&schema).unwrap()
}

pub(super) fn valid(validator: &Validator, text: &str) -> Value {
    let value = serde_json::from_str(text).unwrap();
    let errors: Vec<_> = validator
        .iter_errors(&value)
        .take(3)
        .map(|it| format!("{it} at {}", it.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
    value
}

fn sarif_of(fixture: &Fixture) -> String {
    written(|out| sarif::write(&fixture.findings(), out))
}

fn attribute(node: roxmltree::Node<'_, '_>, name: &str) -> usize {
    node.attribute(name).unwrap().parse().unwrap()
}

#[test]
fn json_is_as_its_schema_says() {
    let schema = validator(OURS);
    for fixture in fixtures() {
        valid(&schema, &fixture.json());
    }
    let mut value: Value = serde_json::from_str(&Fixture::plain().json()).unwrap();
    value["findings"][0]["severity"] = "fatal".into();
    assert!(!schema.is_valid(&value));
}

#[test]
fn sarif_is_as_its_schema_says_and_holds_every_finding() {
    let schema = validator(SARIF);
    for fixture in fixtures() {
        let log = valid(&schema, &sarif_of(&fixture));
        let results = log["runs"][0]["results"].as_array().unwrap();
        assert_eq!(results.len(), fixture.diagnostics.len());
        for result in results {
            let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
            assert_eq!(
                log["runs"][0]["tool"]["driver"]["rules"][index]["id"],
                result["ruleId"]
            );
        }
    }
}

#[test]
fn sarif_knows_regions_related_places_and_fixes() {
    let log: Value = serde_json::from_str(&sarif_of(&Fixture::plain())).unwrap();
    let result = &log["runs"][0]["results"][0];
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "docs/users/create.mdx");
    assert_eq!(place["region"]["startColumn"], 8);
    assert_eq!(result["relatedLocations"][1]["message"]["text"], "and here");
    let replacement = &result["fixes"][0]["artifactChanges"][0]["replacements"][0];
    assert_eq!(replacement["insertedContent"]["text"], "\"1\"");
}

#[test]
fn braces_and_links_in_a_sarif_message_are_text() {
    let mut fixture = Fixture::plain();
    fixture.diagnostics[0].message = "`{id}` and [here](1)".to_owned();
    fixture.diagnostics[0].help = None;
    let log: Value = serde_json::from_str(&sarif_of(&fixture)).unwrap();
    assert_eq!(
        log["runs"][0]["results"][0]["message"]["text"],
        "`{{id}}` and \\[here\\](1)"
    );
}

#[test]
fn a_fingerprint_stays_while_lines_move_and_is_never_shared() {
    let page = |before: &str| {
        let mut sources = Sources::default();
        let text = format!("{before}one two two\n");
        let at = before.len();
        let file = sources.add(SourceFile::new("a.mdx", text));
        let diagnostics = [0..3, 4..7, 8..11, 8..11].map(|range| {
            Diagnostic::new(
                &super::FIRST,
                span(file, range.start + at..range.end + at),
                "m",
            )
            .subject("s")
        });
        let log: Value =
            serde_json::from_str(&sarif_of(&Fixture::of(sources, diagnostics.into()))).unwrap();
        let results = log["runs"][0]["results"].as_array().unwrap().clone();
        results
            .iter()
            .map(|it| {
                it["partialFingerprints"]["fieldproof/v1"]
                    .as_str()
                    .unwrap()
                    .to_owned()
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(page(""), page("# A heading\n\nmore\n"));
    assert_eq!(page("").iter().collect::<HashSet<_>>().len(), 4);
    // A service that has stored them must find them again.
    assert_eq!(page("")[0], "25c8cb644bc32071");
}

#[test]
fn junit_is_xml_with_every_finding_once() {
    for fixture in fixtures() {
        let operations = [Covered {
            name: HOSTILE.to_owned(),
            not_exercised: Some(HOSTILE.to_owned()),
        }];
        let findings = Findings {
            operations: &operations,
            ..fixture.findings()
        };
        let xml = written(|out| junit::write(&findings, out));
        let document = roxmltree::Document::parse(&xml).unwrap();
        let root = document.root_element();
        let cases: Vec<_> = document
            .descendants()
            .filter(|it| it.has_tag_name("testcase"))
            .collect();
        let with = |name| {
            cases
                .iter()
                .filter(|case| case.children().any(|it| it.has_tag_name(name)))
                .count()
        };
        assert_eq!(root.tag_name().name(), "testsuites");
        assert_eq!(attribute(root, "tests"), cases.len());
        assert_eq!(attribute(root, "failures"), with("failure"));
        let suites = root.children().filter(roxmltree::Node::is_element);
        let skipped: usize = suites.map(|suite| attribute(suite, "skipped")).sum();
        assert_eq!(skipped, with("skipped"));
        assert_eq!(with("skipped"), 4);
        let lines = document
            .descendants()
            .filter(roxmltree::Node::is_text)
            .filter_map(|it| it.text())
            .flat_map(str::lines);
        let shown = lines
            .filter(|line| line.contains(": error[type-mismatch] ") && !line.starts_with(' '))
            .count();
        assert_eq!(shown, fixture.diagnostics.len());
    }
}

#[test]
fn junit_fails_a_case_only_for_what_fails_the_run() {
    let fixture = Fixture::plain();
    let operations = ["POST /users", "GET /users"].map(|name| Covered {
        name: name.to_owned(),
        not_exercised: None,
    });
    let count = |fails_from| {
        let findings = Findings {
            operations: &operations,
            fails_from,
            ..fixture.findings()
        };
        let xml = written(|out| junit::write(&findings, out));
        let document = roxmltree::Document::parse(&xml).unwrap();
        let root = document.root_element();
        (attribute(root, "tests"), attribute(root, "failures"))
    };
    assert_eq!(count(Some(Severity::Error)), (8, 1));
    assert_eq!(count(None), (8, 0));
}

#[test]
fn github_annotations_are_one_command_a_line() {
    for fixture in fixtures() {
        let commands = written(|out| github::write(&fixture.findings(), out));
        assert_eq!(commands.lines().count(), fixture.diagnostics.len());
        for command in commands.lines() {
            let (properties, data) = command
                .strip_prefix("::error ")
                .unwrap()
                .split_once("::")
                .unwrap();
            let names: Vec<_> = properties
                .split(',')
                .map(|it| it.split_once('=').unwrap().0)
                .collect();
            assert_eq!(
                names,
                ["file", "line", "col", "endLine", "endColumn", "title"]
            );
            for (at, _) in data.match_indices('%') {
                assert!(["%25", "%0A"].contains(&&data[at..at + 3]), "{data}");
            }
        }
    }
}

#[test]
fn gitlab_gets_a_unique_fingerprint_for_each_finding() {
    for fixture in fixtures() {
        let report = written(|out| gitlab::write(&fixture.findings(), out));
        let issues: Vec<Value> = serde_json::from_str(&report).unwrap();
        let fingerprints: HashSet<_> = issues
            .iter()
            .map(|it| it["fingerprint"].as_str().unwrap())
            .collect();
        assert_eq!(issues.len(), fixture.diagnostics.len());
        assert_eq!(fingerprints.len(), issues.len());
        for issue in &issues {
            assert!(issue["location"]["lines"]["begin"].as_u64() > Some(0));
            assert_eq!(issue["severity"], "major");
        }
    }
}

#[test]
fn markdown_is_a_table_with_a_row_for_each_finding_and_nothing_else() {
    use pulldown_cmark::{Event, Options, Parser, Tag};
    for mut fixture in fixtures() {
        for diagnostic in &mut fixture.diagnostics {
            diagnostic
                .message
                .push_str("`a|b` ``` <script> [x](y) ![x](y) *a* _b_ ~~c~~ # | \\");
        }
        let text = written(|out| markdown::write(&fixture.findings(), out));
        let events: Vec<_> = Parser::new_ext(
            &text,
            Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH,
        )
        .collect();
        let rows = events
            .iter()
            .filter(|it| matches!(it, Event::Start(Tag::TableRow)))
            .count();
        let cells = events
            .iter()
            .filter(|it| matches!(it, Event::Start(Tag::TableCell)))
            .count();
        assert_eq!(rows, fixture.diagnostics.len());
        assert_eq!(cells, if rows == 0 { 0 } else { 4 * (rows + 1) });
        for event in events {
            match event {
                Event::InlineHtml(tag) => {
                    assert!(["<code>", "</code>", "<br>"].contains(&&*tag), "{tag}");
                }
                Event::Html(html) => panic!("{html}"),
                Event::Start(tag) => assert!(
                    matches!(
                        tag,
                        Tag::Heading { .. }
                            | Tag::Paragraph
                            | Tag::Table(_)
                            | Tag::TableHead
                            | Tag::TableRow
                            | Tag::TableCell
                    ),
                    "{tag:?}"
                ),
                Event::Code(code) => panic!("{code}"),
                _ => {}
            }
        }
    }
}

#[test]
fn the_page_is_well_formed_and_holds_every_finding() {
    for fixture in fixtures() {
        let operations = ["POST /users", "<script>", HOSTILE].map(|name| Covered {
            name: name.to_owned(),
            not_exercised: (name != "POST /users").then(|| HOSTILE.to_owned()),
        });
        let findings = Findings {
            operations: &operations,
            ..fixture.findings()
        };
        let page = written(|out| html::write(&findings, out));
        assert_eq!(page.matches("<article ").count(), fixture.diagnostics.len());
        assert_eq!(page.matches("<script").count(), 1);
        assert!(!page.contains("src=") && !page.contains("href=") && !page.contains("url("));
        // Read strictly: nothing that came from outside may have opened or closed an element.
        let start = page.find("<main>").unwrap();
        let end = page.find("</main>").unwrap();
        let main = format!("{}</main>", &page[start..end]);
        let main = main.replace(" open>", ">");
        let document = roxmltree::Document::parse(&main).unwrap();
        let groups = document
            .root_element()
            .children()
            .filter(roxmltree::Node::is_element);
        assert!(groups.clone().all(|it| it.has_tag_name("details")));
        assert!(groups.count() >= 3);
    }
}

#[test]
fn no_machine_format_passes_on_what_a_terminal_obeys() {
    let fixture = Fixture::hostile();
    let findings = fixture.findings();
    for output in [
        sarif_of(&fixture),
        written(|out| junit::write(&findings, out)),
        written(|out| github::write(&findings, out)),
        written(|out| gitlab::write(&findings, out)),
        written(|out| markdown::write(&findings, out)),
        written(|out| html::write(&findings, out)),
    ] {
        let found = output
            .chars()
            .find(|it| visible::is_unsafe(*it) && *it != '\n');
        assert_eq!(found, None);
    }
}
