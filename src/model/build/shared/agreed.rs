//! What several pages say of errors.

use crate::model::shape::Shape;
use crate::model::shared::Errors;

/// The errors that one page describes, if the others show no more than bodies of the same form.
pub(super) fn agreed(mut all: Vec<Errors>) -> Option<Errors> {
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
