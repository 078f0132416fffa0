//! Which members are promised.
//!
//! On response fields `required` is rare, and its absence says nothing. A member is promised all the same if every
//! example of its status shows it and its text does not call it optional, conditional, or nullable. Where most members of
//! an object are marked as required, the others are not.

use crate::model::evidence::{Fact, Origin, ReadingRule};
use crate::model::json::Json;
use crate::model::operation::{Example, Response};
use crate::model::shape::{Member, Shape};

static SHOWN_BY_EVERY_EXAMPLE: ReadingRule = ReadingRule {
    name: "shown-by-every-example",
    origin: Origin::Example,
    summary: "a member that every example of its response shows, and that no text calls optional, conditional, or nullable, is promised",
};
static SHOWN_BY_BARE_EXAMPLES: ReadingRule = ReadingRule {
    name: "shown-by-bare-examples",
    origin: Origin::Inferred,
    summary: "the same for examples outside of a ResponseExample, which are only taken for responses",
};
/// How the code here reads pages.
pub(super) static READING_RULES: &[&ReadingRule] =
    &[&SHOWN_BY_EVERY_EXAMPLE, &SHOWN_BY_BARE_EXAMPLES];

/// Marks the members that the examples of the response promise.
pub(super) fn promise(shape: &mut Shape, response: &Response) {
    let examples: Vec<&Json> = response
        .examples
        .iter()
        .filter_map(|example| example.value())
        .collect();
    let is_inferred = |example: &Example| example.origin == Origin::Inferred;
    let rule = if response.examples.iter().any(is_inferred) {
        &SHOWN_BY_BARE_EXAMPLES
    } else {
        &SHOWN_BY_EVERY_EXAMPLE
    };
    promise_in(shape, &examples, rule);
}

fn promise_in(shape: &mut Shape, values: &[&Json], rule: &'static ReadingRule) {
    let objects = shape.objects(values);
    if objects.is_empty() {
        return;
    }
    let Some(members) = shape.members_mut() else {
        return;
    };
    // Where most members are marked as required, the others are left unmarked on purpose.
    let is_marked = |member: &&mut Member| {
        let required = member.required.as_ref();
        required.is_some_and(|it| it.value && it.evidence.origin == Origin::Attribute)
    };
    let count = members.len();
    let are_marked = members.iter_mut().filter(is_marked).count() * 2 > count;
    for member in members {
        let shown: Vec<&Json> = objects
            .iter()
            .filter_map(|object| object.get(&member.name))
            .collect();
        let everywhere = objects
            .iter()
            .all(|object| object.get(&member.name).is_some());
        let place = member.evidence.map(|evidence| evidence.span);
        if let (None, true, None, Some(span), false) = (
            &member.required,
            everywhere,
            &member.shape.nullable,
            place,
            are_marked,
        ) {
            member.required = Some(Fact::new(true, span, rule));
        }
        promise_in(&mut member.shape, &shown, rule);
    }
}
