//! What answers make of findings.

use crate::conform::bindings::Bindings;
use crate::conform::message::Answer;
use crate::conform::tests::{answer, documentation, planned};
use crate::diagnostic::{Diagnostic, Severity};

use super::{Case, judge};

const FIELDS: &str = "\
<ResponseField name=\"ok\" type=\"boolean\" required />
<ResponseField name=\"state\" type=\"string\">One of `on` or `off`.</ResponseField>
<ResponseField name=\"kind\" type=\"'a' | 'b'\" />
<ResponseField name=\"items\" type=\"object[]\">
  <ResponseField name=\"created_at\" type=\"string\" required />
</ResponseField>
";

fn found_on(page: &str, answer: &Answer) -> (Vec<Diagnostic>, bool) {
    found_beside(&[page], answer)
}

/// What is found of the first of some pages.
fn found_beside(pages: &[&str], answer: &Answer) -> (Vec<Diagnostic>, bool) {
    let (_, documentation) = documentation("", pages);
    let plan = planned(&documentation, &Bindings::default());
    let case = Case {
        operation: &documentation.api.operations[0],
        item: &plan.items[0],
        secrets: &plan.secrets,
        marks_null: plan.marks_null,
        unset: None,
    };
    let verdict = judge(&case, answer);
    (verdict.diagnostics, verdict.is_body_judged)
}

/// Rule, subject, and path of each finding.
fn found(rest: &str, answer: &Answer) -> Vec<String> {
    let page = format!("---\napi: GET /a\n---\n\n{rest}");
    let (diagnostics, _) = found_on(&page, answer);
    let lines = diagnostics.iter().map(|it| {
        let observation = it.observation.as_ref().unwrap();
        let path = observation.path.as_deref().unwrap_or("-");
        format!("{} {} {path}", it.rule.name, it.subject.as_deref().unwrap())
    });
    lines.collect()
}

fn with_example(title: &str, body: &str) -> String {
    format!("<ResponseExample>\n```json {title}\n{body}\n```\n</ResponseExample>\n")
}

#[test]
fn an_answer_as_documented_is_no_finding() {
    let body = r#"{"ok": true, "state": "on", "items": [{"created_at": "x"}]}"#;
    assert!(found(FIELDS, &answer(200, body)).is_empty());
}

