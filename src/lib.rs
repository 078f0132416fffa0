//! Holds hand-written Mintlify API pages to their word.
//!
//! A docs folder is read into one typed model, and three jobs use it: are the pages right (`check`),
//! what would the API answer (`mock`), and does a live server do what the pages promise (`conform`)?
//! `docs/architecture.md` draws the map.

pub mod check;
pub mod conform;
pub mod diagnostic;
pub mod diff;
pub mod export;
pub mod mdx;
pub mod mock;
pub mod model;
pub mod network;
pub mod report;
pub mod source;
