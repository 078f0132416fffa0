//! `check --watch`: what is shown after files have changed.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

/// Nothing takes as long; a test that would wait for ever fails instead.
const DEADLINE: Duration = Duration::from_mins(1);

struct Watching {
    process: Child,
    lines: Receiver<String>,
}

impl Watching {
    fn start(folder: &Path) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_fieldproof"))
            .args(["check", "--watch", "--format", "concise"])
            .current_dir(folder)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        let (sender, lines) = mpsc::channel();
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        Self { process, lines }
    }

    fn line(&self) -> String {
        self.lines.recv_timeout(DEADLINE).unwrap()
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn what_is_new_and_what_is_gone_is_shown_after_each_change() {
    let page = |value: &str| {
        format!(
            "---\napi: GET https://api.example.com/books\n---\n\n<ResponseField name=\"id\" type=\"integer\" required />\n\n\
             <ResponseExample>\n```json\n{{\"id\": {value}}}\n```\n</ResponseExample>\n"
        )
    };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.mdx");
    fs::write(&path, page("true")).unwrap();
    let watching = Watching::start(folder.path());
    assert!(watching.line().contains("shown as boolean"));
    fs::write(&path, format!("{}\nMore.\n", page("true"))).unwrap();
    fs::write(&path, page("1,")).unwrap();
    let lines = [watching.line(), watching.line()];
    assert!(lines[0].starts_with("gone: example-type"), "{lines:?}");
    assert!(lines[1].contains("trailing comma"), "{lines:?}");
    fs::write(&path, page("1")).unwrap();
    let line = watching.line();
    assert!(line.starts_with("gone: invalid-example"), "{line}");
}
