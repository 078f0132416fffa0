//! The body of an answer on its way out: whole, or piece by piece with pauses.

use std::future::Future as _;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::time::{Instant, Sleep};

use super::passing::Passing;
use super::pulse::Turn;
use crate::mock::Pieces;

/// The connection ends here, as the mock was asked to let it.
#[derive(Debug, thiserror::Error)]
#[error("the answer is spoiled on purpose")]
pub(super) struct Spoiled;

pub(super) enum ReplyBody {
    Whole(Option<Bytes>),
    Stream(Box<Stream>),
    Passing(Box<Passing>),
}

/// What is left of a body that is sent piece by piece.
pub(super) struct Stream {
    body: Bytes,
    pieces: Pieces,
    /// How many pieces are out.
    sent: usize,
    /// True if the last piece was handed over, and is given time to leave before the connection ends.
    is_leaving: bool,
    pause: Pin<Box<Sleep>>,
    /// The connection does not idle before all is out.
    _turn: Turn,
}

impl ReplyBody {
    pub(super) fn new(body: Bytes, pieces: Option<Pieces>, turn: Turn) -> Self {
        match pieces {
            None => Self::Whole((!body.is_empty()).then_some(body)),
            Some(pieces) => Self::Stream(Box::new(Stream {
                pause: Box::pin(tokio::time::sleep(pieces.pause)),
                body,
                pieces,
                sent: 0,
                is_leaving: false,
                _turn: turn,
            })),
        }
    }
}

impl Body for ReplyBody {
    type Data = Bytes;
    type Error = Spoiled;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Spoiled>>> {
        match self.get_mut() {
            Self::Whole(body) => Poll::Ready(body.take().map(|body| Ok(Frame::data(body)))),
            Self::Stream(stream) => stream.poll(context).map(|piece| {
                let piece = piece.filter(|piece| !matches!(piece, Ok(piece) if piece.is_empty()));
                piece.map(|piece| piece.map(Frame::data))
            }),
            Self::Passing(body) => Pin::new(body.as_mut()).poll_frame(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Whole(body) => body.is_none(),
            Self::Stream(_) => false,
            Self::Passing(body) => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(body) => {
                SizeHint::with_exact(body.as_ref().map_or(0, |it| it.len() as u64))
            }
            Self::Stream(_) => SizeHint::default(),
            Self::Passing(body) => body.size_hint(),
        }
    }
}

impl Stream {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Spoiled>>> {
        let Some(end) = self.pieces.ends.get(self.sent) else {
            if !self.pieces.is_cut {
                return Poll::Ready(None);
            }
            if self.is_leaving {
                return Poll::Ready(Some(Err(Spoiled)));
            }
            // What is not written when the body ends with an error is lost.
            self.is_leaving = true;
            context.waker().wake_by_ref();
            return Poll::Pending;
        };
        if !self.pieces.pause.is_zero() {
            ready!(self.pause.as_mut().poll(context));
        }
        let start = self.sent.checked_sub(1);
        let start = start.and_then(|before| self.pieces.ends.get(before));
        let start = start.copied().unwrap_or(0);
        self.sent += 1;
        let next = Instant::now() + self.pieces.pause;
        self.pause.as_mut().reset(next);
        let end = (*end).min(self.body.len());
        Poll::Ready(Some(Ok(self.body.slice(start.min(end)..end))))
    }
}
