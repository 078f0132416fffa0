//! Every format shows every finding, whatever a page or a server holds.

mod live;
mod machine;
mod schemas;

use std::ops::Range;

use super::human::Screen;
use super::*;
use crate::diagnostic::{Fix, Observation, Part, Rule, Safety, Severity, Tried};
use crate::source::{SourceFile, Span};

const RULE: Rule = Rule {
    name: "type-mismatch",
    severity: Severity::Error,
    summary: "the example has another type than the field",
};
static FIRST: Rule = RULE;
static SECOND: Rule = Rule {
    name: "another-rule",
    ..RULE
};

const HOSTILE: &str = "a\nb\r\n::error file=x::100% , \u{1b}[31mred\u{1b}[0m \u{9b}1m \u{202e}cba\ttab 日本 e\u{301} \u{7}";

struct Fixture {
    sources: Sources,
    diagnostics: Vec<Diagnostic>,
    summary: Summary,
}

impl Fixture {
    fn plain() -> Self {
        let mut sources = Sources::default();
        let page = sources.add(SourceFile::new("users/create.mdx", "---\n---\n\n<ResponseField name=\"id\" type=\"string\">\n</ResponseField>\n\n{\"id\": 1}\n"));
        let snippet = sources.add(SourceFile::new("snippets/id.mdx", "The id.\n"));
        let finding = Diagnostic::new(
            &FIRST,
            span(page, 74..75),
            "`id` is documented as string and shown as number",
        )
        .label("a number")
        .related(span(page, 40..46), "documented as string here")
        .related(span(snippet, 4..6), "and here")
        .help("change the example or the type")
        .operation("POST /users")
        .subject("response.id")
        .fix(Fix::replace(
            "show a string",
            Safety::Unsafe,
            span(page, 74..75),
            "\"1\"",
        ));
        Self::of(sources, vec![finding])
    }

    fn hostile() -> Self {
        let mut sources = Sources::default();
        let texts = [
            String::new(),
            HOSTILE.to_owned(),
            format!("\u{feff}{HOSTILE}\r\n{HOSTILE}"),
            HOSTILE.repeat(400),
            "\n".repeat(900),
            "\t日本\t語".repeat(90),
        ];
        let mut diagnostics = Vec::new();
        for (number, text) in texts.into_iter().enumerate() {
            let length = text.len();
            let file = sources.add(SourceFile::new(format!("{number}\n\u{1b}[2J.mdx"), text));
            for (start, end) in [
                (0, 0),
                (0, length),
                (1, 2),
                (3, 3),
                (length, length),
                (length / 2, length + 9),
            ] {
                let mut finding = Diagnostic::new(&FIRST, span(file, start..end), HOSTILE)
                    .label(HOSTILE)
                    .help(HOSTILE)
                    .related(span(file, end / 3..end / 2), HOSTILE)
                    .related(span(file, length..length), "")
                    .subject(HOSTILE)
                    .operation(format!("GET /{HOSTILE}{}", number % 2))
                    .fix(Fix::replace(
                        HOSTILE,
                        Safety::Safe,
                        span(file, start..end),
                        HOSTILE,
                    ));
                finding.observation = Some(Box::new(Observation {
                    odd: None,
                    request: HOSTILE.to_owned(),
                    path: Some(HOSTILE.to_owned()),
                    expected: Some(HOSTILE.to_owned()),
                    documented: Some(HOSTILE.to_owned()),
                    observed: Some(HOSTILE.to_owned()),
                    diff: Some(HOSTILE.to_owned()),
                    curl: HOSTILE.to_owned(),
                    tried: Tried {
                        case: HOSTILE.to_owned(),
                        part: Part::State,
                        seed: 0,
                    },
                }));
                diagnostics.push(finding);
            }
        }
        let mut fixture = Self::of(sources, diagnostics);
        fixture.summary.more = vec![(HOSTILE.to_owned(), 1), (HOSTILE.to_owned(), 2)];
        fixture
    }

    fn of(sources: Sources, diagnostics: Vec<Diagnostic>) -> Self {
        let summary = Summary {
            pages: sources.iter().len(),
            ..Summary::default()
        };
        Self {
            summary: summary.counting(&diagnostics),
            sources,
            diagnostics,
        }
    }

