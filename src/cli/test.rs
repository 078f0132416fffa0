//! `fieldproof test`: does a live server do what the pages promise?

mod cleanup;
mod leftovers;
mod login;
mod nothing;
mod replay;
mod variables;

use std::cell::RefCell;
use std::io::{IsTerminal, Write as _};
use std::path::PathBuf;

use clap::{ArgMatches, Args};
use fieldproof::conform::client::{self, Client};
use fieldproof::conform::permitted;
use fieldproof::conform::plan::{self, Plan};
use fieldproof::conform::replay::Id;
use fieldproof::conform::run::{self, Run};
use fieldproof::conform::script;
use fieldproof::conform::session::{Done, Wire};
use fieldproof::conform::shared;
use fieldproof::conform::target::Target;
use fieldproof::model::Operation;
use fieldproof::report;
use fieldproof::report::counted;
use fieldproof::report::run::{Origin, Record, Timing};
use fieldproof::report::visible::escape;

use super::baseline::BaselineArgs;
use super::conclusion::{self, Conclusion};
use super::config::{self, Config, FailOn};
use super::docs::{self, Docs, DocsArgs};
use super::output::FormatArgs;
use super::record::{self, Recorder, TestFormat};
use super::scope::{self, ScopeArgs};
use super::server::ServerArgs;
use super::{Exit, Failure, Streams};

/// Test whether a live server does what the pages promise
#[derive(Debug, Args)]
pub(crate) struct TestArgs {
    #[command(flatten)]
    docs: DocsArgs,
    #[command(flatten)]
    server: ServerArgs,
    #[command(flatten)]
    scope: ScopeArgs,
    /// Print what would be sent, as a table, as curl commands (`--format concise`), or as JSON, and send nothing
    #[arg(long, conflicts_with = "fail_on")]
    plan: bool,
    /// List what the pages leave open, where, and what fills it in, and send nothing
    #[arg(long, conflicts_with = "plan")]
    variables: bool,
    /// Where to keep what could not be removed from the server, for --cleanup; written only if there is something
    #[arg(long, value_name = "FILE", default_value = "fieldproof-leftovers.json")]
    leftovers: PathBuf,
    /// Remove what an earlier run left, as FILE lists it, and do nothing else
    #[arg(long, value_name = "FILE", conflicts_with_all = ["plan", "variables", "format", "output", "report", "phase"])]
    cleanup: Option<PathBuf>,
    /// Ask once more about one finding of an earlier run, and send only what shows it
    #[arg(long, value_name = "ID", conflicts_with_all = [
        "plan", "variables", "cleanup", "phase", "method", "path", "page", "rule", "shard", "min_coverage", "baseline",
    ])]
    replay: Option<String>,
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

/// Tests, or does what the flags ask for in its place; `matches` are the flags as they were written.
pub(crate) fn run(
    args: &TestArgs,
    matches: &ArgMatches,
    streams: &mut Streams,
) -> Result<Exit, Failure> {
    if let Some(file) = &args.cleanup {
        return cleanup::run(args, file, streams);
    }
    let mut docs = docs::read(&args.docs)?;
    docs.tell_too_large(streams)?;
    shared::spread(&mut docs.documentation.api);
    let config = config::read(args.config.as_deref(), &docs.site.root)?;
    if args.variables {
        return variables::list(args, &docs, &config, streams);
    }
    let target = target(args.server.url.as_ref(), &config)?;
    let subject = Subject {
        args,
        matches,
        docs: &docs,
        config: &config,
        target: &target,
        id: replay::id(args, &docs)?,
    };
    subject.run(streams)
}

/// What is tested, and where.
struct Subject<'a> {
    args: &'a TestArgs,
    matches: &'a ArgMatches,
    docs: &'a Docs,
    config: &'a Config,
    target: &'a Target,
    /// The finding to ask about, if it is one.
    id: Option<Id>,
}

/// The way to the server, and what is kept of what goes over it.
struct Line<'a> {
    client: &'a Client,
    session: Option<&'a login::Session<'a>>,
    recorder: &'a RefCell<Recorder>,
}

