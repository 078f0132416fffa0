//! Which operations are kept, and why others are not.

use super::State;
use crate::mock::Mock;

/// Whether a mock that remembers keeps what an operation does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keeping {
    /// Why it does not; none if it does.
    pub reason: Option<String>,
    /// True if the operation changes something.
    pub is_change: bool,
}

const UNKNOWN: &str = "it is no operation of things that have ids";

impl Mock {
    /// What a mock that remembers keeps, for each operation in the order of [`Mock::routes`].
    pub fn keeping(&self) -> Vec<Keeping> {
        let state = State::new(self);
        let collections = &state.collections;
        let operations = self.operations.iter().enumerate();
        let keeping = operations.map(|(index, served)| {
            let method = served.operation.endpoint.value.method.as_str();
            let reason = collections
                .refused
                .get(&index)
                .map_or(UNKNOWN, String::as_str);
            let is_kept =
                collections.uses.contains_key(&index) || collections.links.contains_key(&index);
            Keeping {
                reason: (!is_kept).then(|| reason.to_owned()),
                is_change: !matches!(method, "GET" | "HEAD" | "OPTIONS"),
            }
        });
        keeping.collect()
    }
}
