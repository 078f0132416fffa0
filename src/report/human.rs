//! Findings for people, in the look of `rustc`.
//!
//! ```text
//! error[field-missing-in-example]: `id` is documented but the example does not show it
//!  --> docs/user.mdx:12:22
//!    |
//! 12 | <ResponseField name="id" type="string">
//!    |                      ^^ documented here
//!    = help: add `id` to the example
//! ```
//!
//! Findings of a live server also show the request, what was expected and observed, and a command that repeats it.
//! The figures stand at the end.

use std::io::{self, Write};
use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Element, Group, Level, Renderer, Snippet};

use super::window::{Window, fit_side_by_side, fitted};
use super::{Findings, line};
use crate::diagnostic::{Diagnostic, Observation, Related, Safety, Severity};
use crate::source::{FileId, Span};

/// Lines of source are cut to this many columns, whatever the width of the terminal: same input, same output.
const WIDTH: usize = 140;

/// Writes each finding with its place, and the figures. `colour` writes ANSI colours.
pub fn write(findings: &Findings<'_>, colour: bool, out: &mut dyn Write) -> io::Result<()> {
    let renderer = if colour {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let renderer = renderer.decor_style(DecorStyle::Ascii).term_width(WIDTH);
    for diagnostic in findings.diagnostics {
        writeln!(out, "{}\n", renderer.render(&[group(findings, diagnostic)]))?;
    }
    writeln!(out, "{}", findings.summary.to_line())
}

fn group<'a>(findings: &Findings<'_>, diagnostic: &'a Diagnostic) -> Group<'a> {
    let title = level(diagnostic.severity)
        .primary_title(line(&diagnostic.message))
        .id(diagnostic.rule.name);
    let mut group = Group::with_title(title);
    let windows = windows(findings, diagnostic);
    group = group.elements(
        windows
            .into_iter()
            .filter_map(|marks| snippet(findings, marks)),
    );
    if let Some(observation) = &diagnostic.observation {
        group = group.elements(observed(observation));
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(line(help)));
    }
    if let Some(fix) = &diagnostic.fix {
        let flags = match fix.safety {
            Safety::Safe => "--fix",
            Safety::Unsafe => "--fix --unsafe-fixes",
        };
        let text = format!("{} ({flags})", line(&fix.title));
        group = group.element(Level::NOTE.with_name("fix").message(text));
    }
    group
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    }
}

/// A place in a file, with its words.
struct Mark<'a> {
    kind: AnnotationKind,
    file: FileId,
    range: Range<usize>,
    label: Option<&'a str>,
}

/// All places of a diagnostic, the primary one first; those that one window can show stand together.
fn windows<'a>(findings: &Findings<'_>, diagnostic: &'a Diagnostic) -> Vec<Vec<Mark<'a>>> {
    let file = |id| findings.sources.file(id);
    let mark = |kind, span: Span, label| Mark {
        kind,
        file: span.file,
        range: fitted(file(span.file), &span.range()),
        label,
    };
    let related = |related: &'a Related| {
        mark(
            AnnotationKind::Context,
            related.span,
            Some(related.label.as_str()),
        )
    };
    let primary = mark(
        AnnotationKind::Primary,
        diagnostic.span,
        diagnostic.label.as_deref(),
    );

    let mut windows = vec![vec![primary]];
    for mark in diagnostic.related.iter().map(related) {
        let fits = |other: &Mark<'_>| {
            other.file == mark.file && fit_side_by_side(file(mark.file), &mark.range, &other.range)
        };
        match windows.iter_mut().find(|window| window.iter().all(fits)) {
            Some(window) => window.push(mark),
            None => windows.push(vec![mark]),
        }
    }
    windows
}

/// The line `--> file:line:column`, and the marked lines of the file.
fn snippet<'a>(
    findings: &Findings<'_>,
    marks: Vec<Mark<'a>>,
) -> Option<Snippet<'a, Annotation<'a>>> {
    let file = marks.first()?.file;
    let ranges: Vec<_> = marks.iter().map(|mark| mark.range.clone()).collect();
    let window = Window::new(findings.sources.file(file), &ranges);
    let annotations = marks
        .into_iter()
        .zip(window.marks)
        .map(|(mark, range)| mark.kind.span(range).label(mark.label.map(line)));
    let snippet = Snippet::source(window.text)
        .line_start(window.first_line)
        .path(line(&findings.path(file)).into_owned())
        .annotations(annotations);
    Some(snippet)
}

/// The lines about what a live server did.
fn observed(observation: &Observation) -> Vec<Element<'_>> {
    let at = observation.path.as_deref().filter(|path| !path.is_empty());
    let with_path = |text: &str| match at {
        Some(path) => format!("{} at {}", line(text), line(path)),
        None => line(text).into_owned(),
    };
    let diff = observation.diff.as_deref().map(|diff| {
        let lines: Vec<_> = diff.lines().map(|text| line(text).into_owned()).collect();
        format!("expected and observed beside each other\n{}", lines.join("\n"))
    });
    let lines = [
        ("request", Some(line(&observation.request).into_owned())),
        (
            "expected",
            observation
                .expected
                .as_deref()
                .map(|text| line(text).into_owned()),
        ),
        ("observed", observation.observed.as_deref().map(with_path)),
        ("diff", diff),
        ("repeat", Some(line(&observation.curl).into_owned())),
    ];
    lines
        .into_iter()
        .filter_map(|(name, text)| Some((name, text.filter(|text| !text.is_empty())?)))
        .map(|(name, text)| Level::NOTE.with_name(name).message(text).into())
        .collect()
}
