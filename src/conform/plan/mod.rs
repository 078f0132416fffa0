//! Operations to requests: the documented example where there is a curl command, else the least that is required.
//!
//! Pure and in the order of the pages. What cannot or must not be sent is listed with the reason.

mod alone;
pub(crate) mod around;
pub(in crate::conform) mod choice;
pub(in crate::conform) mod clock;
pub(in crate::conform) mod conditions;
mod documented;
mod draft;
pub(crate) mod draw;
mod elsewhere;
pub(in crate::conform) mod forbidden;
mod further;
pub mod input;
pub(in crate::conform) mod joined;
mod keys;
mod known;
mod lengths;
mod listed;
mod minimal;
mod misnoted;
pub(in crate::conform) mod moments;
mod needed;
mod open;
mod path;
mod pieces;
pub(in crate::conform) mod relative;
pub(crate) mod sample;
mod scripts;
pub mod shown;
mod spelled;
pub(crate) mod strange;
mod swap;
mod together;
pub mod value;
mod variant;
mod vary;
pub(super) mod worded;

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::model::answer::writes_null;
use crate::model::route::Template;
use crate::model::{Api, Operation};
use crate::source::Span;

use super::bindings::{Bindings, Caller, Secrets, letters};
use super::chain::{self, Kind, Role, SlotPlace};
use super::class::{self, Class};
use super::message::{Request, Stop};
use super::target::{self, Target};

pub use draft::Draft;
pub use shown::Shown;
pub use variant::{Phase, Variant};

/// What is sent, and what is not.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The requests, in the order in which they are sent.
    pub items: Vec<Item>,
    /// The operations that are not exercised.
    pub omitted: Vec<Omitted>,
    /// The operations that are called to prepare for others, and not judged.
    pub prepares: BTreeSet<usize>,
    /// The names of variables that no request uses.
    pub unused: Vec<String>,
    /// What no output may show.
    pub secrets: Secrets,
    /// True if the pages write `null` into the types of the members that may be it.
    pub marks_null: bool,
    /// What each operation does with what.
    pub roles: Vec<Role>,
    /// What each operation does to the world.
    pub classes: Vec<Class>,
    /// The parts of the run.
    pub phases: Vec<Phase>,
    /// Ids that may be changed and deleted although the run did not make them: the parameter, and an id.
    pub disposable: Vec<(String, String)>,
    /// What the fuzz phase draws with.
    pub seed: u64,
    /// Whether anything but reads may be sent.
    pub may_write: bool,
    /// The names of path parameters that the user gave a value for.
    pub bound: Vec<String>,
    /// What the pages show of the values of inputs.
    pub shown: Shown,
    /// Who else asks.
    pub callers: Vec<Caller>,
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
    /// Its page warns of it, and the server is another machine.
    #[error(
        "its page says `fieldproof-unsafe`, and the server is not on this machine; another `class` under `[test.operations]` allows it"
    )]
    Unsafe,
    /// A parameter of the path has no value.
    #[error("the path parameter `{0}` has no value; give one with --var {0}=VALUE")]
    PathValue(String),
    /// Something required has no value that could be made up.
    #[error("the required {0} has no value; give one with --var {1}=VALUE")]
    Value(String, String),
    /// A file that is not part of the page is sent.
    #[error("the documented request sends the file `{0}`, which is not part of the page")]
    File(String),
    /// Another host has the same path.
    #[error(
        "{0} answers it, which has paths that the host behind the URL has as well; test that one by itself, with its own --url and --page"
    )]
    OtherServer(String),
    /// It is no HTTP.
    #[error("it is a WebSocket")]
    WebSocket,
    /// The request is not one that HTTP can carry.
    #[error("the documented request cannot be sent: {0}")]
    Unsendable(String),
    /// It changes what this run did not make.
    #[error(
        "it changes what the run did not make, and no documented operation makes one; name one that may be changed with --var {0}=VALUE, or list it under `[test.disposable]`"
    )]
    NotOwned(String),
    /// What it needs could not be made.
    #[error("blocked: {0}")]
    Blocked(String),
    /// The page says that it is refused in some states, and no other is known.
    #[error(
        "the server answers {0}, as the page says that it does in some states, and no documented operation leads to another one"
    )]
    State(String),
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
    /// The server asks to come back later.
    #[error(
        "the server asks for fewer requests (429 Too Many Requests); send them slower with --rate-limit, or again with --retry"
    )]
    TooMany,
    /// Somebody ended the run.
    #[error("the run was interrupted before")]
    Interrupted,
    /// There is no time, or no request, left.
    #[error("the limit of {0} was reached before")]
    Limit(&'static str),
    /// The server was lost before.
    #[error("the server could no longer be reached")]
    Lost,
}

