//! A mock from its start over many requests: time, memory, connections, and pages that are saved.

use std::fmt::Write as _;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::load::{cpu_seconds, exchange, measure, measure_all, median, resident};
use crate::server::{mock, mock_command, spawn};
use crate::site::{page, request, site};

pub(crate) fn start() {
    let folder = site(500);
    let mut times = Vec::new();
    for _ in 0..11 {
        let server = mock(folder.path());
        exchange(server.port);
        times.push(cpu_seconds(server.child.id()) * 1000.0);
    }
    println!(
        "\nstart with 500 pages to the first answer: {:.0} ms of CPU",
        median(times)
    );
}

pub(crate) fn memory() {
    let folder = site(500);
    let server = mock(folder.path());
    exchange(server.port);
    let pid = server.child.id();
    let idle = resident(pid);
    // Connections take buffers, which is no growth.
    measure(
        server.port,
        Some(pid),
        Duration::from_secs(1),
        u64::MAX,
        &request(),
    );
    let warm = resident(pid);
    measure(
        server.port,
        Some(pid),
        Duration::from_mins(5),
        1_000_000,
        &request(),
    );
    let after = resident(pid);
    println!(
        "\nmemory with 500 pages: {idle:.1} MB idle, {warm:.1} MB warm, {after:.1} MB after a million requests"
    );
}

/// What is refused is answered, too, and must not be kept.
pub(crate) fn soak() {
    let folder = site(500);
    let server = mock(folder.path());
    exchange(server.port);
    let right = request();
    let path = "/v1/shops/3/orders";
    let requests = [
        right.as_str(),
        // Of another type, cut off, and of no operation.
        &right.replace("\"quantity\":2", "\"quantity\":{}"),
        &right.replace("\"shipping\"", "\"shipping"),
        &right.replace(path, "/v1/ships/3/orders"),
    ];
    let requests = requests.map(resized);
    let requests: Vec<_> = requests.iter().map(String::as_str).collect();
    let pid = server.child.id();
    let time = Duration::from_hours(24);
    measure_all(server.port, Some(pid), time, 100_000, &requests);
    println!("\nmillions  MB     µs of CPU each");
    println!("     0.1  {:<5.1}", resident(pid));
    for million in 1..=10_u32 {
        let (_, cost) = measure_all(server.port, Some(pid), time, 1_000_000, &requests);
        println!("{million:>8}  {:<5.1}  {cost:.1}", resident(pid));
    }
}

/// A request whose body was changed, with the length that it has now.
fn resized(request: &str) -> String {
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let lines = head.lines().map(|line| {
        if line.starts_with("Content-Length:") {
            format!("Content-Length: {}\r\n", body.len())
        } else {
            format!("{line}\r\n")
        }
    });
    format!("{}\r\n{body}", lines.collect::<String>())
}

pub(crate) fn connections() {
    let folder = site(5);
    let server = mock(folder.path());
    let _ = rlimit::increase_nofile_limit(20_000);
    // Half-open and slow: the head never ends.
    let mut slow: Vec<TcpStream> = (0..200)
        .map(|_| {
            let mut stream = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
            stream
                .write_all(b"POST /v1/shops/3/orders HTTP/1.1\r\nHos")
                .unwrap();
            stream
        })
        .collect();
    let mut open: Vec<TcpStream> = (0..5000)
        .map(|_| TcpStream::connect(("127.0.0.1", server.port)).unwrap())
        .collect();
    let start = Instant::now();
    for stream in &mut open {
        stream.write_all(request().as_bytes()).unwrap();
    }
    let mut answered = 0;
    let mut buffer = vec![0; 8192];
    for stream in &mut open {
        let read = stream.read(&mut buffer).unwrap();
        answered += usize::from(buffer[..read].starts_with(b"HTTP/1.1 201"));
    }
    let all = start.elapsed();
    let mut latencies = Vec::new();
    for _ in 0..200 {
        let start = Instant::now();
        open[0].write_all(request().as_bytes()).unwrap();
        let _ = open[0].read(&mut buffer).unwrap();
        latencies.push(start.elapsed().as_secs_f64() * 1e3);
    }
    slow.truncate(200);
    let mut line = String::new();
    let _ = write!(
        line,
        "{answered} of 5000 connections answered in {:.0} ms, ",
        all.as_secs_f64() * 1e3
    );
    let _ = write!(line, "{:.1} MB; ", resident(server.child.id()));
    let _ = write!(
        line,
        "{:.2} ms for one answer beside 200 half-open connections",
        median(latencies)
    );
    println!("\n{line}");
}

/// From the end of saving a page to the first answer that shows it, on a connection that is open all the time.
pub(crate) fn reload() {
    for pages in [20, 500] {
        let folder = site(pages);
        let server = spawn(mock_command(folder.path()));
        let mut stream = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
        let mut buffer = vec![0; 8192];
        let mut times = Vec::new();
        for total in 0..20 {
            let saved = format!("\"total\": {total}");
            let text = page(3).replace("\"total\": 3395", &saved);
            fs::write(folder.path().join("order-3.mdx"), text).unwrap();
            let start = Instant::now();
            loop {
                stream.write_all(request().as_bytes()).unwrap();
                let read = stream.read(&mut buffer).unwrap();
                if String::from_utf8_lossy(&buffer[..read]).contains(&saved) {
                    break;
                }
                assert!(
                    start.elapsed() < Duration::from_secs(10),
                    "it is never live"
                );
                std::thread::sleep(Duration::from_micros(500));
            }
            times.push(start.elapsed().as_secs_f64() * 1e3);
        }
        println!(
            "\na page of {pages} is live {:.0} ms after it is saved",
            median(times)
        );
    }
}
