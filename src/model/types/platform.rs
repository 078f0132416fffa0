//! What the platform's own playground makes of a type string.
//!
//! It lower-cases the string and then, in this order: reads the first two alternatives of a union if one is the array of
//! the other, looks the whole string up in a table, takes `[]` off the end, takes `array<…>` off the outside.
//! Anything else is an object without properties, so `datetime`, `string | null`, and `array of strings` are objects to it.

use std::fmt;

/// A type as the platform's playground shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Platform {
    /// `string`, and words for strings such as `uuid` and `date`.
    String,
    /// `int`, `integer`
    Integer,
    /// `number`, `float`, `long` …
    Number,
    /// `bool`, `boolean`
    Boolean,
    /// `object`, `map` …: takes the properties that are nested in the field.
    Object,
    /// An array of that.
    Array(Box<Platform>),
    /// `file`
    File,
    /// `any`, `json`
    Any,
    /// `null`
    Null,
    /// A string that it does not know, which it shows as an object.
    Unrecognized,
}

/// Nested deeper than this, the platform's result no longer matters.
const MAX_DEPTH: usize = 64;

/// What the platform's playground makes of `text`.
///
/// ```
/// use fieldproof::model::types::platform;
///
/// assert_eq!(platform("array").to_string(), "an array of objects");
/// assert_eq!(platform("array of strings").to_string(), "an object without properties");
/// ```
pub fn platform(text: &str) -> Platform {
    read(&text.to_lowercase(), 0)
}

fn read(text: &str, depth: usize) -> Platform {
    if depth > MAX_DEPTH {
        return Platform::Unrecognized;
    }
    if let Some(array) = array_or_item(text, depth) {
        return array;
    }
    if let Some(named) = named(text) {
        return named;
    }
    if let Some(items) = text.strip_suffix("[]") {
        return Platform::Array(Box::new(read(items, depth + 1)));
    }
    let inside = ["array<", "list<", "arr<"]
        .iter()
        .find_map(|start| text.strip_prefix(start)?.strip_suffix('>'));
    match inside {
        Some(items) => Platform::Array(Box::new(read(items, depth + 1))),
        None => Platform::Unrecognized,
    }
}

/// `string | string[]` is `string[]` to the platform; what follows a second bar is not looked at.
fn array_or_item(text: &str, depth: usize) -> Option<Platform> {
    let (first, rest) = text.split_once('|')?;
    let second = rest.split('|').next()?;
    let first = read_alternative(first.trim(), depth)?;
    let second = read_alternative(second.trim(), depth)?;
    match (&first, &second) {
        (Platform::Array(items), other) if **items == *other => Some(first),
        (other, Platform::Array(items)) if **items == *other => Some(second),
        _ => None,
    }
}

fn read_alternative(text: &str, depth: usize) -> Option<Platform> {
    (!text.is_empty()).then(|| read(text, depth + 1))
}

fn named(text: &str) -> Option<Platform> {
    Some(match text {
        "str" | "string" | "date" | "text" | "url" | "uuid" | "hash" | "bytes" | "xml" => {
            Platform::String
        }
        "int" | "integer" => Platform::Integer,
        "num" | "number" | "float" | "decimal" | "long" | "double" => Platform::Number,
        "bool" | "boolean" => Platform::Boolean,
        "obj" | "object" | "record" | "dict" | "dictionary" | "map" => Platform::Object,
        "arr" | "array" | "list" => Platform::Array(Box::new(Platform::Object)),
        "file" => Platform::File,
        "any" | "json" => Platform::Any,
        "null" => Platform::Null,
        _ => return None,
    })
}

impl Platform {
    /// True if the platform keeps the fields that are nested in a field of this type; under any other they are dropped.
    pub fn takes_members(&self) -> bool {
        match self {
            Self::Object | Self::Unrecognized => true,
            Self::Array(items) => items.takes_members(),
            _ => false,
        }
    }

    fn plural(&self) -> String {
        match self {
            Self::String => "strings".into(),
            Self::Integer => "integers".into(),
            Self::Number => "numbers".into(),
            Self::Boolean => "booleans".into(),
            Self::Object => "objects".into(),
            Self::Array(items) => format!("arrays of {}", items.plural()),
            Self::File => "files".into(),
            Self::Any => "any values".into(),
            Self::Null => "nulls".into(),
            Self::Unrecognized => "objects without properties".into(),
        }
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::String => "a string",
            Self::Integer => "an integer",
            Self::Number => "a number",
            Self::Boolean => "a boolean",
            Self::Object => "an object",
            Self::Array(items) => return write!(formatter, "an array of {}", items.plural()),
            Self::File => "a file",
            Self::Any => "any value",
            Self::Null => "null",
            Self::Unrecognized => "an object without properties",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phrase(text: &str) -> String {
        platform(text).to_string()
    }

    #[test]
    fn words_outside_the_table_are_objects_without_properties() {
        for text in [
            "datetime",
            "email",
            "int32",
            "enum<string>",
            "string?",
            "array[string]",
            "",
            "object ",
        ] {
            assert_eq!(platform(text), Platform::Unrecognized, "{text}");
        }
    }

    #[test]
    fn a_union_is_read_only_if_one_is_the_array_of_the_other() {
        assert_eq!(phrase("string | string[]"), "an array of strings");
        assert_eq!(phrase("object[] | object | null"), "an array of objects");
        assert_eq!(platform("string | null"), Platform::Unrecognized);
        assert_eq!(platform("string | string"), Platform::Unrecognized);
    }

    #[test]
    fn arrays_nest_by_suffix_and_by_angle_brackets() {
        assert_eq!(phrase("int[][]"), "an array of arrays of integers");
        assert_eq!(
            phrase("Array<array<string>>"),
            "an array of arrays of strings"
        );
        assert_eq!(phrase("User[]"), "an array of objects without properties");
    }

    #[test]
    fn members_are_dropped_below_scalars() {
        assert!(platform("User[]").takes_members());
        assert!(!platform("string[]").takes_members());
    }
}
