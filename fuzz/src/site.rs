//! A whole site: pages, snippets, configuration, and OpenAPI files, read, checked, written in every format, and mended.
//!
//! All places lie in their files, machine formats are what they call themselves, a site does not differ from itself, and
//! what is mended can be read again.

use fieldproof::diagnostic::{Diagnostic, apply, compatible};
use fieldproof::model::{self, Documentation};
use fieldproof::report::{self, Findings, Summary};
use fieldproof::source::load::Site;
use fieldproof::source::{Sources, Span};
use fieldproof::{check, diff, export};
use saphyr::{LoadableYamlNode as _, Scalar, Yaml};
use serde_json::Value;

use super::parts;

pub(crate) fn hold(text: &str) {
    let site = Site::from_files(parts(text, "page.mdx"));
    let documentation = model::read(&site);
    let diagnostics = check::check(&documentation);
    places(&documentation.sources, &diagnostics);
    formats(&documentation, &diagnostics);
    model(&documentation, &site);
    mends(&documentation.sources, &diagnostics);
}

/// Every place of findings and of fixes lies in its file, at the boundaries of characters.
pub(crate) fn places(sources: &Sources, diagnostics: &[Diagnostic]) {
    let lies = |span: Span| {
        let text = sources.file(span.file).text();
        assert!(text.get(span.range()).is_some(), "{span:?}");
    };
    for diagnostic in diagnostics {
        lies(diagnostic.span);
        diagnostic.related.iter().for_each(|it| lies(it.span));
        let fixes = diagnostic.fix.iter().flat_map(|fix| &fix.edits);
        fixes.for_each(|edit| lies(edit.span));
        let message = &diagnostic.message;
        assert!(!message.is_empty(), "{} says nothing", diagnostic.rule.name);
    }
}

fn formats(documentation: &Documentation, diagnostics: &[Diagnostic]) {
    let summary = Summary::default().counting(diagnostics);
    let findings = Findings {
        sources: &documentation.sources,
        diagnostics,
        summary: &summary,
        prefix: "docs",
        operations: &[],
        fails_from: None,
        run: None,
    };
    let written = |write: fn(&Findings<'_>, &mut dyn std::io::Write) -> std::io::Result<()>| {
        let mut out = Vec::new();
        assert!(write(&findings, &mut out).is_ok());
        String::from_utf8(out).unwrap_or_else(|error| panic!("{error}"))
    };
    for write in [
        report::json::write,
        report::sarif::write,
        report::gitlab::write,
    ] {
        let text = written(write);
        let value = serde_json::from_str::<Value>(&text);
        assert!(value.is_ok(), "{value:?}");
    }
    for write in [report::github::write, report::concise::write] {
        let lines = written(write).lines().count();
        assert!(lines >= diagnostics.len(), "{lines} lines");
    }
    for write in [
        report::markdown::write,
        report::html::write,
        report::junit::write,
    ] {
        assert!(!written(write).is_empty());
    }
    assert!(report::human::write(&findings, report::human::Screen::NONE, &mut Vec::new()).is_ok());
}

fn model(documentation: &Documentation, site: &Site) {
    let json = report::model_json::render(documentation, site);
    assert!(json.is_ok(), "{json:?}");
    let api = &documentation.api;
    for closed in [false, true] {
        let options = export::Options {
            closed,
            ..export::Options::default()
        };
        let document = export::openapi(api, &documentation.sources, &options).document;
        let text = export::to_json(&document);
        let read = serde_json::from_str::<Value>(&text);
        assert_eq!(read.ok(), Some(document.clone()), "{text}");
        let text = export::to_yaml(&document);
        let read = Yaml::load_from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
        assert!(is_same(&read[0], &document), "{text}");
    }
    let moved = documentation
        .sources
        .clone()
        .absorb(Sources::default(), str::to_owned);
    let changes = diff::compare(api, api, moved);
    assert!(
        changes.is_empty(),
        "a site differs from itself: {changes:?}"
    );
}

/// True if YAML and JSON say the same, apart from how exactly numbers are written.
fn is_same(yaml: &Yaml<'_>, json: &Value) -> bool {
    match (yaml, json) {
        (Yaml::Value(Scalar::Null), Value::Null)
        | (Yaml::Value(Scalar::Integer(_) | Scalar::FloatingPoint(_)), Value::Number(_)) => true,
        (Yaml::Value(Scalar::Boolean(one)), Value::Bool(other)) => one == other,
        (Yaml::Value(Scalar::String(one)), Value::String(other)) => one == other,
        (Yaml::Sequence(some), Value::Array(others)) => {
            let mut pairs = some.iter().zip(others);
            some.len() == others.len() && pairs.all(|(one, other)| is_same(one, other))
        }
        (Yaml::Mapping(some), Value::Object(others)) => {
            some.len() == others.len()
                && others.iter().all(|(key, other)| {
                    let one = yaml.as_mapping_get(key);
                    one.is_some_and(|one| is_same(one, other))
                })
        }
        _ => false,
    }
}

/// Fixes that go together can be applied, and what comes of it can be read.
fn mends(sources: &Sources, diagnostics: &[Diagnostic]) {
    let fixes: Vec<_> = diagnostics
        .iter()
        .filter_map(|it| it.fix.as_deref())
        .collect();
    let together = compatible(sources, &fixes);
    let fixes: Vec<_> = together.iter().map(|index| fixes[*index]).collect();
    let changed = apply(sources, &fixes);
    let changed_files: Vec<_> = sources
        .iter()
        .map(|(id, file)| {
            let text = changed.get(&id).map_or(file.text(), String::as_str);
            (file.path(), text)
        })
        .collect();
    let _ = model::read(&Site::from_files(changed_files));
}
