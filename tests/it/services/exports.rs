//! Runs in the forms of other tools: what they hold, and whether the other tools agree with them.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::installed;

use super::seed::Seed;
use super::wire::Running;
use super::{SUBJECTS, Subject};

/// The secrets of each service, under the names that the forms give them.
const SECRETS: &[(&str, &str, &str)] = &[
    ("bookshop", "TOKEN", "t0ken-of-the-shelf"),
    ("messages", "X_API_KEY", "k3y-of-the-pigeon"),
    ("depots", "AUTHORIZATION", "cG9zdGllOnN0YW1wcw=="),
    ("stages", "STAGES_TOKEN", "br4vo-da-capo"),
    ("bench", "BENCH_TOKEN", "sp0ke-and-hub"),
];

/// A run of a service without a fault, in these forms.
fn run(subject: &Subject, folder: &Path, forms: &[(&str, &str)]) -> Output {
    run_with(subject, folder, forms, &[])
}

/// The same with further arguments.
fn run_with(subject: &Subject, folder: &Path, forms: &[(&str, &str)], more: &[&str]) -> Output {
    let running = Running::start((subject.start)(), Seed::none());
    let docs = format!(
        "{}/tests/it/services/{}",
        env!("CARGO_MANIFEST_DIR"),
        subject.name
    );
    let mut command = Command::new(env!("CARGO_BIN_EXE_fieldproof"));
    command.args(["test", &docs, "--url", &running.url()]);
    for (form, file) in forms {
        command.args(["--report", &format!("{form}={file}")]);
    }
    command
        .args(subject.arguments)
        .args(more)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn secret(subject: &Subject) -> (&'static str, &'static str) {
    let secrets = SECRETS.iter().find(|(known, ..)| *known == subject.name);
    let (_, name, value) = secrets.unwrap();
    (name, value)
}

/// Sends the requests of a file again, to a service with that fault.
fn replayed(subject: &Subject, seed: Seed, repeat: impl Fn(&str) -> Command) -> (bool, String) {
    let running = Running::start((subject.start)(), seed);
    let output = repeat(&running.url())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    (
        output.status.success(),
        String::from_utf8_lossy(&said).into_owned(),
    )
}

/// Some of the faults that every tool sees.
fn faults(subject: &Subject) -> Vec<&'static str> {
    let faults = subject.faults().into_iter().map(|fault| fault.name);
    let plain = [
        "shape/get-without-author",
        "shape/list-total-is-text",
        "status/update-answers-202",
        "shape/get-has-no-author",
        "shape/channels-have-no-name",
        "shape/hand-in-has-no-state",
        "status/rates-answer-203",
    ];
    faults.filter(|name| plain.contains(name)).collect()
}

#[test]
fn hurl_agrees_with_the_exported_file() {
    let Some(hurl) = installed::program("HURL", "hurl") else {
        return;
    };
    for subject in SUBJECTS {
        let folder = tempfile::tempdir().unwrap();
        run(subject, folder.path(), &[("hurl", "run.hurl")]);
        let (name, value) = secret(subject);
        let again = |url: &str| {
            let mut command = Command::new(&hurl);
            command
                .args(["--test", "--continue-on-error", "--no-color"])
                .args(["--variable", &format!("url={url}")])
                .args(["--secret", &format!("{name}={value}")])
                .arg(folder.path().join("run.hurl"));
            command
        };
        let (is_clean, said) = replayed(subject, Seed::none(), again);
        assert!(is_clean, "{}: {said}", subject.name);
        for fault in faults(subject) {
            let (is_clean, said) = replayed(subject, Seed::of(fault), again);
            assert!(!is_clean, "{} {fault}: {said}", subject.name);
        }
    }
}

#[test]
fn the_exported_script_passes_with_the_service_and_fails_with_a_faulty_one() {
    let (Some(_), Some(_)) = (
        installed::program("CURL", "curl"),
        installed::program("JQ", "jq"),
    ) else {
        return;
    };
    for subject in &SUBJECTS[..1] {
        let folder = tempfile::tempdir().unwrap();
        // A shell starts several programs for each request: those of the first two parts tell enough.
        let parts = ["--phase", "examples,positive"];
        run_with(subject, folder.path(), &[("shell", "run.sh")], &parts);
        let (name, value) = secret(subject);
        let again = |url: &str| {
            let mut command = Command::new("sh");
            command
                .arg(folder.path().join("run.sh"))
                .arg(url)
                .env(name, value);
            command
        };
        let (is_clean, said) = replayed(subject, Seed::none(), again);
        assert!(is_clean, "{}: {said}", subject.name);
        let fault = faults(subject)[0];
        let (is_clean, said) = replayed(subject, Seed::of(fault), again);
        assert!(!is_clean, "{} {fault}: {said}", subject.name);
    }
}

#[test]
fn forms_of_a_run_hold_every_request_and_no_secret() {
    for subject in SUBJECTS {
        let folder = tempfile::tempdir().unwrap();
        let forms = ["har", "ndjson", "hurl", "shell", "run"];
        let pairs = forms.map(|form| (form, form));
        run(subject, folder.path(), &pairs);
        let texts = forms.map(|form| std::fs::read_to_string(folder.path().join(form)).unwrap());
        let (name, value) = secret(subject);
        for (form, text) in forms.iter().zip(&texts) {
            assert!(!text.contains(value), "{form} of {}", subject.name);
            assert!(text.contains(name), "{form} of {}", subject.name);
        }
        let [har, ndjson, hurl, shell, run] = texts;
        let run: Value = serde_json::from_str(&run).unwrap();
        let schema = include_str!("../../../docs/schemas/run-1.json");
        let schema = jsonschema::validator_for(&serde_json::from_str(schema).unwrap()).unwrap();
        let errors: Vec<_> = schema
            .iter_errors(&run)
            .take(3)
            .map(|it| it.to_string())
            .collect();
        assert!(errors.is_empty(), "{errors:#?}");
        let count = run["exchanges"].as_array().unwrap().len();
        let har: Value = serde_json::from_str(&har).unwrap();
        assert_eq!(har["log"]["entries"].as_array().unwrap().len(), count);
        let events: Vec<Value> = ndjson
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let schema = include_str!("../../../docs/schemas/events-1.json");
        let schema = jsonschema::validator_for(&serde_json::from_str(schema).unwrap()).unwrap();
        assert!(events.iter().all(|event| schema.is_valid(event)));
        let exchanges = events.iter().filter(|it| it["event"] == "exchange");
        assert_eq!(exchanges.count(), count);
        assert_eq!(events[events.len() - 1]["requests"], count);
        let urls = hurl.lines().filter(|line| line.contains(" {{url}}/"));
        assert_eq!(urls.count(), count);
        let steps = shell.lines().filter(|line| line.starts_with("step "));
        assert_eq!(steps.count(), count);
        variables_are_known_before_they_are_used(&hurl, name);
    }
}

fn variables_are_known_before_they_are_used(hurl: &str, secret: &str) {
    let mut known = BTreeSet::from(["url".to_owned(), secret.to_owned()]);
    let mut count = 0;
    for line in hurl.lines() {
        let captured = line
            .split_once(": jsonpath ")
            .or_else(|| line.split_once(": header "));
        if let Some((name, _)) = captured {
            known.insert(name.to_owned());
            count += 1;
        }
        for rest in line.split("{{").skip(1) {
            let name = rest.split("}}").next().unwrap();
            assert!(known.contains(name), "{name} in {line}");
        }
    }
    assert!(count > 0, "what the service makes up is captured");
}
