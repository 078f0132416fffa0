//! What a mock keeps: it says so with each answer, and some of its operations may keep nothing.

use std::collections::HashSet;

use crate::conform::chain::Kind;
use crate::conform::message::Answer;

use super::Session;

/// What was seen of a mock.
#[derive(Debug, Default)]
pub(super) struct Keeping {
    /// True if something answered that is kept.
    is_seen: bool,
    /// The kinds of things of which some operation is answered and not kept.
    forgotten: HashSet<String>,
}

impl Session<'_, '_> {
    /// Takes note of what an answer of a mock says of its operation.
    pub(super) fn note_keeping(&mut self, operation: usize, answer: &Answer) {
        if answer.header("mock-source").is_none() {
            return;
        }
        self.is_mock = true;
        if answer.header("mock-state").is_some() {
            self.keeping.is_seen = true;
        } else if (200..300).contains(&answer.status) {
            self.forget(operation);
        }
        self.is_forgetful = !self.keeping.is_seen;
    }

    fn forget(&mut self, operation: usize) {
        let Some(role) = self.role(operation) else {
            return;
        };
        // What only looks may be computed of anything.
        if !matches!(role.kind, Kind::Look | Kind::Other) {
            self.keeping.forgotten.insert(role.noun.clone());
        }
    }

    /// True if it is a mock that does not keep what an operation is about.
    pub(super) fn forgets(&self, operation: usize) -> bool {
        let noun = self.role(operation).map(|role| role.noun.as_str());
        self.is_forgetful || noun.is_some_and(|noun| self.forgets_all(noun))
    }

    /// True if it is a mock that does not keep all that is done with things of a kind.
    pub(super) fn forgets_all(&self, noun: &str) -> bool {
        self.keeping.forgotten.contains(noun)
    }

    /// True if what an exchange shows is no more than what the pages show.
    pub(super) fn is_unkept(&self, at: usize) -> bool {
        let exchange = self.exchanges.get(at);
        let Some(Ok(answer)) = exchange.map(|it| &it.answer) else {
            return false;
        };
        answer.header("mock-source").is_some()
            && answer.header("mock-state").is_none()
            && (200..300).contains(&answer.status)
    }
}
