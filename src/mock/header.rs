//! The names of the headers that the mock has of its own.

use http::header::{HeaderName, HeaderValue};

/// The line of the page that an answer comes from.
pub(super) const SOURCE: HeaderName = HeaderName::from_static("mock-source");
/// Why the answer is not simply the documented one.
pub(super) const REASON: HeaderName = HeaderName::from_static("mock-reason");
/// What was repaired in an example.
pub(super) const REPAIRED: HeaderName = HeaderName::from_static("mock-repaired");
/// How many things are wrong with the request.
pub(super) const VIOLATIONS: HeaderName = HeaderName::from_static("mock-violations");
/// One thing that is wrong with the request.
pub(super) const VIOLATION: HeaderName = HeaderName::from_static("mock-violation");
/// Preferences that ask for nothing that there is.
pub(super) const IGNORED: HeaderName = HeaderName::from_static("mock-ignored");
/// What requests make, change, and remove is kept.
pub(super) const STATE: HeaderName = HeaderName::from_static("mock-state");
/// What goes wrong with the answer on purpose.
pub(super) const FAULT: HeaderName = HeaderName::from_static("mock-fault");
/// The answer of the server, in the place of which the pages answer.
pub(super) const FALLBACK: HeaderName = HeaderName::from_static("mock-fallback");
/// Which answers there are, or which was chosen (RFC 7240).
pub(super) const PREFER: HeaderName = HeaderName::from_static("prefer");
/// Which preferences were honoured (RFC 7240).
pub(super) const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");
/// The operation is to go away (RFC 9745).
pub(super) const DEPRECATION: HeaderName = HeaderName::from_static("deprecation");

/// What the answers of operations depend on.
pub(super) const VARY: HeaderValue =
    HeaderValue::from_static("Prefer, Accept, Accept-Encoding, Origin");
