//! Routes: the only definition of which path belongs to which template.
//!
//! A [`Template`] is the path of an `api:` value; a [`Router`] finds the templates that a requested path matches.
//! A trailing slash and doubled slashes make no difference, and a query is not looked at.

mod router;
mod segment;
mod template;

pub use router::{Match, Router};
pub use template::{Fault, FaultKind, Template};

/// What follows `?` or `#` is not part of the path. A `?` inside braces is part of a parameter's name.
fn path_of(text: &str) -> &str {
    let mut depth = 0_usize;
    let end = text.find(|c| {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && matches!(c, '?' | '#')
    });
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}
