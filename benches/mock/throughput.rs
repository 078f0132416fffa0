//! How many answers servers give, one beside the other.

use std::path::Path;
use std::time::Duration;

use crate::load::{exchange, measure, median};
use crate::server::{Server, bare_server, mock, mock_with};
use crate::site::{request, site};

const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_secs(2);

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

pub(crate) fn throughput(ports: &[String]) {
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
pub(crate) fn rooms(redis: Option<&String>) {
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
