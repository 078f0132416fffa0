//! A run as a script that other tools can repeat: against another server, and without secrets.
//!
//! What the server made up, such as the id of what was created, is captured from the answer that told it first, and used
//! where it was sent. What is asserted is what the pages promise; where an answer differs from that and nothing was found,
//! because the pages leave it open, the kind of the answer is asserted in place of the promise.

mod capture;
mod promise;

use std::collections::HashSet;

use crate::model::Api;
use crate::model::shape::Path;
use crate::source::Span;

use super::bindings::{Piece, Secrets};
use super::message::{Body, Request, Unanswered};
use super::plan::{Item, Plan};
use super::repeat;
use super::run::Run;

use capture::Captures;
pub use promise::{Promise, Promised, Statuses};

/// A run, ready to be written for another tool.
#[derive(Clone, Debug, Default)]
pub struct Script {
    /// Scheme, host, and port of the server of the run.
    pub origin: String,
    /// The requests, in the order in which they were sent.
    pub steps: Vec<Step>,
    /// The names of the secrets that the requests hold, sorted.
    pub secrets: Vec<String>,
}

/// One request of a script.
#[derive(Clone, Debug)]
pub struct Step {
    /// Method and path of the operation, and what the request is.
    pub title: String,
    /// Where the request is documented.
    pub span: Span,
    /// Upper-case method.
    pub method: String,
    /// What follows scheme, host, and port.
    pub target: Text,
    /// The headers, in the order in which they are sent.
    pub headers: Vec<(String, Text)>,
    /// The body.
    pub content: Option<Content>,
    /// What later requests need of the answer.
    pub captures: Vec<Capture>,
    /// What the status is to be.
    pub statuses: Statuses,
    /// What the body is to hold.
    pub promises: Vec<Promise>,
}

/// The body of a request.
#[derive(Clone, Debug)]
pub enum Content {
    /// Text, as it stands.
    Text(Text),
    /// A form in several parts.
    Parts(Vec<(String, Text)>),
}

/// A value that a later request needs.
#[derive(Clone, Debug, PartialEq)]
pub struct Capture {
    /// The name of the variable: small letters, digits, and underscores.
    pub name: String,
    /// Where it is.
    pub source: Source,
}

/// Where in an answer a value is.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// At a place of the JSON body.
    Body(Path),
    /// What follows the last slash of the header `Location`.
    Location,
}

/// Text with variables in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text(pub Vec<Part>);

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// As it stands.
    Plain(String),
    /// What was captured under that name.
    Captured(String),
    /// The secret of that name, in capital letters.
    Secret(String),
}

/// Makes a script of a run.
pub fn of(plan: &Plan, api: &Api, run: &Run, origin: &str) -> Script {
    let faulty: HashSet<&str> = run
        .diagnostics
        .iter()
        .filter_map(|it| it.observation.as_deref())
        .map(|observation| observation.curl.as_str())
        .collect();
    let mut script = Script {
        origin: origin.to_owned(),
        ..Script::default()
    };
    let mut captures = Captures::default();
    for exchange in &run.exchanges {
        let Some(operation) = api.operations.get(exchange.item.operation) else {
            continue;
        };
        if matches!(exchange.answer, Err(Unanswered::Unsendable(_))) {
            continue;
        }
        let request = &exchange.item.request;
        let is_faulty = faulty.contains(repeat::command(request, &plan.secrets).as_str());
        let roles = plan.roles.get(exchange.item.operation);
        let marked = captures.mark(&exchange.item, roles, &mut script.steps);
        let words = plan.secrets.hide(&exchange.item.variant.describe());
        let mut step = step(&marked, &captures, &plan.secrets, origin);
        step.title = format!("{}: {words}", operation.name());
        (step.statuses, step.promises) = promise::of(operation, exchange, is_faulty, &plan.secrets);
        captures.listen(script.steps.len(), exchange);
        script.steps.push(step);
    }
    script.secrets = secrets(&script.steps);
    script
}

fn step(item: &Item, captures: &Captures, secrets: &Secrets, origin: &str) -> Step {
    let request: &Request = &item.request;
    let text = |text: &str| captures.text(text, secrets);
    let target = request.url.strip_prefix(origin).unwrap_or(&request.url);
    let is_form = matches!(request.body, Some(Body::Parts(_)));
    let headers = request.headers.iter();
    let headers =
        headers.filter(|(name, _)| !(is_form && name.eq_ignore_ascii_case("content-type")));
    Step {
        title: String::new(),
        span: item.span,
        method: request.method.clone(),
        target: text(target),
        headers: headers
            .map(|(name, value)| (name.clone(), text(value)))
            .collect(),
        content: request.body.as_ref().map(|body| match body {
            Body::Text(body) => Content::Text(text(&repeat::compact(body))),
            Body::Parts(parts) => {
                let parts = parts.iter();
                Content::Parts(
                    parts
                        .map(|(name, value)| (name.clone(), text(value)))
                        .collect(),
                )
            }
        }),
        captures: Vec::new(),
        statuses: Statuses::Any,
        promises: Vec::new(),
    }
}

impl Step {
    fn texts(&self) -> impl Iterator<Item = &Text> {
        let content: Vec<&Text> = match &self.content {
            None => Vec::new(),
            Some(Content::Text(text)) => vec![text],
            Some(Content::Parts(parts)) => parts.iter().map(|(_, text)| text).collect(),
        };
        let headers = self.headers.iter().map(|(_, text)| text);
        std::iter::once(&self.target).chain(headers).chain(content)
    }
}

impl Text {
    fn push_plain(&mut self, text: &str) {
        match self.0.last_mut() {
            _ if text.is_empty() => {}
            Some(Part::Plain(last)) => last.push_str(text),
            _ => self.0.push(Part::Plain(text.to_owned())),
        }
    }

    /// Text with the names of secrets in their places.
    fn push_hidden(&mut self, text: &str, secrets: &Secrets) {
        for piece in secrets.split(text) {
            match piece {
                Piece::Text(text) => self.push_plain(text),
                Piece::Secret(name) => self.0.push(Part::Secret(name.to_owned())),
            }
        }
    }
}

fn secrets(steps: &[Step]) -> Vec<String> {
    let parts = steps.iter().flat_map(Step::texts).flat_map(|text| &text.0);
    let mut names: Vec<_> = parts
        .filter_map(|part| match part {
            Part::Secret(name) => Some(name.clone()),
            Part::Plain(_) | Part::Captured(_) => None,
        })
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}
