//! `--replay`: a finding is still there while its fault is, and gone without it.
//!
//! `REPLAYED=word cargo test --test it replayed -- --nocapture` asks about the findings of all faults whose names hold the
//! word; `REPLAYED=/` asks about all.

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;

use super::seed::{Fault, Seed};
use super::wire::Running;
use super::{SUBJECTS, Subject};

/// Without a word, so many faults of the tables are left out for each whose findings are asked about.
const SAMPLE: usize = 61;

/// A run against a service in which that is switched on, and the requests that the service got.
fn test(subject: &Subject, seed: Seed, folder: &Path, more: &[&str]) -> (Output, usize) {
    let running = Running::start((subject.start)(), seed);
    let root = env!("CARGO_MANIFEST_DIR");
    let output = Command::new(env!("CARGO_BIN_EXE_fieldproof"))
        .arg("test")
        .arg(format!("{root}/tests/it/services/{}", subject.name))
        .args(["--url", &running.url()])
        .args(subject.arguments)
        .args(more)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    (output, running.requests())
}

fn ids(output: &Output) -> Vec<(String, String)> {
    let json: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    let findings = json["findings"].as_array().cloned().unwrap_or_default();
    findings
        .iter()
        .map(|it| {
            let words = [&it["rule"], &it["operation"], &it["subject"]];
            let words = words.map(|it| it.as_str().unwrap_or_default());
            (it["id"].as_str().unwrap().to_owned(), words.join(" "))
        })
        .collect()
}

/// What went wrong with the findings of a fault, how many there are, and the share of the requests that is sent again.
fn ask(subject: &Subject, fault: &Fault) -> (Vec<String>, usize, f64) {
    let folder = tempfile::tempdir().unwrap();
    let (whole, most) = test(
        subject,
        Seed::of(fault.name),
        folder.path(),
        &["--format", "json"],
    );
    let mut wrong = Vec::new();
    let mut share = 0.0;
    let found = ids(&whole);
    for (id, words) in &found {
        for (seed, code, said) in [
            (Seed::of(fault.name), 1, "still there: "),
            (Seed::none(), 0, "gone: "),
        ] {
            let (output, sent) = test(subject, seed, folder.path(), &["--replay", id]);
            let out = String::from_utf8_lossy(&output.stdout);
            if output.status.code() != Some(code) || !out.contains(said) {
                let err = String::from_utf8_lossy(&output.stderr);
                wrong.push(format!(
                    "{} {}: {words} {id}: not {said}\n{}{err}",
                    subject.name,
                    fault.name,
                    out.lines().last().unwrap_or_default()
                ));
            }
            #[expect(clippy::cast_precision_loss, reason = "there are few requests")]
            let part = sent as f64 / most as f64;
            share += part / 2.0;
        }
    }
    (wrong, found.len(), share)
}

#[test]
#[expect(clippy::print_stdout, reason = "the figures are for a person")]
fn replayed_findings_are_there_as_long_as_their_faults() {
    let word = std::env::var("REPLAYED").ok();
    let mut wanted = Vec::new();
    for subject in SUBJECTS {
        let faults = subject.faults().into_iter().enumerate();
        let faults = faults.filter(|(index, fault)| match &word {
            Some(word) => fault.name.contains(word),
            None => index % SAMPLE == 0,
        });
        wanted.extend(faults.map(|(_, fault)| (subject, fault)));
    }
    let next = AtomicUsize::new(0);
    let results = Mutex::new(Vec::new());
    let workers = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some((subject, fault)) = wanted.get(next.fetch_add(1, Ordering::SeqCst)) {
                    let result = ask(subject, fault);
                    println!("{} {}: {} findings", subject.name, fault.name, result.1);
                    result.0.iter().for_each(|line| println!("{line}"));
                    results.lock().unwrap().push(result);
                }
            });
        }
    });
    let results = results.into_inner().unwrap();
    let wrong: Vec<String> = results.iter().flat_map(|it| it.0.clone()).collect();
    let count: usize = results.iter().map(|it| it.1).sum();
    let share: f64 = results.iter().map(|it| it.2).sum();
    #[expect(clippy::cast_precision_loss, reason = "there are few findings")]
    let percent = share * 100.0 / count as f64;
    println!(
        "{count} findings of {} faults asked about, with {percent:.0} % of the requests",
        wanted.len()
    );
    assert!(count > 0);
    assert!(wrong.is_empty(), "{} of {count}: {wrong:#?}", wrong.len());
}

#[test]
fn what_is_no_finding_of_the_pages_is_a_slip() {
    let subject = &SUBJECTS[0];
    let folder = tempfile::tempdir().unwrap();
    let fault = subject.faults()[0];
    let (whole, _) = test(
        subject,
        Seed::of(fault.name),
        folder.path(),
        &["--format", "json"],
    );
    let id = ids(&whole)[0].0.clone();
    // A letter of the operation, which is known, is another one.
    let mut slip: Vec<char> = id.chars().collect();
    slip[1] = if slip[1] == 'x' { 'y' } else { 'x' };
    let slip: String = slip.into_iter().collect();
    for (text, words) in [
        (slip.as_str(), format!("did you mean `{id}`?")),
        ("nonsense", "show their own".to_owned()),
    ] {
        let (output, sent) = test(subject, Seed::none(), folder.path(), &["--replay", text]);
        let err = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{err}");
        assert!(err.contains(&words), "{err}");
        assert_eq!(sent, 0);
    }
}
