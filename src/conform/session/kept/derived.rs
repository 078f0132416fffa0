//! Members that change because others do: those that the examples show to, and texts that are written with another member.

use serde_json::{Map, Value};

use crate::conform::chain::identity;
use crate::conform::judge::echo;
use crate::model::Operation;

/// True if a text that changed is written with the value that one that was sent had or has: `/folders/f_7` of `f_7`.
pub(super) fn is_written_with(
    difference: &echo::Difference,
    sent: &Map<String, Value>,
    before: &Value,
) -> bool {
    const SHORTEST: usize = 3;
    let holds = |outer: &Value, inner: &Value| {
        let pair = outer.as_str().zip(inner.as_str());
        pair.is_some_and(|(outer, inner)| inner.len() >= SHORTEST && outer.contains(inner))
    };
    sent.iter().any(|(name, value)| {
        let old = before
            .get(name)
            .is_some_and(|old| old != value && holds(&difference.left, old));
        old && difference.right.is_null() == value.is_null() || holds(&difference.right, value)
    })
}

/// True if two pages show the same thing with another value of a member, and with another value of one that is sent.
pub(super) fn is_shown_changing(
    operations: &[&Operation],
    name: &str,
    sent: &Map<String, Value>,
) -> bool {
    let shown = operations.iter().flat_map(|it| it.shown_successes());
    let shown: Vec<Value> = shown
        .map(|it| Value::Object(identity::unwrapped(object_of(it.to_value()))))
        .collect();
    let is_change = |left: &Value, right: &Value| {
        let differs = |name: &str| {
            let pair = left.get(name).zip(right.get(name));
            pair.is_some_and(|(left, right)| left != right)
        };
        let is_one = left.get("id").is_none_or(|id| right.get("id") == Some(id));
        is_one && differs(name) && sent.keys().any(|it| differs(it))
    };
    let mut others = shown.iter().enumerate();
    others.any(|(at, left)| {
        shown
            .iter()
            .skip(at + 1)
            .any(|right| is_change(left, right))
    })
}

fn object_of(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}
