//! `fieldproof test --replay ID`: is one finding of an earlier run still there?

use std::io::Write as _;

use clap::ArgMatches;
use clap::parser::ValueSource;
use fieldproof::conform::bindings::Secrets;
use fieldproof::conform::plan::Plan;
use fieldproof::conform::quoted;
use fieldproof::conform::repeat;
use fieldproof::conform::replay::{self, Id, Verdict};
use fieldproof::conform::run::{self, Run};
use fieldproof::report::{self, Findings, counted};

use super::{Line, Subject, TestArgs, leftovers};
use crate::cli::config::FailOn;
use crate::cli::docs::Docs;
use crate::cli::output::Format;
use crate::cli::record::{Recorder, TestFormat, Told};
use crate::cli::{Exit, Failure, Streams};

/// The flags that a finding depends on, in the order in which they are written.
const KEPT: &[&str] = &[
    "docs",
    "url",
    "header",
    "auth",
    "auth_as",
    "netrc",
    "var",
    "variables_file",
    "secret",
    "secrets_file",
    "allow_writes",
    "config",
    "seed",
    "timeout",
    "retry",
    "retry_interval",
    "rate_limit",
    "cacert",
    "cert",
    "key",
    "insecure",
];

/// The command that asks once more about a finding, but for the name of the finding.
pub(super) fn command(matches: &ArgMatches, secrets: &Secrets) -> String {
    let mut words = vec!["fieldproof test".to_owned()];
    let flags = matches.subcommand_matches("test");
    for (name, flags) in KEPT.iter().zip(std::iter::repeat(flags)) {
        let Some(flags) = flags else {
            continue;
        };
        if flags.value_source(name) != Some(ValueSource::CommandLine) {
            continue;
        }
        let flag = format!("--{}", name.replace('_', "-"));
        let is_switch = matches!(*name, "netrc" | "allow_writes" | "insecure");
        if is_switch {
            words.push(flag);
            continue;
        }
        for value in flags.get_raw(name).into_iter().flatten() {
            if *name != "docs" {
                words.push(flag.clone());
            }
            words.push(repeat::word(&value.to_string_lossy(), secrets));
        }
    }
    words.push("--replay".to_owned());
    words.join(" ")
}

/// The finding that was asked about.
pub(super) fn id(args: &TestArgs, docs: &Docs) -> Result<Option<Id>, Failure> {
    let api = &docs.documentation.api;
    let id = args.replay.as_deref().map(|text| Id::find(text, api));
    id.transpose().map_err(|unknown| {
        let text = unknown.to_string();
        Failure::Usage(report::visible::escape(&text).into_owned())
    })
}

/// What came of asking once more.
pub(super) struct Replayed {
    id: Id,
    plan: Plan,
    run: Run,
    verdict: Verdict,
    /// The number of requests.
    sent: usize,
}

/// Sends what shows a finding, and everything if that does not show it.
pub(super) fn run(
    subject: &Subject<'_>,
    plan: &Plan,
    id: Id,
    line: &Line<'_>,
    streams: &Streams,
) -> Result<Replayed, Failure> {
    let api = &subject.docs.documentation.api;
    let focus = replay::focus(plan, api, id);
    if let Some(reason) = focus.obstacle {
        return Err(Failure::NotExercised(format!(
            "{id} cannot be asked about: {reason}"
        )));
    }
    let send = |plan: Plan| {
        let (run, verdict) = subject.send(&plan, line, streams, |wire| {
            run::replay(&plan, api, wire, id)
        });
        let sent = run.exchanges.len();
        Replayed {
            id,
            plan,
            run,
            verdict,
            sent,
        }
    };
    let is_part = focus.plan.items.len() < plan.items.len();
    let first = send(focus.plan);
    let is_settled = matches!(first.verdict, Verdict::Still(_))
        || first.run.unreachable.is_some()
        || first.run.ended.is_some();
    if is_settled || !is_part || !id.may_need_others() {
        return Ok(first);
    }
    Ok(first.or(send(plan.clone())))
}

