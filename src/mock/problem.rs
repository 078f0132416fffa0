//! Answers of the mock's own: problem details (RFC 9457).
//!
//! <https://www.rfc-editor.org/rfc/rfc9457>

use std::sync::Arc;

use serde_json::{Map, Value};

use super::message::Reply;

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

    /// Adds a member beyond those of the standard.
    #[must_use]
    pub(super) fn with(mut self, name: &str, value: Value) -> Self {
        self.members.insert(name.to_owned(), value);
        self
    }

    pub(super) fn reply(self) -> Reply {
        let mut reply = Reply::empty(self.status);
        reply.set("Content-Type", "application/problem+json");
        reply.set("Mock-Reason", self.code);
        let mut body = Map::new();
        body.insert("type".to_owned(), "about:blank".into());
        body.insert("title".to_owned(), title(self.status).into());
        body.insert("status".to_owned(), self.status.into());
        body.insert("detail".to_owned(), self.detail.clone().into());
        body.insert("code".to_owned(), self.code.into());
        body.extend(self.members);
        let text = format!("{:#}\n", Value::Object(body));
        reply.body = Arc::from(text.into_bytes());
        reply.reason = Some(self.detail);
        reply
    }
}

fn title(status: u16) -> &'static str {
    match status {
        400 => "Bad Request",
        401 => "Unauthorized",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        422 => "Unprocessable Content",
        _ => "Error",
    }
}
