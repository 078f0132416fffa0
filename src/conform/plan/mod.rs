//! Operations to requests: the documented example where there is a curl command, else the least that is required.
//!
//! Pure and in the order of the pages. What cannot or must not be sent is listed with the reason.

mod documented;
mod minimal;
mod path;
mod sample;

use std::collections::HashSet;

use crate::model::route::Template;
use crate::model::{Api, Operation};
use crate::source::Span;

use super::bindings::{Bindings, Secrets, letters};
use super::class::{self, Class};
use super::encode;
use super::message::{Body, Request};
use super::target::{self, Target};

/// What is sent, and what is not.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The requests, in the order in which they are sent.
    pub items: Vec<Item>,
    /// The operations that are not exercised.
    pub omitted: Vec<Omitted>,
    /// The names of variables that no request uses.
    pub unused: Vec<String>,
    /// What no output may show.
    pub secrets: Secrets,
}

/// The request of an operation.
#[derive(Clone, Debug)]
pub struct Item {
    /// The index of the operation.
    pub operation: usize,
    /// What is sent.
    pub request: Request,
    /// Where the request is documented: the command, or the endpoint.
    pub span: Span,
    /// The names of placeholders that are sent as they stand.
    pub placeholders: Vec<String>,
    /// The names of path parameters whose values are those of an example.
    pub examples: Vec<String>,
}

/// An operation that is not exercised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Omitted {
    /// The index of the operation.
    pub operation: usize,
    /// Why not.
    pub reason: Reason,
}

/// Why an operation is not exercised.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// It does more than read on another machine.
    #[error("it may {}, and the server is not on this machine; allow it with --allow-writes", .0.as_str())]
    Write(Class),
    /// A parameter of the path has no value.
    #[error("the path parameter `{0}` has no value; give one with --var {0}=VALUE")]
    PathValue(String),
    /// Something required has no value that could be made up.
    #[error("the required {0} has no value; give one with --var {1}=VALUE")]
    Value(String, String),
    /// A file that is not part of the page is sent.
    #[error("the documented request sends the file `{0}`, which is not part of the page")]
    File(String),
    /// It is no HTTP.
    #[error("it is a WebSocket")]
    WebSocket,
    /// The request is not one that HTTP can carry.
    #[error("the documented request cannot be sent: {0}")]
    Unsendable(String),
    /// The server was lost before.
    #[error("the server could no longer be reached")]
    Lost,
}

impl Reason {
    /// The kind of reason, as a figure in a summary is named.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Write(_) => "not allowed to write",
            Self::PathValue(_) | Self::Value(..) => "without a required value",
            Self::File(_) | Self::WebSocket | Self::Unsendable(_) => "not supported",
            Self::Lost => "after the server was lost",
        }
    }
}

/// Plans the requests for all operations.
pub fn plan(api: &Api, target: &Target, bindings: &Bindings, allow_writes: bool) -> Plan {
    let mut plan = Plan {
        secrets: bindings.secrets(),
        ..Plan::default()
    };
    for (index, operation) in api.operations.iter().enumerate() {
        match draft(operation, target, bindings, allow_writes) {
            Ok(draft) => {
                for (value, name) in &draft.secrets {
                    plan.secrets.add(value, name);
                }
                let bases = target::bases(operation, &api.operations);
                let url = target.url(operation, &draft.path, &bases);
                plan.items.push(draft.item(index, &url, bindings));
            }
            Err(reason) => plan.omitted.push(Omitted {
                operation: index,
                reason,
            }),
        }
    }
    plan.unused = unused(api, bindings);
    plan
}

fn draft(
    operation: &Operation,
    target: &Target,
    bindings: &Bindings,
    allow_writes: bool,
) -> Result<Draft, Reason> {
    let class = class::class(operation);
    let may_write = target.is_loopback || allow_writes;
    if !may_write && class > Class::Read {
        return Err(Reason::Write(class));
    }
    let server = operation.servers.first();
    if server.is_some_and(|server| server.value.starts_with("ws")) {
        return Err(Reason::WebSocket);
    }
    match documented::choose(operation) {
        Some((example, curl)) => documented::draft(operation, example, curl, bindings),
        None => minimal::draft(operation, bindings),
    }
}

/// The names of variables that no operation knows.
fn unused(api: &Api, bindings: &Bindings) -> Vec<String> {
    let mut known = HashSet::new();
    for operation in &api.operations {
        let parameters = operation.parameters.iter();
        known.extend(parameters.map(|parameter| letters(&parameter.field.name.value)));
        let body = operation.body.iter().flat_map(|body| &body.fields);
        known.extend(body.map(|field| letters(&field.name.value)));
        let template = Template::parse(&operation.endpoint.value.path);
        known.extend(template.parameters().iter().map(|name| letters(name)));
        let curls = operation.request_examples.iter();
        let curls = curls.filter_map(|example| example.curl.as_ref());
        let variables = curls.flat_map(|curl| &curl.variables);
        known.extend(variables.map(|variable| letters(&variable.name)));
    }
    let is_unused = |(name, _): &&(String, String)| !known.contains(&letters(name));
    let unused = bindings.variables.iter().filter(is_unused);
    unused.map(|(name, _)| name.clone()).collect()
}

/// What is known of a request before it has a URL.
#[derive(Debug)]
struct Draft {
    method: String,
    /// The path of the endpoint, its parameters filled.
    path: String,
    /// The query of the endpoint, as it stands.
    fixed_query: Option<String>,
    /// Names and values, not encoded.
    query: Vec<(String, Option<String>)>,
    headers: Vec<(String, String)>,
    body: Option<Body>,
    span: Span,
    placeholders: Vec<String>,
    examples: Vec<String>,
    /// Further texts that hold secrets, and their names.
    secrets: Vec<(String, String)>,
}

impl Draft {
    fn new(operation: &Operation, path: path::Filled) -> Self {
        let endpoint = &operation.endpoint;
        Self {
            method: endpoint.value.method.clone(),
            path: path.text,
            fixed_query: endpoint.value.query.clone(),
            query: Vec::new(),
            headers: Vec::new(),
            body: None,
            span: endpoint.evidence.span,
            placeholders: Vec::new(),
            examples: path.examples,
            secrets: Vec::new(),
        }
    }

    fn item(self, operation: usize, url: &str, bindings: &Bindings) -> Item {
        let mut headers = self.headers;
        for (name, value) in &bindings.headers {
            headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
            headers.push((name.clone(), value.clone()));
        }
        let pairs = self.query.iter().map(|(name, value)| match value {
            Some(value) => format!("{}={}", encode::query(name), encode::query(value)),
            None => encode::query(name),
        });
        let query: Vec<_> = self.fixed_query.into_iter().chain(pairs).collect();
        let separator = if query.is_empty() { "" } else { "?" };
        Item {
            operation,
            request: Request {
                method: self.method,
                url: format!("{url}{separator}{}", query.join("&")),
                headers,
                body: self.body,
            },
            span: self.span,
            placeholders: self.placeholders,
            examples: self.examples,
        }
    }
}

#[cfg(test)]
mod tests;
