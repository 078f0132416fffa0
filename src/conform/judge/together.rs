//! Causes that all answers share: one finding in the place of many.

use crate::conform::message::{Answer, describe_status};
use crate::diagnostic::{Diagnostic, Rule, Severity};

use super::{Case, Seen};

/// Nobody is let in.
static REJECTED_CREDENTIALS: Rule = Rule {
    name: "rejected-credentials",
    severity: Severity::Error,
    summary: "the server lets none of the documented requests in",
};

/// Nothing is there.
static MISSING_API: Rule = Rule {
    name: "missing-api",
    severity: Severity::Error,
    summary: "the server has none of the documented operations",
};

/// Everything is somewhere else.
static REDIRECTED_API: Rule = Rule {
    name: "redirected-api",
    severity: Severity::Error,
    summary: "the server sends all documented requests to other URLs",
};

/// The rules of this file.
pub(super) static RULES: &[&Rule] = &[&REJECTED_CREDENTIALS, &MISSING_API, &REDIRECTED_API];

/// A request that was answered.
#[derive(Clone, Copy, Debug)]
pub struct Answered<'a> {
    /// The request.
    pub case: Case<'a>,
    /// The answer.
    pub answer: &'a Answer,
}

/// One finding in the place of all, if all answers are refused for one cause.
pub fn shared(judged: &[Answered<'_>]) -> Option<Diagnostic> {
    let [first, _, ..] = judged else {
        return None;
    };
    let code = first.answer.status;
    let is_shared = judged.iter().all(|it| it.answer.status == code);
    if !is_shared {
        return None;
    }
    let base = crate::conform::target::base_path(first.case.operation);
    let location = first.answer.header("location").unwrap_or_default();
    let (rule, cause, help) = match code {
        401 | 403 => (
            &REJECTED_CREDENTIALS,
            "the credentials are missing or wrong",
            "give them with -H 'Name: value', or bind the documented placeholder with --var NAME=VALUE".to_owned(),
        ),
        404 => (
            &MISSING_API,
            "the base URL is wrong, or another server is running there",
            base_help(base),
        ),
        301 | 302 | 307 | 308 => (
            &REDIRECTED_API,
            "the base URL is not the one that the server wants",
            format!("the first one is sent to {location}: test the server there"),
        ),
        _ => return None,
    };
    let status = describe_status(code);
    let count = judged.len();
    let message = format!("all {count} requests are answered with {status}: {cause}");
    let span = match first.case.operation.auth.schemes.first() {
        Some(scheme) if matches!(code, 401 | 403) => scheme.evidence.span,
        _ => first.case.endpoint(),
    };
    let seen = Seen {
        expected: "documented successes".to_owned(),
        observed: format!("{status}, {count} times"),
        ..Seen::default()
    };
    let mut diagnostic = first.case.finding(rule, span, &message, seen);
    diagnostic.help = Some(first.case.secrets.hide(&help));
    Some(diagnostic)
}

/// Where the base path of the documented server goes is what people get wrong.
fn base_help(base: &str) -> String {
    if base.is_empty() {
        return "check the host and port of --url".to_owned();
    }
    format!(
        "without a path in --url, requests keep the documented base path `{base}`; with one, even `/` alone, it stands in the place of `{base}`"
    )
}
