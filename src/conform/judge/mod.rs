//! An answer beside what the pages promise: pure, and one finding for one cause.
//!
//! `status` decides whether the answer is the documented success, `body` whether there is a body that can be compared,
//! and `members` compares it. `together` finds causes that all answers share.

mod about;
pub(crate) mod blame;
mod body;
mod callers;
mod causes;
pub(crate) mod computed;
mod conditions;
pub(crate) mod difference;
mod documented;
pub(crate) mod doubt;
pub mod echo;
mod echoes;
pub mod effect;
mod expanded;
mod fold;
mod headers;
pub(in crate::conform) mod items;
mod lasting;
mod later;
pub mod list;
mod locked;
mod members;
pub(crate) mod moment;
mod named;
mod permitted;
mod plain;
mod ranked;
pub(crate) mod refusal;
mod renamed;
pub(crate) mod rows;
pub(crate) mod standing;
pub(crate) mod state;
mod status;
mod three;
mod times;
mod together;
mod told;
mod unset;

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Observation, Odd, Part, Rule, Tried};
use crate::model::Operation;
use crate::model::answer::Difference;
pub(super) use crate::model::answer::start_of;
use crate::model::json::Json;
use crate::source::Span;

use super::bindings::Secrets;
use super::message::{Answer, Unanswered};
use super::plan::{Item, Variant};
use super::repeat;

pub use fold::{fold, without_echoes};
pub(crate) use status::{documents_failure, words_about};
pub use together::{Answered, answered, cause, is_web_page, shared};
pub use unset::Unset;
pub(super) use unset::optional;

/// Every rule of this layer.
pub fn rules() -> Vec<&'static Rule> {
    let lists = [
        status::RULES,
        body::RULES,
        headers::RULES,
        members::RULES,
        computed::RULES,
        refusal::RULES,
        blame::RULES,
        state::RULES,
        together::RULES,
    ];
    lists.into_iter().flatten().copied().collect()
}

/// A request and what documents it.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// What is documented.
    pub operation: &'a Operation,
    /// What was sent.
    pub item: &'a Item,
    /// What no output may show.
    pub secrets: &'a Secrets,
    /// True if the pages write `null` into the types of the members that may be it.
    pub marks_null: bool,
    /// The members that the things of the answer may lack, if anything is known of how they were made.
    pub unset: Option<&'a Unset>,
}

/// What came of comparing one answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Verdict {
    /// What is wrong.
    pub diagnostics: Vec<Diagnostic>,
    /// True if the body was compared with what is documented.
    pub is_body_judged: bool,
}

/// Compares an answer with what is documented.
pub fn judge(case: &Case<'_>, answer: &Answer) -> Verdict {
    let mut verdict = Verdict::default();
    let is_worth_a_look = if case.item.variant.is_refused() {
        let body = json_of(answer);
        refusal::check(case, answer, body.as_ref(), &mut verdict.diagnostics)
    } else {
        let is_success = status::check(case, answer, &mut verdict.diagnostics);
        status::check_words(case, answer, &mut verdict.diagnostics);
        is_success
    };
    headers::check(case, answer, &mut verdict.diagnostics);
    // What says of itself that it is an error has no members of a success.
    let is_failure = (200..300).contains(&answer.status)
        && is_failure(Some(case.operation), json_of(answer).as_ref())
        && (!matches!(case.item.variant, Variant::Example)
            || status::documents_failure(case.operation));
    if is_worth_a_look && !is_failure {
        verdict.is_body_judged = body::check(case, answer, &mut verdict.diagnostics);
    }
    verdict
}

/// What is wrong with the body of a refusal that was to be expected.
pub(crate) fn body_of_refusal(case: &Case<'_>, answer: &Answer) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    body::check(case, answer, &mut found);
    found
}

/// What is wrong with the body and the headers of the refusal of what no page documents.
pub(crate) fn refusal_of_route(case: &Case<'_>, answer: &Answer) -> Vec<Diagnostic> {
    let mut found = body_of_refusal(case, answer);
    headers::check(case, answer, &mut found);
    found
}

/// The body as a plain value, if it is JSON.
pub(super) fn json_of(answer: &Answer) -> Option<Value> {
    let body = answer.body.strip_prefix("\u{feff}".as_bytes());
    serde_json::from_slice(body.unwrap_or(&answer.body)).ok()
}

/// True if a body says of itself that the request failed, as some servers do with every status.
pub(super) fn says_failure(body: Option<&Value>) -> bool {
    let Some(members) = body.and_then(Value::as_object) else {
        return false;
    };
    members
        .iter()
        .any(|(name, value)| match name.to_ascii_lowercase().as_str() {
            "success" | "ok" => *value == Value::Bool(false) || value.as_i64() == Some(0),
            "error" | "errors" => match value {
                Value::Null | Value::Bool(false) => false,
                Value::Array(items) => !items.is_empty(),
                Value::Object(members) => !members.is_empty(),
                Value::String(text) => !text.is_empty(),
                _ => true,
            },
            "status" | "result" => value.as_str().is_some_and(|text| {
                matches!(
                    text.to_ascii_lowercase().as_str(),
                    "error" | "fail" | "failure"
                )
            }),
            _ => false,
        })
}

