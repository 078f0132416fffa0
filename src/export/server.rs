//! `servers`: at the top what most operations share, and on an operation what differs.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::model::endpoint;

use super::path::Placed;

/// The servers of most operations.
pub(super) fn shared(placed: &[Placed<'_>]) -> Option<Value> {
    let listed = placed.iter().map(|placed| placed.servers.as_slice());
    let common = most_common(listed.filter(|servers| !servers.is_empty()))?;
    Some(list(common))
}

/// The host of the first operation's server.
pub(super) fn host(placed: &[Placed<'_>]) -> Option<String> {
    let server = placed.iter().find_map(|placed| placed.servers.first())?;
    let (host, _) = endpoint::split_server(server);
    host?.split_once("://").map(|(_, host)| host.to_owned())
}

/// Writes the servers of an operation that has others than the shared ones.
pub(super) fn write(
    placed: &Placed<'_>,
    shared: Option<&Value>,
    operation: &mut Map<String, Value>,
) {
    if placed.servers.is_empty() {
        return;
    }
    let own = list(&placed.servers);
    if shared != Some(&own) {
        operation.insert("servers".to_owned(), own);
    }
}

/// The value that occurs most often; of several, the one that comes first.
pub(super) fn most_common<T: Ord>(values: impl Iterator<Item = T>) -> Option<T> {
    let mut counts: BTreeMap<T, (usize, usize)> = BTreeMap::new();
    for (index, value) in values.enumerate() {
        counts.entry(value).or_insert((0, index)).0 += 1;
    }
    let best = counts
        .into_iter()
        .max_by_key(|(_, (count, first))| (*count, std::cmp::Reverse(*first)));
    best.map(|(value, _)| value)
}

fn list(servers: &[String]) -> Value {
    servers.iter().map(|server| one(server)).collect()
}

/// A server; the parts of its URL in braces are variables, which must have a default.
fn one(server: &str) -> Value {
    let mut variables = Map::new();
    let mut rest = server;
    while let Some((_, after)) = rest.split_once('{') {
        let Some((name, behind)) = after.split_once('}') else {
            break;
        };
        variables.insert(name.to_owned(), json!({"default": name}));
        rest = behind;
    }
    if variables.is_empty() {
        json!({"url": server})
    } else {
        json!({"url": server, "variables": variables})
    }
}
