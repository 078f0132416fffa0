//! How fast the mock answers, beside a server of the same library that does nothing else.
//!
//! ```text
//! cargo bench --bench mock                          throughput, start, memory, connections, reload
//! cargo bench --bench mock -- throughput            one of them
//! cargo bench --bench mock -- throughput 9100 9101  also servers that listen on these ports
//! cargo bench --bench mock -- faults                delays and faults, as a client meets them
//! cargo bench --bench mock -- soak                  ten million requests, right and wrong ones
//! cargo bench --bench mock -- rooms redis://HOST    with journal, server behind, and state; the last also in that Redis
//! ```
//!
//! Every server runs on one core, and what asks it on another, as far as `taskset` is there.
//! Servers that are compared take turns, so that a slow moment of the machine is shared; the figures are medians.
//! `docs/benchmarks.md` says what they were on one machine.

#![expect(clippy::print_stdout, reason = "the tables are what it is for")]
#![expect(clippy::unwrap_used, reason = "a bench that cannot go on stops")]

use std::convert::Infallible;
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

const CONNECTIONS: usize = 128;
const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_secs(2);
const SERVER_CORE: &str = "0";
const CLIENT_CORE: &str = "1";

fn main() {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|it| it != "--bench")
        .collect();
    match arguments.first().map(String::as_str) {
        Some("bare") => bare(),
        Some("load") => load_until_told(&arguments[1..]),
        Some("throughput") => throughput(&arguments[1..]),
        Some("start") => start(),
        Some("rooms") => rooms(arguments.get(1)),
        Some("faults") => faults(),
        Some("memory") => memory(),
        Some("soak") => soak(),
        Some("connections") => connections(),
        Some("reload") => reload(),
        _ => {
            throughput(&[]);
            rooms(None);
            faults();
            start();
            memory();
            connections();
            reload();
        }
    }
}

// The pages and the request.

const ORDER: &str = r#"{"customer":{"name":"Mara Feld","email":"mara@example.com"},"items":[{"book_id":"book_7Hq2","quantity":2}],"shipping":"express"}"#;

const PLACED: &str = r#"{
  "id": "order_9Kd4",
  "status": "pending",
  "items": [{ "book_id": "book_7Hq2", "quantity": 2, "unit_price": 1450 }],
  "total": 3395,
  "created_at": "2026-02-11T09:24:00Z"
}"#;

fn page(number: usize) -> String {
    format!(
        r#"---
title: "Create an order"
api: "POST https://api.example.com/v1/shops/{number}/orders"
---

<ParamField header="Idempotency-Key" type="string">
  A text of your choice.
</ParamField>

<ParamField body="customer" type="object" required>
  Who gets the books.

  <Expandable title="customer">
    <ParamField body="name" type="string" required>
      The full name.
    </ParamField>
    <ParamField body="email" type="string" required>
      The address.
    </ParamField>
  </Expandable>
</ParamField>

<ParamField body="items" type="object[]" required>
  The books.

  <Expandable title="item">
    <ParamField body="book_id" type="string" required>
      The id of the book.
    </ParamField>
    <ParamField body="quantity" type="integer" default="1">
      How many copies.
    </ParamField>
  </Expandable>
</ParamField>

<ParamField body="shipping" type="'standard' | 'express'">
  How fast the parcel travels.
</ParamField>

<RequestExample>

```bash cURL
curl -X POST https://api.example.com/v1/shops/{number}/orders \
  -H "Content-Type: application/json" \
  -d '{ORDER}'
```

</RequestExample>

<ResponseExample>

```json 201 Created
{PLACED}
```

```json 422 Wrong
{{ "error": "wrong" }}
```

</ResponseExample>
"#
    )
}

fn site(operations: usize) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..operations {
        fs::write(
            folder.path().join(format!("order-{number}.mdx")),
            page(number),
        )
        .unwrap();
    }
    folder
}

fn request() -> String {
    format!(
        "POST /v1/shops/3/orders HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: bench\r\nAccept: */*\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{ORDER}",
        ORDER.len()
    )
}

// The servers.

