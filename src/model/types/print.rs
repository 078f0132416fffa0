//! The canonical spelling of types.

use std::fmt::{Display, Formatter, Result};

use super::{RecordMember, Type};

impl Display for Type {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        match self {
            Self::Any => formatter.write_str("any"),
            Self::Null => formatter.write_str("null"),
            Self::Undefined => formatter.write_str("undefined"),
            Self::Boolean => formatter.write_str("boolean"),
            Self::Object => formatter.write_str("object"),
            Self::File => formatter.write_str("file"),
            Self::Integer(None) => formatter.write_str("integer"),
            Self::Number(None) => formatter.write_str("number"),
            Self::String(None) => formatter.write_str("string"),
            Self::Integer(Some(format)) => write!(formatter, "integer ({format})"),
            Self::Number(Some(format)) => write!(formatter, "number ({format})"),
            Self::String(Some(format)) => write!(formatter, "string ({format})"),
            Self::Literal(value) => write!(formatter, "{value}"),
            Self::Enum(None) => formatter.write_str("enum"),
            Self::Enum(Some(inner)) => write!(formatter, "enum<{inner}>"),
            Self::Record(members) => record(formatter, members),
            Self::Map(key, value) => write!(formatter, "map<{key}, {value}>"),
            Self::Array(None) => formatter.write_str("array"),
            Self::Array(Some(items)) => array(formatter, items),
            Self::Tuple(items) if items.is_empty() => formatter.write_str("tuple"),
            Self::Tuple(items) => {
                formatter.write_str("tuple<")?;
                separated(formatter, items, ", ")?;
                formatter.write_str(">")
            }
            Self::Union(types) => separated(formatter, types, " | "),
            Self::Named(text) | Self::ReasonPhrase(text) | Self::Unknown(text) => {
                formatter.write_str(text)
            }
        }
    }
}

fn separated(formatter: &mut Formatter<'_>, types: &[Type], separator: &str) -> Result {
    for (index, type_) in types.iter().enumerate() {
        if index > 0 {
            formatter.write_str(separator)?;
        }
        write!(formatter, "{type_}")?;
    }
    Ok(())
}

fn array(formatter: &mut Formatter<'_>, items: &Type) -> Result {
    match items {
        Type::Union(_) => write!(formatter, "({items})[]"),
        // Brackets behind these would belong to something else: `"a" | "b"[]`, `string (uuid)[]`.
        Type::Literal(_)
        | Type::Array(None)
        | Type::Integer(Some(_))
        | Type::Number(Some(_))
        | Type::String(Some(_)) => write!(formatter, "array<{items}>"),
        _ => write!(formatter, "{items}[]"),
    }
}

fn record(formatter: &mut Formatter<'_>, members: &[RecordMember]) -> Result {
    formatter.write_str("{ ")?;
    for (index, member) in members.iter().enumerate() {
        if index > 0 {
            formatter.write_str(", ")?;
        }
        let optional = if member.optional { "?" } else { "" };
        let plain = member.name.starts_with(|c: char| c.is_ascii_alphabetic())
            && member
                .name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '_');
        if plain {
            formatter.write_str(&member.name)?;
        } else {
            write!(
                formatter,
                "{}",
                serde_json::Value::from(member.name.as_str())
            )?;
        }
        write!(formatter, "{optional}: {}", member.type_)?;
    }
    formatter.write_str(" }")
}
