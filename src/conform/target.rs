//! The server under test, as `--url` names it.
//!
//! Without a path, the target stands where the documented scheme and host stand, and documented paths are kept whole.
//! With a path, and `/` alone is one, it stands where the documented server stands, base path included.

use crate::model::Operation;
use crate::model::endpoint;

pub use crate::network::{Target, TargetError};

impl Target {
    /// The URL of a path of an operation, its parameters already filled.
    ///
    /// `path` begins below the documented server, or below its host if the endpoint is an absolute URL; `bases` are the
    /// base paths that other pages document for that host, as pages that spell out the whole URL stand beside pages that
    /// leave the base to the configuration.
    pub fn url(&self, operation: &Operation, path: &str, bases: &[String]) -> String {
        let base = base_path(operation);
        let Some(own) = &self.path else {
            return format!("{}{base}{path}", self.origin);
        };
        let is_absolute = operation.endpoint.value.server.is_some();
        let rest = bases
            .iter()
            .filter(|_| is_absolute)
            .filter_map(|base| path.strip_prefix(base.as_str()))
            .find(|rest| rest.is_empty() || rest.starts_with('/'))
            .unwrap_or(path);
        format!("{}{own}{rest}", self.origin)
    }
}

/// The path of the documented server, without a slash at its end; empty for absolute endpoints.
pub(super) fn base_path(operation: &Operation) -> &str {
    operation
        .servers
        .first()
        .map_or("", |server| endpoint::split_server(&server.value).1)
        .trim_end_matches('/')
}

/// The base paths that the operations document for the host of this one, the longest first.
pub(super) fn bases(operation: &Operation, operations: &[Operation]) -> Vec<String> {
    let host = |operation: &Operation| {
        let server = operation.servers.first()?;
        endpoint::split_server(&server.value).0
    };
    let own = host(operation);
    let mut bases: Vec<_> = operations
        .iter()
        .filter(|other| host(other) == own)
        .map(|other| base_path(other).to_owned())
        .filter(|base| !base.is_empty())
        .collect();
    bases.sort_by_key(|base| (std::cmp::Reverse(base.len()), base.clone()));
    bases.dedup();
    bases
}
