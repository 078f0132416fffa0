//! What holds for any input: one function for each fuzz target, which fails where it does not hold.
//!
//! `cargo fuzz run page tests/fuzz/page` draws inputs for one of them; the tests run all of them over `tests/fuzz`,
//! and over what becomes of these files when parts of them change places (`tests/it/fuzz.rs`).
//! Inputs are text, so that what was found can be read, and several files or messages stand in one input behind
//! lines that start with `%% `.

mod agreement;
#[expect(dead_code, reason = "the binary reads more of it")]
mod cli;
mod configuration;
mod curl;
mod http;
mod json;
mod judge;
mod openapi;
pub(crate) mod page;
pub(crate) mod reply;
mod route;
mod sample;
pub(crate) mod site;
mod types;

/// What must hold for a text.
pub type Hold = fn(&str);

/// Every target by its name.
pub const TARGETS: &[(&str, Hold)] = &[
    ("agreement", agreement::hold),
    ("configuration", configuration::hold),
    ("curl", curl::hold),
    ("json", json::hold),
    ("judge", judge::hold),
    ("openapi", openapi::hold),
    ("page", page::hold),
    ("reply", reply::hold),
    ("route", route::hold),
    ("site", site::hold),
    ("types", types::hold),
];

/// Runs one target; bytes that are no text are replaced, as they are where files are read.
pub fn run(name: &str, data: &[u8]) {
    let target = TARGETS.iter().find(|(known, _)| *known == name);
    let (_, hold) = target.unwrap_or_else(|| panic!("no target is called {name}"));
    hold(&String::from_utf8_lossy(data));
}

/// The parts of an input: the rest of the line that starts each, and its text. What stands before the first is called `first`.
fn parts<'t>(text: &'t str, first: &'t str) -> Vec<(&'t str, &'t str)> {
    let mut parts = Vec::new();
    let (mut name, mut start, mut at) = (first, 0, 0);
    for line in text.split_inclusive('\n') {
        if let Some(next) = line.strip_prefix("%% ") {
            parts.push((name, &text[start..at]));
            (name, start) = (next.trim(), at + line.len());
        }
        at += line.len();
    }
    parts.push((name, &text[start..]));
    parts.retain(|(name, part)| *name != first || !part.is_empty());
    parts
}
