//! The language of `type="…"`: what authors write in it, read into a [`Type`].
//!
//! Authors copy types from JSON, OpenAPI, TypeScript, Python, Go, SQL, and plain speech, so the language is the union of
//! what they write. Words are read without regard to case. The grammar, over the tokens of `token.rs`:
//!
//! ```text
//! type         = reason-phrase | union ;
//! union        = [ "|" ] intersection { separator ( modifier | intersection ) } ;
//! separator    = "|" | "," | "/" | "or" | "and" | "oder" | "ou" | "o" | "或" ;  (* "," also before "or" *)
//! intersection = prefixed { "&" prefixed } ;
//! prefixed     = [ "a" | "an" | "the" ] ( "*" prefixed | "..." prefixed | "?" prefixed | modifier prefixed
//!              | array-word "of" prefixed | map-word "of" prefixed [ "to" prefixed ] | postfixed ) ;
//! postfixed    = primary { "[]" | "?" | "!" | note | modifier | array-word | "object" | "enum" | phrase } ;
//! primary      = literal | "(" union ")" | function | record | bracketed | generic | phrase | name | word ;
//! literal      = '"' … '"' | "'" … "'" | "`" … "`" | number | "true" | "false" ;
//! function     = "(" … ")" "=>" union ;
//! record       = "{" [ member { ( "," | ";" ) member } ] "}" | "{" "[" … "]" ":" union "}" ;
//! member       = ( word | literal ) [ "?" ] ":" union ;
//! bracketed    = "[" [ union { "," union } ] "]" ;
//! generic      = word ( "<" arguments ">" | "[" arguments "]" | "(" arguments ")" ) ;
//! arguments    = union { "," union } | values ;
//! note         = "(" ( modifier | values | format ) { "," … } ")" ;
//! values       = [ "enum" | "one of" ] [ ":" ] value { ( "|" | "," | "/" | "or" ) value } ;
//! modifier     = "nullable" | "optional" | "required" | … ;
//! phrase       = a word or words of `vocabulary.rs`, such as "int", "unix timestamp" ;
//! name         = a word with a capital, an underscore, or a dot, such as `Address` ;
//! ```
//!
//! What does not fit is [`Type::Unknown`] with the author's text: it is counted and shown, and never judged.

mod characters;
mod class;
mod cursor;
mod format;
mod generic;
mod grammar;
mod known;
mod mask;
mod note;
mod platform;
mod primary;
mod print;
mod reason;
mod token;
mod vocabulary;

pub use characters::Characters;
pub use class::{class, excludes};
pub use format::Format;
pub(in crate::model) use mask::digits;
pub use mask::{CharacterClass, Mask};
pub use platform::{Platform, platform};

/// What a type string says.
///
/// Made by [`parse`]; printed in one canonical form, which reads back as the same type.
#[derive(Clone, Debug, PartialEq)]
pub enum Type {
    /// `any`, `json`, `unknown`: every value.
    Any,
    /// `null`
    Null,
    /// `undefined`, `void`: nothing at all. In a union it says that the value may be left out.
    Undefined,
    /// `boolean`
    Boolean,
    /// `integer`, perhaps with a format or a unit.
    Integer(Option<Format>),
    /// `number`, perhaps with a format or a unit.
    Number(Option<Format>),
    /// `string`, perhaps with a format.
    String(Option<Format>),
    /// One value: a string, a number, or a boolean.
    Literal(serde_json::Value),
    /// `enum`, `enum<string>`: one of some values that the type does not name.
    Enum(Option<Box<Type>>),
    /// `object`
    Object,
    /// `{ a: string, b?: number }`
    Record(Vec<RecordMember>),
    /// `map<string, number>`: an object with keys of the reader's choice.
    Map(Box<Type>, Box<Type>),
    /// `array`, `string[]`
    Array(Option<Box<Type>>),
    /// `[string, number]`, `tuple`
    Tuple(Vec<Type>),
    /// `a | b`; at least two, none of them a union, none twice.
    Union(Vec<Type>),
    /// A file or a stream of bytes.
    File,
    /// A type that is only named, such as `Address` or `React.ReactNode`.
    Named(String),
    /// The phrase of an HTTP status, such as `Not Found`: some sites write the status where the type belongs.
    ReasonPhrase(String),
    /// What is not understood, as it was written.
    Unknown(String),
}

/// A member of [`Type::Record`].
#[derive(Clone, Debug, PartialEq)]
pub struct RecordMember {
    /// Its name.
    pub name: String,
    /// True for `name?: …`.
    pub optional: bool,
    /// Its type.
    pub type_: Type,
}

/// Reads a type string; never fails, because what is not understood is [`Type::Unknown`].
///
/// ```
/// use fieldproof::model::types::parse;
///
/// assert_eq!(parse("array of strings or null").to_string(), "string[] | null");
/// assert_eq!(parse("Dict[str, Any]").to_string(), "map<string, any>");
/// ```
pub fn parse(text: &str) -> Type {
    known::or(text.trim(), read)
}

fn read(text: &str) -> Type {
    if reason::is_phrase(text) {
        return Type::ReasonPhrase(text.to_owned());
    }
    match grammar::parse(text) {
        None | Some(Type::Unknown(_)) => Type::Unknown(text.to_owned()),
        Some(Type::Named(name)) if reason::is_phrase(&name) => Type::ReasonPhrase(name),
        Some(type_) => type_,
    }
}

impl Type {
    /// The union of `alternatives`: nested unions are opened, repetitions dropped, and one alternative stands for itself.
    pub fn union(alternatives: impl IntoIterator<Item = Self>) -> Self {
        let mut distinct = Vec::new();
        for alternative in alternatives {
            match alternative {
                Self::Union(inner) => inner
                    .into_iter()
                    .for_each(|type_| push_new(&mut distinct, type_)),
                other => push_new(&mut distinct, other),
            }
        }
        match distinct.pop() {
            Some(only) if distinct.is_empty() => only,
            Some(last) => {
                distinct.push(last);
                Self::Union(distinct)
            }
            None => Self::Undefined,
        }
    }

    /// The array of `items`.
    pub fn array(items: Self) -> Self {
        Self::Array(Some(Box::new(items)))
    }

    /// The alternatives of a union; any other type is its own only alternative.
    pub fn alternatives(&self) -> &[Self] {
        match self {
            Self::Union(alternatives) => alternatives,
            other => std::slice::from_ref(other),
        }
    }

    /// True if the type itself allows `null`.
    pub fn allows_null(&self) -> bool {
        self.alternatives().contains(&Self::Null)
    }

    /// True if the type says that the value may be left out, as `string | undefined` and `string?` do.
    pub fn allows_absence(&self) -> bool {
        self.alternatives().contains(&Self::Undefined)
    }

    /// True if no part of the type is [`Type::Unknown`].
    pub fn is_understood(&self) -> bool {
        match self {
            Self::Unknown(_) => false,
            Self::Array(Some(inner)) | Self::Enum(Some(inner)) => inner.is_understood(),
            Self::Map(key, value) => key.is_understood() && value.is_understood(),
            Self::Union(types) | Self::Tuple(types) => types.iter().all(Self::is_understood),
            Self::Record(members) => members.iter().all(|member| member.type_.is_understood()),
            _ => true,
        }
    }
}

fn push_new(distinct: &mut Vec<Type>, type_: Type) {
    if !distinct.contains(&type_) {
        distinct.push(type_);
    }
}

#[cfg(test)]
mod tests;
