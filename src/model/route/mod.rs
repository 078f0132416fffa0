//! Path templates and the only definition of which URL leads to which operation.
//!
//! ```text
//! template  = { "/" segment }
//! segment   = { literal | parameter }
//! parameter = "{" name "}" | ":" name      the second only at the start of a segment
//! ```
//!
//! A literal segment wins over one with parameters, and a longer literal part over a shorter. A slash at the end and
//! doubled slashes make no difference. Each segment is percent-decoded on its own, so that `%2F` splits nothing.

mod router;
mod template;

pub use router::{Found, Router};
pub use template::{Template, decode};
