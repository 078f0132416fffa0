//! `fieldproof test`: does a live server do what the pages promise?

mod cleanup;
mod leftovers;
mod nothing;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{IsTerminal, Write as _};
use std::path::PathBuf;

use clap::Args;
use fieldproof::conform::coverage::{self, Row};
use fieldproof::conform::message::Stop;
use fieldproof::conform::plan::{self, Omitted, Plan};
use fieldproof::conform::repeat;
use fieldproof::conform::run::{self, Run};
use fieldproof::conform::session::{Done, Wire};
use fieldproof::conform::target::Target;
use fieldproof::diagnostic::baseline::Coverage;
use fieldproof::model::Operation;
use fieldproof::report::visible::escape;
use fieldproof::report::{self, Covered, Findings};

use super::baseline::BaselineArgs;
use super::config::{self, Config, FailOn};
use super::credentials::CredentialArgs;
use super::docs::{self, Docs, DocsArgs};
use super::network::NetworkArgs;
use super::output::{Format, FormatArgs};
use super::scope::{self, ScopeArgs};
use super::{Exit, Failure, Streams};

/// Test whether a live server does what the pages promise
#[derive(Debug, Args)]
pub(crate) struct TestArgs {
    #[command(flatten)]
    docs: DocsArgs,
    /// Base URL of the server; a path in it stands for the documented base path
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    #[command(flatten)]
    credentials: CredentialArgs,
    /// Send requests that may change data to servers that are not on this machine
    #[arg(long)]
    allow_writes: bool,
    #[command(flatten)]
    scope: ScopeArgs,
    /// Print the requests as curl commands, and send nothing
    #[arg(long, conflicts_with_all = ["format", "fail_on"])]
    plan: bool,
    /// Where to keep what could not be removed from the server, for --cleanup; written only if there is something
    #[arg(long, value_name = "FILE", default_value = "fieldproof-leftovers.json")]
    leftovers: PathBuf,
    /// Remove what an earlier run left, as FILE lists it, and do nothing else
    #[arg(long, value_name = "FILE", conflicts_with_all = ["plan", "format", "output", "report", "phase"])]
    cleanup: Option<PathBuf>,
    #[command(flatten)]
    network: NetworkArgs,
    #[command(flatten)]
    format: FormatArgs,
    #[command(flatten)]
    baseline: BaselineArgs,
    /// Severity from which findings fail the run [default: error]
    #[arg(long, value_enum, value_name = "SEVERITY", env = "FIELDPROOF_FAIL_ON")]
    fail_on: Option<FailOn>,
    /// Configuration file [default: fieldproof.toml in the root of the docs]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

pub(crate) fn run(args: &TestArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    if let Some(file) = &args.cleanup {
        return cleanup::run(args, file, streams);
    }
    let docs = docs::read(&args.docs)?;
    let config = config::read(args.config.as_deref(), &docs.site.root)?;
    let target = target(args, &config)?;
    let bindings = args.credentials.bindings(&config.test, &target)?;
    let api = &docs.documentation.api;
    let plan = plan::plan(
        api,
        &target,
        &bindings,
        &plan::Options {
            allow_writes: args.allow_writes,
            phases: args.scope.phases(),
            only: args.scope.operations(&docs)?,
            classes: scope::classes(&config.test, &docs)?,
            disposable: disposable(&config),
        },
    );
    for name in &plan.unused {
        let name = escape(name);
        writeln!(
            streams.err,
            "fieldproof: --var {name} is not used: no page has a placeholder or parameter of that name"
        )?;
    }
    if plan.items.is_empty() {
        write!(streams.err, "{}", table(&docs, &[], &plan.omitted))?;
        return Err(nothing::planned(&docs, &plan.omitted));
    }
    if args.plan {
        return print(&docs, &plan, streams);
    }
    let mut client = args.network.client(&target)?;
    let rules = args.scope.rules()?;
    client
        .end_within(args.scope.max_time)
        .map_err(|error| Failure::Unreachable(error.to_string()))?;
    let progress = Progress::new(api.operations.len(), streams.quiet);
    let mut run = run::run(
        &plan,
        api,
        Wire {
            send: &mut |requests| client.send(requests),
            stop: &mut || client.ended(),
            progress: &mut |done| progress.show(done),
            max_requests: args.scope.max_requests,
            jobs: usize::from(args.network.jobs),
        },
    );
    progress.clear();
    if let Some(rules) = rules {
        run.diagnostics.retain(|it| rules.contains(&it.rule.name));
    }
    let left = leftovers::keep(args, &run, &plan.secrets)?;
    if let Some(reason) = &run.unreachable {
        write!(streams.err, "{left}")?;
        return Err(Failure::Unreachable(format!(
            "{} cannot be tested: {reason}; check the URL, and that the server is running",
            target.origin
        )));
    }
    if run.exercised.is_empty() {
        write!(streams.err, "{}", table(&docs, &[], &run.omitted))?;
        write!(streams.err, "{left}")?;
        return Err(nothing::planned(&docs, &run.omitted));
    }
    finish(args, &config, &docs, run, &left, streams)
}

/// The parameters and ids that may be changed and deleted.
fn disposable(config: &Config) -> Vec<(String, String)> {
    let names = config.test.disposable.iter();
    let pairs = names.flat_map(|(name, ids)| ids.iter().map(|id| (name.clone(), id.clone())));
    pairs.collect()
}

/// Shows what came of a run.
fn finish(
    args: &TestArgs,
    config: &Config,
    docs: &Docs,
    mut run: Run,
    left: &str,
    streams: &mut Streams,
) -> Result<Exit, Failure> {
    report::sort(&docs.site.sources, &mut run.diagnostics);
    let operations = &docs.documentation.api.operations;
    let asked = run
        .exercised
        .iter()
        .filter_map(|index| operations.get(*index));
    let coverage = Coverage::Places(asked.map(Operation::name).collect());
    let sources = &docs.site.sources;
    let known = (args.baseline).apply(sources, &mut run.diagnostics, &coverage, streams)?;
    let mut summary = docs.summary().counting(&run.diagnostics);
    summary.suppressed += known.count;
    summary.more = figures(&run);
    summary.more.extend(known.figures);
    let operations = covered(docs, &run);
    let fail_on = args.fail_on.or(config.fail_on).unwrap_or(FailOn::Error);
    let findings = Findings {
        sources: &docs.site.sources,
        diagnostics: &run.diagnostics,
        summary: &summary,
        prefix: &docs.prefix,
        operations: &operations,
        fails_from: fail_on.severity(),
    };
    streams.findings(&findings, &args.format)?;
    let rows = coverage::rows(&docs.documentation.api, &run.exchanges);
    let mut table = table(docs, &run.exercised, &run.omitted);
    table.push_str(&notes(&run));
    table.push_str(left);
    if args.format.format == Format::Human && args.format.output.is_none() {
        write!(streams.out, "\n{}{table}", coverage_table(docs, &rows))?;
        streams.out.flush()?;
    } else {
        write!(streams.err, "{table}")?;
    }
    let fails = run.diagnostics.iter().any(|it| findings.fails(it));
    if fails {
        return Ok(Exit::Findings);
    }
    nothing::after(&run)?;
    gate(args, &rows)?;
    Ok(Exit::Clean)
}

/// The share that has to be seen, in percent.
fn gate(args: &TestArgs, rows: &[Row]) -> Result<(), Failure> {
    let Some(least) = args.scope.min_coverage else {
        return Ok(());
    };
    let (seen, all) = rows
        .iter()
        .map(Row::share)
        .fold((0, 0), |(seen, all), (more, most)| {
            (seen + more, all + most)
        });
    if seen * 100 >= usize::from(least) * all {
        return Ok(());
    }
    Err(Failure::NotExercised(format!(
        "{seen} of {all} documented answers and members were seen, less than the {least} % of --min-coverage"
    )))
}

/// What of each operation was seen: answers, members, and what was never seen.
fn coverage_table(docs: &Docs, rows: &[Row]) -> String {
    const SHOWN: usize = 4;
    let operations = &docs.documentation.api.operations;
    let rows: Vec<_> = rows
        .iter()
        .filter(|row| row.requests > 0)
        .filter_map(|row| {
            Some((
                row,
                escape(&operations.get(row.operation)?.name()).into_owned(),
            ))
        })
        .collect();
    let width = rows.iter().map(|(_, name)| name.chars().count()).max();
    let width = width.unwrap_or_default().clamp(9, 60);
    let mut text = format!("{:<width$}  requests  members  answers\n", "operation");
    for (row, name) in rows {
        let members = row.members.iter().filter(|(_, is_seen)| *is_seen).count();
        let answers = row.answers.iter().map(|(status, count)| match count {
            0 => format!("{status} never"),
            count => format!("{status} ×{count}"),
        });
        let answers: Vec<_> = answers.collect();
        let share = format!("{members}/{}", row.members.len());
        let _ = writeln!(
            text,
            "{name:<width$}  {:>8}  {share:>7}  {}",
            row.requests,
            answers.join(", ")
        );
        let unseen = |pairs: &[(String, bool)]| {
            let unseen = pairs.iter().filter(|(_, is_seen)| !is_seen);
            unseen.map(|(name, _)| name.clone()).collect::<Vec<_>>()
        };
        let never: Vec<_> = unseen(&row.members)
            .into_iter()
            .chain(unseen(&row.values))
            .collect();
        if !never.is_empty() {
            let shown: Vec<_> = never
                .iter()
                .take(SHOWN)
                .map(|it| escape(it).into_owned())
                .collect();
            let more = never.len().saturating_sub(SHOWN);
            let more = if more > 0 {
                format!(", and {more} more")
            } else {
                String::new()
            };
            let _ = writeln!(text, "  never seen: {}{more}", shown.join(", "));
        }
    }
    text.push('\n');
    text
}

/// What a reader has to know beside the table.
fn notes(run: &Run) -> String {
    let mut text = String::new();
    if run.is_mock {
        text.push_str("the server is a mock of the docs, which keeps nothing: what requests leave behind was not looked for\n");
    }
    if let Some(Stop::Limit(limit)) = run.ended {
        let _ = writeln!(text, "the run was ended by {limit}");
    }
    text
}

/// A line on a terminal that tells how far the run is.
struct Progress {
    operations: usize,
    is_shown: bool,
}

impl Progress {
    fn new(operations: usize, is_quiet: bool) -> Self {
        let is_shown = !is_quiet && std::io::stderr().is_terminal();
        Self {
            operations,
            is_shown,
        }
    }

