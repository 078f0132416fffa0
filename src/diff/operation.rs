//! Two revisions of one operation.

use serde_json::Value;

use crate::diagnostic::Severity;
use crate::model::route::Template;
use crate::model::{AuthScheme, Body, Fact, Field, Location, Operation, Origin, Parameter};
use crate::source::Span;

use super::shape::{self, Direction};
use super::{Changes, response, rules};

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
    path_parameters(changes, old, new);
    parameters(changes, old, new);
    bodies(changes, old, new);
    response::compare(changes, old, new);
}

/// Where a parameter stands in the path says which it is, and not its name.
fn path_parameters(changes: &mut Changes, old: &Operation, new: &Operation) {
    let documented = |operation: &Operation| -> Vec<Option<Parameter>> {
        let template = Template::parse(&operation.endpoint.value.path);
        let find = |name: &String| {
            let mut parameters = operation.parameters.iter();
            let is_it =
                |it: &&Parameter| it.location == Location::Path && it.field.name.value == *name;
            parameters.find(is_it).cloned()
        };
        template.parameters().iter().map(find).collect()
    };
    for pair in documented(old).into_iter().zip(documented(new)) {
        if let (Some(before), Some(after)) = pair {
            let shapes = (&before.shape, &after.shape);
            shape::compare(changes, shapes, Direction::Request, &subject(&after));
        }
    }
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
        one.location == other.location
            && match one.location {
                Location::Header => one_name.eq_ignore_ascii_case(other_name),
                _ => one_name == other_name,
            }
    };
    let is_named = |parameter: &&Parameter| parameter.location != Location::Path;
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
        default(changes, (&before.field, &after.field), &subject);
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

/// What is left out has another value now. Nothing is said of a default that comes or goes: most are only written down.
fn default(changes: &mut Changes, (old, new): (&Field, &Field), subject: &str) {
    if let (Some(before), Some(after)) = (&old.default, &new.default)
        && plain(&before.value) != plain(&after.value)
    {
        let message = format!(
            "`{subject}` is `{}` where it is left out, and was `{}`",
            plain(&after.value),
            plain(&before.value)
        );
        let places = (before.evidence, after.evidence);
        changes.changed(
            &rules::CHANGED_DEFAULT,
            Severity::Warning,
            places,
            message,
            subject,
        );
    }
}

/// A default as people write it: an attribute holds text where running text holds a number.
fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// The defaults of the members of a body.
fn defaults(changes: &mut Changes, (old, new): (&[Field], &[Field]), subject: &str) {
    for before in old {
        let mut same = new.iter().filter(|it| it.name.value == before.name.value);
        // Where a name stands for several fields, nobody says which is which.
        if let (Some(after), None) = (same.next(), same.next()) {
            let subject = format!("{subject}.{}", after.name.value);
            default(changes, (before, after), &subject);
            defaults(changes, (&before.children, &after.children), &subject);
        }
    }
}

fn bodies(changes: &mut Changes, old: &Operation, new: &Operation) {
    const SUBJECT: &str = "request.body";
    match (&old.body, &new.body) {
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
            defaults(changes, (&old.fields, &new.fields), SUBJECT);
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
            changes.push(
                rule,
                severity,
                place(new),
                None,
                "requests have a body now".to_owned(),
                SUBJECT,
            );
        }
        // What only an example shows comes and goes with it.
        (Some(old), None) if !old.fields.is_empty() => {
            let message = "the body of requests is no longer documented".to_owned();
            let span = new.endpoint.evidence.span;
            let before = Some(place(old));
            let (rule, severity) = (&rules::REMOVED_INPUT, Severity::Warning);
            changes.push(rule, severity, span, before, message, SUBJECT);
        }
        (_, None) => {}
    }
}

/// Where a body is documented: at its first field, if it has one.
fn place(body: &Body) -> Span {
    let field = body.fields.first().map(|field| field.name.evidence.span);
    field.unwrap_or(body.media_type.evidence.span)
}
