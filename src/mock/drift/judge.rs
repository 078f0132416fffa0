//! A request and the answer of a server, against what is documented.
//!
//! Who only looks on cannot know what the server knows: whether an id exists, whether credentials are good, whether it
//! is too much. So a refusal is held against the pages only where these say otherwise, and a request that is not as
//! documented is a drift only if the server takes it: if it is refused, both agree.

use std::sync::Arc;

use crate::diagnostic::{Rule, Severity};
use crate::model::answer::{
    self, Difference, Received, SERVER_ERROR, Success, UNDOCUMENTED_STATUS, UNIMPLEMENTED_OPERATION,
};
use crate::model::{Location, Operation, Status, describe_status};

use super::{Drift, Side};
use crate::mock::journal;
use crate::mock::message::Request;
use crate::mock::refuse::{self, Wrong};
use crate::mock::routes::{Captured, Lookup};
use crate::mock::{Mock, Served};

/// What is compared.
pub(in crate::mock) struct Exchange<'e> {
    pub(in crate::mock) mock: &'e Mock,
    pub(in crate::mock) request: &'e Request,
    /// True if the body of the request was read to its end.
    pub(in crate::mock) is_whole: bool,
    /// What the request leads to.
    pub(in crate::mock) lookup: &'e Lookup,
    /// What the server answered.
    pub(in crate::mock) received: Received<'e>,
    /// True if the body of the answer can be compared.
    pub(in crate::mock) is_readable: bool,
}

/// All that is not as documented, and what is wrong with a request that is refused.
pub(in crate::mock) fn judge(exchange: &Exchange<'_>) -> (Vec<Drift>, Vec<Wrong>) {
    let (mut drifts, wrongs) = exchange.judge();
    for drift in &mut drifts {
        discreet(drift);
    }
    (drifts, wrongs)
}

/// Does not tell the value of what carries credentials.
pub(super) fn discreet(drift: &mut Drift) {
    let name = drift.subject.rsplit('.').next().unwrap_or_default();
    let name = name.trim_end_matches("[]");
    let tells_value = !["missing-", "undocumented-", "misspelled-"]
        .iter()
        .any(|start| drift.rule.starts_with(start));
    if tells_value && journal::is_secret(name) {
        let expected = &drift.expected;
        drift.message = format!("`{name}` is documented as {expected} and is something else");
        journal::BLOT.clone_into(&mut drift.observed);
    }
}

impl Exchange<'_> {
    fn judge(&self) -> (Vec<Drift>, Vec<Wrong>) {
        let mock = self.mock;
        match self.lookup {
            Lookup::Operation { index, captured } => {
                let (served, operation) = (mock.operations.get(*index), mock.promised.get(*index));
                match served.zip(operation) {
                    Some((served, operation)) => self.of_operation(served, operation, captured),
                    None => (Vec::new(), Vec::new()),
                }
            }
            Lookup::OtherMethods { index } => (self.undocumented(Some(*index)), Vec::new()),
            Lookup::Unknown => (self.undocumented(None), Vec::new()),
        }
    }

    fn of_operation(
        &self,
        served: &Served,
        operation: &Operation,
        captured: &Captured,
    ) -> (Vec<Drift>, Vec<Wrong>) {
        let wrongs = if self.is_whole {
            refuse::wrongs(self.mock, served, self.request, captured)
        } else {
            Vec::new()
        };
        let status = self.status(operation, wrongs.is_empty());
        let mut differences: Vec<_> = status.into_iter().collect();
        differences.extend(answer::headers(operation, &self.received));
        if self.is_readable {
            differences.extend(answer::body(operation, &self.received).differences);
        }
        let of_answer = |difference: Difference| Drift {
            side: Side::Answer,
            rule: difference.rule.name,
            severity: difference.severity,
            operation: Some(Arc::clone(&served.name)),
            subject: difference.subject,
            message: difference.message,
            expected: difference.expected,
            observed: difference.observed,
            source: Some(self.mock.places.of(difference.span)),
        };
        let mut drifts: Vec<_> = differences.into_iter().map(of_answer).collect();
        if !(200..300).contains(&self.received.status) {
            return (drifts, wrongs);
        }
        let line = describe_status(self.received.status);
        drifts.extend(wrongs.into_iter().map(|wrong| Drift {
            side: Side::Request,
            rule: wrong.rule,
            // That nobody insists on what is documented breaks no client.
            severity: Severity::Warning,
            operation: Some(Arc::clone(&served.name)),
            subject: wrong.subject,
            message: format!("{}, and is answered with {line}", wrong.message),
            expected: "a refusal".to_owned(),
            observed: line.clone(),
            source: wrong.source,
        }));
        (drifts, Vec::new())
    }

    /// What is wrong with the status alone.
    fn status(&self, operation: &Operation, is_conforming: bool) -> Option<Difference> {
        let code = self.received.status;
        let success = Success::of(operation);
        let is_partial = code == 206 && self.request.headers.contains_key("range");
        let mut responses = operation.responses.iter();
        let is_stated = responses.any(|it| it.status.code() == Some(code));
        if is_stated || is_partial || success.covers(code) {
            return None;
        }
        let mut parameters = operation.parameters.iter();
        let has_ids = parameters.any(|it| it.location == Location::Path);
        let mut responses = operation.responses.iter();
        // Errors that are described and have no number may have any.
        let is_any_error = responses.any(|it| it.status == Status::Error);
        match code {
            200..=299 | 301 | 302 | 303 | 307 | 308 => {
                Some(undocumented(operation, code, &success))
            }
            405 | 501 => Some(absent(operation, code)),
            404 if !has_ids && is_conforming && !is_any_error => Some(absent(operation, code)),
            // Servers in between answer with 502 to 504 when nobody is behind them.
            500 | 505.. if !is_any_error => Some(failure(operation, code, &success)),
            // What any server may answer, whatever its pages say.
            401
            | 403
            | 404
            | 406..=408
            | 412..=414
            | 416
            | 417
            | 421
            | 423..=425
            | 428
            | 429
            | 431 => None,
            400..=499 if !is_any_error => refusal(operation, code),
            _ => None,
        }
    }

    /// An answer of the API to what no page documents.
    fn undocumented(&self, beside: Option<usize>) -> Vec<Drift> {
        let (request, received) = (self.request, &self.received);
        let is_asked = !matches!(request.method.as_str(), "OPTIONS" | "HEAD" | "TRACE");
        // Pages, files, and what is not there are no operations.
        let is_answered = (200..300).contains(&received.status);
        let is_json = received.media_type().is_some_and(|it| {
            let essence = it.split(';').next().unwrap_or_default().trim();
            essence == "application/json" || essence.ends_with("+json")
        });
        let is_bare = matches!(received.status, 201 | 202 | 204) && received.body.is_empty();
        if !(is_asked && is_answered && (is_json || is_bare)) {
            return Vec::new();
        }
        let near = beside.or_else(|| {
            let nearest = self.mock.routes.nearest(&request.method, request.path());
            nearest.first().copied()
        });
        let source = near
            .and_then(|at| self.mock.operations.get(at))
            .map(|served| self.mock.places.of(served.operation.endpoint.evidence.span));
        let (method, line) = (&request.method, describe_status(received.status));
        let path = generic(request.path());
        let message = match beside {
            Some(_) => format!(
                "{method} {path} is answered with {line}, and the page documents other methods"
            ),
            None => format!("{method} {path} is answered with {line}, and no page documents it"),
        };
        vec![Drift {
            side: Side::Answer,
            rule: "undocumented-operation",
            severity: Severity::Warning,
            operation: None,
            subject: format!("{method} {path}"),
            message,
            expected: "a documented operation".to_owned(),
            observed: line,
            source,
        }]
    }
}

