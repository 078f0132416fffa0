//! A curl command sends a parameter in another place than its field says: in the query and not in the body, say.

use std::ops::Range;

use crate::diagnostic::{Cause, Diagnostic, Rule, Severity};
use crate::model::curl::{Body, Curl};
use crate::model::route::Template;
use crate::model::{Field, Location, Operation, Origin};
use crate::source::Span;

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
    let mut not_in_path: Vec<Misplaced<'_>> = Vec::new();
    for (call, curl) in requests.own() {
        for sent in sent(curl) {
            let Some(documented) = other_place(operation, &sent) else {
                continue;
            };
            let Some(field) = parameters::documented(operation, documented, &sent.name) else {
                continue;
            };
            let misplaced = Misplaced {
                field,
                documented,
                span: call.span(sent.range.clone()),
                severity: call.severity(operation),
                sent,
            };
            if documented != Place::Parameter(Location::Path) {
                diagnostics.push(misplaced.in_example());
            } else if not_in_path
                .iter()
                .all(|known| known.sent.name != misplaced.sent.name)
            {
                not_in_path.push(misplaced);
            }
        }
    }
    diagnostics.extend(not_in_path.iter().map(Misplaced::at_field));
}

/// A parameter that is sent in another place than its field says.
struct Misplaced<'a> {
    field: &'a Field,
    documented: Place,
    sent: Sent,
    /// Its name in the example.
    span: Span,
    severity: Severity,
}

impl Misplaced<'_> {
    /// Either side may be wrong.
    fn in_example(&self) -> Diagnostic {
        let name = &self.sent.name;
        let (sent, documented) = (self.sent.place.words(), self.documented.words());
        let message = format!("`{name}` is sent in {sent}, and documented in {documented}");
        Diagnostic::new(&RULE, self.span, message)
            .severity(self.severity)
            .label(format!("in {sent}"))
            .help("send it where it is documented, or correct the attribute of the field")
            .related(
                self.field.name.evidence.span,
                format!("in {documented} here"),
            )
            .subject(subject(self.documented, name))
            .cause(Cause::on_page(format!("{sent} {documented}")).of(
                format!("`{name}`"),
                format!("{{}} are sent in {sent}, and documented in {documented}"),
                "send them where they are documented, or correct the attributes of the fields",
            ))
    }

    /// The field says `path`, and the path has no such parameter: there, the field is wrong.
    fn at_field(&self) -> Diagnostic {
        let name = &self.sent.name;
        let sent = self.sent.place.words();
        let message = format!(
            "`{name}` is documented in the path, which does not have it, and sent in {sent}"
        );
        let attribute = match self.sent.place {
            Place::Parameter(location) => location.as_str(),
            Place::Body => "body",
        };
        Diagnostic::new(&RULE, self.field.name.evidence.span, message)
            .severity(self.severity)
            .label("in the path here")
            .help(format!("write `{attribute}=\"{name}\"`"))
            .related(self.span, format!("in {sent} here"))
            .subject(subject(self.documented, name))
            .cause(Cause::on_site(format!("path {sent}")).of(
                format!("`{name}`"),
                format!(
                    "{{}} are documented in the path, which does not have them, and sent in {sent}"
                ),
                format!("write `{attribute}` instead of `path`"),
            ))
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
