//! Requests over many connections, and what they cost the server.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::server::on_core;
use crate::site::request;

const CONNECTIONS: usize = 128;
const CLIENT_CORE: &str = "1";

/// One answer as it comes over the wire.
pub(crate) fn exchange(port: u16) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let close = request().replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
    stream.write_all(close.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.replace("connection: close\r\n", "")
}

/// Asks over many connections, and prints how many answers came in how many microseconds of the server's time.
pub(crate) fn load_until_told(arguments: &[String]) {
    let port: u16 = arguments[0].parse().unwrap();
    let connections: usize = arguments[1].parse().unwrap();
    let time = Duration::from_millis(arguments[2].parse().unwrap());
    let most: u64 = arguments[3].parse().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let requests = arguments[4..].to_vec();
    let (count, seconds) = runtime.block_on(load(port, connections, time, most, requests));
    println!("{count} {seconds}");
}

async fn load(
    port: u16,
    connections: usize,
    time: Duration,
    most: u64,
    requests: Vec<String>,
) -> (u64, f64) {
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    let count = Arc::new(AtomicU64::new(0));
    let is_over = Arc::new(AtomicBool::new(false));
    let mut tasks = Vec::new();
    let start = Instant::now();
    for _ in 0..connections {
        let (count, is_over) = (Arc::clone(&count), Arc::clone(&is_over));
        let requests = requests.clone();
        tasks.push(tokio::spawn(async move {
            // Of several some are to be refused.
            let is_alone = requests.len() == 1;
            let mut requests = requests.iter().cycle();
            let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
            stream.set_nodelay(true).unwrap();
            let mut buffer = vec![0; 8192];
            while !is_over.load(Ordering::Relaxed) {
                let request = requests.next().unwrap();
                stream.write_all(request.as_bytes()).await.unwrap();
                read_answer(&mut stream, &mut buffer, is_alone).await;
                if count.fetch_add(1, Ordering::Relaxed) + 1 >= most {
                    is_over.store(true, Ordering::Relaxed);
                }
            }
        }));
    }
    while start.elapsed() < time && !is_over.load(Ordering::Relaxed) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    is_over.store(true, Ordering::Relaxed);
    let answered = count.load(Ordering::Relaxed);
    let seconds = start.elapsed().as_secs_f64();
    for task in tasks {
        task.await.unwrap();
    }
    (answered, seconds)
}

async fn read_answer(stream: &mut tokio::net::TcpStream, buffer: &mut [u8], is_right: bool) {
    let mut filled = 0;
    loop {
        let read = stream.read(&mut buffer[filled..]).await.unwrap();
        assert!(read > 0, "the server hung up");
        filled += read;
        let text = &buffer[..filled];
        let Some(head) = text.windows(4).position(|it| it == b"\r\n\r\n") else {
            continue;
        };
        let length = content_length(&text[..head]);
        if filled >= head + 4 + length {
            assert!(
                text.starts_with(b"HTTP/1.1 20") || !is_right && text.starts_with(b"HTTP/1.1 4"),
                "{}",
                String::from_utf8_lossy(text)
            );
            return;
        }
    }
}

pub(crate) fn content_length(head: &[u8]) -> usize {
    let lines = head.split(|byte| *byte == b'\n');
    for line in lines {
        if line.len() > 15 && line[..15].eq_ignore_ascii_case(b"content-length:") {
            let digits: String = line[15..].iter().map(|it| char::from(*it)).collect();
            return digits.trim().parse().unwrap();
        }
    }
    0
}

/// Answers in a second, and microseconds of CPU for each.
pub(crate) fn measure(
    port: u16,
    pid: Option<u32>,
    time: Duration,
    most: u64,
    request: &str,
) -> (f64, f64) {
    measure_all(port, pid, time, most, &[request])
}

/// The same with several requests in turn.
pub(crate) fn measure_all(
    port: u16,
    pid: Option<u32>,
    time: Duration,
    most: u64,
    requests: &[&str],
) -> (f64, f64) {
    let before = pid.map_or(0.0, cpu_seconds);
    let mut command = on_core(CLIENT_CORE, &std::env::current_exe().unwrap());
    let time = time.as_millis().to_string();
    let most = most.to_string();
    let port = port.to_string();
    command.args(["load", &port, &CONNECTIONS.to_string(), &time, &most]);
    command.args(requests);
    let output = command.output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let (count, seconds) = text
        .trim()
        .split_once(' ')
        .expect("the load says what it did");
    let (count, seconds): (f64, f64) = (count.parse().unwrap(), seconds.parse().unwrap());
    let spent = pid.map_or(0.0, cpu_seconds) - before;
    (count / seconds, spent * 1e6 / count)
}

/// The CPU time of a process so far; zero where the system does not tell.
pub(crate) fn cpu_seconds(pid: u32) -> f64 {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let after = text.rsplit_once(") ").map_or("", |(_, rest)| rest);
    let fields: Vec<_> = after.split(' ').collect();
    let ticks = |index: usize| fields.get(index).and_then(|it| it.parse::<f64>().ok());
    (ticks(11).unwrap_or(0.0) + ticks(12).unwrap_or(0.0)) / 100.0
}

/// The memory that a process holds, in megabytes.
pub(crate) fn resident(pid: u32) -> f64 {
    let text = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = text.lines().find(|line| line.starts_with("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok());
    kilobytes.unwrap_or(0.0) / 1024.0
}

pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
