//! `--baseline FILE`: findings that are known are not shown.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use clap::Args;
use fieldproof::diagnostic::Diagnostic;
use fieldproof::diagnostic::baseline::{Baseline, Coverage, Day, Entry};
use fieldproof::report::visible::escape;
use fieldproof::source::Sources;

use super::{Failure, Streams};

/// Which findings are known.
#[derive(Clone, Debug, Args)]
pub(crate) struct BaselineArgs {
    /// File of findings that are known, and are not shown
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Take out of the baseline what is found no more
    #[arg(long)]
    baseline_prune: bool,
    /// Take out of the baseline what is found no more, and lower the numbers of what is found less often
    #[arg(long)]
    baseline_update: bool,
    /// Let --baseline-update take in findings that are not known yet
    #[arg(long, requires = "baseline_update")]
    allow_new: bool,
}

/// What of a baseline is worth knowing beside the findings.
#[derive(Debug, Default)]
pub(crate) struct Known {
    /// How many findings it took out.
    pub(crate) count: usize,
    /// Figures for the summary.
    pub(crate) figures: Vec<(String, usize)>,
}

/// More entries than this are only counted.
const LISTED: usize = 10;

impl BaselineArgs {
    /// True if a flag names the file.
    pub(crate) fn is_given(&self) -> bool {
        self.baseline.is_some()
    }

    /// The same, with the file that the configuration names where no flag names one.
    pub(crate) fn or(&self, configured: Option<PathBuf>) -> Self {
        let mut args = self.clone();
        args.baseline = args.baseline.or(configured);
        args
    }

    /// Takes what is known out of the findings, and brings the baseline up to date if that was asked for.
    pub(crate) fn apply(
        &self,
        sources: &Sources,
        diagnostics: &mut Vec<Diagnostic>,
        coverage: &Coverage,
        streams: &mut Streams,
    ) -> Result<Known, Failure> {
        let Some(path) = &self.baseline else {
            return self.without_file();
        };
        let today = today()?;
        let mut baseline = self.read(path)?;
        if self.baseline_update || self.baseline_prune {
            let before = baseline.clone();
            baseline = if self.baseline_update {
                let new_on = self.allow_new.then_some(&today);
                baseline.updated(sources, diagnostics, coverage, new_on)
            } else {
                baseline.pruned(sources, diagnostics, coverage)
            };
            if baseline != before || !path.exists() {
                write(path, &baseline)?;
            }
            if !streams.quiet {
                let (before, after) = (before.len(), baseline.len());
                writeln!(
                    streams.err,
                    "fieldproof: {} stands for {after} of the findings, and stood for {before}",
                    escape(&path.display().to_string()),
                )?;
            }
        }
        let found = std::mem::take(diagnostics);
        let remaining = baseline.apply(sources, found, &today, coverage);
        *diagnostics = remaining.diagnostics;
        list(&remaining.expired, "has expired", streams)?;
        list(
            &remaining.vanished,
            "is found no more; --baseline-prune takes it out",
            streams,
        )?;
        let figures = [
            ("expired in the baseline", remaining.expired.len()),
            ("found no more", remaining.vanished.len()),
        ];
        let figures = figures.into_iter().filter(|(_, count)| *count > 0);
        Ok(Known {
            count: remaining.known,
            figures: figures
                .map(|(name, count)| (name.to_owned(), count))
                .collect(),
        })
    }

    /// Nothing is known, and nothing can be brought up to date.
    fn without_file(&self) -> Result<Known, Failure> {
        if self.baseline_update || self.baseline_prune {
            let message = "there is no baseline to bring up to date; --baseline FILE names one, or `baseline` below `[check]` in the configuration file";
            return Err(Failure::Usage(message.to_owned()));
        }
        Ok(Known::default())
    }

    fn read(&self, path: &Path) -> Result<Baseline, Failure> {
        let shown = path.display();
        match std::fs::read_to_string(path) {
            Ok(text) => Baseline::parse(&text)
                .map_err(|error| Failure::Usage(format!("`{shown}` is no baseline: {error}"))),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                if self.allow_new {
                    return Ok(Baseline::default());
                }
                Err(Failure::Usage(format!(
                    "`{shown}` does not exist; --baseline-update --allow-new makes it"
                )))
            }
            Err(error) => Err(Failure::Usage(format!("`{shown}` cannot be read: {error}"))),
        }
    }
}

/// The text of a baseline that knows the findings of today.
pub(crate) fn of_today(sources: &Sources, found: &[Diagnostic]) -> Result<String, Failure> {
    let known = Baseline::default().updated(sources, found, &Coverage::Everything, Some(&today()?));
    Ok(known.to_text().map_err(std::io::Error::from)?)
}

fn write(path: &Path, baseline: &Baseline) -> Result<(), Failure> {
    let text = baseline.to_text().map_err(std::io::Error::from)?;
    std::fs::write(path, text).map_err(|reason| Failure::File {
        path: path.to_owned(),
        reason,
    })
}

fn list(entries: &[Entry], what: &str, streams: &mut Streams) -> Result<(), Failure> {
    for entry in entries.iter().take(LISTED) {
        let text = format!(
            "fieldproof: `{}` of {} ({}) in the baseline {what}",
            entry.rule, entry.subject, entry.place
        );
        writeln!(streams.err, "{}", escape(&text))?;
    }
    if let Some(more) = entries.len().checked_sub(LISTED).filter(|more| *more > 0) {
        writeln!(streams.err, "fieldproof: and so do {more} more")?;
    }
    Ok(())
}

/// The day it is in UTC; `SOURCE_DATE_EPOCH` stands for the clock if it is set
/// (<https://reproducible-builds.org/specs/source-date-epoch/>).
fn today() -> Result<Day, Failure> {
    let seconds = match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(text) => text
            .parse()
            .map_err(|_| Failure::Usage("SOURCE_DATE_EPOCH is no number of seconds".to_owned()))?,
        Err(_) => SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .as_ref()
            .map_or(0, Duration::as_secs),
    };
    let date = i64::try_from(seconds)
        .ok()
        .and_then(|seconds| jiff::Timestamp::from_second(seconds).ok())
        .map(|time| jiff::tz::Offset::UTC.to_datetime(time).date());
    date.and_then(|date| Day::try_from(date.to_string()).ok())
        .ok_or_else(|| Failure::Usage("SOURCE_DATE_EPOCH lies too far away".to_owned()))
}
