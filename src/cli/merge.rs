//! `fieldproof merge`: the records of shards as one run.

use std::path::{Path, PathBuf};

use clap::Args;
use fieldproof::conform::chain;
use fieldproof::report::run::{Record, merge};
use fieldproof::report::visible::escape;

use super::baseline::BaselineArgs;
use super::conclusion::Conclusion;
use super::config::{self, FailOn};
use super::docs::{self, DocsArgs};
use super::output::FormatArgs;
use super::record::TestFormat;
use super::{Exit, Failure, Streams};

/// Put the records of the shards of a test together, and report them as one run
#[derive(Debug, Args)]
pub(crate) struct MergeArgs {
    /// Records that `fieldproof test --shard` wrote with --report run=FILE
    #[arg(required = true, value_name = "RECORD")]
    records: Vec<PathBuf>,
    /// The docs that were tested
    #[arg(long, default_value = ".", value_name = "DOCS")]
    docs: PathBuf,
    #[command(flatten)]
    format: FormatArgs<TestFormat>,
    #[command(flatten)]
    baseline: BaselineArgs,
    /// Fail with exit code 4 if less than this share of the documented answers and members was seen
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(0..=100))]
    min_coverage: Option<u8>,
    /// Severity from which findings fail the run [default: error]
    #[arg(long, value_enum, value_name = "SEVERITY", env = "FIELDPROOF_FAIL_ON")]
    fail_on: Option<FailOn>,
    /// Configuration file [default: fieldproof.toml in the root of the docs]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

pub(crate) fn run(args: &MergeArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    let docs = docs::read(&DocsArgs {
        docs: args.docs.clone(),
    })?;
    let config = config::read(args.config.as_deref(), &docs.site.root)?;
    let records = args.records.iter().map(|path| read(path));
    let records = records.collect::<Result<Vec<_>, _>>()?;
    let sources = &docs.site.sources;
    let refused =
        |error: merge::MergeError| Failure::Usage(escape(&error.to_string()).into_owned());
    let record = merge::merge(records, sources).map_err(refused)?;
    let roles = chain::roles(&docs.documentation.api);
    let diagnostics = merge::diagnostics(&record, sources, &roles).map_err(refused)?;
    let conclusion = Conclusion {
        docs: &docs,
        format: &args.format,
        baseline: &args.baseline,
        fail_on: args.fail_on.or(config.fail_on).unwrap_or(FailOn::Error),
        min_coverage: args.min_coverage,
        script: None,
    };
    conclusion.tell(&record, diagnostics, None, streams)
}

fn read(path: &Path) -> Result<Record, Failure> {
    let shown = path.display().to_string();
    let shown = escape(&shown);
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::Usage(format!("`{shown}` cannot be read: {error}")))?;
    serde_json::from_str(&text)
        .map_err(|error| Failure::Usage(format!("`{shown}` is no record of a run: {error}")))
}
