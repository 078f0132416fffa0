//! What is told of a run when it is over: findings, figures, coverage, and the exit code.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;

use fieldproof::conform::permitted;
use fieldproof::conform::plan::Phase;
use fieldproof::conform::script::Script;
use fieldproof::diagnostic::Diagnostic;
use fieldproof::diagnostic::baseline::Coverage;
use fieldproof::report::column::{columns, padded};
use fieldproof::report::run::{Exercised, Record};
use fieldproof::report::visible::escape;
use fieldproof::report::{self, Covered, Findings};

use super::baseline::BaselineArgs;
use super::config::FailOn;
use super::docs::Docs;
use super::output::{Format, FormatArgs};
use super::record::{Recorder, TestFormat, Told};
use super::{Exit, Failure, Streams};

/// The rule that stands for all findings where the credentials are not taken.
const LOCKED_OUT: &str = "rejected-credentials";

/// How a run is told of.
pub(crate) struct Conclusion<'a> {
    pub(crate) docs: &'a Docs,
    pub(crate) format: &'a FormatArgs<TestFormat>,
    pub(crate) baseline: &'a BaselineArgs,
    pub(crate) fail_on: FailOn,
    /// The share that has to be seen, in percent.
    pub(crate) min_coverage: Option<u8>,
    /// What is left on the server, as text; what a record knows of it without one.
    pub(crate) left: Option<&'a str>,
    /// Why no findings are no good news.
    pub(crate) obstacle: Option<String>,
    pub(crate) script: Option<&'a dyn Fn() -> Script>,
}

impl Conclusion<'_> {
    /// Shows what came of a run.
    pub(crate) fn tell(
        &self,
        record: &Record,
        mut diagnostics: Vec<Diagnostic>,
        recorder: Option<Recorder>,
        streams: &mut Streams,
    ) -> Result<Exit, Failure> {
        let docs = self.docs;
        let sources = &docs.site.sources;
        report::sort(sources, &mut diagnostics);
        let asked = record.operations.iter().filter(|it| it.exercised);
        let coverage = Coverage::Places(asked.map(|it| it.name.clone()).collect());
        let known = self
            .baseline
            .apply(sources, &mut diagnostics, &coverage, streams)?;
        let mut summary = docs.summary().counting(&diagnostics);
        summary.suppressed += known.count;
        summary.more = figures(record);
        summary.more.extend(known.figures);
        let operations = covered(record);
        let findings = Findings {
            sources,
            diagnostics: &diagnostics,
            summary: &summary,
            prefix: &docs.prefix,
            operations: &operations,
            fails_from: self.fail_on.severity(),
            run: Some(record),
        };
        let told = Told {
            findings: &findings,
            record,
            script: self.script,
            recorder,
        };
        told.write(self.format, streams)?;
        let mut table = table(record);
        let is_all = record.operations.iter().all(|it| it.exercised);
        if streams.quiet {
            // What was skipped, and what is left on the server, is told in any case.
            table.truncate(if is_all {
                0
            } else {
                table.find('\n').map_or(0, |end| end + 1)
            });
        } else {
            table.push_str(&notes(record));
            table.push_str(&callers(docs, record));
        }
        match self.left {
            Some(left) => table.push_str(left),
            None => table.push_str(&leftovers(record)),
        }
        let is_human = self.format.format == TestFormat::Findings(Format::Human);
        if is_human && self.format.output.is_none() && !streams.quiet {
            // Where nobody was let in, nothing was seen.
            let is_locked_out = record.cause.as_ref();
            let is_locked_out = is_locked_out.is_some_and(|it| it.rule == LOCKED_OUT);
            let coverage = if is_locked_out {
                String::new()
            } else {
                coverage_table(record)
            };
            write!(streams.out, "\n{coverage}{table}")?;
            streams.out.flush()?;
        } else {
            write!(streams.err, "{table}")?;
        }
        if diagnostics.iter().any(|it| findings.fails(it)) {
            return Ok(Exit::Findings);
        }
        if let Some(obstacle) = &self.obstacle {
            return Err(Failure::NotExercised(obstacle.clone()));
        }
        self.gate(record)?;
        Ok(Exit::Clean)
    }

    fn gate(&self, record: &Record) -> Result<(), Failure> {
        let Some(least) = self.min_coverage else {
            return Ok(());
        };
        let (seen, all) = record.share();
        if seen * 100 >= usize::from(least) * all {
            return Ok(());
        }
        Err(Failure::NotExercised(format!(
            "{seen} of {all} documented answers and members were seen, less than the {least} % of --min-coverage"
        )))
    }
}

