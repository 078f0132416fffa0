//! Where a fact was said, how strongly, and which reading rule took it from there.

use crate::source::Span;

/// How a page said something; consumers choose by it how hard to insist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// Deduced, not stated; never held against a server.
    Inferred,
    /// Seen in an example.
    Example,
    /// Read out of running text; a contradiction is a warning, unless something else on the pages agrees.
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
            Self::Specification => "openapi",
        }
    }
}

/// One way in which pages are read: what turns a piece of a page into a fact.
///
/// Each rule is declared beside the code that reads so; [`crate::model::reading_rules`] lists them all.
#[derive(Debug, PartialEq, Eq)]
pub struct ReadingRule {
    /// Kebab-case; names what is read.
    pub name: &'static str,
    /// How strongly such facts are said.
    pub origin: Origin,
    /// What is read, and as what, in one sentence without its full stop.
    pub summary: &'static str,
}

/// A place, and in which way it states the fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Where it is said.
    pub span: Span,
    /// In which way.
    pub origin: Origin,
    /// What read it.
    pub rule: &'static ReadingRule,
}

impl Evidence {
    /// What `rule` reads in `span`.
    pub fn new(span: Span, rule: &'static ReadingRule) -> Self {
        Self {
            span,
            origin: rule.origin,
            rule,
        }
    }
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
    /// `value`, as `rule` reads it in `span`.
    pub fn new(value: T, span: Span, rule: &'static ReadingRule) -> Self {
        Self {
            value,
            evidence: Evidence::new(span, rule),
        }
    }
}
