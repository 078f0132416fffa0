//! `fieldproof update`: pages brought up to what a live server answers.

use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;
use fieldproof::conform::client;
use fieldproof::conform::plan::{self, Phase};
use fieldproof::conform::run;
use fieldproof::conform::session::Wire;
use fieldproof::conform::update;
use fieldproof::diagnostic;
use fieldproof::report::visible::escape;
use fieldproof::source::load::Site;

use super::config;
use super::docs::{self, DocsArgs};
use super::fix;
use super::scope::{self, ChoiceArgs};
use super::server::ServerArgs;
use super::{Exit, Failure, Streams, test};

/// Bring the pages up to what a live server answers
#[derive(Debug, Args)]
pub(crate) struct UpdateArgs {
    #[command(flatten)]
    docs: DocsArgs,
    #[command(flatten)]
    server: ServerArgs,
    #[command(flatten)]
    choice: ChoiceArgs,
    /// Write the pages; without it, what would change is printed as a diff
    #[arg(long)]
    write: bool,
    /// Configuration file [default: fieldproof.toml in the root of the docs]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

pub(crate) fn run(args: &UpdateArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    let docs = docs::read(&args.docs)?;
    let config = config::read(args.config.as_deref(), &docs.site.root)?;
    let target = test::target(args.server.url.as_ref(), &config)?;
    let bindings = args.server.credentials.bindings(&config.test, &target)?;
    let api = &docs.documentation.api;
    let options = plan::Options {
        allow_writes: args.server.allow_writes,
        phases: vec![Phase::Examples, Phase::Positive],
        seed: 0,
        only: args.choice.operations(&docs)?,
        classes: scope::classes(&config.test, &docs)?,
        disposable: test::disposable(&config),
    };
    let plan = plan::plan(api, &target, &bindings, &options);
    let client = args.server.network.client(&target)?;
    let wire = Wire {
        send: &mut |requests| client.send(requests),
        stop: &mut || client.ended(),
        progress: &mut |_, _| {},
        pause: &mut |time| client.pause(time),
        max_requests: None,
        jobs: usize::from(args.server.network.jobs),
        nonce: Some(client::nonce()),
    };
    let run = run::run(&plan, api, wire);
    if let Some(reason) = &run.unreachable {
        return Err(Failure::Unreachable(format!(
            "{} does not answer: {reason}; check the URL, and that the server is running",
            target.origin
        )));
    }
    if run.exercised.is_empty() {
        return Err(Failure::NotExercised(
            "no operation was answered; `fieldproof test` says why".to_owned(),
        ));
    }
    let update = update::update(api, &docs.site.sources, &plan.secrets, &run);
    let fixes: Vec<_> = update.fixes.iter().map(|(_, fix)| fix).collect();
    let mut after: Site = docs.site.clone();
    for (file, text) in diagnostic::apply(&docs.site.sources, &fixes) {
        after.sources.replace(file, text);
    }
    let changed: Vec<_> = docs
        .site
        .sources
        .iter()
        .filter(|(id, file)| file.text() != after.sources.file(*id).text())
        .map(|(id, _)| id)
        .collect();
    if args.write {
        fix::write(&docs, &after, &changed)?;
    } else {
        fix::show(&docs, &after, &changed, streams)?;
    }
    for name in &update.ambiguous {
        writeln!(
            streams.err,
            "fieldproof: {} has several variants of that success, and is left as it is",
            escape(name)
        )?;
    }
    if !streams.quiet {
        let verb = if args.write {
            "changed"
        } else {
            "to be changed"
        };
        writeln!(
            streams.err,
            "fieldproof: {} of {} exercised operations differ; {} files {verb}",
            update.fixes.len(),
            run.exercised.len(),
            changed.len()
        )?;
    }
    Ok(if changed.is_empty() || args.write {
        Exit::Clean
    } else {
        Exit::Findings
    })
}
