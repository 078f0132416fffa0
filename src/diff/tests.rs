//! Which changes break whom.

use super::*;
use crate::model;
use crate::source::load::Site;

fn changes(old: &str, new: &str) -> Vec<(&'static str, Severity)> {
    let site = |fields: &str| {
        let page = format!("---\napi: POST https://api.example.com/books\n---\n\n{fields}\n");
        Site::from_files([("page.mdx", page.as_str())])
    };
    let (old, mut new) = (site(old), site(new));
    let (before, after) = (model::read(&old), model::read(&new));
    let moved = new
        .sources
        .absorb(old.sources, |path| format!("old/{path}"));
    let found = compare(&before.api, &after.api, moved);
    found.iter().map(|it| (it.rule.name, it.severity)).collect()
}

#[test]
fn what_is_sent_may_become_wider_and_what_is_received_narrower() {
    let field = |component: &str, kind: &str| format!("<{component}=\"a\" type=\"{kind}\" />");
    for (component, wider, narrower) in [
        ("ParamField body", Severity::Info, Severity::Error),
        ("ResponseField name", Severity::Error, Severity::Info),
    ] {
        let (integer, number) = (field(component, "integer"), field(component, "number"));
        assert_eq!(changes(&integer, &number), [("changed-type", wider)]);
        assert_eq!(changes(&number, &integer), [("changed-type", narrower)]);
    }
}

#[test]
fn what_only_prose_states_breaks_nobody_for_sure() {
    let field = |values: &str| {
        format!("<ParamField body=\"a\" type=\"string\">One of {values}.</ParamField>")
    };
    let found = changes(&field("`x`, `y`"), &field("`x`, `z`"));
    assert_eq!(
        found,
        [
            ("changed-values", Severity::Warning),
            ("changed-values", Severity::Info)
        ]
    );
}

#[test]
fn a_type_that_is_not_understood_is_not_compared() {
    let field = |kind: &str| format!("<ResponseField name=\"a\" type=\"{kind}\" />");
    assert_eq!(changes(&field("Thing"), &field("string")), []);
}
