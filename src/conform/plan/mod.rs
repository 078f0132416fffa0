//! Operations to requests: the documented example where there is a curl command, else the least that is required.
//!
//! Pure and in the order of the pages. What cannot or must not be sent is listed with the reason.

mod documented;
mod draft;
pub(crate) mod draw;
pub mod input;
mod minimal;
mod path;
pub(crate) mod sample;
mod swap;
pub mod value;
mod variant;
mod vary;

use std::collections::HashSet;

use crate::model::route::Template;
use crate::model::{Api, Operation};
use crate::source::Span;

use super::bindings::{Bindings, Secrets, letters};
use super::chain::{self, Kind, Role, SlotPlace};
use super::class::{self, Class};
use super::message::Request;
use super::target::{self, Target};

pub use draft::Draft;
pub use variant::{Phase, Variant};

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
    /// What each operation does with what.
    pub roles: Vec<Role>,
    /// The parts of the run.
    pub phases: Vec<Phase>,
    /// What the fuzz phase draws with.
    pub seed: u64,
    /// The names of path parameters that the user gave a value for.
    pub bound: Vec<String>,
}

/// A request of an operation.
#[derive(Clone, Debug)]
pub struct Item {
    /// The index of the operation.
    pub operation: usize,
    /// In which way it differs from the documented example.
    pub variant: Variant,
    /// What is sent, in parts.
    pub draft: Draft,
    /// What is sent.
    pub request: Request,
    /// Where the request is documented: the command, or the endpoint.
    pub span: Span,
    /// The names of placeholders that are sent as they stand.
    pub placeholders: Vec<String>,
    /// The names of path parameters whose values are those of an example.
    pub examples: Vec<String>,
}

impl Item {
    /// The request that a draft makes.
    pub fn new(operation: usize, variant: Variant, draft: Draft) -> Self {
        Self {
            operation,
            variant,
            request: draft.request(),
            span: draft.span,
            placeholders: draft.placeholders.clone(),
            examples: draft.examples.clone(),
            draft,
        }
    }
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
    /// It changes what this run did not make.
    #[error(
        "it changes what the run did not make, and no documented operation makes one; name one that may be changed with --var {0}=VALUE"
    )]
    NotOwned(String),
    /// What it needs could not be made.
    #[error("blocked: {0}")]
    Blocked(String),
    /// The example names what the server does not know.
    #[error(
        "the server does not know the value of the example for `{0}`; give one that it knows with --var {0}=VALUE"
    )]
    UnknownExample(String),
    /// The page shows no credentials, none are given, and the server asks for them.
    #[error("the server asks for credentials, and none are given; give them with --auth or -H")]
    NoCredentials,
    /// The command line chose other operations.
    #[error("it was not chosen")]
    Unwanted,
    /// There is no time, or no request, left.
    #[error("the limit of {0} was reached before")]
    Limit(&'static str),
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
            Self::NotOwned(_) => "not made by the run",
            Self::UnknownExample(_) => "with an id that the server does not know",
            Self::NoCredentials => "without credentials",
            Self::Blocked(_) => "blocked",
            Self::Unwanted => "not chosen",
            Self::Limit(_) => "beyond a limit",
            Self::Lost => "after the server was lost",
        }
    }
}

/// What is planned for, and within which limits.
#[derive(Clone, Debug)]
pub struct Options {
    /// Whether a server on another machine may be written to.
    pub allow_writes: bool,
    /// The parts of the run.
    pub phases: Vec<Phase>,
    /// What the fuzz phase draws with.
    pub seed: u64,
    /// The indexes of the operations that were asked for; all if there are none.
    pub only: Option<Vec<usize>>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            allow_writes: false,
            phases: Phase::DEFAULT.to_vec(),
            seed: 0,
            only: None,
        }
    }
}

