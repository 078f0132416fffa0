//! Answers that come one after another: a job that is running at first, and done at the third look.
//!
//! Which answers an operation has in turn is configured. The core knows nothing of turns: each request is made to prefer
//! the answer whose turn it is, so that one that prefers another by itself has no turn.

use std::collections::BTreeMap;

use http::HeaderValue;

use super::message::{Reply, Request};
use super::prefer::{self, Preferences};
use super::routes::Lookup;
use super::select;
use super::{Mock, header};

/// More paths do not have turns of their own; a mock is no database.
const MOST: usize = 10_000;

/// How often each path was asked.
#[derive(Debug, Default)]
pub struct Sequences {
    /// By the name of the operation, and the path.
    turns: BTreeMap<(String, String), usize>,
}

/// The answer whose turn it is.
pub(super) struct Turn {
    /// The request that asks for it.
    pub(super) request: Request,
    /// Counted from one.
    number: usize,
    all: usize,
}

impl Sequences {
    /// The turn of a request; `None` if it has none.
    pub(super) fn turn(&mut self, mock: &Mock, request: &Request) -> Option<Turn> {
        let host = || request.host();
        let Lookup::Operation { index, .. } =
            mock.routes.find(&request.method, request.path(), host)
        else {
            return None;
        };
        let served = mock.operations.get(index)?;
        let answers = &served.behaviour.answers;
        if answers.is_empty() || Preferences::of(request).is_choice() {
            return None;
        }
        let key = (served.name.to_string(), request.path().to_owned());
        let is_full = self.turns.len() >= MOST && !self.turns.contains_key(&key);
        let mut before = 0;
        let before = if is_full {
            &mut before
        } else {
            self.turns.entry(key).or_default()
        };
        // The last one stays.
        let number = (*before + 1).min(answers.len());
        *before = number;
        let mut request = request.clone();
        let preference = preference(answers.get(number - 1)?);
        request.headers.append(header::PREFER, preference);
        Some(Turn {
            request,
            number,
            all: answers.len(),
        })
    }

    /// Begins again.
    pub(super) fn reset(&mut self) {
        self.turns.clear();
    }
}

impl Turn {
    /// Says in an answer whose turn it was.
    pub(super) fn note(&self, asked: &Request, reply: &mut Reply) {
        if !asked.headers.contains_key(header::PREFER) {
            reply.headers.remove(header::PREFERENCE_APPLIED);
        }
        let reason = format!("turn {} of {}", self.number, self.all);
        reply.set(header::REASON, &reason);
        reply.reason = Some(reason.into());
    }
}

impl Mock {
    /// True if some operation has answers in turn.
    pub fn has_sequences(&self) -> bool {
        self.has_sequences
    }

    /// The answers in turn that are not documented: the operation, the answer, and those that there are.
    pub fn unknown_answers(&self) -> Vec<(String, String, Vec<String>)> {
        let mut unknown = Vec::new();
        for served in &self.operations {
            for answer in served.behaviour.answers.iter() {
                let mut asking = Request::default();
                asking.headers.append(header::PREFER, preference(answer));
                let preferences = Preferences::of(&asking);
                if select::preferred(&served.answers, &preferences).is_none() {
                    let known = served.answers.iter().map(|it| match it.names.first() {
                        Some(name) => name.clone(),
                        None => it.code.to_string(),
                    });
                    unknown.push((served.name.to_string(), answer.clone(), known.collect()));
                }
            }
        }
        unknown
    }
}

/// A number is a status, and all else the title of an example.
fn preference(answer: &str) -> HeaderValue {
    let is_code = answer.len() == 3 && answer.bytes().all(|it| it.is_ascii_digit());
    let preference = if is_code {
        format!("code={answer}")
    } else {
        format!("example={}", prefer::quoted(answer))
    };
    // Titles in other scripts are told byte by byte, as clients tell them.
    HeaderValue::from_bytes(preference.as_bytes()).unwrap_or(HeaderValue::from_static(""))
}
