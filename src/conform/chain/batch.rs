//! Requests that make many things at once: `POST /addresses/import` with `{"rows": [{"code": "BER01", …}, …]}`.
//!
//! The rows name the things themselves. What tells that they do is the name by which another operation reads or changes
//! one of them, and that the path, or the values of examples, speak of the same things.

use std::collections::HashMap;

use serde_json::Value;

use crate::conform::bindings::letters;
use crate::model::curl::{Body, Curl};
use crate::model::{Api, Operation};

use super::words::{self, singular, verb};
use super::{Kind, Role};

/// The rows of a request that makes many things at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// The member of the body that holds the rows; empty if the body is the array.
    pub rows: String,
    /// The member of a row that names the thing: `code`.
    pub key: String,
}

/// The parameter by which things of a noun are named in paths, where the client chooses it: `code` of an `address`.
pub(super) type Keys = HashMap<String, String>;

/// The names by which paths name things, by noun; ids that say no more than that they are ids are not among them.
pub(super) fn keys(roles: &[Role]) -> Keys {
    let named = roles.iter().filter_map(|role| {
        let slot = role.own_path()?;
        let is_of_one = matches!(role.kind, Kind::Read | Kind::Update | Kind::Delete);
        let is_name = is_of_one && !words::is_id(&slot.name) && slot.noun == role.noun;
        is_name.then(|| (slot.noun.clone(), slot.name.clone()))
    });
    named.collect()
}

/// The rows that a documented request sends: the name of the member, and the rows.
fn rows_of(operation: &Operation) -> Option<(String, Vec<Value>)> {
    let mut bodies = operation
        .request_examples
        .iter()
        .filter_map(|example| body_of(example.curl.as_ref()?));
    bodies.find_map(|body| {
        let is_rows = |value: &Value| {
            let items = value.as_array().filter(|items| !items.is_empty());
            items.is_some_and(|items| items.iter().all(Value::is_object))
        };
        let rows = |value: &Value| value.as_array().cloned().unwrap_or_default();
        if is_rows(&body) {
            return Some((String::new(), rows(&body)));
        }
        let mut members = body.as_object()?.iter().filter(|(_, value)| is_rows(value));
        let (name, value) = members.next()?;
        members
            .next()
            .is_none()
            .then(|| (name.clone(), rows(value)))
    })
}

/// The body of a command, if it is JSON.
pub(super) fn body_of(curl: &Curl) -> Option<Value> {
    match curl.body.as_ref()? {
        Body::Raw(text) => serde_json::from_str(text.text()).ok(),
        _ => None,
    }
}

/// What an operation makes many of, if nothing else makes one of them: the noun, and the rows.
pub(super) fn of(
    operation: &Operation,
    role: &Role,
    keys: &Keys,
    api: &Api,
    roles: &[Role],
) -> Option<(String, Batch)> {
    let is_write = matches!(operation.endpoint.value.method.as_str(), "POST" | "PUT");
    let names_one = role.slots.iter().any(|slot| slot.is_own);
    if !is_write || names_one || !matches!(role.kind, Kind::Create | Kind::Action | Kind::Other) {
        return None;
    }
    let segments: Vec<&str> = operation.endpoint.value.path.split('/').collect();
    let last = segments.last().copied().unwrap_or_default();
    if takes_away_or_looks(last) {
        return None;
    }
    let (rows, values) = rows_of(operation)?;
    let mut nouns: Vec<_> = keys.iter().collect();
    nouns.sort_unstable();
    nouns.into_iter().find_map(|(noun, key)| {
        let mut makers = roles.iter().filter(|it| it.noun == *noun);
        if makers.any(|it| it.kind == Kind::Create) || is_made_singly(api, noun) {
            return None;
        }
        let member = values.first()?.as_object()?.keys().find(|name| {
            let name = letters(name);
            name == letters(key) || name == format!("{noun}{}", letters(key))
        })?;
        let mut named = segments.iter();
        let is_of_path = named.any(|segment| singular(segment) == *noun);
        let shown = shown(api, roles, noun, key);
        let mut values = values.iter().filter_map(|row| row.get(member)?.as_str());
        let is_shown = values.any(|value| shown.iter().any(|it| it == value));
        (is_of_path || is_shown).then(|| {
            let batch = Batch {
                rows: rows.clone(),
                key: member.clone(),
            };
            (noun.clone(), batch)
        })
    })
}

/// True if a `POST` to the place of all things of a noun makes one of them: many at once then name what is there.
fn is_made_singly(api: &Api, noun: &str) -> bool {
    let mut posts = api
        .operations
        .iter()
        .filter(|it| it.endpoint.value.method == "POST");
    posts.any(|it| {
        let path = it.endpoint.value.path.trim_end_matches('/');
        path.rsplit('/').next().map(singular).as_deref() == Some(noun)
    })
}

/// True for the last name of a path that says that nothing is made.
fn takes_away_or_looks(last: &str) -> bool {
    const LOOKS: &[&str] = &[
        "validate",
        "check",
        "verify",
        "preview",
        "lookup",
        "export",
        "count",
        "match",
        "test",
        "estimate",
        "calculate",
        "compare",
        "purge",
        "archive",
        "move",
    ];
    let first = words::split(last).into_iter().next().unwrap_or_default();
    let spoken = verb(last).0;
    LOOKS.contains(&first.as_str())
        || matches!(spoken, Some(Kind::Delete | Kind::List | Kind::Read))
}

/// The values by which documented requests and answers name things of a noun.
fn shown(api: &Api, roles: &[Role], noun: &str, key: &str) -> Vec<String> {
    let mut shown = Vec::new();
    for (operation, role) in api.operations.iter().zip(roles) {
        if role.noun != noun || role.own_path().is_none() {
            continue;
        }
        let path = &operation.endpoint.value.path;
        if path.ends_with(&format!("/{{{key}}}")) || path.ends_with(&format!("/:{key}")) {
            let commands = operation.request_examples.iter();
            let urls = commands.filter_map(|it| it.curl.as_ref()?.url.as_ref());
            let last = urls.filter_map(|url| url.path.value.rsplit('/').next());
            shown.extend(last.map(str::to_owned));
        }
        let examples = operation.shown_successes();
        let values = examples.filter_map(|it| it.to_value().get(key).cloned());
        shown.extend(values.filter_map(|value| value.as_str().map(str::to_owned)));
    }
    shown
}