/// Plans the requests for all operations: the documented one of each first, then its variants.
pub fn plan(api: &Api, target: &Target, bindings: &Bindings, options: &Options) -> Plan {
    let mut plan = Plan {
        secrets: bindings.secrets(),
        roles: chain::roles(api),
        phases: options.phases.clone(),
        seed: options.seed,
        ..Plan::default()
    };
    for (index, operation) in api.operations.iter().enumerate() {
        let is_wanted = options
            .only
            .as_ref()
            .is_none_or(|only| only.contains(&index));
        if !is_wanted {
            plan.omit(index, Reason::Unwanted);
            continue;
        }
        let draft = draft(operation, target, bindings, options.allow_writes);
        let draft = draft.and_then(|draft| plan.linked(index, operation, draft, bindings));
        match draft {
            Ok(mut draft) => {
                for (value, name) in &draft.secrets {
                    plan.secrets.add(value, name);
                }
                let bases = target::bases(operation, &api.operations);
                let url = target.url(operation, &draft.template, &bases);
                let path = url.strip_prefix(target.origin.as_str()).unwrap_or(&url);
                path.clone_into(&mut draft.template);
                draft.origin.clone_from(&target.origin);
                draft.override_headers(bindings);
                plan.items.push(Item::new(index, Variant::Example, draft));
            }
            Err(reason) => plan.omit(index, reason),
        }
    }
    let examples = plan.items.clone();
    for example in &examples {
        let role = plan.roles.get(example.operation).cloned();
        if let (Some(operation), Some(role)) = (api.operations.get(example.operation), role) {
            let variants = vary::variants(operation, &role, example, bindings);
            let variants = variants.into_iter();
            plan.items
                .extend(variants.filter(|it| options.phases.contains(&it.variant.phase())));
        }
    }
    plan.bound = bound(api, bindings);
    plan.unused = unused(api, bindings);
    plan
}

/// The names of path parameters that the user gave a value for.
fn bound(api: &Api, bindings: &Bindings) -> Vec<String> {
    let mut names: Vec<String> = api
        .operations
        .iter()
        .flat_map(|operation| {
            Template::parse(&operation.endpoint.value.path)
                .parameters()
                .to_vec()
        })
        .filter(|name| bindings.value(name).is_some())
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

impl Plan {
    fn omit(&mut self, operation: usize, reason: Reason) {
        self.omitted.push(Omitted { operation, reason });
    }

    /// True if a part of the run was asked for.
    pub fn has(&self, phase: Phase) -> bool {
        self.phases.contains(&phase)
    }

    /// The draft, if what its path leaves open can come from another operation, and what it changes is made by the run.
    fn linked(
        &self,
        index: usize,
        operation: &Operation,
        draft: Draft,
        bindings: &Bindings,
    ) -> Result<Draft, Reason> {
        let Some(role) = self.roles.get(index) else {
            return Ok(draft);
        };
        let has = |noun: &str, kinds: &[Kind]| {
            let mut roles = self.roles.iter();
            roles.any(|role| role.noun == noun && kinds.contains(&role.kind))
        };
        let slot = |name: &str| {
            let mut slots = role.slots.iter();
            slots.find(|slot| slot.place == SlotPlace::Path && slot.name == name)
        };
        for name in draft.open() {
            let can_come =
                slot(&name).is_some_and(|slot| has(&slot.noun, &[Kind::Create, Kind::List]));
            if !can_come {
                return Err(Reason::PathValue(name));
            }
        }
        let writes = !matches!(
            operation.endpoint.value.method.as_str(),
            "GET" | "HEAD" | "OPTIONS" | "QUERY"
        );
        if writes
            && matches!(
                role.kind,
                Kind::Update | Kind::Action | Kind::Delete | Kind::Other
            )
        {
            let names = draft.path_names();
            if let Some(name) = names.last() {
                let is_made = slot(name).is_some_and(|slot| has(&slot.noun, &[Kind::Create]));
                let is_given = bindings.value(name).is_some();
                if !is_made && !is_given {
                    return Err(Reason::NotOwned(name.clone()));
                }
            }
        }
        Ok(draft)
    }
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

#[cfg(test)]
mod tests;
