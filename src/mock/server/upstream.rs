//! A mock in front of a server: requests are passed on, and what comes back is held against the pages.
//!
//! ```text
//! client → request → server → answer → client
//!             └──────── judge ───┘ → drifts, journal, log
//! ```
//!
//! The answer passes piece by piece as it comes, and is judged when it is over. A body that is longer than the limit
//! passes as well, and is not judged.

use std::error::Error as _;
use std::io::Read;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use flate2::read::{MultiGzDecoder, ZlibDecoder};
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http::{HeaderMap, Method, StatusCode, Version};
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::{self, Client};
use hyper_util::rt::{TokioExecutor, TokioTimer};

use super::passing::{Kept, Passing, Sending};
use super::rooms::locked;
use super::{Limits, Out, Shared, Unread, response};
use crate::mock::drift::{self, Drifts, Exchange, Passed};
use crate::mock::forward::{self, Beyond};
use crate::mock::message::{Reply, Request};
use crate::mock::prefer::Preferences;
use crate::mock::problem::Problem;
use crate::mock::refuse::Wrong;
use crate::mock::routes::Lookup;
use crate::mock::{Mock, header, respond};
use crate::model::answer::{self, Received};
use crate::model::describe_status;
use crate::network::{self, Connector, Target, Tls, TlsError};

/// How a mock stands in front of a server.
#[derive(Clone, Debug)]
pub struct Front {
    /// The server.
    pub target: Target,
    /// Whom to trust.
    pub tls: Tls,
    /// How long the server may take until its answer begins.
    pub time: Duration,
    /// True if the pages answer what the server does not.
    pub is_fallback: bool,
}

/// A server that requests are passed on to.
pub struct Upstream {
    client: Client<HttpsConnector<Connector>, Sending>,
    beyond: Beyond,
    time: Duration,
    is_fallback: bool,
    /// What was seen of it.
    pub drifts: Arc<Mutex<Drifts>>,
}

/// A connection that nobody uses for so long is closed; most servers wait longer.
const IDLE: Duration = Duration::from_secs(2);

impl Upstream {
    /// A server that is not connected to before the first request.
    pub fn new(front: &Front) -> Result<Self, TlsError> {
        let target = &front.target;
        let is_encrypted = target.origin.starts_with("https");
        let connector =
            network::connector(&front.tls, is_encrypted, target.is_loopback, front.time)?;
        let authority = target.origin.split_once("://").map_or("", |(_, it)| it);
        Ok(Self {
            client: Client::builder(TokioExecutor::new())
                .pool_timer(TokioTimer::new())
                .pool_idle_timeout(IDLE)
                .build(connector),
            beyond: Beyond {
                origin: target.origin.clone(),
                authority: authority.to_owned(),
                host: target.host().to_owned(),
                base: target.path.clone().unwrap_or_default(),
            },
            time: front.time,
            is_fallback: front.is_fallback,
            drifts: Arc::default(),
        })
    }
}

/// A request that was read as far as the limit goes.
struct Taken {
    request: Request,
    /// The rest of its body.
    rest: Option<Incoming>,
    version: Version,
    start: Instant,
}

/// Passes a request on, and gives the answer.
pub(super) async fn pass(
    shared: &Arc<Shared>,
    upstream: &Upstream,
    mut request: Request,
    body: Incoming,
    version: Version,
    peer: IpAddr,
) -> Out {
    let start = Instant::now();
    let own = |request: &Request, reply: Reply| shared.own(request, reply, start, version);
    if forward::is_upgrade(&request) || request.method == Method::CONNECT {
        let detail = "connections of other protocols, such as those of web sockets, are not passed on: let the client connect to the server itself";
        return own(
            &request,
            Problem::new(501, "upgrade-not-supported", detail).reply(),
        );
    }
    let rest = match start_of(body, shared.limits).await {
        Ok((bytes, rest)) => {
            request.body = bytes;
            rest
        }
        Err(Unread::TooSlow) => return own(&request, respond::too_slow(&request)),
        Err(_) => return own(&request, respond::broken(&request)),
    };
    let taken = Taken {
        request,
        rest,
        version,
        start,
    };
    taken.pass(shared, upstream, peer).await
}

