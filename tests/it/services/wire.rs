//! Requests, replies, and the socket of a reference service: one thread, one connection after the other or several at once.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::sync::oneshot;

use super::seed::Seed;
use super::vary;

/// What came in, taken apart.
#[derive(Clone, Debug, Default)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }

    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        find(&self.query, name)
    }

    /// The path below the base, in parts.
    pub(crate) fn parts(&self, base: &str) -> Vec<&str> {
        let rest = self.path.strip_prefix(base).unwrap_or_default();
        rest.split('/').filter(|part| !part.is_empty()).collect()
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// The pairs of a body that is a form.
    pub(crate) fn form(&self) -> Vec<(String, String)> {
        pairs(&String::from_utf8_lossy(&self.body))
    }
}

fn find<'p>(pairs: &'p [(String, String)], name: &str) -> Option<&'p str> {
    let pair = pairs.iter().find(|(known, _)| known == name);
    pair.map(|(_, value)| value.as_str())
}

/// What goes out.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Content,
}

#[derive(Clone, Debug)]
pub(crate) enum Content {
    Nothing,
    Json(Value),
    Text(String),
    /// The connection ends without an answer.
    Hangup,
}

impl Reply {
    pub(crate) fn json(status: u16, body: Value) -> Self {
        Self {
            status,
            headers: vec![("content-type".to_owned(), "application/json".to_owned())],
            body: Content::Json(body),
        }
    }

    pub(crate) fn text(status: u16, media_type: &str, body: &str) -> Self {
        Self {
            status,
            headers: vec![("content-type".to_owned(), media_type.to_owned())],
            body: Content::Text(body.to_owned()),
        }
    }

    pub(crate) fn empty(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Content::Nothing,
        }
    }

    pub(crate) fn hangup() -> Self {
        Self {
            status: 200,
            headers: Vec::new(),
            body: Content::Hangup,
        }
    }

    /// The failure of a server that was not ready for its input.
    pub(crate) fn crash() -> Self {
        Self::json(500, json!({"error": "unexpected condition"}))
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self
    }

    /// Changes the body if it is JSON.
    pub(crate) fn edit(mut self, edit: impl FnOnce(&mut Value)) -> Self {
        if let Content::Json(value) = &mut self.body {
            edit(value);
        }
        self
    }
}

/// A service: the state of an API, and what it answers.
pub(crate) trait Service: Send {
    fn answer(&mut self, request: &Request, seed: &Seed) -> Reply;
}

/// A service that listens; it ends when it is dropped.
pub(crate) struct Running {
    address: SocketAddr,
    requests: Arc<AtomicUsize>,
    seed: Arc<Seed>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Running {
    /// Listens on a free port of this machine.
    pub(crate) fn start(service: Box<dyn Service>, seed: Seed) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0"));
        let listener = listener.unwrap();
        let address = listener.local_addr().unwrap();
        let (seed, requests) = (Arc::new(seed), Arc::new(AtomicUsize::new(0)));
        let shared = Arc::new(Shared {
            service: Mutex::new(service),
            seed: Arc::clone(&seed),
            requests: Arc::clone(&requests),
        });
        let (stop, mut stopped) = oneshot::channel();
        let thread = std::thread::spawn(move || {
            runtime.block_on(async {
                loop {
                    tokio::select! {
                        _ = &mut stopped => break,
                        accepted = listener.accept() => {
                            let Ok((stream, _)) = accepted else { continue };
                            let shared = Arc::clone(&shared);
                            tokio::spawn(serve(stream, shared));
                        }
                    }
                }
            });
        });
        Self {
            address,
            requests,
            seed,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How many requests came in so far.
    pub(crate) fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    /// True if a request came to the place where the fault stands.
    pub(crate) fn was_reached(&self) -> bool {
        self.seed.was_reached()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.stop.take().map(|stop| stop.send(()));
        let outcome = self.thread.take().map(std::thread::JoinHandle::join);
        assert!(
            std::thread::panicking() || outcome.unwrap().is_ok(),
            "the service failed"
        );
    }
}

struct Shared {
    service: Mutex<Box<dyn Service>>,
    seed: Arc<Seed>,
    requests: Arc<AtomicUsize>,
}

/// A client that hangs up ends its connection, and nothing else.
async fn serve(stream: tokio::net::TcpStream, shared: Arc<Shared>) {
    drop(stream.set_nodelay(true));
    let answer = service_fn(move |incoming| {
        let shared = Arc::clone(&shared);
        async move { exchange(incoming, &shared).await }
    });
    let connection = hyper::server::conn::http1::Builder::new();
    drop(
        connection
            .serve_connection(TokioIo::new(stream), answer)
            .await,
    );
}

/// Why a connection ends.
type Ending = std::io::Error;

async fn exchange(
    incoming: hyper::Request<Incoming>,
    shared: &Shared,
) -> Result<hyper::Response<Full<Bytes>>, Ending> {
    let request = taken_apart(incoming).await.map_err(Ending::other)?;
    shared.requests.fetch_add(1, Ordering::SeqCst);
    let reply = shared
        .service
        .lock()
        .unwrap()
        .answer(&request, &shared.seed);
    let (reply, delay) = vary::vary(reply, &request, &shared.seed);
    tokio::time::sleep(delay.unwrap_or(Duration::ZERO)).await;
    written(reply, &request, &shared.seed)
}

async fn taken_apart(incoming: hyper::Request<Incoming>) -> Result<Request, hyper::Error> {
    let (head, body) = incoming.into_parts();
    let headers = head.headers.iter().map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        (name.as_str().to_owned(), value)
    });
    Ok(Request {
        method: head.method.as_str().to_owned(),
        path: decoded(head.uri.path()),
        query: pairs(head.uri.query().unwrap_or_default()),
        headers: headers.collect(),
        body: body.collect().await?.to_bytes().to_vec(),
    })
}

fn written(
    reply: Reply,
    request: &Request,
    seed: &Seed,
) -> Result<hyper::Response<Full<Bytes>>, Ending> {
    let mut builder = hyper::Response::builder().status(reply.status);
    for (name, value) in &reply.headers {
        builder = builder.header(name, value);
    }
    let bytes = match reply.body {
        Content::Hangup => return Err(Ending::other("the service hangs up")),
        Content::Nothing => Vec::new(),
        Content::Json(value) => vary::json_text(&value, seed).into_bytes(),
        Content::Text(text) => text.into_bytes(),
    };
    let (bytes, encoding) = vary::encoded(bytes, request, seed);
    if let Some(encoding) = encoding {
        builder = builder.header("content-encoding", encoding);
    }
    builder
        .body(Full::new(Bytes::from(bytes)))
        .map_err(Ending::other)
}

/// `a=1&b=2`
fn pairs(text: &str) -> Vec<(String, String)> {
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    let split = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    let decode = |text: &str| decoded(&text.replace('+', " "));
    split
        .map(|(name, value)| (decode(name), decode(value)))
        .collect()
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let code = after
            .get(..2)
            .and_then(|code| std::str::from_utf8(code).ok());
        let byte = code.and_then(|code| u8::from_str_radix(code, 16).ok());
        if let Some(byte) = byte.filter(|_| *first == b'%') {
            bytes.push(byte);
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
