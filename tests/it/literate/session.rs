//! The commands of a section: `fieldproof`, servers in the background, and `curl`.
//!
//! `$ fieldproof mock … &` starts a server on a free port and prints what it prints until it listens. It is shown as the
//! port that it was asked for, else 4010, and so it is reached by that address in later commands of the section.
//! `$ curl …` is read by the reader for curl of the library and sent by this file: no other program is needed.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Child;
use std::time::Duration;

use fieldproof::model::curl::{self, Body};

use super::command;

/// How long an answer may take.
const DEADLINE: Duration = Duration::from_secs(30);

/// The place where the commands of a section run.
#[derive(Debug)]
pub(crate) struct Session {
    folder: PathBuf,
    servers: Vec<Server>,
}

/// A server in the background; it ends with the session.
#[derive(Debug)]
struct Server {
    child: Child,
    /// The address in the document.
    shown: String,
    address: SocketAddr,
}

impl Session {
    pub(crate) fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            servers: Vec::new(),
        }
    }

    /// Runs a command line; gives the lines of its output, and `[exit N]` if it ends with another code than 0.
    pub(crate) fn run(&mut self, line: &str) -> Result<Vec<String>, String> {
        let real = self.servers.iter().fold(line.to_owned(), |line, server| {
            line.replace(&server.shown, &server.address.to_string())
        });
        let output = if let Some(line) = real.strip_suffix(" &") {
            self.start(line)?
        } else if real.starts_with("curl ") {
            exchange(&real)?
        } else {
            command::run(&real, &self.folder)?
        };
        let shown = |line: &String| {
            self.servers.iter().fold(line.clone(), |line, server| {
                line.replace(&server.address.to_string(), &server.shown)
            })
        };
        Ok(output.iter().map(shown).collect())
    }

    fn start(&mut self, line: &str) -> Result<Vec<String>, String> {
        let port = line.split(" --port ").nth(1);
        let port = port.and_then(|rest| rest.split(' ').next());
        let asked = format!("--port {}", port.unwrap_or_default());
        let free = match port {
            Some(_) => line.replace(&asked, "--port 0"),
            None => format!("{line} --port 0"),
        };
        let mut child = command::spawn(&free, &self.folder)?;
        drop(child.stderr.take().map(drain));
        let mut lines = Vec::new();
        let mut output = BufReader::new(child.stdout.take().ok_or("no output")?).lines();
        let address = loop {
            let Some(Ok(line)) = output.next() else {
                return Err(format!("`{line}` ended before it listened: {lines:?}"));
            };
            let address = line.split("http://").nth(1).and_then(|it| it.parse().ok());
            lines.push(line);
            if let Some(address) = address {
                break address;
            }
        };
        std::thread::spawn(move || output.for_each(drop));
        self.servers.push(Server {
            child,
            shown: format!("127.0.0.1:{}", port.unwrap_or("4010")),
            address,
        });
        Ok(lines)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        for server in &mut self.servers {
            let _ = server.child.kill();
            let _ = server.child.wait();
        }
    }
}

fn drain(mut stream: impl std::io::Read + Send + 'static) -> std::thread::JoinHandle<()> {
    std::thread::spawn(move || {
        let _ = std::io::copy(&mut stream, &mut std::io::sink());
    })
}

/// The answer to a curl command: the body, and with `-i` the status and the headers before it.
fn exchange(line: &str) -> Result<Vec<String>, String> {
    let commands = curl::commands(line);
    let [request] = commands.as_slice() else {
        return Err(format!("`{line}` is not one curl command"));
    };
    let url = request.url.as_ref().ok_or("no URL")?.text.text().to_owned();
    let rest = url.strip_prefix("http://").ok_or("not an `http` URL")?;
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let body = match &request.body {
        Some(Body::Raw(body)) => body.text(),
        Some(_) => return Err(format!("`{line}`: this kind of body cannot be sent here")),
        None => "",
    };
    let mut head = format!(
        "{} {} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n",
        request.method.value,
        if path.is_empty() { "/" } else { path }
    );
    let mut add = |name: &str, value: &str| head.extend([name, ": ", value, "\r\n"]);
    for header in &request.headers {
        add(&header.name.value, &header.value.value);
    }
    if let (Some(kind), None) = (request.content_type(), request.header("content-type")) {
        add("content-type", kind);
    }
    if !body.is_empty() {
        add("content-length", &body.len().to_string());
    }
    let answer = send(host, &format!("{head}\r\n{body}")).map_err(|error| error.to_string())?;
    let (head, body) = answer.split_once("\r\n\r\n").ok_or("no answer")?;
    let with_head = line.split(' ').any(|word| word == "-i");
    let mut lines: Vec<String> = Vec::new();
    if with_head {
        let kept = |line: &&str| !line.starts_with("date:") && !line.starts_with("connection:");
        lines.extend(head.lines().filter(kept).map(str::to_owned));
        lines.push(String::new());
    }
    lines.extend(body.lines().map(str::to_owned));
    Ok(lines)
}

fn send(host: &str, request: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(host)?;
    stream.set_read_timeout(Some(DEADLINE))?;
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