impl Taken {
    async fn pass(mut self, shared: &Arc<Shared>, upstream: &Upstream, peer: IpAddr) -> Out {
        let mock = shared.mock.load_full();
        let is_whole = self.rest.is_none();
        let lookup = lookup(&mock, &self.request, upstream);
        let has_answer = is_whole && stands_in(&lookup, &self.request);
        if has_answer && Preferences::of(&self.request).is_choice() {
            let why = "the request prefers this answer";
            let reply = self.stand_in(shared, &mock, "preferred", why).await;
            return self.own(shared, reply);
        }
        let Some(sent) = self.send(shared, upstream, peer) else {
            let problem = Problem::new(400, "unresolved-path", "the target is no URL");
            return self.own_problem(shared, problem);
        };
        let answer = tokio::time::timeout(upstream.time, sent).await;
        let may_answer = upstream.is_fallback && has_answer;
        let answer = match answer {
            Ok(Ok(answer)) => answer,
            failed => {
                // A server that is slow may be doing what it is asked for.
                let is_slow = failed.is_err();
                let failure = failed.map_err(|_| upstream.time).map(Result::err);
                let problem = unreachable(&upstream.beyond.origin, failure);
                if is_slow || !may_answer {
                    return self.own_problem(shared, problem);
                }
                let reply = self.stand_in(shared, &mock, "unreachable", problem.detail());
                let reply = reply.await;
                return self.own(shared, reply);
            }
        };
        let (head, body) = answer.into_parts();
        let is_missing = matches!(head.status.as_u16(), 404 | 501);
        if !(is_missing && may_answer) {
            return self.hand_on(shared, upstream, mock, lookup, head, body, is_whole);
        }
        let Some(kept) = all_of(body, shared.limits).await else {
            let problem = unreachable(&upstream.beyond.origin, Ok(None));
            return self.own_problem(shared, problem);
        };
        let line = describe_status(head.status.as_u16());
        let seen = Seen::new(&self, &head, kept, is_whole);
        let is_documented = seen.is_documented(&mock, &lookup);
        let passed = seen.judge(&mock, &lookup, upstream);
        let mut reply = if is_documented {
            let mut reply = Reply::empty(head.status);
            reply.headers = upstream.beyond.answer(head.headers);
            reply.body = seen.kept.bytes.clone();
            reply.operation = operation(&mock, &lookup);
            reply
        } else {
            let reason = format!("{} answers {line}", upstream.beyond.origin);
            self.stand_in(shared, &mock, &line, &reason).await
        };
        reply.passed = Some(Box::new(passed));
        self.own(shared, reply)
    }

    /// The request on its way; `None` if it cannot be one.
    fn send(
        &mut self,
        shared: &Shared,
        upstream: &Upstream,
        peer: IpAddr,
    ) -> Option<legacy::ResponseFuture> {
        let body = Sending::new(self.request.body.clone(), self.rest.take());
        let mut request = hyper::Request::new(body);
        *request.method_mut() = self.request.method.clone();
        *request.uri_mut() = upstream.beyond.url(&self.request)?;
        *request.headers_mut() = upstream
            .beyond
            .request(&self.request, peer, shared.tls.is_some());
        Some(upstream.client.request(request))
    }

    fn own_problem(self, shared: &Shared, problem: Problem) -> Out {
        let reply = respond::own(&self.request, problem);
        self.own(shared, reply)
    }

    fn own(self, shared: &Shared, reply: Reply) -> Out {
        shared.own(&self.request, reply, self.start, self.version)
    }

    /// What the pages answer in the place of the server.
    async fn stand_in(&self, shared: &Shared, mock: &Arc<Mock>, what: &str, why: &str) -> Reply {
        let mut reply = shared.documented(mock, &self.request).await;
        reply.set(header::FALLBACK, what);
        reply.reason = Some(format!("from the pages: {why}").into());
        reply
    }

    /// The answer of the server, which is judged when it is over.
    #[expect(
        clippy::too_many_arguments,
        reason = "each is another part of one exchange"
    )]
    fn hand_on(
        self,
        shared: &Arc<Shared>,
        upstream: &Upstream,
        mock: Arc<Mock>,
        lookup: Lookup,
        head: http::response::Parts,
        body: Incoming,
        is_whole: bool,
    ) -> Out {
        let mut passed = hyper::Response::new(());
        *passed.status_mut() = head.status;
        *passed.headers_mut() = upstream.beyond.answer(head.headers.clone());
        let drifts = Arc::clone(&upstream.drifts);
        let headers = passed.headers().clone();
        let shared_ = Arc::clone(shared);
        let limit = usize::try_from(shared.limits.body).unwrap_or(usize::MAX);
        let ending = Box::new(move |kept: Kept| {
            let seen = Seen::new(&self, &head, kept, is_whole);
            let found = seen.judge_into(&mock, &lookup, &drifts);
            let mut reply = Reply::empty(head.status);
            reply.headers = headers;
            reply.body = seen.kept.bytes.clone();
            reply.operation = operation(&mock, &lookup);
            reply.passed = Some(Box::new(found));
            shared_.note(&self.request, &reply, Some(self.start));
        });
        let body = Passing::new(body, limit, ending);
        Out::Passed(passed.map(|()| body))
    }
}

