//! The forms of a run of `test`: its flags, and what keeps the run while it goes on.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::{Instant, SystemTime};

use clap::ValueEnum;
use clap::builder::PossibleValue;
use fieldproof::conform::script::Script;
use fieldproof::conform::session::Exchange;
use fieldproof::report::Findings;
use fieldproof::report::human::Screen;
use fieldproof::report::run::{self, Record, Sent, Timing};

use super::output::{self, Format, FormatArgs};
use super::{Failure, Streams};

/// The form of what came of a run: one of findings, or one of all that was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TestFormat {
    /// Of the findings.
    Findings(Format),
    /// Of the requests and answers.
    Run(RunFormat),
}

/// The form of all that was sent and came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RunFormat {
    /// An HTTP archive, which browsers show
    Har,
    /// Events as they happen, one JSON document a line
    Ndjson,
    /// A file for Hurl, which sends the requests again
    Hurl,
    /// A shell script that sends the requests again
    Shell,
    /// The whole run, for `fieldproof merge`
    Run,
}

impl ValueEnum for TestFormat {
    fn value_variants<'a>() -> &'a [Self] {
        use {Format as F, RunFormat as R, TestFormat as T};
        &[
            T::Findings(F::Human),
            T::Findings(F::Concise),
            T::Findings(F::Json),
            T::Findings(F::Sarif),
            T::Findings(F::Junit),
            T::Findings(F::Github),
            T::Findings(F::Gitlab),
            T::Findings(F::Markdown),
            T::Findings(F::Html),
            T::Run(R::Har),
            T::Run(R::Ndjson),
            T::Run(R::Hurl),
            T::Run(R::Shell),
            T::Run(R::Run),
        ]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        match self {
            Self::Findings(format) => format.to_possible_value(),
            Self::Run(format) => format.to_possible_value(),
        }
    }
}

/// Keeps what is not known any more when a run is over: when requests were sent, and the events.
pub(crate) struct Recorder {
    timings: Vec<Timing>,
    events: Vec<Box<dyn Write>>,
    number: usize,
    /// What went wrong with writing events.
    problem: Option<std::io::Error>,
}

impl Recorder {
    /// Opens the places where events go.
    pub(crate) fn start(
        args: &FormatArgs<TestFormat>,
        url: &str,
        operations: &[String],
    ) -> Result<Self, Failure> {
        let is_wanted = |format: TestFormat| format == TestFormat::Run(RunFormat::Ndjson);
        let reports = args.report.iter().filter(|(format, _)| is_wanted(*format));
        let mut paths: Vec<&Path> = reports.map(|(_, path)| path.as_path()).collect();
        let mut events: Vec<Box<dyn Write>> = Vec::new();
        if is_wanted(args.format) {
            match &args.output {
                Some(path) => paths.push(path),
                None => events.push(Box::new(std::io::stdout())),
            }
        }
        for path in paths {
            let file = File::create(path).map_err(|reason| Failure::File {
                path: path.to_owned(),
                reason,
            })?;
            events.push(Box::new(BufWriter::new(file)));
        }
        for out in &mut events {
            run::ndjson::start(url, operations, out)?;
        }
        Ok(Self {
            timings: Vec::new(),
            events,
            number: 0,
            problem: None,
        })
    }

    /// Notes how long a request took that was sent then.
    pub(crate) fn took(&mut self, start: (SystemTime, Instant)) {
        let started = jiff::Timestamp::try_from(start.0)
            .map_or_else(|_| String::new(), |it| format!("{it:.3}"));
        self.timings.push(Timing {
            started,
            milliseconds: f64::from(
                u32::try_from(start.1.elapsed().as_micros()).unwrap_or(u32::MAX),
            ) / 1000.0,
        });
    }

