//! A documented member is shown in no example.
//!
//! That is worth knowing, no more: it may be conditional. It is a contradiction if the member is stated to be required,
//! unless the example shows another, undocumented member of the same object in its place: that is another rule's finding.

use std::ops::Range;

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::shape::MismatchKind;
use crate::model::{Field, Origin};
use crate::source::Span;

use super::comparison::{Comparison, Shown};
use super::conditional;
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
        // An example has what its case asks for.
        let is_asked = hidden.is_required() || comparison.is_request() && hidden.is_asked_in_text();
        let is_bound = is_asked && is_bound(comparison, &hidden.path);
        let is_normal = (is_optional && !is_asked || is_bound) && pair.is_none();
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
        let is_normal = is_known || is_bound(comparison, &path);
        let Some(evidence) = mismatch.evidence.filter(|_| by_attribute && !is_normal) else {
            continue;
        };
        let open = mismatch.range.start..mismatch.range.start + 1;
        let message = format!("`{path}` is required, and this example does not show it");
        let diagnostic = Diagnostic::new(&RULE, example.span(&open), message)
            .severity(Severity::Warning)
            .label(format!("no `{}` in here", nesting::split(&path).1))
            .help("add it to the example, or drop `required`")
            .related(evidence.span, "required here")
            .subject(comparison.subject(&path));
        diagnostics.push(
            match alternative(comparison, example, &mismatch.range, &path) {
                Some(other) => of_alternative(diagnostic, comparison, other, &path),
                None => diagnostic.cause(comparison.of_object(&path).of(
                    format!("`{path}`"),
                    "{} are required, and an example does not show them",
                    "add them to the example, or drop `required`",
                )),
            },
        );
    }
}

fn is_bound(comparison: &Comparison<'_>, path: &str) -> bool {
    comparison.field(path).is_some_and(conditional::is_bound)
}

/// What the example shows in the place of a required member, as the text of either says: "this or `name`".
fn alternative<'a>(
    comparison: &Comparison<'a>,
    example: &Shown<'_>,
    object: &Range<usize>,
    path: &str,
) -> Option<&'a Field> {
    let (around, name) = nesting::split(path);
    let start = object.start;
    let object = example.object_at(around.replace("[]", "").trim_start_matches('.'));
    let object = object.filter(|object| object.range.start == start)?;
    let own = comparison.field(path);
    let mut shown = object.members().iter();
    shown.find_map(|member| {
        let other = comparison.field(&nesting::join(around, &member.key))?;
        let is_named = own.is_some_and(|own| says_either(&own.description, &member.key));
        (is_named || says_either(&other.description, name)).then_some(other)
    })
}

/// True if the text names the member as the other of two choices.
fn says_either(text: &str, name: &str) -> bool {
    let mut sentences = text.split_inclusive(['.', ';', '\n']);
    sentences.any(|sentence| {
        let mut words = sentence.split(|c: char| !c.is_alphanumeric() && c != '_');
        let lower = sentence.to_lowercase();
        let is_choice = lower.contains("either")
            || [
                "instead of",
                "in place of",
                "alternative to",
                "alternatively",
                "not needed if",
            ]
            .iter()
            .any(|words| lower.contains(words));
        is_choice && words.any(|word| word == name)
    })
}

/// The example keeps to the text, which `required` contradicts.
fn of_alternative(
    diagnostic: Diagnostic,
    comparison: &Comparison<'_>,
    other: &Field,
    path: &str,
) -> Diagnostic {
    let name = other.name.value.trim();
    diagnostic
        .help(format!(
            "drop `required`: the text has `{name}` in its place"
        ))
        .related(other.open, "documented as an alternative here")
        .cause(comparison.of_object(path).of(
            format!("`{path}`"),
            "{} are required, and an example does not show them",
            format!("drop `required`: the text has `{name}` in their place"),
        ))
}

fn in_no_example(comparison: &Comparison<'_>, hidden: &Hidden<'_>) -> Option<Diagnostic> {
    let path = &hidden.path;
    let is_in_text = comparison.is_request() && hidden.is_asked_in_text();
    let is_required = hidden.is_required() || is_in_text;
    let severity = if is_in_text {
        Severity::Warning
    } else {
        Severity::Error
    };
    let (message, several) = if is_required {
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
    let advice = if is_required {
        "add them to the example, or drop `required`"
    } else {
        "add them to an example, or say when they are absent"
    };
    let cause =
        comparison
            .of_object(&hidden.path)
            .of(format!("`{}`", hidden.path), several, advice);
    let cause = cause.across(format!("{} {}", comparison.side(), hidden.path));
    let place = lacking(comparison, hidden);
    // The one request of a page is what is to be mended.
    if let (true, true, [_], Some(place)) = (
        is_required,
        comparison.is_request(),
        comparison.examples.as_slice(),
        place,
    ) {
        let message = format!("`{path}` is required, and this example does not send it");
        let diagnostic = Diagnostic::new(&RULE, place, message)
            .severity(severity)
            .label(format!("no `{}` in here", nesting::split(path).1))
            .help("add it to the example, or drop `required`")
            .related(span, "required here");
        return Some(diagnostic.subject(comparison.subject(path)).cause(cause));
    }
    let diagnostic = Diagnostic::new(&RULE, span, message)
        .subject(comparison.subject(&hidden.path))
        .cause(cause);
    Some(if is_required {
        let stated = hidden.member.required.as_ref();
        let elsewhere = stated.filter(|it| {
            it.evidence.span.file != span.file || it.evidence.origin == Origin::Specification
        });
        let diagnostic = elsewhere.into_iter().fold(diagnostic, |diagnostic, it| {
            diagnostic.related(it.evidence.span, "required here")
        });
        place
            .into_iter()
            .fold(diagnostic, |diagnostic, place| {
                diagnostic.related(place, "an example without it")
            })
            .severity(severity)
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
        let start = example.object_at(around)?.range.start;
        Some(example.span(&(start..start + 1)))
    })
}
