//! A hand-written page says otherwise than the OpenAPI file that states the same operation.
//!
//! Which of the two is right is not said, so these are warnings, at the page.

mod members;

use crate::diagnostic::{Cause, Diagnostic, Rule, Severity};
use crate::model::route::Template;
use crate::model::shape::{Openness, Shape, ShapeKind};
use crate::model::{Body, Documentation, Field, Location, Operation, Origin, Twice, is_credential};

use crate::model::types::excludes;

pub(super) static RULE: Rule = Rule {
    name: "contradicting-specification",
    severity: Severity::Warning,
    summary: "a page says otherwise than the OpenAPI file about the same operation",
};

pub(super) fn check(documentation: &Documentation, diagnostics: &mut Vec<Diagnostic>) {
    for twice in &documentation.twice {
        let first = diagnostics.len();
        if is_stub(&twice.specified) {
            continue;
        }
        parameters(twice, diagnostics);
        missing(twice, diagnostics);
        body(twice, diagnostics);
        members::check(twice, diagnostics);
        for diagnostic in diagnostics.iter_mut().skip(first) {
            diagnostic.operation = Some(twice.written.name());
        }
    }
}

/// True if the file only names the operation, such as for the navigation: then it says nothing of the request.
fn is_stub(specified: &Operation) -> bool {
    let mut parameters = specified.parameters.iter();
    parameters.all(|it| it.location == Location::Path)
        && specified.body.is_none()
        && specified
            .responses
            .iter()
            .all(|it| it.fields.is_empty() && it.examples.is_empty())
}

/// What the page documents, and the file knows nowhere, elsewhere, or as another type.
fn parameters(twice: &Twice, diagnostics: &mut Vec<Diagnostic>) {
    let template = Template::parse(&twice.written.endpoint.value.path);
    let written = twice.written.parameters.iter();
    // A table is no attribute.
    for parameter in written.filter(|it| it.field.name.evidence.origin > Origin::Prose) {
        let name = parameter.field.name.value.trim();
        let place = parameter.location;
        // The names in a path may differ, and one that is not in it is another rule's finding.
        let is_left_out = place == Location::Path
            || place == Location::Cookie
            || place == Location::Header && is_own_business(name)
            || template.parameters().iter().any(|it| it == name);
        if is_left_out {
            continue;
        }
        let same_name = |it: &&crate::model::Parameter| {
            it.field.name.value == name || it.field.name.value.eq_ignore_ascii_case(name)
        };
        let mut known = twice.specified.parameters.iter().filter(same_name);
        let in_place = known.clone().find(|it| it.location == place);
        let mut cause = None;
        let (message, other) = match (in_place, known.next()) {
            (Some(own), _) if !excludes(&parameter.field.kind, &own.field.kind) => continue,
            (Some(own), _) => {
                cause = Some(cause_of_types(name, place.as_str(), &own.field));
                (
                    types(name, &parameter.field, &own.field),
                    own_place(&own.field),
                )
            }
            (None, Some(own)) => (
                format!(
                    "`{name}` is in the {} on the page, and in the {} in the OpenAPI file",
                    place.as_str(),
                    own.location.as_str()
                ),
                own.field.name.evidence.span,
            ),
            (None, None) => {
                let several = format!("the OpenAPI file has no {} parameters {{}}", place.as_str());
                cause = Some(cause_of(name, place.as_str(), several));
                (
                    format!(
                        "the OpenAPI file has no {} parameter `{name}`",
                        place.as_str()
                    ),
                    twice.specified.endpoint.evidence.span,
                )
            }
        };
        let mut diagnostic = Diagnostic::new(&RULE, parameter.field.name.evidence.span, message)
            .label("on the page")
            .related(other, "in the OpenAPI file")
            .help("make page and file agree")
            .subject(format!("request.{}.{name}", place.as_str()));
        diagnostic.cause = cause.map(Box::new);
        diagnostics.push(diagnostic);
    }
}

/// What the file lacks of one kind is one difference.
fn cause_of(name: &str, kind: &str, several: String) -> Cause {
    Cause::on_page(kind).of(format!("`{name}`"), several, "make page and file agree")
}

fn types(name: &str, page: &Field, file: &Field) -> String {
    format!(
        "`{name}` is {} on the page, and {} in the OpenAPI file",
        page.kind, file.kind
    )
}

/// The members of one object that are of other types in the file are one difference.
///
/// One member of the file that many pages contradict is one difference, too.
fn cause_of_types(name: &str, object: &str, file: &Field) -> Cause {
    let several = "{} have other types on the page than in the OpenAPI file".to_owned();
    let place = own_place(file);
    let cause = cause_of(name, &format!("types {object}"), several);
    cause.across(format!("{place:?}"))
}

/// Headers that the file states by other means.
fn is_own_business(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    is_credential(name) || matches!(lower.as_str(), "content-type" | "accept")
}

