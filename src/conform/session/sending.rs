//! Sending requests within the limits of the run, and keeping what comes back.

use std::time::Duration;

use crate::conform::class::Class;
use crate::conform::judge;
use crate::conform::message::{Answer, Stop, Unanswered};
use crate::conform::plan::{Item, Reason};

use super::{Done, Exchange, Outcome, Session};

/// After so many requests without any answer the server is given up.
const PATIENCE: usize = 3;

impl Session<'_, '_> {
    /// Why nothing more is sent, if that is so.
    pub(super) fn stopped(&mut self) -> Option<Reason> {
        if self.is_lost {
            return Some(Reason::Lost);
        }
        if self.ended.is_none() {
            let is_spent = self.wire.max_requests.is_some_and(|most| self.sent >= most);
            self.ended = if is_spent {
                Some(Stop::Limit("--max-requests"))
            } else {
                (self.wire.stop)()
            };
        }
        self.ended.map(Reason::from)
    }

    /// Sends a request unless a limit is reached; the index of the exchange.
    pub(super) fn exchange(&mut self, item: Item) -> Option<usize> {
        if self.stopped().is_some() {
            return None;
        }
        Some(self.send(item))
    }

    /// Reads what was read before, if nothing was asked for since that may have changed it; the exchange, and whether it is
    /// another one.
    pub(super) fn looked_at(&mut self, item: Item) -> Option<(usize, bool)> {
        match self.known(&item) {
            Some(at) => Some((at, false)),
            None => Some((self.exchange(item)?, true)),
        }
    }

    /// The same where what was refused since is taken not to have changed anything.
    pub(super) fn looked_at_lately(&mut self, item: Item) -> Option<usize> {
        let is_harmless = |it: &Exchange| it.status().is_some_and(|it| (400..500).contains(&it));
        match self.known_until(&item, is_harmless) {
            Some(at) => Some(at),
            None => self.exchange(item),
        }
    }

    /// The last exchange, if it was the same request, succeeded, and only reads came after it.
    pub(super) fn known(&self, item: &Item) -> Option<usize> {
        self.known_until(item, |_| false)
    }

    /// The same, if all else that came after it is harmless.
    fn known_until(&self, item: &Item, is_harmless: impl Fn(&Exchange) -> bool) -> Option<usize> {
        // What a server does by itself shows in the second of two reads.
        let is_read = |it: &Exchange| self.plan.class(it.item.operation) == Class::Read;
        let acts_late = self.exchanges.iter().any(|it| it.status() == Some(202));
        if acts_late || item.request.method != "GET" {
            return None;
        }
        let exchanges = self.exchanges.iter().enumerate().rev();
        let mut reads = exchanges.take_while(|(_, it)| {
            is_read(it) && it.item.request.method == "GET" || is_harmless(it)
        });
        let (at, _) = reads.find(|(_, it)| it.item.request == item.request && it.is_success)?;
        Some(at)
    }

    /// Sends a request, whatever the limits are; a create once more if what it names is used up.
    pub(super) fn send(&mut self, item: Item) -> usize {
        let item = if self.places.is_empty() {
            item
        } else {
            self.with_unspent(item)
        };
        let item = self.with_own_key(item);
        let (item, tagged) = self.with_tag(item);
        let mut at = self.send_once(item);
        if let Some(again) = tagged.and_then(|thing| self.with_fresh_tag(at, thing)) {
            at = again;
        }
        if !self.is_out_of_place(at) {
            return at;
        }
        if let Some(other) = self.replace_spent(at) {
            return other;
        }
        let item = self.exchanges.get(at).filter(|_| !self.places.is_empty());
        let item = item.map(|it| it.item.clone());
        item.and_then(|item| self.renew_place(&item, at))
            .unwrap_or(at)
    }

    /// Sends a request.
    pub(super) fn send_once(&mut self, item: Item) -> usize {
        /// Longer than the tick of a clock that tells milliseconds.
        const TICK: Duration = Duration::from_millis(3);
        if self.stuck.iter().any(|(known, _)| *known == item.operation) {
            (self.wire.pause)(TICK);
        }
        self.sent += 1;
        let answers = (self.wire.send)(std::slice::from_ref(&item.request));
        let answer = answers
            .into_iter()
            .next()
            .unwrap_or(Err(Unanswered::Interrupted));
        self.note(item, answer)
    }

    /// Sends requests that do not depend on each other, until a limit is reached; the exchanges.
    pub(super) fn send_all(&mut self, items: Vec<Item>) -> Vec<Option<usize>> {
        let mut exchanges = Vec::new();
        let mut items = items.into_iter().peekable();
        while items.peek().is_some() {
            if self.stopped().is_some() {
                exchanges.extend(items.map(|_| None));
                break;
            }
            let left = self
                .wire
                .max_requests
                .map_or(usize::MAX, |most| most.saturating_sub(self.sent));
            let count = self.wire.jobs.clamp(1, left.max(1));
            let chunk: Vec<Item> = items.by_ref().take(count).collect();
            let requests: Vec<_> = chunk.iter().map(|item| item.request.clone()).collect();
            self.sent += chunk.len();
            let mut answers = (self.wire.send)(&requests).into_iter();
            for item in chunk {
                let answer = answers.next().unwrap_or(Err(Unanswered::Interrupted));
                exchanges.push(Some(self.note(item, answer)));
            }
        }
        exchanges
    }

    /// Keeps what was sent and what came back.
    fn note(&mut self, item: Item, answer: Outcome) -> usize {
        match &answer {
            Ok(answer) => self.note_keeping(item.operation, answer),
            Err(Unanswered::Unsendable(_) | Unanswered::Interrupted) => {}
            Err(reason) => {
                let is_first = self.exchanges.iter().all(|it| it.answer.is_err());
                self.unanswered.push(reason.clone());
                self.is_lost |= matches!(reason, Unanswered::Unreachable(_))
                    || is_first && self.unanswered.len() >= PATIENCE;
            }
        }
        let is_sent = !matches!(
            answer,
            Err(Unanswered::Unsendable(_) | Unanswered::Interrupted)
        );
        self.note_unknown(&item, &answer);
        if is_sent && !self.exercised.contains(&item.operation) {
            self.exercised.push(item.operation);
        }
        let body = answer.as_ref().ok().and_then(judge::json_of);
        let answer = answer.map(shortened);
        let operation = self.operation(item.operation);
        let is_success = answer.as_ref().is_ok_and(|it| {
            (200..300).contains(&it.status) && !judge::is_failure(operation, body.as_ref())
        });
        self.exchanges.push(Exchange {
            item,
            answer,
            body,
            is_success,
        });
        if let Some(exchange) = self.exchanges.last() {
            let done = Done {
                operations: self.exercised.len(),
                requests: self.sent,
                findings: self.diagnostics.len(),
            };
            (self.wire.progress)(done, exchange);
        }
        let at = self.exchanges.len() - 1;
        self.keep_yield(at);
        at
    }
}

/// So many bytes are kept of a body that was cut.
const KEPT: usize = 64 * 1024;

/// An answer to be kept until the end of the run: of a body that is longer than what is read, only the start is shown.
fn shortened(mut answer: Answer) -> Answer {
    if answer.cut_at.is_some() {
        answer.body.truncate(KEPT);
        answer.body.shrink_to_fit();
    }
    answer
}
