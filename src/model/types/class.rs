//! The JSON types that types allow, as far as they are plainly one.

use super::Type;

/// The JSON type, if it is plainly one: numbers are one type, and words for strings may stand for what they hold.
pub fn class(kind: &Type) -> Option<&'static str> {
    let mut alternatives = kind.alternatives().iter().filter(|it| **it != Type::Null);
    let only = alternatives.next()?;
    if alternatives.next().is_some() {
        return None;
    }
    match only {
        Type::Boolean => Some("boolean"),
        Type::Integer(_) | Type::Number(_) => Some("number"),
        Type::String(_) => Some("string"),
        Type::Object | Type::Record(_) | Type::Map(..) => Some("object"),
        Type::Array(_) => Some("array"),
        _ => None,
    }
}

/// True if no value is of both types.
pub fn excludes(one: &Type, other: &Type) -> bool {
    let (Some(one), Some(other)) = (class(one), class(other)) else {
        return false;
    };
    one != other
}
