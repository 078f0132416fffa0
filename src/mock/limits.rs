//! Generated values within documented ranges and lengths.

use serde_json::Value;

use crate::model::shape::Constraints;
use crate::model::types::Format;

/// Lengths beyond this are not filled up: a body should stay readable, and a limit may be a slip of the pen.
const LONGEST: u64 = 1000;

/// The whole number nearest to `value` that is in range.
pub(super) fn integer(constraints: &Constraints, value: i64) -> i64 {
    let least = constraints.minimum.as_ref().map(|it| it.value.ceil());
    let most = constraints.maximum.as_ref().map(|it| it.value.floor());
    // Bounds beyond what 64 bits hold become the greatest number that they do hold.
    let value = least.map_or(value, |least| value.max(least as i64));
    most.map_or(value, |most| value.min(most as i64))
}

/// The number nearest to `value` that is in range.
pub(super) fn number(constraints: &Constraints, value: Value) -> Value {
    let Some(number) = value.as_f64() else {
        return value;
    };
    let least = constraints.minimum.as_ref().map_or(f64::MIN, |it| it.value);
    let most = constraints.maximum.as_ref().map_or(f64::MAX, |it| it.value);
    if number < least {
        Value::from(least)
    } else if number > most {
        Value::from(most)
    } else {
        value
    }
}

/// The text, cut or filled up to the documented length, and of the documented characters; another one if a pattern
/// wants one.
pub(super) fn string(constraints: &Constraints, text: String) -> String {
    let length = text.chars().count() as u64;
    let wanted = within(constraints, length);
    let filler = std::iter::repeat('x');
    let text = if wanted == length {
        text
    } else {
        text.chars().chain(filler).take(wanted as usize).collect()
    };
    let text = match constraints.format.as_ref().map(|format| &format.value) {
        Some(Format::Characters(characters)) => characters.fitted(&text),
        Some(Format::Mask(mask)) if !mask.accepts(&text) => mask.sample(0),
        _ => text,
    };
    match constraints.pattern.as_ref().map(|pattern| &pattern.value) {
        Some(pattern) if !pattern.accepts(&text) => pattern.sample().unwrap_or(text),
        _ => text,
    }
}

/// The number of items nearest to `count` that is in range.
pub(super) fn count(constraints: &Constraints, count: u64) -> u64 {
    within(constraints, count)
}

fn within(constraints: &Constraints, length: u64) -> u64 {
    let least = constraints.min_length.as_ref().map_or(0, |it| it.value);
    let most = constraints.max_length.as_ref();
    let most = most.map_or(u64::MAX, |it| it.value);
    length.max(least.min(LONGEST)).min(most)
}
