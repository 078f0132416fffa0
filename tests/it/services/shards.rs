//! A run in parts, put together, is the run as a whole.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use super::seed::Seed;
use super::wire::Running;
use super::{SUBJECTS, Subject};

const SHARDS: usize = 4;

fn fieldproof(folder: &Path, arguments: &[String]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_fieldproof"))
        .args(arguments)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn docs(subject: &Subject) -> String {
    let root = env!("CARGO_MANIFEST_DIR");
    format!("{root}/tests/it/services/{}", subject.name)
}

/// Tests a service with that fault.
fn test(subject: &Subject, fault: Option<&'static str>, folder: &Path, more: &[String]) -> Output {
    let seed = fault.map_or_else(Seed::none, Seed::of);
    let running = Running::start((subject.start)(), seed);
    let url = running.url();
    let mut arguments = vec!["test".to_owned(), docs(subject), "--url".to_owned(), url];
    arguments.extend(subject.arguments.iter().map(|it| (*it).to_owned()));
    arguments.extend_from_slice(more);
    fieldproof(folder, &arguments)
}

/// What does not depend on the port, on ids that the service makes up, and on the clock.
fn told(output: &Output) -> (Option<i32>, Vec<Value>, Value) {
    let text = String::from_utf8_lossy(&output.stdout);
    let json: Value = serde_json::from_str(&text).unwrap_or_else(|_| {
        panic!("{text}{}", String::from_utf8_lossy(&output.stderr));
    });
    let mut findings = json["findings"].as_array().unwrap().clone();
    for finding in &mut findings {
        for name in ["request", "curl", "observed", "replay"] {
            finding.as_object_mut().unwrap().remove(name);
        }
    }
    (output.status.code(), findings, json["summary"].clone())
}

fn arguments(words: &[&str]) -> Vec<String> {
    words.iter().map(|it| (*it).to_owned()).collect()
}

#[test]
fn four_shards_make_the_same_report_as_one_run() {
    // With a fault of one operation, and with one of all of them, in turns.
    let words = ["shape/", "auth/"].into_iter().cycle();
    for (subject, word) in SUBJECTS.iter().zip(words) {
        let mut faults = subject.faults().into_iter();
        let fault = faults.find(|it| it.name.contains(word)).unwrap();
        // Without a fault there is little that could be lost.
        let is_first = subject.name == SUBJECTS[0].name;
        let clean = is_first.then_some(None);
        for fault in clean.into_iter().chain([Some(fault.name)]) {
            let folder = tempfile::tempdir().unwrap();
            let json = arguments(&["--format", "json"]);
            let whole = told(&test(subject, fault, folder.path(), &json));
            let mut merge = arguments(&["merge", "--docs", &docs(subject), "--format", "json"]);
            for index in 1..=SHARDS {
                let record = format!("{index}.json");
                let shard = format!("{index}/{SHARDS}");
                let report = format!("run={record}");
                test(
                    subject,
                    fault,
                    folder.path(),
                    &arguments(&["--shard", &shard, "--report", &report]),
                );
                merge.push(record);
            }
            let merged = told(&fieldproof(folder.path(), &merge));
            assert_eq!(merged, whole, "{} {fault:?}", subject.name);
        }
    }
}

#[test]
fn what_does_not_belong_together_is_not_merged() {
    let subject = &SUBJECTS[0];
    let folder = tempfile::tempdir().unwrap();
    for index in 1..=2 {
        let shard = format!("{index}/2");
        let report = format!("run={index}.json");
        test(
            subject,
            None,
            folder.path(),
            &arguments(&["--shard", &shard, "--report", &report]),
        );
    }
    let merge = |docs: &str, records: &[&str]| {
        let mut words = vec!["merge", "--docs", docs];
        words.extend(records);
        let output = fieldproof(folder.path(), &arguments(&words));
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let own = docs(subject);
    assert!(merge(&own, &["1.json"]).contains("these were given: 1/2"));
    assert!(merge(&own, &["1.json", "1.json"]).contains("these were given: 1/2, 1/2"));
    assert!(merge(&docs(&SUBJECTS[1]), &["1.json", "2.json"]).contains("another text of"));
    std::fs::write(folder.path().join("no.json"), "{}").unwrap();
    assert!(merge(&own, &["no.json"]).contains("is no record of a run"));
}