impl Subject<'_> {
    fn run(&self, streams: &mut Streams) -> Result<Exit, Failure> {
        let args = self.args;
        let mut bindings = args
            .server
            .credentials
            .bindings(&self.config.test, self.target)?;
        let rules = args.scope.rules()?;
        let api = &self.docs.documentation.api;
        let token = login::wanted(
            api,
            self.config,
            args.server.credentials.are_given(),
            &bindings,
        );
        if let Some(token) = token.filter(|_| args.plan) {
            login::plan_only(api, token, &mut bindings)?;
        }
        let options = self.options()?;
        let mut plan = plan::plan(api, self.target, &bindings, &options);
        note_unused(&plan, streams)?;
        self.note_unknown_callers(&plan, streams)?;
        if plan.items.is_empty() && args.scope.shard.is_none() {
            write!(streams.err, "{}", conclusion::table(&self.planned(&plan)))?;
            return Err(nothing::planned(self.docs, &plan.omitted));
        }
        if args.plan {
            let summary = conclusion::table(&self.planned(&plan));
            let summary = summary.replacen("exercised,", "to be exercised,", 1);
            return super::plan::print(self.docs, &plan, args.format.format, &summary, streams);
        }
        let mut client = args.server.network.client(self.target)?;
        client
            .end_within(args.scope.max_time)
            .map_err(|error| Failure::Unreachable(error.to_string()))?;
        let session = match token {
            Some(token) => {
                let at = (api, self.target);
                let session = login::Session::begin(&client, at, token, &mut bindings)?;
                plan = plan::plan(api, self.target, &bindings, &options);
                Some(session)
            }
            None => None,
        };
        let names: Vec<_> = api.operations.iter().map(Operation::name).collect();
        let recorder = Recorder::start(&args.format, &self.target.origin, &names)?;
        let recorder = RefCell::new(recorder);
        let line = Line {
            client: &client,
            session: session.as_ref(),
            recorder: &recorder,
        };
        if let Some(id) = self.id {
            let replayed = replay::run(self, &plan, id, &line, streams)?;
            return replayed.finish(self, recorder.into_inner(), streams);
        }
        let mut run = self.send(&plan, &line, streams, |wire| run::run(&plan, api, wire));
        run.quote(&self.docs.site.sources, &plan.secrets);
        if let Some(rules) = rules {
            run.diagnostics.retain(|it| rules.contains(&it.rule.name));
            run.found
                .retain(|it| rules.contains(&it.diagnostic.rule.name));
        }
        self.finish(&plan, &run, recorder.into_inner(), streams)
    }

    /// Says which callers no page refuses anything.
    fn note_unknown_callers(&self, plan: &Plan, streams: &mut Streams) -> Result<(), Failure> {
        let api = &self.docs.documentation.api;
        for caller in &plan.callers {
            if permitted::is_spoken_of(api, &caller.name) {
                continue;
            }
            let kinds = permitted::kinds(api).into_iter();
            let kinds: Vec<_> = kinds
                .map(|(kind, _)| format!("`{}`", escape(&kind)))
                .collect();
            let hint = match kinds.as_slice() {
                [] => String::new(),
                kinds => format!("; they speak of {}", kinds.join(", ")),
            };
            let name = escape(&caller.name);
            writeln!(
                streams.err,
                "fieldproof: --auth-as {name} is not used: no page says with which status who is called so is refused{hint}"
            )?;
        }
        Ok(())
    }

    /// Carries something out that sends requests, and keeps what goes over the line.
    fn send<T>(
        &self,
        plan: &Plan,
        line: &Line<'_>,
        streams: &Streams,
        carry_out: impl FnOnce(Wire<'_>) -> T,
    ) -> T {
        let progress = Progress::new(self.docs.documentation.api.operations.len(), streams.quiet);
        let outcome = carry_out(Wire {
            send: &mut |requests| {
                let moment = record::moment();
                let answers = match line.session {
                    Some(session) => session.send(requests),
                    None => line.client.send(requests),
                };
                for _ in requests {
                    line.recorder.borrow_mut().took(moment);
                }
                answers
            },
            stop: &mut || line.client.ended(),
            progress: &mut |done, exchange| {
                let event = record::event_of(self.docs, plan, exchange);
                line.recorder.borrow_mut().exchange(done.findings, event);
                progress.show(done);
            },
            pause: &mut |time| line.client.pause(time),
            max_requests: self.args.scope.max_requests,
            jobs: usize::from(self.args.server.network.jobs),
            nonce: Some(client::nonce()),
        });
        progress.clear();
        outcome
    }

    fn options(&self) -> Result<plan::Options, Failure> {
        Ok(plan::Options {
            allow_writes: self.args.server.allow_writes,
            phases: self.id.map_or_else(|| self.args.scope.phases(), Id::phases),
            seed: self.id.and_then(Id::seed).unwrap_or(self.args.scope.seed),
            only: self.args.scope.chosen(self.docs)?,
            classes: scope::classes(&self.config.test, self.docs)?,
            disposable: disposable(self.config),
        })
    }

    /// Shows what came of a run.
    fn finish(
        &self,
        plan: &Plan,
        run: &Run,
        recorder: Recorder,
        streams: &mut Streams,
    ) -> Result<Exit, Failure> {
        let (args, docs) = (self.args, self.docs);
        let left = leftovers::keep(args, &self.target.origin, run, &plan.secrets)?;
        if let Some(reason) = &run.unreachable {
            write!(streams.err, "{left}")?;
            return Err(Failure::Unreachable(format!(
                "{} cannot be tested: {reason}; check the URL, and that the server is running",
                self.target.origin
            )));
        }
        let record = self.record(plan, run, recorder.timings());
        if run.exercised.is_empty() && args.scope.shard.is_none() {
            write!(streams.err, "{}", conclusion::table(&record))?;
            write!(streams.err, "{left}")?;
            return Err(nothing::planned(docs, &run.omitted));
        }
        let api = &docs.documentation.api;
        let conclusion = Conclusion {
            docs,
            format: &args.format,
            baseline: &args.baseline,
            fail_on: args
                .fail_on
                .or(self.config.fail_on)
                .unwrap_or(FailOn::Error),
            min_coverage: args.scope.min_coverage,
            left: Some(&left),
            obstacle: nothing::after(run).filter(|_| args.scope.shard.is_none()),
            script: Some(&|| script::of(plan, api, run, &self.target.origin)),
        };
        conclusion.tell(&record, run.diagnostics.clone(), Some(recorder), streams)
    }

    fn record(&self, plan: &Plan, run: &Run, timings: &[Timing]) -> Record {
        let origin = Origin {
            sources: &self.docs.site.sources,
            documentation: &self.docs.documentation,
            plan,
            url: &self.target.origin,
            shard: self.args.scope.shard,
            replay: Some(&replay::command(self.matches, &plan.secrets)),
        };
        report::run::record(&origin, run, timings)
    }

    /// The record of what is to come.
    fn planned(&self, plan: &Plan) -> Record {
        let run = Run {
            exercised: plan
                .items
                .iter()
                .map(|item| item.operation)
                .filter(|operation| !plan.prepares.contains(operation))
                .collect(),
            omitted: plan.omitted.clone(),
            ..Run::default()
        };
        self.record(plan, &run, &[])
    }
}

