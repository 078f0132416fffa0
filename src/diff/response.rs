//! Two revisions of the answers of one operation.

use crate::diagnostic::Severity;
use crate::model::{Operation, Response, ResponseHeader};
use crate::source::Span;

use super::shape::{self, Direction};
use super::{Changes, rules, worst};

pub(super) fn compare(changes: &mut Changes, old: &Operation, new: &Operation) {
    responses(changes, old, new);
    headers(changes, old, new);
}

/// Responses of one status: variants by their names, others in their order.
fn responses(changes: &mut Changes, old: &Operation, new: &Operation) {
    let mut left: Vec<&Response> = new.responses.iter().collect();
    for before in &old.responses {
        let same = left.iter().position(|after| is_same(before, after));
        let same = same.or_else(|| left.iter().position(|after| may_be_same(before, after)));
        if let Some(index) = same {
            body(changes, before, left.remove(index), new);
        } else if let Some(code) = before.status.code()
            && !has_status(new, code)
        {
            let severity = if before.status.is_success() {
                Severity::Error
            } else {
                Severity::Warning
            };
            changes.push(
                &rules::REMOVED_STATUS,
                severity,
                new.endpoint.evidence.span,
                place(before),
                format!("the status {code} is no longer documented"),
                &before.status.subject(),
            );
        }
    }
    for after in left {
        if let Some(code) = after.status.code()
            && !has_status(old, code)
        {
            changes.push(
                &rules::ADDED_STATUS,
                Severity::Info,
                place(after).unwrap_or(new.endpoint.evidence.span),
                None,
                format!("the status {code} is new"),
                &after.status.subject(),
            );
        }
    }
}

fn is_same(old: &Response, new: &Response) -> bool {
    may_be_same(old, new) && old.status.code() == new.status.code()
}

/// True also where only one side states the number of the status.
fn may_be_same(old: &Response, new: &Response) -> bool {
    let name = |response: &Response| response.variant.as_ref().map(|it| it.value.clone());
    let codes = old.status.code().zip(new.status.code());
    old.status.is_success() == new.status.is_success()
        && codes.is_none_or(|(before, after)| before == after)
        && name(old) == name(new)
}

fn has_status(operation: &Operation, code: u16) -> bool {
    let mut responses = operation.responses.iter();
    responses.any(|response| response.status.code() == Some(code))
}

fn body(changes: &mut Changes, old: &Response, new: &Response, operation: &Operation) {
    let subject = new.status.subject();
    match (&old.shape, &new.shape) {
        (Some(before), Some(after)) => {
            shape::compare(changes, (before, after), Direction::Response, &subject);
        }
        (Some(before), None) if !old.fields.is_empty() => {
            let most = before
                .evidence
                .map_or(Severity::Info, |it| worst(it.origin));
            changes.push(
                &rules::REMOVED_OUTPUT,
                Severity::Error.min(most),
                operation.endpoint.evidence.span,
                place(old),
                format!("the body of `{subject}` is no longer documented"),
                &subject,
            );
        }
        _ => {}
    }
}

fn headers(changes: &mut Changes, old: &Operation, new: &Operation) {
    let has = |headers: &[ResponseHeader], header: &ResponseHeader| {
        headers.iter().any(|known| {
            let (known_name, name) = (&known.name.value, &header.name.value);
            known_name.eq_ignore_ascii_case(name) && known.status == header.status
        })
    };
    let subject = |header: &ResponseHeader| format!("response.header.{}", header.name.value);
    for before in &old.response_headers {
        if !has(&new.response_headers, before) {
            let evidence = before.name.evidence;
            changes.push(
                &rules::REMOVED_OUTPUT,
                Severity::Error.min(worst(evidence.origin)),
                new.endpoint.evidence.span,
                Some(evidence.span),
                format!(
                    "the header `{}` of answers is no longer documented",
                    before.name.value
                ),
                &subject(before),
            );
        }
    }
    for after in &new.response_headers {
        if !has(&old.response_headers, after) {
            changes.push(
                &rules::ADDED_OUTPUT,
                Severity::Info,
                after.name.evidence.span,
                None,
                format!("the header `{}` of answers is new", after.name.value),
                &subject(after),
            );
        }
    }
}

fn place(response: &Response) -> Option<Span> {
    let field = response
        .fields
        .first()
        .map(|field| field.name.evidence.span);
    field.or_else(|| response.examples.first().map(|example| example.span))
}
