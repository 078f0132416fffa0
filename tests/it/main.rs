//! The one integration test binary.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod automation;
mod browser;
mod conform;
mod fix;
mod installed;
mod large_pages;
mod layers;
mod literate;
mod lsp;
mod mdx;
mod mock;
mod mutation;
mod reading_rules;
mod rule_pages;
mod services;
mod since;
mod sites;
mod watch;
