//! One of several objects, of which a member beside them names one: `"type": "card"` goes with `card`, and `sepa` is `null`.

use serde_json::{Map, Value};

use crate::mock::words::folded;
use crate::model::shape::{Member, Shape, ShapeKind};

use super::agree::set;

/// Takes away the objects that the values beside them do not name.
pub(super) fn settle(values: &mut Map<String, Value>, members: &[Member]) {
    for telling in members {
        let Some(allowed) = &telling.shape.constraints.allowed else {
            continue;
        };
        let Some(chosen) = values.get(&telling.name).and_then(Value::as_str) else {
            continue;
        };
        let chosen = folded(chosen);
        let others = allowed.value.iter().filter_map(Value::as_str).map(folded);
        let others: Vec<String> = others.filter(|it| *it != chosen).collect();
        let is_other =
            |member: &&Member| is_object(&member.shape) && others.contains(&folded(&member.name));
        for member in members.iter().filter(is_other) {
            let is_required = member.required.as_ref().is_some_and(|it| it.value);
            if member.shape.allows_null() {
                set(values, member, Value::Null);
            } else if !is_required {
                values.remove(&member.name);
            }
        }
    }
}

fn is_object(shape: &Shape) -> bool {
    match &shape.kind {
        ShapeKind::Object { .. } => true,
        ShapeKind::Union(shapes) => shapes.iter().any(is_object),
        _ => false,
    }
}