    fn findings(&self) -> Findings<'_> {
        Findings {
            sources: &self.sources,
            diagnostics: &self.diagnostics,
            summary: &self.summary,
            prefix: "docs/",
            operations: &[],
            fails_from: Some(Severity::Error),
            run: None,
        }
    }

    fn human(&self, colour: bool) -> String {
        written(|out| {
            human::write(
                &self.findings(),
                Screen {
                    colour,
                    ..Screen::NONE
                },
                out,
            )
        })
    }

    fn concise(&self) -> String {
        written(|out| concise::write(&self.findings(), out))
    }

    fn json(&self) -> String {
        written(|out| json::write(&self.findings(), out))
    }
}

fn span(file: FileId, range: Range<usize>) -> Span {
    Span::new(file, range)
}

fn written(write: impl FnOnce(&mut dyn std::io::Write) -> std::io::Result<()>) -> String {
    let mut out = Vec::new();
    write(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn every_format_shows_every_finding() {
    for fixture in [Fixture::plain(), Fixture::hostile()] {
        let count = fixture.diagnostics.len();
        let json: serde_json::Value = serde_json::from_str(&fixture.json()).unwrap();
        assert_eq!(json["findings"].as_array().unwrap().len(), count);
        assert_eq!(json["summary"]["errors"], count);
        assert_eq!(fixture.concise().lines().count(), count);
        let human = fixture.human(false);
        assert_eq!(
            human
                .lines()
                .filter(|line| line.starts_with("error[type-mismatch]: "))
                .count(),
            count
        );
    }
}

#[test]
fn nothing_that_a_terminal_obeys_comes_through() {
    let fixture = Fixture::hostile();
    for output in [fixture.human(false), fixture.concise(), fixture.json()] {
        let found = output
            .chars()
            .find(|it| visible::is_unsafe(*it) && *it != '\n');
        assert_eq!(found, None);
    }
    // With colour, the only escapes are those of the renderer, which are colours.
    let coloured = fixture.human(true);
    let mut escapes = coloured.split("\u{1b}[").skip(1);
    assert!(escapes.all(|rest| {
        rest.trim_start_matches(|it: char| it.is_ascii_digit() || it == ';')
            .starts_with('m')
    }));
    assert!(!coloured.contains("\u{1b}[31m"));
}

#[test]
fn lines_stay_legible_however_long_the_source_is() {
    let mut fixture = Fixture::hostile();
    for diagnostic in &mut fixture.diagnostics {
        diagnostic.label = Some("here".to_owned());
        diagnostic.observation = None;
        diagnostic
            .related
            .iter_mut()
            .for_each(|it| it.label = "there".to_owned());
    }
    let longest = fixture
        .human(false)
        .lines()
        .map(|line| line.chars().count())
        .max();
    assert!(longest < Some(350), "{longest:?}");
    assert!(fixture.human(false).lines().count() < fixture.diagnostics.len() * 25);
}

#[test]
fn a_line_that_is_cut_keeps_its_column() {
    let mut sources = Sources::default();
    let page = sources.add(SourceFile::new(
        "a.mdx",
        format!("\u{feff}{}here{}", "x".repeat(9000), "y".repeat(9000)),
    ));
    let finding = Diagnostic::new(&FIRST, span(page, 9003..9007), "found")
        .related(span(page, 20..30), "related");
    let human = Fixture::of(sources, vec![finding]).human(false);
    assert!(human.contains("docs/a.mdx:1:9002"), "{human}");
    assert!(
        human.lines().all(|line| line.chars().count() < 200),
        "{human}"
    );
}

#[test]
fn human_output_looks_like_rustc() {
    let fixture = Fixture::plain();
    let expected = r#"error[type-mismatch]: `id` is documented as string and shown as number
 --> docs/users/create.mdx:7:8
  |
4 | <ResponseField name="id" type="string">
  |                                ------ documented as string here
...
7 | {"id": 1}
  |        ^ a number
  |
 ::: docs/snippets/id.mdx:1:5
  |
1 | The id.
  |     -- and here
  |
  = help: change the example or the type
  = fix: show a string (--fix --unsafe-fixes)

1 error in 2 pages"#;
    let human = fixture.human(false);
    assert!(human.starts_with(expected), "{human}");
}

#[test]
fn a_live_finding_shows_request_and_command() {
    let mut fixture = Fixture::plain();
    fixture.diagnostics[0].observation = Some(Box::new(Observation {
        odd: None,
        request: "POST http://127.0.0.1/users".to_owned(),
        path: Some("$.id".to_owned()),
        expected: Some("string".to_owned()),
        documented: None,
        observed: Some("1".to_owned()),
        diff: None,
        curl: "curl -X POST 'http://127.0.0.1/users'".to_owned(),
        tried: Tried::default(),
    }));
    let expected = "\
  = request: POST http://127.0.0.1/users
  = expected: string
  = observed: 1 at $.id
  = repeat: curl -X POST 'http://127.0.0.1/users'
  = help: change the example or the type
";
    let human = fixture.human(false);
    assert!(human.contains(expected), "{human}");
    let json: serde_json::Value = serde_json::from_str(&fixture.json()).unwrap();
    assert_eq!(json["findings"][0]["path"], "$.id");
}

#[test]
fn json_has_every_key_of_version_one() {
    let fixture = Fixture::plain();
    let json: serde_json::Value = serde_json::from_str(&fixture.json()).unwrap();
    let keys = |value: &serde_json::Value| {
        value
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<Vec<_>>()
            .join(" ")
    };
    let finding = &json["findings"][0];
    assert_eq!(json["version"], 1);
    assert_eq!(keys(&json), "version findings summary");
    assert_eq!(
        keys(finding),
        "rule severity file line column end_line end_column message help operation subject related places fix"
    );
    assert_eq!(
        keys(&finding["related"][0]),
        "file line column end_line end_column label"
    );
    assert_eq!(
        keys(&json["summary"]),
        "pages operations fields examples errors warnings infos suppressed skipped more"
    );
    assert_eq!(finding["file"], "docs/users/create.mdx");
    assert_eq!(finding["end_column"], 9);
}

#[test]
fn concise_output_is_one_line_with_the_place() {
    assert_eq!(
        Fixture::plain().concise(),
        "docs/users/create.mdx:7:8: error[type-mismatch] `id` is documented as string and shown as number\n"
    );
}

#[test]
fn diagnostics_are_ordered_by_path_position_rule_and_message() {
    let mut sources = Sources::default();
    let late = sources.add(SourceFile::new("z.mdx", "text"));
    let early = sources.add(SourceFile::new("a.mdx", "text"));
    let mut diagnostics = vec![
        Diagnostic::new(&FIRST, span(late, 0..1), "1"),
        Diagnostic::new(&FIRST, span(early, 2..3), "2"),
        Diagnostic::new(&FIRST, span(early, 0..1), "4"),
        Diagnostic::new(&FIRST, span(early, 0..1), "3"),
        Diagnostic::new(&SECOND, span(early, 0..1), "5"),
    ];
    sort(&sources, &mut diagnostics);
    let order: String = diagnostics.iter().map(|it| it.message.as_str()).collect();
    assert_eq!(order, "53421");
}

#[test]
fn paths_are_those_that_the_user_can_open() {
    let fixture = Fixture::plain();
    let span = fixture.diagnostics[0].span;
    let with = |prefix| {
        Findings {
            prefix,
            ..fixture.findings()
        }
        .path(span.file)
    };
    assert_eq!(with(""), "users/create.mdx");
    assert_eq!(with("."), "users/create.mdx");
    assert_eq!(with("../docs/"), "../docs/users/create.mdx");
    assert_eq!(with("/"), "/users/create.mdx");
}

proptest::proptest! {
    #[test]
    fn any_text_and_any_places_can_be_shown(
        text in "(\\PC|[\\x00-\\x1f\\u{7f}-\\u{9f}\\u{feff}\\u{202e}]|\\r\\n|\\n|\t|x{90}){0,60}",
        places in proptest::collection::vec((0..400_usize, 0..200_usize), 1..5),
    ) {
        let mut sources = Sources::default();
        let file = sources.add(SourceFile::new("a.mdx", text.clone()));
        let mut spans = places.iter().map(|(start, length)| span(file, *start..start + length));
        let mut finding = Diagnostic::new(&FIRST, spans.next().unwrap(), text.clone()).label(text.clone());
        for span in spans {
            finding = finding.related(span, text.clone());
        }
        let fixture = Fixture::of(sources, vec![finding]);
        for output in [fixture.human(false), fixture.concise(), fixture.json()] {
            let found = output.chars().find(|it| visible::is_unsafe(*it) && *it != '\n');
            proptest::prop_assert_eq!(found, None);
        }
        let human = fixture.human(false);
        let titles = human.lines().filter(|line| line.starts_with("error[type-mismatch]: ")).count();
        proptest::prop_assert_eq!(titles, 1);
        fixture.human(true);
    }
}
