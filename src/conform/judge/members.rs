//! What is wrong with the members of a body, as findings: `model::answer` compares, and here the examples have a say in
//! who is wrong.

use crate::diagnostic::{Diagnostic, Odd, Severity};
use crate::model::Origin;
use crate::model::answer::{Compared, Difference, MEMBER_RULES};
use crate::model::json::Json;
use crate::model::shape::{Mismatch, MismatchKind, ShapeKind};

use super::{
    Case, computed, conditions, difference, expanded, lasting, later, ranked, rows, three, times,
};
use crate::conform::message::Answer;
use crate::conform::said::promises;
use crate::diagnostic::Rule;

/// The rules of this file.
pub(super) static RULES: &[&Rule] = MEMBER_RULES;

/// Adds a finding for each difference.
pub(super) fn say(
    case: &Case<'_>,
    answer: &Answer,
    compared: &Compared<'_>,
    into: &mut Vec<Diagnostic>,
) {
    let fit = compared.fit.as_ref();
    for difference in &compared.differences {
        let mismatch = difference.mismatch.as_ref();
        if mismatch.is_some_and(|it| it.kind == MismatchKind::Null && is_null_in_words(case, it)) {
            continue;
        }
        let mut unset = case.unset.iter().zip(mismatch);
        if unset.any(|(unset, mismatch)| unset.explains(mismatch)) {
            continue;
        }
        let odd = fit.zip(mismatch).and_then(|((response, shape), mismatch)| {
            three::odd_one_out(response, shape, mismatch)
        });
        let mut finding = finding(case, difference, odd);
        if let (Some(Odd::Server), Some((response, _)), Some(value), Some(observation)) =
            (odd, fit, &compared.value, finding.observation.as_mut())
        {
            let example = response.examples.iter().find_map(|it| it.value());
            observation.diff = example.and_then(|example| {
                let kinds = |value: &Json| difference::kinds(&value.to_value());
                let path = observation.path.as_deref().unwrap_or_default();
                let (shown, found) = (kinds(example), kinds(value));
                let found = difference::alike(&shown, &found, path);
                let diff = difference::of(&shown, &found)?;
                Some(case.secrets.hide(&diff))
            });
        }
        into.push(finding);
    }
    let is_compound =
        |kind: &ShapeKind| matches!(kind, ShapeKind::Object { .. } | ShapeKind::Array(_));
    if let (Some((response, shape)), Some(value)) = (fit, &compared.value)
        && is_compound(&shape.kind)
    {
        times::check(case, answer, &compared.responses, value, into);
        let value = value.to_value();
        computed::check(case, answer, response, &value, into);
        later::check(case, answer, response, &value, into);
        rows::check(case, answer, response, &value, into);
        conditions::check(case, answer, response, shape, &value, into);
        if response.status.is_success() {
            lasting::check(case, answer, &value, into);
            expanded::check(case, &value, into);
            ranked::check(case, response, &value, into);
        }
    }
}

/// True if the page says elsewhere that the member may be `null`: of the input of its name, or in a sentence.
fn is_null_in_words(case: &Case<'_>, mismatch: &Mismatch) -> bool {
    let path = mismatch.path.subject();
    let name = path.rsplit('.').next().unwrap_or(&path);
    let fields = case.operation.body.iter().flat_map(|body| &body.fields);
    let mut inputs = fields.filter(|field| field.name.value == name);
    let quoted = format!("`{name}`");
    inputs.any(|field| field.description.contains("null"))
        || promises::sentences(case.operation).any(|it| it.contains(&quoted) && it.contains("null"))
}

fn finding(case: &Case<'_>, difference: &Difference, odd: Option<Odd>) -> Diagnostic {
    let words = difference.mismatch.as_ref().map(|it| three::words(odd, it));
    let message = format!("{}{}", difference.message, words.unwrap_or_default());
    let finding = case.different(difference, &message, odd);
    let Some(mismatch) = &difference.mismatch else {
        return finding;
    };
    match odd {
        Some(Odd::Server) if is_stated(case, mismatch) => finding.severity(Severity::Error),
        // The example is `null` there as well.
        Some(Odd::Field) if mismatch.kind == MismatchKind::Null => {
            finding.severity(Severity::Warning)
        }
        _ => finding,
    }
}

/// True if the page states what the server does not do, be it in running text. That a type does not speak of `null` says
/// little by itself, where other types do not either.
fn is_stated(case: &Case<'_>, mismatch: &Mismatch) -> bool {
    let is_stated = mismatch
        .evidence
        .is_some_and(|it| it.origin >= Origin::Prose);
    is_stated && (mismatch.kind != MismatchKind::Null || case.marks_null)
}
