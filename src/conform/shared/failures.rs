//! Failures that have the status of a success, which some pages show and others only mean: `200` with `{"code": 2001, "data": null}`.
//!
//! Where the answers of an API are wrapped alike, what one page shows of a failure holds for all.

use serde_json::Value;

use crate::conform::judge;
use crate::model::{Api, Example};

/// Gives operations that show none the example of a failure from another one whose answers are wrapped in the same members.
pub(super) fn lend(api: &mut Api) {
    let mut lent: Option<(Example, Vec<String>)> = None;
    for operation in &api.operations {
        let responses = operation.responses.iter();
        let successes = responses.filter(|it| it.status.is_success());
        let mut examples = successes.flat_map(|it| &it.examples);
        let failure = examples.find_map(|example| {
            let value = example.value()?.to_value();
            judge::is_failure(Some(operation), Some(&value))
                .then(|| (example.clone(), names(&value)))
        });
        lent = lent.or(failure);
    }
    let Some((example, wanted)) = lent else {
        return;
    };
    for operation in &mut api.operations {
        if judge::documents_failure(operation) {
            continue;
        }
        let first = operation.shown_successes().next();
        let is_alike = first.is_some_and(|it| names(&it.to_value()) == wanted);
        let responses = operation.responses.iter_mut();
        let mut successes =
            responses.filter(|it| it.status.is_success() && !it.examples.is_empty());
        if let (Some(response), true) = (successes.next(), is_alike) {
            response.examples.push(example.clone());
        }
    }
}

/// The names of the members of an object, in the order of the alphabet.
fn names(value: &Value) -> Vec<String> {
    let members = value.as_object().into_iter().flatten();
    let mut names: Vec<String> = members.map(|(name, _)| name.clone()).collect();
    names.sort_unstable();
    names
}
