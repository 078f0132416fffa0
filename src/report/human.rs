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

use super::column::columns;
use super::window::{Room, Window, fit_side_by_side, fitted};
use super::{Findings, counted, line};
use crate::diagnostic::{Diagnostic, Observation, Related, Repeat, Safety, Severity};
use crate::source::{FileId, Span};

/// Longer commands are cut.
const COMMAND: usize = 900;

/// What stands in front of a line of a page: its number, and a bar.
const MARGIN: usize = 8;

/// Of a finding with more places beside its own than this, the others are counted.
const PLACES: usize = 4;

/// What shows the findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Screen {
    /// True for one that understands ANSI colours.
    pub colour: bool,
    /// Lines of source are cut to this many columns.
    pub width: usize,
}

impl Screen {
    /// A file, or the input of another program: same input, same output.
    pub const NONE: Self = Self {
        colour: false,
        width: 140,
    };
}

/// Writes each finding with its place, and the figures.
pub fn write(findings: &Findings<'_>, screen: Screen, out: &mut dyn Write) -> io::Result<()> {
    let renderer = if screen.colour {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let renderer = renderer
        .decor_style(DecorStyle::Ascii)
        .term_width(screen.width);
    let room = Room(screen.width);
    for diagnostic in findings.diagnostics {
        writeln!(
            out,
            "{}\n",
            renderer.render(&[group(findings, diagnostic, room)])
        )?;
    }
    writeln!(out, "{}", findings.summary.to_line())
}

fn group<'a>(findings: &Findings<'_>, diagnostic: &'a Diagnostic, room: Room) -> Group<'a> {
    let title = level(diagnostic.severity)
        .primary_title(line(&diagnostic.message))
        .id(diagnostic.rule.name);
    let mut group = Group::with_title(title);
    let windows = windows(findings, diagnostic, room);
    group = group.elements(
        windows
            .into_iter()
            .filter_map(|marks| snippet(findings, marks, room)),
    );
    if let Some(places) = also(findings, diagnostic, room) {
        group = group.element(Level::NOTE.with_name("also").message(places));
    }
    let more = diagnostic.related.len().saturating_sub(PLACES);
    if more > 0 {
        let text = format!(
            "and {} (--format json lists all)",
            counted(more, "more place")
        );
        group = group.element(Level::NOTE.message(text));
    }
    if let Some(observation) = &diagnostic.observation {
        let replay = findings.replay(diagnostic);
        let quote = observation.documented.as_deref();
        let quote = quote.filter(|quote| !is_shown(findings, diagnostic, quote, room));
        group = group.elements(observed(observation, quote, replay));
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
fn windows<'a>(
    findings: &Findings<'_>,
    diagnostic: &'a Diagnostic,
    room: Room,
) -> Vec<Vec<Mark<'a>>> {
    let file = |id| findings.sources.file(id);
    let mark = |kind, span: Span, label| Mark {
        kind,
        file: span.file,
        range: fitted(file(span.file), &span.range(), room),
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

    let near = shown(findings, diagnostic, room).into_iter().map(|repeat| {
        let label = repeat.label.as_deref();
        mark(AnnotationKind::Context, repeat.span, label)
    });
    let mut windows: Vec<Vec<_>> = vec![std::iter::once(primary).chain(near).collect()];
    for mark in diagnostic.related.iter().take(PLACES).map(related) {
        let fits = |other: &Mark<'_>| {
            other.file == mark.file
                && fit_side_by_side(file(mark.file), &mark.range, &other.range, room)
        };
        match windows.iter_mut().find(|window| window.iter().all(fits)) {
            Some(window) => window.push(mark),
            None => windows.push(vec![mark]),
        }
    }
    windows
}

/// So many lines of a page are shown for the places of one finding.
const TALL: u32 = 12;
/// So many places are listed that are not shown.
const LISTED: usize = 6;

/// The places that say the same nearby, so that one window can show them.
fn shown<'a>(findings: &Findings<'_>, diagnostic: &'a Diagnostic, room: Room) -> Vec<&'a Repeat> {
    let file = findings.sources.file(diagnostic.span.file);
    let range = |span: Span| fitted(file, &span.range(), room);
    let first = file.position(diagnostic.span.range().start).line;
    let is_near = |repeat: &&Repeat| {
        let place = repeat.span;
        place.file == diagnostic.span.file
            && file.position(place.range().start).line.abs_diff(first) < TALL
            && fit_side_by_side(file, &range(diagnostic.span), &range(place), room)
    };
    diagnostic.repeats.iter().take_while(is_near).collect()
}

/// The places that say the same elsewhere: `docs/user.mdx:30:3, 41:3, and 7 more`.
fn also(findings: &Findings<'_>, diagnostic: &Diagnostic, room: Room) -> Option<String> {
    let far = diagnostic
        .repeats
        .get(shown(findings, diagnostic, room).len()..)?;
    let mut file = diagnostic.span.file;
    let places = far.iter().take(LISTED).map(|repeat| {
        let start = findings.sources.positions(repeat.span).start;
        let is_same = std::mem::replace(&mut file, repeat.span.file) == repeat.span.file;
        let path = findings.path(repeat.span.file);
        let path = if is_same {
            String::new()
        } else {
            format!("{}:", line(&path))
        };
        format!("{path}{}:{}", start.line, start.column)
    });
    let mut places: Vec<String> = places.collect();
    if far.len() > LISTED {
        places.push(format!("and {} more", far.len() - LISTED));
    }
    (!places.is_empty()).then(|| places.join(", "))
}

/// The line `--> file:line:column`, and the marked lines of the file.
fn snippet<'a>(
    findings: &Findings<'_>,
    marks: Vec<Mark<'a>>,
    room: Room,
) -> Option<Snippet<'a, Annotation<'a>>> {
    let file = marks.first()?.file;
    let ranges: Vec<_> = marks.iter().map(|mark| mark.range.clone()).collect();
    let window = Window::new(findings.sources.file(file), &ranges, room);
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

/// The command that repeats a request; nobody reads one that is longer than a screen, and the other commands do the same.
fn repeat(curl: &str) -> String {
    let Some((end, _)) = curl.char_indices().nth(COMMAND) else {
        return line(curl).into_owned();
    };
    let start = curl.get(..end).unwrap_or(curl);
    format!(
        "{}… ({} characters; --format json has all, and --replay sends it)",
        line(start),
        curl.chars().count()
    )
}

/// True if the line of the page that is shown has the quote as a whole.
fn is_shown(findings: &Findings<'_>, diagnostic: &Diagnostic, quote: &str, room: Room) -> bool {
    let file = findings.sources.file(diagnostic.span.file);
    let start = diagnostic.span.range().start;
    let before = file.text().get(..start).unwrap_or_default();
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    let line = file.text().get(line..).and_then(|it| it.lines().next());
    line.is_some_and(|line| columns(line) + MARGIN < room.0 && line.contains(quote))
}

/// The lines about what a live server did.
fn observed<'a>(
    observation: &'a Observation,
    quote: Option<&'a str>,
    replay: Option<String>,
) -> Vec<Element<'a>> {
    let at = observation.path.as_deref().filter(|path| !path.is_empty());
    let with_path = |text: &str| match at {
        Some(path) => format!("{} at {}", line(text), line(path)),
        None => line(text).into_owned(),
    };
    let diff = observation.diff.as_deref().map(|diff| {
        let lines: Vec<_> = diff.lines().map(|text| line(text).into_owned()).collect();
        format!(
            "expected and observed beside each other\n{}",
            lines.join("\n")
        )
    });
    let lines = [
        ("documented", quote.map(|text| line(text).into_owned())),
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
        ("repeat", Some(repeat(&observation.curl))),
        ("replay", replay.map(|text| line(&text).into_owned())),
    ];
    lines
        .into_iter()
        .filter_map(|(name, text)| Some((name, text.filter(|text| !text.is_empty())?)))
        .map(|(name, text)| Level::NOTE.with_name(name).message(text).into())
        .collect()
}
