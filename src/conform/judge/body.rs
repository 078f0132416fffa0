//! Is there a body, and is it what is documented? `model::answer` compares.

use crate::conform::message::Answer;
use crate::diagnostic::{Diagnostic, Rule};
use crate::model::answer::{self, BODY_RULES};

use super::{Case, members};

/// The rules of this file.
pub(super) static RULES: &[&Rule] = BODY_RULES;

/// Judges the body; true if it was compared with what is documented.
pub(super) fn check(case: &Case<'_>, answer: &Answer, into: &mut Vec<Diagnostic>) -> bool {
    if is_of_mock(answer) {
        return false;
    }
    let is_head = case.item.request.method == "HEAD";
    let compared = answer::body(case.operation, &answer.received(is_head));
    members::say(case, answer, &compared, into);
    compared.value.is_some()
}

/// True for the problem details that a mock answers in its own words, where the page shows no error to send.
fn is_of_mock(answer: &Answer) -> bool {
    let stated = answer.header("content-type").unwrap_or_default();
    let stated = stated.split(';').next().unwrap_or_default().trim();
    let is_own = ["mock-reason", "mock-violations"]
        .iter()
        .any(|name| answer.header(name).is_some());
    is_own && stated.eq_ignore_ascii_case("application/problem+json")
}