/// An exchange that is over.
struct Seen<'t> {
    request: &'t Request,
    status: StatusCode,
    headers: Vec<(String, String)>,
    kept: Kept,
    /// The body without its encoding; `None` if it cannot be read.
    body: Option<Vec<u8>>,
    is_whole: bool,
}

impl<'t> Seen<'t> {
    fn new(taken: &'t Taken, head: &http::response::Parts, kept: Kept, is_whole: bool) -> Self {
        let headers = head.headers.iter().map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            (name.as_str().to_owned(), value)
        });
        let is_all = kept.is_whole && kept.length == kept.bytes.len() as u64;
        Self {
            request: &taken.request,
            status: head.status,
            headers: headers.collect(),
            body: is_all.then(|| plain(&head.headers, &kept.bytes)).flatten(),
            kept,
            is_whole,
        }
    }

    fn received<'s>(&'s self, body: &'s [u8]) -> Received<'s> {
        Received {
            status: self.status.as_u16(),
            headers: &self.headers,
            body,
            cut_at: None,
            is_head: self.request.method == Method::HEAD,
        }
    }

    /// True if the answer is one that the operation documents for what is not there.
    fn is_documented(&self, mock: &Mock, lookup: &Lookup) -> bool {
        let Lookup::Operation { index, .. } = lookup else {
            return false;
        };
        let (Some(operation), Some(body)) = (mock.promised.get(*index), &self.body) else {
            return false;
        };
        let code = self.status.as_u16();
        let mut stated = operation.responses.iter();
        let compared = answer::body(operation, &self.received(body));
        stated.any(|it| it.status.code() == Some(code))
            && compared.value.is_some()
            && compared.differences.is_empty()
    }

    fn judge(&self, mock: &Mock, lookup: &Lookup, upstream: &Upstream) -> Passed {
        self.judge_into(mock, lookup, &upstream.drifts)
    }

    /// What is not as documented, counted.
    fn judge_into(&self, mock: &Mock, lookup: &Lookup, drifts: &Mutex<Drifts>) -> Passed {
        let is_stream = self
            .headers
            .iter()
            .any(|(name, value)| name == CONTENT_TYPE.as_str() && value.contains("event-stream"));
        let exchange = Exchange {
            mock,
            request: self.request,
            is_whole: self.is_whole,
            lookup,
            received: self.received(self.body.as_deref().unwrap_or_default()),
            is_readable: self.body.is_some() && !is_stream,
        };
        let (found, wrongs) = drift::judge(&exchange);
        let first = format!("{} {}", self.request.method, self.request.path());
        let source = match lookup {
            Lookup::Operation { index, .. } => mock.operations.get(*index),
            Lookup::OtherMethods { .. } | Lookup::Unknown => None,
        };
        Passed {
            source: source.map(|served| served.source(&mock.places)),
            drifts: locked(drifts).count(&first, found),
            violations: wrongs.iter().map(Wrong::to_json).collect(),
            length: self.kept.length,
            unjudged: self.unjudged(),
        }
    }

    /// Why the answer was not judged as a whole.
    fn unjudged(&self) -> Option<&'static str> {
        if self.body.is_some() {
            return None;
        }
        Some(if !self.kept.is_whole {
            "the body did not come to its end"
        } else if self.kept.length > self.kept.bytes.len() as u64 {
            "the body is longer than what is judged"
        } else {
            "the encoding of the body is not known"
        })
    }
}

/// The operation of a request.
fn lookup(mock: &Mock, request: &Request, upstream: &Upstream) -> Lookup {
    let forwarded = http::HeaderName::from_static("x-forwarded-host");
    mock.routes.find(&request.method, request.path(), || {
        if request.headers.contains_key(&forwarded) {
            request.host()
        } else {
            Some(upstream.beyond.host.as_str().into())
        }
    })
}

fn operation(mock: &Mock, lookup: &Lookup) -> Option<Arc<str>> {
    match lookup {
        Lookup::Operation { index, .. } => {
            let served = mock.operations.get(*index)?;
            Some(Arc::clone(&served.name))
        }
        Lookup::OtherMethods { .. } | Lookup::Unknown => None,
    }
}

