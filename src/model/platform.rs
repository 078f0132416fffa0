//! Ways in which the platform's own playground reads something else than a page says.
//!
//! The platform extracts an endpoint from the components of a page by strict rules, and passes over the rest in silence.
//! Pages are read more generously here; `build` notes each difference.

use crate::source::Span;

/// A place where the platform's playground reads something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlatformNote {
    /// In which way.
    pub trap: Trap,
    /// The name, attribute, or example it is about; it may be in a snippet that the page uses.
    pub span: Span,
}

/// In which way the platform reads something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Trap {
    /// A field whose name or place is not known without running the page.
    UnevaluatedName,
    /// A `ParamField` without a location.
    NoLocation,
    /// A `ParamField` with several locations.
    SeveralLocations,
    /// A field without a type.
    NoType,
    /// A field inside a tab, an accordion, a callout, or the like, and inside no field.
    Wrapped,
    /// A `ParamField` inside a `ResponseField`, or the reverse.
    Mixed,
    /// Fields inside one whose type the platform takes for a scalar.
    MembersOfScalar,
    /// A type that the platform takes for an object.
    TypeAsObject,
    /// `required="true"`, `required="false"`
    StringRequired,
    /// A name that an earlier field has.
    RepeatedName,
    /// A second `RequestExample`, or a second `ResponseExample`.
    SecondExample,
    /// A fence inside another component in an example.
    WrappedExample,
    /// An example outside of a `Panel` on a page that has one.
    OutsidePanel,
    /// An `authMethod` that the platform does not know.
    UnknownAuthMethod,
    /// A query in an absolute URL.
    DroppedQuery,
}

impl Trap {
    /// The name in every output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UnevaluatedName => "unevaluated-name",
            Self::NoLocation => "no-location",
            Self::SeveralLocations => "several-locations",
            Self::NoType => "no-type",
            Self::Wrapped => "wrapped-field",
            Self::Mixed => "mixed-fields",
            Self::MembersOfScalar => "members-of-scalar",
            Self::TypeAsObject => "type-as-object",
            Self::StringRequired => "string-required",
            Self::RepeatedName => "repeated-name",
            Self::SecondExample => "second-example",
            Self::WrappedExample => "wrapped-example",
            Self::OutsidePanel => "outside-panel",
            Self::UnknownAuthMethod => "unknown-auth-method",
            Self::DroppedQuery => "dropped-query",
        }
    }

    /// What becomes of it in the playground.
    pub fn effect(self) -> &'static str {
        match self {
            Self::UnevaluatedName => {
                "a name or type that is no literal drops the field with its members"
            }
            Self::NoLocation => "a field without a location is dropped with its members",
            Self::SeveralLocations => "a field with several locations is dropped with its members",
            Self::NoType => "a field without a type is dropped with its members",
            Self::Wrapped => {
                "a field inside another component is dropped, unless it is inside a field"
            }
            Self::Mixed => "a field inside a field of the other kind is dropped",
            Self::MembersOfScalar => "members of a type that holds none are dropped",
            Self::TypeAsObject => "the type is taken for an object",
            Self::StringRequired => "a string shows the value as required, and does not ask for it",
            Self::RepeatedName => "of several fields of one name the last one counts",
            Self::SecondExample => "only the first block of its kind is shown",
            Self::WrappedExample => "only fences directly in the block are shown",
            Self::OutsidePanel => "on a page with a panel, examples outside of it are lost",
            Self::UnknownAuthMethod => "an unknown method stands for no authentication",
            Self::DroppedQuery => "the query of an absolute URL is dropped",
        }
    }
}
