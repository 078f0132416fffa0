//! Two revisions of one operation.

use crate::diagnostic::Severity;
use crate::model::{AuthScheme, Body, Fact, Operation, Origin, Parameter, Response};

use super::shape::{self, Direction};
use super::{Changes, rules};

pub(super) fn compare(changes: &mut Changes, old: &Operation, new: &Operation) {
    if new.deprecated && !old.deprecated {
        let span = new.endpoint.evidence.span;
        let message = format!("`{}` is now deprecated", new.name());
        changes.push(
            &rules::DEPRECATED_OPERATION,
            Severity::Info,
            span,
            None,
            message,
            "endpoint",
        );
    }
    if let (Some(before), Some(after)) = (old.servers.first(), new.servers.first())
        && before.value != after.value
    {
        let message = format!(
            "the base URL is `{}`, and was `{}`",
            after.value, before.value
        );
        let evidence = (before.evidence, after.evidence);
        changes.changed(
            &rules::CHANGED_SERVER,
            Severity::Warning,
            evidence,
            message,
            "endpoint",
        );
    }
    authentication(changes, old, new);
    parameters(changes, old, new);
    bodies(changes, old.body.as_ref(), new.body.as_ref());
    responses(changes, old, new);
}

/// Only what pages state counts: what examples show comes and goes with them.
fn authentication(changes: &mut Changes, old: &Operation, new: &Operation) {
    let stated = |operation: &Operation| -> Vec<Fact<AuthScheme>> {
        let schemes = operation.auth.schemes.iter();
        schemes
            .filter(|scheme| scheme.evidence.origin > Origin::Example)
            .cloned()
            .collect()
    };
    let (before, after) = (stated(old), stated(new));
    let has = |schemes: &[Fact<AuthScheme>], scheme: &AuthScheme| {
        schemes.iter().any(|known| known.value == *scheme)
    };
    for scheme in after.iter().filter(|scheme| !has(&before, &scheme.value)) {
        let message = format!("requests must be authenticated by {}", scheme.value);
        let span = scheme.evidence.span;
        changes.push(
            &rules::CHANGED_AUTHENTICATION,
            Severity::Error,
            span,
            None,
            message,
            "endpoint",
        );
    }
    for scheme in before.iter().filter(|scheme| !has(&after, &scheme.value)) {
        let message = format!("requests need no {} any more", scheme.value);
        let span = new.endpoint.evidence.span;
        let severity = if after.is_empty() {
            Severity::Info
        } else {
            Severity::Warning
        };
        let place = Some(scheme.evidence.span);
        changes.push(
            &rules::CHANGED_AUTHENTICATION,
            severity,
            span,
            place,
            message,
            "endpoint",
        );
    }
}

fn parameters(changes: &mut Changes, old: &Operation, new: &Operation) {
    let same = |one: &Parameter, other: &Parameter| {
        let (one_name, other_name) = (&one.field.name.value, &other.field.name.value);
        // Where a parameter stands in a path says which it is, and not its name.
        one.location == other.location
            && match one.location {
                crate::model::Location::Header => one_name.eq_ignore_ascii_case(other_name),
                _ => one_name == other_name,
            }
    };
    let is_named = |parameter: &&Parameter| parameter.location != crate::model::Location::Path;
    for before in old.parameters.iter().filter(is_named) {
        let name = &before.field.name.value;
        let subject = subject(before);
        let Some(after) = new.parameters.iter().find(|after| same(before, after)) else {
            let message = format!(
                "the {} parameter `{name}` is no longer documented",
                before.location.as_str()
            );
            let span = new.endpoint.evidence.span;
            let place = Some(before.field.name.evidence.span);
            changes.push(
                &rules::REMOVED_INPUT,
                Severity::Warning,
                span,
                place,
                message,
                &subject,
            );
            continue;
        };
        let evidence = |parameter: &Parameter| {
            let required = parameter.field.required.as_ref();
            required.map_or(parameter.field.name.evidence, |required| required.evidence)
        };
        let place = (evidence(before), evidence(after));
        match (before.field.is_required(), after.field.is_required()) {
            (false, true) => {
                let message = format!("`{name}` is now required");
                changes.changed(
                    &rules::ADDED_REQUIREMENT,
                    Severity::Error,
                    place,
                    message,
                    &subject,
                );
            }
            (true, false) => {
                let message = format!("`{name}` is no longer required");
                changes.changed(
                    &rules::DROPPED_REQUIREMENT,
                    Severity::Info,
                    place,
                    message,
                    &subject,
                );
            }
            _ => {}
        }
        shape::compare(
            changes,
            (&before.shape, &after.shape),
            Direction::Request,
            &subject,
        );
    }
    for after in new.parameters.iter().filter(is_named) {
        if old.parameters.iter().any(|before| same(before, after)) {
            continue;
        }
        let (rule, severity, word) = if after.field.is_required() {
            (&rules::ADDED_REQUIREMENT, Severity::Error, "required")
        } else {
            (&rules::ADDED_INPUT, Severity::Info, "optional")
        };
        let name = &after.field.name.value;
        let location = after.location.as_str();
        let message = format!("the {word} {location} parameter `{name}` is new");
        let span = after.field.name.evidence.span;
        changes.push(rule, severity, span, None, message, &subject(after));
    }
}