/// True if the pages have an answer.
fn stands_in(lookup: &Lookup, request: &Request) -> bool {
    match lookup {
        Lookup::Operation { .. } => true,
        Lookup::OtherMethods { .. } => request.method == Method::OPTIONS,
        Lookup::Unknown => false,
    }
}

/// What is said of a server that gives no answer: after the time, or for a reason.
fn unreachable(origin: &str, failure: Result<Option<legacy::Error>, Duration>) -> Problem {
    match failure {
        Err(time) => {
            let time = time.as_secs_f64();
            let detail = format!("{origin} does not answer within {time} s");
            Problem::new(504, "upstream-too-slow", detail)
        }
        Ok(Some(error)) if error.is_connect() => {
            let detail = format!("{origin} cannot be reached: {}", last(&error));
            Problem::new(502, "upstream-unreachable", detail)
        }
        Ok(Some(error)) => {
            let detail = format!("{origin} gives no whole answer: {}", last(&error));
            Problem::new(502, "upstream-failed", detail)
        }
        Ok(None) => {
            let detail = format!("{origin} gives no whole answer");
            Problem::new(502, "upstream-failed", detail)
        }
    }
}

/// The words of the last cause.
fn last(error: &legacy::Error) -> String {
    let mut last = error.source();
    while let Some(next) = last.and_then(|error| error.source()) {
        last = Some(next);
    }
    last.map_or_else(|| error.to_string(), ToString::to_string)
}

/// Reads the body of a request as far as the limit goes, and gives the rest, if there is one.
async fn start_of(body: Incoming, limits: Limits) -> Result<(Bytes, Option<Incoming>), Unread> {
    if body.is_end_stream() {
        return Ok((Bytes::new(), None));
    }
    if body.size_hint().lower() > limits.body {
        return Ok((Bytes::new(), Some(body)));
    }
    let reading = tokio::time::timeout(limits.body_time, to_limit(body, limits.body));
    reading.await.unwrap_or(Err(Unread::TooSlow))
}

async fn to_limit(mut body: Incoming, limit: u64) -> Result<(Bytes, Option<Incoming>), Unread> {
    let mut read = BytesMut::new();
    while let Some(frame) = body.frame().await {
        if let Ok(data) = frame.map_err(|_| Unread::Broken)?.into_data() {
            read.extend_from_slice(&data);
        }
        if read.len() as u64 > limit {
            return Ok((read.freeze(), Some(body)));
        }
    }
    Ok((read.freeze(), None))
}

/// A short body of an answer; `None` if it does not come to its end.
async fn all_of(body: Incoming, limits: Limits) -> Option<Kept> {
    let collected = tokio::time::timeout(limits.body_time, to_limit(body, limits.body));
    let (bytes, rest) = collected.await.ok()?.ok()?;
    Some(Kept {
        length: bytes.len() as u64,
        is_whole: rest.is_none(),
        bytes,
    })
}

/// The largest body that comes out of a compressed one, in bytes.
const UNPACKED: u64 = 64 * 1024 * 1024;

/// A body without its encoding; `None` if that is not known, or the body is not what it says.
fn plain(headers: &HeaderMap, body: &[u8]) -> Option<Vec<u8>> {
    let encoding = headers.get(CONTENT_ENCODING).map(|it| it.to_str());
    let encoding = match encoding {
        None => return Some(body.to_vec()),
        Some(encoding) => encoding.ok()?.trim().to_ascii_lowercase(),
    };
    match encoding.as_str() {
        "" | "identity" => Some(body.to_vec()),
        // An answer to `HEAD` says how its body would be packed.
        _ if body.is_empty() => Some(Vec::new()),
        "gzip" | "x-gzip" => unpacked(MultiGzDecoder::new(body)),
        "deflate" => unpacked(ZlibDecoder::new(body)),
        "br" => unpacked(brotli::Decompressor::new(body, 4096)),
        _ => None,
    }
}

fn unpacked(decoder: impl Read) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    decoder.take(UNPACKED + 1).read_to_end(&mut bytes).ok()?;
    (bytes.len() as u64 <= UNPACKED).then_some(bytes)
}

impl Shared {
    /// An answer that the server did not give.
    fn own(&self, request: &Request, reply: Reply, start: Instant, version: Version) -> Out {
        self.note(request, &reply, Some(start));
        let (response, pieces) = response(reply, version);
        Out::Own(response, pieces)
    }
}
