//! The documented responses, made ready to be sent.

use std::sync::Arc;

use crate::model::shape::{Shape, ShapeKind};
use crate::model::{Example, Operation, Response, Status};

use super::generate::Defaults;
use super::places::{Place, Places};

/// What is sent where a page documents no body at all.
pub(super) const NOTHING: &[u8] = b"{}";

/// One answer that an operation documents.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    /// The status that is sent.
    pub(super) code: u16,
    /// What the page says of the status.
    pub(super) status: Status,
    /// The titles it goes by: of the fence, and of the tab around it.
    pub(super) names: Vec<String>,
    /// What is sent.
    pub(super) content: Content,
    /// Where it is documented.
    pub(super) source: Place,
}

/// The body of an answer.
#[derive(Clone, Debug)]
pub(super) enum Content {
    /// An example, as the author wrote it or repaired.
    Example {
        bytes: Arc<[u8]>,
        media_type: &'static str,
        /// What was repaired.
        repaired: Option<String>,
    },
    /// Fields without an example: the body is made of them.
    Fields(Box<Shape>, Arc<Defaults>),
    /// A status, and nothing about its body.
    Nothing(&'static str),
}

impl Answer {
    /// True if an example can be sent.
    pub(super) fn has_example(&self) -> bool {
        matches!(self.content, Content::Example { .. })
    }

    /// True for the name of this answer, in any case.
    pub(super) fn is_named(&self, name: &str) -> bool {
        let lower = name.trim().to_lowercase();
        self.names
            .iter()
            .any(|known| known.trim().to_lowercase() == lower)
    }
}

impl Content {
    /// What is sent, in a few words.
    pub(super) fn describe(&self) -> &'static str {
        match self {
            Self::Example { repaired: None, .. } => "example",
            Self::Example { .. } => "example, repaired",
            Self::Fields(..) => "generated from fields",
            Self::Nothing(_) => "nothing documented",
        }
    }
}

/// All answers that the pages of an operation document, in their order.
pub(super) fn answers(operation: &Operation, places: &Places) -> Vec<Answer> {
    operation
        .responses
        .iter()
        .filter_map(|response| Some((response, code(&response.status)?)))
        .flat_map(|(response, code)| of_response(operation, response, code, places))
        .collect()
}

/// The status that stands for what the page says; interim statuses cannot be answered with.
fn code(status: &Status) -> Option<u16> {
    match status {
        Status::Code(code) => Some(code.value).filter(|code| *code >= 200),
        Status::Success => Some(200),
        Status::Error => Some(400),
    }
}

fn of_response(
    operation: &Operation,
    response: &Response,
    code: u16,
    places: &Places,
) -> Vec<Answer> {
    let answer = |names: Vec<String>, content, source| Answer {
        code,
        status: response.status.clone(),
        names,
        content,
        source,
    };
    let variant = response.variant.as_ref().map(|it| it.value.clone());
    if !response.examples.is_empty() {
        let answers = response.examples.iter().map(|example| {
            let names = example.title.iter().chain(&variant).cloned().collect();
            answer(
                names,
                of_example(example, response),
                places.of(example.span),
            )
        });
        return answers.collect();
    }
    let span = response
        .fields
        .first()
        .map_or(operation.endpoint.evidence.span, |field| field.open);
    let names = variant.into_iter().collect();
    vec![answer(
        names,
        of_fields(response, "no-example"),
        places.of(span),
    )]
}

fn of_example(example: &Example, response: &Response) -> Content {
    let text = example.text.text();
    let raw = |media_type| Content::Example {
        bytes: Arc::from(text.as_bytes()),
        media_type,
        repaired: None,
    };
    let Some(reading) = &example.json else {
        let is_bodiless = response.status.code() == Some(204);
        if text.trim().is_empty() && !is_bodiless {
            return of_fields(response, "empty-example");
        }
        return raw(example.media_type);
    };
    if reading.is_strict() {
        return raw("application/json");
    }
    let Some(first) = reading.documents.first() else {
        return match of_fields(response, "unreadable-example") {
            Content::Nothing(_) => raw("text/plain; charset=utf-8"),
            fields => fields,
        };
    };
    let mut repairs: Vec<_> = reading
        .repairs
        .iter()
        .map(|repair| repair.kind.describe())
        .collect();
    repairs.extend(reading.failure.as_ref().map(|_| "unreadable rest"));
    repairs.sort_unstable();
    repairs.dedup();
    Content::Example {
        bytes: Arc::from(first.to_text().into_bytes()),
        media_type: "application/json",
        repaired: Some(repairs.join(", ")),
    }
}

fn of_fields(response: &Response, reason: &'static str) -> Content {
    match &response.shape {
        Some(shape) if shape.kind != ShapeKind::Unknown => Content::Fields(
            Box::new(shape.clone()),
            Arc::new(Defaults::of(&response.fields)),
        ),
        _ => Content::Nothing(reason),
    }
}
