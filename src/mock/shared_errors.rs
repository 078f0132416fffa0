//! Errors that one page describes for all operations, for requests whose own page documents none.
//!
//! The body is the one that the page shows, with the code and the status of its table, and with what it says of them in
//! the place of the message.

use http::StatusCode;
use http::header::{CONTENT_TYPE, HeaderValue};
use serde_json::Value;

use crate::model::shared::{ErrorBody, ErrorKind, Errors};

use super::message::{Reply, Request, header_value};
use super::places::{Place, Places};
use super::rows::sentence;
use super::telling::{self, Cause};
use super::words::code_of_status;
use super::{accept, header, problem};

/// The errors of all operations, ready to be sent.
#[derive(Clone, Debug, Default)]
pub(super) struct Common {
    kinds: Vec<Kind>,
    media_type: String,
}

/// One line of the table.
#[derive(Clone, Debug)]
pub(super) struct Kind {
    status: u16,
    /// What the line says, in lower case.
    said: String,
    /// The sentence of the line, for people.
    sentence: String,
    body: Value,
    source: Place,
}

/// What a line speaks of that is about a body which cannot be read.
const UNREADABLE: [&str; 4] = ["json", "parse", "malformed", "syntax"];

/// What a line speaks of that is about a path which is not there.
const PATHS: [&str; 5] = ["route", "path", "endpoint", "url", "page"];

impl Common {
    /// Of the errors of a site, if a page shows the body that they have.
    pub(super) fn of(errors: Option<&Errors>, places: &Places) -> Self {
        let Some((errors, body)) = errors.and_then(|it| Some((it, it.body.as_ref()?))) else {
            return Self::default();
        };
        let kinds = errors.kinds.iter().flat_map(|kind| {
            let codes = kind.codes.iter().map(|code| Some(code.value.as_str()));
            let codes: Vec<_> = codes.collect();
            let codes = if codes.is_empty() { vec![None] } else { codes };
            let made = codes.into_iter().filter_map(|code| {
                let source = places.of(kind.status.evidence.span);
                Some(Kind {
                    status: kind.status.value,
                    said: kind.text.value.to_lowercase(),
                    sentence: sentence(&kind.text.value),
                    body: filled(body, kind, code)?,
                    source,
                })
            });
            made.collect::<Vec<_>>()
        });
        let media_type = errors.media_type.as_ref().map(|it| it.value.clone());
        Self {
            kinds: kinds.collect(),
            media_type: media_type.unwrap_or_else(|| "application/json".to_owned()),
        }
    }

    /// Of errors that are ready, as JSON.
    pub(super) fn of_kinds(kinds: Vec<Kind>) -> Self {
        Self {
            kinds,
            media_type: "application/json".to_owned(),
        }
    }

    /// True if there are any.
    pub(super) fn is_known(&self) -> bool {
        !self.kinds.is_empty()
    }

    /// The error for a status that a client asks for.
    pub(super) fn of_status(&self, status: u16) -> Option<&Kind> {
        self.kinds.iter().find(|kind| kind.status == status)
    }

    /// The error for a path that is not there.
    pub(super) fn of_path(&self) -> Option<&Kind> {
        self.speaking(404, &PATHS).or_else(|| self.only(404))
    }

    /// The error for an id that nothing has: not the one that is about paths.
    pub(super) fn of_missing(&self) -> Option<&Kind> {
        let mut kinds = self.kinds.iter().filter(|kind| kind.status == 404);
        kinds.find(|kind| !kind.speaks_of(&PATHS))
    }

    /// The error for a request that is refused with the first of these statuses that there is.
    pub(super) fn of_refusal(&self, statuses: &[u16], causes: &[Cause]) -> Option<&Kind> {
        let is_unreadable = causes.first().is_some_and(|cause| cause.name.is_none());
        let found = statuses.iter().find_map(|status| {
            if is_unreadable {
                return self.speaking(*status, &UNREADABLE);
            }
            let mut kinds = self.kinds.iter().filter(|kind| kind.status == *status);
            kinds.find(|kind| !kind.speaks_of(&UNREADABLE))
        });
        found.or_else(|| statuses.iter().find_map(|status| self.only(*status)))
    }

    /// True if there is an error for bodies that cannot be read.
    pub(super) fn knows_unreadable(&self) -> bool {
        self.speaking(400, &UNREADABLE).is_some()
    }

    fn speaking(&self, status: u16, words: &[&str]) -> Option<&Kind> {
        let mut kinds = self.kinds.iter().filter(|kind| kind.status == status);
        kinds.find(|kind| kind.speaks_of(words))
    }

