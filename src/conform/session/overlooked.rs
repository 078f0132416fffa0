//! Reads that looked at what something else did: their answers are held against the fields as well.

use serde_json::Value;

use crate::conform::chain::Kind;
use crate::conform::plan::{Item, Variant};

use super::Session;

impl Session<'_, '_> {
    /// Judges the reads that were only compared with others.
    ///
    /// What a member is like may show only after an action: the latest version of a file is `null` until there is one.
    pub(super) fn check_overlooked(&mut self) {
        for at in 0..self.exchanges.len() {
            if self.is_overlooked(at) {
                self.judge(at);
            }
        }
    }

    /// True for a plain read that nothing has judged, and that answers with a thing.
    fn is_overlooked(&self, at: usize) -> bool {
        let Some(exchange) = self.exchanges.get(at) else {
            return false;
        };
        let index = exchange.item.operation;
        let is_read = self.role(index).map(|role| role.kind) == Some(Kind::Read);
        let is_step = matches!(exchange.item.variant, Variant::Step(_));
        let has_thing = exchange.body.as_ref().and_then(Value::as_object);
        // Conditions and other wishes have answers of their own.
        let is_plain = self.example_item(index).is_some_and(|example| {
            let names = |headers: &[(String, String)]| -> Vec<String> {
                headers
                    .iter()
                    .map(|(name, _)| name.to_lowercase())
                    .collect()
            };
            let known = names(&example.request.headers);
            let own = names(&exchange.item.request.headers);
            exchange.item.request.method == example.request.method
                && query(&exchange.item) == query(example)
                && own.iter().all(|name| known.contains(name))
        });
        is_read
            && is_step
            && is_plain
            && exchange.status() == Some(200)
            && has_thing.is_some_and(|it| !it.is_empty())
            && !self.judged.contains(&at)
            && !self.plan.prepares.contains(&index)
    }
}

fn query(item: &Item) -> Option<&str> {
    item.request.url.split_once('?').map(|(_, query)| query)
}
