//! `fieldproof test`: does a live server do what the pages promise?

use std::cell::RefCell;
use std::io::{IsTerminal, Write as _};
use std::path::PathBuf;
use std::time::Instant;

use clap::Args;
use fieldproof::conform::plan::{self, Plan};
use fieldproof::conform::run::{self, Run};
use fieldproof::conform::script;
use fieldproof::conform::session::{Done, Wire};
use fieldproof::conform::target::Target;
use fieldproof::model::Operation;
use fieldproof::report;
use fieldproof::report::run::{Origin, Record, Timing};
use fieldproof::report::visible::escape;

use super::baseline::BaselineArgs;
use super::conclusion::{self, Conclusion};
use super::config::{self, Config, FailOn};
use super::credentials::CredentialArgs;
use super::docs::{self, Docs, DocsArgs};
use super::network::NetworkArgs;
use super::output::FormatArgs;
use super::record::{self, Recorder, TestFormat};
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
    format: FormatArgs<TestFormat>,
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
            only: args.scope.chosen(&docs)?,
        },
    );
    for name in &plan.unused {
        let name = escape(name);
        writeln!(
            streams.err,
            "fieldproof: --var {name} is not used: no page has a placeholder or parameter of that name"
        )?;
    }
    if plan.items.is_empty() && args.scope.shard.is_none() {
        let record = planned(args, &docs, &plan, &target);
        write!(streams.err, "{}", conclusion::table(&record))?;
        return Err(Failure::NotExercised(nothing(&docs, &plan)));
    }
    if args.plan {
        let record = planned(args, &docs, &plan, &target);
        let summary = conclusion::table(&record);
        let summary = summary.replacen("exercised,", "to be exercised,", 1);
        return super::plan::print(&docs, &plan, args.format.format, &summary, streams);
    }
    let mut client = args.network.client(&target)?;
    let rules = args.scope.rules()?;
    let names: Vec<_> = api.operations.iter().map(Operation::name).collect();
    let recorder = RefCell::new(Recorder::start(&args.format, &target.origin, &names)?);
    let start = Instant::now();
    let progress = Progress::new(api.operations.len(), streams.quiet);
    let mut run = run::run(
        &plan,
        api,
        Wire {
            send: &mut |request| {
                let moment = record::moment();
                let answer = client.send(request);
                recorder.borrow_mut().took(moment);
                answer
            },
            stop: &mut || {
                let most = args.scope.max_time?;
                (start.elapsed() >= most).then_some("--max-time")
            },
            progress: &mut |done, exchange| {
                let event = record::event_of(&docs, &plan, exchange);
                recorder.borrow_mut().exchange(done.findings, event);
                progress.show(done);
            },
            max_requests: args.scope.max_requests,
        },
    );
    progress.clear();
    if let Some(rules) = rules {
        run.diagnostics.retain(|it| rules.contains(&it.rule.name));
        run.found
            .retain(|it| rules.contains(&it.diagnostic.rule.name));
    }
    if let Some(reason) = &run.unreachable {
        return Err(Failure::Unreachable(format!(
            "{} cannot be tested: {reason}; check the URL, and that the server is running",
            target.origin
        )));
    }
    let record = record_of(
        args,
        &docs,
        &plan,
        &target,
        &run,
        recorder.borrow().timings(),
    );
    if run.exercised.is_empty() && args.scope.shard.is_none() {
        write!(streams.err, "{}", conclusion::table(&record))?;
        return Err(Failure::NotExercised(nothing(&docs, &plan)));
    }
    let diagnostics = run.diagnostics.clone();
    let conclusion = Conclusion {
        docs: &docs,
        format: &args.format,
        baseline: &args.baseline,
        fail_on: args.fail_on.or(config.fail_on).unwrap_or(FailOn::Error),
        min_coverage: args.scope.min_coverage,
        script: Some(&|| script::of(&plan, api, &run, &target.origin)),
    };
    conclusion.tell(&record, diagnostics, Some(recorder.into_inner()), streams)
}

fn record_of(
    args: &TestArgs,
    docs: &Docs,
    plan: &Plan,
    target: &Target,
    run: &Run,
    timings: &[Timing],
) -> Record {
    let origin = Origin {
        sources: &docs.site.sources,
        documentation: &docs.documentation,
        plan,
        url: &target.origin,
        shard: args.scope.shard,
    };
    report::run::record(&origin, run, timings)
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

/// The record of what is to come.
fn planned(args: &TestArgs, docs: &Docs, plan: &Plan, target: &Target) -> Record {
    let run = Run {
        exercised: plan.items.iter().map(|item| item.operation).collect(),
        omitted: plan.omitted.clone(),
        ..Run::default()
    };
    record_of(args, docs, plan, target, &run, &[])
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
