//! What of a request is changed in other ways than by one value: days and moments, several values of a parameter, and what
//! asks for more than usual.

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde_json::Value;

use crate::conform::bindings::letters;
use crate::conform::judge::moment::Moment;

use crate::model::Operation;

use super::draft::{Draft, Payload};
use super::input::Input;
use super::sample;

impl Draft {
    /// Gives a parameter of the query several values, in the way that its name or its text says; one value stands alone. False
    /// if nothing says how they are put.
    pub(super) fn set_queries(&mut self, input: &Input, items: &[Value]) -> bool {
        let name = input.name.as_str();
        let text = input.description.to_lowercase();
        let values: Vec<String> = items.iter().map(sample::plain).collect();
        if text.contains("comma") {
            self.set_query(name, Some(&values.join(",")));
            return true;
        }
        let is_shown = self.query.iter().filter(|(known, _)| known == name).count() > 1
            || text.matches(&format!("{}=", name.to_lowercase())).count() > 1;
        let is_repeated = is_shown
            || name.ends_with("[]")
            || [
                "repeat",
                "several times",
                "multiple times",
                "more than once",
            ]
            .iter()
            .any(|word| text.contains(word));
        if !is_repeated && values.len() > 1 {
            return false;
        }
        self.set_query(name, None);
        let pairs = values.into_iter().map(|it| (name.to_owned(), Some(it)));
        self.query.extend(pairs);
        true
    }

    /// The days and moments that are sent in the body and in the query, as they are written.
    pub(crate) fn moments(&self) -> Vec<String> {
        let mut found = Vec::new();
        if let Some(body) = self.json() {
            collect_moments(body, &mut found);
        }
        let query = self.query.iter().filter_map(|(_, value)| value.clone());
        found.extend(query.filter(|it| Moment::read(it).is_some()));
        found
    }

    /// Sends days and moments so many days later, those of them that are among the given ones.
    pub(crate) fn move_moments(&mut self, known: &[String], days: i64) {
        let later = |text: &str| {
            known
                .iter()
                .any(|it| it == text)
                .then(|| moved(text, days))?
        };
        if let Some(Payload::Json(body, text)) = &mut self.body {
            let is_moved = move_in(body, &later);
            text.take_if(|_| is_moved);
        }
        for (_, value) in &mut self.query {
            if let Some(other) = value.as_deref().and_then(later) {
                *value = Some(other);
            }
        }
    }

    /// Takes the body away; true if there was one.
    pub(super) fn leave_out_body(&mut self) -> bool {
        let is_kind = |name: &str| letters(name) == "contenttype";
        self.headers.retain(|(name, _)| !is_kind(name));
        self.body.take().is_some()
    }

    /// Takes an empty body in JSON, if there is none, and the operation documents members of one.
    pub(super) fn take_json(&mut self, operation: &Operation) {
        let body = operation.body.as_ref();
        let body = body.filter(|it| !it.fields.is_empty() && !it.whole);
        let is_write = matches!(self.method.as_str(), "POST" | "PUT" | "PATCH");
        let Some(body) = body.filter(|_| is_write && self.body.is_none()) else {
            return;
        };
        let media_type = body.media_type.value.as_str();
        if !media_type.to_ascii_lowercase().contains("json") {
            return;
        }
        self.body = Some(Payload::Json(Value::Object(serde_json::Map::new()), None));
        let is_kind = |name: &str| letters(name) == "contenttype";
        if !self.headers.iter().any(|(name, _)| is_kind(name)) {
            let kind = media_type.to_owned();
            self.headers.push(("Content-Type".to_owned(), kind));
        }
    }

    /// True if nothing is sent beside the address and the headers.
    pub(crate) fn is_bodiless(&self) -> bool {
        self.body.is_none()
    }

    /// True if the query asks for what would be refused otherwise: `force=true`.
    pub(crate) fn is_forced(&self) -> bool {
        const WORDS: &[&str] = &[
            "force",
            "cascade",
            "recursive",
            "confirm",
            "override",
            "allow",
            "ignore",
            "purge",
        ];
        self.query.iter().any(|(name, value)| {
            let name = letters(name);
            let is_on = value
                .as_deref()
                .is_none_or(|it| !matches!(it, "false" | "0" | "no"));
            is_on && WORDS.iter().any(|word| name.starts_with(word))
        })
    }
}

fn collect_moments(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::String(text) if Moment::read(text).is_some() => into.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|it| collect_moments(it, into)),
        Value::Object(members) => members.values().for_each(|it| collect_moments(it, into)),
        _ => {}
    }
}

fn move_in(value: &mut Value, later: &impl Fn(&str) -> Option<String>) -> bool {
    match value {
        Value::String(text) => match later(text) {
            Some(other) => {
                *text = other;
                true
            }
            None => false,
        },
        Value::Array(items) => items
            .iter_mut()
            .fold(false, |is, it| move_in(it, later) | is),
        Value::Object(members) => {
            let members = members.values_mut();
            members.fold(false, |is, it| move_in(it, later) | is)
        }
        _ => false,
    }
}

/// The text of a day or a moment so many days later; what stands behind the day stays.
pub(in crate::conform) fn moved(text: &str, days: i64) -> Option<String> {
    let (day, rest) = text.split_at_checked(10)?;
    let day: Date = day.parse().ok()?;
    let later = day.checked_add(days.days()).ok()?;
    Some(format!("{later}{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_come_so_many_days_later_and_keep_their_time() {
        let later = |text: &str, days| moved(text, days);
        assert_eq!(later("2031-02-27", 3).as_deref(), Some("2031-03-02"));
        assert_eq!(
            later("2031-12-31T09:05:00+02:00", 1).as_deref(),
            Some("2032-01-01T09:05:00+02:00")
        );
        assert_eq!(later("soon", 1), None);
    }
}
