//! Requests with many rows, of which one is wrong: an answer that tells of each row is to tell of that one.

use serde_json::Value;

use crate::conform::message::Answer;
use crate::conform::plan::Variant;
use crate::conform::plan::input::{Input, Step};
use crate::diagnostic::Diagnostic;

use super::items::{self, Fate};
use super::{Case, Seen, blame};

/// True if a success does not say that it took the row whose value is wrong: where an answer tells one by one what became
/// of many things, one of them is no reason to refuse the request.
pub(super) fn is_told_of_row(case: &Case<'_>, body: Option<&Value>) -> bool {
    let (Variant::Missing(input) | Variant::Invalid(input, ..)) = &case.item.variant else {
        return false;
    };
    items::is_of_row(case.operation, input)
        && !matches!(fate_of_first(case, input, body), Some(Fate::Taken(_)))
}

/// What an answer says of the first row, which is the one that variants change.
fn fate_of_first(case: &Case<'_>, input: &Input, body: Option<&Value>) -> Option<Fate> {
    let Some(Step::Member(rows)) = input.steps.first() else {
        return None;
    };
    let sent = case.item.draft.json()?.get(rows)?.as_array()?;
    items::fates(body?, sent).into_iter().next().flatten()
}

/// The finding for a row that is not taken for another reason than the page gives.
pub(super) fn other_reason(case: &Case<'_>, answer: &Answer, body: &Value) -> Option<Diagnostic> {
    let (Variant::Missing(input) | Variant::Invalid(input, ..)) = &case.item.variant else {
        return None;
    };
    let expected = items::expected_reason(case.operation, &case.item.variant)?;
    let Some(Fate::Rejected(told)) = fate_of_first(case, input, Some(body)) else {
        return None;
    };
    // Words for people are no code.
    let is_other = told
        .as_ref()
        .is_some_and(|told| *told != expected.value.code && !told.contains(' '));
    let message = format!(
        "{} {} is answered with another reason for the row than the page gives",
        case.operation.name(),
        case.item.variant.clause()
    );
    let seen = Seen {
        expected: expected.value.code.clone(),
        observed: told.unwrap_or_else(|| answer.status_line()),
        ..Seen::default()
    };
    is_other.then(|| {
        let finding = case.finding(&blame::WRONG_BLAME, expected.evidence.span, &message, seen);
        finding.subject(input.subject()).label("documented here")
    })
}
