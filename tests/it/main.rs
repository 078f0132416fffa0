//! The one integration test binary.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod automation;
mod browser;
mod conform;
mod exports;
mod fix;
mod fuzz;
mod hostile;
mod hostile_docs;
mod installed;
mod large_pages;
mod layers;
mod literate;
mod lsp;
mod mdx;
mod mock;
mod mutation;
mod pictures;
mod reading_rules;
mod rule_pages;
mod schemas;
mod services;
mod since;
mod sites;
mod watch;
