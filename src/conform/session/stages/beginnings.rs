//! What members of a new thing are at first, as their fields say: "`null` until the order is paid", "empty for a new event",
//! "equals `capacity` at first".

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::judge::echo;
use crate::conform::judge::state::{self, Found};
use crate::conform::pattern::pattern;
use crate::conform::plan::{Variant, sample};
use crate::model::Field;

use crate::conform::session::Session;

impl Session<'_, '_> {
    /// The members of what was made are what their fields say that they are at first.
    pub(in crate::conform::session) fn check_beginnings(&mut self, at: usize) {
        let Some(exchange) = self.exchanges.get(at) else {
            return;
        };
        let is_plain = matches!(exchange.item.variant, Variant::Example | Variant::Minimal);
        let sent = exchange.item.draft.content().unwrap_or_default();
        let (Some((index, operation, role)), Some(object)) = (self.about(at), self.object(at))
        else {
            return;
        };
        if !is_plain {
            return;
        }
        for field in self.fields_of_noun(&role.noun) {
            let name = &field.name.value;
            let Some(shown) = object.get(name).filter(|_| !sent.contains_key(name)) else {
                continue;
            };
            let Some(first) = at_first(&field.description, &object) else {
                continue;
            };
            // The page of the create may show another beginning.
            let documented = echo::shown(operation, &role.noun, name);
            let is_open = documented.is_some_and(|it| it.is_null() != first.is_null());
            if is_open || echo::is_same(&first, shown) {
                continue;
            }
            let message = format!(
                "{} answers with `{name}` as {}, and the page says that it is {} at first",
                operation.name(),
                sample::plain(shown),
                sample::plain(&first)
            );
            let found = Found::about(
                &state::DEFAULT_NOT_APPLIED,
                self.subject_of(at, name),
                message,
            )
            .promised_at(Some(field.open))
            .seen(sample::plain(&first), sample::plain(shown))
            .weak_if(true);
            self.found(at, &role.noun, &format!("{index} first {name}"), found);
        }
    }

    /// The fields that pages about things of a noun document, each name once.
    pub(in crate::conform::session) fn fields_of_noun(&self, noun: &str) -> Vec<Field> {
        let roles = self.plan.roles.iter().enumerate();
        let of_noun = roles.filter(|(_, role)| role.noun == noun);
        let mut fields: Vec<Field> = Vec::new();
        for field in of_noun.flat_map(|(index, _)| self.fields_of(index)) {
            let is_known = |it: &Field| {
                it.name.value == field.name.value && it.description.len() >= field.description.len()
            };
            if !fields.iter().any(is_known) {
                fields.retain(|it| it.name.value != field.name.value);
                fields.push(field);
            }
        }
        fields
    }
}

/// What a member is at first, if a text says it.
fn at_first(text: &str, object: &Value) -> Option<Value> {
    static NULL: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)`null`\s+(?:until|as\s+long\s+as\s+(?:it|the\s+\w+)\s+(?:is\s+not|has\s+not)|while\s+(?:it|the\s+\w+)\s+(?:is\s+not|has\s+not)|before)\b(?P<rest>[^.]*)",
        )
    });
    // What a client chooses may be chosen at once.
    static CHOSEN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:you|your|set|given|sent|provided|specified|assigned|chosen|filled|added|uploaded)\b",
        )
    });
    static EMPTY: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:empty|an\s+empty\s+(?:array|list))\s+(?:for\s+(?:a\s+)?new|at\s+first|in\s+(?:a\s+)?new)\b",
        )
    });
    static ZERO: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)`?\b0`?\s+(?:for\s+(?:a\s+)?new|at\s+first)\b"));
    static SAME: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:equals|equal\s+to|(?:the\s+)?same\s+as)\s+`(?P<other>\w+)`\s+(?:at\s+first|until\s+the\s+first|initially|for\s+(?:a\s+)?new)\b",
        )
    });
    let is_null = NULL.captures(text).is_some_and(|found| {
        let rest = found.name("rest").map_or("", |rest| rest.as_str());
        !CHOSEN.is_match(rest)
    });
    if is_null {
        return Some(Value::Null);
    }
    if EMPTY.is_match(text) {
        return Some(Value::Array(Vec::new()));
    }
    if ZERO.is_match(text) {
        return Some(Value::from(0));
    }
    let other = SAME.captures(text)?;
    object.get(other.name("other")?.as_str()).cloned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn fields_say_what_they_are_at_first() {
        let object = json!({"capacity": 24});
        let of = |text: &str| at_first(text, &object);
        assert_eq!(of("`null` until the job is started."), Some(json!(null)));
        assert_eq!(
            of("`null` as long as the order is not cancelled."),
            Some(json!(null))
        );
        assert_eq!(of("`null` until you set it."), None);
        assert_eq!(of("The items. Empty for a new event."), Some(json!([])));
        assert_eq!(of("The sum, `0` for a new event."), Some(json!(0)));
        assert_eq!(of("Equals `capacity` at first."), Some(json!(24)));
        assert_eq!(of("The venue or `null`."), None);
    }
}
