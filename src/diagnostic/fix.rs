//! Edits that mend what a diagnostic found.

use crate::source::Span;

/// A set of edits that mends one problem, all of them or none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as an order such as "remove the trailing comma".
    pub title: String,
    /// Whether it can be applied without being read first.
    pub safety: Safety,
    /// The edits, in any order; their spans do not overlap.
    pub edits: Vec<Edit>,
}

/// A place, and the text that it is to hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; empty where text is only put in.
    pub span: Span,
    /// What is put there.
    pub text: String,
}

/// Whether a fix needs a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Safety {
    /// What the page means stays what its author plainly meant.
    Safe,
    /// It is a guess at which side is wrong, or leaves something to fill in.
    Unsafe,
}

impl Fix {
    /// A fix by one edit that replaces `span` by `text`.
    pub fn replace(
        title: impl Into<String>,
        safety: Safety,
        span: Span,
        text: impl Into<String>,
    ) -> Self {
        Self {
            title: title.into(),
            safety,
            edits: vec![Edit {
                span,
                text: text.into(),
            }],
        }
    }
}