struct Server {
    child: Child,
    port: u16,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A command that runs on one core, if that can be had.
fn on_core(core: &str, program: &Path) -> Command {
    if Command::new("taskset").arg("-V").output().is_ok() {
        let mut command = Command::new("taskset");
        command.args(["-c", core]).arg(program);
        return command;
    }
    Command::new(program)
}

fn mock(docs: &Path) -> Server {
    mock_with(docs, &[])
}

fn mock_with(docs: &Path, flags: &[&str]) -> Server {
    let mut command = mock_command(docs);
    command.arg("--no-watch").args(flags);
    spawn(command)
}

fn mock_command(docs: &Path) -> Command {
    let mut command = on_core(SERVER_CORE, Path::new(env!("CARGO_BIN_EXE_fieldproof")));
    command
        .args(["mock", "--port", "0", "--json", "-q"])
        .args(["--head-timeout", "60s"])
        .arg(docs);
    command
}

fn bare_server(example: &str) -> Server {
    let mut command = on_core(SERVER_CORE, &std::env::current_exe().unwrap());
    command.args(["bare", example]);
    spawn(command)
}

fn spawn(mut command: Command) -> Server {
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap())
        .read_line(&mut line)
        .unwrap();
    let port = line.split("\"port\":").nth(1).unwrap();
    let port = port
        .split([',', '}'])
        .next()
        .unwrap()
        .trim()
        .parse()
        .unwrap();
    Server { child, port }
}

/// A server that reads each request and answers with the same bytes, head included.
fn bare() {
    let example = std::env::args()
        .skip(1)
        .find(|it| it.starts_with("HTTP/"))
        .unwrap();
    let (head, body) = example.split_once("\r\n\r\n").unwrap();
    let headers: Vec<(http::HeaderName, http::HeaderValue)> = head
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once(": "))
        .filter(|(name, _)| !name.eq_ignore_ascii_case("date"))
        .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
        .collect();
    let headers = http::HeaderMap::from_iter(headers);
    let body = Bytes::copy_from_slice(body.as_bytes());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async move {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        println!("{{\"port\":{}}}", listener.local_addr().unwrap().port());
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            stream.set_nodelay(true).unwrap();
            let (headers, body) = (headers.clone(), body.clone());
            let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
                let (headers, body) = (headers.clone(), body.clone());
                async move {
                    let _ = request.into_body().collect().await;
                    let mut response = hyper::Response::new(Full::new(body));
                    *response.status_mut() = http::StatusCode::CREATED;
                    *response.headers_mut() = headers;
                    Ok::<_, Infallible>(response)
                }
            });
            tokio::spawn(async move {
                let connection = hyper::server::conn::http1::Builder::new();
                let _ = connection
                    .serve_connection(TokioIo::new(stream), service)
                    .await;
            });
        }
    });
}

// The load.

/// One answer as it comes over the wire.
fn exchange(port: u16) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let close = request().replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
    stream.write_all(close.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.replace("connection: close\r\n", "")
}