    /// Writes the event of an exchange.
    pub(crate) fn exchange(
        &mut self,
        found: usize,
        sent: impl FnOnce(Option<&Timing>) -> Option<Sent>,
    ) {
        self.number += 1;
        if self.events.is_empty() {
            return;
        }
        let Some(sent) = sent(self.timings.last()) else {
            return;
        };
        for out in &mut self.events {
            let outcome = run::ndjson::exchange(self.number, found, &sent, out);
            self.problem = self.problem.take().or(outcome.err());
        }
    }

    pub(crate) fn timings(&self) -> &[Timing] {
        &self.timings
    }

    fn end(mut self, findings: &Findings<'_>, record: &Record) -> Result<(), Failure> {
        if let Some(problem) = self.problem {
            return Err(problem.into());
        }
        for out in &mut self.events {
            run::ndjson::end(findings, record, out)?;
        }
        Ok(())
    }
}

/// When something begins, by the clock on the wall and by one that does not jump.
pub(crate) fn moment() -> (SystemTime, Instant) {
    (SystemTime::now(), Instant::now())
}

/// What the forms of a run are made of.
pub(crate) struct Told<'a> {
    pub(crate) findings: &'a Findings<'a>,
    pub(crate) record: &'a Record,
    /// The run as a script; what was put together of records has none.
    pub(crate) script: Option<&'a dyn Fn() -> Script>,
    /// What wrote events while the run went on.
    pub(crate) recorder: Option<Recorder>,
}

impl Told<'_> {
    /// Writes all forms that were asked for.
    pub(crate) fn write(
        mut self,
        args: &FormatArgs<TestFormat>,
        streams: &mut Streams,
    ) -> Result<(), Failure> {
        if let Some(recorder) = self.recorder.take() {
            recorder.end(self.findings, self.record)?;
        }
        for (format, path) in &args.report {
            self.to_file(*format, path)?;
        }
        match (&args.output, args.format) {
            (Some(path), format) => self.to_file(format, path),
            (None, TestFormat::Findings(format)) => streams.show(self.findings, format),
            (None, TestFormat::Run(format)) => {
                self.write_run(format, &mut streams.out)?;
                Ok(streams.out.flush()?)
            }
        }
    }

    fn to_file(&self, format: TestFormat, path: &Path) -> Result<(), Failure> {
        let mut bytes = Vec::new();
        match format {
            TestFormat::Findings(format) => {
                output::write(self.findings, format, Screen::NONE, &mut bytes)?;
            }
            // Events were written when they happened.
            TestFormat::Run(RunFormat::Ndjson) if self.script.is_some() => return Ok(()),
            TestFormat::Run(format) => self.write_run(format, &mut bytes)?,
        }
        output::to_file(&bytes, path)
    }

    fn write_run(&self, format: RunFormat, out: &mut dyn Write) -> Result<(), Failure> {
        let script = || {
            let script = self.script.ok_or_else(|| {
                Failure::Usage(
                    "the forms `hurl` and `shell` are written by `fieldproof test`; what was merged has none"
                        .to_owned(),
                )
            })?;
            Ok::<_, Failure>(script())
        };
        match format {
            RunFormat::Har => run::har::write(self.record, out)?,
            RunFormat::Ndjson if self.script.is_some() => {}
            RunFormat::Ndjson => run::ndjson::whole(self.findings, self.record, out)?,
            RunFormat::Hurl => run::hurl::write(&script()?, self.findings, out)?,
            RunFormat::Shell => run::shell::write(&script()?, self.findings, out)?,
            RunFormat::Run => run::write(self.record, out)?,
        }
        Ok(())
    }
}

/// Text of an exchange, for the event.
pub(crate) fn event_of<'a>(
    docs: &'a super::docs::Docs,
    plan: &'a fieldproof::conform::plan::Plan,
    exchange: &'a Exchange,
) -> impl FnOnce(Option<&Timing>) -> Option<Sent> + 'a {
    move |timing| {
        let operations = &docs.documentation.api.operations;
        Some(run::sent(
            operations.get(exchange.item.operation)?,
            exchange,
            plan,
            timing,
        ))
    }
}
