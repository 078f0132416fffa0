//! The forms of a run: every exchange, every finding, and text that stays text.

use serde_json::{Value, json};

use super::{Fixture, HOSTILE, written};
use crate::conform::script::{
    Capture, Content, Part, Promise, Promised, Script, Source, Statuses, Step, Text,
};
use crate::model::shape::{Path, Step as Way};
use crate::report::run::{Answered, Asked, Compared, Exercised, Record, Sent};
use crate::report::run::{har, hurl, ndjson, shell};
use crate::report::{Findings, html, junit, visible};

/// A record whose exchanges are what the findings are about, with hostile text everywhere.
pub(super) fn record(fixture: &Fixture) -> Record {
    let pairs = || vec![(HOSTILE.to_owned(), HOSTILE.to_owned())];
    let names = fixture
        .diagnostics
        .iter()
        .filter_map(|it| it.operation.clone());
    let mut names: Vec<_> = names.collect();
    names.sort();
    names.dedup();
    let operations = names.iter().map(|name| Exercised {
        name: name.clone(),
        exercised: true,
        requests: 2,
        answers: vec![("200".to_owned(), 1), (HOSTILE.to_owned(), 0)],
        members: vec![(HOSTILE.to_owned(), false)],
        values: vec![(HOSTILE.to_owned(), false)],
        members_compared: vec![Compared {
            member: HOSTILE.to_owned(),
            documented: Some(HOSTILE.to_owned()),
            shown: None,
            observed: Some(HOSTILE.to_owned()),
        }],
        variants: vec![(HOSTILE.to_owned(), 200, 1), ("other".to_owned(), 0, 1)],
        ..Exercised::default()
    });
    let sent = |curl: &str| Sent {
        operation: HOSTILE.to_owned(),
        phase: "examples".to_owned(),
        check: HOSTILE.to_owned(),
        request: Asked {
            method: "POST".to_owned(),
            url: format!("http://127.0.0.1/?{HOSTILE}"),
            headers: pairs(),
            body: Some(HOSTILE.to_owned()),
        },
        response: Some(Answered {
            status: 200,
            headers: pairs(),
            body: HOSTILE.to_owned(),
            size: 9,
        }),
        curl: curl.to_owned(),
        ..Sent::default()
    };
    Record {
        version: 1,
        url: HOSTILE.to_owned(),
        operations: operations.collect(),
        exchanges: vec![sent(HOSTILE), sent("another")],
        ..Record::default()
    }
}

fn script() -> Script {
    let text = || {
        Text(vec![
            Part::Plain(HOSTILE.to_owned()),
            Part::Captured("id".to_owned()),
            Part::Secret("TOKEN".to_owned()),
        ])
    };
    let path = Path(vec![Way::Member(HOSTILE.to_owned()), Way::Item(0)]);
    let step = |content| Step {
        title: HOSTILE.to_owned(),
        span: Fixture::plain().diagnostics[0].span,
        method: "POST".to_owned(),
        target: text(),
        headers: vec![("X-A".to_owned(), text())],
        content: Some(content),
        captures: vec![Capture {
            name: "id".to_owned(),
            source: Source::Body(path.clone()),
        }],
        statuses: Statuses::Codes(vec![200, 201]),
        promises: vec![
            Promise {
                path: path.clone(),
                is: Promised::Present,
            },
            Promise {
                path: path.clone(),
                is: Promised::Equal(HOSTILE.into()),
            },
        ],
    };
    Script {
        origin: HOSTILE.to_owned(),
        steps: vec![
            step(Content::Text(text())),
            step(Content::Parts(vec![("name".to_owned(), text())])),
        ],
        secrets: vec!["TOKEN".to_owned()],
    }
}

