//! The body beside the documented shape.
//!
//! `Shape::mismatches` decides what matches; here each mismatch gets a rule, a severity by its evidence, and words.
//! Of several variants of a response the one that fits best is taken.

use crate::conform::message::Answer;
use crate::diagnostic::{Diagnostic, Odd, Rule, Severity};
use crate::model::json::{Json, JsonKind};
use crate::model::shape::{Member, Mismatch, MismatchKind, Openness, Shape, ShapeKind};
use crate::model::{Evidence, Fact, Origin, ReadingRule, Response};
use crate::source::Span;

use super::{Case, Seen, start_of, three, times};

/// Another JSON type.
static RESPONSE_TYPE: Rule = Rule {
    name: "response-type",
    severity: Severity::Error,
    summary: "the server answers with a value of another JSON type than its field documents",
};

/// `null`
static RESPONSE_NULL: Rule = Rule {
    name: "response-null",
    severity: Severity::Warning,
    summary: "the server answers with `null` for a member that is not documented as nullable",
};

/// A member that is not there.
static MISSING_RESPONSE_MEMBER: Rule = Rule {
    name: "missing-response-member",
    severity: Severity::Error,
    summary: "the server answers without a member that is promised",
};

/// A member more.
static UNDOCUMENTED_RESPONSE_MEMBER: Rule = Rule {
    name: "undocumented-response-member",
    severity: Severity::Error,
    summary: "the server answers with a member that no field documents",
};

/// A member in another spelling.
static MISSPELLED_RESPONSE_MEMBER: Rule = Rule {
    name: "misspelled-response-member",
    severity: Severity::Error,
    summary: "the server spells a member in another way than its field",
};

/// A value that is not among the documented ones.
static RESPONSE_VALUE: Rule = Rule {
    name: "response-value",
    severity: Severity::Error,
    summary: "the server answers with a value that is not among the documented ones",
};

/// Another notation.
pub(super) static RESPONSE_FORMAT: Rule = Rule {
    name: "response-format",
    severity: Severity::Warning,
    summary: "the server answers with a value in another notation than the documented one",
};

/// Too much or too little.
static RESPONSE_LIMIT: Rule = Rule {
    name: "response-limit",
    severity: Severity::Warning,
    summary: "the server answers with a value outside of the documented range or length",
};

/// The members are all somewhere else.
static MISPLACED_RESPONSE_MEMBERS: Rule = Rule {
    name: "misplaced-response-members",
    severity: Severity::Error,
    summary: "the server answers with an object that has none of the documented members at their place",
};

/// The rules of this file.
pub(super) static RULES: &[&Rule] = &[
    &RESPONSE_TYPE,
    &RESPONSE_NULL,
    &MISSING_RESPONSE_MEMBER,
    &UNDOCUMENTED_RESPONSE_MEMBER,
    &MISSPELLED_RESPONSE_MEMBER,
    &RESPONSE_VALUE,
    &RESPONSE_FORMAT,
    &RESPONSE_LIMIT,
    &MISPLACED_RESPONSE_MEMBERS,
];

/// Compares the body with the response that it fits best.
pub(super) fn check(
    case: &Case<'_>,
    answer: &Answer,
    responses: &[&Response],
    value: &Json,
    into: &mut Vec<Diagnostic>,
) {
    let fits = responses.iter().filter_map(|response| {
        let shape = promised(response)?;
        let mismatches = shape.mismatches(value);
        let has_other_root = mismatches
            .iter()
            .any(|it| it.kind == MismatchKind::WrongType && it.path.subject().is_empty());
        let places: usize = mismatches.iter().map(|it| it.count).sum();
        Some(((has_other_root, places), *response, shape, mismatches))
    });
    let Some((_, response, shape, mismatches)) = fits.min_by_key(|(rank, ..)| *rank) else {
        return;
    };
    if let Some(misplaced) = misplaced(case, answer, &shape, value) {
        into.push(misplaced);
        return;
    }
    for mismatch in &mismatches {
        let odd = three::odd_one_out(response, &shape, mismatch);
        into.push(finding(case, answer, &shape, mismatch, odd));
    }
    if let ShapeKind::Object { .. } | ShapeKind::Array(_) = &shape.kind {
        times::check(case, answer, responses, value, into);
    }
}

