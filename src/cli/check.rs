//! `fieldproof check`: do the pages agree with themselves?

mod sites;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use fieldproof::check;
use fieldproof::diagnostic::baseline::Coverage;
use fieldproof::diagnostic::{self, Applied, Diagnostic, Settings, Severity, Signature};
use fieldproof::model::{self, Documentation, Operation};
use fieldproof::report::visible::escape;
use fieldproof::report::{self, Findings, Summary, catalog};
use fieldproof::source::FileId;
use fieldproof::source::load::{self, Site};

use super::baseline::BaselineArgs;
use super::config::{self, Config, FailOn};
use super::docs::{self, Docs, DocsArgs};
use super::fix::{self, FixArgs};
use super::output::FormatArgs;
use super::rules::{self, RuleArgs};
use super::watch::Watch;
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
    /// Show what the baseline of the configuration file knows, too
    #[arg(long, conflicts_with_all = ["baseline", "baseline_update", "baseline_prune"])]
    no_baseline: bool,
    /// Show only what is about files that differ from a revision of git, and pages that show something of them
    #[arg(long, value_name = "REV")]
    since: Option<String>,
    /// Check again whenever a file changes, and show what is new and what is gone
    #[arg(long, conflicts_with_all = ["fix", "diff", "output", "report", "baseline_update", "baseline_prune"])]
    watch: bool,
    /// Severity from which findings fail the run [default: error]
    #[arg(long, value_enum, value_name = "SEVERITY", env = "FIELDPROOF_FAIL_ON")]
    fail_on: Option<FailOn>,
    /// Configuration file [default: fieldproof.toml in the root of the docs]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

pub(crate) fn run(args: &CheckArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    if let Some(several) = load::several(&args.docs.docs) {
        return sites::run(args, &several, streams);
    }
    // What changes while the docs are read for the first time is seen too.
    let watch = if args.watch {
        Some(Watch::start(&docs::read(&args.docs)?.site.root)?)
    } else {
        None
    };
    let round = Round::of(args, &args.docs, streams)?;
    if !args.fixes.diff {
        round.show(args, &round.joined, streams)?;
    }
    if let Some(watch) = watch {
        return follow(args, &watch, &round, streams);
    }
    Ok(exit(&round.diagnostics, round.fails_from))
}

/// The exit code of a run with these findings.
fn exit(diagnostics: &[Diagnostic], fails_from: Option<Severity>) -> Exit {
    let fails = |it: &Diagnostic| fails_from.is_some_and(|least| it.severity >= least);
    if diagnostics.iter().any(fails) {
        Exit::Findings
    } else {
        Exit::Clean
    }
}

/// Docs that were read and checked once.
struct Round {
    docs: Docs,
    /// What is wrong at each place.
    diagnostics: Vec<Diagnostic>,
    /// The same with one finding for each cause.
    joined: Vec<Diagnostic>,
    summary: Summary,
    fails_from: Option<Severity>,
}

impl Round {
    fn of(args: &CheckArgs, place: &DocsArgs, streams: &mut Streams) -> Result<Self, Failure> {
        let mut docs = docs::read(place)?;
        docs.tell_too_large(streams)?;
        let config = config::read(args.config.as_deref(), &docs.site.root)?;
        let settings = rules::settings(&args.rules, &config.check);
        if args.fixes.wanted()? {
            let again = |site: &Site| judge(&settings, site, &model::read(site)).diagnostics;
            if fix::run(&args.fixes, &docs, &again, streams)? {
                docs = docs::read(place)?;
            }
        }
        let applied = judge(&settings, &docs.site, &docs.documentation);
        let mut diagnostics = applied.diagnostics;
        let coverage = narrow(args, &docs, &mut diagnostics)?;
        let sources = &docs.site.sources;
        let baseline = baseline(args, &config, &docs);
        let known = baseline.apply(sources, &mut diagnostics, &coverage, streams)?;
        let joined = diagnostic::gather(sources, diagnostics.clone());
        let mut summary = docs.summary().counting(&joined);
        summary.suppressed = applied.suppressed + known.count;
        summary.more.extend(known.figures);
        summary.more.extend(fix::offered(&diagnostics));
        let fail_on = args.fail_on.or(config.fail_on).unwrap_or(FailOn::Error);
        Ok(Self {
            docs,
            diagnostics,
            joined,
            summary,
            fails_from: fail_on.severity(),
        })
    }

    /// Shows some of the findings, and the figures of all.
    fn show(
        &self,
        args: &CheckArgs,
        diagnostics: &[Diagnostic],
        streams: &mut Streams,
    ) -> Result<(), Failure> {
        let findings = Findings {
            sources: &self.docs.site.sources,
            diagnostics,
            summary: &self.summary,
            prefix: &self.docs.prefix,
            operations: &self.docs.covered(),
            fails_from: self.fails_from,
            run: None,
        };
        streams.findings(&findings, &args.format)
    }

    /// Each finding by what it says and of what, wherever it stands, and how often.
    fn said(&self) -> BTreeMap<(Signature, String), usize> {
        let mut said = BTreeMap::new();
        for diagnostic in &self.diagnostics {
            let signature = Signature::of(&self.docs.site.sources, diagnostic);
            *said
                .entry((signature, diagnostic.message.clone()))
                .or_default() += 1;
        }
        said
    }
}

/// Checks again whenever a file changes, and shows what is new and what is gone.
fn follow(
    args: &CheckArgs,
    watch: &Watch,
    first: &Round,
    streams: &mut Streams,
) -> Result<Exit, Failure> {
    let mut before = first.said();
    while watch.wait() {
        let round = match Round::of(args, &args.docs, streams) {
            Ok(round) => round,
            // What cannot be read now may be readable after the next change.
            Err(failure) => {
                writeln!(streams.err, "fieldproof: {failure}")?;
                continue;
            }
        };
        let now = round.said();
        if now == before {
            continue;
        }
        for ((signature, message), count) in &before {
            let left = now.get(&(signature.clone(), message.clone())).copied();
            for _ in left.unwrap_or(0)..*count {
                let gone = format!("gone: {} {message} ({})", signature.rule, signature.place);
                writeln!(streams.out, "{}", escape(&gone))?;
            }
        }
        let is_new = |diagnostic: &&Diagnostic| {
            let key = (
                Signature::of(&round.docs.site.sources, diagnostic),
                diagnostic.message.clone(),
            );
            match before.get_mut(&key) {
                Some(count) if *count > 0 => {
                    *count -= 1;
                    false
                }
                _ => true,
            }
        };
        let new = round.diagnostics.iter().filter(is_new).cloned().collect();
        let new = diagnostic::gather(&round.docs.site.sources, new);
        round.show(args, &new, streams)?;
        before = now;
    }
    Ok(Exit::Clean)
}

/// Which findings are known: those of the file that a flag names, else the configuration.
fn baseline(args: &CheckArgs, config: &Config, docs: &Docs) -> BaselineArgs {
    let named = config.check.baseline.as_ref().filter(|_| !args.no_baseline);
    let folder = config::path(args.config.as_deref(), &docs.site.root);
    args.baseline
        .or(named.map(|name| folder.with_file_name(name)))
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
