//! What a reading gives beside the values: what was repaired, repeated, or could not be read.

use std::ops::Range;

use super::Json;

/// A text read as JSON.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// The values, in the order written; more than one for lines of JSON or several examples in one fence.
    pub documents: Vec<Json>,
    /// Each place where the text is not JSON and how it was read, in the order written.
    pub repairs: Vec<Repair>,
    /// Each key that an object repeats.
    pub duplicates: Vec<Duplicate>,
    /// Why nothing, or nothing more, could be read.
    pub failure: Option<Failure>,
}

impl Reading {
    /// True if the text is one JSON value as RFC 8259 has it; repeated keys do not count against it.
    pub fn is_strict(&self) -> bool {
        self.documents.len() == 1 && self.repairs.is_empty() && self.failure.is_none()
    }
}

/// A place where the text was read as something other than it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repair {
    /// What is wrong there.
    pub kind: RepairKind,
    /// The bytes it is about; empty where something is missing.
    pub range: Range<usize>,
}

/// In which way a text is not JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RepairKind {
    /// `[1,]`
    TrailingComma,
    /// `[1,,2]`
    ExtraComma,
    /// `[1 2]`
    MissingComma,
    /// `{"a" 1}`
    MissingColon,
    /// `{"a":: 1}`
    ExtraColon,
    /// `{"a":}`
    MissingValue,
    /// `{{"a": 1}}`: braces around an object or around the items of an array
    MissingKey,
    /// `// text` or `# text`
    LineComment,
    /// `/* text */`
    BlockComment,
    /// `...`, `…`, `"...": "..."`, or a comment that says so
    Elision,
    /// `<id>`, `{amount}`, `string`: something that stands for a value
    Placeholder,
    /// `{a: 1}`
    UnquotedKey,
    /// `'a'`
    SingleQuotes,
    /// `“a”`
    SmartQuotes,
    /// `"a": 1` without braces around
    MissingBraces,
    /// `"a": 1}`
    MissingOpening,
    /// `{"a": [1}`
    MissingClosing,
    /// `{"a": 1}}`, or `{"a": 1]`
    WrongClosing,
    /// `{"a": [1`
    Unclosed,
    /// `"a` up to the end of its line
    UnclosedString,
    /// A line break or another control character inside a string
    UnescapedControl,
    /// `"say "hi" twice"`
    UnescapedQuote,
    /// `"\q"`
    InvalidEscape,
    /// `None`, `True`, `undefined`, `NaN`
    ForeignLiteral,
    /// `+1`, `.5`, `007`
    ForeignNumber,
    /// A space that is not one of the four of JSON
    ForeignSpace,
    /// `"a" | "b"`
    Alternatives,
    /// `"a" (required)`
    StrayText,
    /// `HTTP/1.1 200 OK`, `Name: value`, `// GET /x` before the value
    Preamble,
    /// Another value after the first
    SeveralDocuments,
}

impl RepairKind {
    /// What is wrong, as a lower-case noun phrase.
    pub fn describe(self) -> &'static str {
        match self {
            Self::TrailingComma => "trailing comma",
            Self::ExtraComma => "comma without a value before it",
            Self::MissingComma => "missing comma",
            Self::MissingColon => "missing colon",
            Self::ExtraColon => "colon too many",
            Self::MissingValue => "missing value",
            Self::MissingKey => "value where a key is expected",
            Self::LineComment => "line comment",
            Self::BlockComment => "block comment",
            Self::Elision => "elision",
            Self::Placeholder => "placeholder without quotes",
            Self::UnquotedKey => "key without quotes",
            Self::SingleQuotes => "string in single quotes",
            Self::SmartQuotes => "string in typographic quotes",
            Self::MissingBraces => "members without braces around them",
            Self::MissingOpening => "missing opening brace",
            Self::MissingClosing => "missing closing bracket",
            Self::WrongClosing => "closing bracket that nothing opened",
            Self::Unclosed => "bracket that is never closed",
            Self::UnclosedString => "string without a closing quote",
            Self::UnescapedControl => "unescaped line break or control character in a string",
            Self::UnescapedQuote => "unescaped quote in a string",
            Self::InvalidEscape => "invalid escape in a string",
            Self::ForeignLiteral => "literal of another language",
            Self::ForeignNumber => "number in a form that JSON does not have",
            Self::ForeignSpace => "space that JSON does not allow",
            Self::Alternatives => "alternatives in place of one value",
            Self::StrayText => "text that belongs to no value",
            Self::Preamble => "text before the value",
            Self::SeveralDocuments => "more than one value",
        }
    }

    /// True if the author meant it: the value is incomplete or annotated on purpose rather than by a slip.
    pub fn is_deliberate(self) -> bool {
        matches!(
            self,
            Self::LineComment
                | Self::BlockComment
                | Self::Elision
                | Self::Placeholder
                | Self::Preamble
                | Self::Alternatives
                | Self::SeveralDocuments
        )
    }

    /// True for what somebody writes everywhere who writes it once.
    pub fn is_habit(self) -> bool {
        matches!(
            self,
            Self::TrailingComma
                | Self::MissingKey
                | Self::UnquotedKey
                | Self::SingleQuotes
                | Self::SmartQuotes
                | Self::MissingBraces
        )
    }
}

/// A key that an object has already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// The key.
    pub key: String,
    /// The bytes of the first one, with its quotes.
    pub first: Range<usize>,
    /// The bytes of the repetition.
    pub second: Range<usize>,
}

/// Why a text cannot be read as JSON.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message} at byte {at}")]
pub struct Failure {
    /// The byte where the reader gave up.
    pub at: usize,
    /// What is wrong there, in lower case and without a final period.
    pub message: String,
}

impl Failure {
    pub(super) fn new(at: usize, message: impl Into<String>) -> Self {
        Self {
            at,
            message: message.into(),
        }
    }

    pub(super) fn too_deep(at: usize) -> Self {
        Self::new(
            at,
            format!("more than {} arrays and objects are nested", super::DEPTH),
        )
    }
}