impl From<Stop> for Reason {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Limit(name) => Self::Limit(name),
            Stop::Interrupted => Self::Interrupted,
        }
    }
}

impl Reason {
    /// The kind of reason, as a figure in a summary is named.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Write(_) | Self::Unsafe => "not allowed to write",
            Self::PathValue(_) | Self::Value(..) => "without a required value",
            Self::File(_) | Self::WebSocket | Self::Unsendable(_) => "not supported",
            Self::OtherServer(_) => "of another server",
            Self::NotOwned(_) => "not made by the run",
            Self::UnknownExample(_) => "with an id that the server does not know",
            Self::NoCredentials => "without credentials",
            Self::Blocked(_) => "blocked",
            Self::State(_) => "not possible in any known state",
            Self::Unwanted => "not chosen",
            Self::TooMany => "turned away for too many requests",
            Self::Interrupted => "after the interruption",
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
    /// What operations do to the world where words do not tell it, by index.
    pub classes: HashMap<usize, Class>,
    /// Ids that may be changed and deleted although the run did not make them: the parameter, and an id.
    pub disposable: Vec<(String, String)>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            allow_writes: false,
            phases: Phase::DEFAULT.to_vec(),
            seed: 0,
            only: None,
            classes: HashMap::new(),
            disposable: Vec::new(),
        }
    }
}

/// Plans the requests for all operations: the documented one of each first, then its variants.
pub fn plan(api: &Api, target: &Target, bindings: &Bindings, options: &Options) -> Plan {
    let mut plan = Plan {
        secrets: bindings.secrets(),
        marks_null: marks_null(api),
        callers: bindings.callers.clone(),
        roles: chain::roles(api),
        classes: classes(api, options),
        phases: options.phases.clone(),
        disposable: options.disposable.clone(),
        seed: options.seed,
        may_write: target.is_loopback || options.allow_writes,
        ..Plan::default()
    };
    for (role, class) in plan.roles.iter_mut().zip(&plan.classes) {
        // `POST /members/lookup` answers with an id, and makes nothing.
        if role.kind == Kind::Create && *class == Class::Read {
            role.kind = Kind::Look;
        }
        role.batch.take_if(|_| *class == Class::Read);
    }
    let elsewhere = elsewhere::elsewhere(api, target, options.only.as_deref());
    for (index, operation) in api.operations.iter().enumerate() {
        if let Some((_, host)) = elsewhere.iter().find(|(other, _)| *other == index) {
            plan.omit(index, Reason::OtherServer(host.clone()));
            continue;
        }
        let class = plan.class(index);
        let draft = draft(operation, class, target, bindings, options.allow_writes);
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
                open::adapt(&mut draft, operation, api);
                plan.items.push(Item::new(index, Variant::Example, draft));
            }
            Err(reason) => plan.omit(index, reason),
        }
    }
    plan.shown = Shown::of(api, &plan.items);
    if let Some(only) = &options.only {
        plan.narrow(api, only);
    }
    let examples = plan.items.clone();
    for example in &examples {
        if plan.prepares.contains(&example.operation) {
            continue;
        }
        let role = plan.roles.get(example.operation).cloned();
        if let (Some(operation), Some(role)) = (api.operations.get(example.operation), role) {
            let variants = vary::variants(operation, &role, example, bindings, &plan.shown);
            let variants = variants.into_iter();
            plan.items
                .extend(variants.filter(|it| options.phases.contains(&it.variant.phase())));
        }
    }
    plan.leave_known_faults();
    plan.bound = bound(api, bindings);
    plan.unused = unused(api, bindings);
    plan
}

