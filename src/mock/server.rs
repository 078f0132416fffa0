//! The socket of the mock: HTTP/1.1 in, plain [`Request`] and [`Reply`] inside, HTTP/1.1 out.
//!
//! Whatever a client does wrong ends its own connection and nothing else.

use std::convert::Infallible;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Body, Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;

use super::message::{Reply, Request};
use super::{Mock, respond};

/// What a client may take up.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The largest body of a request, in bytes.
    pub body: u64,
    /// How long the body of a request may take.
    pub body_time: Duration,
    /// How long the headers of a request may take; an idle connection is closed after it, too.
    pub header_time: Duration,
    /// How many headers a request may have.
    pub headers: usize,
    /// How long open requests may go on after the server is told to stop.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 10 * 1024 * 1024,
            body_time: Duration::from_secs(30),
            header_time: Duration::from_secs(60),
            headers: 128,
            drain: Duration::from_secs(2),
        }
    }
}

/// The largest head of a request, in bytes.
const HEAD: usize = 64 * 1024;

/// How long to wait before the next connection is accepted when the system has no room for one.
const PAUSE: Duration = Duration::from_millis(50);

/// Called once for each request with what was answered.
pub type Log = dyn Fn(&Request, &Reply) + Send + Sync;

/// Serves `mock` on `listener` until `shutdown` is over; then open requests are finished, and idle connections closed.
pub async fn serve(
    listener: TcpListener,
    mock: Arc<Mock>,
    limits: Limits,
    log: Arc<Log>,
    shutdown: impl Future<Output = ()>,
) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(limits.header_time)
        .max_headers(limits.headers)
        .max_buf_size(HEAD)
        .half_close(true);
    let graceful = GracefulShutdown::new();
    tokio::pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut shutdown => break,
        };
        let Ok((stream, _)) = accepted else {
            // Out of file descriptors, or the client has gone already.
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        // Small answers should not wait for each other.
        let _ = stream.set_nodelay(true);
        let (mock, log) = (Arc::clone(&mock), Arc::clone(&log));
        let service = service_fn(move |request| {
            let (mock, log) = (Arc::clone(&mock), Arc::clone(&log));
            async move { Ok::<_, Infallible>(answer(&mock, limits, &*log, request).await) }
        });
        let connection = graceful.watch(http.serve_connection(TokioIo::new(stream), service));
        // An error is what the client did to its own connection.
        tokio::spawn(async move { connection.await.ok() });
    }
    drop(listener);
    let _ = tokio::time::timeout(limits.drain, graceful.shutdown()).await;
}

async fn answer(
    mock: &Mock,
    limits: Limits,
    log: &Log,
    request: hyper::Request<Incoming>,
) -> hyper::Response<Full<Bytes>> {
    let (head, body) = request.into_parts();
    let mut request = plain(&head);
    let reply = match read(body, limits).await {
        Ok(body) => {
            request.body = body;
            respond::reply(mock, &request)
        }
        Err(Unread::TooLarge) => respond::too_large(&request, limits.body),
        Err(Unread::TooSlow) => respond::too_slow(&request),
    };
    log(&request, &reply);
    response(reply)
}

fn plain(head: &hyper::http::request::Parts) -> Request {
    let headers = head.headers.iter().map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        (name.as_str().to_owned(), value)
    });
    Request {
        method: head.method.as_str().to_owned(),
        target: head.uri.to_string(),
        headers: headers.collect(),
        body: Vec::new(),
    }
}

/// Why a body was not read.
enum Unread {
    TooLarge,
    TooSlow,
}

/// Reads a body; one that says itself that it is too large is not begun.
async fn read(body: Incoming, limits: Limits) -> Result<Vec<u8>, Unread> {
    if body.size_hint().lower() > limits.body {
        return Err(Unread::TooLarge);
    }
    let limit = usize::try_from(limits.body).unwrap_or(usize::MAX);
    let reading = Limited::new(body, limit).collect();
    match tokio::time::timeout(limits.body_time, reading).await {
        Ok(Ok(body)) => Ok(body.to_bytes().into()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Unread::TooLarge),
        // Cut off in the middle: nobody is there to read an answer.
        Ok(Err(_)) | Err(_) => Err(Unread::TooSlow),
    }
}

fn response(reply: Reply) -> hyper::Response<Full<Bytes>> {
    let mut response = hyper::Response::builder().status(reply.status);
    for (name, value) in &reply.headers {
        response = response.header(*name, value);
    }
    let body = Bytes::from_owner(reply.body);
    // Names and values are visible ASCII, and statuses have three digits, so that nothing can be refused here.
    response
        .body(Full::new(body))
        .unwrap_or_else(|_| hyper::Response::new(Full::default()))
}
