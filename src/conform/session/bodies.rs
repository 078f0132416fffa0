//! Bodies that are too large, and bodies that are called something else than JSON, where the pages say how those are refused.

use crate::conform::chain::Kind;
use crate::conform::judge::refusal::INVALID_VALUE_ACCEPTED;
use crate::conform::judge::state::Found;
use crate::conform::message::{Body, describe_status};
use crate::conform::plan::{Item, Phase, Variant};
use crate::conform::said::bodies::Bodies;
use crate::model::answer::SERVER_ERROR;
use crate::source::Span;

use super::Session;

/// What is beyond any way to count a limit: with thousands in the place of 1024, and with what stands around a body.
const MORE: usize = 2048;

/// More creates are not asked.
const CREATES: usize = 3;

impl<'a> Session<'a, '_> {
    /// Sends what was accepted once more in a body that is not.
    pub(super) fn check_bodies(&mut self) {
        let is_asked = self.plan.has(Phase::Negative) && self.plan.may_write;
        if !is_asked || self.is_mock || self.is_forgetful || !self.is_stateful() {
            return;
        }
        let promised = Bodies::of(&self.api.shared);
        if let Some((most, span)) = promised.most {
            self.send_too_large(usize::try_from(most).unwrap_or(usize::MAX), span);
        }
        if let Some(span) = promised.is_json {
            let creates = self.with_json(Kind::Create).into_iter().take(CREATES);
            let updates = self.with_json(Kind::Update).into_iter().take(1);
            for item in creates.chain(updates).collect::<Vec<_>>() {
                self.send_as_text(item, span);
            }
        }
    }

    /// Blanks behind the value leave it as it is: all that is wrong is the size.
    fn send_too_large(&mut self, most: usize, span: Span) {
        let first = self.with_json(Kind::Create).into_iter().next();
        let item = first.and_then(|it| self.once_more_as(it, "a body that is too large"));
        let Some(mut item) = item else {
            return;
        };
        let whole = item.request.body.clone();
        let Some(Body::Text(text)) = &mut item.request.body else {
            return;
        };
        let blanks = most.saturating_add(MORE).saturating_sub(text.len());
        text.push_str(&" ".repeat(blanks));
        let Some(at) = self.exchange(item) else {
            return;
        };
        // What was sent again with another version of the thing has another body.
        let is_sent = self.exchanges.get(at).is_some_and(|exchange| {
            matches!(&exchange.item.request.body, Some(Body::Text(text)) if text.len() > most)
        });
        if !is_sent {
            return;
        }
        // A command with all the blanks helps nobody.
        if let Some(exchange) = self.exchanges.get_mut(at) {
            exchange.item.request.body = whole;
        }
        let words = format!("with a body of more than {most} bytes");
        self.tell_accepted(at, "request.body", &words, (413, span));
    }

    fn send_as_text(&mut self, item: &Item, span: Span) {
        let Some(mut item) = self.once_more_as(item, "a body that is called plain text") else {
            return;
        };
        let headers = &mut item.request.headers;
        headers.retain(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
        headers.push(("Content-Type".to_owned(), "text/plain".to_owned()));
        let is_sent = |exchange: &super::Exchange| {
            exchange.item.request.header("content-type") == Some("text/plain")
        };
        if let Some(at) = self.exchange(item)
            && self.exchanges.get(at).is_some_and(is_sent)
        {
            let subject = "request.header.Content-Type";
            self.tell_accepted(at, subject, "with `Content-Type: text/plain`", (415, span));
        }
    }

    /// The accepted examples of a kind that send an object in JSON, those first that need nothing else.
    fn with_json(&self, kind: Kind) -> Vec<&'a Item> {
        let examples = self.accepted_of(kind).into_iter();
        let is_object = |item: &Item| item.draft.json().is_some_and(serde_json::Value::is_object);
        let mut examples: Vec<_> = examples.filter(|(item, _)| is_object(item)).collect();
        examples.sort_by_key(|(item, role)| (role.slots.len(), item.operation));
        examples.into_iter().map(|(item, _)| item).collect()
    }

    /// An example as it would be accepted once more.
    fn once_more_as(&mut self, item: &Item, words: &'static str) -> Option<Item> {
        let prepared = self.prepared(item, None).ok()?;
        let mut prepared = self.distinct(prepared);
        prepared.variant = Variant::Step(words);
        Some(prepared)
    }

    fn tell_accepted(
        &mut self,
        at: usize,
        subject: &str,
        words: &str,
        (wanted, span): (u16, Span),
    ) {
        let Some(status) = self.exchanges.get(at).and_then(super::Exchange::status) else {
            return;
        };
        let Some((index, operation, role)) = self.about(at) else {
            return;
        };
        let broken = match status {
            200..300 if self.has_succeeded(at) => &INVALID_VALUE_ACCEPTED,
            500.. => &SERVER_ERROR,
            _ => return,
        };
        let line = describe_status(status);
        let message = format!("{} {words} is answered with {line}", operation.name());
        let found = Found::about(broken, subject, message)
            .promised_at(span)
            .seen(describe_status(wanted), line)
            .weak_if(status < 500);
        let noun = role.noun.clone();
        self.keep(at);
        self.found(at, &noun, &format!("{index} {subject} {wanted}"), found);
    }
}
