//! Reference services that do as their pages say, and every fault that can be switched on in them.
//!
//! Each service has pages in a folder of its name, and a table of single faults.
//! The tests run `fieldproof test` with default flags against each fault, and hold the tool to what it has reached:
//! raise the figures of [`REACHED`] when it finds more, and never lower them without saying why.
//! `SEEDED=word cargo test --test it seeded -- --nocapture` shows what is found of the faults whose names hold the word.

mod bookshop;
mod seed;
mod trial;
mod vary;
mod wire;

use std::fmt::Write as _;

use seed::{Fault, Seed};
use trial::{Row, Trial};
use wire::Service;

/// A service, and how it is tested.
pub(crate) struct Subject {
    pub(crate) name: &'static str,
    /// Credentials.
    pub(crate) arguments: &'static [&'static str],
    pub(crate) faults: &'static str,
    pub(crate) start: fn() -> Box<dyn Service>,
}

impl Subject {
    fn faults(&self) -> Vec<Fault> {
        Fault::table(self.faults)
    }
}

const SUBJECTS: &[Subject] = &[Subject {
    name: "bookshop",
    arguments: &["--var", "token=t0ken-of-the-shelf"],
    faults: include_str!("bookshop.faults"),
    start: || Box::<bookshop::Bookshop>::default(),
}];

/// What is reached of each family, in percent: found, and named by the right subject.
///
/// To reach: 95 of all, and 90 of inputs-effect and of state, found; 90 named.
const REACHED: &[(&str, usize, usize)] = &[
    ("shape", 41, 41),
    ("status", 42, 28),
    ("headers", 20, 20),
    ("inputs", 6, 6),
    ("inputs-effect", 0, 0),
    ("state", 0, 0),
    ("auth", 14, 14),
    ("routing", 60, 60),
    ("robustness", 42, 42),
];

/// Requests for the seven operations of the bookshop, at most.
const MOST_REQUESTS: usize = 150;

#[test]
#[expect(clippy::print_stdout, reason = "the table is for a person")]
fn seeded_faults_are_found() {
    let word = std::env::var("SEEDED").unwrap_or_default();
    let rows: Vec<_> = SUBJECTS
        .iter()
        .flat_map(|subject| trial::rows(subject, &word))
        .collect();
    let mut text = String::new();
    for row in &rows {
        let _ = writeln!(text, "{}", row.line());
    }
    text.push('\n');
    let mut lost = Vec::new();
    for (family, found, named) in REACHED {
        let rows: Vec<_> = rows
            .iter()
            .filter(|row| row.fault.family() == *family)
            .collect();
        let share = Share::of(&rows);
        let _ = writeln!(text, "{family:<14} {share}");
        if word.is_empty() && (share.found < *found || share.named < *named) {
            lost.push(format!(
                "{family}: {found} % were found and {named} % named, now {share}"
            ));
        }
    }
    let all: Vec<_> = rows.iter().collect();
    let _ = writeln!(text, "{:<14} {}", "all", Share::of(&all));
    println!("{text}");
    assert!(lost.is_empty(), "{text}\n{}", lost.join("\n"));
    let most = rows
        .iter()
        .filter(|row| row.service == "bookshop")
        .map(|row| row.requests)
        .max();
    assert!(most <= Some(MOST_REQUESTS), "{most:?} requests");
}

/// How much of some faults is found.
struct Share {
    count: usize,
    found: usize,
    named: usize,
    /// The median of the findings of those that are found.
    findings: usize,
}

impl Share {
    fn of(rows: &[&Row]) -> Self {
        let found = rows.iter().filter(|row| row.is_found);
        let mut findings: Vec<_> = found.map(|row| row.findings.len()).collect();
        findings.sort_unstable();
        let named = rows.iter().filter(|row| row.is_named).count();
        let count = rows.len().max(1);
        Self {
            count: rows.len(),
            found: findings.len() * 100 / count,
            named: named * 100 / count,
            findings: findings
                .get(findings.len() / 2)
                .copied()
                .unwrap_or_default(),
        }
    }
}

impl std::fmt::Display for Share {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            count,
            found,
            named,
            findings,
        } = self;
        write!(
            formatter,
            "{found:>3} % of {count:>3} found, {named:>3} % named, median of findings {findings}"
        )
    }
}

/// Errors and warnings against services that do as their pages say; to reach: none.
///
/// The ids of the examples are taken for ids that the server knows.
const FALSE_ALARMS: usize = 4;

#[test]
fn services_without_a_fault_are_clean() {
    for subject in SUBJECTS {
        let trial = Trial::run(subject, Seed::none());
        assert!(
            trial.findings.len() <= FALSE_ALARMS,
            "{}: {}",
            subject.name,
            trial.shown
        );
    }
}

#[test]
fn what_the_pages_do_not_forbid_is_no_error() {
    for subject in SUBJECTS {
        let allowed = Trial::run(subject, Seed::none()).findings;
        for variation in vary::VARIATIONS {
            let trial = Trial::run(subject, Seed::of(variation));
            let mut errors = trial.findings;
            errors.retain(|finding| finding.severity == "error" && !allowed.contains(finding));
            assert!(
                errors.is_empty(),
                "{}: {variation}: {}",
                subject.name,
                trial.shown
            );
        }
    }
}

/// A fault that no code asks for could never be found.
#[test]
fn every_fault_stands_in_its_service() {
    for subject in SUBJECTS {
        let path = format!(
            "{}/tests/it/services/{}.rs",
            env!("CARGO_MANIFEST_DIR"),
            subject.name
        );
        let text = std::fs::read_to_string(path).unwrap();
        let mut names = std::collections::BTreeSet::new();
        for fault in subject.faults() {
            assert!(
                names.insert(fault.name),
                "{} stands twice in the table",
                fault.name
            );
            assert!(
                REACHED.iter().any(|(family, ..)| *family == fault.family()),
                "{}",
                fault.name
            );
            let asked = format!("seed.is(\"{}\")", fault.name);
            let places = text.matches(&asked).count();
            assert_eq!(places, 1, "`{asked}` stands in {places} places");
        }
        assert!(
            subject.faults().len() >= 40,
            "{} has few faults",
            subject.name
        );
    }
}
