//! A documented member is shown in no example.
//!
//! That is worth knowing, no more: it may be conditional. It is a contradiction if the member is stated to be required,
//! unless the example shows another, undocumented member of the same object in its place: that is another rule's finding.

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::Origin;
use crate::model::json::{Json, JsonKind};
use crate::model::shape::MismatchKind;
use crate::source::Span;

use super::comparison::Comparison;
use super::hidden::Hidden;
use super::nesting;

pub(super) static RULE: Rule = Rule {
    name: "member-not-shown",
    severity: Severity::Info,
    summary: "a documented member is shown in no example",
};

pub(super) fn check(comparison: &Comparison<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let hidden = &comparison.hidden;
    for hidden in hidden {
        let pair = comparison
            .renamed
            .iter()
            .find(|pair| pair.documented == hidden.path);
        let is_moved = comparison
            .drifts
            .iter()
            .any(|drift| drift.explains_hidden(&hidden.path));
        // Requests normally leave out what is optional, and a specification says what is.
        let is_optional = comparison.is_request() || hidden.is_specified_optional();
        let is_normal = is_optional && !hidden.is_required() && pair.is_none();
        // Under another name it is a finding of `undocumented-member`.
        if !is_moved && !is_normal && pair.is_none() {
            diagnostics.extend(in_no_example(comparison, hidden));
        }
    }
    for (example, mismatch) in comparison.mismatches(MismatchKind::Missing) {
        let path = mismatch.path.subject();
        let by_attribute = mismatch
            .evidence
            .is_some_and(|evidence| evidence.origin >= Origin::Attribute);
        let is_known = hidden.iter().any(|hidden| hidden.path == path)
            || comparison
                .drifts
                .iter()
                .any(|drift| drift.explains_hidden(&path));
        let Some(evidence) = mismatch.evidence.filter(|_| by_attribute && !is_known) else {
            continue;
        };
        let open = mismatch.range.start..mismatch.range.start + 1;
        let message = format!("`{path}` is required, and this example does not show it");
        diagnostics.push(
            Diagnostic::new(&RULE, example.span(&open), message)
                .severity(Severity::Warning)
                .label(format!("no `{}` in here", nesting::split(&path).1))
                .help("add it to the example, or drop `required`")
                .related(evidence.span, "required here")
                .subject(comparison.subject(&path))
                .cause(comparison.of_object(&path).of(
                    format!("`{path}`"),
                    "{} are required, and an example does not show them",
                    "add them to the example, or drop `required`",
                )),
        );
    }
}

fn in_no_example(comparison: &Comparison<'_>, hidden: &Hidden<'_>) -> Option<Diagnostic> {
    let path = &hidden.path;
    let (message, several) = if hidden.is_required() {
        (
            format!("`{path}` is required, and no example shows it"),
            "{} are required, and no example shows them",
        )
    } else {
        (
            format!("`{path}` is documented but shown in no example"),
            "{} are documented but shown in no example",
        )
    };
    let span = hidden.member.evidence?.span;
    let advice = if hidden.is_required() {
        "add them to the example, or drop `required`"
    } else {
        "add them to an example, or say when they are absent"
    };
    let cause =
        comparison
            .of_object(&hidden.path)
            .of(format!("`{}`", hidden.path), several, advice);
    let cause = cause.across(format!("{} {}", comparison.side(), hidden.path));
    let diagnostic = Diagnostic::new(&RULE, span, message)
        .subject(comparison.subject(&hidden.path))
        .cause(cause);
    Some(if hidden.is_required() {
        let stated = hidden.member.required.as_ref();
        let elsewhere = stated.filter(|it| {
            it.evidence.span.file != span.file || it.evidence.origin == Origin::Specification
        });
        let diagnostic = elsewhere.into_iter().fold(diagnostic, |diagnostic, it| {
            diagnostic.related(it.evidence.span, "required here")
        });
        lacking(comparison, hidden)
            .into_iter()
            .fold(diagnostic, |diagnostic, place| {
                diagnostic.related(place, "an example without it")
            })
            .severity(Severity::Error)
            .label("required, so every example must show it")
            .help("add it to the example, or drop `required`")
    } else {
        diagnostic
            .label("documented here")
            .help("add it to an example, or say when it is absent")
    })
}

/// Where the first object begins that the member would stand in.
fn lacking(comparison: &Comparison<'_>, hidden: &Hidden<'_>) -> Option<Span> {
    let around = nesting::split(&hidden.path).0.replace("[]", "");
    let around = around.trim_start_matches('.');
    comparison.examples.iter().find_map(|example| {
        let start = object_at(&example.value, around)?.range.start;
        Some(example.span(&(start..start + 1)))
    })
}

/// The first object at a path, through the items of arrays.
fn object_at<'j>(value: &'j Json, path: &str) -> Option<&'j Json> {
    match &value.kind {
        JsonKind::Array(items) => items.iter().find_map(|item| object_at(item, path)),
        JsonKind::Object(_) if path.is_empty() => Some(value),
        JsonKind::Object(members) => members.iter().find_map(|member| {
            let rest = path.strip_prefix(member.key.as_str())?;
            if rest.is_empty() {
                return object_at(&member.value, rest);
            }
            object_at(&member.value, rest.strip_prefix('.')?)
        }),
        _ => None,
    }
}
