//! The socket of the mock: HTTP/1.1 and HTTP/2 in, plain [`Request`] and [`Reply`] inside, and out again.
//!
//! Whatever a client does wrong ends its own connection and nothing else.

mod body;
mod passing;
mod pulse;
mod rooms;
mod tls;
mod together;
mod upstream;

use std::future::{Future, poll_fn};
use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::Poll;
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use bytes::{Bytes, BytesMut};
use http::Version;
use http::header::{CONNECTION, HOST, HeaderValue};
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::AbortHandle;
use tokio_rustls::TlsAcceptor;

use super::message::{Reply, Request};
use super::{Fault, Mock, decode, respond};

use body::{ReplyBody, Spoiled};
use passing::Passing;
use pulse::{Course, Pulse, Watched};

pub use rooms::{Admin, Describe, Kept, Rooms, World};
pub use tls::{Identity, TlsError};
pub use together::{Lost, Place, Together};
pub use upstream::{Front, Upstream};

/// What a client may take up.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The largest body of a request, in bytes.
    pub body: u64,
    /// How long the body of a request may take.
    pub body_time: Duration,
    /// The largest head of a request, in bytes; at least [`Limits::LEAST_HEAD`].
    pub head: usize,
    /// How many headers a request may have.
    pub headers: usize,
    /// How long the head of a request may take from its first byte, and the first byte of a connection.
    pub head_time: Duration,
    /// How long a connection may idle between requests.
    pub idle_time: Duration,
    /// How many connections are served at once; further ones wait.
    pub connections: u32,
    /// How long open requests may go on after the server is told to stop.
    pub grace: Duration,
}

impl Limits {
    /// The smallest limit for the head of a request that HTTP/1.1 can work with, in bytes.
    pub const LEAST_HEAD: usize = 8192;
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 10 * 1024 * 1024,
            body_time: Duration::from_secs(30),
            head: 64 * 1024,
            headers: 128,
            head_time: Duration::from_secs(10),
            idle_time: Duration::from_mins(1),
            connections: 10_000,
            grace: Duration::from_secs(2),
        }
    }
}

/// More connections than a machine has ports, and fewer than can be counted.
const MOST_CONNECTIONS: u32 = 1 << 24;

/// How long to wait before the next connection is accepted when the system has no room for one.
const PAUSE: Duration = Duration::from_millis(50);

/// Called once for each request with what was answered, and how long that took.
pub type Log = dyn Fn(&Request, &Reply, Duration) + Send + Sync;

/// A mock, and how it is served.
pub struct Server {
    /// The mock that answers; another one may be stored at any time, and answers from the next request on.
    pub mock: Arc<ArcSwap<Mock>>,
    /// What clients may take up.
    pub limits: Limits,
    /// Who is told of each request.
    pub log: Option<Box<Log>>,
    /// With an identity, connections are encrypted.
    pub identity: Option<Identity>,
    /// What stands around the answers, if anything does.
    pub rooms: Option<Rooms>,
    /// The server that requests are passed on to, if they are.
    pub upstream: Option<Upstream>,
}

/// What all connections share.
struct Shared {
    mock: Arc<ArcSwap<Mock>>,
    limits: Limits,
    log: Option<Box<Log>>,
    rooms: Option<Rooms>,
    upstream: Option<Upstream>,
    tls: Option<TlsAcceptor>,
    http: auto::Builder<TokioExecutor>,
    /// Closed when the server stops.
    stopping: watch::Receiver<()>,
    /// How many requests there were.
    serial: AtomicU64,
    start: Instant,
}

