//! The API as the pages document it: the one model that checking, mocking, and conformance testing share.
//!
//! The only definitions of *matches* (a value against a shape) and of *routes* (a URL against a template) live here.

mod evidence;
pub mod json;
pub mod route;
pub mod shape;
pub mod types;

pub use evidence::{Evidence, Fact, Origin};
