//! Bodies on their way through a proxy: each piece is handed on as it comes, and the first ones are kept for a look.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;

use super::body::Spoiled;
use super::pulse::Turn;

/// What happens when a body is over.
pub(super) type Ending = Box<dyn FnOnce(Kept) + Send + Sync>;

/// What was seen of a body.
pub(super) struct Kept {
    /// Its start.
    pub(super) bytes: Bytes,
    /// How long it was.
    pub(super) length: u64,
    /// True if it came to its end.
    pub(super) is_whole: bool,
}

/// The body of an answer.
pub(super) struct Passing {
    inner: Incoming,
    kept: BytesMut,
    length: u64,
    limit: usize,
    ending: Option<Ending>,
    /// The connection does not idle before all is out.
    turn: Option<Turn>,
}

impl Passing {
    /// A body of which so many bytes are kept.
    pub(super) fn new(inner: Incoming, limit: usize, ending: Ending) -> Self {
        let mut passing = Self {
            inner,
            kept: BytesMut::new(),
            length: 0,
            limit,
            ending: Some(ending),
            turn: None,
        };
        if passing.inner.is_end_stream() {
            passing.end(true);
        }
        passing
    }

    pub(super) fn during(mut self, turn: Turn) -> Self {
        self.turn = Some(turn);
        self
    }

    fn end(&mut self, is_whole: bool) {
        if let Some(ending) = self.ending.take() {
            ending(Kept {
                bytes: std::mem::take(&mut self.kept).freeze(),
                length: self.length,
                is_whole,
            });
        }
    }

    fn keep(&mut self, data: &Bytes) {
        self.length += data.len() as u64;
        let room = self.limit.saturating_sub(self.kept.len()).min(data.len());
        self.kept
            .extend_from_slice(data.get(..room).unwrap_or_default());
    }
}

impl Drop for Passing {
    fn drop(&mut self) {
        // The client went away, or the connection ended.
        self.end(false);
        drop(self.turn.take());
    }
}

impl Body for Passing {
    type Data = Bytes;
    type Error = Spoiled;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Spoiled>>> {
        let passing = self.get_mut();
        // What was seen is written down before the client can know that the answer is over.
        Poll::Ready(
            match ready!(Pin::new(&mut passing.inner).poll_frame(context)) {
                Some(Ok(frame)) => {
                    if let Some(data) = frame.data_ref() {
                        passing.keep(data);
                    }
                    if passing.inner.is_end_stream() {
                        passing.end(true);
                    }
                    Some(Ok(frame))
                }
                Some(Err(_)) => {
                    passing.end(false);
                    Some(Err(Spoiled))
                }
                None => {
                    passing.end(true);
                    None
                }
            },
        )
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

/// The body of a request: what was read of it, and the rest of one that is too long to be read first.
pub(super) struct Sending {
    read: Option<Bytes>,
    rest: Option<Incoming>,
}

impl Sending {
    pub(super) fn new(read: Bytes, rest: Option<Incoming>) -> Self {
        Self {
            read: (!read.is_empty()).then_some(read),
            rest,
        }
    }
}

impl Body for Sending {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let sending = self.get_mut();
        if let Some(read) = sending.read.take() {
            return Poll::Ready(Some(Ok(Frame::data(read))));
        }
        match &mut sending.rest {
            Some(rest) => Pin::new(rest).poll_frame(context),
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.read.is_none() && self.rest.as_ref().is_none_or(Incoming::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        let read = self.read.as_ref().map_or(0, |it| it.len() as u64);
        let Some(rest) = &self.rest else {
            return SizeHint::with_exact(read);
        };
        let rest = rest.size_hint();
        let mut hint = SizeHint::new();
        hint.set_lower(rest.lower() + read);
        if let Some(upper) = rest.upper() {
            hint.set_upper(upper + read);
        }
        hint
    }
}
