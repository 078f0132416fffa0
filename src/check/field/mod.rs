//! A field beside itself: what its attributes and its text say must go together.

mod contradicting_default;
pub(super) mod contradicting_description;
mod contradicting_requirement;
mod contradicting_values;
mod copied_description;
mod default_not_allowed;
mod impossible_bounds;
mod naming_outlier;

use crate::diagnostic::{Diagnostic, Rule};
use crate::model::{Field, Operation};

/// Every rule of the group.
pub(super) const RULES: &[&Rule] = &[
    &contradicting_default::RULE,
    &contradicting_description::RULE,
    &contradicting_requirement::RULE,
    &contradicting_values::RULE,
    &copied_description::RULE,
    &default_not_allowed::RULE,
    &impossible_bounds::RULE,
    &naming_outlier::RULE,
];

pub(super) fn check(operation: &Operation, diagnostics: &mut Vec<Diagnostic>) {
    for parameter in &operation.parameters {
        let around = format!("request.{}", parameter.location.as_str());
        all(std::slice::from_ref(&parameter.field), &around, diagnostics);
    }
    if let Some(body) = &operation.body {
        group(&body.fields, "request.body", diagnostics);
    }
    for response in &operation.responses {
        group(&response.fields, "response", diagnostics);
    }
}

/// The members of one object.
fn group(fields: &[Field], around: &str, diagnostics: &mut Vec<Diagnostic>) {
    copied_description::check(fields, around, diagnostics);
    naming_outlier::check(fields, around, diagnostics);
    all(fields, around, diagnostics);
}

fn all(fields: &[Field], around: &str, diagnostics: &mut Vec<Diagnostic>) {
    for field in fields {
        let subject = format!("{around}.{}", field.name.value);
        contradicting_default::check(field, &subject, diagnostics);
        contradicting_description::check(field, &subject, diagnostics);
        contradicting_requirement::check(field, &subject, diagnostics);
        contradicting_values::check(field, fields, &subject, diagnostics);
        default_not_allowed::check(field, &subject, diagnostics);
        impossible_bounds::check(field, &subject, diagnostics);
        group(&field.children, &subject, diagnostics);
    }
}