    fn show(&self, done: Done) {
        if self.is_shown {
            let Done {
                operations,
                requests,
                findings,
            } = done;
            // A terminal that cannot be written to shows no progress, and that is all.
            let _ = write!(
                std::io::stderr(),
                "\r\x1b[K{operations} of {} operations, {requests} requests, {findings} findings",
                self.operations
            );
        }
    }

    fn clear(&self) {
        if self.is_shown {
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }
}

/// All operations, with the reasons of those that were not exercised.
fn covered(docs: &Docs, run: &Run) -> Vec<Covered> {
    let mut covered = docs.covered();
    for omitted in &run.omitted {
        if let Some(operation) = covered.get_mut(omitted.operation) {
            operation.not_exercised = Some(omitted.reason.to_string());
        }
    }
    covered
}

/// Figures for the summary: nothing that was left out goes uncounted.
fn figures(run: &Run) -> Vec<(String, usize)> {
    let mut figures = vec![
        ("exercised".to_owned(), run.exercised.len()),
        ("compared with fields or examples".to_owned(), run.compared),
        ("not exercised".to_owned(), run.omitted.len()),
        ("requests".to_owned(), run.exchanges.len()),
        ("left on the server".to_owned(), run.leftovers.len()),
    ];
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for omitted in &run.omitted {
        *kinds.entry(omitted.reason.kind()).or_default() += 1;
    }
    figures.extend(
        kinds
            .into_iter()
            .map(|(kind, count)| (kind.to_owned(), count)),
    );
    figures
}

/// Each operation that was not exercised with the reason, and both counts.
fn table(docs: &Docs, exercised: &[usize], omitted: &[Omitted]) -> String {
    let operations = &docs.documentation.api.operations;
    let rows: Vec<_> = omitted
        .iter()
        .filter_map(|omitted| {
            let operation: &Operation = operations.get(omitted.operation)?;
            let name = escape(&operation.name()).into_owned();
            let reason = escape(&omitted.reason.to_string()).into_owned();
            Some((name, reason))
        })
        .collect();
    let width = rows.iter().map(|(name, _)| name.chars().count()).max();
    let width = width.unwrap_or_default().min(60);
    let mut text = format!(
        "{} of {} operations exercised, {} not exercised\n",
        exercised.len(),
        operations.len(),
        omitted.len()
    );
    for (name, reason) in rows {
        let _ = writeln!(text, "  {name:<width$}  {reason}");
    }
    text
}

/// Prints the requests as a script that a shell can run.
fn print(docs: &Docs, plan: &Plan, streams: &mut Streams) -> Result<Exit, Failure> {
    let operations = &docs.documentation.api.operations;
    let sources = &docs.site.sources;
    for item in &plan.items {
        let Some(operation) = operations.get(item.operation) else {
            continue;
        };
        let path = docs.path(item.span.file);
        let line = sources.positions(item.span).start.line;
        let name = operation.name();
        writeln!(
            streams.out,
            "# {} ({}:{line})",
            escape(&name),
            escape(&path)
        )?;
        let command = repeat::command(&item.request, &plan.secrets);
        writeln!(streams.out, "{}", escape(&command))?;
    }
    for line in table_lines(docs, plan) {
        writeln!(streams.out, "# {line}")?;
    }
    streams.out.flush()?;
    Ok(Exit::Clean)
}

fn table_lines(docs: &Docs, plan: &Plan) -> Vec<String> {
    let planned: Vec<_> = plan.items.iter().map(|item| item.operation).collect();
    let table = table(docs, &planned, &plan.omitted);
    let table = table.replacen("exercised,", "to be exercised,", 1);
    table.lines().map(str::to_owned).collect()
}

fn target(args: &TestArgs, config: &Config) -> Result<Target, Failure> {
    let url = args.url.as_ref().or(config.test.url.as_ref());
    let Some(url) = url else {
        return Err(Failure::Usage(
            "there is no server to test; name it with --url, or as `url` under `[test]` in fieldproof.toml"
                .to_owned(),
        ));
    };
    Target::parse(url).map_err(|error| Failure::Usage(error.to_string()))
}
