//! `fieldproof check`: do the pages agree with themselves?

use std::path::PathBuf;

use clap::Args;
use fieldproof::check;
use fieldproof::diagnostic::Diagnostic;
use fieldproof::model::{self, Documentation};
use fieldproof::report::{self, Findings};
use fieldproof::source::Sources;
use fieldproof::source::load::Site;

use super::config::{self, FailOn};
use super::docs::{self, DocsArgs};
use super::fix::{self, FixArgs};
use super::output::FormatArgs;
use super::{Exit, Failure, Streams};

/// Check whether the pages agree with themselves
#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    docs: DocsArgs,
    #[command(flatten)]
    fixes: FixArgs,
    #[command(flatten)]
    format: FormatArgs,
    /// Severity from which findings fail the run [default: error]
    #[arg(long, value_enum, value_name = "SEVERITY")]
    fail_on: Option<FailOn>,
    /// Configuration file [default: fieldproof.toml in the root of the docs]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

pub(crate) fn run(args: &CheckArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    let mut docs = docs::read(&args.docs)?;
    let config = config::read(args.config.as_deref(), &docs.site.root)?;
    let mut diagnostics = diagnose(&docs.site.sources, &docs.documentation);
    if args.fixes.wanted()? {
        let again = |site: &Site| diagnose(&site.sources, &model::read(site));
        if fix::run(&args.fixes, &docs, &again, streams)? {
            docs = docs::read(&args.docs)?;
            diagnostics = diagnose(&docs.site.sources, &docs.documentation);
        }
    }
    let mut summary = docs.summary().counting(&diagnostics);
    summary.more.extend(fix::offered(&diagnostics));
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
    if !args.fixes.diff {
        streams.findings(&findings, &args.format)?;
    }
    let fails = diagnostics.iter().any(|it| findings.fails(it));
    Ok(if fails { Exit::Findings } else { Exit::Clean })
}

/// The findings of docs, in the order of reports.
fn diagnose(sources: &Sources, documentation: &Documentation) -> Vec<Diagnostic> {
    let mut diagnostics = check::check(documentation);
    report::sort(sources, &mut diagnostics);
    diagnostics
}
