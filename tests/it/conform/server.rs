//! A server with canned answers, for one test: it knows when it was called, and ends when it is dropped.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

/// What a test does with a request.
pub(crate) enum Act {
    /// Answers with status, further headers, and body.
    Answer(u16, Vec<(&'static str, String)>, String),
    /// Sends these bytes and closes the connection.
    Raw(Vec<u8>),
    /// Sends a body without an end, until nobody wants it any more.
    Flood,
    /// Never answers, and keeps the connection open.
    Hang,
}

/// The answer that most servers give.
pub(crate) fn json(body: &str) -> Act {
    let headers = vec![("Content-Type", "application/json".to_owned())];
    Act::Answer(200, headers, body.to_owned())
}

/// A request as it came in.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    /// `POST /users`
    pub(crate) line: String,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let header = self.headers.iter().find(|(known, _)| known == name);
        header.map(|(_, value)| value.as_str())
    }
}

pub(crate) struct Server {
    address: SocketAddr,
    received: Arc<Mutex<Vec<Received>>>,
    ends: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
    may_be_idle: bool,
}

impl Server {
    /// Listens on a free port of this machine.
    pub(crate) fn start(act: impl Fn(&Received) -> Act + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let received = Arc::new(Mutex::new(Vec::new()));
        let ends = Arc::new(AtomicBool::new(false));
        let (list, flag) = (Arc::clone(&received), Arc::clone(&ends));
        let thread = std::thread::spawn(move || {
            // Connections that hang stay here until the end.
            let mut open = Vec::new();
            for stream in listener.incoming() {
                if flag.load(Ordering::SeqCst) {
                    break;
                }
                let Ok(mut stream) = stream else { continue };
                let Some(request) = read(&stream) else {
                    continue;
                };
                list.lock().unwrap().push(request.clone());
                match act(&request) {
                    Act::Answer(status, headers, body) => {
                        answer(&mut stream, status, &headers, &body);
                    }
                    // Whoever does not want the rest may hang up.
                    Act::Raw(bytes) => drop(stream.write_all(&bytes)),
                    Act::Hang => open.push(stream),
                    Act::Flood => flood(&mut stream),
                }
            }
        });
        Self {
            address,
            received,
            ends,
            thread: Some(thread),
            may_be_idle: false,
        }
    }

    /// The same for a test in which nothing may be sent.
    pub(crate) fn idle() -> Self {
        let mut server = Self::start(|_| Act::Raw(Vec::new()));
        server.may_be_idle = true;
        server
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::SeqCst);
        // Wakes the thread, which waits for a connection.
        drop(TcpStream::connect(self.address));
        let outcome = self.thread.take().map(JoinHandle::join);
        if !std::thread::panicking() {
            assert!(outcome.unwrap().is_ok(), "the server failed");
            let is_idle = self.received().is_empty();
            assert_eq!(is_idle, self.may_be_idle, "was the server called?");
        }
    }
}

fn read(stream: &TcpStream) -> Option<Received> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader
        .read_line(&mut line)
        .ok()
        .filter(|length| *length > 0)?;
    let mut headers = Vec::new();
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        let Some((name, value)) = header.trim_end().split_once(':') else {
            break;
        };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let mut received = Received {
        line: line.trim_end().trim_end_matches(" HTTP/1.1").to_owned(),
        headers,
        body: String::new(),
    };
    let length = received
        .header("content-length")
        .unwrap_or("0")
        .parse()
        .ok()?;
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    received.body = String::from_utf8_lossy(&body).into_owned();
    Some(received)
}

fn answer(stream: &mut TcpStream, status: u16, headers: &[(&str, String)], body: &str) {
    let mut head = format!("HTTP/1.1 {status} Reason\r\nConnection: close\r\n");
    for (name, value) in headers {
        head.push_str(name);
        head.push_str(": ");
        head.push_str(value);
        head.push_str("\r\n");
    }
    if status != 204 {
        head.push_str("Content-Length: ");
        head.push_str(&body.len().to_string());
        head.push_str("\r\n");
    }
    let _ = stream.write_all(format!("{head}\r\n{body}").as_bytes());
    let _ = stream.flush();
}

/// A body without an end, in chunks, as long as somebody reads.
fn flood(stream: &mut TcpStream) {
    let head =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
    let chunk = format!("{:x}\r\n{}\r\n", 1 << 16, " ".repeat(1 << 16));
    let mut outcome = stream.write_all(head.as_bytes());
    while outcome.is_ok() {
        outcome = stream.write_all(chunk.as_bytes());
    }
}
