//! The model as JSON: every operation with its facts, and for each fact its place and its origin.
//!
//! The form is versioned; within a version keys are only added. `docs/inspect.md` describes it.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::model::platform::PlatformNote;
use crate::model::shape::{Member, Openness, Shape, ShapeKind};
use crate::model::{Documentation, Evidence, Fact, Operation, Response, Status};
use crate::source::FileId;
use crate::source::load::Site;

#[derive(Serialize)]
struct Model<'a> {
    version: u32,
    operations: Vec<OperationJson<'a>>,
    summary: Summary,
    skipped: Vec<SkippedJson<'a>>,
}

#[derive(Serialize)]
struct Summary {
    pages: usize,
    operations: usize,
    pages_without_endpoint: usize,
}

#[derive(Serialize)]
struct SkippedJson<'a> {
    path: &'a str,
    reason: &'a str,
}

#[derive(Serialize)]
struct OperationJson<'a> {
    operation: String,
    method: &'a str,
    path: &'a str,
    title: Option<&'a str>,
    deprecated: bool,
    evidence: Place,
    pages: Vec<&'a str>,
    servers: Vec<Stated<&'a str>>,
    auth: Vec<Stated<String>>,
    parameters: Vec<ParameterJson<'a>>,
    body: Option<BodyJson<'a>>,
    request_examples: Vec<ExampleJson<'a>>,
    responses: Vec<ResponseJson<'a>>,
    /// What the platform's own playground reads otherwise.
    playground: Vec<PlaygroundJson<'a>>,
}

#[derive(Serialize)]
struct PlaygroundJson<'a> {
    trap: &'static str,
    effect: &'static str,
    text: &'a str,
    file: &'a str,
    line: u32,
    column: u32,
}

/// A fact with its place.
#[derive(Serialize)]
struct Stated<T> {
    value: T,
    evidence: Place,
}

/// Where, and in which way, a fact is said.
#[derive(Serialize)]
struct Place {
    file: String,
    line: u32,
    column: u32,
    origin: &'static str,
    rule: &'static str,
}

#[derive(Serialize)]
struct ParameterJson<'a> {
    #[serde(rename = "in")]
    location: &'a str,
    name: &'a str,
    required: bool,
    deprecated: bool,
    default: Option<&'a Value>,
    evidence: Place,
    shape: ShapeJson<'a>,
}

#[derive(Serialize)]
struct BodyJson<'a> {
    media_type: Stated<&'a str>,
    shape: ShapeJson<'a>,
}

#[derive(Serialize)]
struct ExampleJson<'a> {
    title: Option<&'a str>,
    language: Option<&'a str>,
    line: u32,
    /// For a request, the method and URL of its curl; for a response, whether it is strictly valid JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    curl: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_json: Option<bool>,
}

#[derive(Serialize)]
struct ResponseJson<'a> {
    status: Option<u16>,
    success: bool,
    variant: Option<&'a str>,
    examples: Vec<ExampleJson<'a>>,
    shape: Option<ShapeJson<'a>>,
}

#[derive(Serialize)]
struct ShapeJson<'a> {
    #[serde(rename = "type")]
    kind: String,
    nullable: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    allowed: Option<&'a [Value]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    open: Option<bool>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    members: Vec<MemberJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    items: Option<Box<ShapeJson<'a>>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    alternatives: Vec<ShapeJson<'a>>,
    evidence: Option<Place>,
}

#[derive(Serialize)]
struct MemberJson<'a> {
    name: &'a str,
    required: Option<Stated<bool>>,
    evidence: Option<Place>,
    shape: ShapeJson<'a>,
}

/// The whole model as one JSON document.
pub fn render(documentation: &Documentation, site: &Site) -> serde_json::Result<String> {
    let writer = Writer {
        site,
        platform: &documentation.platform,
    };
    let api = &documentation.api;
    let model = Model {
        version: 1,
        operations: api
            .operations
            .iter()
            .map(|operation| writer.operation(operation))
            .collect(),
        summary: Summary {
            pages: api.pages,
            operations: api.operations.len(),
            pages_without_endpoint: api.other_pages.len(),
        },
        skipped: site
            .skipped
            .iter()
            .map(|skipped| SkippedJson {
                path: &skipped.path,
                reason: skipped.reason.as_str(),
            })
            .collect(),
    };
    serde_json::to_string_pretty(&model)
}

struct Writer<'a> {
    site: &'a Site,
    platform: &'a BTreeMap<FileId, Vec<PlatformNote>>,
}