/// The subject of a value at a path: `response.user.id`, `response.404.code`, `response[].id`.
pub(super) fn subject(answer: &Answer, path: &str) -> String {
    let of = if (200..300).contains(&answer.status) {
        "response".to_owned()
    } else {
        format!("response.{}", answer.status)
    };
    match path {
        "" => of,
        path if path.starts_with('[') => format!("{of}{path}"),
        path => format!("{of}.{path}"),
    }
}

/// What the fields promise; without fields, examples promise no more than the JSON type of their root.
fn promised(response: &Response) -> Option<Shape> {
    if let Some(shape) = &response.shape {
        return Some(shape.clone());
    }
    let is_refusal = !response.status.is_success();
    let mut shapes: Vec<_> = response
        .examples
        .iter()
        .filter_map(|example| Some(shown(example.value()?, example.span, is_refusal, 0)))
        .collect();
    let last = shapes.pop()?;
    if shapes.is_empty() {
        return Some(last);
    }
    let evidence = last.evidence;
    shapes.push(last);
    Some(Shape::new(ShapeKind::Union(shapes), evidence))
}

/// The kind of body that the examples show, where no field documents it.
static KIND_OF_EXAMPLE: ReadingRule = ReadingRule {
    name: "kind-of-example",
    origin: Origin::Example,
    summary: "a body that no field documents is of the kind that its examples show",
};

/// What an example shows of the kinds of values. A refusal is expected to have the members as well: clients read them,
/// and it rarely has fields of its own.
fn shown(value: &Json, span: Span, is_refusal: bool, depth: usize) -> Shape {
    let evidence = Evidence::new(span, &KIND_OF_EXAMPLE);
    let kind = match &value.kind {
        JsonKind::Null | JsonKind::Elision | JsonKind::Placeholder(_) => ShapeKind::Unknown,
        JsonKind::Bool(_) => ShapeKind::Boolean,
        JsonKind::Number(_) => ShapeKind::Number,
        JsonKind::String(_) => ShapeKind::String,
        JsonKind::Array(_) => ShapeKind::Array(Box::new(Shape::unknown())),
        JsonKind::Object(_) if depth > 1 || value.is_open() => ShapeKind::Unknown,
        JsonKind::Object(members) => {
            let members = members.iter().map(|member| Member {
                name: member.key.clone(),
                shape: shown(&member.value, span, is_refusal, depth + 1),
                required: Some(Fact::new(true, span, &KIND_OF_EXAMPLE))
                    .filter(|_| is_refusal && depth == 0),
                evidence: Some(evidence),
            });
            ShapeKind::Object {
                members: members.collect(),
                open: Openness::Unknown,
            }
        }
    };
    Shape::new(kind, Some(evidence))
}

fn finding(
    case: &Case<'_>,
    answer: &Answer,
    shape: &Shape,
    mismatch: &Mismatch,
    odd: Option<Odd>,
) -> Diagnostic {
    let path = mismatch.path.subject();
    let (rule, message, observed) = words(mismatch);
    let evidence = mismatch.evidence.or(shape.evidence);
    let span = evidence.map_or_else(|| case.endpoint(), |evidence| evidence.span);
    let seen = Seen {
        odd,
        path: Some(mismatch.path.to_string()),
        expected: mismatch.expected.clone(),
        observed: observed + &times(mismatch),
    };
    let message = message + &times(mismatch) + &three::words(odd, mismatch);
    let severity = severity(rule, mismatch, evidence);
    case.finding(rule, span, &message, seen)
        .subject(subject(answer, &path))
        .severity(severity)
        .label(label(mismatch))
}

