//! Answers of the mock's own: problem details (RFC 9457).
//!
//! <https://www.rfc-editor.org/rfc/rfc9457>

use http::StatusCode;
use http::header::{CONTENT_TYPE, HeaderValue};
use serde_json::{Map, Value};

use crate::model::reason_phrase;

use super::header;
use super::message::Reply;

/// The media type of problem details.
pub(super) const MEDIA_TYPE: &str = "application/problem+json";

/// What is wrong with a request.
#[derive(Clone, Debug)]
pub(super) struct Problem {
    status: u16,
    /// A stable name of the situation, in kebab case.
    code: &'static str,
    detail: String,
    members: Map<String, Value>,
}

impl Problem {
    pub(super) fn new(status: u16, code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            status,
            code,
            detail: detail.into(),
            members: Map::new(),
        }
    }

    /// The name of the situation.
    pub(super) fn code(&self) -> &'static str {
        self.code
    }

    /// What is wrong, as a sentence.
    pub(super) fn detail(&self) -> &str {
        &self.detail
    }

    /// The same with another status.
    #[must_use]
    pub(super) fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// Adds a member beyond those of the standard.
    #[must_use]
    pub(super) fn with(mut self, name: &str, value: Value) -> Self {
        self.members.insert(name.to_owned(), value);
        self
    }

    pub(super) fn reply(self) -> Reply {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_REQUEST);
        let mut reply = Reply::empty(status);
        reply
            .headers
            .insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        reply
            .headers
            .insert(header::REASON, HeaderValue::from_static(self.code));
        let mut body = Map::new();
        body.insert("type".to_owned(), "about:blank".into());
        body.insert(
            "title".to_owned(),
            reason_phrase(self.status).unwrap_or("Error").into(),
        );
        body.insert("status".to_owned(), self.status.into());
        body.insert("detail".to_owned(), self.detail.clone().into());
        body.insert("code".to_owned(), self.code.into());
        body.extend(self.members);
        let text = format!("{:#}\n", Value::Object(body));
        reply.set_body(text.into());
        reply.reason = Some(self.detail.into());
        reply
    }
}