fn subject(parameter: &Parameter) -> String {
    format!(
        "request.{}.{}",
        parameter.location.as_str(),
        parameter.field.name.value
    )
}

fn bodies(changes: &mut Changes, old: Option<&Body>, new: Option<&Body>) {
    const SUBJECT: &str = "request.body";
    match (old, new) {
        (Some(old), Some(new)) => {
            if old.media_type.value != new.media_type.value {
                let message = format!(
                    "the body is `{}`, and was `{}`",
                    new.media_type.value, old.media_type.value
                );
                let evidence = (old.media_type.evidence, new.media_type.evidence);
                changes.changed(
                    &rules::CHANGED_MEDIA_TYPE,
                    Severity::Error,
                    evidence,
                    message,
                    SUBJECT,
                );
            }
            shape::compare(
                changes,
                (&old.shape, &new.shape),
                Direction::Request,
                SUBJECT,
            );
        }
        (None, Some(new)) => {
            let mut members = new.shape.members().iter();
            let required = members.any(|it| it.required.as_ref().is_some_and(|it| it.value));
            let (rule, severity) = if required {
                (&rules::ADDED_REQUIREMENT, Severity::Error)
            } else {
                (&rules::ADDED_INPUT, Severity::Info)
            };
            let span = new.media_type.evidence.span;
            changes.push(
                rule,
                severity,
                span,
                None,
                "requests have a body now".to_owned(),
                SUBJECT,
            );
        }
        (_, None) => {}
    }
}

/// Responses of one status: variants by their names, others in their order.
fn responses(changes: &mut Changes, old: &Operation, new: &Operation) {
    let key = |response: &Response| {
        let variant = response
            .variant
            .as_ref()
            .map(|variant| variant.value.clone());
        (
            response.status.code(),
            response.status.is_success(),
            variant,
        )
    };
    let mut left: Vec<&Response> = new.responses.iter().collect();
    for before in &old.responses {
        let same = left.iter().position(|after| key(after) == key(before));
        if let Some(index) = same {
            let after = left.remove(index);
            if let (Some(old), Some(new)) = (&before.shape, &after.shape) {
                let subject = subject_of(after);
                shape::compare(changes, (old, new), Direction::Response, &subject);
            }
            continue;
        }
        let is_known = new
            .responses
            .iter()
            .any(|after| after.status.code() == before.status.code());
        if let (Some(code), false) = (before.status.code(), is_known) {
            let severity = if before.status.is_success() {
                Severity::Error
            } else {
                Severity::Warning
            };
            let span = new.endpoint.evidence.span;
            let place = place(before);
            let message = format!("the status {code} is no longer documented");
            changes.push(
                &rules::REMOVED_STATUS,
                severity,
                span,
                place,
                message,
                &subject_of(before),
            );
        }
    }
    for after in left {
        let is_known = old
            .responses
            .iter()
            .any(|before| before.status.code() == after.status.code());
        if let (Some(code), false) = (after.status.code(), is_known) {
            let span = place(after).unwrap_or(new.endpoint.evidence.span);
            let message = format!("the status {code} is new");
            changes.push(
                &rules::ADDED_STATUS,
                Severity::Info,
                span,
                None,
                message,
                &subject_of(after),
            );
        }
    }
}

fn place(response: &Response) -> Option<crate::source::Span> {
    let field = response
        .fields
        .first()
        .map(|field| field.name.evidence.span);
    field.or_else(|| response.examples.first().map(|example| example.span))
}

fn subject_of(response: &Response) -> String {
    match response.status.code() {
        Some(code) if !response.status.is_success() => format!("response.{code}"),
        _ => "response".to_owned(),
    }
}
