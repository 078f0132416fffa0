//! `fieldproof explain`: what a rule means.

use clap::Args;
use fieldproof::report::catalog;

use super::{Exit, Failure, Streams};

/// Explain a rule, or list all of them
#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// The name of a rule; without it, all are listed
    rule: Option<String>,
}

pub(crate) fn run(args: &ExplainArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    let rules = catalog::rules();
    let Some(name) = &args.rule else {
        for rule in rules {
            writeln!(
                streams.out,
                "{:<32} {:<8} {}",
                rule.name, rule.severity, rule.summary
            )?;
        }
        streams.out.flush()?;
        return Ok(Exit::Clean);
    };
    let Some(rule) = rules.iter().find(|rule| rule.name == name) else {
        let nearest = rules
            .iter()
            .max_by(|one, other| likeness(one.name, name).total_cmp(&likeness(other.name, name)));
        let hint = nearest.map_or_else(String::new, |rule| {
            format!("; did you mean `{}`?", rule.name)
        });
        return Err(Failure::Usage(format!("there is no rule `{name}`{hint}")));
    };
    writeln!(
        streams.out,
        "{} ({})\n\n{}.",
        rule.name, rule.severity, rule.summary
    )?;
    streams.out.flush()?;
    Ok(Exit::Clean)
}

/// How alike two names are, from 0 to 1.
fn likeness(one: &str, other: &str) -> f32 {
    similar::TextDiff::from_chars(one, other).ratio()
}
