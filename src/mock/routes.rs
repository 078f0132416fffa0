//! Which operation a request is for.

use std::collections::BTreeSet;

use crate::model::Operation;
use crate::model::endpoint;
use crate::model::route::{Match, Router, Template};

/// Every operation by its path, with and without the path of its documented servers.
#[derive(Clone, Debug, Default)]
pub(super) struct Routes {
    router: Router<usize>,
    /// The operations by the hosts of their servers, each host as a path of one segment.
    hosts: Router<usize>,
    entries: Vec<Entry>,
}

#[derive(Clone, Debug)]
struct Entry {
    method: String,
    path: String,
}

/// What a request leads to.
#[derive(Debug)]
pub(super) enum Lookup {
    /// An operation, and the values of its path parameters.
    Operation {
        index: usize,
        captured: Vec<(String, String)>,
    },
    /// Operations of the same path with other methods; the first one is the most specific.
    OtherMethods { index: usize },
    /// Nothing.
    Unknown,
}

impl Routes {
    pub(super) fn new(operations: &[Operation]) -> Self {
        let mut routes = Self::default();
        for (index, operation) in operations.iter().enumerate() {
            for path in paths(operation) {
                routes.router.insert(Template::parse(&path), index);
            }
            for host in hosts(operation) {
                routes.hosts.insert(Template::parse(&host), index);
            }
            routes.entries.push(Entry {
                method: operation.endpoint.value.method.clone(),
                path: operation.joined_path(),
            });
        }
        routes
    }

    /// The operation for a method and path; an operation documented for `host` comes before others.
    pub(super) fn find(&self, method: &str, path: &str, host: Option<&str>) -> Lookup {
        let mut found = self.router.find(path);
        if let Some(host) = host.filter(|_| found.len() > 1) {
            let here = self.hosts.find(&format!("/{}", host.to_ascii_lowercase()));
            found.sort_by_key(|found| !here.iter().any(|here| here.value == found.value));
        }
        let methods: &[&str] = match method {
            "HEAD" => &["HEAD", "GET"],
            _ => &[method],
        };
        for method in methods {
            let has_method = |found: &&Match<'_, usize>| {
                let entry = self.entries.get(*found.value);
                entry.is_some_and(|entry| entry.method == *method)
            };
            if let Some(found) = found.iter().find(has_method) {
                let captured = found.parameters.iter();
                return Lookup::Operation {
                    index: *found.value,
                    captured: captured
                        .map(|(name, value)| ((*name).to_owned(), value.clone()))
                        .collect(),
                };
            }
        }
        match found.first() {
            Some(first) => Lookup::OtherMethods {
                index: *first.value,
            },
            None => Lookup::Unknown,
        }
    }

    /// The methods that are answered at a path, as `Allow` names them.
    pub(super) fn allow(&self, path: &str) -> String {
        let found = self.router.find(path);
        let mut methods: Vec<&str> = found
            .iter()
            .filter_map(|found| self.entries.get(*found.value))
            .map(|entry| entry.method.as_str())
            .collect();
        if methods.contains(&"GET") {
            methods.push("HEAD");
        }
        methods.push("OPTIONS");
        methods.sort_by_key(|method| METHODS.iter().position(|known| known == method));
        methods.dedup();
        methods.join(", ")
    }

    /// The operations whose method and path look most like those of a request, the nearest first.
    pub(super) fn nearest(&self, method: &str, path: &str) -> Vec<usize> {
        let path: String = path.chars().take(LONGEST_COMPARED).collect();
        let mut ranked: Vec<_> = self
            .entries
            .iter()
            .enumerate()
            .map(|(index, entry)| (entry.distance(method, &path), index))
            .collect();
        ranked.sort_unstable();
        ranked.truncate(3);
        ranked.into_iter().map(|(_, index)| index).collect()
    }
}

/// The order in which methods are listed.
const METHODS: [&str; 9] = [
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "QUERY", "TRACE", "OPTIONS",
];

/// Longer paths are cut before they are compared: the comparison takes time with the square of the length.
const LONGEST_COMPARED: usize = 200;

impl Entry {
    /// How far a request is from the operation, in thousandths; parameters are filled with what stands in their place.
    fn distance(&self, method: &str, path: &str) -> u32 {
        let given: Vec<_> = segments(path).collect();
        let filled = segments(&self.path).enumerate().map(|(index, segment)| {
            let is_parameter = segment.contains('{') || segment.starts_with(':');
            given
                .get(index)
                .filter(|_| is_parameter)
                .map_or(segment, |given| *given)
        });
        let filled: Vec<_> = filled.collect();
        let (one, other) = (filled.join("/"), given.join("/"));
        let ratio = similar::TextDiff::from_chars(one.as_str(), other.as_str()).ratio();
        let other_method = if self.method == method { 0 } else { 50 };
        #[expect(clippy::cast_sign_loss, reason = "a ratio lies between 0 and 1")]
        let thousandths = (1000.0 * (1.0 - ratio)) as u32;
        thousandths + other_method
    }
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty())
}

/// The paths at which an operation answers: below each documented server, and on its own.
fn paths(operation: &Operation) -> BTreeSet<String> {
    let path = &operation.endpoint.value.path;
    let below = operation.servers.iter().map(|server| {
        let base = endpoint::split_server(&server.value).1;
        format!("{}{path}", base.trim_end_matches('/'))
    });
    below.chain([path.clone()]).collect()
}

/// The hosts of the documented servers, as paths of one segment; their variables match any text.
fn hosts(operation: &Operation) -> Vec<String> {
    operation
        .servers
        .iter()
        .filter_map(|server| endpoint::split_server(&server.value).0)
        .filter_map(|server| {
            let (_, authority) = server.split_once("://")?;
            let host = authority.split(':').next().unwrap_or_default();
            Some(format!("/{host}"))
        })
        .collect()
}
