//! Members that the page says are computed from others of the same answer: "`quantity` times `unit_price`", "sum of the
//! amounts of all lines", "number of words in `body`".
//!
//! `formula` reads the words; here the members are put in. What a formula needs and an answer lacks is not judged.

mod formula;

use serde_json::Value;

use crate::conform::message::Answer;
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::answer::subject;
use crate::model::{Field, Response};
use crate::source::Span;

use super::{Case, Seen};
use formula::{Exception, Formula, Operand, Rounding, Sign};

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
    let mut wrong = Vec::new();
    visit(&response.fields, value, "", 0, &mut wrong);
    tell(case, answer, wrong, "computed here", into);
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

fn visit(fields: &[Field], value: &Value, path: &str, depth: usize, into: &mut Vec<Wrong>) {
    if depth > DEPTH {
        return;
    }
    match value {
        Value::Array(items) => {
            let path = format!("{path}[]");
            for item in items {
                visit(fields, item, &path, depth + 1, into);
            }
        }
        Value::Object(members) => {
            for field in fields {
                let name = &field.name.value;
                let Some(member) = members.get(name) else {
                    continue;
                };
                let dot = if path.is_empty() { "" } else { "." };
                let path = format!("{path}{dot}{name}");
                if let Some((expected, observed)) = differs(field, fields, value, member)
                    && !into.iter().any(|it| it.path == path)
                {
                    let text = super::start_of(field.description.trim(), 60);
                    into.push(Wrong {
                        span: field.open,
                        message: format!("`{path}` is not what the page computes: {text}"),
                        path: path.clone(),
                        expected,
                        observed,
                    });
                }
                visit(&field.children, member, &path, depth + 1, into);
            }
        }
        _ => {}
    }
}

/// What a member should be and what it is, if the words of its field compute something else.
fn differs(
    field: &Field,
    beside: &[Field],
    object: &Value,
    member: &Value,
) -> Option<(String, String)> {
    let formula = formula::read(field, beside)?;
    if let Formula::Joined(names) = &formula {
        let parts: Option<Vec<&str>> = names
            .iter()
            .map(|name| object.get(name)?.as_str())
            .collect();
        let (expected, observed) = (parts?.join(" "), member.as_str()?);
        let is_same = expected.trim() == observed.trim();
        return (!is_same).then(|| (expected, observed.to_owned()));
    }
    let observed = number(member)?;
    let (expected, room) = value_of(&formula, object, member)?;
    let is_same = (expected - observed).abs() <= room;
    let is_excepted = || match formula::exception(&field.description) {
        Some(Exception::Value(value)) => number(&value) == Some(observed),
        Some(Exception::Unknown) => true,
        None => false,
    };
    (!is_same && !is_excepted()).then(|| (shown(expected), super::sample_of(member)))
}

/// What a formula gives, and how far off rounding may lead.
fn value_of(formula: &Formula, object: &Value, member: &Value) -> Option<(f64, f64)> {
    match formula {
        Formula::Expression(operands) => {
            let value = evaluated(operands, object)?;
            Some((value, rounding(member, 1.0) + 1e-9 * value.abs()))
        }
        Formula::Sum { list, operands } => {
            let items = object.get(list)?.as_array()?;
            let values: Option<Vec<f64>> =
                items.iter().map(|item| evaluated(operands, item)).collect();
            let values = values?;
            let sum: f64 = values.iter().sum();
            let count = values.len().max(1);
            #[expect(clippy::cast_precision_loss, reason = "arrays are short")]
            let room = rounding(member, count as f64);
            Some((sum, room + 1e-9 * sum.abs()))
        }
        Formula::Average { list, operands } => {
            let items = object.get(list)?.as_array()?;
            let values: Option<Vec<f64>> =
                items.iter().map(|item| evaluated(operands, item)).collect();
            let values = values.filter(|values| !values.is_empty())?;
            #[expect(clippy::cast_precision_loss, reason = "arrays are short")]
            let count = values.len() as f64;
            // Some servers round, and some cut off.
            Some((values.iter().sum::<f64>() / count, last_place(member)))
        }
        Formula::Count { list } => {
            let items = object.get(list)?.as_array()?;
            #[expect(clippy::cast_precision_loss, reason = "arrays are short")]
            let count = items.len() as f64;
            Some((count, 0.0))
        }
        Formula::Words { text } => {
            let text = object.get(text)?.as_str()?;
            // What else is a word is a matter of taste.
            let is_plain = |c: char| c.is_alphabetic() || matches!(c, ' ' | '.' | ',' | '?' | '!');
            if !text.chars().all(is_plain) {
                return None;
            }
            let words = text.split_whitespace();
            let words = words.filter(|word| word.chars().any(char::is_alphabetic));
            #[expect(clippy::cast_precision_loss, reason = "texts are short")]
            let count = words.count() as f64;
            Some((count, 0.0))
        }
        Formula::Share { rate, of, rounding } => {
            let share = number(object.get(rate)?)? * evaluated(of, object)? / 100.0;
            let unit = last_place(member);
            let room = match rounding {
                Rounding::Nearest => unit / 2.0,
                Rounding::Other => unit,
            };
            Some((share, room + 1e-9 * share.abs().max(1.0)))
        }
        Formula::Joined(_) => None,
    }
}

/// The value of an expression, products before sums.
fn evaluated(operands: &[Operand], object: &Value) -> Option<f64> {
    let mut total = 0.0;
    let mut term = 0.0;
    let mut is_first = true;
    for operand in operands {
        let value = number(super::effect::at(object, &operand.name)?)?;
        match operand.sign {
            _ if is_first => term = value,
            Sign::Times => term *= value,
            Sign::Plus => {
                total += term;
                term = value;
            }
            Sign::Minus => {
                total += term;
                term = -value;
            }
        }
        is_first = false;
    }
    Some(total + term)
}

/// A number, also one that is written as text.
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// How far rounding of each of so many values may lead; integers need none.
fn rounding(member: &Value, count: f64) -> f64 {
    match member {
        Value::Number(number) if !number.is_f64() => 0.0,
        _ => 0.011 * count,
    }
}

/// One unit of the last digit that is shown.
fn last_place(member: &Value) -> f64 {
    let text = super::sample_of(member);
    let digits = text.split_once('.').map_or(0, |(_, digits)| digits.len());
    let digits = i32::try_from(digits.min(9)).unwrap_or(0);
    10_f64.powi(-digits)
}

/// A number as people write it.
fn shown(value: f64) -> String {
    let rounded = (value * 1e6).round() / 1e6;
    format!("{rounded}")
}

#[cfg(test)]
mod tests;
