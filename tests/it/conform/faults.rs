//! Servers that break HTTP, or never come to an end: each ends in a clear result, and in time.

use std::fs;
use std::io::Write as _;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;

use super::server::{Act, Server, json};
use super::{GOOD, Outcome, PAGE, fieldproof};

/// Tests two operations: one that is well, and one that breaks.
fn run(act: impl Fn() -> Act + Send + 'static, time: &str) -> (Outcome, Duration) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("page.mdx"), PAGE).unwrap();
    let other = PAGE.replace("lockers/open", "doors/open");
    fs::write(folder.path().join("other.mdx"), other).unwrap();
    let server = Server::start(move |request| {
        if request.line.contains("/doors") {
            json(GOOD)
        } else {
            act()
        }
    });
    let start = Instant::now();
    let url = server.url();
    let arguments = [
        "test",
        ".",
        "--phase",
        "examples",
        "--timeout",
        time,
        "--url",
        &url,
    ];
    let left = folder.path().join("left.json");
    let left = ["--leftovers", left.to_str().unwrap()];
    let outcome = fieldproof(&[&arguments[..], &left].concat(), folder.path());
    (outcome, start.elapsed())
}

fn raw(text: &str) -> Act {
    Act::Raw(text.as_bytes().to_vec())
}

fn bomb() -> Act {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    for _ in 0..64 {
        encoder.write_all(&vec![b' '; 1 << 20]).unwrap();
    }
    let body = encoder.finish().unwrap();
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    Act::Raw([head.into_bytes(), body].concat())
}

type Make = fn() -> Act;

#[test]
fn broken_answers_are_findings() {
    let cases: [(&str, Make, &str); 10] = [
        (
            "closes",
            || Act::Raw(Vec::new()),
            "closed the connection before the end",
        ),
        ("never answers", || Act::Hang, "no whole answer within 1 s"),
        (
            "stops within the head",
            || raw("HTTP/1.1 200 OK\r\nContent-Ty"),
            "closed the connection before the end",
        ),
        (
            "promises more than it sends",
            || raw("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{}"),
            "closed the connection before the end",
        ),
        (
            "ends in the middle of a chunk",
            || raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{}"),
            "closed the connection before the end",
        ),
        (
            "counts wrongly",
            || raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n"),
            "is not HTTP",
        ),
        (
            "has two lengths",
            || raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}"),
            "is not HTTP",
        ),
        (
            "has a header without a name",
            || raw("HTTP/1.1 200 OK\r\n: x\r\n\r\n{}"),
            "is not HTTP",
        ),
        (
            "has a number for a status line",
            || raw("200\r\n\r\n"),
            "is not HTTP",
        ),
        (
            "sends to itself",
            || {
                Act::Answer(
                    302,
                    vec![("Location", "/lockers/open".to_owned())],
                    String::new(),
                )
            },
            "the request is sent elsewhere",
        ),
    ];
    for (name, make, words) in cases {
        let (outcome, time) = run(make, "1s");
        assert_eq!(outcome.code, 1, "{name}: {}{}", outcome.out, outcome.err);
        outcome.shows(words);
        outcome.shows("2 exercised");
        assert!(time < Duration::from_secs(20), "{name}: {time:?}");
    }
}

/// An answer that does not end, and one that does not end once it is unpacked, are cut at the limit of bodies.
#[test]
fn answers_without_an_end_are_cut() {
    let cases: [Make; 2] = [|| Act::Flood, bomb];
    for make in cases {
        let (outcome, _) = run(make, "30s");
        outcome.ends_with(1);
        outcome.shows("is larger than 8388608 bytes");
    }
}

/// A request that waits does not outlive the time of the run.
#[test]
fn the_time_of_a_run_cuts_what_reads() {
    let folder = tempfile::tempdir().unwrap();
    let page = "---\ntitle: A\napi: GET https://api.example.com/a\n---\n";
    fs::write(folder.path().join("page.mdx"), page).unwrap();
    let server = Server::start(|_| Act::Hang);
    let start = Instant::now();
    let url = server.url();
    let arguments = [
        "test",
        ".",
        "--url",
        &url,
        "--timeout",
        "60",
        "--max-time",
        "300ms",
    ];
    let outcome = fieldproof(&arguments, folder.path());
    outcome.ends_with(4);
    outcome.shows("the limit of --max-time was reached before the first answer");
    assert!(start.elapsed() < Duration::from_secs(30));
}
