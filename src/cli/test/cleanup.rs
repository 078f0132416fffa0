//! `fieldproof test --cleanup FILE`: removes what an earlier run left.
//!
//! Only requests that the run itself wrote down are sent, to the server that it wrote down. What is removed, or is gone
//! already, leaves the file; an empty file is deleted. Of a file that lists several servers, `--url` chooses one.

use std::collections::BTreeSet;
use std::path::Path;

use fieldproof::conform::client::Client;
use fieldproof::conform::leftover::{self, Entry};
use fieldproof::conform::message::describe_status;
use fieldproof::conform::target::Target;
use fieldproof::report::visible::escape;

use super::TestArgs;
use crate::cli::{Exit, Failure, Streams, config, replacement};

/// What became of a leftover.
enum Outcome {
    Removed,
    Gone,
    /// It is still there, and why.
    Left(String),
    /// The server could not be reached.
    Unreached(String),
}

pub(super) fn run(args: &TestArgs, file: &Path, streams: &mut Streams) -> Result<Exit, Failure> {
    let unusable =
        |reason: String| Failure::Usage(format!("`{}` cannot be used: {reason}", file.display()));
    let text = std::fs::read_to_string(file).map_err(|error| unusable(error.to_string()))?;
    let entries = leftover::read(&text).map_err(|error| unusable(error.to_string()))?;
    // The file stands for the docs: nothing is read but the settings of who asks.
    let config = match &args.config {
        Some(path) => config::read(Some(path), Path::new("."))?,
        None => config::Config::default(),
    };
    let servers: BTreeSet<&str> = entries.iter().filter_map(Entry::origin).collect();
    let url = args.server.url.as_deref().map(Target::parse).transpose();
    let url = url.map_err(|error| unusable(error.to_string()))?;
    let origin = match (&url, servers.first()) {
        (_, None) => return report_none(&entries, streams),
        (Some(target), _) if servers.contains(target.origin.as_str()) => target.origin.as_str(),
        (None, Some(origin)) if servers.len() == 1 => origin,
        _ => {
            let servers: Vec<&str> = servers.into_iter().collect();
            return Err(unusable(format!(
                "it lists what is left on {}; choose one of them with --url",
                escape(&servers.join(", "))
            )));
        }
    };
    let target = Target::parse(origin).map_err(|error| unusable(error.to_string()))?;
    let bindings = args.server.credentials.bindings(&config.test, &target)?;
    let client = args.server.network.client(&target)?;
    let secret = |name: &str| bindings.secret(name).or_else(|| std::env::var(name).ok());
    let is_here = |entry: &&Entry| entry.origin().is_none_or(|it| it == origin);
    let (here, elsewhere): (Vec<_>, Vec<_>) = entries.iter().partition(is_here);
    let mut left = Vec::new();
    let (mut removed, mut is_unreached) = (0, false);
    for entry in here {
        let outcome = remove(entry, &client, &bindings.headers, &secret);
        let name = escape(&entry.name()).into_owned();
        match &outcome {
            Outcome::Removed => writeln!(streams.out, "removed {name}")?,
            Outcome::Gone => writeln!(streams.out, "{name} is gone already")?,
            Outcome::Left(reason) | Outcome::Unreached(reason) => {
                writeln!(streams.out, "left {name}: {}", escape(reason))?;
            }
        }
        is_unreached |= matches!(outcome, Outcome::Unreached(_));
        if matches!(outcome, Outcome::Removed | Outcome::Gone) {
            removed += 1;
        } else {
            left.push(entry.clone());
        }
    }
    writeln!(streams.out, "{removed} removed, {} left", left.len())?;
    streams.out.flush()?;
    let is_clean = left.is_empty();
    left.extend(elsewhere.into_iter().cloned());
    rewrite(file, left)?;
    Ok(match (is_clean, is_unreached) {
        (true, _) => Exit::Clean,
        (false, true) => Exit::Unreachable,
        (false, false) => Exit::Findings,
    })
}

fn remove(
    entry: &Entry,
    client: &Client,
    headers: &[(String, String)],
    secret: &dyn Fn(&str) -> Option<String>,
) -> Outcome {
    let request = match entry.request(headers, secret) {
        Ok(Some(request)) => request,
        Ok(None) => return Outcome::Left("no documented operation removes it".to_owned()),
        Err(name) => {
            return Outcome::Left(format!(
                "its request needs the secret `{name}`; give it with --secret {name}=VALUE, or send the header with -H"
            ));
        }
    };
    let answers = client.send(std::slice::from_ref(&request));
    match answers.into_iter().next() {
        Some(Ok(answer)) => match answer.status {
            200..=299 => Outcome::Removed,
            404 | 410 => Outcome::Gone,
            status => Outcome::Left(format!("the server answers {}", describe_status(status))),
        },
        Some(Err(reason)) => Outcome::Unreached(reason.to_string()),
        None => Outcome::Unreached("there is no answer".to_owned()),
    }
}

/// The file holds nothing that could be sent.
fn report_none(entries: &[Entry], streams: &mut Streams) -> Result<Exit, Failure> {
    for entry in entries {
        let name = entry.name();
        writeln!(
            streams.out,
            "left {}: no documented operation removes it",
            escape(&name)
        )?;
    }
    writeln!(streams.out, "0 removed, {} left", entries.len())?;
    streams.out.flush()?;
    Ok(if entries.is_empty() {
        Exit::Clean
    } else {
        Exit::Findings
    })
}

/// Keeps what is still left.
fn rewrite(file: &Path, left: Vec<Entry>) -> Result<(), Failure> {
    let fault = |reason| Failure::File {
        path: file.to_owned(),
        reason,
    };
    if left.is_empty() {
        return std::fs::remove_file(file).map_err(fault);
    }
    let text = leftover::write_entries(left);
    let text = text.map_err(|error| fault(std::io::Error::other(error)))?;
    replacement::write(file, &text)
}
