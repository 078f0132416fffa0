//! How fast to send, and whether to send again: pure, the clock comes in.
//!
//! | what came | sent again |
//! | --- | --- |
//! | no connection | `--retry` times |
//! | 503, or 429 | `--retry` times, after the time that `Retry-After` asks for |
//! | 429 with `Retry-After` | with `--rate-limit auto` also without `--retry`, as long as patience lasts |
//! | no whole answer | `--retry` times, but only what reads |

use std::time::{Duration, Instant};

use crate::conform::message::{Answer, Request, Unanswered};

/// What the user says about speed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// How often to send a request again.
    pub retries: u32,
    /// How long to wait before that.
    pub interval: Duration,
    /// How fast to send.
    pub rate: Rate,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            retries: 0,
            interval: Duration::from_secs(1),
            rate: Rate::Auto,
        }
    }
}

/// How fast to send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rate {
    /// As fast as the server answers, and as slow as it asks for with `Retry-After`.
    Auto,
    /// With at least this time between two requests.
    Every(Duration),
}

/// How long `Retry-After` may hold up a whole run.
const PATIENCE: Duration = Duration::from_mins(1);

/// What is known of the requests so far.
#[derive(Debug)]
pub(super) struct Pacer {
    pace: Pace,
    last: Option<Instant>,
    /// What is left of the patience.
    patience: Duration,
}

impl Pacer {
    pub(super) fn new(pace: Pace) -> Self {
        Self {
            pace,
            last: None,
            patience: PATIENCE,
        }
    }

    /// How long to wait before the request that is sent next.
    pub(super) fn before(&mut self, now: Instant) -> Duration {
        let Rate::Every(gap) = self.pace.rate else {
            return Duration::ZERO;
        };
        let next = self.last.and_then(|last| last.checked_add(gap));
        let wait = next.map_or(Duration::ZERO, |next| next.saturating_duration_since(now));
        self.last = now.checked_add(wait);
        wait
    }

    /// How long to wait before the same request is sent again; `None` if it is not.
    pub(super) fn again(
        &mut self,
        request: &Request,
        outcome: &Result<Answer, Unanswered>,
        attempt: u32,
    ) -> Option<Duration> {
        let may_retry = attempt < self.pace.retries;
        match outcome {
            Err(Unanswered::Unreachable(_)) if may_retry => Some(self.pace.interval),
            Err(Unanswered::TimedOut(_) | Unanswered::Closed) if may_retry && request.reads() => {
                Some(self.pace.interval)
            }
            Ok(answer) if matches!(answer.status, 429 | 503) => {
                let asked = retry_after(answer);
                let obeys = answer.status == 429 && self.pace.rate == Rate::Auto && asked.is_some();
                if !may_retry && !obeys {
                    return None;
                }
                let wait = asked.unwrap_or(self.pace.interval);
                self.patience = self.patience.checked_sub(wait.max(LEAST))?;
                Some(wait)
            }
            _ => None,
        }
    }
}

/// A server that asks for no time at all is not asked for ever.
const LEAST: Duration = Duration::from_millis(100);

/// The seconds of `Retry-After`; dates are not read, as clocks differ.
fn retry_after(answer: &Answer) -> Option<Duration> {
    let seconds: u64 = answer.header("retry-after")?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(method: &str) -> Request {
        Request {
            method: method.to_owned(),
            url: "http://127.0.0.1:1/".to_owned(),
            headers: Vec::new(),
            body: None,
        }
    }

    fn limited(seconds: &str) -> Answer {
        Answer {
            status: 429,
            headers: vec![("retry-after".to_owned(), seconds.to_owned())],
            ..Answer::default()
        }
    }

    #[test]
    fn requests_keep_their_distance() {
        let gap = Duration::from_millis(200);
        let rate = Rate::Every(gap);
        let mut pacer = Pacer::new(Pace {
            rate,
            ..Pace::default()
        });
        let now = Instant::now();
        assert_eq!(pacer.before(now), Duration::ZERO);
        assert_eq!(pacer.before(now), gap);
        assert_eq!(pacer.before(now), gap * 2);
        assert_eq!(pacer.before(now + gap * 9), Duration::ZERO);
    }

    #[test]
    fn retry_after_is_obeyed_until_patience_is_over() {
        let mut pacer = Pacer::new(Pace::default());
        let get = request("GET");
        assert_eq!(
            pacer.again(&get, &Ok(limited("40")), 0),
            Some(Duration::from_secs(40))
        );
        assert_eq!(pacer.again(&get, &Ok(limited("40")), 1), None);
        assert_eq!(pacer.again(&get, &Ok(limited("soon")), 0), None);
        let waits = (0..10_000).map_while(|attempt| pacer.again(&get, &Ok(limited("0")), attempt));
        assert!(waits.count() < 1000);
    }

    #[test]
    fn only_what_reads_is_sent_again_after_silence() {
        let mut pacer = Pacer::new(Pace {
            retries: 1,
            ..Pace::default()
        });
        let closed = Err(Unanswered::Closed);
        assert!(pacer.again(&request("GET"), &closed, 0).is_some());
        assert!(pacer.again(&request("GET"), &closed, 1).is_none());
        assert!(pacer.again(&request("POST"), &closed, 0).is_none());
        let unreachable = Err(Unanswered::Unreachable("refused".to_owned()));
        assert!(pacer.again(&request("POST"), &unreachable, 0).is_some());
    }
}
