//! Delays and faults as a client meets them.

use std::io::ErrorKind;
use std::time::Instant;

use super::*;

/// Sends a request; gives what was read before the connection ended, and how it ended.
fn exchange(mock: &Mock, prefer: &str) -> (String, Option<ErrorKind>) {
    let mut stream = mock.connect();
    let prefer = format!("Prefer: {prefer}");
    write_request(
        &mut stream,
        "POST",
        "/notes",
        &[&prefer, "Connection: close"],
        "",
    );
    let mut answer = Vec::new();
    let ended = stream
        .read_to_end(&mut answer)
        .err()
        .map(|error| error.kind());
    (String::from_utf8(answer).unwrap(), ended)
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or("none")
}

#[test]
fn each_fault_is_met_by_the_client() {
    let mock = Mock::of_page(&[]);
    let (answer, _) = exchange(&mock, "fault=error");
    assert!(
        answer.starts_with("HTTP/1.1 500") && answer.contains("mock-fault: error"),
        "{answer}"
    );
    let (answer, _) = exchange(&mock, "fault=throttle");
    assert!(
        answer.starts_with("HTTP/1.1 429") && answer.contains("retry-after: "),
        "{answer}"
    );
    let (answer, ended) = exchange(&mock, "fault=reset");
    assert_eq!(
        (answer.as_str(), ended),
        ("", Some(ErrorKind::ConnectionReset))
    );
    let (answer, ended) = exchange(&mock, "fault=truncate");
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(
        head.contains(&format!("content-length: {}", EXAMPLE.len())),
        "{head}"
    );
    assert_eq!((body, ended), (&EXAMPLE[..EXAMPLE.len() / 2], None));
    // The body has more than five pieces, with 100 ms before each.
    let start = Instant::now();
    let (answer, _) = exchange(&mock, "fault=drip");
    assert!(
        answer.ends_with(EXAMPLE) && start.elapsed() >= Duration::from_millis(500),
        "{answer}"
    );
    assert_eq!(mock.send("POST", "/notes", &[], "").body, EXAMPLE);
}

#[test]
fn an_answer_takes_at_least_its_delay() {
    let mock = Mock::of_page(&["--delay", "120..130ms"]);
    let took = |prefer: &str| {
        let start = Instant::now();
        exchange(&mock, prefer);
        start.elapsed()
    };
    assert!(took("none") >= Duration::from_millis(120));
    assert!(took("delay=200") >= Duration::from_millis(200));
    assert!(took("delay=\"lognormal(150ms, 0)\"") >= Duration::from_millis(150));
}

#[test]
fn the_same_seed_meets_the_same_faults_in_every_run() {
    let run = |seed: &str| -> Vec<String> {
        let faults = [
            "--error-rate",
            "20%",
            "--fault",
            "reset=0.2",
            "--fault",
            "throttle=20%",
        ];
        let mock = Mock::of_page(&[&faults[..], &["--seed", seed]].concat());
        let answers = (0..40).map(|_| exchange(&mock, "none").0);
        answers.map(|answer| status(&answer).to_owned()).collect()
    };
    let first = run("1");
    for met in ["200", "429", "500", "none"] {
        assert!(
            first.iter().any(|status| status == met),
            "{met} in {first:?}"
        );
    }
    assert_eq!(first, run("1"));
    assert_ne!(first, run("2"));
}

#[test]
fn the_configuration_makes_plans_for_operations() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("note.mdx"), PAGE).unwrap();
    let settings = "[mock.faults]\nreset = \"100%\"\n\n[mock.operations.\"POST /notes\"]\nfaults = { reset = \"0%\", error = \"100%\" }\n";
    fs::write(folder.path().join("fieldproof.toml"), settings).unwrap();
    let mock = Mock::start(folder.path(), &[]);
    assert_eq!(mock.send("POST", "/notes", &[], "").status, 500);

    for (settings, says) in [
        ("[mock]\ndelay = \"soon\"\n", "`soon` is no delay"),
        ("[mock.faults]\ncrash = \"5%\"\n", "`crash` is no fault"),
    ] {
        fs::write(folder.path().join("fieldproof.toml"), settings).unwrap();
        let output = command(folder.path(), &[]).output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(
            output.status.code() == Some(2) && error.contains(says),
            "{error}"
        );
    }
}
