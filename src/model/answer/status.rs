//! Which successes are documented.

use crate::diagnostic::{Rule, Severity};
use crate::model::{Operation, Origin, Status, describe_status};
use crate::source::Span;

/// The server failed.
pub static SERVER_ERROR: Rule = Rule {
    name: "server-error",
    severity: Severity::Error,
    summary: "the server answers the documented request with an error of its own that is not documented",
};

/// Another status than a documented one.
pub static UNDOCUMENTED_STATUS: Rule = Rule {
    name: "undocumented-status",
    severity: Severity::Error,
    summary: "the server answers the documented request with a status that is not documented",
};

/// Not there.
pub static UNIMPLEMENTED_OPERATION: Rule = Rule {
    name: "unimplemented-operation",
    severity: Severity::Error,
    summary: "the server knows no such path, or no such method on it",
};

/// What the pages promise of the status.
#[derive(Clone, Debug)]
pub struct Success {
    /// The stated numbers; none if any success will do.
    pub codes: Vec<u16>,
    /// Where the first of them is stated.
    pub span: Option<Span>,
    /// True if prose is all that states it.
    pub is_weak: bool,
}

impl Success {
    /// What an operation documents.
    pub fn of(operation: &Operation) -> Self {
        let responses = operation.responses.iter();
        let successes: Vec<_> = responses.filter(|it| it.status.is_success()).collect();
        let facts: Vec<_> = successes
            .iter()
            .filter_map(|response| match &response.status {
                Status::Code(code) => Some(code),
                Status::Success | Status::Error => None,
            })
            .collect();
        let is_any = facts.len() < successes.len();
        let codes = facts.iter().map(|fact| fact.value);
        Self {
            codes: if is_any { Vec::new() } else { codes.collect() },
            span: facts.first().map(|fact| fact.evidence.span),
            is_weak: facts
                .iter()
                .all(|fact| fact.evidence.origin <= Origin::Prose),
        }
    }

    /// True for a success that is documented.
    pub fn covers(&self, code: u16) -> bool {
        (200..300).contains(&code) && (self.codes.is_empty() || self.codes.contains(&code))
    }

    /// In words: `200 OK or 201 Created`.
    pub fn describe(&self) -> String {
        let mut codes: Vec<_> = self
            .codes
            .iter()
            .map(|code| describe_status(*code))
            .collect();
        codes.dedup();
        if codes.is_empty() {
            return "a success".to_owned();
        }
        codes.join(" or ")
    }
}
