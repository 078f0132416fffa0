//! Members that the page says are computed from others of the same answer: "`quantity` times `unit_price`", "sum of the
//! amounts of all lines", "number of words in `body`".
//!
//! `model::formula` reads the words and puts the members in.

use serde_json::Value;

use crate::conform::message::Answer;
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::answer::subject;
use crate::model::{Field, Response, formula};
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
    tell(
        case,
        answer,
        of(&response.fields, value),
        "computed here",
        into,
    );
}

/// The members that are something else than what their fields compute.
fn of(fields: &[Field], value: &Value) -> Vec<Wrong> {
    let mut wrong: Vec<Wrong> = Vec::new();
    documented::each(fields, value, DEPTH, &mut |member| {
        let Documented { field, path, .. } = member;
        let formula = formula::read(field, member.beside);
        let differing = formula
            .zip(member.around.last())
            .and_then(|(formula, object)| formula::differs(&formula, field, object, member.value));
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
            });
        }
    });
    wrong
}

/// A member that is something else than what the page promises of it.
pub(super) struct Wrong {
    /// Where the page promises it.
    pub(super) span: Span,
    pub(super) path: String,
    pub(super) message: String,
    pub(super) expected: String,
    pub(super) observed: String,
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
        into.push(finding.subject(about).label(label));
    }
}

#[cfg(test)]
mod tests;
