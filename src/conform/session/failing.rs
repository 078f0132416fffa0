//! Answers of a server that fails, to requests that nothing else judges: whatever it is asked, a `500` that its page does
//! not document is a fault.

use std::collections::HashSet;

use crate::conform::judge::state::Found;
use crate::conform::message::describe_status;
use crate::conform::plan::Variant;
use crate::model::Operation;
use crate::model::answer::SERVER_ERROR;

use super::{Exchange, Session};

/// The status of a server that did not expect what happened. Others of its kind tell of what is behind it, or of its load.
const FAILED: u16 = 500;

impl Session<'_, '_> {
    /// Reports one failure of each operation of which none is known yet.
    pub(super) fn check_failing(&mut self) {
        if self.is_mock {
            return;
        }
        let mut told: HashSet<String> = HashSet::new();
        for diagnostic in &self.diagnostics {
            let observation = diagnostic.observation.as_ref();
            let observed = observation.and_then(|it| it.observed.as_deref());
            let is_failure = observed.is_some_and(|it| it.contains(&FAILED.to_string()));
            if is_failure || diagnostic.rule.name == SERVER_ERROR.name {
                told.extend(diagnostic.operation.clone());
            }
        }
        let failed = self.exchanges.iter().enumerate();
        let failed = failed.filter(|(_, it)| it.status() == Some(FAILED));
        let failed: Vec<usize> = failed.map(|(at, _)| at).collect();
        for at in failed {
            let Some((index, operation, role)) = self.about(at) else {
                continue;
            };
            let mut responses = operation.responses.iter();
            let is_documented = responses.any(|it| it.status.code() == Some(FAILED));
            if is_documented || !told.insert(operation.name()) {
                continue;
            }
            let exchange = self.exchanges.get(at);
            let words = exchange.map(|it| words(it, operation)).unwrap_or_default();
            let line = describe_status(FAILED);
            let message = format!(
                "the server fails: {}{words} is answered with {line}",
                operation.name()
            );
            let noun = role.noun.clone();
            let found =
                Found::about(&SERVER_ERROR, "endpoint", message).seen("an answer of the API", line);
            self.found(at, &noun, &format!("{index} failing"), found);
        }
    }
}

/// How the request differs from the documented one.
fn words(exchange: &Exchange, operation: &Operation) -> String {
    match &exchange.item.variant {
        Variant::Example | Variant::Step(_) => String::new(),
        _ if exchange.item.draft.is_bodiless() && operation.body.is_some() => {
            " without a body".to_owned()
        }
        variant => format!(" {}", variant.clause()),
    }
}
