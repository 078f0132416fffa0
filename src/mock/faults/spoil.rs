//! An answer, delayed and spoiled.

use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use http::header::{HeaderValue, RETRY_AFTER};

use super::{Chance, Fault};
use crate::mock::Served;
use crate::mock::answer::Answer;
use crate::mock::generate::Circumstances;
use crate::mock::header;
use crate::mock::message::{Pieces, Reply};
use crate::mock::problem::Problem;
use crate::mock::respond;
use crate::mock::select::Choice;

/// How many pieces a body that comes slowly has, and how long each is waited for.
const PIECES: usize = 10;
const PAUSE: Duration = Duration::from_millis(100);

/// What goes wrong with an answer.
pub(in crate::mock) fn spoil(
    served: &Served,
    circumstances: Circumstances<'_>,
    chance: Chance,
    fault: Fault,
    reply: &mut Reply,
) {
    match fault {
        Fault::Error => *reply = failed(served, circumstances),
        Fault::Throttle => *reply = throttled(served, circumstances, chance),
        Fault::Reset | Fault::Truncate | Fault::Drip => respread(fault, reply),
    }
    reply.fault = Some(fault);
    reply.reason = Some(fault.describe().into());
    let name = HeaderValue::from_static(fault.as_str());
    reply.headers.insert(header::FAULT, name);
}

/// Sends the body of an answer as the fault has it.
pub(in crate::mock) fn respread(fault: Fault, reply: &mut Reply) {
    match fault {
        Fault::Error | Fault::Throttle | Fault::Reset => {}
        Fault::Truncate => {
            let half = reply.body.len() / 2;
            reply.pieces = Some(Pieces {
                is_cut: true,
                ..pieces(reply, &[half])
            });
        }
        Fault::Drip => {
            let size = reply.body.len().div_ceil(PIECES).max(1);
            let ends = (1..=PIECES).map(|piece| (piece * size).min(reply.body.len()));
            let mut ends: Vec<_> = ends.collect();
            ends.dedup();
            let mut pieces = pieces(reply, &ends);
            pieces.pause = pieces.pause.max(PAUSE);
            reply.pieces = Some(pieces);
        }
    }
}

/// The pieces that a body has anyway, else these.
fn pieces(reply: &Reply, ends: &[usize]) -> Pieces {
    match &reply.pieces {
        Some(pieces) => {
            let half = ends.first().copied().unwrap_or_default();
            let is_before = |end: &&usize| ends.len() > 1 || **end <= half;
            let own: Vec<_> = pieces.ends.iter().filter(is_before).copied().collect();
            Pieces {
                ends: own.into(),
                ..pieces.clone()
            }
        }
        None => Pieces {
            ends: Arc::from(ends),
            pause: Duration::ZERO,
            is_cut: false,
        },
    }
}

fn failed(served: &Served, circumstances: Circumstances<'_>) -> Reply {
    let is_failure = |code: u16| code >= 500;
    documented(served, circumstances, is_failure).unwrap_or_else(|| {
        let detail = "this answer was made to fail, as the mock was asked to do";
        Problem::new(500, "made-to-fail", detail).reply()
    })
}

fn throttled(served: &Served, circumstances: Circumstances<'_>, chance: Chance) -> Reply {
    let is_throttle = |code: u16| code == StatusCode::TOO_MANY_REQUESTS.as_u16();
    let mut reply = documented(served, circumstances, is_throttle).unwrap_or_else(|| {
        let detail = "this request was made to be one too many, as the mock was asked to do";
        Problem::new(429, "made-to-be-too-many", detail).reply()
    });
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a number from 1 to 5"
    )]
    let seconds = 1 + (chance.draw("retry") * 5.0) as u16;
    reply
        .headers
        .insert(RETRY_AFTER, HeaderValue::from(seconds));
    reply
}

/// The documented answer of such a status, the lowest first.
fn documented(
    served: &Served,
    circumstances: Circumstances<'_>,
    is_wanted: impl Fn(u16) -> bool,
) -> Option<Reply> {
    let answers = served.answers.iter();
    // `5XX` states all of these.
    let is_ranged = |answer: &Answer| answer.is_ranged() && is_wanted(answer.code);
    let stated =
        answers.filter(|answer| answer.status.code().is_some_and(&is_wanted) || is_ranged(answer));
    let answer = stated.min_by_key(|answer| (answer.code, !answer.has_body()))?;
    Some(respond::sent(&Choice::of(answer), circumstances, false))
}
