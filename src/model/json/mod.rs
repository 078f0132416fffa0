//! JSON with places: examples, request bodies, and live answers are all read into [`Json`].

use std::ops::Range;

/// A JSON value and the bytes of the text it was read from.
#[derive(Clone, Debug, PartialEq)]
pub struct Json {
    /// The bytes of the value in the text that was read.
    pub range: Range<usize>,
    /// What it is.
    pub kind: JsonKind,
}

/// What a JSON value is; beside the six kinds of RFC 8259, what authors write where a value should stand.
#[derive(Clone, Debug, PartialEq)]
pub enum JsonKind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, exactly as written.
    Number(serde_json::Number),
    /// A string, its escapes resolved.
    String(String),
    /// An array.
    Array(Vec<Json>),
    /// An object, in the order written; duplicate keys are kept.
    Object(Vec<Member>),
    /// `...`: here the author left something out. As an item or a member it stands for any number of them.
    Elision,
    /// Something that stands for a value without being one, such as an unquoted `<id>` or `{amount}`.
    Placeholder(String),
}

/// A member of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// The key; empty for an elision that stands for further members.
    pub key: String,
    /// The bytes of the key with its quotes.
    pub key_range: Range<usize>,
    /// The value.
    pub value: Json,
}
