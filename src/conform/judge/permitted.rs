//! Requests with other credentials than those of the run, which the pages say may not do this. Pure.

use serde_json::Value;

use crate::conform::message::{Answer, describe_status};
use crate::conform::said::coded;
use crate::conform::said::permitted::Refusal;
use crate::diagnostic::{Diagnostic, Severity};

use super::refusal::{CREDENTIALS_NOT_ENFORCED, UNEXPECTED_REFUSAL};
use super::{Case, Seen, about};

/// Judges the answer; true if the body is worth a look.
pub(super) fn check(
    case: &Case<'_>,
    refusal: &Refusal,
    (answer, body): (&Answer, Option<&Value>),
    into: &mut Vec<Diagnostic>,
) -> bool {
    let expected = describe_status(refusal.status);
    let name = case.operation.name();
    let words = case.item.variant.clause();
    let line = answer.status_line();
    let told = body.and_then(coded::code_of);
    let (rule, message, severity) = match answer.status {
        429 => return false,
        200..300 => (
            &CREDENTIALS_NOT_ENFORCED,
            format!("{name} {words} is answered with {line}"),
            Severity::Error,
        ),
        code if code != refusal.status => (
            &UNEXPECTED_REFUSAL,
            format!("{name} {words} is answered with {line} in place of {expected}"),
            // What is wrong with the request beside may be seen first.
            match code {
                401 | 403 => Severity::Error,
                _ => Severity::Warning,
            },
        ),
        _ => match (&refusal.code, told) {
            (Some(wanted), Some(told)) if wanted != told => (
                &UNEXPECTED_REFUSAL,
                format!(
                    "{name} {words} is answered with the code `{told}`, and the page has `{wanted}` for it"
                ),
                Severity::Error,
            ),
            _ => return true,
        },
    };
    let seen = Seen {
        expected,
        observed: super::status::observed(answer),
        ..Seen::default()
    };
    let finding = case
        .finding(rule, refusal.evidence.span, &message, seen)
        .subject(about::subject(case))
        .label("documented here")
        .severity(severity);
    into.push(finding);
    false
}
