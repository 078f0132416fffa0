//! `fieldproof check`: do the pages agree with themselves?

use std::path::PathBuf;

use clap::Args;
use fieldproof::check;
use fieldproof::report::{self, Findings, catalog};

use super::config::{self, FailOn};
use super::docs::{self, DocsArgs};
use super::output::FormatArgs;
use super::rules::{self, RuleArgs};
use super::{Exit, Failure, Streams};

/// Check whether the pages agree with themselves
#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    docs: DocsArgs,
    #[command(flatten)]
    rules: RuleArgs,
    #[command(flatten)]
    format: FormatArgs,
    /// Severity from which findings fail the run [default: error]
    #[arg(long, value_enum, value_name = "SEVERITY", env = "FIELDPROOF_FAIL_ON")]
    fail_on: Option<FailOn>,
    /// Configuration file [default: fieldproof.toml in the root of the docs]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

pub(crate) fn run(args: &CheckArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    let docs = docs::read(&args.docs)?;
    let config = config::read(args.config.as_deref(), &docs.site.root)?;
    let applied = rules::settings(&args.rules, &config.check).apply(
        &docs.site.sources,
        check::check(&docs.documentation),
        &docs.documentation.suppressions,
        &catalog::known(docs.site.subfolder.is_empty()),
    );
    let mut diagnostics = applied.diagnostics;
    report::sort(&docs.site.sources, &mut diagnostics);
    let mut summary = docs.summary().counting(&diagnostics);
    summary.suppressed = applied.suppressed;
    let operations = docs.covered();
    let fail_on = args.fail_on.or(config.fail_on).unwrap_or(FailOn::Error);
    let findings = Findings {
        sources: &docs.site.sources,
        diagnostics: &diagnostics,
        summary: &summary,
        prefix: &docs.prefix,
        operations: &operations,
        fails_from: fail_on.severity(),
    };
    streams.findings(&findings, &args.format)?;
    let fails = diagnostics.iter().any(|it| findings.fails(it));
    Ok(if fails { Exit::Findings } else { Exit::Clean })
}
