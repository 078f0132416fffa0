//! How long an editor waits: from a keystroke on a long page to its findings, over standard input and output.
//!
//! ```text
//! cargo bench --bench editor
//! ```
//!
//! Nothing is asserted here: figures depend on the machine. `docs/benchmarks.md` says what they were on one.

#![expect(clippy::print_stdout, reason = "the figures are what it is for")]
#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on fails")]

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{ChildStdin, ChildStdout, Command, Stdio};
use std::time::Instant;

use serde_json::{Value, json};

const LINES: usize = 2000;
const KEYSTROKES: usize = 300;

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("page.mdx");
    let text = page();
    fs::write(folder.path().join("docs.json"), "{}").unwrap();
    fs::write(&path, &text).unwrap();
    let uri = format!("file://{}", path.display());

    let mut server = Command::new(env!("CARGO_BIN_EXE_fieldproof"))
        .arg("lsp")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = server.stdin.take().unwrap();
    let mut output = BufReader::new(server.stdout.take().unwrap());
    let greeting =
        json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}}});
    exchange(&greeting, &mut input, &mut output);
    let document = json!({"uri": uri, "languageId": "mdx", "version": 1, "text": text});
    let open = json!({"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument": document}});
    exchange(&open, &mut input, &mut output);

    let mut times: Vec<_> = (0..KEYSTROKES)
        .map(|number| {
            let typed = format!("\"member_7\": \"{}\"", "x".repeat(number % 40));
            let text = text.replace("\"member_7\": 7", &typed);
            let change = json!({"jsonrpc": "2.0", "method": "textDocument/didChange", "params": {
                "textDocument": {"uri": uri, "version": number + 2},
                "contentChanges": [{"text": text}],
            }});
            let start = Instant::now();
            let published = exchange(&change, &mut input, &mut output);
            assert_eq!(
                published["params"]["diagnostics"].as_array().map(Vec::len),
                Some(1)
            );
            start.elapsed()
        })
        .collect();
    drop(input);
    server.wait().unwrap();
    times.sort();
    println!(
        "{} lines, {KEYSTROKES} keystrokes: median {:.1?}, 95th percentile {:.1?}",
        text.lines().count(),
        times[KEYSTROKES / 2],
        times[KEYSTROKES * 95 / 100],
    );
}

/// Sends a message, and waits for the next one.
fn exchange(message: &Value, input: &mut ChildStdin, output: &mut BufReader<ChildStdout>) -> Value {
    let body = message.to_string();
    write!(input, "Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
    input.flush().unwrap();
    let mut length = 0;
    loop {
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        match line.trim().strip_prefix("Content-Length: ") {
            Some(value) => length = value.parse().unwrap(),
            None if line.trim().is_empty() => break,
            None => {}
        }
    }
    let mut body = vec![0; length];
    output.read_exact(&mut body).unwrap();
    serde_json::from_slice(&body).unwrap()
}

/// A page with a field for every four lines, and an example that shows them all.
fn page() -> String {
    let count = LINES / 4;
    let mut page = String::from("---\napi: GET https://api.example.com/books\n---\n\n");
    for number in 0..count {
        let _ = write!(
            page,
            "<ResponseField name=\"member_{number}\" type=\"integer\" required>\n  The number {number}, one of many.\n</ResponseField>\n"
        );
    }
    let members: Vec<_> = (0..count)
        .map(|number| format!("  \"member_{number}\": {number}"))
        .collect();
    let _ = write!(
        page,
        "\n<ResponseExample>\n```json\n{{\n{}\n}}\n```\n</ResponseExample>\n",
        members.join(",\n")
    );
    page
}
