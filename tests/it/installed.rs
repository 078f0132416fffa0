//! Programs of others that some tests use where they are installed.

use std::path::PathBuf;
use std::process::{Command, Stdio};

/// A program, or nothing and a line that says what is not tested; a variable of the environment names another path.
#[expect(
    clippy::print_stdout,
    reason = "a person is to know what was not tested"
)]
pub(crate) fn program(variable: &str, name: &str) -> Option<PathBuf> {
    let path = std::env::var_os(variable).map_or_else(|| PathBuf::from(name), PathBuf::from);
    let is_there = Command::new(&path)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !is_there {
        println!("not tested with {name}: it is not installed; {variable}=PATH names it");
    }
    is_there.then_some(path)
}
