//! Where each operation stands: its path template, and the server that it is relative to.
//!
//! OpenAPI has one operation for a method and a path, whatever the server, and one spelling of a path whatever its
//! parameters are called. So operations that differ by the path of their servers get that path in front of their own, and
//! parameters get the names that the first operation of a path gives them. An operation below the server of most others
//! is written relative to that, however its page splits the URL.

use std::collections::HashMap;

use crate::model::Operation;
use crate::model::endpoint;
use crate::model::route::Template;

use super::{Exporter, server};

/// An operation in the document.
pub(super) struct Placed<'a> {
    pub(super) operation: &'a Operation,
    /// The template, with all parameters in braces.
    pub(super) path: String,
    /// The names of the parameters in the template, and those that the pages use.
    pub(super) names: Vec<(String, String)>,
    /// The base URLs.
    pub(super) servers: Vec<String>,
}

/// Places all operations; one that has no place of its own is noted and left out.
pub(super) fn place<'a>(
    exporter: &mut Exporter<'_>,
    operations: &'a [Operation],
) -> Vec<Placed<'a>> {
    let common = server::most_common(operations.iter().filter_map(default_server));
    let stated: Vec<_> = operations
        .iter()
        .map(|operation| relative(operation, common).unwrap_or_else(|| as_stated(operation)))
        .collect();
    let mut count: HashMap<(String, String), usize> = HashMap::new();
    for (operation, (path, _)) in operations.iter().zip(&stated) {
        *count.entry(key(operation, path)).or_default() += 1;
    }
    let mut spellings: HashMap<String, Vec<String>> = HashMap::new();
    let mut taken: HashMap<(String, String), &Operation> = HashMap::new();
    let mut placed = Vec::new();
    for (operation, (own, servers)) in operations.iter().zip(stated) {
        let is_alone = count.get(&key(operation, &own)) == Some(&1);
        let (path, servers) = if is_alone {
            (own, servers)
        } else {
            (operation.joined_path(), hosts(operation))
        };
        if let Some(first) = taken.get(&key(operation, &path)) {
            exporter.note(
                operation.endpoint.evidence.span,
                format!(
                    "{} is left out: OpenAPI has one operation for a method and a path, and {} is it",
                    super::quoted(&operation.name()),
                    exporter.sources.place(first.endpoint.evidence.span)
                ),
            );
            continue;
        }
        taken.insert(key(operation, &path), operation);
        let template = Template::parse(&path);
        let names = unique(template.parameters());
        let spelling = spellings
            .entry(template.identity())
            .or_insert_with(|| names.clone());
        placed.push(Placed {
            operation,
            path: spelled(&template, spelling),
            names: spelling.iter().cloned().zip(names).collect(),
            servers,
        });
    }
    placed
}

fn default_server(operation: &Operation) -> Option<&str> {
    operation.servers.first().map(|it| it.value.as_str())
}

/// Path and servers as the page has them.
fn as_stated(operation: &Operation) -> (String, Vec<String>) {
    let servers = operation.servers.iter().map(|it| it.value.clone());
    (operation.endpoint.value.path.clone(), servers.collect())
}

/// The path from the server of most operations, and that server, if an operation with another one lies below it.
fn relative(operation: &Operation, common: Option<&str>) -> Option<(String, Vec<String>)> {
    let common = common?.trim_end_matches('/');
    let [server] = operation.servers.as_slice() else {
        return None;
    };
    let url = format!(
        "{}{}",
        server.value.trim_end_matches('/'),
        operation.endpoint.value.path
    );
    let path = url.strip_prefix(common)?;
    let is_below = path.starts_with('/') && server.value.trim_end_matches('/') != common;
    is_below.then(|| (path.to_owned(), vec![common.to_owned()]))
}

fn key(operation: &Operation, path: &str) -> (String, String) {
    let method = operation.endpoint.value.method.clone();
    (method, Template::parse(path).identity())
}

/// The base URLs without their paths.
fn hosts(operation: &Operation) -> Vec<String> {
    let servers = operation.servers.iter();
    servers
        .filter_map(|server| endpoint::split_server(&server.value).0)
        .collect()
}

/// The names, a repeated one numbered: a template may use each name once.
fn unique(names: &[String]) -> Vec<String> {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    names
        .iter()
        .map(|name| {
            let count = seen.entry(name).or_default();
            *count += 1;
            match *count {
                1 => name.clone(),
                count => format!("{name}{count}"),
            }
        })
        .collect()
}

/// The template with its parameters in braces and under these names.
fn spelled(template: &Template, names: &[String]) -> String {
    let identity = template.identity();
    let mut parts = identity.split("{}");
    let mut path = parts.next().unwrap_or_default().to_owned();
    for (part, name) in parts.zip(names) {
        path.push('{');
        path.push_str(name);
        path.push('}');
        path.push_str(part);
    }
    path
}
