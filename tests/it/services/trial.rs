//! One run of `fieldproof test` against a service with one fault, and what came of it.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::Subject;
use super::seed::{Fault, Mark, Seed};
use super::wire::Running;

/// What a run reported.
#[derive(Clone, Debug)]
pub(crate) struct Trial {
    pub(crate) findings: Vec<Finding>,
    pub(crate) requests: usize,
    pub(crate) time: Duration,
    pub(crate) was_reached: bool,
    /// Both streams, for a person.
    pub(crate) shown: String,
}

/// An error or a warning.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    pub(crate) rule: String,
    pub(crate) operation: String,
    pub(crate) subject: String,
    pub(crate) severity: String,
}

impl Trial {
    /// Tests a service in which that is switched on.
    pub(crate) fn run(subject: &Subject, seed: Seed) -> Self {
        let running = Running::start((subject.start)(), seed);
        let root = env!("CARGO_MANIFEST_DIR");
        let folder = format!("{root}/tests/it/services/{}", subject.name);
        // What a fault leaves on the server is listed in a file here.
        let place = tempfile::tempdir().unwrap();
        let start = Instant::now();
        let output = Command::new(env!("CARGO_BIN_EXE_fieldproof"))
            .current_dir(place.path())
            .args(["test", &folder, "--format", "json", "--url", &running.url()])
            .args(subject.arguments)
            .env("NO_COLOR", "1")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let time = start.elapsed();
        let out = String::from_utf8(output.stdout).unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        let json: Value = serde_json::from_str(&out).unwrap_or_default();
        Self {
            findings: findings(&json),
            requests: running.requests(),
            time,
            was_reached: running.was_reached(),
            shown: out + &err,
        }
    }
}

fn findings(json: &Value) -> Vec<Finding> {
    let text = |finding: &Value, name: &str| finding[name].as_str().unwrap_or_default().to_owned();
    let findings = json["findings"].as_array().into_iter().flatten();
    findings
        .map(|finding| Finding {
            rule: text(finding, "rule"),
            operation: text(finding, "operation"),
            subject: text(finding, "subject"),
            severity: text(finding, "severity"),
        })
        .filter(|finding| finding.severity != "info")
        .collect()
}

/// What was found of one fault.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) service: &'static str,
    pub(crate) fault: Fault,
    /// True if a request came to the place of the fault.
    pub(crate) was_reached: bool,
    /// Whether there is a finding at the right operation that the faultless service does not get.
    pub(crate) mark: Mark,
    /// That finding, and further ones, at other operations too.
    pub(crate) findings: Vec<Finding>,
    pub(crate) requests: usize,
    pub(crate) time: Duration,
}

impl Row {
    fn of(subject: &Subject, fault: Fault, faultless: &BTreeSet<Finding>) -> Self {
        let trial = Trial::run(subject, Seed::of(fault.name));
        let mut findings = trial.findings;
        findings.retain(|finding| !faultless.contains(finding));
        let is_at = |finding: &&Finding| {
            fault.operations == "*" || is_one(&finding.operation, fault.operations)
        };
        let there: Vec<_> = findings.iter().filter(is_at).collect();
        let is_named = there
            .iter()
            .any(|finding| is_one(&finding.subject, fault.subjects));
        Self {
            service: subject.name,
            fault,
            was_reached: trial.was_reached,
            mark: match there.len() {
                0 => Mark::Missed,
                _ if is_named => Mark::Named,
                _ => Mark::Found,
            },
            findings,
            requests: trial.requests,
            time: trial.time,
        }
    }

    /// One line: what was found, or why not.
    pub(crate) fn line(&self) -> String {
        let verdict = match self.mark {
            Mark::Named => "found",
            Mark::Found => "other subject",
            Mark::Missed if self.was_reached => "missed",
            Mark::Missed => "not reached",
        };
        let mut line = format!(
            "{verdict:<13} {:<11} {:<50} {:>2} findings {:>4} requests {:>5} ms",
            self.service,
            self.fault.name,
            self.findings.len(),
            self.requests,
            self.time.as_millis()
        );
        if self.mark != Mark::Named {
            let found = self.findings.iter();
            let found = found.map(|it| format!("{} {} {}", it.rule, it.operation, it.subject));
            let found: Vec<_> = found.take(3).collect();
            let _ = write!(line, "  [{}]", found.join(", "));
        }
        line
    }
}

/// True if the text is one of those that ` | ` separates.
fn is_one(text: &str, list: &str) -> bool {
    list.split(" | ").any(|it| it == text)
}

/// So many faults are switched on together, at most.
const TOGETHER: usize = 5;

/// A single fault, the rule that is to find it, and where.
type Sought = (&'static str, &'static str, &'static str);

/// What is not found of single faults, each with the rule that is to find it, and where.
///
/// Those that different findings tell of are switched on together; what one of them hides of another is sought once more
/// by itself.
pub(crate) fn missed(subject: &Subject, faults: &[Sought]) -> String {
    let mut missed = String::new();
    for group in groups(faults) {
        let names: Vec<_> = group.iter().map(|(name, ..)| *name).collect();
        let together = Trial::run(subject, Seed::all(&names));
        for sought in group {
            if is_found(sought, &together) {
                continue;
            }
            let (fault, rule, operation) = sought;
            let alone = Trial::run(subject, Seed::of(fault));
            if !is_found(sought, &alone) {
                let found = alone.findings.iter();
                let found: Vec<_> = found
                    .map(|it| format!("{} {}", it.rule, it.operation))
                    .collect();
                let _ = writeln!(missed, "{fault}: no {rule} at {operation}, but {found:?}");
            }
        }
    }
    missed
}

fn is_found((_, rule, operation): &Sought, trial: &Trial) -> bool {
    let mut findings = trial.findings.iter();
    findings.any(|it| it.rule == *rule && it.operation.ends_with(path(operation)))
}

/// The path of an operation; empty if a finding may be at any.
fn path(operation: &str) -> &str {
    operation.split(' ').next_back().unwrap_or_default()
}

/// Faults in groups in which no finding tells of two.
fn groups(faults: &[Sought]) -> Vec<Vec<&Sought>> {
    let mut groups: Vec<Vec<&Sought>> = Vec::new();
    for sought in faults {
        let (_, rule, operation) = sought;
        let is_apart = |(_, other, place): &&Sought| {
            let (here, there) = (path(operation), path(place));
            rule != other || !here.ends_with(there) && !there.ends_with(here)
        };
        let fits = |group: &&mut Vec<&Sought>| group.len() < TOGETHER && group.iter().all(is_apart);
        match groups.iter_mut().find(fits) {
            Some(group) => group.push(sought),
            None => groups.push(vec![sought]),
        }
    }
    groups
}

/// Tests a service with each of these faults.
pub(crate) fn rows(subject: &Subject, faults: &[Fault]) -> Vec<Row> {
    let faultless = Trial::run(subject, Seed::none());
    let faultless: BTreeSet<_> = faultless.findings.into_iter().collect();
    let rows = Mutex::new(Vec::new());
    let next = AtomicUsize::new(0);
    let workers = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(fault) = faults.get(next.fetch_add(1, Ordering::SeqCst)) {
                    let row = Row::of(subject, *fault, &faultless);
                    rows.lock().unwrap().push(row);
                }
            });
        }
    });
    let mut rows = rows.into_inner().unwrap();
    rows.sort_by_key(|row| faults.iter().position(|it| it.name == row.fault.name));
    rows
}