/// The rule of a mismatch, the message, and what was observed.
fn words(mismatch: &Mismatch) -> (&'static Rule, String, String) {
    let path = mismatch.path.subject();
    let named = if path.is_empty() {
        "the body".to_owned()
    } else {
        format!("`{path}`")
    };
    let Mismatch {
        expected, found, ..
    } = mismatch;
    match mismatch.kind {
        MismatchKind::WrongType => (
            &RESPONSE_TYPE,
            format!("{named} is documented as {expected} and answered as {found}"),
            found.clone(),
        ),
        MismatchKind::Null => (
            &RESPONSE_NULL,
            format!("{named} is documented as {expected} and answered as null"),
            "null".to_owned(),
        ),
        MismatchKind::Missing => (
            &MISSING_RESPONSE_MEMBER,
            format!("{named} is promised and not in the answer"),
            found.clone(),
        ),
        MismatchKind::Undocumented => (
            &UNDOCUMENTED_RESPONSE_MEMBER,
            format!("{named} is in the answer and not documented"),
            found.clone(),
        ),
        MismatchKind::Casing => (
            &MISSPELLED_RESPONSE_MEMBER,
            format!("{named} is documented as {expected} and answered as {found}"),
            found.clone(),
        ),
        MismatchKind::Format => (
            &RESPONSE_FORMAT,
            format!("{named} is documented as {expected} and answered as {found}"),
            found.clone(),
        ),
        MismatchKind::Range | MismatchKind::Length => (
            &RESPONSE_LIMIT,
            format!("{named} is documented as {expected} and answered as {found}"),
            found.clone(),
        ),
        MismatchKind::NotAllowed | MismatchKind::Constant => (
            &RESPONSE_VALUE,
            format!("{named} is documented as {expected} and answered as {found}"),
            found.clone(),
        ),
    }
}

/// One finding in the place of one for each member, if none of several members is at its place.
///
/// Usually they are all there, one level below: `{"data": {…}}` for `{…}`.
fn misplaced(case: &Case<'_>, answer: &Answer, shape: &Shape, value: &Json) -> Option<Diagnostic> {
    let ShapeKind::Object { members, .. } = &shape.kind else {
        return None;
    };
    let [first, _, ..] = members.as_slice() else {
        return None;
    };
    let has_any = |value: &Json| members.iter().any(|it| value.get(&it.name).is_some());
    let kinds = shape.mismatches(value);
    let kinds: Vec<_> = kinds.iter().map(|mismatch| mismatch.kind).collect();
    if value.members().is_empty() || has_any(value) || kinds.contains(&MismatchKind::Casing) {
        return None;
    }
    if !kinds.contains(&MismatchKind::Missing) || !kinds.contains(&MismatchKind::Undocumented) {
        return None;
    }
    let inside = |value: &Json| has_any(value) || value.items().iter().any(has_any);
    let wrapper = value.members().iter().find(|member| inside(&member.value));
    let names = |names: Vec<&str>| start_of(&format!("`{}`", names.join("`, `")), 100);
    let documented = members.iter().map(|member| member.name.as_str());
    let answered = value.members().iter().map(|member| member.key.as_str());
    let message = match wrapper {
        Some(wrapper) => format!("the documented members are inside `{}`", wrapper.key),
        None => "none of the documented members is in the answer".to_owned(),
    };
    let seen = Seen {
        odd: None,
        path: Some("$".to_owned()),
        expected: names(documented.collect()),
        observed: names(answered.collect()),
    };
    let finding = case.finding(
        &MISPLACED_RESPONSE_MEMBERS,
        first.evidence.map_or_else(|| case.endpoint(), |it| it.span),
        &message,
        seen,
    );
    let finding = finding.subject(subject(answer, ""));
    Some(finding.label("the documented members begin here"))
}

/// ` in 2 of 3 items`, for what repeats.
fn times(mismatch: &Mismatch) -> String {
    if mismatch.count > 1 {
        format!(
            " in {} of {} items",
            mismatch.count,
            mismatch.of.max(mismatch.count)
        )
    } else {
        String::new()
    }
}

/// What only prose says, what is only deduced, and what an example shows beyond the kind of the body, is no error.
fn severity(rule: &Rule, mismatch: &Mismatch, evidence: Option<Evidence>) -> Severity {
    let is_closed_world = matches!(
        mismatch.kind,
        MismatchKind::Undocumented | MismatchKind::Missing
    );
    let is_weak = evidence.is_some_and(|it| match it.origin {
        Origin::Prose | Origin::Inferred => !is_closed_world,
        Origin::Example => it.rule.name == KIND_OF_EXAMPLE.name && !mismatch.path.0.is_empty(),
        _ => false,
    });
    if is_weak {
        rule.severity.min(Severity::Warning)
    } else {
        rule.severity
    }
}

fn label(mismatch: &Mismatch) -> String {
    match mismatch.kind {
        MismatchKind::Undocumented => "the documented members do not have it".to_owned(),
        MismatchKind::Missing => "promised here".to_owned(),
        _ => format!("{} here", mismatch.expected),
    }
}