    fn only(&self, status: u16) -> Option<&Kind> {
        let mut kinds = self.kinds.iter().filter(|kind| kind.status == status);
        kinds.next().filter(|_| kinds.next().is_none())
    }

    /// The problem details of the mock as such an error, unless the client asks for these.
    pub(super) fn instead(
        &self,
        kind: Option<&Kind>,
        mut reply: Reply,
        request: &Request,
        (causes, inputs): (&[Cause], &[&str]),
    ) -> Reply {
        let is_taken = accept::takes(request, &self.media_type)
            && !accept::names(request, problem::MEDIA_TYPE);
        let Some(kind) = kind.filter(|_| is_taken) else {
            return reply;
        };
        let mut body = kind.body.clone();
        let own = [Cause {
            name: None,
            message: kind.sentence.clone(),
        }];
        let is_said = !kind.sentence.is_empty();
        let causes = match causes {
            [] if is_said => &own[..],
            causes => causes,
        };
        telling::adapt(&mut body, causes, inputs);
        reply.status = StatusCode::from_u16(kind.status).unwrap_or(reply.status);
        let media_type = HeaderValue::from_str(&self.media_type);
        reply
            .headers
            .insert(CONTENT_TYPE, media_type.unwrap_or(header_value("")));
        reply
            .headers
            .insert(header::SOURCE, header_value(&kind.source.to_string()));
        reply.set_body(format!("{body:#}\n").into());
        reply
    }
}

impl Kind {
    /// An error as an example shows it, with another sentence for people.
    pub(super) fn new(status: u16, sentence: Option<&str>, body: Value, source: Place) -> Self {
        Self {
            status,
            said: String::new(),
            sentence: sentence.unwrap_or_default().to_owned(),
            body,
            source,
        }
    }

    /// True if the line has one of these words.
    fn speaks_of(&self, words: &[&str]) -> bool {
        let mut own = self.said.split(|it: char| !it.is_alphanumeric());
        own.any(|own| words.contains(&own))
    }
}

/// The body of an error: the one that shows the same code, else the first, with its code and its status.
fn filled(body: &ErrorBody, kind: &ErrorKind, code: Option<&str>) -> Option<Value> {
    let code = code.map(|code| format!("{}{code}", body.prefix));
    let has_code = |shown: &&Value| {
        let own = body.code.iter().try_fold(*shown, |it, name| it.get(name));
        code.is_some() && own.and_then(Value::as_str) == code.as_deref()
    };
    let shown = body
        .shown
        .iter()
        .find(has_code)
        .or_else(|| body.shown.first());
    let mut filled = shown?.clone();
    let way = if body.code.is_empty() {
        vec!["code".to_owned()]
    } else {
        body.code.clone()
    };
    let own = place(&mut filled, &way).and_then(|it| it.as_str().map(str::to_owned));
    let code = code.filter(|_| own.is_some() || !body.code.is_empty());
    let code = code.or_else(|| by_reason(own.as_deref()?, kind.status.value));
    if let Some(code) = code
        && let Some(place) = place(&mut filled, &way)
    {
        *place = code.into();
    }
    if let Some(place) = place(&mut filled, &body.status) {
        *place = match place {
            Value::String(_) => kind.status.value.to_string().into(),
            _ => kind.status.value.into(),
        };
    }
    Some(filled)
}

/// The code of a status whose codes are the names of statuses: `not_found` in the place of `bad_request`.
fn by_reason(shown: &str, status: u16) -> Option<String> {
    let lower = shown.to_lowercase();
    let is_reason = (400..600).filter_map(code_of_status).any(|it| it == lower);
    let own = code_of_status(status).filter(|_| is_reason)?;
    Some(if shown == lower {
        own
    } else {
        own.to_uppercase()
    })
}

fn place<'v>(value: &'v mut Value, way: &[String]) -> Option<&'v mut Value> {
    if way.is_empty() {
        return None;
    }
    way.iter()
        .try_fold(value, |value, name| value.get_mut(name))
}

#[cfg(test)]
mod tests {
    use super::by_reason;

    #[test]
    fn the_name_of_a_status_is_that_of_its_own() {
        assert_eq!(by_reason("bad_request", 404).as_deref(), Some("not_found"));
        assert_eq!(by_reason("BAD_REQUEST", 409).as_deref(), Some("CONFLICT"));
        assert_eq!(by_reason("no_such_boat", 404), None);
    }
}