/// All operations, with the reasons of those that were not exercised.
fn covered(record: &Record) -> Vec<Covered> {
    let operations = record.operations.iter();
    let covered = operations.map(|it| Covered {
        name: it.name.clone(),
        not_exercised: it.not_exercised.clone(),
    });
    covered.collect()
}

/// Figures for the summary: nothing that was left out goes uncounted.
fn figures(record: &Record) -> Vec<(String, usize)> {
    let exercised = record.operations.iter().filter(|it| it.exercised).count();
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for kind in record.operations.iter().filter_map(|it| it.kind.as_deref()) {
        *kinds.entry(kind).or_default() += 1;
    }
    let mut figures = vec![
        ("exercised".to_owned(), exercised),
        (
            "compared with fields or examples".to_owned(),
            record.compared,
        ),
        ("not exercised".to_owned(), kinds.values().sum()),
        ("requests".to_owned(), record.exchanges.len()),
        ("left on the server".to_owned(), record.leftovers.len()),
    ];
    let kinds = kinds.into_iter();
    figures.extend(kinds.map(|(kind, count)| (kind.to_owned(), count)));
    figures
}

/// Each operation that was not exercised with the reason, and both counts.
pub(crate) fn table(record: &Record) -> String {
    // What was left out on purpose is counted, and not listed.
    let is_chosen = |kind: Option<&str>| kind != Some("not chosen");
    let left_out = record.operations.iter();
    let left_out = left_out.filter(|it| !it.exercised && !is_chosen(it.kind.as_deref()));
    let left_out = left_out.count();
    let omitted: Vec<_> = record
        .operations
        .iter()
        .filter(|it| is_chosen(it.kind.as_deref()))
        .filter_map(|it| {
            let reason = escape(it.not_exercised.as_deref()?).into_owned();
            Some((escape(&it.name).into_owned(), reason))
        })
        .collect();
    let width = omitted.iter().map(|(name, _)| columns(name)).max();
    let width = width.unwrap_or_default().min(60);
    let exercised = record.operations.iter().filter(|it| it.exercised).count();
    let mut text = format!(
        "{exercised} of {} operations exercised, {} not exercised\n",
        record.operations.len(),
        omitted.len() + left_out
    );
    for (name, reason) in omitted {
        let _ = writeln!(text, "  {}  {reason}", padded(&name, width));
    }
    if left_out > 0 {
        let operations = report::counted(left_out, "operation");
        let _ = writeln!(text, "  {operations} not chosen{}", prepared(record));
    }
    text
}

/// The operations that were not chosen, and were called for those that were.
fn prepared(record: &Record) -> String {
    let prepared = record.operations.iter();
    let prepared = prepared.filter(|it| !it.exercised && it.prepares);
    let names: Vec<_> = prepared.map(|it| escape(&it.name).into_owned()).collect();
    if names.is_empty() {
        return String::new();
    }
    format!("; called to prepare, and not judged: {}", names.join(", "))
}

/// What a reader has to know beside the table.
fn notes(record: &Record) -> String {
    let mut text = String::new();
    if record.is_mock {
        text.push_str("the server is a mock of the docs, which keeps nothing: what requests leave behind was not looked for\n");
    }
    if let Some(limit) = &record.ended {
        let _ = writeln!(text, "the run was ended by {}", escape(limit));
    }
    text
}

