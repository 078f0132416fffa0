//! Files, spans, positions, and loading: where every piece of text came from.
//!
//! Nothing here knows Markdown, HTTP, or output. [`load`] is the only place that reads files.

mod excerpt;
mod file;
pub mod load;
pub mod parallel;
mod span;
pub mod yaml;

pub use excerpt::Excerpt;
pub use file::{Moved, Position, SourceFile, Sources, line_ends};
pub use span::{FileId, Span};
