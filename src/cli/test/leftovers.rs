//! What a run leaves on the server: listed with commands that remove it, and kept in a file for `--cleanup`.

use std::fmt::Write as _;

use fieldproof::conform::bindings::Secrets;
use fieldproof::conform::leftover::{self, Entry};
use fieldproof::conform::run::Run;
use fieldproof::report::visible::escape;

use super::TestArgs;
use crate::cli::{Failure, replacement};

/// Keeps what is left on a server, and lists it; nothing if nothing is left.
pub(super) fn keep(
    args: &TestArgs,
    server: &str,
    run: &Run,
    secrets: &Secrets,
) -> Result<String, Failure> {
    if run.leftovers.is_empty() {
        return Ok(String::new());
    }
    let mut shown = String::from("left on the server:\n");
    for leftover in &run.leftovers {
        let name = secrets.hide(&leftover.name());
        let advice = leftover.advice(secrets);
        let _ = writeln!(shown, "  {}  {}", escape(&name), escape(&advice));
    }
    if run.leftovers.iter().all(|it| it.request.is_none()) {
        return Ok(shown);
    }
    let path = &args.leftovers;
    let fault = |reason| Failure::File {
        path: path.clone(),
        reason,
    };
    // What an earlier run left is still there.
    let earlier = match std::fs::read_to_string(path) {
        Ok(text) => leftover::read(&text).map_err(|error| fault(std::io::Error::other(error)))?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(fault(error)),
    };
    // What is left on other servers is in the same file, and is not to be touched.
    let is_elsewhere = |it: &Entry| it.origin().is_some_and(|origin| origin != server);
    let is_mixed = earlier.iter().any(is_elsewhere);
    let text = leftover::write(&run.leftovers, earlier, secrets);
    let text = text.map_err(|error| fault(std::io::Error::other(error)))?;
    replacement::write(path, &text)?;
    let url = if is_mixed {
        format!(" --url {server}")
    } else {
        String::new()
    };
    let _ = writeln!(
        shown,
        "remove it with: fieldproof test --cleanup {}{url}",
        escape(&path.display().to_string())
    );
    Ok(shown)
}
