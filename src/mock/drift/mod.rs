//! Where a server and its documentation drift apart, as seen by who stands between it and its clients.
//!
//! [`judge`] holds a request and the answer of the server against what is documented; [`Drifts`] counts what it finds,
//! so that a server that is wrong in one way in a thousand answers is told of once. All of it is plain data.

mod judge;

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::diagnostic::Severity;

use super::places::Place;

pub(super) use judge::{Exchange, judge};

/// One way in which a server is not what is documented.
#[derive(Clone, Debug)]
pub struct Drift {
    /// What is not as documented.
    pub side: Side,
    /// The name of what is wrong.
    pub rule: &'static str,
    /// How sure that is.
    pub severity: Severity,
    /// The operation that is documented, such as `POST /users`.
    pub operation: Option<Arc<str>>,
    /// What it is about, such as `response.items[].id`.
    pub subject: String,
    /// What is wrong, as a sentence.
    pub message: String,
    /// What is documented.
    pub expected: String,
    /// What was seen.
    pub observed: String,
    pub(super) source: Option<Place>,
}

/// The two sides of an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// What the server takes although it is not as documented.
    Request,
    /// What it answers.
    Answer,
}

impl Side {
    /// The word used in every output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Answer => "answer",
        }
    }
}

impl Drift {
    /// The line that documents otherwise: `page.mdx:3`.
    pub fn source(&self) -> Option<String> {
        self.source.as_ref().map(Place::to_string)
    }

    /// All that is known of it.
    pub fn to_json(&self) -> Value {
        json!({
            "side": self.side.as_str(),
            "rule": self.rule,
            "severity": self.severity.as_str(),
            "operation": self.operation.as_deref(),
            "subject": self.subject,
            "message": self.message,
            "expected": self.expected,
            "observed": self.observed,
            "source": self.source.as_ref().map(Place::to_json),
        })
    }
}

impl fmt::Display for Drift {
    /// `error: books/list.mdx:14: … (response-type)`
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: ", self.severity.as_str())?;
        if let Some(source) = &self.source {
            write!(formatter, "{source}: ")?;
        }
        write!(formatter, "{} ({})", self.message, self.rule)
    }
}

/// What became of a request that was passed on.
#[derive(Clone, Debug, Default)]
pub struct Passed {
    /// Where the operation is documented: `page.mdx:3`.
    pub source: Option<String>,
    /// In which ways the server is not what is documented; true for those that were not met before.
    pub drifts: Vec<(Arc<Drift>, bool)>,
    /// What is wrong with a request that the server refused, too.
    pub(super) violations: Vec<Value>,
    /// How many bytes the body of the answer has.
    pub length: u64,
    /// Why the answer was not held against the pages, if it was not.
    pub unjudged: Option<&'static str>,
}

/// The ways in which a server was seen to drift, each once, in the order in which they were met.
#[derive(Debug, Default)]
pub struct Drifts {
    all: Vec<Counted>,
    known: HashMap<Key, usize>,
    /// How many exchanges there were.
    exchanges: u64,
    /// How many of them had something in them that is not as documented.
    drifting: u64,
    /// How often something was met that there was no room for.
    more: u64,
}

/// A drift, and how often it was met.
#[derive(Clone, Debug)]
pub struct Counted {
    /// What is wrong.
    pub drift: Arc<Drift>,
    /// In how many exchanges.
    pub count: u64,
    /// The method and the path of the first of them; without the query, which may hold credentials.
    pub first: String,
}

/// What makes two drifts the same.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    side: Side,
    rule: &'static str,
    operation: Option<Arc<str>>,
    subject: String,
}

/// More ways are not told apart.
const MOST: usize = 1000;

impl Drifts {
    /// Counts what is wrong with an exchange; gives it back, true for what was not met before.
    pub(super) fn count(&mut self, first: &str, found: Vec<Drift>) -> Vec<(Arc<Drift>, bool)> {
        self.exchanges += 1;
        self.drifting += u64::from(!found.is_empty());
        let mut counted: Vec<(usize, bool)> = Vec::new();
        for drift in found {
            let key = Key {
                side: drift.side,
                rule: drift.rule,
                operation: drift.operation.clone(),
                subject: drift.subject.clone(),
            };
            if let Some(at) = self.known.get(&key) {
                // Several in one exchange are one.
                if counted.iter().all(|(known, _)| known != at) {
                    counted.push((*at, false));
                }
            } else if self.all.len() < MOST {
                counted.push((self.all.len(), true));
                self.known.insert(key, self.all.len());
                self.all.push(Counted {
                    drift: Arc::new(drift),
                    count: 0,
                    first: first.to_owned(),
                });
            } else {
                self.more += 1;
            }
        }
        let counted = counted.into_iter().filter_map(|(at, is_new)| {
            let entry = self.all.get_mut(at)?;
            entry.count += 1;
            Some((Arc::clone(&entry.drift), is_new))
        });
        counted.collect()
    }

    /// Each drift with its count.
    pub fn iter(&self) -> impl Iterator<Item = &Counted> {
        self.all.iter()
    }

    /// How many exchanges there were.
    pub fn exchanges(&self) -> u64 {
        self.exchanges
    }

    /// In how many of them something was not as documented.
    pub fn drifting(&self) -> u64 {
        self.drifting
    }

    /// How often something was met that there was no room for.
    pub fn more(&self) -> u64 {
        self.more
    }

    /// Forgets all.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// All of it as JSON.
    pub fn to_json(&self) -> Value {
        let drifts = self.all.iter().map(|counted| {
            let mut drift = counted.drift.to_json();
            if let Some(members) = drift.as_object_mut() {
                members.insert("count".to_owned(), counted.count.into());
                members.insert("first".to_owned(), counted.first.clone().into());
            }
            drift
        });
        json!({
            "exchanges": self.exchanges,
            "drifting": self.drifting,
            "drifts": drifts.collect::<Vec<_>>(),
            "more": self.more,
        })
    }
}

#[cfg(test)]
mod tests;
