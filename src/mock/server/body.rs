//! The body of an answer on its way out: whole, or piece by piece with pauses.

use std::convert::Infallible;
use std::future::Future as _;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::time::{Instant, Sleep};

use super::pulse::Turn;
use crate::mock::Pieces;

pub(super) enum ReplyBody {
    Whole(Option<Bytes>),
    Stream(Box<Stream>),
}

/// What is left of a body that is sent piece by piece.
pub(super) struct Stream {
    body: Bytes,
    pieces: Pieces,
    /// How many pieces are out.
    sent: usize,
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
                _turn: turn,
            })),
        }
    }
}

impl Body for ReplyBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        match self.get_mut() {
            Self::Whole(body) => Poll::Ready(body.take().map(|body| Ok(Frame::data(body)))),
            Self::Stream(stream) => stream.poll(context).map(|piece| {
                let piece = piece.filter(|piece| !piece.is_empty());
                piece.map(|piece| Ok(Frame::data(piece)))
            }),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Whole(body) => body.is_none(),
            Self::Stream(_) => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(body) => {
                SizeHint::with_exact(body.as_ref().map_or(0, |it| it.len() as u64))
            }
            Self::Stream(_) => SizeHint::default(),
        }
    }
}

impl Stream {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Bytes>> {
        let Some(end) = self.pieces.ends.get(self.sent) else {
            return Poll::Ready(None);
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
        Poll::Ready(Some(self.body.slice(start.min(end)..end)))
    }
}
