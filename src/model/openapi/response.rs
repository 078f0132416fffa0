//! `responses` to responses, and which of several media types is read.

use crate::model::evidence::Fact;
use crate::model::operation::{Response, ResponseHeader, Status};
use crate::source::Span;

use super::example;
use super::schema::{self, Direction};
use super::tree::{Files, Node, evidence};

/// The responses of an operation, in the order of the file.
pub(super) fn all<'t>(files: &Files<'t>, operation: Node<'t>, left: &mut usize) -> Vec<Response> {
    let Some(responses) = operation.get("responses") else {
        return Vec::new();
    };
    let states_success = responses.members().any(|(key, ..)| key.starts_with('2'));
    let mut found = Vec::new();
    for (key, place, response) in responses.members() {
        let (Some(status), Some(response)) =
            (status(key, place, states_success), files.resolve(response))
        else {
            continue;
        };
        found.push(read(files, status, response, left));
    }
    found
}

fn read<'t>(files: &Files<'t>, status: Status, response: Node<'t>, left: &mut usize) -> Response {
    let preferred = response.get("content").and_then(preferred);
    let schema = preferred.and_then(|(_, _, media)| media.get("schema"));
    let described = schema.map(|schema| schema::read(files, schema, Direction::Response, left));
    let examples = preferred.map_or_else(Vec::new, |(media_type, _, media)| {
        example::all(files, media_type, media, left)
    });
    let (shape, fields) = described.map_or((None, Vec::new()), |described| {
        (Some(described.shape), described.fields)
    });
    Response {
        status,
        variant: None,
        fields,
        shape,
        media_type: preferred.map(|(media_type, place, _)| Fact {
            value: media_type.to_owned(),
            evidence: evidence(place),
        }),
        examples,
    }
}

/// The headers of the stated statuses.
pub(super) fn headers<'t>(
    files: &Files<'t>,
    operation: Node<'t>,
    left: &mut usize,
) -> Vec<ResponseHeader> {
    let mut found = Vec::new();
    for (key, _, response) in operation
        .get("responses")
        .into_iter()
        .flat_map(Node::members)
    {
        let (Some(code), Some(response)) = (key.parse().ok(), files.resolve(response)) else {
            continue;
        };
        for (name, place, header) in response.get("headers").into_iter().flat_map(Node::members) {
            let header = files.resolve(header);
            let schema = header.and_then(|header| header.get("schema"));
            let described = schema.map(|it| schema::read(files, it, Direction::Response, left));
            found.push(ResponseHeader {
                name: Fact {
                    value: name.to_owned(),
                    evidence: evidence(place),
                },
                status: Some(code),
                shape: described.map(|described| described.shape),
                shown: None,
                is_optional: !header
                    .is_some_and(|it| it.get("required").is_some_and(Node::is_true)),
                description: header
                    .and_then(|it| it.get("description")?.text())
                    .unwrap_or_default()
                    .to_owned(),
            });
        }
    }
    found
}

/// `default` is what is left: the errors, if a success is stated.
fn status(key: &str, place: Span, states_success: bool) -> Option<Status> {
    match key {
        "default" if states_success => Some(Status::Error),
        "default" | "2XX" | "2xx" => Some(Status::Success),
        "4XX" | "4xx" | "5XX" | "5xx" => Some(Status::Error),
        _ => {
            let code: u16 = key.parse().ok().filter(|code| (100..600).contains(code))?;
            Some(Status::Code(Fact {
                value: code,
                evidence: evidence(place),
            }))
        }
    }
}

/// The media type that is read: JSON, else the first.
pub(super) fn preferred(content: Node<'_>) -> Option<(&str, Span, Node<'_>)> {
    let is_json = |name: &str| {
        let essence = name.split(';').next().unwrap_or_default().trim();
        essence == "application/json" || essence.ends_with("+json")
    };
    let mut types = content.members();
    let json = types.find(|(name, ..)| is_json(name));
    json.or_else(|| content.members().next())
}
