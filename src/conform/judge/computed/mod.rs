//! Members that the page says are computed from others of the same answer: "`quantity` times `unit_price`", "sum of the
//! amounts of all lines", "number of words in `body`".
//!
//! `model::formula` reads the words and puts the members in.

use serde_json::Value;

use crate::conform::message::Answer;
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::answer::subject;
use crate::model::formula::{self, Formula};
use crate::model::json::Json;
use crate::model::{Example, Field, Response};
use crate::source::Span;

use super::documented::{self, Documented};
use super::{Case, Seen};

/// A total that is none.
pub(crate) static WRONG_COMPUTATION: Rule = Rule {
    name: "wrong-computation",
    severity: Severity::Warning,
    summary: "a member is not what the page says that it is computed from",
};

/// The rules of this file.
pub(super) static RULES: &[&Rule] = &[&WRONG_COMPUTATION];

/// Members nested deeper are not looked at.
const DEPTH: usize = 8;

/// Adds a finding for each member that is not what its description computes.
pub(super) fn check(
    case: &Case<'_>,
    answer: &Answer,
    response: &Response,
    value: &Value,
    into: &mut Vec<Diagnostic>,
) {
    let mut wrong = of(&response.fields, value, &mut Vec::new());
    bear_out(&mut wrong, response, |shown, held| {
        of(&response.fields, shown, held)
    });
    tell(case, answer, wrong, "computed here", into);
}

/// Makes sure of what is wrong with members that each example of the answer shows as the page says: sentence and example agree.
///
/// `look` tells what is wrong with an example, and which of its members are as the page says.
pub(super) fn bear_out(
    wrong: &mut [Wrong],
    response: &Response,
    look: impl Fn(&Value, &mut Vec<String>) -> Vec<Wrong>,
) {
    if wrong.is_empty() {
        return;
    }
    let examples = response.examples.iter().filter_map(Example::value);
    let (mut held, mut broken) = (Vec::new(), Vec::new());
    for shown in examples.map(Json::to_value) {
        broken.extend(look(&shown, &mut held).into_iter().map(|it| it.path));
    }
    for it in wrong {
        it.is_sure = held.contains(&it.path) && !broken.contains(&it.path);
    }
}

/// The members that are something else than what their fields compute; `held` gets those that are what arithmetic gives.
fn of(fields: &[Field], value: &Value, held: &mut Vec<String>) -> Vec<Wrong> {
    let mut wrong: Vec<Wrong> = Vec::new();
    documented::each(fields, value, DEPTH, &mut |member| {
        let Documented { field, path, .. } = member;
        let Some((formula, object)) = formula::read(field, member.beside).zip(member.around.last())
        else {
            return;
        };
        let differing = formula::differs(&formula, field, object, member.value);
        let is_telling = is_arithmetic(&formula) && member.value.as_f64() != Some(0.0);
        let is_computed = || formula::given(&formula, object, member.value).is_some();
        if differing.is_none() && is_telling && is_computed() {
            held.push((*path).to_owned());
        }
        if let Some((expected, observed)) = differing
            && !wrong.iter().any(|it| it.path == *path)
        {
            let text = super::start_of(field.description.trim(), 60);
            wrong.push(Wrong {
                span: field.open,
                message: format!("`{path}` is not what the page computes: {text}"),
                path: (*path).to_owned(),
                expected,
                observed,
                is_sure: false,
            });
        }
    });
    wrong
}

/// True for what gives one number: how words are told apart is the server's own business.
fn is_arithmetic(formula: &Formula) -> bool {
    matches!(
        formula,
        Formula::Expression(_) | Formula::Sum { .. } | Formula::Share { .. }
    )
}

/// A member that is something else than what the page promises of it.
pub(super) struct Wrong {
    /// Where the page promises it.
    pub(super) span: Span,
    pub(super) path: String,
    pub(super) message: String,
    pub(super) expected: String,
    pub(super) observed: String,
    /// True if another part of the page agrees.
    pub(super) is_sure: bool,
}

/// Adds a finding for each, unless there is one about that member already.
pub(super) fn tell(
    case: &Case<'_>,
    answer: &Answer,
    wrong: Vec<Wrong>,
    label: &str,
    into: &mut Vec<Diagnostic>,
) {
    for it in wrong {
        let about = subject(answer.status, &it.path);
        let mut known = into.iter();
        if known.any(|known| known.subject.as_deref() == Some(about.as_str())) {
            continue;
        }
        let seen = Seen {
            path: Some(it.path),
            expected: it.expected,
            observed: it.observed,
            ..Seen::default()
        };
        let finding = case.finding(&WRONG_COMPUTATION, it.span, &it.message, seen);
        let finding = finding.subject(about).label(label);
        into.push(if it.is_sure {
            finding.severity(Severity::Error)
        } else {
            finding
        });
    }
}

#[cfg(test)]
mod tests;