impl<'a> Writer<'a> {
    fn operation(&self, operation: &'a Operation) -> OperationJson<'a> {
        let sources = &self.site.sources;
        OperationJson {
            operation: operation.name(),
            method: &operation.endpoint.value.method,
            path: &operation.endpoint.value.path,
            title: operation.title.as_deref(),
            deprecated: operation.deprecated,
            evidence: self.place(operation.endpoint.evidence),
            pages: operation
                .pages
                .iter()
                .map(|page| sources.file(*page).path())
                .collect(),
            servers: operation
                .servers
                .iter()
                .map(|server| self.stated(server, server.value.as_str()))
                .collect(),
            auth: operation
                .auth
                .schemes
                .iter()
                .map(|scheme| self.stated(scheme, scheme.value.to_string()))
                .collect(),
            parameters: operation
                .parameters
                .iter()
                .map(|parameter| ParameterJson {
                    location: parameter.location.as_str(),
                    name: &parameter.field.name.value,
                    required: parameter.field.is_required(),
                    deprecated: parameter.field.deprecated,
                    default: parameter
                        .field
                        .default
                        .as_ref()
                        .map(|default| &default.value),
                    evidence: self.place(parameter.field.name.evidence),
                    shape: self.shape(&parameter.shape),
                })
                .collect(),
            body: operation.body.as_ref().map(|body| BodyJson {
                media_type: self.stated(&body.media_type, body.media_type.value.as_str()),
                shape: self.shape(&body.shape),
            }),
            request_examples: operation
                .request_examples
                .iter()
                .map(|example| ExampleJson {
                    title: example.title.as_deref(),
                    language: example.language.as_deref(),
                    line: self.line(example.span),
                    curl: example.curl.as_ref().map(|curl| {
                        let url = curl.url.as_ref().map_or("", |url| url.text.text());
                        format!("{} {url}", curl.method.value)
                    }),
                    valid_json: None,
                })
                .collect(),
            responses: operation
                .responses
                .iter()
                .map(|response| self.response(response))
                .collect(),
            playground: operation
                .pages
                .iter()
                .filter_map(|page| self.platform.get(page))
                .flatten()
                .map(|note| self.playground(note))
                .collect(),
        }
    }

    fn playground(&self, note: &PlatformNote) -> PlaygroundJson<'a> {
        let sources = &self.site.sources;
        let place = sources.positions(note.span).start;
        PlaygroundJson {
            trap: note.trap.as_str(),
            effect: note.trap.effect(),
            text: sources.text(note.span).trim(),
            file: sources.file(note.span.file).path(),
            line: place.line,
            column: place.column,
        }
    }

    fn response(&self, response: &'a Response) -> ResponseJson<'a> {
        ResponseJson {
            status: match &response.status {
                Status::Code(code) => Some(code.value),
                Status::Success | Status::Error => None,
            },
            success: response.status.is_success(),
            variant: response
                .variant
                .as_ref()
                .map(|variant| variant.value.as_str()),
            examples: response
                .examples
                .iter()
                .map(|example| ExampleJson {
                    title: example.title.as_deref(),
                    language: example.language.as_deref(),
                    line: self.line(example.span),
                    curl: None,
                    valid_json: example
                        .json
                        .as_ref()
                        .map(crate::model::json::Reading::is_strict),
                })
                .collect(),
            shape: response.shape.as_ref().map(|shape| self.shape(shape)),
        }
    }

    fn shape(&self, shape: &'a Shape) -> ShapeJson<'a> {
        let mut json = ShapeJson {
            kind: kind(&shape.kind).to_owned(),
            nullable: shape.nullable.is_some(),
            allowed: shape
                .constraints
                .allowed
                .as_ref()
                .map(|allowed| allowed.value.as_slice()),
            format: shape
                .constraints
                .format
                .as_ref()
                .map(|format| format.value.to_string()),
            open: None,
            members: Vec::new(),
            items: None,
            alternatives: Vec::new(),
            evidence: shape.evidence.map(|evidence| self.place(evidence)),
        };
        match &shape.kind {
            ShapeKind::Array(items) | ShapeKind::Map(items) => {
                json.items = Some(Box::new(self.shape(items)));
            }
            ShapeKind::Object { members, open } => {
                json.open = Some(*open != Openness::Closed);
                json.members = members.iter().map(|member| self.member(member)).collect();
            }
            ShapeKind::Union(shapes) => {
                json.alternatives = shapes.iter().map(|shape| self.shape(shape)).collect();
            }
            _ => {}
        }
        json
    }

    fn member(&self, member: &'a Member) -> MemberJson<'a> {
        MemberJson {
            name: &member.name,
            required: member
                .required
                .as_ref()
                .map(|required| self.stated(required, required.value)),
            evidence: member.evidence.map(|evidence| self.place(evidence)),
            shape: self.shape(&member.shape),
        }
    }

    fn stated<T, U>(&self, fact: &Fact<T>, value: U) -> Stated<U> {
        Stated {
            value,
            evidence: self.place(fact.evidence),
        }
    }

    fn place(&self, evidence: Evidence) -> Place {
        let position = self.site.sources.positions(evidence.span).start;
        Place {
            file: self.site.sources.file(evidence.span.file).path().to_owned(),
            line: position.line,
            column: position.column,
            origin: evidence.origin.as_str(),
            rule: evidence.rule.name,
        }
    }

    fn line(&self, span: crate::source::Span) -> u32 {
        self.site.sources.positions(span).start.line
    }
}

fn kind(kind: &ShapeKind) -> &'static str {
    match kind {
        ShapeKind::Any => "any",
        ShapeKind::Unknown => "unknown",
        ShapeKind::Null => "null",
        ShapeKind::Boolean => "boolean",
        ShapeKind::Integer => "integer",
        ShapeKind::Number => "number",
        ShapeKind::String => "string",
        ShapeKind::File => "file",
        ShapeKind::Array(_) => "array",
        ShapeKind::Object { .. } => "object",
        ShapeKind::Map(_) => "map",
        ShapeKind::Union(_) => "union",
    }
}
