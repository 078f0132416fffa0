//! Which collection an operation may belong to, and what it would do with it.
//!
//! The method says so, or the last word of the path: `POST /tasks.create`, `POST /tasks/create`.

use serde_json::Value;

use super::collections::Role;
use super::view::body;
use crate::mock::{Served, words};
use crate::model::route::Template;
use crate::model::{Field, Location, Operation};

/// An operation that may belong to a collection.
pub(super) struct Candidate<'m> {
    pub(super) index: usize,
    pub(super) served: &'m Served,
    pub(super) role: Role,
    /// The name of the parameter that names the thing.
    pub(super) parameter: Option<String>,
    /// The member of the request that names it, where the path does not.
    pub(super) own: Option<String>,
    /// The names of the parameters before it.
    pub(super) parameters: Vec<String>,
    pub(super) body: Option<Value>,
}

impl Candidate<'_> {
    /// True for `POST /events/{id}`, which changes a thing if something else reads or removes it there.
    pub(super) fn is_posted(&self) -> bool {
        let method = self.served.operation.endpoint.value.method.as_str();
        self.role == Role::Update && self.parameter.is_some() && method == "POST"
    }
}

/// The path of the collection that an operation may belong to, and what its method would do with it.
pub(super) fn candidate(index: usize, served: &Served) -> Option<(String, Candidate<'_>)> {
    let path = served.operation.joined_path();
    let path = path.trim_end_matches('/');
    let (before, last) = path.rsplit_once('/')?;
    let mut parameters = parameters(path);
    let parameter = is_parameter(last).then(|| parameters.pop()).flatten();
    let method = served.operation.endpoint.value.method.as_str();
    // `PATCH /books` with the id in the body, or in the query.
    let own = own(&served.operation, path).filter(|_| !is_parameter(last));
    let own = own.filter(|_| matches!(method, "PUT" | "PATCH" | "DELETE"));
    let (path, role) = match (method, &parameter) {
        ("GET", None) => (path, Role::List),
        ("POST", None) => (path, Role::Create),
        ("GET", Some(_)) => (before, Role::Read),
        ("PUT" | "PATCH" | "POST", Some(_)) => (before, Role::Update),
        ("DELETE", Some(_)) => (before, Role::Delete),
        ("PUT" | "PATCH", None) if own.is_some() => (path, Role::Update),
        ("DELETE", None) if own.is_some() => (path, Role::Delete),
        _ => return None,
    };
    let candidate = Candidate {
        index,
        served,
        role,
        parameter,
        own,
        parameters,
        body: body(served),
    };
    Some((erased(path), candidate))
}

/// The same where the last word of the path says what is done.
pub(super) fn spoken(index: usize, served: &Served) -> Option<(String, Candidate<'_>)> {
    let operation = &served.operation;
    let (path, verb) = spoken_path(operation)?;
    let role = match verb.as_str() {
        "create" | "add" => Role::Create,
        "list" => Role::List,
        "get" | "info" | "retrieve" | "fetch" | "show" => Role::Read,
        "update" | "edit" => Role::Update,
        "delete" | "remove" => Role::Delete,
        _ => return None,
    };
    let is_get = operation.endpoint.value.method == "GET";
    let own = own(operation, &path);
    let is_item = matches!(role, Role::Read | Role::Update | Role::Delete);
    if is_get && !matches!(role, Role::List | Role::Read) || is_item != own.is_some() {
        return None;
    }
    let candidate = Candidate {
        index,
        served,
        role,
        parameter: None,
        own,
        parameters: parameters(&operation.joined_path()),
        body: body(served),
    };
    Some((path, candidate))
}

/// `/tasks.*` and `create` for `/tasks.create` and `/tasks/create`.
pub(super) fn spoken_path(operation: &Operation) -> Option<(String, String)> {
    let path = operation.joined_path();
    let (before, last) = path.trim_end_matches('/').rsplit_once('/')?;
    if is_parameter(last) {
        return None;
    }
    let (noun, verb) = match last.rsplit_once(['.', ':']) {
        Some((noun, verb)) => (format!("{before}/{noun}"), verb),
        None => (before.to_owned(), last),
    };
    let named = noun.rsplit('/').next()?;
    (!named.is_empty() && !is_parameter(named))
        .then(|| (format!("{}.*", erased(&noun)), words::folded(verb)))
}

/// The documented member of the body or the query that names a thing.
pub(super) fn own(operation: &Operation, path: &str) -> Option<String> {
    let noun = words::singular(noun(path));
    let body = operation.body.iter().flat_map(|body| &body.fields);
    let query = operation.parameters_in(Location::Query);
    let fields = query.map(|it| &it.field).chain(body);
    let fields: Vec<&Field> = fields.collect();
    let named = |wanted: &str| {
        let mut fields = fields.iter();
        fields.find(|field| words::folded(&field.name.value) == wanted)
    };
    let wanted = [format!("{noun}id"), "id".to_owned(), "uuid".to_owned()];
    let found = wanted.iter().find_map(|wanted| named(wanted));
    // `user`, the id of the user.
    let is_id = |field: &&&Field| words::parts(&field.description).iter().any(|it| it == "id");
    let found = found.or_else(|| named(&noun).filter(is_id));
    found.map(|field| field.name.value.clone())
}

/// The last word of the path of a collection.
pub(super) fn noun(path: &str) -> &str {
    let path = path.strip_suffix(".*").unwrap_or(path);
    path.rsplit('/').next().unwrap_or_default()
}

pub(super) fn parameters(path: &str) -> Vec<String> {
    let template = Template::parse(path);
    let names = template.parameters().iter();
    names.map(|it| words::folded(it)).collect()
}

/// A path with `{}` for each parameter.
pub(super) fn erased(path: &str) -> String {
    let segments = path
        .trim_end_matches('/')
        .split('/')
        .map(|segment| if is_parameter(segment) { "{}" } else { segment });
    segments.collect::<Vec<_>>().join("/")
}

pub(super) fn is_parameter(segment: &str) -> bool {
    segment.starts_with(':') || segment.starts_with('{') && segment.ends_with('}')
}

/// The names that members give to the parents of a path: `note_id` for `/notes/{id}/pictures`, whatever the parameter is
/// called.
pub(super) fn nouns_of(path: &str) -> Vec<String> {
    let segments: Vec<&str> = path.split('/').collect();
    let nouns = segments.windows(2).filter_map(|pair| match pair {
        ["" | "{}", "{}"] => Some(String::new()),
        [before, "{}"] => Some(format!("{}id", words::singular(before))),
        _ => None,
    });
    nouns.collect()
}

/// The names of the parameters in a path, and in the place of `id` what members call it.
pub(super) fn named_parents(nouns: &[String], mut parents: Vec<String>) -> Vec<String> {
    for (parent, noun) in parents.iter_mut().zip(nouns) {
        if parent == "id" && !noun.is_empty() {
            parent.clone_from(noun);
        }
    }
    parents
}
