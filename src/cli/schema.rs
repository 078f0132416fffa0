//! `fieldproof schema`: what the JSON that commands write looks like, and `fieldproof.toml`.

use std::io::Write as _;

use clap::Args;
use fieldproof::diagnostic::likeness;
use fieldproof::report::schemas::{self, SCHEMAS};

use super::{Exit, Failure, Streams};

/// Print the schema of a JSON output or of the configuration, or list all of them
#[derive(Debug, Args)]
pub(crate) struct SchemaArgs {
    /// What to describe, such as `findings`
    name: Option<String>,
}

pub(crate) fn run(args: &SchemaArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    match &args.name {
        Some(name) => {
            let schema = schemas::find(name).ok_or_else(|| unknown(name))?;
            write!(streams.out, "{}", schema.text)?;
        }
        None => {
            for schema in SCHEMAS {
                writeln!(streams.out, "{:<15} {}", schema.name, schema.about)?;
            }
        }
    }
    streams.out.flush()?;
    Ok(Exit::Clean)
}

fn unknown(name: &str) -> Failure {
    let nearest = SCHEMAS
        .iter()
        .max_by(|one, other| likeness(one.name, name).total_cmp(&likeness(other.name, name)));
    let hint = nearest.map_or_else(String::new, |it| format!("; did you mean `{}`?", it.name));
    Failure::Usage(format!("there is no schema `{name}`{hint}"))
}
