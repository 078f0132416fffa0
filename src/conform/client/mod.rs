//! The one place that talks to a server: over connections that are kept, with limits of time and size.
//!
//! HTTP/1.1 over TCP, or over TLS. Redirects are answers like others, and not followed.
//! `crate::network` makes connections; `body` reads answers; `pace` says how long to wait before a request, and whether
//! to send it again; `stop` says when to end.

mod body;
mod pace;
mod stop;

use std::cell::RefCell;
use std::error::Error;
use std::time::{Duration, Instant, SystemTime};

use futures_util::StreamExt;
use http_body_util::Full;
use hyper::body::Bytes;
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tokio::runtime::Runtime;
use tokio::sync::watch;

use crate::network;

use super::message::{Answer, Request, Stop, Unanswered};
use super::target::Target;

use stop::Stage;

pub use crate::network::{Tls, TlsError};
pub use pace::{Pace, Rate};

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
#[derive(Clone, Debug)]
pub struct Options {
    /// How many requests to send at the same time, at most.
    pub jobs: usize,
    /// How long to wait, and how much to read.
    pub limits: Limits,
    /// Whom to trust, and who we are.
    pub tls: Tls,
    /// How fast to send, and whether to send again.
    pub pace: Pace,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            jobs: 1,
            limits: Limits::default(),
            tls: Tls::default(),
            pace: Pace::default(),
        }
    }
}

/// A number that no other run has: what the clock says, and the process.
pub fn nonce() -> u64 {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let now = now.unwrap_or_default();
    let process = u64::from(std::process::id());
    // Processes that start at the same time have other numbers.
    now.as_secs().rotate_left(32) ^ u64::from(now.subsec_nanos()) ^ process.rotate_left(44)
}

const USER_AGENT: &str = concat!("fieldproof/", env!("CARGO_PKG_VERSION"));

/// Sends requests.
#[derive(Debug)]
pub struct Client {
    runtime: Runtime,
    sender: legacy::Client<HttpsConnector<network::Connector>, Full<Bytes>>,
    limits: Limits,
    jobs: usize,
    pace: RefCell<pace::Pacer>,
    /// When the time of the run is over.
    end: Option<Instant>,
    /// Whether the run is to end; nothing before somebody asks for it.
    stage: Option<watch::Receiver<Stage>>,
}

/// Why there is no client.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The system gives no means to wait for sockets, or for signals.
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
        let time = options.limits.time;
        let connector = network::connector(&options.tls, is_encrypted, target.is_loopback, time)?;
        let sender = legacy::Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(Duration::from_secs(2))
            .build(connector);
        Ok(Self {
            runtime,
            sender,
            limits: options.limits,
            jobs: options.jobs.max(1),
            pace: RefCell::new(pace::Pacer::new(options.pace)),
            end: None,
            stage: None,
        })
    }

    /// From now on, signals to the process end the run, and so does the end of the time.
    pub fn end_within(&mut self, time: Option<Duration>) -> Result<(), ClientError> {
        self.end = time.and_then(|time| Instant::now().checked_add(time));
        let stage = stop::listen(&self.runtime, self.end).map_err(ClientError::Runtime)?;
        self.stage = Some(stage);
        Ok(())
    }

    /// What ends the run, if something does.
    pub fn ended(&self) -> Option<Stop> {
        let is_over = self.end.is_some_and(|end| Instant::now() >= end);
        let stop = self.stage.as_ref()?.borrow().stop();
        stop.or(is_over.then_some(stop::TIME))
    }

    /// Sends requests, as many at the same time as there are jobs, and reads the answers, in the order of the requests;
    /// sends again what the pace says.
    pub fn send(&self, requests: &[Request]) -> Vec<Result<Answer, Unanswered>> {
        self.runtime.block_on(async {
            if let [request] = requests {
                return vec![self.guarded(request).await];
            }
            let answers = futures_util::stream::iter(requests).map(|it| self.guarded(it));
            answers.buffered(self.jobs).collect().await
        })
    }

    /// Waits for what the server does by itself, unless the run is to end before; false if it is.
    pub fn pause(&self, time: Duration) -> bool {
        let is_late = |end: Instant| Instant::now() + time >= end;
        if self.ended().is_some() || self.end.is_some_and(is_late) {
            return false;
        }
        self.runtime.block_on(pause(time));
        true
    }

    /// Asks for a URL until there is an answer that is no failure of the server, or the time is over.
    pub fn wait_for(&self, url: &str, time: Duration) -> Result<(), Unanswered> {
        let end = Instant::now() + time;
        let request = Request {
            method: "GET".to_owned(),
            url: url.to_owned(),
            headers: Vec::new(),
            body: None,
        };
        self.runtime.block_on(async {
            loop {
                let left = end.saturating_duration_since(Instant::now());
                let last = match self.once(&request, left.min(self.limits.time)).await {
                    Ok(answer) if answer.status < 500 => return Ok(()),
                    Ok(answer) => Unanswered::NotReady(answer.status),
                    Err(reason) => reason,
                };
                if Instant::now() + INTERVAL >= end {
                    return Err(last);
                }
                tokio::time::sleep(INTERVAL).await;
            }
        })
    }

    /// Sends a request unless the run is to end, and waits no longer for the answer than it takes to end in order.
    async fn guarded(&self, request: &Request) -> Result<Answer, Unanswered> {
        let Some(mut stage) = self.stage.clone() else {
            return self.patiently(request).await;
        };
        let was_running = *stage.borrow_and_update() == Stage::Running;
        let gives_up = |stage: &Stage| match stage {
            Stage::Running => false,
            Stage::Closing(_) => was_running && request.reads(),
            Stage::Closed(_) => true,
        };
        tokio::select! {
            biased;
            Ok(_) = stage.wait_for(gives_up) => Err(Unanswered::Interrupted),
            outcome = self.patiently(request) => outcome,
        }
    }

    /// Sends a request at its time, and again if the pace says so.
    async fn patiently(&self, request: &Request) -> Result<Answer, Unanswered> {
        let mut attempt = 0;
        loop {
            let wait = self.pace.borrow_mut().before(Instant::now());
            pause(wait).await;
            let outcome = self.once(request, self.limits.time).await;
            let again = self.pace.borrow_mut().again(request, &outcome, attempt);
            let Some(wait) = again else {
                return outcome;
            };
            attempt += 1;
            pause(wait).await;
        }
    }

    async fn once(&self, request: &Request, time: Duration) -> Result<Answer, Unanswered> {
        tokio::time::timeout(time, self.exchange(request))
            .await
            .unwrap_or(Err(Unanswered::TimedOut(time)))
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

async fn pause(time: Duration) {
    if !time.is_zero() {
        tokio::time::sleep(time).await;
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
            // What a decoder of bodies says of bytes that are no body.
            is_garbled |= matches!(
                error.kind(),
                std::io::ErrorKind::InvalidInput | std::io::ErrorKind::InvalidData
            );
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
