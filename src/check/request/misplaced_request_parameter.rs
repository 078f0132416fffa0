//! A curl command sends a parameter in another place than its field says: in the query and not in the body, say.

use std::ops::Range;

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::curl::{Body, Curl};
use crate::model::route::Template;
use crate::model::{Location, Operation, Origin};

use super::Requests;
use super::parameters::{self, Place};

pub(in crate::check) static RULE: Rule = Rule {
    name: "misplaced-request-parameter",
    severity: Severity::Error,
    summary: "a curl command sends a parameter in another place than its field documents",
};

/// A name that is sent, and where.
struct Sent {
    name: String,
    place: Place,
    /// The bytes of the name in the fence.
    range: Range<usize>,
}

pub(super) fn check(requests: &Requests<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let operation = requests.operation;
    for (call, curl) in requests.own() {
        for sent in sent(curl) {
            let Some(documented) = other_place(operation, &sent) else {
                continue;
            };
            let Some(field) = parameters::documented(operation, documented, &sent.name) else {
                continue;
            };
            let name = &sent.name;
            let message = format!(
                "`{name}` is sent in {}, and documented in {}",
                sent.place.words(),
                documented.words()
            );
            let diagnostic = Diagnostic::new(&RULE, call.span(sent.range.clone()), message)
                .severity(call.severity(operation))
                .label(format!("in {}", sent.place.words()))
                .help("send it where it is documented, or correct the attribute of the field")
                .related(
                    field.name.evidence.span,
                    format!("in {} here", documented.words()),
                )
                .subject(subject(documented, name));
            diagnostics.push(diagnostic);
        }
    }
}

/// Where the name is documented, if not in the place where it is sent.
pub(super) fn other_place_of(operation: &Operation, place: Place, name: &str) -> Option<Place> {
    if parameters::documented(operation, place, name).is_some() {
        return None;
    }
    let places = [
        Place::Parameter(Location::Query),
        Place::Body,
        Place::Parameter(Location::Path),
    ];
    let in_path = Template::parse(&operation.endpoint.value.path);
    let is_in_path = in_path.parameters().iter().any(|it| it == name);
    places
        .into_iter()
        .filter(|other| *other != place)
        .filter(|other| *other != Place::Parameter(Location::Path) || !is_in_path)
        .find(|other| parameters::documented(operation, *other, name).is_some())
}

fn other_place(operation: &Operation, sent: &Sent) -> Option<Place> {
    let place = other_place_of(operation, sent.place, &sent.name)?;
    // That the endpoint has no such parameter is said at its field.
    let is_said = operation.endpoint.evidence.origin == Origin::Attribute
        && place == Place::Parameter(Location::Path);
    (!is_said).then_some(place)
}

pub(super) fn subject(place: Place, name: &str) -> String {
    match place {
        Place::Parameter(location) => format!("request.{}.{name}", location.as_str()),
        Place::Body => format!("request.body.{name}"),
    }
}

fn sent(curl: &Curl) -> Vec<Sent> {
    let mut found: Vec<Sent> = parameters::query(curl)
        .iter()
        .map(|pair| Sent {
            name: pair.name.value.clone(),
            place: Place::Parameter(Location::Query),
            range: pair.name.range.clone(),
        })
        .collect();
    if let (Some(Body::Raw(text)), Some(body)) = (&curl.body, parameters::json_body(curl)) {
        found.extend(
            body.members()
                .iter()
                .filter(|member| !member.is_elision())
                .map(|member| Sent {
                    name: member.key.clone(),
                    place: Place::Body,
                    range: text.range(member.key_range.clone()),
                }),
        );
    }
    found
}
