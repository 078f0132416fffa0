//! `fieldproof mock` as a process: what its socket, its streams, and its exit code do.
//!
//! Which answer a request gets is tested below `src/mock`, without a socket.

mod admin;
mod browser;
mod crowd;
mod faults;
mod kubernetes;
mod proxy;
mod redis;
mod shop;
mod state;
mod wire;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

/// Nothing here takes this long; a test that hangs fails instead.
const DEADLINE: Duration = Duration::from_secs(20);

const PAGE: &str = r#"---
api: POST https://api.example.com/notes
---

<ParamField body="text" type="string" />

<ResponseExample>

```json
{ "id": 1,  "text": "<text>" }
```

</ResponseExample>
"#;

const EXAMPLE: &str = "{ \"id\": 1,  \"text\": \"<text>\" }";

/// A mock that runs until it is dropped.
struct Mock {
    child: Child,
    /// All that was printed up to the line that says where it listens.
    printed: Vec<String>,
    port: u16,
}

impl Mock {
    fn of_page(arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("note.mdx"), PAGE).unwrap();
        // The pages are read before the mock says where it listens, and are not needed afterwards.
        Self::start(folder.path(), arguments)
    }

    fn start(docs: &Path, arguments: &[&str]) -> Self {
        Self::spawn(command(docs, arguments))
    }

    fn spawn(mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut printed = Vec::new();
        let port = loop {
            let line = lines.next().expect("it says where it listens").unwrap();
            printed.push(line.clone());
            if line.contains("listening") {
                break port(&line);
            }
        };
        Self {
            child,
            printed,
            port,
        }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(DEADLINE)).unwrap();
        stream
    }

    /// Sends one request and reads until the connection is closed.
    fn raw(&self, request: &str) -> String {
        let mut stream = self.connect();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8(answer).unwrap()
    }

    fn send(&self, method: &str, path: &str, headers: &[&str], body: &str) -> Answer {
        let mut stream = self.connect();
        write_request(&mut stream, method, path, headers, body);
        Answer::read(&mut BufReader::new(stream), method)
    }

    /// Asks the mock to stop; gives its exit code and what it wrote to standard error.
    fn stop(mut self) -> (Option<i32>, String) {
        let id = self.child.id().to_string();
        let killed = Command::new("kill").args(["-TERM", &id]).status().unwrap();
        assert!(killed.success());
        let mut log = String::new();
        let mut stderr = self.child.stderr.take().unwrap();
        stderr.read_to_string(&mut log).unwrap();
        (self.child.wait().unwrap().code(), log)
    }
}

