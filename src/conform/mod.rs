//! Does a live server do what the pages promise?
//!
//! `plan` makes requests of operations, `client` sends them, `judge` compares the answers with the pages, and `run` ties
//! the three together; `said` reads what sentences promise, for all of them. Only `client` knows sockets.

pub mod bindings;
pub mod chain;
pub mod class;
pub mod client;
pub mod coverage;
mod encode;
pub mod exercise;
mod fresh;
pub mod judge;
pub mod leftover;
pub mod login;
pub mod message;
mod pattern;
pub mod plan;
pub mod quoted;
pub mod repeat;
pub mod replay;
pub mod run;
pub(crate) mod said;
pub mod script;
pub mod session;
pub mod shared;
pub mod target;
pub mod update;
pub mod variables;

pub use judge::rules;
pub use said::permitted;

#[cfg(test)]
mod tests;
