//! Looking for something in what answers show.

use serde_json::Value;

use super::Session;

/// Answers are not looked at deeper.
const DEPTH: usize = 3;

impl Session<'_, '_> {
    /// The first exchange with a success that shows an object of which something is found, what that is about, and what is
    /// found; `is_looked_at` chooses by the noun.
    pub(super) fn first_shown<T>(
        &self,
        is_looked_at: impl Fn(&str) -> bool,
        find: impl Fn(&Value) -> Option<T>,
    ) -> Option<(usize, String, T)> {
        let mut exchanges = self.exchanges.iter().enumerate();
        exchanges.find_map(|(at, exchange)| {
            let noun = &self.role(exchange.item.operation)?.noun;
            let is_wanted = exchange.is_success && is_looked_at(noun);
            let body = exchange.body.as_ref().filter(|_| is_wanted)?;
            Some((at, noun.clone(), inside(body, 0, &find)?))
        })
    }
}

/// What is found in the first object of which something is, the outer ones first.
pub(super) fn inside<T>(
    value: &Value,
    depth: usize,
    find: &impl Fn(&Value) -> Option<T>,
) -> Option<T> {
    if depth > DEPTH {
        return None;
    }
    let within = |it: &Value| inside(it, depth + 1, find);
    match value {
        Value::Array(items) => items.iter().find_map(within),
        Value::Object(members) => find(value).or_else(|| members.values().find_map(within)),
        _ => None,
    }
}
