//! What several pages without an endpoint say together.

use crate::model::operation::ResponseHeader;
use crate::model::shape::Shape;
use crate::model::shared::{Errors, Shared};

/// What the pages say together; errors that two of them describe hold for none.
pub(in crate::model::build) fn together(pages: impl Iterator<Item = Shared>) -> Shared {
    let mut shared = Shared::default();
    let mut errors = Vec::new();
    let mut successes = Vec::new();
    for page in pages {
        errors.extend(page.errors);
        shared.remarks.extend(page.remarks);
        shared.things.extend(page.things);
        shared.notations.extend(page.notations);
        shared.sent.headers.extend(page.sent.headers);
        shared.sent.credentials.extend(page.sent.credentials);
        successes.extend(page.success);
        for header in page.headers {
            let name = &header.name.value;
            let is_known = |it: &ResponseHeader| it.name.value.eq_ignore_ascii_case(name);
            if !shared.headers.iter().any(is_known) {
                shared.headers.push(header);
            }
        }
    }
    shared.errors = agreed(errors);
    shared.success = match successes.as_slice() {
        [only] => Some(only.clone()),
        _ => None,
    };
    shared
}

/// The errors that one page describes, if the others show no more than bodies of the same form.
pub(in crate::model::build) fn agreed(mut all: Vec<Errors>) -> Option<Errors> {
    let first = all.iter().position(|it| !it.kinds.is_empty()).unwrap_or(0);
    if all.is_empty() {
        return None;
    }
    let main = all.swap_remove(first);
    let is_alike = |other: &Errors| match (&main.body, &other.body) {
        (Some(main), Some(other)) => is_within(&other.shape, &main.shape),
        (_, None) => true,
        (None, Some(_)) => false,
    };
    let is_lesser = |other: &Errors| other.kinds.is_empty() && is_alike(other);
    all.iter().all(is_lesser).then_some(main)
}

/// True if all members of one shape are in the other one.
fn is_within(one: &Shape, other: &Shape) -> bool {
    one.members().iter().all(|member| {
        let mut same = other.members().iter();
        let same = same.find(|it| it.name == member.name);
        same.is_some_and(|same| is_within(&member.shape, &same.shape))
    })
}
