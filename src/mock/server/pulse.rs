//! How long a connection has been waiting, and for what.
//!
//! A connection that idles, or sends its head too slowly, is closed; one whose server stops is closed between two
//! requests. A watcher beside each connection looks at the time now and then, so that a request costs no timer.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use futures_util::task::AtomicWaker;
use http::Version;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// What is known of a connection.
pub(super) struct Pulse {
    start: Instant,
    /// When it last changed what it waits for, in milliseconds from `start`.
    changed: AtomicU64,
    /// How many requests are being answered.
    open: AtomicUsize,
    /// True if bytes of a head came, and no request yet.
    in_head: AtomicBool,
    /// True for HTTP/2, whose frames come also between requests.
    is_multiplexed: AtomicBool,
    /// True if the connection is to end with a reset.
    is_reset: AtomicBool,
    /// How the connection is to go on, as one of the numbers of [`Course`].
    course: AtomicU8,
    /// Wakes the connection when that changes.
    waker: AtomicWaker,
}

/// How a connection is to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Course {
    /// As long as the client likes.
    Open,
    /// Until the open requests are answered.
    Closing,
    /// Not any longer.
    Over,
}

impl Pulse {
    /// The pulse of a new connection, whose first request is waited for.
    pub(super) fn new(start: Instant) -> Self {
        let pulse = Self {
            start,
            changed: AtomicU64::new(0),
            open: AtomicUsize::new(0),
            in_head: AtomicBool::new(true),
            is_multiplexed: AtomicBool::new(false),
            is_reset: AtomicBool::new(false),
            course: AtomicU8::new(Course::Open as u8),
            waker: AtomicWaker::new(),
        };
        pulse.beat();
        pulse
    }

    /// A request has come; its turn lasts as long as what is returned.
    pub(super) fn turn(self: &Arc<Self>, version: Version) -> Turn {
        self.open.fetch_add(1, Ordering::Relaxed);
        self.in_head.store(false, Ordering::Relaxed);
        if version >= Version::HTTP_2 {
            self.is_multiplexed.store(true, Ordering::Relaxed);
        }
        Turn(Arc::clone(self))
    }

    /// Sets the course of the connection until it is over: closing when `stopping` is done, over when it has waited too
    /// long.
    pub(super) async fn watch(
        &self,
        head: Duration,
        idle: Duration,
        stopping: impl Future<Output = ()>,
    ) {
        tokio::select! {
            () = self.stops(head, idle) => return self.set_course(Course::Over),
            () = stopping => self.set_course(Course::Closing),
        }
        self.stops(head, idle).await;
        self.set_course(Course::Over);
    }

    fn set_course(&self, course: Course) {
        self.course.store(course as u8, Ordering::Release);
        self.waker.wake();
    }

    /// How the connection is to go on; the task that asks is woken when that changes.
    pub(super) fn course(&self, context: &Context<'_>) -> Course {
        self.waker.register(context.waker());
        match self.course.load(Ordering::Acquire) {
            course if course == Course::Open as u8 => Course::Open,
            course if course == Course::Closing as u8 => Course::Closing,
            _ => Course::Over,
        }
    }

    /// Is over when the connection has waited too long.
    async fn stops(&self, head: Duration, idle: Duration) {
        loop {
            let limit = if self.in_head.load(Ordering::Relaxed) {
                head
            } else {
                idle
            };
            let waited = self.waited();
            let left = limit.saturating_sub(waited);
            if self.open.load(Ordering::Relaxed) == 0 && left.is_zero() {
                return;
            }
            // What is waited for may change at any time to what has the shorter limit.
            let pause = left.min(head).max(Duration::from_millis(10));
            tokio::time::sleep(pause).await;
        }
    }

    /// Lets the connection end with a reset.
    pub(super) fn reset(&self) {
        self.is_reset.store(true, Ordering::Relaxed);
    }

    fn waited(&self) -> Duration {
        let changed = Duration::from_millis(self.changed.load(Ordering::Relaxed));
        self.start.elapsed().saturating_sub(changed)
    }

    /// What is waited for begins anew.
    pub(super) fn beat(&self) {
        let now = self.start.elapsed().as_millis();
        let now = u64::try_from(now).unwrap_or(u64::MAX);
        self.changed.store(now, Ordering::Relaxed);
    }

    /// Bytes have come; true if they are the first of a head.
    fn heard(&self) -> bool {
        if self.open.load(Ordering::Relaxed) > 0 {
            return false;
        }
        if self.is_multiplexed.load(Ordering::Relaxed) {
            self.beat();
            return false;
        }
        let is_first = !self.in_head.swap(true, Ordering::Relaxed);
        if is_first {
            // Further bytes of a head win no time.
            self.beat();
        }
        is_first
    }
}

/// The time in which a request is answered.
pub(super) struct Turn(Arc<Pulse>);

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.beat();
        self.0.open.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A stream whose bytes are noticed, and which is reset at its end if its pulse says so.
///
/// `<` and `>` in the first line of a request, as in a path that is copied from a page, are read as `{` and `}`: no URL may
/// hold them, so that hyper would refuse the request without a word.
pub(super) struct Watched {
    stream: TcpStream,
    pulse: Arc<Pulse>,
    line: Line,
}

/// Where the bytes of a connection stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    /// In the first line of a request.
    First,
    /// Behind it.
    Later,
    /// They are encrypted.
    Unknown,
}

impl Watched {
    pub(super) fn new(stream: TcpStream, pulse: Arc<Pulse>, is_encrypted: bool) -> Self {
        let line = if is_encrypted {
            Line::Unknown
        } else {
            Line::First
        };
        Self {
            stream,
            pulse,
            line,
        }
    }
}

impl Line {
    /// Goes on with bytes that have come, of which the first may be those of a head.
    fn read(&mut self, bytes: &mut [u8], is_head: bool) {
        if is_head && *self == Self::Later {
            *self = Self::First;
        }
        if *self != Self::First {
            return;
        }
        for byte in bytes {
            match *byte {
                b'<' => *byte = b'{',
                b'>' => *byte = b'}',
                b'\n' => {
                    *self = Self::Later;
                    return;
                }
                _ => {}
            }
        }
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        if self.pulse.is_reset.load(Ordering::Relaxed) {
            // A socket that does not linger sends a reset when it is closed.
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        if let Some(new) = buffer.filled_mut().get_mut(before..)
            && !new.is_empty()
        {
            let is_head = self.pulse.heard();
            self.line.read(new, is_head);
        }
        read
    }
}

impl AsyncWrite for Watched {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[std::io::IoSlice<'_>],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
