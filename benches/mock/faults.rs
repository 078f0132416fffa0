//! Delays and faults, as a client meets them.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Instant;

use crate::load::content_length;
use crate::server::mock_with;
use crate::site::{request, site};

/// What a client meets of delays and faults, twice with the same seed.
pub(crate) fn faults() {
    let folder = site(5);
    println!(
        "\n{:<24} {:>8} {:>8} {:>8}",
        "delay", "least", "median", "95 %"
    );
    for delay in ["0ms", "20ms", "10..40ms", "lognormal(20ms, 0.5)"] {
        let server = mock_with(folder.path(), &["--delay", delay, "--seed", "7"]);
        let mut times: Vec<f64> = (0..400).map(|_| met(server.port).1 * 1000.0).collect();
        times.sort_by(f64::total_cmp);
        println!(
            "{delay:<24} {:>5.1} ms {:>5.1} ms {:>5.1} ms",
            times[0], times[200], times[380]
        );
    }
    println!(
        "\n{:<24} {:>24} {:>10}",
        "fault at 5 %", "met in 1,000 requests", "repeated"
    );
    for fault in ["error", "throttle", "reset", "truncate", "drip"] {
        let run = || -> Vec<bool> {
            let share = format!("{fault}=5%");
            let server = mock_with(folder.path(), &["--fault", &share, "--seed", "7"]);
            (0..1000).map(|_| met(server.port).0 == fault).collect()
        };
        let (first, second) = (run(), run());
        let count = first.iter().filter(|it| **it).count();
        let is_same = if first == second { "exactly" } else { "no" };
        println!("{fault:<24} {count:>24} {is_same:>10}");
    }
}

/// What becomes of one request, and how many seconds that takes.
fn met(port: u16) -> (&'static str, f64) {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_nodelay(true).unwrap();
    let close = request().replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
    let start = Instant::now();
    stream.write_all(close.as_bytes()).unwrap();
    let (mut answer, mut buffer, mut pieces) = (Vec::new(), [0; 8192], 0);
    let is_reset = loop {
        match stream.read(&mut buffer) {
            Ok(0) => break false,
            Ok(read) => answer.extend_from_slice(&buffer[..read]),
            Err(_) => break true,
        }
        pieces += 1;
    };
    let seconds = start.elapsed().as_secs_f64();
    let text = String::from_utf8_lossy(&answer);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_default();
    let what = match head.get(9..12) {
        None => "reset",
        Some("429") if head.to_lowercase().contains("retry-after: ") => "throttle",
        Some(status) if status.starts_with('5') => "error",
        _ if is_reset || content_length(head.as_bytes()) > body.len() => "truncate",
        _ if pieces > 4 => "drip",
        _ => "nothing",
    };
    (what, seconds)
}
