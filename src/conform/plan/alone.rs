//! Updates of one member of several: all others are to stay.

use serde_json::Value;

use crate::conform::chain::{Kind, Role};

use super::draft::Draft;
use super::input::Input;

/// The members that are sent alone: the first and the last one of the example, so that each of its members is left out once.
///
/// The example of a single member is such an update itself; then it is another text.
pub(super) fn members<'i>(role: &Role, inputs: &'i [Input], base: &Draft) -> Vec<&'i Input> {
    if role.kind != Kind::Update {
        return Vec::new();
    }
    let sent: Vec<&Input> = inputs.iter().filter(|it| is_sent(it, base)).collect();
    match sent.as_slice() {
        [] => Vec::new(),
        [_] => {
            let mut others = inputs.iter();
            let other = others.find(|it| {
                it.is_root_member()
                    && base.value(it).is_none()
                    && it.is_free_text()
                    && !it.is_reference()
                    && !it.deprecated
            });
            other.into_iter().collect()
        }
        [first, .., last] => vec![first, last],
    }
}

/// The request with that member alone; none if something else has to be in it.
pub(super) fn draft(
    inputs: &[Input],
    base: &Draft,
    member: &Input,
    value: &Value,
) -> Option<Draft> {
    let mut draft = base.clone();
    for other in inputs.iter().filter(|it| is_sent(it, base)) {
        if other.steps != member.steps {
            draft.set(other, None);
        }
    }
    draft.set(member, Some(value));
    draft
        .content()
        .is_some_and(|sent| sent.len() == 1)
        .then_some(draft)
}

fn is_sent(input: &Input, base: &Draft) -> bool {
    input.is_root_member() && base.value(input).is_some()
}
