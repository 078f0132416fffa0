//! No field documents a parameter of the path.

use crate::diagnostic::{Cause, Diagnostic, Rule, Severity};
use crate::model::Written;
use crate::source::Span;

use super::{PathFields, Stated};

pub(super) static RULE: Rule = Rule {
    name: "undocumented-path-parameter",
    severity: Severity::Warning,
    summary: "no field documents a parameter of the path",
};

pub(super) fn check(
    page: &Written<'_>,
    stated: &Stated,
    paths: &PathFields<'_>,
    site: &[Vec<String>],
    diagnostics: &mut Vec<Diagnostic>,
) {
    if paths.pair().is_some() {
        return;
    }
    // A page without any field has chosen another way to document its parameters.
    let documents = !page.fields.is_empty();
    // A field that does not say where it is sent is a finding of its own.
    let unplaced = |name: &str| {
        page.fields.iter().any(|field| {
            let named = field.attribute("name").and_then(|it| it.value.as_str());
            !field.is_response() && field.locations().is_empty() && named == Some(name)
        })
    };
    let api = page
        .entry("api")
        .and_then(|entry| entry.value.as_str())
        .unwrap_or_default();
    for name in paths.undocumented.iter().filter(|name| !unplaced(name)) {
        let written = format!("{{{name}}}");
        let written = if api.contains(&written) {
            written
        } else {
            format!(":{name}")
        };
        let span = stated.place(api, &written, &(0..written.len()));
        if let Some((place, location)) = elsewhere(page, name) {
            let message = format!("`{name}` stands in the path, and is documented in {location}");
            diagnostics.push(
                Diagnostic::new(&RULE, place, message)
                    .label(format!("in {location} here"))
                    .related(span, "in the path here")
                    .help(format!(
                        "write `path=\"{name}\"`, or document another member under this name"
                    ))
                    .subject(format!("request.path.{name}"))
                    .cause(Cause::on_page(location).of(
                        format!("`{name}`"),
                        format!("{{}} stand in the path, and are documented in {location}"),
                        "write `path` for them, or document other members under these names",
                    ).across(location)),
            );
            continue;
        }
        let message = format!("no field documents the path parameter `{name}`");
        let severity = if documents {
            Severity::Warning
        } else {
            Severity::Info
        };
        diagnostics.push(
            Diagnostic::new(&RULE, span, message)
                .severity(severity)
                .label("not documented")
                .help(format!("add `<ParamField path=\"{name}\" type=\"string\" required>`: the playground has no input for it"))
                .subject(format!("request.path.{name}"))
                .cause(cause(name, stated, site)),
        );
    }
}

/// What a whole site leaves out below one path is left out once; else it is all that a page leaves out.
fn cause(name: &str, stated: &Stated, site: &[Vec<String>]) -> Cause {
    let path = stated.up_to(name);
    let pages = site.iter().filter(|left_out| left_out.contains(&path));
    if pages.count() > 1 {
        return Cause::on_site(path);
    }
    Cause::on_page("").of(
        format!("`{name}`"),
        "no field documents the path parameters {}",
        "add a `<ParamField path=\"…\" type=\"string\" required>` for each: the playground has no input for them",
    )
}

/// The field that documents a parameter of that name in another place, and the place in words.
fn elsewhere(page: &Written<'_>, name: &str) -> Option<(Span, &'static str)> {
    page.fields.iter().find_map(|field| {
        let (own, span) = field.name().filter(|_| !field.is_response())?;
        let location = field.locations().first()?.name.as_str();
        let words = match location {
            "body" => "the body",
            "query" => "the query",
            _ => return None,
        };
        (own == name).then_some((span, words))
    })
}
