//! Reads after writes that would show nothing new.
//!
//! A read after a write shows whether the members that were sent are there to stay. Once it has shown that of all members of
//! a write, the next write of the same members is taken at its word, as long as its answer shows what was sent and leaves all
//! else as it was.

use serde_json::{Map, Value};

use crate::conform::judge::echo;
use crate::conform::plan::{Phase, Variant};

use super::state::is_clockwork;
use crate::conform::session::{Exchange, Session};

impl Session<'_, '_> {
    /// True if a read after an exchange would show nothing that reads before it did not show: what that answer says of the
    /// thing is as good.
    pub(in crate::conform::session) fn is_confirmed(
        &self,
        at: usize,
        before: Option<&Value>,
    ) -> bool {
        let Some(exchange) = self.exchanges.get(at) else {
            return false;
        };
        let is_variant = exchange.item.variant.phase() == Phase::Positive
            && !matches!(
                exchange.item.variant,
                Variant::Everything | Variant::Minimal
            );
        let (Some(object), true) = (self.object(at), is_variant && exchange.is_done()) else {
            return false;
        };
        if exchange.body.is_none() || self.acts_late() {
            return false;
        }
        let sent = exchange.item.draft.content().unwrap_or_default();
        let sent = echo::named_as(sent, &object);
        let index = exchange.item.operation;
        let is_shown = |(name, value): (&String, &Value)| {
            let is_known = self
                .confirmed
                .contains(&(index, name.clone(), class_of(value)));
            let back = object.get(name);
            is_known && back.is_some_and(|back| echo::is_same(value, back))
        };
        let is_untouched = before.is_none_or(|before| {
            let members = before.as_object().into_iter().flatten();
            let mut others =
                members.filter(|(name, _)| !sent.contains_key(*name) && !is_clockwork(name));
            others.all(|(name, old)| object.get(name) == Some(old))
        });
        !sent.is_empty() && sent.iter().all(is_shown) && is_untouched
    }

    /// A read has shown what an accepted request had sent.
    pub(in crate::conform::session) fn confirm(
        &mut self,
        at: usize,
        sent: &Map<String, Value>,
        shown: &Value,
    ) {
        let Some(index) = self.exchanges.get(at).map(|it| it.item.operation) else {
            return;
        };
        for (name, value) in sent {
            if shown
                .get(name)
                .is_some_and(|back| echo::is_same(value, back))
            {
                self.confirmed
                    .insert((index, name.clone(), class_of(value)));
            }
        }
    }

    /// True if the server has answered that it does something later.
    fn acts_late(&self) -> bool {
        let mut exchanges = self.exchanges.iter();
        exchanges.any(|it: &Exchange| it.status() == Some(202))
    }
}

/// What values are kept alike: `null` and what is empty may be kept otherwise than other values.
fn class_of(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(truth) => truth.to_string(),
        _ if echo::is_nothing(value) => "empty".to_owned(),
        Value::Object(members) => {
            let names: Vec<&str> = members.keys().map(String::as_str).collect();
            names.join(" ")
        }
        _ => "any".to_owned(),
    }
}
