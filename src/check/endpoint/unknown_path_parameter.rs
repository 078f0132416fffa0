//! A field documents a path parameter that the path does not have.

use crate::diagnostic::{Cause, Diagnostic, Fix, Rule, Safety, Severity};
use crate::model::{Written, WrittenField, is_credential};
use crate::source::Span;

use super::{PathFields, Stated};

pub(super) static RULE: Rule = Rule {
    name: "unknown-path-parameter",
    severity: Severity::Error,
    summary: "a field documents a path parameter that the path does not have",
};

pub(super) fn check(
    page: &Written<'_>,
    stated: &Stated,
    paths: &PathFields<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let path = &stated.endpoint.path;
    let pair = paths.pair();
    // `/books` with an optional `book_id`: some people document two URLs on one page.
    let is_required = |field: &&&WrittenField<'_>| {
        let attribute = field.attribute("required");
        let flag = attribute.and_then(|it| it.value.to_value());
        flag.is_some_and(|it| it != serde_json::Value::Bool(false) && it != "false")
    };
    let is_any_required = paths.unknown.iter().any(|field| is_required(&field));
    for field in &paths.unknown {
        let Some((name, span)) = field.name() else {
            continue;
        };
        // Then the page documents a further endpoint.
        if pair.is_none() && page.shows_path_parameter(name) {
            continue;
        }
        if let Some(place) = Place::of(field, name).filter(|_| pair.is_none()) {
            diagnostics.push(meant_for(place, field, stated, name, span));
            continue;
        }
        let (message, help) = match pair {
            Some((_, meant)) => (
                format!("the path has the parameter `{meant}`, and `{name}` is documented"),
                format!("use one name in both places: `{meant}` or `{name}`"),
            ),
            None => (
                format!(
                    "`{name}` is documented as a path parameter, and `{path}` has none of that name"
                ),
                format!(
                    "add `{{{name}}}` to the path, or write `query=\"{name}\"` if it is sent there"
                ),
            ),
        };
        let severity = if is_any_required || pair.is_some() {
            Severity::Error
        } else {
            Severity::Warning
        };
        diagnostics.push(
            Diagnostic::new(&RULE, span, message)
                .severity(severity)
                .label("not in the path")
                .related(stated.span, "the path")
                .help(help)
                .subject(format!("request.path.{name}"))
                .cause(Cause::on_page("").of(
                    format!("`{name}`"),
                    format!("{{}} are documented as path parameters, and `{path}` has none of these names"),
                    "add them to the path, or write `query` in place of `path` if they are sent there",
                ).across(format!("path {name}"))),
        );
    }
}

/// Where a field is meant to be sent, whatever its attribute says.
#[derive(Clone, Copy)]
enum Place {
    Query,
    Body,
    Header,
}

impl Place {
    /// By a heading such as "Query parameters", or by a name that credentials have.
    fn of(field: &WrittenField<'_>, name: &str) -> Option<Self> {
        let heading = field.heading.to_lowercase();
        let names = |words: &[&str]| words.iter().any(|word| heading.contains(word));
        // Also if it is written as a plural.
        if is_credential(name) || is_credential(name.trim_end_matches('s')) {
            return Some(Self::Header);
        }
        if names(&["path", "pfad", "ruta", "chemin"]) {
            return None;
        }
        if names(&["query", "abfrage", "consulta", "requête"]) {
            return Some(Self::Query);
        }
        names(&["body", "payload"]).then_some(Self::Body)
    }

    /// The attribute, and what headings call the place.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Query => ("query", "the query"),
            Self::Body => ("body", "the body"),
            Self::Header => ("header", "headers"),
        }
    }
}

/// Heading or name and path agree, and the attribute contradicts both of them.
fn meant_for(
    place: Place,
    field: &WrittenField<'_>,
    stated: &Stated,
    name: &str,
    span: Span,
) -> Diagnostic {
    let path = &stated.endpoint.path;
    let (word, words) = place.words();
    let help = format!("write `{word}=\"{name}\"`");
    let is_credential =
        matches!(place, Place::Header) && !field.heading.to_lowercase().contains(word);
    let (below, among) = if is_credential {
        (String::new(), String::new())
    } else {
        (
            format!(" below a heading about {words}"),
            format!(" below headings about {words}"),
        )
    };
    let message = format!(
        "`{name}` is documented as a path parameter{below}, and `{path}` has none of that name"
    );
    let mut diagnostic = Diagnostic::new(&RULE, span, message)
        .label(format!("meant for {words}"))
        .related(stated.span, "the path")
        .subject(format!("request.path.{name}"))
        .cause(Cause::on_site(word).of(
            format!("`{name}`"),
            format!("{{}} are documented as path parameters{among}, and the paths have none of these names"),
            format!("write `{word}` in place of `path`"),
        ));
    if let Some(attribute) = field.attribute("path") {
        let start = attribute.span.start as usize;
        let place = Span::new(attribute.span.file, start..start + "path".len());
        diagnostic = diagnostic.fix(Fix::replace(help.clone(), Safety::Safe, place, word));
    }
    diagnostic.help(help)
}