/// True if a body says that the request failed: in words, or with another code than every documented success shows.
pub(super) fn is_failure(operation: Option<&Operation>, body: Option<&Value>) -> bool {
    // What became of each of many things is no answer to the whole: `{"errors": [{"index": 1, …}]}`.
    if operation.is_some_and(|it| items::told_one_by_one(it).is_some()) {
        return false;
    }
    says_failure(body)
        || operation
            .zip(body)
            .is_some_and(|(operation, body)| has_other_code(operation, body))
}

/// True if a body has another code than every documented success shows.
pub(super) fn has_other_code(operation: &Operation, body: &Value) -> bool {
    const CODES: &[&str] = &["code", "errcode", "errorcode", "retcode", "statuscode"];
    let members = body.as_object().into_iter().flatten();
    let mut codes = members.filter(|(name, value)| {
        let name = super::bindings::letters(name);
        CODES.contains(&name.as_str()) && (value.is_number() || value.is_string())
    });
    codes.any(|(name, value)| {
        code_of_success(operation, name).is_some_and(|code| sample_of(&code) != sample_of(value))
    })
}

/// The code that all examples of successes have which do not show a failure, if it is that of a success.
fn code_of_success(operation: &Operation, name: &str) -> Option<Value> {
    let mut shown = operation.shown_successes().map(Json::to_value);
    let first = shown.next()?;
    let code = first.get(name)?.clone();
    let number = code
        .as_u64()
        .or_else(|| code.as_str()?.parse().ok().filter(|it| *it == 0));
    let is_success = number.is_some_and(|it| it == 0 || (200..300).contains(&it));
    let is_same = |it: Value| it.get(name) == Some(&code) || lacks_result(&first, &it);
    (is_success && shown.all(is_same)).then_some(code)
}

/// True if an example has nothing in the place of what another one shows as the result: `"data": null`.
fn lacks_result(success: &Value, other: &Value) -> bool {
    let members = success.as_object().into_iter().flatten();
    let mut results = members
        .filter(|(_, value)| value.is_object() || value.is_array())
        .peekable();
    results.peek().is_some()
        && results.all(|(name, _)| match other.get(name) {
            None | Some(Value::Null) => true,
            Some(Value::Object(members)) => members.is_empty(),
            Some(Value::Array(items)) => items.is_empty(),
            Some(_) => false,
        })
}

/// The finding for a request that got no answer.
pub fn unanswered(case: &Case<'_>, reason: &Unanswered) -> Diagnostic {
    let finding = status::unanswered(case, reason);
    match &case.item.variant {
        variant if variant.is_refused() => finding.subject(about::subject(case)),
        Variant::Values(changes) => match changes.as_slice() {
            [(input, _)] => finding.subject(input.subject()),
            _ => finding.subject("request"),
        },
        Variant::Example | Variant::Step(_) => finding,
        _ => finding.subject("request"),
    }
}

/// A value as people write it, cut where it is long.
fn sample_of(value: &Value) -> String {
    start_of(&super::plan::sample::plain(value), 80)
}

/// What was expected and what was seen.
#[derive(Debug, Default)]
struct Seen {
    odd: Option<Odd>,
    path: Option<String>,
    expected: String,
    observed: String,
    diff: Option<String>,
}

impl Case<'_> {
    fn finding(&self, rule: &'static Rule, span: Span, message: &str, seen: Seen) -> Diagnostic {
        let request = &self.item.request;
        let mut diagnostic = Diagnostic::new(rule, span, self.secrets.hide(message))
            .operation(self.operation.name())
            .subject("endpoint");
        diagnostic.observation = Some(Box::new(Observation {
            request: self
                .secrets
                .hide(&format!("{} {}", request.method, request.url)),
            odd: seen.odd,
            path: seen.path.map(|path| self.secrets.hide(&path)),
            expected: Some(self.secrets.hide(&seen.expected)).filter(|text| !text.is_empty()),
            documented: None,
            observed: Some(self.secrets.hide(&seen.observed)).filter(|text| !text.is_empty()),
            diff: seen.diff.map(|diff| self.secrets.hide(&diff)),
            curl: repeat::command(request, self.secrets),
            tried: Tried {
                case: self.secrets.hide(&self.item.variant.describe()),
                part: self.part(rule),
                seed: 0,
            },
        }));
        diagnostic
    }

    /// What shows a finding of this rule again.
    fn part(&self, rule: &Rule) -> Part {
        let is_kept = state::RULES.iter().any(|it| it.name == rule.name);
        if is_kept || matches!(self.item.variant, Variant::Step(_)) {
            Part::State
        } else {
            Part::Answer
        }
    }

    /// The finding for what `model::answer` found, in these words.
    fn different(&self, difference: &Difference, message: &str, odd: Option<Odd>) -> Diagnostic {
        let seen = Seen {
            odd,
            path: difference.path.clone(),
            expected: difference.expected.clone(),
            observed: difference.observed.clone(),
            diff: None,
        };
        self.finding(difference.rule, difference.span, message, seen)
            .subject(difference.subject.clone())
            .severity(difference.severity)
            .label(difference.label.clone())
    }

    /// The line that states the operation.
    fn endpoint(&self) -> Span {
        self.operation.endpoint.evidence.span
    }
}

#[cfg(test)]
mod tests;