/// Another success than the documented one, or the way to another place.
fn undocumented(operation: &Operation, code: u16, success: &Success) -> Difference {
    let (name, line, expected) = (operation.name(), describe_status(code), success.describe());
    let message = format!("{name} is answered with {line}, and {expected} is documented");
    let is_weak = success.is_weak || code >= 300;
    Difference {
        severity: if is_weak {
            Severity::Warning
        } else {
            Severity::Error
        },
        span: success.span.unwrap_or(operation.endpoint.evidence.span),
        ..of_status(operation, code, &UNDOCUMENTED_STATUS, message, expected)
    }
}

fn absent(operation: &Operation, code: u16) -> Difference {
    let (name, line) = (operation.name(), describe_status(code));
    let message = format!("{name} is documented and not there: it is answered with {line}");
    let expected = "an operation".to_owned();
    of_status(operation, code, &UNIMPLEMENTED_OPERATION, message, expected)
}

fn failure(operation: &Operation, code: u16, success: &Success) -> Difference {
    let (name, line) = (operation.name(), describe_status(code));
    let message = format!("{name} is answered with {line}, which is not documented");
    of_status(operation, code, &SERVER_ERROR, message, success.describe())
}

/// A refusal with another status than those that the page lists; nothing if it lists none.
fn refusal(operation: &Operation, code: u16) -> Option<Difference> {
    let stated = operation.responses.iter();
    let mut stated = stated.filter_map(|it| match &it.status {
        Status::Code(fact) if (400..500).contains(&fact.value) => Some(fact),
        _ => None,
    });
    let first = stated.next()?;
    let mut codes = vec![describe_status(first.value)];
    codes.extend(stated.map(|it| describe_status(it.value)));
    codes.dedup();
    let (name, line, expected) = (operation.name(), describe_status(code), codes.join(" or "));
    let message = format!("{name} is refused with {line}, and {expected} is documented");
    Some(Difference {
        severity: Severity::Warning,
        span: first.evidence.span,
        ..of_status(operation, code, &UNDOCUMENTED_STATUS, message, expected)
    })
}

fn of_status(
    operation: &Operation,
    code: u16,
    rule: &'static Rule,
    message: String,
    expected: String,
) -> Difference {
    Difference {
        rule,
        severity: rule.severity,
        span: operation.endpoint.evidence.span,
        message,
        subject: "endpoint".to_owned(),
        path: None,
        expected,
        observed: describe_status(code),
        label: String::new(),
        mismatch: None,
    }
}

/// A path with `{}` for what looks like an id, so that the things of one kind are one.
fn generic(path: &str) -> String {
    let segments = path.split('/').map(|segment| {
        let has_digit = segment.bytes().any(|byte| byte.is_ascii_digit());
        let is_version = segment.len() <= 4 && segment.starts_with(['v', 'V']);
        if has_digit && !is_version || segment.len() > 32 {
            "{}"
        } else {
            segment
        }
    });
    segments.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::generic;

    #[test]
    fn what_looks_like_an_id_is_left_out_of_a_path() {
        assert_eq!(generic("/v1/books/42/pages"), "/v1/books/{}/pages");
        assert_eq!(generic("/books/book_7Hq2"), "/books/{}");
        assert_eq!(generic("/v10/books"), "/v10/books");
        assert_eq!(generic("/books/new"), "/books/new");
    }
}
