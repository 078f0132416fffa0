//! Causes that all answers share: one finding in the place of many.

use std::collections::BTreeSet;

use crate::conform::bindings::Secrets;
use crate::conform::message::{Answer, describe_status};
use crate::conform::session::Exchange;
use crate::diagnostic::{Diagnostic, Part, Rule, Severity};
use crate::model::{Api, Example, Operation};

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

/// What was answered of what was sent.
pub fn answered<'a>(
    api: &'a Api,
    secrets: &'a Secrets,
    exchanges: &'a [Exchange],
) -> Vec<Answered<'a>> {
    let answered = exchanges.iter().filter_map(|exchange| {
        let case = Case {
            operation: api.operations.get(exchange.item.operation)?,
            item: &exchange.item,
            secrets,
            marks_null: false,
            unset: None,
        };
        let answer = exchange.answer.as_ref().ok()?;
        Some(Answered { case, answer })
    });
    answered.collect()
}

/// What all answers of a server have in common if it is not the documented one, or does not let anybody in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// 401 and 403.
    Credentials,
    /// 404, 405, and 501.
    Missing,
    /// Redirects.
    Redirected,
    /// 5xx.
    Failing,
    /// Pages for people in the place of what is documented.
    WebSite,
}

/// So many failures in a row have one cause; fewer may be failures of their own.
const FAILURES: usize = 3;

/// The cause that all answers share; nothing if there are none.
pub fn cause(judged: &[Answered<'_>]) -> Option<Cause> {
    let first = of(judged.first()?)?;
    let is_enough = first != Cause::Failing || judged.len() >= FAILURES;
    (is_enough && judged.iter().all(|it| of(it) == Some(first))).then_some(first)
}

fn of(answered: &Answered<'_>) -> Option<Cause> {
    match answered.answer.status {
        401 | 403 => Some(Cause::Credentials),
        404 | 405 | 501 => Some(Cause::Missing),
        301 | 302 | 303 | 307 | 308 => Some(Cause::Redirected),
        500.. => Some(Cause::Failing),
        _ => is_web_page(answered.case.operation, answered.answer).then_some(Cause::WebSite),
    }
}

/// True for a page for people, where the docs show none.
pub fn is_web_page(operation: &Operation, answer: &Answer) -> bool {
    let is_html = answer.header("content-type").is_some_and(|it| {
        let essence = it.split(';').next().unwrap_or_default().trim();
        essence.eq_ignore_ascii_case("text/html")
    });
    let examples = operation.responses.iter().flat_map(|it| &it.examples);
    let shows_markup = |example: &Example| example.text.text().trim_start().starts_with('<');
    is_html && super::json_of(answer).is_none() && !examples.into_iter().any(shows_markup)
}

/// One finding in the place of all, if all answers have one cause.
pub fn shared(judged: &[Answered<'_>]) -> Option<Diagnostic> {
    let [first, _, ..] = judged else {
        return None;
    };
    let base = crate::conform::target::base_path(first.case.operation);
    let location = first.answer.header("location").unwrap_or_default();
    let cause = cause(judged)?;
    let (rule, words, help) = match cause {
        Cause::Credentials => (
            &REJECTED_CREDENTIALS,
            "the credentials are missing or wrong",
            "give them with --auth or -H 'Name: value', or bind the documented placeholder with --var NAME=VALUE"
                .to_owned(),
        ),
        Cause::Missing => (
            &MISSING_API,
            "the base URL is wrong, or another server is running there",
            base_help(base),
        ),
        Cause::Redirected => (
            &REDIRECTED_API,
            "the base URL is not the one that the server wants",
            format!("the first one is sent to {location}: test the server there"),
        ),
        Cause::Failing => (
            &crate::model::answer::SERVER_ERROR,
            "the server does not work, or misses something that it needs",
            "look into the log of the server, and test it again when it is well".to_owned(),
        ),
        Cause::WebSite => (
            &MISSING_API,
            "a web site is running there, and not the API",
            base_help(base),
        ),
    };
    let status = statuses(judged, cause);
    let count = judged.len();
    let message = match count {
        1 => format!("the only request is answered with {status}: {words}"),
        _ => format!("all {count} requests are answered with {status}: {words}"),
    };
    let span = match first.case.operation.auth.schemes.first() {
        Some(scheme) if cause == Cause::Credentials => scheme.evidence.span,
        _ => first.case.endpoint(),
    };
    let seen = Seen {
        expected: "documented successes".to_owned(),
        observed: match count {
            1 => format!("{status}, once"),
            _ => format!("{status}, {count} times"),
        },
        ..Seen::default()
    };
    let mut diagnostic = first.case.finding(rule, span, &message, seen);
    diagnostic.help = Some(first.case.secrets.hide(&help));
    if let Some(observation) = &mut diagnostic.observation {
        observation.tried.part = Part::Whole;
    }
    Some(diagnostic)
}

/// `401 Unauthorized or 403 Forbidden`
fn statuses(judged: &[Answered<'_>], cause: Cause) -> String {
    if cause == Cause::WebSite {
        return "a web page (`text/html`)".to_owned();
    }
    let codes: BTreeSet<u16> = judged.iter().map(|it| it.answer.status).collect();
    let lines: Vec<_> = codes.into_iter().map(describe_status).collect();
    lines.join(" or ")
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
