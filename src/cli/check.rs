//! `fieldproof check`: do the pages agree with themselves?

use std::path::PathBuf;

use clap::Args;
use fieldproof::check;
use fieldproof::diagnostic::baseline::Coverage;
use fieldproof::diagnostic::{Applied, Diagnostic, Settings};
use fieldproof::model::{self, Documentation, Operation};
use fieldproof::report::{self, Findings, catalog};
use fieldproof::source::FileId;
use fieldproof::source::load::Site;

use super::baseline::BaselineArgs;
use super::config::{self, FailOn};
use super::docs::{self, Docs, DocsArgs};
use super::fix::{self, FixArgs};
use super::output::FormatArgs;
use super::rules::{self, RuleArgs};
use super::{Exit, Failure, Streams, since};

/// Check whether the pages agree with themselves
#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    docs: DocsArgs,
    #[command(flatten)]
    rules: RuleArgs,
    #[command(flatten)]
    fixes: FixArgs,
    #[command(flatten)]
    format: FormatArgs,
    #[command(flatten)]
    baseline: BaselineArgs,
    /// Show only what is about files that differ from a revision of git, and pages that show something of them
    #[arg(long, value_name = "REV")]
    since: Option<String>,
    /// Severity from which findings fail the run [default: error]
    #[arg(long, value_enum, value_name = "SEVERITY", env = "FIELDPROOF_FAIL_ON")]
    fail_on: Option<FailOn>,
    /// Configuration file [default: fieldproof.toml in the root of the docs]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

pub(crate) fn run(args: &CheckArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    let mut docs = docs::read(&args.docs)?;
    let config = config::read(args.config.as_deref(), &docs.site.root)?;
    let settings = rules::settings(&args.rules, &config.check);
    if args.fixes.wanted()? {
        let again = |site: &Site| judge(&settings, site, &model::read(site)).diagnostics;
        if fix::run(&args.fixes, &docs, &again, streams)? {
            docs = docs::read(&args.docs)?;
        }
    }
    let applied = judge(&settings, &docs.site, &docs.documentation);
    let mut diagnostics = applied.diagnostics;
    let coverage = narrow(args, &docs, &mut diagnostics)?;
    let sources = &docs.site.sources;
    let known = (args.baseline).apply(sources, &mut diagnostics, &coverage, streams)?;
    let mut summary = docs.summary().counting(&diagnostics);
    summary.suppressed = applied.suppressed + known.count;
    summary.more.extend(known.figures);
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

/// Leaves the findings that `--since` asks for, and says which operations and pages they cover.
fn narrow(
    args: &CheckArgs,
    docs: &Docs,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Coverage, Failure> {
    let concerned = match &args.since {
        Some(revision) => since::concerned(docs, revision)?,
        None => None,
    };
    if let Some(files) = &concerned {
        diagnostics.retain(|diagnostic| since::is_about(diagnostic, files));
    } else if docs.site.subfolder.is_empty() {
        return Ok(Coverage::Everything);
    }
    let is_covered = |file: &FileId| concerned.as_ref().is_none_or(|files| files.contains(file));
    let pages = docs.site.pages.iter().filter(|file| is_covered(file));
    let pages = pages.map(|file| docs.site.sources.file(*file).path().to_owned());
    let operations = docs.documentation.api.operations.iter();
    let operations = operations
        .filter(|operation| operation.pages.iter().all(is_covered))
        .map(Operation::name);
    Ok(Coverage::Places(pages.chain(operations).collect()))
}

/// The findings of docs that the settings leave, in the order of reports.
pub(super) fn judge(settings: &Settings, site: &Site, documentation: &Documentation) -> Applied {
    let mut applied = settings.apply(
        &site.sources,
        check::check(documentation),
        &documentation.suppressions,
        &catalog::known(site.subfolder.is_empty()),
    );
    report::sort(&site.sources, &mut applied.diagnostics);
    applied
}