impl Drop for Mock {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(docs: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fieldproof"));
    command
        .arg("mock")
        .arg(docs)
        .args(["--port", "0"])
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn port(line: &str) -> u16 {
    if let Ok(event) = serde_json::from_str::<Value>(line) {
        return event["port"].as_u64().unwrap().try_into().unwrap();
    }
    line.rsplit(':').next().unwrap().parse().unwrap()
}

fn write_request(stream: &mut TcpStream, method: &str, path: &str, headers: &[&str], body: &str) {
    let mut head = format!("{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n");
    for header in headers {
        head.push_str(header);
        head.push_str("\r\n");
    }
    if !body.is_empty() {
        let length = body.len().to_string();
        head.extend(["Content-Length: ", &length, "\r\n"]);
    }
    stream
        .write_all(format!("{head}\r\n{body}").as_bytes())
        .unwrap();
}

/// An answer as it came over the wire.
struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

impl Answer {
    fn read(stream: &mut impl BufRead, method: &str) -> Self {
        let mut line = String::new();
        stream.read_line(&mut line).unwrap();
        let status = line.split(' ').nth(1).expect("a status").parse().unwrap();
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            stream.read_line(&mut line).unwrap();
            let Some((name, value)) = line.trim_end().split_once(": ") else {
                break;
            };
            headers.push((name.to_ascii_lowercase(), value.to_owned()));
        }
        let mut answer = Self {
            status,
            headers,
            body: String::new(),
        };
        let length = match method {
            "HEAD" => 0,
            _ => answer.header("content-length").parse().unwrap_or(0),
        };
        let mut body = vec![0; length];
        stream.read_exact(&mut body).unwrap();
        answer.body = String::from_utf8(body).unwrap();
        answer
    }

    /// The value of a header, empty if there is none.
    fn header(&self, name: &str) -> &str {
        let header = self.headers.iter().find(|(known, _)| known == name);
        header.map_or("", |(_, value)| value)
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

const JSON: &str = "Content-Type: application/json";

#[test]
fn a_page_is_served_as_it_is_written() {
    let mock = Mock::of_page(&[]);
    let right = mock.send("POST", "/notes", &[JSON], r#"{"text": ""}"#);
    assert_eq!((right.status, right.body.as_str()), (200, EXAMPLE));
    assert_eq!(right.header("content-type"), "application/json");
    assert_eq!(right.header("mock-source"), "note.mdx:9");

    assert_eq!(mock.send("POST", "/no", &[], "").status, 404);
    let other = mock.send("GET", "/notes", &[], "");
    assert_eq!(
        (other.status, other.header("allow")),
        (405, "POST, OPTIONS")
    );
    let broken = mock.send("POST", "/notes", &[JSON], r#"{"text":"#);
    assert_eq!((broken.status, &broken.json()["offset"]), (400, &json!(8)));
    let wrong = mock.send("POST", "/notes", &[JSON], r#"{"text": 5}"#);
    assert_eq!(wrong.status, 422);
    assert_eq!(wrong.header("content-type"), "application/problem+json");
    assert_eq!(
        wrong.json()["errors"][0]["source"],
        json!({"page": "note.mdx", "line": 5})
    );
    assert!(
        wrong.json()["detail"]
            .as_str()
            .unwrap()
            .contains("note.mdx:5")
    );
}

#[test]
fn two_requests_share_a_connection() {
    let mock = Mock::of_page(&[]);
    let mut stream = mock.connect();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    for (method, status) in [("POST", 200), ("HEAD", 405), ("POST", 200)] {
        write_request(&mut stream, method, "/notes", &[], "");
        assert_eq!(Answer::read(&mut reader, method).status, status);
    }
}

#[test]
fn a_client_that_breaks_the_protocol_loses_its_connection_only() {
    let mock = Mock::of_page(&[]);
    let refused = |request: &str| {
        let answer = mock.raw(request);
        assert!(
            answer.is_empty() || answer.starts_with("HTTP/1.1 400"),
            "{answer}"
        );
    };
    refused("this is not HTTP\r\n\r\n");
    refused(
        "POST /notes HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 5\r\n\r\n{}{}{}",
    );
    refused("POST /notes HTTP/1.1\r\nHost: a\r\nContent-Length: two\r\n\r\n{}");
    let many = "X: 1\r\n".repeat(200);
    let answer = mock.raw(&format!("GET /notes HTTP/1.1\r\nHost: a\r\n{many}\r\n"));
    assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
    assert_eq!(mock.send("POST", "/notes", &[], "").status, 200);
}

#[test]
fn a_body_that_is_too_large_is_not_read() {
    let mock = Mock::of_page(&[]);
    // Not one byte of the body is sent, so that waiting for it would never end.
    let answer = mock.raw("POST /notes HTTP/1.1\r\nHost: a\r\nContent-Length: 10485761\r\n\r\n");
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    assert!(answer.contains("body-too-large"), "{answer}");

    let mut chunk = String::from("100000\r\n");
    chunk.push_str(&"x".repeat(0x10_0000));
    chunk.push_str("\r\n");
    let mut stream = mock.connect();
    let head = "POST /notes HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    // The mock may hang up while the rest is still on its way.
    let written = (0..11).try_for_each(|_| stream.write_all(chunk.as_bytes()));
    let mut start = [0; 12];
    let read = stream.read_exact(&mut start);
    assert!(written.is_err() || read.is_err() || &start == b"HTTP/1.1 413");
    assert_eq!(mock.send("POST", "/notes", &[], "").status, 200);
}

#[test]
fn the_sample_site_answers_its_own_requests() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/sample");
    let mock = Mock::start(&docs, &["--json"]);
    let [line] = mock.printed.as_slice() else {
        panic!("one line: {:?}", mock.printed);
    };
    let event: Value = serde_json::from_str(line).unwrap();
    assert_eq!(
        (&event["event"], &event["host"]),
        (&json!("listening"), &json!("127.0.0.1"))
    );
    assert_eq!(
        (&event["operations"], &event["unserved"]),
        (&json!(7), &json!([]))
    );
    assert_eq!(event["url"], format!("http://127.0.0.1:{}", mock.port));

    let token = "Authorization: Bearer x";
    assert_eq!(
        mock.send("GET", "/v1/books/book_7Hq2", &[], "")
            .header("www-authenticate"),
        "Bearer"
    );
    let book = mock.send("GET", "/v1/books/book_7Hq2", &[token], "");
    let page = fs::read_to_string(docs.join("books/get-book.mdx")).unwrap();
    let example = page
        .split("```json 200\n")
        .nth(1)
        .unwrap()
        .split("\n```")
        .next()
        .unwrap();
    assert_eq!((book.status, book.body.as_str()), (200, example));
    let head = mock.send("HEAD", "/v1/books/book_7Hq2", &[token], "");
    assert_eq!(head.header("content-length"), book.header("content-length"));
    let prefer = "Prefer: code=404";
    let missing = mock.send("GET", "/v1/books/book_7Hq2", &[token, prefer], "");
    assert_eq!(
        (missing.status, &missing.json()["code"]),
        (404, &json!("book_not_found"))
    );
    assert_eq!(missing.header("preference-applied"), "code=404");
    let deleted = mock.send("DELETE", "/v1/webhooks/hook_3Ab", &[token], "");
    assert_eq!((deleted.status, deleted.body.as_str()), (204, ""));
    let thin = r#"{"customer": {}, "items": []}"#;
    let documented = mock.send("POST", "/v1/orders", &[token, JSON], thin);
    assert_eq!(documented.status, 422);
    assert_eq!(documented.json()["code"], "invalid_quantity");
    assert_eq!(documented.header("mock-violations"), "3");
    let problem = "Accept: application/problem+json";
    let created = mock.send("POST", "/v1/orders", &[token, JSON, problem], thin);
    assert_eq!(created.status, 422);
    let pointers: Vec<_> = created.json()["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["pointer"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        pointers,
        ["/customer/name", "/customer/email", "/customer/address"]
    );
}

#[test]
fn a_request_is_one_line_of_the_log_and_the_end_is_clean() {
    let mock = Mock::of_page(&[]);
    assert!(
        mock.printed[0].starts_with("POST    /notes  200 example"),
        "{:?}",
        mock.printed
    );
    let url = format!(
        "fieldproof mock listening on http://127.0.0.1:{}",
        mock.port
    );
    assert_eq!(mock.printed.last(), Some(&url));
    // A connection that idles does not hold up the end.
    let _idle = mock.connect();
    mock.send("POST", "/notes", &[], "");
    mock.send("GET", "/no%0Athing", &[], "");
    let (code, log) = mock.stop();
    assert_eq!(code, Some(0));
    let lines: Vec<_> = log.lines().collect();
    assert_eq!(lines.len(), 2, "{log}");
    assert_eq!(lines[0], "POST /notes 200  POST /notes  note.mdx:9");
    assert!(
        lines[1].starts_with("GET /no%0Athing 404  no page documents"),
        "{log}"
    );
}

#[test]
fn a_quiet_mock_logs_nothing_and_need_not_judge() {
    let mock = Mock::of_page(&["--no-validate", "-q"]);
    assert_eq!(mock.printed.len(), 1, "{:?}", mock.printed);
    assert_eq!(mock.send("POST", "/notes", &[JSON], "{").status, 200);
    assert_eq!(mock.stop(), (Some(0), String::new()));
}

#[test]
fn an_address_that_cannot_be_had_is_one_sentence() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("note.mdx"), PAGE).unwrap();
    for (flags, says) in [
        (["--port", port.as_str()], "is in use"),
        (["--host", "no host"], "is no address of this machine"),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fieldproof"));
        let output = command
            .arg("mock")
            .arg(folder.path())
            .args(flags)
            .output()
            .unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(3), "{error}");
        assert!(
            error.contains(says) && error.lines().count() == 1,
            "{error}"
        );
    }
}

#[test]
fn what_check_finds_is_told_on_request() {
    let page = "---\napi: GET /book\n---\n\n<ResponseField name=\"price\" type=\"integer\" />\n\n<ResponseExample>\n\n```json 200\n{\"price\": \"14.50\"}\n```\n\n</ResponseExample>\n";
    let told = |page: &str, arguments: &[&str]| {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("book.mdx"), page).unwrap();
        let (exit, told) = Mock::start(folder.path(), arguments).stop();
        assert_eq!(exit, Some(0));
        let folder = folder.path().display().to_string();
        told.replace(&folder, "docs")
    };
    assert_eq!(
        told(page, &["--check"]),
        "docs/book.mdx:10:11: error[example-type] `price` is documented as integer and shown as string \"14.50\"\n\
         the pages contradict themselves: 1 error and 0 warnings, told by `fieldproof check docs`\n"
    );
    let right = page.replace("\"14.50\"", "1450");
    assert_eq!(told(&right, &["--check"]), "");
    // Where nobody looks on, it is not even looked for.
    assert_eq!(told(page, &[]), "");
}
