//! The servers that are measured: mocks of pages, and one that does nothing else than to answer.

use std::convert::Infallible;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;

const SERVER_CORE: &str = "0";

pub(crate) struct Server {
    pub(crate) child: Child,
    pub(crate) port: u16,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A command that runs on one core, if that can be had.
pub(crate) fn on_core(core: &str, program: &Path) -> Command {
    if Command::new("taskset").arg("-V").output().is_ok() {
        let mut command = Command::new("taskset");
        command.args(["-c", core]).arg(program);
        return command;
    }
    Command::new(program)
}

pub(crate) fn mock(docs: &Path) -> Server {
    mock_with(docs, &[])
}

pub(crate) fn mock_with(docs: &Path, flags: &[&str]) -> Server {
    let mut command = mock_command(docs);
    command.arg("--no-watch").args(flags);
    spawn(command)
}

pub(crate) fn mock_command(docs: &Path) -> Command {
    let mut command = on_core(SERVER_CORE, Path::new(env!("CARGO_BIN_EXE_fieldproof")));
    command
        .args(["mock", "--port", "0", "--json", "-q"])
        .args(["--head-timeout", "60s"])
        .arg(docs);
    command
}

pub(crate) fn bare_server(example: &str) -> Server {
    let mut command = on_core(SERVER_CORE, &std::env::current_exe().unwrap());
    command.args(["bare", example]);
    spawn(command)
}

pub(crate) fn spawn(mut command: Command) -> Server {
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
pub(crate) fn bare() {
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