/// True if the types of more than one answer say that a member may be `null`: who writes so means the others that do not.
fn marks_null(api: &Api) -> bool {
    let marks = |operation: &&Operation| {
        let mut shapes = operation
            .responses
            .iter()
            .filter_map(|it| it.shape.as_ref());
        shapes.any(writes_null)
    };
    api.operations.iter().filter(marks).count() > 1
}

/// What each operation does to the world; what the user says comes first.
fn classes(api: &Api, options: &Options) -> Vec<Class> {
    let operations = api.operations.iter().enumerate();
    let classes = operations.map(|(index, operation)| {
        let stated = options.classes.get(&index).copied();
        stated.unwrap_or_else(|| class::class(operation))
    });
    classes.collect()
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
            let is_made = kinds.contains(&Kind::Create);
            roles.any(|role| {
                role.noun == noun && kinds.contains(&role.kind) || is_made && role.gives(noun)
            })
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
        let makes = role.kind == Kind::Create || role.batch.is_some();
        if self.class(index) > Class::Read && !makes {
            let names = draft.path_names();
            let name = names.last().cloned();
            let name = name.or_else(|| draft.own_id(&role.noun));
            if let Some(name) = name {
                let mut slots = role.slots.iter();
                let slot = slots.find(|slot| slot.name == name);
                let is_made = slot.is_some_and(|slot| {
                    has(&slot.noun, &[Kind::Create]) || self.is_listed_below_own(role, &slot.noun)
                });
                let is_given = bindings.value(&name).is_some() || self.is_disposable(&name);
                if !is_made && !is_given {
                    return Err(Reason::NotOwned(name));
                }
            }
        }
        if let Some(name) = self.names_others(index, operation, role) {
            let is_given = bindings.value(&name).is_some() || self.is_disposable(&name);
            if !is_given {
                return Err(Reason::NotOwned(name));
            }
        }
        Ok(draft)
    }

    /// True if things of a noun are listed below what the run makes, and the path names that: they are the run's as well.
    fn is_listed_below_own(&self, role: &Role, noun: &str) -> bool {
        let is_made = |noun: &str| {
            let mut roles = self.roles.iter();
            roles.any(|role| role.kind == Kind::Create && role.noun == noun)
        };
        let parents = role
            .slots
            .iter()
            .filter(|slot| !slot.is_own && slot.place == SlotPlace::Path && is_made(&slot.noun));
        let parents: Vec<&String> = parents.map(|slot| &slot.noun).collect();
        let mut lists = self
            .roles
            .iter()
            .filter(|it| it.kind == Kind::List && it.noun == noun);
        lists.any(|list| {
            let mut slots = list.slots.iter();
            slots.any(|slot| slot.place == SlotPlace::Path && parents.contains(&&slot.noun))
        })
    }

    /// What a request that changes or destroys names things by, of which no slot says that they are those of the run.
    fn names_others(&self, index: usize, operation: &Operation, role: &Role) -> Option<String> {
        let changes = matches!(role.kind, Kind::Update | Kind::Delete | Kind::Action);
        let is_other =
            role.kind == Kind::Other && matches!(self.class(index), Class::Modify | Class::Destroy);
        let is_other = is_other && role.batch.is_none();
        let is_open = changes && !role.slots.iter().any(|slot| slot.is_own)
            || is_other && role.slots.is_empty();
        let makers = self.roles.iter().filter(|it| it.kind == Kind::Create);
        let nouns: Vec<String> = makers.map(|it| it.noun.clone()).collect();
        is_open
            .then(|| chain::names_things(operation, &nouns))
            .flatten()
    }

    /// What an operation does to the world.
    pub fn class(&self, operation: usize) -> Class {
        let class = self.classes.get(operation);
        class.copied().unwrap_or(Class::Unsafe)
    }

    fn is_disposable(&self, parameter: &str) -> bool {
        self.disposable.iter().any(|(name, _)| name == parameter)
    }
}

fn draft(
    operation: &Operation,
    class: Class,
    target: &Target,
    bindings: &Bindings,
    allow_writes: bool,
) -> Result<Draft, Reason> {
    if class == Class::Unsafe && !target.is_loopback {
        return Err(Reason::Unsafe);
    }
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
