//! The one place that talks to a server: one request at a time over connections that are kept, time and size limited.
//!
//! HTTP/1.1 over TCP, or over TLS. Redirects are answers like others, and not followed.
//! `connect` makes connections, through a proxy where the environment names one; `tls` says whom to trust; `body` reads
//! answers; `pace` says how long to wait before a request, and whether to send it again.

mod body;
mod connect;
mod pace;
mod tls;

use std::error::Error;
use std::time::{Duration, Instant};

use http_body_util::Full;
use hyper::body::Bytes;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tokio::runtime::Runtime;

use super::message::{Answer, Request, Unanswered};
use super::target::Target;

pub use pace::{Pace, Rate};
pub use tls::{Tls, TlsError};

/// How long to wait, and how much to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// For one request, from the first packet to the end of the answer.
    pub time: Duration,
    /// Bytes of the body of an answer, after it is unpacked.
    pub body: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            time: Duration::from_secs(30),
            body: 8 * 1024 * 1024,
        }
    }
}

/// How to reach a server.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// How long to wait, and how much to read.
    pub limits: Limits,
    /// Whom to trust, and who we are.
    pub tls: Tls,
    /// How fast to send, and whether to send again.
    pub pace: Pace,
}

const USER_AGENT: &str = concat!("fieldproof/", env!("CARGO_PKG_VERSION"));

/// Sends requests, one after the other.
#[derive(Debug)]
pub struct Client {
    runtime: Runtime,
    sender: legacy::Client<HttpsConnector<connect::Connector>, Full<Bytes>>,
    limits: Limits,
    pace: pace::Pacer,
    /// After this, nothing is waited for.
    deadline: Option<Instant>,
}

/// Why there is no client.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The system gives no means to wait for sockets.
    #[error("failed to start the network: {0}")]
    Runtime(std::io::Error),
    /// Certificates or keys cannot be used.
    #[error(transparent)]
    Tls(#[from] TlsError),
}

impl Client {
    /// A client for a server.
    pub fn new(target: &Target, options: &Options) -> Result<Self, ClientError> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(ClientError::Runtime)?;
        let is_encrypted = target.origin.starts_with("https");
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(options.tls.config(is_encrypted)?)
            .https_or_http()
            .enable_http1()
            .wrap_connector(connect::Connector::new(
                options.limits.time,
                target.is_loopback,
            ));
        let sender = legacy::Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(Duration::from_secs(2))
            .build(connector);
        Ok(Self {
            runtime,
            sender,
            limits: options.limits,
            pace: pace::Pacer::new(options.pace),
            deadline: None,
        })
    }

    /// From now on, nothing is waited for longer than this.
    pub fn end_within(&mut self, time: Duration) {
        self.deadline = Instant::now().checked_add(time);
    }

    /// Sends a request and reads the answer, again if the pace says so.
    pub fn send(&mut self, request: &Request) -> Result<Answer, Unanswered> {
        let mut attempt = 0;
        loop {
            let wait = self.pace.before(Instant::now());
            self.sleep(wait);
            let outcome = self.send_once(request);
            let Some(wait) = self.pace.again(request, &outcome, attempt) else {
                return outcome;
            };
            attempt += 1;
            if self.remaining().is_some_and(|remaining| remaining < wait) {
                return outcome;
            }
            self.sleep(wait);
        }
    }

    /// Asks for a URL until there is an answer that is no failure of the server, or the time is over.
    pub fn wait_for(&mut self, url: &str, time: Duration) -> Result<(), Unanswered> {
        let end = Instant::now() + time;
        let request = Request {
            method: "GET".to_owned(),
            url: url.to_owned(),
            headers: Vec::new(),
            body: None,
        };
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let last = match self.send_within(&request, left.min(self.limits.time)) {
                Ok(answer) if answer.status < 500 => return Ok(()),
                Ok(answer) => Unanswered::NotReady(answer.status),
                Err(reason) => reason,
            };
            if Instant::now() + INTERVAL >= end {
                return Err(last);
            }
            self.sleep(INTERVAL);
        }
    }

    fn send_once(&self, request: &Request) -> Result<Answer, Unanswered> {
        let time = self.limits.time;
        let time = self
            .remaining()
            .map_or(time, |remaining| remaining.min(time));
        self.send_within(request, time)
    }

    fn send_within(&self, request: &Request, time: Duration) -> Result<Answer, Unanswered> {
        self.runtime.block_on(async {
            tokio::time::timeout(time, self.exchange(request))
                .await
                .unwrap_or(Err(Unanswered::TimedOut(time)))
        })
    }

    fn sleep(&self, time: Duration) {
        if !time.is_zero() {
            self.runtime.block_on(tokio::time::sleep(time));
        }
    }

    fn remaining(&self) -> Option<Duration> {
        let deadline = self.deadline?;
        Some(deadline.saturating_duration_since(Instant::now()))
    }

    async fn exchange(&self, request: &Request) -> Result<Answer, Unanswered> {
        let mut builder = hyper::Request::builder()
            .method(request.method.as_str())
            .uri(request.url.as_str());
        let own = [("accept", "*/*"), ("user-agent", USER_AGENT)];
        for (name, value) in own
            .iter()
            .filter(|(name, _)| request.header(name).is_none())
        {
            builder = builder.header(*name, *value);
        }
        for (name, value) in &request.headers {
            builder = builder.header(name.as_str(), value.as_bytes());
        }
        let request = builder
            .body(Full::new(Bytes::from(request.body_text())))
            .map_err(|error| Unanswered::Unsendable(error.to_string()))?;
        let answer = self
            .sender
            .request(request)
            .await
            .map_err(|error| unanswered(&error, error.is_connect()))?;
        let (head, body) = answer.into_parts();
        let headers = head.headers.iter().map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            (name.as_str().to_owned(), value)
        });
        let mut answer = Answer {
            status: head.status.as_u16(),
            headers: headers.collect(),
            ..Answer::default()
        };
        body::read(body, self.limits.body, &mut answer)
            .await
            .map_err(|error| unanswered(&error, false))?;
        Ok(answer)
    }
}

/// Between two looks at a server that is still starting.
const INTERVAL: Duration = Duration::from_millis(100);

/// What an error of the HTTP library means; its own words are those of its last cause.
fn unanswered(error: &(dyn Error + 'static), is_connect: bool) -> Unanswered {
    let mut last = error;
    let mut is_garbled = false;
    let mut is_timeout = false;
    loop {
        if let Some(error) = last.downcast_ref::<hyper::Error>() {
            is_garbled |= error.is_parse();
        }
        if let Some(error) = last.downcast_ref::<std::io::Error>() {
            is_timeout |= error.kind() == std::io::ErrorKind::TimedOut;
        }
        match last.source() {
            Some(source) => last = source,
            None => break,
        }
    }
    let reason = last.to_string();
    match (is_connect, is_garbled) {
        (true, _) if is_timeout => Unanswered::Unreachable("it took too long".to_owned()),
        (true, _) => Unanswered::Unreachable(reason),
        (false, true) => Unanswered::Garbled(reason),
        (false, false) => Unanswered::Closed,
    }
}
