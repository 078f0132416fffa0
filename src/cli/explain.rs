//! `fieldproof explain`: what a rule means.

use clap::Args;
use fieldproof::report::{catalog, pages};

use super::{Exit, Failure, Streams};

/// Explain a rule, or list all of them
#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// The name of a rule; without it, all are listed
    rule: Option<String>,
}

pub(crate) fn run(args: &ExplainArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    match &args.rule {
        Some(name) => one(name, streams)?,
        None => all(streams)?,
    }
    streams.out.flush()?;
    Ok(Exit::Clean)
}

fn all(streams: &mut Streams) -> Result<(), Failure> {
    for rule in catalog::rules() {
        writeln!(
            streams.out,
            "{:<32} {:<8} {}",
            rule.name,
            rule.severity.as_str(),
            rule.summary
        )?;
    }
    Ok(())
}

/// The page of the rule, below its severity.
fn one(name: &str, streams: &mut Streams) -> Result<(), Failure> {
    let rule = catalog::find(name).map_err(|unknown| Failure::Usage(unknown.to_string()))?;
    writeln!(
        streams.out,
        "{} ({})\n\n{}.",
        rule.name, rule.severity, rule.summary
    )?;
    let page = pages::page(rule.name).and_then(|page| page.split_once("\n\n"));
    if let Some((_, sections)) = page {
        write!(streams.out, "\n{sections}")?;
    }
    Ok(())
}
