//! The API as the pages document it: the one model that checking, mocking, and conformance testing share.
//!
//! The only definitions of *matches* (a value against a shape) and of *routes* (a URL against a template) live here.

//! [`build`] makes an [`Api`] of pages; everything else here knows nothing of MDX.

pub mod answer;
pub mod build;
pub mod call;
pub mod code;
pub mod counts;
pub mod curl;
pub mod endpoint;
mod evidence;
pub(crate) mod formula;
pub mod json;
pub mod names;
pub mod numerals;
pub mod openapi;
mod operation;
pub mod platform;
mod prose;
mod reason;
pub mod route;
pub mod shape;
pub mod shared;
mod site;
pub mod topic;
pub mod types;

pub use build::written::{Written, WrittenField};
pub use build::{
    Documentation, Payload, TYPE_STRING, Twice, is_credential, read, read_pages, reading_rules,
    rules,
};
pub use evidence::{Evidence, Fact, Origin, ReadingRule};
pub use operation::{
    Api, Auth, AuthScheme, Body, Example, Field, Listed, Location, Operation, Outcome, Parameter,
    Reason, RequestExample, Response, ResponseHeader, SentInText, Status,
};
pub use prose::ProseFacts;
pub use reason::{describe_status, reason_phrase};
pub use site::{INVALID_SITE_CONFIGURATION, SiteAuth, SiteConfig, Versions};
