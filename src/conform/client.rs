//! The one place that talks to a server: one connection for each request, no redirects, time and size limited.
//!
//! HTTP/1.1 over TCP, or over TLS with the certificates that the system trusts. Proxies are not used.

use std::error::Error;
use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio::runtime::Runtime;

use super::message::{Answer, Request, Unanswered};

/// How long to wait, and how much to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// For one request, from the first packet to the end of the answer.
    pub time: Duration,
    /// Bytes of the body of an answer.
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

const USER_AGENT: &str = concat!("fieldproof/", env!("CARGO_PKG_VERSION"));

/// Sends requests, one after the other.
#[derive(Debug)]
pub struct Client {
    runtime: Runtime,
    sender: legacy::Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    limits: Limits,
}

/// Why there is no client.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The system gives no means to wait for sockets.
    #[error("failed to start the network: {0}")]
    Runtime(std::io::Error),
    /// The certificates of the system cannot be read.
    #[error("failed to read the certificates that the system trusts: {0}")]
    Certificates(String),
}

impl Client {
    /// A client with these limits.
    pub fn new(limits: Limits) -> Result<Self, ClientError> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(ClientError::Runtime)?;
        let mut connector = HttpConnector::new();
        connector.enforce_http(false);
        connector.set_connect_timeout(Some(limits.time));
        connector.set_nodelay(true);
        let connector = HttpsConnectorBuilder::new()
            .try_with_platform_verifier()
            .map_err(|error| ClientError::Certificates(error.to_string()))?
            .https_or_http()
            .enable_http1()
            .wrap_connector(connector);
        let sender = legacy::Client::builder(TokioExecutor::new())
            .pool_max_idle_per_host(0)
            .retry_canceled_requests(false)
            .build(connector);
        Ok(Self {
            runtime,
            sender,
            limits,
        })
    }

    /// Sends a request and reads the answer.
    pub fn send(&self, request: &Request) -> Result<Answer, Unanswered> {
        self.runtime.block_on(async {
            let exchange = self.exchange(request);
            tokio::time::timeout(self.limits.time, exchange)
                .await
                .unwrap_or(Err(Unanswered::TimedOut(self.limits.time)))
        })
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
        self.read(body, &mut answer).await?;
        Ok(answer)
    }

    /// Reads a body to its end or to the limit.
    async fn read(&self, mut body: Incoming, answer: &mut Answer) -> Result<(), Unanswered> {
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|error| unanswered(&error, false))?;
            let Ok(data) = frame.into_data() else {
                continue;
            };
            answer.body.extend_from_slice(&data);
            if answer.body.len() > self.limits.body {
                answer.body.truncate(self.limits.body);
                answer.cut_at = Some(self.limits.body);
                break;
            }
        }
        Ok(())
    }
}

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