/// Serves on `listener` until `shutdown` is over; then open requests are finished, and idle connections closed.
pub async fn serve(listener: TcpListener, server: Server, shutdown: impl Future<Output = ()>) {
    let limits = server.limits;
    let (stop, stopping) = watch::channel(());
    let shared = Arc::new(Shared {
        stopping,
        http: http(limits),
        tls: server.identity.map(Identity::acceptor),
        mock: server.mock,
        limits,
        log: server.log,
        rooms: server.rooms,
        upstream: server.upstream,
        serial: AtomicU64::new(0),
        start: Instant::now(),
    });
    let most = limits.connections.clamp(1, MOST_CONNECTIONS);
    let room = Arc::new(Semaphore::new(most as usize));
    tokio::pin!(shutdown);
    loop {
        let next = async {
            let permit = Arc::clone(&room).acquire_owned().await;
            (permit, listener.accept().await)
        };
        let (permit, accepted) = tokio::select! {
            next = next => next,
            () = &mut shutdown => break,
        };
        let Ok((stream, peer)) = accepted else {
            // Out of file descriptors, or the client has gone already.
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        // Small answers should not wait for each other.
        let _ = stream.set_nodelay(true);
        let shared = Arc::clone(&shared);
        tokio::spawn(async move {
            connection(stream, peer.ip(), shared).await;
            drop(permit);
        });
    }
    drop((listener, stop));
    // Whoever has the room of all connections is alone.
    let _ = tokio::time::timeout(limits.grace, room.acquire_many(most)).await;
}

fn http(limits: Limits) -> auto::Builder<TokioExecutor> {
    let mut http = auto::Builder::new(TokioExecutor::new());
    http.http1()
        // Both are watched by `pulse`, which needs no timer for each request.
        .header_read_timeout(None)
        .max_headers(limits.headers)
        .max_buf_size(limits.head.max(Limits::LEAST_HEAD))
        .half_close(true);
    http.http2()
        .timer(TokioTimer::new())
        .max_header_list_size(u32::try_from(limits.head).unwrap_or(u32::MAX))
        .max_concurrent_streams(256);
    http
}

async fn connection(stream: TcpStream, peer: IpAddr, shared: Arc<Shared>) {
    let pulse = Arc::new(Pulse::new(shared.start));
    let line = Watched::new(stream, Arc::clone(&pulse), shared.tls.is_some());
    match &shared.tls {
        None => talk(line, pulse, peer, shared).await,
        Some(tls) => {
            let shaking = tokio::time::timeout(shared.limits.head_time, tls.accept(line));
            if let Ok(Ok(stream)) = shaking.await {
                pulse.beat();
                talk(stream, pulse, peer, Arc::clone(&shared)).await;
            }
        }
    }
}

async fn talk(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    pulse: Arc<Pulse>,
    peer: IpAddr,
    shared: Arc<Shared>,
) {
    let io = TokioIo::new(stream);
    let service = {
        let (shared, pulse) = (Arc::clone(&shared), Arc::clone(&pulse));
        service_fn(move |request| {
            let turn = pulse.turn(request.version());
            let (shared, pulse) = (Arc::clone(&shared), Arc::clone(&pulse));
            async move {
                match answer(&shared, request, peer).await {
                    Out::Own(response, pieces) => {
                        Ok(response.map(|body| ReplyBody::new(body, pieces, turn)))
                    }
                    Out::Passed(response) => {
                        Ok(response.map(|body| ReplyBody::Passing(Box::new(body.during(turn)))))
                    }
                    Out::Reset => {
                        pulse.reset();
                        Err(Spoiled)
                    }
                }
            }
        })
    };
    let connection = shared.http.serve_connection(io, service).into_owned();
    let mut connection = pin!(connection);
    let _watcher = Watcher::of(&pulse, &shared);
    let mut is_closing = false;
    poll_fn(|context| {
        match pulse.course(context) {
            Course::Open => {}
            Course::Closing if is_closing => {}
            Course::Closing => {
                is_closing = true;
                connection.as_mut().graceful_shutdown();
            }
            Course::Over => return Poll::Ready(()),
        }
        // An error is what the client did to its own connection.
        connection.as_mut().poll(context).map(drop)
    })
    .await;
}

/// A task beside a connection that says when it is to end; it ends with it.
struct Watcher(AbortHandle);

impl Watcher {
    fn of(pulse: &Arc<Pulse>, shared: &Shared) -> Self {
        let (pulse, limits) = (Arc::clone(pulse), shared.limits);
        let mut stopping = shared.stopping.clone();
        let watching = async move {
            // Nothing is ever sent, so that this is over when the channel is closed.
            let stopping = async move { while stopping.changed().await.is_ok() {} };
            let watching = pulse.watch(limits.head_time, limits.idle_time, stopping);
            watching.await;
        };
        Self(tokio::spawn(watching).abort_handle())
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// What leaves.
enum Out {
    /// An answer of the mock.
    Own(hyper::Response<Bytes>, Option<super::Pieces>),
    /// One of the server that the request was passed on to.
    Passed(hyper::Response<Passing>),
    /// No answer: the connection is to be reset.
    Reset,
}

async fn answer(shared: &Arc<Shared>, request: hyper::Request<Incoming>, peer: IpAddr) -> Out {
    let rooms = shared.rooms.as_ref();
    let start = shared.is_noting().then(Instant::now);
    let (head, body) = request.into_parts();
    let version = head.version;
    let mut request = Request {
        method: head.method,
        uri: head.uri,
        headers: head.headers,
        body: Bytes::new(),
        serial: 0,
    };
    let admin = rooms.filter(|rooms| rooms.is_admin(&request));
    // What is not for the API does not count, so that looking at a mock does not change what it answers.
    if admin.is_none() {
        request.serial = shared.serial.fetch_add(1, Ordering::Relaxed);
    }
    if let Some(upstream) = shared.upstream.as_ref().filter(|_| admin.is_none()) {
        // Boxed, as those below.
        return Box::pin(upstream::pass(
            shared, upstream, request, body, version, peer,
        ))
        .await;
    }
    let has_host = request.headers.contains_key(HOST) || request.uri.host().is_some();
    let reply = match read(body, shared.limits).await {
        Ok(_) if version == Version::HTTP_11 && !has_host => respond::without_host(&request),
        Ok(body) => {
            request.body = body;
            let unpacked = decode::unpack(&mut request, shared.limits.body);
            if let Some(rooms) = admin {
                let mock = shared.mock.load_full();
                // Boxed, so that the answers of the API need no room for this one.
                let reply = Box::pin(rooms.admin(&mock, &request, peer)).await;
                if let Some(reply) = reply {
                    let (response, pieces) = response(reply, version);
                    return Out::Own(response, pieces);
                }
            }
            match rooms.filter(|rooms| rooms.remembers(&shared.mock.load())) {
                _ if let Err(refused) = unpacked => *refused,
                Some(rooms) => {
                    let mock = shared.mock.load_full();
                    // Boxed as well.
                    Box::pin(rooms.reply(&mock, &request)).await
                }
                None => respond::reply(&shared.mock.load(), &request),
            }
        }
        Err(Unread::TooLarge) => respond::too_large(&request, shared.limits.body),
        Err(Unread::TooSlow) => respond::too_slow(&request),
        Err(Unread::Broken) => respond::broken(&request),
    };
    if let Some(delay) = reply.delay {
        tokio::time::sleep(delay).await;
    }
    shared.note(&request, &reply, start);
    if reply.fault == Some(Fault::Reset) {
        return Out::Reset;
    }
    let (response, pieces) = response(reply, version);
    Out::Own(response, pieces)
}

impl Shared {
    /// True if somebody is told of requests.
    fn is_noting(&self) -> bool {
        self.log.is_some() || self.rooms.as_ref().is_some_and(Rooms::is_recording)
    }

    /// Tells of an exchange that began at that time.
    fn note(&self, request: &Request, reply: &Reply, start: Option<Instant>) {
        if let (Some(log), Some(start)) = (&self.log, start) {
            log(request, reply, start.elapsed());
        }
        if let (Some(rooms), Some(start)) = (&self.rooms, start) {
            rooms.write_down(request, reply, start.elapsed());
        }
    }

    /// What the pages answer, and the world if one is kept.
    async fn documented(&self, mock: &Arc<Mock>, request: &Request) -> Reply {
        match &self.rooms {
            Some(rooms) => rooms.reply(mock, request).await,
            None => respond::reply(mock, request),
        }
    }
}

/// Why a body was not read.
enum Unread {
    TooLarge,
    TooSlow,
    /// It is cut off, or its chunks are none.
    Broken,
}

/// Reads a body; one that says itself that it is too large is not begun.
async fn read(body: Incoming, limits: Limits) -> Result<Bytes, Unread> {
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    if body.size_hint().lower() > limits.body {
        return Err(Unread::TooLarge);
    }
    let mut whole = pin!(collect(body, limits.body));
    // Nearly all bodies come together with their heads, and need no clock.
    let at_once = poll_fn(|context| Poll::Ready(whole.as_mut().poll(context)));
    if let Poll::Ready(read) = at_once.await {
        return read;
    }
    match tokio::time::timeout(limits.body_time, whole).await {
        Ok(read) => read,
        Err(_) => Err(Unread::TooSlow),
    }
}

/// Reads a body to its end; one that comes in one piece, as nearly all do, is not copied.
async fn collect(mut body: Incoming, limit: u64) -> Result<Bytes, Unread> {
    let mut whole = Bytes::new();
    let mut pieces = BytesMut::new();
    let mut length = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Unread::Broken)?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        length += data.len() as u64;
        if length > limit {
            return Err(Unread::TooLarge);
        }
        if whole.is_empty() {
            whole = data;
        } else {
            if pieces.is_empty() {
                pieces.extend_from_slice(&whole);
            }
            pieces.extend_from_slice(&data);
        }
        if body.is_end_stream() {
            break;
        }
    }
    Ok(if pieces.is_empty() {
        whole
    } else {
        pieces.freeze()
    })
}

fn response(reply: Reply, version: Version) -> (hyper::Response<Bytes>, Option<super::Pieces>) {
    let mut response = hyper::Response::new(reply.body);
    *response.status_mut() = reply.status;
    *response.headers_mut() = reply.headers;
    // HTTP/2 has no such header.
    if reply.close && version <= Version::HTTP_11 {
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(CONNECTION, close);
    }
    (response, reply.pieces)
}
