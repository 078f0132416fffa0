//! Which members are promised.
//!
//! On response fields `required` is rare, and its absence says nothing. A member is promised all the same if every
//! example of its status shows it and its text does not call it optional, conditional, or nullable.

use crate::model::evidence::{Fact, Origin};
use crate::model::json::Json;
use crate::model::operation::{Example, Response};
use crate::model::shape::Shape;

/// Marks the members that the examples of the response promise.
pub(super) fn promise(shape: &mut Shape, response: &Response) {
    let examples: Vec<&Json> = response
        .examples
        .iter()
        .filter_map(|example| example.value())
        .collect();
    let is_inferred = |example: &Example| example.origin == Origin::Inferred;
    let origin = if response.examples.iter().any(is_inferred) {
        Origin::Inferred
    } else {
        Origin::Example
    };
    promise_in(shape, &examples, origin);
}

fn promise_in(shape: &mut Shape, values: &[&Json], origin: Origin) {
    let objects = shape.objects(values);
    if objects.is_empty() {
        return;
    }
    let Some(members) = shape.members_mut() else {
        return;
    };
    for member in members {
        let shown: Vec<&Json> = objects
            .iter()
            .filter_map(|object| object.get(&member.name))
            .collect();
        let everywhere = objects
            .iter()
            .all(|object| object.get(&member.name).is_some());
        let place = member.evidence.map(|evidence| evidence.span);
        if let (None, true, None, Some(span)) =
            (&member.required, everywhere, &member.shape.nullable, place)
        {
            member.required = Some(Fact::new(true, span, origin));
        }
        promise_in(&mut member.shape, &shown, origin);
    }
}