/// Asks over many connections, and prints how many answers came in how many microseconds of the server's time.
fn load_until_told(arguments: &[String]) {
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

fn content_length(head: &[u8]) -> usize {
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
fn measure(port: u16, pid: Option<u32>, time: Duration, most: u64, request: &str) -> (f64, f64) {
    measure_all(port, pid, time, most, &[request])
}

/// The same with several requests in turn.
fn measure_all(
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
fn cpu_seconds(pid: u32) -> f64 {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let after = text.rsplit_once(") ").map_or("", |(_, rest)| rest);
    let fields: Vec<_> = after.split(' ').collect();
    let ticks = |index: usize| fields.get(index).and_then(|it| it.parse::<f64>().ok());
    (ticks(11).unwrap_or(0.0) + ticks(12).unwrap_or(0.0)) / 100.0
}

/// The memory that a process holds, in megabytes.
fn resident(pid: u32) -> f64 {
    let text = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = text.lines().find(|line| line.starts_with("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok());
    kilobytes.unwrap_or(0.0) / 1024.0
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

// The tables.

/// What is measured: its name, where it listens, its process, and what it is asked.
struct Row {
    name: String,
    port: u16,
    pid: Option<u32>,
    request: String,
}

impl Row {
    fn new(name: &str, server: &Server, request: &str) -> Self {
        Self {
            name: name.to_owned(),
            port: server.port,
            pid: Some(server.child.id()),
            request: request.to_owned(),
        }
    }
}

fn throughput(ports: &[String]) {
    let (few, many) = (site(5), site(5000));
    let (few, many) = (mock(few.path()), mock(many.path()));
    let example = exchange(few.port);
    assert!(example.starts_with("HTTP/1.1 201"), "{example}");
    let bare = bare_server(&example);
    let request = request();
    let mut rows = vec![
        Row::new("bare hyper", &bare, &request),
        Row::new("mock, 5 operations", &few, &request),
        Row::new("mock, 5000 operations", &many, &request),
    ];
    rows.extend(ports.iter().map(|port| Row {
        name: format!("port {port}"),
        port: port.parse().unwrap(),
        pid: None,
        request: request.clone(),
    }));
    compare(&rows);
}

/// What stands around the answers, each beside a mock without it.
fn rooms(redis: Option<&String>) {
    let folder = site(5);
    let plain = mock(folder.path());
    let example = exchange(plain.port);
    let bare = bare_server(&example);
    let journal = mock_with(folder.path(), &["--journal", "500"]);
    let url = format!("http://127.0.0.1:{}", bare.port);
    let front = mock_with(folder.path(), &["--upstream", &url]);
    let order = request();
    compare(&[
        Row::new("bare hyper", &bare, &order),
        Row::new("mock", &plain, &order),
        Row::new("mock, journal", &journal, &order),
        Row::new("mock before bare hyper", &front, &order),
    ]);
    let shop = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/mock/shop");
    let read = "GET /orders/order_7Hq2 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    let body = r#"{"quantity":3}"#;
    let change = format!(
        "PATCH /orders/order_7Hq2 HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let (without, memory) = (mock(&shop), mock_with(&shop, &["--stateful"]));
    let shared = redis.map(|url| mock_with(&shop, &["--state", url]));
    let mut rows = vec![
        Row::new("read, no state", &without, read),
        Row::new("read, in memory", &memory, read),
        Row::new("change, in memory", &memory, &change),
    ];
    if let Some(shared) = &shared {
        rows.push(Row::new("read, in Redis", shared, read));
        rows.push(Row::new("change, in Redis", shared, &change));
    }
    compare(&rows);
}

/// A table of what servers do in turns; shares are of the first.
fn compare(rows: &[Row]) {
    let mut rates: Vec<Vec<f64>> = vec![Vec::new(); rows.len()];
    let mut costs = rates.clone();
    let mut ratios = rates.clone();
    for round in 0..=ROUNDS {
        let mut first = 0.0;
        for (index, row) in rows.iter().enumerate() {
            let (rate, cost) = measure(row.port, row.pid, ROUND, u64::MAX, &row.request);
            if index == 0 {
                first = rate;
            }
            // The first round warms up.
            if round > 0 {
                rates[index].push(rate);
                costs[index].push(cost);
                ratios[index].push(rate / first);
            }
        }
    }
    println!(
        "\n{:<24} {:>10} {:>14} {:>12}",
        "server", "answers/s", "µs of CPU each", "of the first"
    );
    for (index, row) in rows.iter().enumerate() {
        let (rate, cost, ratio) = (
            median(rates[index].clone()),
            median(costs[index].clone()),
            median(ratios[index].clone()),
        );
        println!(
            "{:<24} {rate:>10.0} {cost:>14.2} {:>11.0} %",
            row.name,
            ratio * 100.0
        );
    }
}

/// What a client meets of delays and faults, twice with the same seed.
fn faults() {
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

fn start() {
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

fn memory() {
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
        Duration::from_secs(300),
        1_000_000,
        &request(),
    );
    let after = resident(pid);
    println!(
        "\nmemory with 500 pages: {idle:.1} MB idle, {warm:.1} MB warm, {after:.1} MB after a million requests"
    );
}

/// What is refused is answered, too, and must not be kept.
fn soak() {
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
    let time = Duration::from_secs(24 * 3600);
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

fn connections() {
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
fn reload() {
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
