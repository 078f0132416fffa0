//! What pages without an endpoint say of all operations: how errors look, and which headers every answer has.
//!
//! Each fact keeps its place on the page that states it. Which operations it holds for is for the reader to decide.

use serde_json::Value;

use super::evidence::{Fact, Origin, ReadingRule};
use super::operation::{Field, ResponseHeader};
use super::shape::Shape;
use super::types::Format;

/// What an example shows that all errors have.
pub static BODY_OF_ERRORS: ReadingRule = ReadingRule {
    name: "body-of-errors",
    origin: Origin::Example,
    summary: "an example below a title about errors, on a page without an endpoint, shows the body that all errors have",
};

/// A member whose text says when it is `null` is there then.
pub static NULL_IS_THERE: ReadingRule = ReadingRule {
    name: "null-is-there",
    origin: Origin::Example,
    summary: "a member that every example shows, and of which a text says when it is `null`, is in every answer to `fieldproof test`",
};

/// A member that is always there because all are.
pub static ALL_ARE_THERE: ReadingRule = ReadingRule {
    name: "all-are-there",
    origin: Origin::Prose,
    summary: "a documented member that every example shows is in every answer to `fieldproof test`, if a page without an endpoint says that all fields always are",
};

/// Notations are spelled out piece by piece.
pub static SPELLED_OUT: ReadingRule = ReadingRule {
    name: "notation-spelled-out",
    origin: Origin::Prose,
    summary: "`two capital letters, a hyphen, then three digits` is to `fieldproof test` the notation of what is sent",
};

/// What is said of all operations.
#[derive(Clone, Debug, Default)]
pub struct Shared {
    /// How errors look, if one page says it.
    pub errors: Option<Errors>,
    /// The headers that every answer has.
    pub headers: Vec<ResponseHeader>,
    /// The status of every success that states none of its own.
    pub success: Option<Fact<u16>>,
    /// What their running text says of things, such as in which states they can be changed.
    pub remarks: Vec<Remark>,
    /// Objects that they document, which the answers of operations hold.
    pub things: Vec<Thing>,
    /// Notations that all values of a kind have, such as that of times.
    pub notations: Vec<Fact<Format>>,
    /// What they say of all requests.
    pub sent: SentByAll,
}

/// What may be sent to every operation.
#[derive(Clone, Debug, Default)]
pub struct SentByAll {
    /// The names of headers.
    pub headers: Vec<Fact<String>>,
    /// The sentences that offer a choice of ways to authenticate, in lower case.
    pub credentials: Vec<Fact<String>>,
}

/// An object that a page without an endpoint documents: its members, below a heading.
#[derive(Clone, Debug)]
pub struct Thing {
    /// The heading.
    pub title: String,
    /// The members.
    pub fields: Vec<Field>,
    /// The object that they make.
    pub shape: Shape,
}

/// A sentence on a page without an endpoint.
#[derive(Clone, Debug)]
pub struct Remark {
    /// The titles above it.
    pub about: String,
    /// The sentence, with code in backticks.
    pub text: Fact<String>,
}

/// The errors of an API, as one page describes them.
#[derive(Clone, Debug, Default)]
pub struct Errors {
    /// The body that they have in common.
    pub body: Option<ErrorBody>,
    /// What fields and sentences say of its members.
    pub fields: Vec<Field>,
    /// The statuses, in the order of the page.
    pub kinds: Vec<ErrorKind>,
    /// The headers that come with one of them.
    pub headers: Vec<ResponseHeader>,
    /// The media type that all of them have.
    pub media_type: Option<Fact<String>>,
}

/// The body that errors have in common.
#[derive(Clone, Debug)]
pub struct ErrorBody {
    /// What it looks like.
    pub shape: Shape,
    /// The way to the member that holds the code for programs, such as `error`, `code`; empty if no code of the page is shown.
    pub code: Vec<String>,
    /// What stands before the code there, as in a URL that ends with it.
    pub prefix: String,
    /// The way to the member that repeats the status, such as `status`; empty if none is shown.
    pub status: Vec<String>,
    /// The bodies that examples show.
    pub shown: Vec<Value>,
}

/// One status that the page lists.
#[derive(Clone, Debug)]
pub struct ErrorKind {
    /// The status.
    pub status: Fact<u16>,
    /// The codes for programs that come with it.
    pub codes: Vec<Fact<String>>,
    /// The line as a sentence, with code in backticks.
    pub text: Fact<String>,
}
