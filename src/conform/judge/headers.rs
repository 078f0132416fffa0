//! The documented headers of an answer, which `model::answer` compares.

use crate::conform::message::Answer;
use crate::diagnostic::{Diagnostic, Rule};
use crate::model::answer::{self, HEADER_RULES};

use super::Case;

/// The rules of this file.
pub(super) static RULES: &[&Rule] = HEADER_RULES;

/// Judges the documented headers of an answer.
pub(super) fn check(case: &Case<'_>, answer: &Answer, into: &mut Vec<Diagnostic>) {
    // A mock makes bodies, and no headers.
    if answer.header("mock-source").is_some() {
        return;
    }
    let differences = answer::headers(case.operation, &answer.received(false));
    into.extend(
        differences
            .iter()
            .map(|it| case.different(it, &it.message, None)),
    );
}
