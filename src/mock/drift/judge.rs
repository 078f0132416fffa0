//! A request and the answer of a server, against what is documented.
//!
//! Who only looks on cannot know what the server knows: whether an id exists, whether credentials are good, whether it
//! is too much. So a refusal is held against the pages only where these say otherwise, and a request that is not as
//! documented is a drift only if the server takes it: if it is refused, both agree.

use std::sync::Arc;

use crate::diagnostic::Severity;
use crate::model::answer::{
    self, Difference, Received, SERVER_ERROR, Success, UNDOCUMENTED_STATUS, UNIMPLEMENTED_OPERATION,
};
use crate::model::{Location, Operation, Status, describe_status};

use super::{Drift, Side};
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
    let mock = exchange.mock;
    match exchange.lookup {
        Lookup::Operation { index, captured } => {
            let (served, operation) = (mock.operations.get(*index), mock.promised.get(*index));
            match served.zip(operation) {
                Some((served, operation)) => exchange.of_operation(served, operation, captured),
                None => (Vec::new(), Vec::new()),
            }
        }
        Lookup::OtherMethods { index } => (exchange.undocumented(Some(*index)), Vec::new()),
        Lookup::Unknown => (exchange.undocumented(None), Vec::new()),
    }
}

impl Exchange<'_> {
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
        let mut differences = self.status(operation, wrongs.is_empty());
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
    fn status(&self, operation: &Operation, is_conforming: bool) -> Vec<Difference> {
        let code = self.received.status;
        let success = Success::of(operation);
        let is_partial = code == 206 && self.request.headers.contains_key("range");
        if success.covers(code) || is_partial {
            return Vec::new();
        }
        let stated = operation.responses.iter();
        if stated.clone().any(|it| it.status.code() == Some(code)) {
            return Vec::new();
        }
        let mut stated = stated.filter_map(|it| match &it.status {
            Status::Code(fact) if (400..500).contains(&fact.value) => Some(fact),
            _ => None,
        });
        let is_error_in_words = operation
            .responses
            .iter()
            .any(|it| it.status == Status::Error);
        let has_parameters = operation
            .parameters
            .iter()
            .any(|it| it.location == Location::Path);
        let endpoint = operation.endpoint.evidence.span;
        let name = operation.name();
        let line = describe_status(code);
        let difference = |rule, severity, span, message, expected| Difference {
            rule,
            severity,
            span,
            message,
            subject: "endpoint".to_owned(),
            path: None,
            expected,
            observed: line.clone(),
            label: String::new(),
            mismatch: None,
        };
        let found = match code {
            200..=299 => {
                let expected = success.describe();
                let message =
                    format!("{name} is answered with {line}, and {expected} is documented");
                let severity = if success.is_weak {
                    Severity::Warning
                } else {
                    Severity::Error
                };
                let span = success.span.unwrap_or(endpoint);
                difference(&UNDOCUMENTED_STATUS, severity, span, message, expected)
            }
            301 | 302 | 303 | 307 | 308 => {
                let message = format!("{name} is answered with {line}, which is not documented");
                let expected = success.describe();
                let severity = Severity::Warning;
                difference(&UNDOCUMENTED_STATUS, severity, endpoint, message, expected)
            }
            404 if !has_parameters && is_conforming && !is_error_in_words => {
                self.absent(difference, endpoint, &name, &line)
            }
            405 | 501 => self.absent(difference, endpoint, &name, &line),
            // Servers in between answer with these when nobody is behind them.
            502..=504 => return Vec::new(),
            500.. if !is_error_in_words => {
                let message = format!("{name} is answered with {line}, which is not documented");
                let expected = success.describe();
                let severity = SERVER_ERROR.severity;
                difference(&SERVER_ERROR, severity, endpoint, message, expected)
            }
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
            | 431 => {
                return Vec::new();
            }
            400..500 if !is_error_in_words => {
                let Some(first) = stated.next() else {
                    return Vec::new();
                };
                let mut codes = vec![describe_status(first.value)];
                codes.extend(stated.map(|it| describe_status(it.value)));
                codes.dedup();
                let expected = codes.join(" or ");
                let message =
                    format!("{name} is refused with {line}, and {expected} is documented");
                let (severity, span) = (Severity::Warning, first.evidence.span);
                difference(&UNDOCUMENTED_STATUS, severity, span, message, expected)
            }
            _ => return Vec::new(),
        };
        vec![found]
    }

    fn absent(
        &self,
        difference: impl Fn(
            &'static crate::diagnostic::Rule,
            Severity,
            crate::source::Span,
            String,
            String,
        ) -> Difference,
        endpoint: crate::source::Span,
        name: &str,
        line: &str,
    ) -> Difference {
        let message = format!("{name} is documented and not there: it is answered with {line}");
        let severity = UNIMPLEMENTED_OPERATION.severity;
        let expected = "an operation".to_owned();
        difference(
            &UNIMPLEMENTED_OPERATION,
            severity,
            endpoint,
            message,
            expected,
        )
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
