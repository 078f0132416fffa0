//! Do the answers of a run say anything about the pages?
//!
//! A run in which every request is refused, or every answer is empty, finds nothing because it looks at nothing. It must
//! not pass for one in which all is well.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

use crate::model::{Api, Operation};

use super::coverage;
use super::judge;
use super::message::describe_status;
use super::session::Exchange;

/// Why the answers say nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hollow {
    /// Nothing was accepted: the statuses, and how often each was seen.
    Refused(BTreeMap<u16, usize>),
    /// Pages for people in the place of what is documented; their number.
    WebPages(usize),
    /// Nothing but empty arrays and the like; the number of documented members.
    Empty(usize),
}

impl fmt::Display for Hollow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(statuses) => {
                let statuses = statuses.iter().map(|(code, count)| {
                    let line = describe_status(*code);
                    let body = if *code < 300 {
                        " with a body that says that the request failed"
                    } else {
                        ""
                    };
                    match count {
                        1 => format!("{line}{body} once"),
                        count => format!("{line}{body} {count} times"),
                    }
                });
                let statuses: Vec<_> = statuses.collect();
                write!(
                    f,
                    "the server accepts no request: it answers {}",
                    statuses.join(", ")
                )
            }
            Self::WebPages(count) => write!(
                f,
                "all answers that succeed are web pages (`text/html`), {count} in number, and none is documented; check the base URL"
            ),
            Self::Empty(members) => write!(
                f,
                "every answer is empty, so that none of the {members} documented members was seen; test a server that has data"
            ),
        }
    }
}

/// Why the answers say nothing, if they do not; `None` also if there are none at all.
pub fn hollow(api: &Api, exchanges: &[Exchange]) -> Option<Hollow> {
    let answered: Vec<_> = exchanges
        .iter()
        .filter_map(|it| Some((it, api.operations.get(it.item.operation)?, it.status()?)))
        .collect();
    let accepted: Vec<_> = answered
        .iter()
        .filter(|(it, operation, status)| {
            it.is_success || is_all_that_is_documented(operation, *status)
        })
        .collect();
    if answered.is_empty() {
        return None;
    }
    if accepted.is_empty() {
        let mut statuses = BTreeMap::new();
        for (_, _, status) in &answered {
            *statuses.entry(*status).or_default() += 1;
        }
        return Some(Hollow::Refused(statuses));
    }
    let is_page = |exchange: &Exchange, operation: &Operation| {
        let answer = exchange.answer.as_ref();
        answer.is_ok_and(|answer| judge::is_web_page(operation, answer))
    };
    if accepted
        .iter()
        .all(|(it, operation, _)| is_page(it, operation))
    {
        return Some(Hollow::WebPages(accepted.len()));
    }
    let is_empty = |exchange: &Exchange, operation: &Operation| {
        coverage::documents_members(operation) && exchange.body.as_ref().is_some_and(is_empty)
    };
    if accepted
        .iter()
        .all(|(it, operation, _)| is_empty(it, operation))
    {
        let members = coverage::rows(api, exchanges);
        let members = members.iter().filter(|row| row.requests > 0);
        return Some(Hollow::Empty(members.map(|row| row.members.len()).sum()));
    }
    None
}

/// True for an error of an operation of which nothing but errors are documented.
fn is_all_that_is_documented(operation: &Operation, status: u16) -> bool {
    let mut responses = operation.responses.iter();
    let mut documented = operation.responses.iter();
    documented.any(|it| it.status.covers(status)) && !responses.any(|it| it.status.is_success())
}

/// True for what holds nothing but empty arrays and the like.
fn is_empty(body: &Value) -> bool {
    match body {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.values().all(is_empty),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_no_value_is_empty() {
        let empty = |text: &str| is_empty(&serde_json::from_str(text).unwrap());
        for text in ["null", "[]", "{}", r#"{"data": [], "next": null}"#] {
            assert!(empty(text), "{text}");
        }
        for text in ["0", "\"\"", "[[]]", r#"{"data": [], "total": 0}"#] {
            assert!(!empty(text), "{text}");
        }
    }
}