/// What the pages say of other callers, and nobody asked for as one of them.
fn callers(docs: &Docs, record: &Record) -> String {
    let mut text = String::new();
    let variants = || record.operations.iter().flat_map(|it| &it.variants);
    if !variants().any(|(name, ..)| name.contains("credentials")) {
        return text;
    }
    for (kind, said) in permitted::kinds(&docs.documentation.api) {
        let letters = |text: &str| {
            text.replace(|c: char| !c.is_alphanumeric(), "")
                .to_lowercase()
        };
        let name = letters(&format!("the credentials {kind}"));
        if variants().any(|(known, ..)| letters(known) == name) {
            continue;
        }
        let kind = escape(&kind);
        let place = docs.place(said.evidence.span);
        let _ = writeln!(
            text,
            "not asked for: what is refused to `{kind}` callers ({place}); give such credentials with --auth-as {kind}=CREDENTIALS"
        );
    }
    text
}

/// What a record knows of what is left on the server.
fn leftovers(record: &Record) -> String {
    let mut text = String::new();
    if !record.leftovers.is_empty() {
        let _ = writeln!(text, "left on the server:");
        for (noun, id, curl) in &record.leftovers {
            let name = format!("{noun} {id}");
            let name = name.trim_end();
            let curl = curl
                .as_deref()
                .unwrap_or("no documented operation removes it");
            let _ = writeln!(text, "  {}  {}", escape(name), escape(curl));
        }
    }
    text
}

/// The parts of a run, in the order in which a row shows them.
const PHASES: [Phase; 5] = [
    Phase::Examples,
    Phase::Positive,
    Phase::Negative,
    Phase::State,
    Phase::Fuzz,
];

/// What each part of the run was answered for an operation: `examples 200; negative 401 ×2, 422 ×3`.
fn parts(record: &Record, row: &Exercised) -> String {
    let mut parts: Vec<(&str, Vec<(u16, usize)>)> = Vec::new();
    for sent in record
        .exchanges
        .iter()
        .filter(|it| it.operation == row.name)
    {
        let status = sent.response.as_ref().map_or(0, |it| it.status);
        let at = parts.iter().position(|(phase, _)| *phase == sent.phase);
        let at = at.unwrap_or_else(|| {
            parts.push((&sent.phase, Vec::new()));
            parts.len() - 1
        });
        let Some((_, statuses)) = parts.get_mut(at) else {
            continue;
        };
        match statuses.iter_mut().find(|(known, _)| *known == status) {
            Some((_, count)) => *count += 1,
            None => statuses.push((status, 1)),
        }
    }
    let order = |phase: &str| PHASES.iter().position(|it| it.as_str() == phase);
    parts.sort_by_key(|(phase, _)| order(phase));
    let is_accepted = parts.iter().any(|(_, statuses)| {
        statuses
            .iter()
            .any(|(status, _)| (200..300).contains(status))
    });
    let words = parts.into_iter().map(|(phase, mut statuses)| {
        statuses.sort_unstable();
        let statuses = statuses
            .into_iter()
            .map(|(status, count)| match (status, count) {
                (0, _) => "unanswered".to_owned(),
                (status, 1) => status.to_string(),
                (status, count) => format!("{status} ×{count}"),
            });
        format!("{phase} {}", statuses.collect::<Vec<_>>().join(", "))
    });
    let mut words: Vec<_> = words.collect();
    if !is_accepted {
        words.push("no variants, as the documented request was not accepted".to_owned());
    }
    words.join("; ")
}

/// What of each operation was seen: answers, members, and what was never seen.
fn coverage_table(record: &Record) -> String {
    const SHOWN: usize = 4;
    let rows: Vec<(&Exercised, String)> = record
        .operations
        .iter()
        .filter(|it| it.requests > 0 && !it.prepares)
        .map(|it| (it, escape(&it.name).into_owned()))
        .collect();
    let width = rows.iter().map(|(_, name)| columns(name)).max();
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
            "{}  {:>8}  {share:>7}  {}",
            padded(&name, width),
            row.requests,
            answers.join(", ")
        );
        let _ = writeln!(text, "  {}", parts(record, row));
        let named = row.members.iter().chain(&row.values);
        let never: Vec<_> = named.filter(|(_, is_seen)| !is_seen).collect();
        if !never.is_empty() {
            let shown: Vec<_> = never
                .iter()
                .take(SHOWN)
                .map(|(name, _)| escape(name))
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
