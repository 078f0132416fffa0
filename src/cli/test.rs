//! `fieldproof test`: does a live server do what the pages promise?

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{IsTerminal, Write as _};
use std::path::PathBuf;
use std::time::Instant;

use clap::Args;
use fieldproof::conform::coverage::{self, Row};
use fieldproof::conform::plan::{self, Omitted, Plan};
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
use super::scope::ScopeArgs;
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
    /// Print what would be sent, as a table, as curl commands (`--format concise`), or as JSON, and send nothing
    #[arg(long, conflicts_with = "fail_on")]
    plan: bool,
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
            seed: args.scope.seed,
            only: args.scope.operations(&docs)?,
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
        return Err(Failure::NotExercised(nothing(&docs, &plan)));
    }
    if args.plan {
        let summary = planned(&docs, &plan);
        return super::plan::print(&docs, &plan, args.format.format, &summary, streams);
    }
    let mut client = args.network.client(&target)?;
    let rules = args.scope.rules()?;
    let start = Instant::now();
    let progress = Progress::new(api.operations.len(), streams.quiet);
    let mut run = run::run(
        &plan,
        api,
        Wire {
            send: &mut |request| client.send(request),
            stop: &mut || {
                let most = args.scope.max_time?;
                (start.elapsed() >= most).then_some("--max-time")
            },
            progress: &mut |done| progress.show(done),
            max_requests: args.scope.max_requests,
        },
    );
    progress.clear();
    if let Some(rules) = rules {
        run.diagnostics.retain(|it| rules.contains(&it.rule.name));
    }
    if let Some(reason) = &run.unreachable {
        return Err(Failure::Unreachable(format!(
            "{} cannot be tested: {reason}; check the URL, and that the server is running",
            target.origin
        )));
    }
    if run.exercised.is_empty() {
        write!(streams.err, "{}", table(&docs, &[], &run.omitted))?;
        return Err(Failure::NotExercised(nothing(&docs, &plan)));
    }
    finish(args, &config, &docs, run, streams)
}

/// Shows what came of a run.
fn finish(
    args: &TestArgs,
    config: &Config,
    docs: &Docs,
    mut run: Run,
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
    if let Some(limit) = run.ended {
        let _ = writeln!(text, "the run was ended by {limit}");
    }
    if !run.leftovers.is_empty() {
        let _ = writeln!(text, "left on the server:");
        for leftover in &run.leftovers {
            let name = format!("{} {}", leftover.noun, leftover.id);
            let curl = leftover
                .curl
                .as_deref()
                .unwrap_or("no documented operation removes it");
            let _ = writeln!(text, "  {}  {}", escape(&name), escape(curl));
        }
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

/// Why nothing is exercised, in one sentence.
fn nothing(docs: &Docs, plan: &Plan) -> String {
    if docs.documentation.api.operations.is_empty() {
        return format!(
            "nothing is exercised: no page under `{}` has an `api:` line with a method and a URL or path",
            docs.prefix
        );
    }
    let count = plan.omitted.len().max(1);
    let operations = if count == 1 {
        "operation"
    } else {
        "operations"
    };
    format!("nothing is exercised: for the {count} {operations} above there is no request to send")
}

/// Each operation of which nothing can be planned with the reason, and both counts.
fn planned(docs: &Docs, plan: &Plan) -> String {
    let mut planned: Vec<_> = plan.items.iter().map(|item| item.operation).collect();
    planned.sort_unstable();
    planned.dedup();
    let table = table(docs, &planned, &plan.omitted);
    table.replacen("exercised,", "to be exercised,", 1)
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