#[test]
fn each_kind_of_mismatch_has_its_rule() {
    for (body, expected) in [
        (r#"{"ok": "1"}"#, "response-type response.ok $.ok"),
        (r#"{"ok": null}"#, "response-null response.ok $.ok"),
        ("{}", "missing-response-member response.ok $.ok"),
        (
            r#"{"ok": true, "x": 1}"#,
            "undocumented-response-member response.x $.x",
        ),
        (
            r#"{"OK": true}"#,
            "misspelled-response-member response.OK $.OK",
        ),
        (
            r#"{"ok": true, "kind": "c"}"#,
            "response-value response.kind $.kind",
        ),
        ("[]", "misplaced-response-members response.items $"),
        ("7", "response-type response $"),
        (
            r#"{"ok": true, "items": [{"created_at": ""}, {"createdAt": ""}, {"createdAt": ""}]}"#,
            "misspelled-response-member response.items[].createdAt $.items[1].createdAt",
        ),
    ] {
        assert_eq!(found(FIELDS, &answer(200, body)), [expected], "{body}");
    }
}

#[test]
fn what_field_and_example_agree_on_is_an_error() {
    let severities = |fields: &str, example: &str, body: &str| {
        let example = with_example("200", example);
        let page = format!("---\napi: GET /a\n---\n\n{fields}\n{example}");
        let (diagnostics, _) = found_on(&page, &answer(200, body));
        let severities = diagnostics.iter().map(|it| it.severity);
        severities.collect::<Vec<_>>()
    };
    let state =
        "<ResponseField name=\"state\" type=\"string\">One of `on` or `off`.</ResponseField>\n";
    let plain = "<ResponseField name=\"note\" type=\"string\" />\n";
    let nullable = "<ResponseField name=\"end\" type=\"string | null\" />\n";
    for (fields, example, body, expected) in [
        (
            state,
            r#"{"state": "on"}"#,
            r#"{"state": "dim"}"#,
            Severity::Error,
        ),
        (state, "{}", r#"{"state": "dim"}"#, Severity::Warning),
        (
            plain,
            r#"{"note": "a"}"#,
            r#"{"note": null}"#,
            Severity::Warning,
        ),
        (
            &format!("{plain}{nullable}"),
            r#"{"note": "a", "end": null}"#,
            r#"{"note": null, "end": null}"#,
            Severity::Error,
        ),
        (
            &format!("{plain}{nullable}"),
            r#"{"note": null, "end": null}"#,
            r#"{"note": null, "end": null}"#,
            Severity::Warning,
        ),
    ] {
        assert_eq!(
            severities(fields, example, body),
            [expected],
            "{fields} {body}"
        );
    }
}

#[test]
fn a_finding_points_to_the_field_and_shows_both_sides() {
    let page = format!("---\napi: GET /a\n---\n{FIELDS}");
    let (diagnostics, is_judged) = found_on(&page, &answer(200, r#"{"ok": "yes"}"#));
    let diagnostic = &diagnostics[0];
    assert!(is_judged);
    assert_eq!(&page[diagnostic.span.range()], "boolean");
    assert_eq!(diagnostic.operation.as_deref(), Some("GET /a"));
    let observation = diagnostic.observation.as_ref().unwrap();
    assert_eq!(observation.request, "GET http://127.0.0.1:1/a");
    assert_eq!(observation.expected.as_deref(), Some("boolean"));
    assert_eq!(observation.observed.as_deref(), Some("string \"yes\""));
    assert_eq!(observation.curl, "curl http://127.0.0.1:1/a");
}

#[test]
fn what_repeats_in_items_is_counted() {
    let page = format!("---\napi: GET /a\n---\n{FIELDS}");
    let body =
        r#"{"ok": true, "items": [{"created_at": 1}, {"created_at": "x"}, {"created_at": 2}]}"#;
    let (diagnostics, _) = found_on(&page, &answer(200, body));
    assert_eq!(diagnostics.len(), 1);
    assert!(
        diagnostics[0]
            .message
            .ends_with("answered as integer 1 in 2 of 3 items")
    );
}

#[test]
fn statuses_have_their_rules() {
    let documented = with_example("201", "{}") + &with_example("404 Not Found", "{}");
    for (status, rule) in [
        (200, Some("undocumented-status")),
        (201, None),
        (302, Some("redirected")),
        (400, Some("undocumented-status")),
        (404, Some("refused-request")),
        (405, Some("unimplemented-operation")),
        (500, Some("server-error")),
        (501, Some("unimplemented-operation")),
    ] {
        let found = found(&documented, &answer(status, "{}"));
        let rules: Vec<_> = found.iter().filter_map(|it| it.split(' ').next()).collect();
        assert_eq!(rules, Vec::from_iter(rule), "{status}");
    }
}

#[test]
fn any_success_will_do_where_none_is_stated() {
    for status in [200, 201, 202, 204] {
        assert!(found("", &answer(status, "")).is_empty());
    }
    assert_eq!(
        found("", &answer(404, "")),
        ["unimplemented-operation endpoint -"]
    );
}

#[test]
fn a_documented_error_is_compared_too() {
    let page = with_example("200", "{}") + &with_example("404", "{}");
    assert_eq!(
        found(&page, &answer(404, "[]")),
        ["refused-request endpoint -", "response-type response.404 $"]
    );
}

#[test]
fn an_example_alone_promises_the_type_of_its_root() {
    let page = with_example("200", "{\"a\": 1}");
    assert!(found(&page, &answer(200, r#"{"b": []}"#)).is_empty());
    assert_eq!(
        found(&page, &answer(200, "[]")),
        ["response-type response $"]
    );
}

#[test]
fn bodies_that_are_no_json_are_one_finding() {
    let mut html = answer(200, "<html>");
    assert_eq!(found(FIELDS, &html), ["invalid-response-json response -"]);
    html.headers[0].1 = "text/html; charset=utf-8".to_owned();
    assert_eq!(found(FIELDS, &html), ["response-media-type response -"]);
    assert_eq!(
        found(FIELDS, &answer(200, " ")),
        ["empty-response response -"]
    );
    let mut large = answer(200, "[");
    large.cut_at = Some(1);
    assert_eq!(found(FIELDS, &large), ["oversized-response response -"]);
}

#[test]
fn json_under_another_name_is_a_warning_and_compared() {
    let mut plain = answer(200, r#"{"ok": 1}"#);
    plain.headers[0].1 = "text/plain".to_owned();
    assert_eq!(
        found(FIELDS, &plain),
        [
            "response-media-type response -",
            "response-type response.ok $.ok"
        ]
    );
}

#[test]
fn nothing_is_compared_where_nothing_is_documented() {
    let page = "---\napi: GET /a\n---\n";
    let (diagnostics, is_judged) = found_on(page, &answer(200, "{\"a\": 1}"));
    assert!(diagnostics.is_empty());
    assert!(!is_judged);
}

#[test]
fn null_is_a_warning() {
    let page = format!("---\napi: GET /a\n---\n{FIELDS}");
    let (diagnostics, _) = found_on(&page, &answer(200, r#"{"ok": null}"#));
    assert_eq!(diagnostics[0].severity, Severity::Warning);
}

#[test]
fn members_that_are_all_elsewhere_are_one_finding() {
    let wrapped = r#"{"data": {"ok": true, "state": "on"}, "meta": 1}"#;
    assert_eq!(
        found(FIELDS, &answer(200, wrapped)),
        ["misplaced-response-members response $"]
    );
    let page = format!("---\napi: GET /a\n---\n{FIELDS}");
    let (diagnostics, _) = found_on(&page, &answer(200, wrapped));
    assert_eq!(
        diagnostics[0].message,
        "the documented members are inside `data`"
    );
    let (diagnostics, _) = found_on(&page, &answer(200, r#"{"error": "x", "code": 1}"#));
    assert_eq!(
        diagnostics[0].message,
        "none of the documented members is in the answer"
    );
    let observation = diagnostics[0].observation.as_ref().unwrap();
    assert_eq!(observation.observed.as_deref(), Some("`error`, `code`"));
}

#[test]
fn a_body_of_another_kind_may_be_documented_beside_json() {
    let page =
        with_example("200", "{}") + "<ResponseExample>\n```text 200\nok\n```\n</ResponseExample>\n";
    let mut plain = answer(200, "ok");
    plain.headers[0].1 = "text/plain".to_owned();
    assert!(found(&page, &plain).is_empty());
    assert_eq!(
        found(&page, &answer(200, "[]")),
        ["response-type response $"]
    );
}

#[test]
fn null_is_wrong_where_the_types_of_other_pages_have_it() {
    let severities = |kind: &str| {
        let page = |path: &str, name: &str, kind: &str, value: &str| {
            let example = with_example("200", &format!("{{\"{name}\": {value}}}"));
            format!(
                "---\napi: GET {path}\n---\n\n<ResponseField name=\"{name}\" type=\"{kind}\" />\n\n{example}"
            )
        };
        let pages = [
            page("/a", "note", "string", "\"x\""),
            page("/b", "end", kind, "null"),
            page("/c", "start", kind, "null"),
        ];
        let pages: Vec<&str> = pages.iter().map(String::as_str).collect();
        let (diagnostics, _) = found_beside(&pages, &answer(200, "{\"note\": null}"));
        let severities = diagnostics.iter().map(|it| it.severity);
        severities.collect::<Vec<_>>()
    };
    assert_eq!(severities("string | null"), [Severity::Error]);
    assert_eq!(severities("string"), [Severity::Warning]);
}