/// What the file requires, and the page does not document, although it documents parameters of its kind.
fn missing(twice: &Twice, diagnostics: &mut Vec<Diagnostic>) {
    for place in [Location::Query, Location::Header] {
        let documents = twice.written.parameters_in(place).next().is_some();
        let required = twice.specified.parameters_in(place);
        for own in required.filter(|own| documents && own.field.is_required()) {
            let name = own.field.name.value.as_str();
            let knows =
                |it: &crate::model::Parameter| it.field.name.value.eq_ignore_ascii_case(name);
            let is_credential = place == Location::Header && is_own_business(name);
            if is_credential || twice.written.parameters.iter().any(knows) {
                continue;
            }
            diagnostics.push(undocumented(
                &twice.written,
                own_place(&own.field),
                place.as_str(),
                name,
            ));
        }
    }
}

fn own_place(field: &Field) -> crate::source::Span {
    field.name.evidence.span
}

fn undocumented(
    written: &Operation,
    other: crate::source::Span,
    place: &str,
    name: &str,
) -> Diagnostic {
    let message = format!(
        "the OpenAPI file requires `{name}` in the {place}, and the page does not document it"
    );
    Diagnostic::new(&RULE, written.endpoint.evidence.span, message)
        .label("this page")
        .related(other, "in the OpenAPI file")
        .help("make page and file agree")
        .subject(format!("request.{place}.{name}"))
        .cause(cause_of(
            name,
            &format!("required {place}"),
            format!(
                "the OpenAPI file requires {{}} in the {place}, and the page does not document them"
            ),
        ))
}

/// The members of the body, where both list some.
fn body(twice: &Twice, diagnostics: &mut Vec<Diagnostic>) {
    let (Some(page), Some(file)) = (&twice.written.body, &twice.specified.body) else {
        return;
    };
    if page.whole || file.fields.is_empty() || page.fields.is_empty() {
        return;
    }
    if let Some((own, required)) = in_place(page, file) {
        diagnostics.push(replaced(own, required));
        return;
    }
    let named = |fields: &[Field], name: &str| -> Option<usize> {
        fields.iter().position(|it| it.name.value.trim() == name)
    };
    for field in &page.fields {
        let name = field.name.value.trim();
        let is_path = name.contains(['.', '[']);
        let known = named(&file.fields, name).and_then(|at| file.fields.get(at));
        let cause;
        let (message, other) = match known {
            None if is_path || !is_closed(&file.shape) => continue,
            None => {
                let several = "the OpenAPI file has no {} in the body".to_owned();
                cause = cause_of(name, "body", several);
                (
                    format!("the OpenAPI file has no `{name}` in the body"),
                    twice.specified.endpoint.evidence.span,
                )
            }
            Some(own) if excludes(&field.kind, &own.kind) => {
                cause = cause_of_types(name, "body", own);
                (types(name, field, own), own_place(own))
            }
            Some(_) => continue,
        };
        let diagnostic = Diagnostic::new(&RULE, own_place(field), message)
            .label("on the page")
            .related(other, "in the OpenAPI file")
            .help("make page and file agree")
            .subject(format!("request.body.{name}"))
            .cause(cause);
        diagnostics.push(diagnostic);
    }
    for own in file.fields.iter().filter(|own| own.is_required()) {
        let name = own.name.value.as_str();
        let dotted = format!("{name}.");
        let knows = |field: &Field| {
            let written = field.name.value.trim();
            written == name
                || written.starts_with(&dotted)
                || written.starts_with(&format!("{name}["))
        };
        if !page.fields.iter().any(knows) {
            diagnostics.push(undocumented(&twice.written, own_place(own), "body", name));
        }
    }
}

/// The only member that only the page requires, and the only one that only the file requires: one under two names.
fn in_place<'a>(page: &'a Body, file: &'a Body) -> Option<(&'a Field, &'a Field)> {
    let only = |of: &'a [Field], other: &[Field]| {
        let known = |it: &Field| {
            other
                .iter()
                .any(|own| own.name.value.trim() == it.name.value.trim())
        };
        let mut left = of.iter().filter(|it| it.is_required() && !known(it));
        left.next().filter(|_| left.next().is_none())
    };
    let own = only(&page.fields, &file.fields)?;
    let required = only(&file.fields, &page.fields)?;
    let is_name = !own.name.value.contains(['.', '[']);
    (is_name && !excludes(&own.kind, &required.kind)).then_some((own, required))
}

fn replaced(own: &Field, required: &Field) -> Diagnostic {
    let (name, other) = (own.name.value.trim(), required.name.value.trim());
    let message = format!(
        "the page requires `{name}` in the body, and the OpenAPI file `{other}` in its place"
    );
    Diagnostic::new(&RULE, own_place(own), message)
        .label("on the page")
        .related(own_place(required), "in the OpenAPI file")
        .help("make page and file agree")
        .subject(format!("request.body.{name}"))
}

/// True if the object lists all of its members.
fn is_closed(shape: &Shape) -> bool {
    matches!(
        shape.kind,
        ShapeKind::Object {
            open: Openness::Closed,
            ..
        }
    )
}
