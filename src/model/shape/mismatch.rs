//! What a comparison finds.

use std::fmt;
use std::ops::Range;

use super::Path;
use crate::model::Evidence;

/// One way in which a value differs from its shape.
#[derive(Clone, Debug, PartialEq)]
pub struct Mismatch {
    /// Where in the value; the first place, if it is found in several items of an array.
    pub path: Path,
    /// In which way.
    pub kind: MismatchKind,
    /// What is documented, in words.
    pub expected: String,
    /// What the value has instead, in words.
    pub found: String,
    /// The bytes in the text of the value; of the key for an undocumented member, of the object for a missing one.
    pub range: Range<usize>,
    /// What is contradicted.
    pub evidence: Option<Evidence>,
    /// True if the value is a quoted placeholder, such as `"<number>"`: its author knows that it is not a value.
    pub placeholder: bool,
    /// In how many items of the array around it, or entries of the map, it is found.
    pub count: usize,
    /// How many such items or entries there are; 1 outside of arrays and maps.
    pub of: usize,
}

/// The ways in which a value can differ from its shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MismatchKind {
    /// Another kind of value.
    WrongType,
    /// `null`, which nothing allows.
    Null,
    /// A promised member is not there.
    Missing,
    /// A member is there that nobody documents.
    Undocumented,
    /// A member is there under its documented name in another spelling: `createdAt` for `created_at`.
    Casing,
    /// Not one of the documented values.
    NotAllowed,
    /// Not the value that it is documented to have always.
    Constant,
    /// Another notation.
    Format,
    /// A number too small or too great.
    Range,
    /// A string or an array too short or too long.
    Length,
}

impl MismatchKind {
    /// The word used in every output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::WrongType => "wrong-type",
            Self::Null => "null",
            Self::Missing => "missing",
            Self::Undocumented => "undocumented",
            Self::Casing => "casing",
            Self::NotAllowed => "not-allowed",
            Self::Constant => "constant",
            Self::Format => "format",
            Self::Range => "range",
            Self::Length => "length",
        }
    }
}

impl fmt::Display for Mismatch {
    /// One line, such as `$.items[0].id: expected integer, found string "a" (in 3 of 4 items)`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}: expected {}, found {}",
            self.path, self.expected, self.found
        )?;
        if self.of > 1 {
            write!(formatter, " (in {} of {} items)", self.count, self.of)?;
        }
        Ok(())
    }
}