impl Replayed {
    /// What a whole run says, unless it says nothing; with what both left on the server.
    fn or(mut self, mut whole: Self) -> Self {
        let sent = self.sent + whole.sent;
        if matches!(whole.verdict, Verdict::Unasked) {
            self.run.leftovers.append(&mut whole.run.leftovers);
            return Self { sent, ..self };
        }
        whole.run.leftovers.append(&mut self.run.leftovers);
        Self { sent, ..whole }
    }

    /// Shows what came of it.
    pub(super) fn finish(
        self,
        subject: &Subject<'_>,
        recorder: Recorder,
        streams: &mut Streams,
    ) -> Result<Exit, Failure> {
        let args = subject.args;
        let left = leftovers::keep(args, &subject.target.origin, &self.run, &self.plan.secrets)?;
        if let Some(reason) = &self.run.unreachable {
            write!(streams.err, "{left}")?;
            return Err(Failure::Unreachable(format!(
                "{} cannot be tested: {reason}; check the URL, and that the server is running",
                subject.target.origin
            )));
        }
        let mut diagnostics = match &self.verdict {
            Verdict::Still(diagnostic) => vec![(**diagnostic).clone()],
            Verdict::Others(others) => others.clone(),
            Verdict::Gone | Verdict::Unasked => Vec::new(),
        };
        let sources = &subject.docs.site.sources;
        for diagnostic in &mut diagnostics {
            quoted::quote(diagnostic, sources, &self.plan.secrets);
        }
        report::sort(sources, &mut diagnostics);
        let record = subject.record(&self.plan, &self.run, recorder.timings());
        let summary = subject.docs.summary().counting(&diagnostics);
        let fail_on = args.fail_on.or(subject.config.fail_on);
        let findings = Findings {
            sources,
            diagnostics: &diagnostics,
            summary: &summary,
            prefix: &subject.docs.prefix,
            operations: &[],
            fails_from: fail_on.unwrap_or(FailOn::Error).severity(),
            run: Some(&record),
        };
        let is_failed = diagnostics.iter().any(|it| findings.fails(it));
        Told {
            findings: &findings,
            record: &record,
            script: None,
            recorder: Some(recorder),
        }
        .write(&args.format, streams)?;
        let words = self.words();
        let is_human = args.format.format == TestFormat::Findings(Format::Human);
        if is_human && args.format.output.is_none() {
            writeln!(streams.out, "{words}")?;
            streams.out.flush()?;
        } else {
            writeln!(streams.err, "{words}")?;
        }
        write!(streams.err, "{left}")?;
        match self.verdict {
            Verdict::Still(_) => Ok(Exit::Findings),
            Verdict::Others(_) if is_failed => Ok(Exit::Findings),
            Verdict::Gone | Verdict::Others(_) => Ok(Exit::Clean),
            Verdict::Unasked => Err(self.unasked(subject)),
        }
    }

    /// One line for a person.
    fn words(&self) -> String {
        let id = self.id;
        let sent = counted(self.sent, "request");
        match &self.verdict {
            Verdict::Still(_) => format!("still there: {id} ({sent})"),
            Verdict::Gone => format!("gone: {id} ({sent})"),
            Verdict::Others(others) => {
                let others = counted(others.len(), "other finding");
                format!("gone: {id}, but the same request shows {others} ({sent})")
            }
            Verdict::Unasked => format!("not asked: {id} ({sent})"),
        }
    }

    /// Why the request of the finding was not sent, or says nothing.
    fn unasked(&self, subject: &Subject<'_>) -> Failure {
        let operations = &subject.docs.documentation.api.operations;
        let is_target = |index: usize| operations.get(index).is_some_and(|it| self.id.is_of(it));
        let reason = self.run.omitted.iter().find(|it| is_target(it.operation));
        let reason = reason.map(|it| it.reason.to_string());
        Failure::NotExercised(format!(
            "{} says nothing: {}",
            self.id,
            reason.as_deref().unwrap_or(
                "what has to be sent before the request was answered otherwise than in a whole run"
            )
        ))
    }
}