#[test]
fn forms_of_a_run_hold_every_finding_and_every_exchange() {
    for fixture in [Fixture::plain(), Fixture::hostile()] {
        let record = record(&fixture);
        let findings = Findings {
            run: Some(&record),
            ..fixture.findings()
        };
        let count = fixture.diagnostics.len();
        let events = written(|out| ndjson::whole(&findings, &record, out));
        let events: Vec<Value> = events
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let of = |name: &str| events.iter().filter(|it| it["event"] == name).count();
        assert_eq!(
            (of("start"), of("exchange"), of("finding"), of("end")),
            (1, 2, count, 1)
        );
        assert_eq!(events.last().unwrap()["errors"], count);
        let archive = written(|out| har::write(&record, out));
        let archive: Value = serde_json::from_str(&archive).unwrap();
        assert_eq!(archive["log"]["entries"].as_array().unwrap().len(), 2);
        let xml = written(|out| junit::write(&findings, out));
        roxmltree::Document::parse(&xml).unwrap();
        let shown = xml
            .lines()
            .filter(|line| line.contains(": error[type-mismatch] "));
        assert_eq!(shown.count(), count);
        let page = written(|out| html::write(&findings, out));
        assert_eq!(page.matches("<article ").count(), count);
        assert_eq!(page.matches("<script").count(), 1);
        let (start, end) = (page.find("<main>").unwrap(), page.find("</main>").unwrap());
        let main = format!("{}</main>", &page[start..end]).replace(" open>", ">");
        roxmltree::Document::parse(&main).unwrap();
    }
}

#[test]
fn no_form_of_a_run_passes_on_what_a_terminal_obeys() {
    let fixture = Fixture::hostile();
    let record = record(&fixture);
    let findings = Findings {
        run: Some(&record),
        ..fixture.findings()
    };
    let script = script();
    for output in [
        written(|out| junit::write(&findings, out)),
        written(|out| html::write(&findings, out)),
        written(|out| har::write(&record, out)),
        written(|out| ndjson::whole(&findings, &record, out)),
        written(|out| super::run::write(&record, out)),
        written(|out| hurl::write(&script, &findings, out)),
        written(|out| shell::write(&script, &findings, out)),
    ] {
        let found = output
            .chars()
            .find(|it| visible::is_unsafe(*it) && *it != '\n');
        assert_eq!(found, None, "{output}");
    }
}

#[test]
fn a_script_means_the_same_bytes() {
    let fixture = Fixture::plain();
    let script = Script {
        origin: "http://127.0.0.1".to_owned(),
        steps: vec![Step {
            title: "a step".to_owned(),
            span: fixture.diagnostics[0].span,
            method: "PUT".to_owned(),
            target: Text(vec![Part::Plain("/a?b=%7B".to_owned())]),
            headers: Vec::new(),
            content: Some(Content::Text(Text(vec![
                Part::Plain("{\"a\":{\"b\":\"{{x}} `#\\n\"},\"n\":".to_owned()),
                Part::Captured("n".to_owned()),
                Part::Plain("}".to_owned()),
            ]))),
            captures: Vec::new(),
            statuses: Statuses::Refusal,
            promises: vec![Promise {
                path: Path(vec![Way::Member("a b".to_owned())]),
                is: Promised::Equal(json!("\"q\"")),
            }],
        }],
        secrets: Vec::new(),
    };
    let findings = fixture.findings();
    let file = written(|out| hurl::write(&script, &findings, out));
    let expected = r#"
# a step
# docs/users/create.mdx:7
PUT {{url}}/a?b=%7B
`{"a":{"b":"\u{7b}{x}} \`#\\n"},"n":{{n}}}`
HTTP *
[Asserts]
status >= 400
status < 500
jsonpath "$[\"a b\"]" == "\"q\""
"#;
    assert!(file.ends_with(expected), "{file}");
    let file = written(|out| shell::write(&script, &findings, out));
    let expected = r#"
# docs/users/create.mdx:7
step 'a step' '4??' -X PUT "$url"'/a?b=%7B' --data-raw '{"a":{"b":"{{x}} `#\n"},"n":'"${n}"'}'
holds '.["a b"] == "\"q\""'
"#;
    assert!(file.contains(expected), "{file}");
}