/// Says which variables no page knows.
fn note_unused(plan: &Plan, streams: &mut Streams) -> Result<(), Failure> {
    for name in &plan.unused {
        let name = escape(name);
        writeln!(
            streams.err,
            "fieldproof: --var {name} is not used: no page has a placeholder or parameter of that name"
        )?;
    }
    Ok(())
}

/// The parameters and ids that may be changed and deleted.
pub(crate) fn disposable(config: &Config) -> Vec<(String, String)> {
    let names = config.test.disposable.iter();
    let pairs = names.flat_map(|(name, ids)| ids.iter().map(|id| (name.clone(), id.clone())));
    pairs.collect()
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
                "\r\x1b[K{operations} of {}, {}, {}",
                counted(self.operations, "operation"),
                counted(requests, "request"),
                counted(findings, "finding")
            );
        }
    }

    fn clear(&self) {
        if self.is_shown {
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }
}

/// The server that the flag, or else the configuration, names.
pub(crate) fn target(url: Option<&String>, config: &Config) -> Result<Target, Failure> {
    let Some(url) = url.or(config.test.url.as_ref()) else {
        return Err(Failure::Usage(
            "there is no server to test; name it with --url, or as `url` under `[test]` in fieldproof.toml"
                .to_owned(),
        ));
    };
    Target::parse(url).map_err(|error| Failure::Usage(error.to_string()))
}
