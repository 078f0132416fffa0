//! The reader of `fieldproof.toml`: it belongs to the binary, which no library can name.

#[path = "../../src/cli/config.rs"]
pub(crate) mod config;
#[path = "../../src/cli/rules.rs"]
pub(crate) mod rules;
