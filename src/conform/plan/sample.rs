//! Values for what is required and has no example: stated ones first, then the simplest of the type.

use serde_json::{Map, Value, json};

use crate::conform::bindings::Bindings;
use crate::model::Field;
use crate::model::shape::{Member, Shape, ShapeKind};
use crate::model::types::Format;

/// Arrays are not made longer to have as many items as they need.
const MOST_ITEMS: u64 = 50;

/// The default, else the first of the allowed values.
pub(super) fn stated(field: &Field, shape: &Shape) -> Option<Value> {
    let default = field.default.as_ref().map(|default| default.value.clone());
    default.or_else(|| fixed(shape))
}

/// The one value that is allowed, else the first of those that are.
fn fixed(shape: &Shape) -> Option<Value> {
    let constraints = &shape.constraints;
    let constant = constraints.constant.as_ref();
    let constant = constant.map(|constant| constant.value.clone());
    constant.or_else(|| constraints.allowed.as_ref()?.value.first().cloned())
}

/// The text of a value outside of JSON.
pub(crate) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => match number.as_f64() {
            // `1.0` is how some write the integer `1`, which is what everybody reads.
            Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() < 1e15 => {
                format!("{float:.0}")
            }
            _ => number.to_string(),
        },
        other => other.to_string(),
    }
}

/// A value of the shape with what is required in it; the name of what has none otherwise.
pub(crate) fn of_shape(shape: &Shape, name: &str, bindings: &Bindings) -> Result<Value, String> {
    if let Some(bound) = bindings.value(name) {
        return Ok(typed(bound, shape));
    }
    if let Some(value) = fixed(shape) {
        return Ok(value);
    }
    let none = || name.to_owned();
    Ok(match &shape.kind {
        ShapeKind::Any | ShapeKind::Unknown | ShapeKind::File => return Err(none()),
        ShapeKind::Null => Value::Null,
        ShapeKind::Boolean => json!(true),
        ShapeKind::Integer | ShapeKind::Number => number(shape),
        ShapeKind::String => json!(fitted(of_length(text(shape), shape), shape)),
        ShapeKind::Array(items) => {
            let least = shape.constraints.min_length.as_ref();
            let count = least.map_or(1, |it| it.value.clamp(1, MOST_ITEMS));
            let item = of_shape(items, name, bindings)?;
            (0..count).map(|_| item.clone()).collect()
        }
        ShapeKind::Map(_) => json!({}),
        ShapeKind::Union(shapes) => {
            return shapes
                .iter()
                .find_map(|shape| of_shape(shape, name, bindings).ok())
                .ok_or_else(none);
        }
        ShapeKind::Object {
            members: documented,
            ..
        } => {
            let mut members = Map::new();
            let is_required =
                |member: &&Member| member.required.as_ref().is_some_and(|it| it.value);
            for member in documented.iter().filter(is_required) {
                let value = of_shape(&member.shape, &member.name, bindings)?;
                members.insert(member.name.clone(), value);
            }
            Value::Object(members)
        }
    })
}

/// One, or the nearest number to it that the bounds leave.
fn number(shape: &Shape) -> Value {
    let least = shape.constraints.minimum.as_ref().map(|it| it.value);
    let most = shape.constraints.maximum.as_ref().map(|it| it.value);
    let is_whole = shape.kind == ShapeKind::Integer;
    let number = match (least, most) {
        (Some(least), _) if least > 1.0 && is_whole => least.ceil(),
        (Some(least), _) if least > 1.0 => least,
        (_, Some(most)) if most < 1.0 && is_whole => most.floor(),
        (_, Some(most)) if most < 1.0 => most,
        _ => 1.0,
    };
    super::value::number(number).unwrap_or_else(|| json!(1))
}

/// A text that no notation binds, as long as it has to be.
fn of_length(text: &str, shape: &Shape) -> String {
    let constraints = &shape.constraints;
    let fitted = match constraints.format.as_ref().map(|format| &format.value) {
        Some(Format::Characters(characters)) => characters.fitted(text),
        Some(Format::Mask(mask)) => return mask.sample(0),
        Some(_) => return text.to_owned(),
        None => text.to_owned(),
    };
    let text = fitted.as_str();
    let length = text.chars().count() as u64;
    let least = constraints.min_length.as_ref().map_or(0, |it| it.value);
    let most = constraints
        .max_length
        .as_ref()
        .map_or(u64::MAX, |it| it.value);
    if (least..=most).contains(&length) {
        return text.to_owned();
    }
    super::lengths::of_length(text, length.max(least).min(most))
}

/// The text, or another one that the pattern asks for.
fn fitted(text: String, shape: &Shape) -> String {
    match shape.constraints.pattern.as_ref().map(|it| &it.value) {
        Some(pattern) if !pattern.accepts(&text) => pattern.sample().unwrap_or(text),
        _ => text,
    }
}

/// A bound text as a value of the type: `1` is a number unless a string is documented.
fn typed(bound: &str, shape: &Shape) -> Value {
    match shape.kind {
        ShapeKind::String => json!(bound),
        _ => serde_json::from_str(bound).unwrap_or_else(|_| json!(bound)),
    }
}

fn text(shape: &Shape) -> &'static str {
    match shape
        .constraints
        .format
        .as_ref()
        .map(|format| &format.value)
    {
        Some(Format::Uuid) => "00000000-0000-4000-8000-000000000000",
        Some(Format::Date) => "2024-01-31",
        Some(Format::DateTime | Format::Iso8601) => "2024-01-31T12:00:00Z",
        Some(Format::Time) => "12:00:00",
        Some(Format::Duration) => "PT1H",
        Some(Format::Email) => "user@example.com",
        Some(Format::Uri) => "https://example.com/",
        Some(Format::Hostname) => "example.com",
        Some(Format::Ip | Format::Ipv4) => "192.0.2.1",
        Some(Format::Ipv6) => "2001:db8::1",
        Some(Format::Phone) => "+12025550123",
        Some(Format::Base64) => "dGVzdA==",
        Some(Format::Json) => "{}",
        Some(Format::Decimal) => "1.00",
        _ => "string",
    }
}
