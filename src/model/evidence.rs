//! Where a fact was said, and how strongly.

use crate::source::Span;

/// How a page said something; consumers choose by it how hard to insist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// Deduced, not stated; never held against a server.
    Inferred,
    /// Seen in an example.
    Example,
    /// Read out of running text; a contradiction is at most a warning.
    Prose,
    /// Stated in the site's configuration.
    Config,
    /// Stated in a type string.
    Type,
    /// Stated in an attribute of a component, or in the frontmatter.
    Attribute,
    /// Stated in an OpenAPI file.
    Specification,
}

impl Origin {
    /// The word used in every output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Inferred => "inferred",
            Self::Example => "example",
            Self::Prose => "prose",
            Self::Config => "config",
            Self::Type => "type",
            Self::Attribute => "attribute",
            Self::Specification => "specification",
        }
    }
}

/// A place, and in which way it states the fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Where it is said.
    pub span: Span,
    /// In which way.
    pub origin: Origin,
}

/// A value together with its evidence.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact<T> {
    /// What is said.
    pub value: T,
    /// Where it is said.
    pub evidence: Evidence,
}

impl<T> Fact<T> {
    /// `value`, as `span` says in the way of `origin`.
    pub fn new(value: T, span: Span, origin: Origin) -> Self {
        Self {
            value,
            evidence: Evidence { span, origin },
        }
    }
}
