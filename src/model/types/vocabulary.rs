//! The words of the type language.

use super::format::words;
use super::{Format, Type};

/// What a word is followed by to make a larger type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Container {
    Array,
    Map,
    Tuple,
    Optional,
    Union,
    Literal,
    Enum,
    /// `Readonly<X>`: the same as `X`.
    Transparent,
}

/// Something said about a type that is not part of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Modifier {
    Nullable,
    Optional,
    /// Says nothing about the kind: `required`, `readonly`.
    Other,
}

/// The most words that [`phrase`] knows as one.
pub(super) const LONGEST_PHRASE: usize = 5;

/// The type that a word, or several words with spaces between them, names.
pub(super) fn phrase(text: &str) -> Option<Type> {
    let words = words(text);
    Some(match words.as_str() {
        "any" | "json" | "jsonb" | "unknown" | "mixed" | "any type" | "anything" | "any json"
        | "json value" | "application/json" => Type::Any,
        "null" | "none" | "nil" | "nulo" => Type::Null,
        "undefined" | "void" | "never" => Type::Undefined,
        "bool" | "boolean" | "booleano" | "布尔" | "布尔值" => Type::Boolean,
        "int" | "integer" | "bigint" | "smallint" | "tinyint" | "uint" | "int16" | "int8"
        | "uint8" | "uint16" | "positive integer" | "entero" | "inteiro" | "整数" | "整型" => {
            Type::Integer(None)
        }
        "long" => Type::Integer(Some(Format::Int64)),
        "num" | "number" | "numeric" | "real" | "número" | "numero" | "数字" => {
            Type::Number(None)
        }
        "str" | "string" | "text" | "char" | "varchar" | "texto" | "cadena" | "字符串" | "字符" => {
            Type::String(None)
        }
        "obj" | "object" | "objeto" | "对象" | "record" | "json object" => Type::Object,
        "map" | "hashmap" | "hash map" | "dict" | "dictionary" | "mapping" | "key value map" => {
            Type::Map(Box::new(Type::String(None)), Box::new(Type::Any))
        }
        "arr" | "array" | "list" | "set" | "lista" | "arreglo" | "数组" | "列表" => {
            Type::Array(None)
        }
        "tuple" => Type::Tuple(Vec::new()),
        "enum" | "enumeration" | "枚举" => Type::Enum(None),
        "file" | "binary" | "blob" | "audio stream" | "byte stream" | "binary stream"
        | "binary data" | "binary file" | "file upload" | "uploadfile" | "multipart file"
        | "audio file" | "image file" | "文件" | "bytesio" => Type::File,
        "function" | "callback" | "func" => Type::Named("function".to_owned()),
        // As a word of its own, "date" is also said of a point in time.
        "date" => Type::Union(vec![
            Type::String(Some(Format::Date)),
            Type::String(Some(Format::DateTime)),
        ]),
        "timestamp" => Type::Union(vec![
            Type::String(Some(Format::DateTime)),
            Type::Integer(Some(Format::UnixTime)),
        ]),
        "datetime.datetime" => Type::String(Some(Format::DateTime)),
        "datetime.date" => Type::String(Some(Format::Date)),
        "true" => Type::Literal(true.into()),
        "false" => Type::Literal(false.into()),
        other => of_format(Format::from_words(other)?),
    })
}

/// The same for a word in the plural, as in "array of strings".
pub(super) fn plural(text: &str) -> Option<Type> {
    let singular = match text.strip_suffix("ies") {
        Some(stem) => phrase(&format!("{stem}y")),
        None => phrase(text.strip_suffix('s')?),
    };
    singular.or_else(|| phrase(text.strip_suffix("es")?))
}

/// The type of a format that stands on its own.
fn of_format(format: Format) -> Type {
    match format {
        Format::Int32
        | Format::Int64
        | Format::Uint32
        | Format::Uint64
        | Format::UnixTime
        | Format::UnixSeconds
        | Format::UnixMilliseconds => Type::Integer(Some(format)),
        Format::Float | Format::Double | Format::Decimal => Type::Number(Some(format)),
        format => Type::String(Some(format)),
    }
}

/// The container that a word makes of what stands in the brackets behind it.
pub(super) fn container(word: &str) -> Option<Container> {
    Some(match word.to_lowercase().as_str() {
        "array" | "arr" | "list" | "set" | "sequence" | "iterable" | "collection" | "vec"
        | "slice" | "readonlyarray" | "frozenset" | "lista" | "数组" | "列表" => {
            Container::Array
        }
        "map" | "dict" | "dictionary" | "record" | "hashmap" | "mapping" | "object" | "obj" => {
            Container::Map
        }
        "tuple" => Container::Tuple,
        "optional" | "nullable" | "maybe" | "option" => Container::Optional,
        "union" | "oneof" | "anyof" => Container::Union,
        "literal" => Container::Literal,
        "enum" => Container::Enum,
        "readonly" | "required" | "nonnullable" => Container::Transparent,
        _ => return None,
    })
}

/// The modifier that a word or a note names.
pub(super) fn modifier(text: &str) -> Option<Modifier> {
    Some(match words(text).as_str() {
        "nullable" | "null" | "or null" | "can be null" | "may be null" | "null allowed" => {
            Modifier::Nullable
        }
        "optional" | "undefined" | "optionnel" | "opcional" => Modifier::Optional,
        "required" | "readonly" | "read only" | "write only" | "deprecated" | "non null"
        | "not null" | "mandatory" => Modifier::Other,
        _ => return None,
    })
}

/// True for the words that stand between alternatives.
pub(super) fn is_or(word: &str) -> bool {
    ["or", "oder", "ou", "o", "或", "或者"].contains(&word.to_lowercase().as_str())
}

/// The type of a media type such as `image/png`, if `text` is one.
pub(super) fn media_type(text: &str) -> Option<Type> {
    let (class, rest) = text.split_once('/')?;
    Some(match (class, rest) {
        ("application", "json") => Type::Any,
        ("application" | "text", "xml") => Type::String(Some(Format::Xml)),
        ("text", "csv") => Type::String(Some(Format::Csv)),
        ("text", "html") => Type::String(Some(Format::Html)),
        ("text", "plain" | "markdown" | "event-stream") => Type::String(None),
        ("image" | "audio" | "video" | "font", _)
        | ("application", "pdf" | "zip" | "octet-stream") => Type::File,
        _ => return None,
    })
}

/// True for a word that names a type of somebody's own, such as `Address`, `v2Order`, `line_item`, or `a.b`.
pub(super) fn is_name(word: &str) -> bool {
    word.contains(|c: char| c.is_uppercase() || c == '_' || c == '.')
}

/// True for a word that is written as values of enumerations are: all in one case.
pub(super) fn is_value(word: &str) -> bool {
    let one_case = !word.contains(char::is_lowercase) || !word.contains(char::is_uppercase);
    one_case && word.chars().count() > 1 && !word.contains('.')
}
