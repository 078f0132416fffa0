//! The body beside the documented shape.
//!
//! `Shape::mismatches` decides what matches; here each mismatch gets a rule, a severity by its evidence, and words.
//! Of several variants of a response the one that fits best is taken.

use crate::diagnostic::{Rule, Severity};
use crate::model::json::{Json, JsonKind};
use crate::model::shape::{Member, Mismatch, MismatchKind, Shape, ShapeKind};
use crate::model::shared::{BODY_OF_ERRORS, NULL_IS_THERE};
use crate::model::{Evidence, Operation, Origin, Response};

use super::promise::{KIND_OF_EXAMPLE, promised};
use super::refusal::Refusal;
use super::{Difference, start_of};

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
pub static MISSING_RESPONSE_MEMBER: Rule = Rule {
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
pub(super) static RESPONSE_VALUE: Rule = Rule {
    name: "response-value",
    severity: Severity::Error,
    summary: "the server answers with a value that is not among the documented ones",
};

/// Another notation.
pub static RESPONSE_FORMAT: Rule = Rule {
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

/// The rules of members of bodies.
pub static MEMBER_RULES: &[&Rule] = &[
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

/// What is wrong with a value, and the response that it fits best; none if its members are all somewhere else.
pub(super) fn compare<'o>(
    operation: &Operation,
    status: u16,
    responses: &[&'o Response],
    value: &Json,
    refusal: &Refusal,
) -> (Vec<Difference>, Option<(&'o Response, Shape)>) {
    let fits = responses.iter().filter_map(|response| {
        let shape = promised(response, refusal, value)?;
        let mismatches = shape.mismatches(value);
        let has_other_root = mismatches
            .iter()
            .any(|it| it.kind == MismatchKind::WrongType && it.path.subject().is_empty());
        let places: usize = mismatches.iter().map(|it| it.count).sum();
        Some(((has_other_root, places), *response, shape, mismatches))
    });
    let Some((_, response, shape, mismatches)) = fits.min_by_key(|(rank, ..)| *rank) else {
        return (Vec::new(), None);
    };
    let misplaced = misplaced(operation, status, &shape, value);
    if let Some(misplaced) = misplaced.or_else(|| unwrapped(operation, status, &shape, value)) {
        return (vec![misplaced], None);
    }
    let differences = mismatches
        .into_iter()
        .map(|mismatch| difference(operation, status, &shape, mismatch));
    (differences.collect(), Some((response, shape)))
}

/// The subject of a value at a path: `response.user.id`, `response.404.code`, `response[].id`.
pub fn subject(status: u16, path: &str) -> String {
    let of = if (200..300).contains(&status) {
        "response".to_owned()
    } else {
        format!("response.{status}")
    };
    match path {
        "" => of,
        path if path.starts_with('[') => format!("{of}{path}"),
        path => format!("{of}.{path}"),
    }
}

fn difference(operation: &Operation, status: u16, shape: &Shape, mismatch: Mismatch) -> Difference {
    let (rule, message, observed) = words(&mismatch);
    let evidence = mismatch.evidence.or(shape.evidence);
    let span = evidence.map_or_else(|| operation.endpoint.evidence.span, |it| it.span);
    let times = times(&mismatch);
    Difference {
        rule,
        severity: if is_never_null(shape, &mismatch, evidence) {
            Severity::Error
        } else {
            severity(rule, &mismatch, evidence)
        },
        span,
        message: message + &times,
        subject: subject(status, &mismatch.path.subject()),
        path: Some(mismatch.path.to_string()),
        expected: mismatch.expected.clone(),
        observed: observed + &times,
        label: label(&mismatch),
        mismatch: Some(mismatch),
    }
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

/// One difference in the place of one for each member, if none of several members is at its place.
///
/// Usually they are all there, one level below: `{"data": {…}}` for `{…}`.
fn misplaced(
    operation: &Operation,
    status: u16,
    shape: &Shape,
    value: &Json,
) -> Option<Difference> {
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
    let evidence = first.evidence;
    Some(Difference {
        rule: &MISPLACED_RESPONSE_MEMBERS,
        severity: MISPLACED_RESPONSE_MEMBERS.severity,
        span: evidence.map_or_else(|| operation.endpoint.evidence.span, |it| it.span),
        message,
        subject: subject(status, ""),
        path: Some("$".to_owned()),
        expected: names(documented.collect()),
        observed: names(answered.collect()),
        label: "the documented members begin here".to_owned(),
        mismatch: None,
    })
}

/// The inside of the one documented member in its place, or the array that it holds.
fn unwrapped(
    operation: &Operation,
    status: u16,
    shape: &Shape,
    value: &Json,
) -> Option<Difference> {
    let ShapeKind::Object { members, .. } = &shape.kind else {
        return None;
    };
    let is_inside = |member: &&Member| match (&member.shape.kind, &value.kind) {
        (ShapeKind::Array(_), JsonKind::Array(_)) => member.shape.mismatches(value).len() < 3,
        (ShapeKind::Object { members: inner, .. }, JsonKind::Object(_)) => {
            // What stands beside it may be there: `{"ok": true, "id": …}` for `{"ok": true, "order": {"id": …}}`.
            let is_beside = |name: &str| members.iter().any(|it| it.name == name);
            let inner: Vec<_> = inner.iter().filter(|it| !is_beside(&it.name)).collect();
            let known = inner.iter().filter(|it| value.get(&it.name).is_some());
            let own = members.iter().any(|it| value.get(&it.name).is_some());
            let least = if own { 2 } else { 1 };
            let is_gone = value.get(&member.name).is_none();
            is_gone && inner.len() > least && known.count() * 2 > inner.len()
        }
        _ => false,
    };
    let mut found = members.iter().filter(is_inside);
    let member = found.next().filter(|_| found.next().is_none())?;
    let name = &member.name;
    let evidence = member.evidence;
    Some(Difference {
        rule: &MISPLACED_RESPONSE_MEMBERS,
        severity: MISPLACED_RESPONSE_MEMBERS.severity,
        span: evidence.map_or_else(|| operation.endpoint.evidence.span, |it| it.span),
        message: format!("the body is what is documented inside `{name}`"),
        subject: subject(status, name),
        path: Some("$".to_owned()),
        expected: format!("an object with `{name}`"),
        observed: format!("what `{name}` is to hold, without it"),
        label: "documented here".to_owned(),
        mismatch: None,
    })
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
        Origin::Example => {
            let rules = [
                KIND_OF_EXAMPLE.name,
                BODY_OF_ERRORS.name,
                NULL_IS_THERE.name,
            ];
            rules.contains(&it.rule.name) && !mismatch.path.0.is_empty()
        }
        _ => false,
    });
    if is_weak {
        rule.severity.min(Severity::Warning)
    } else {
        rule.severity
    }
}

/// True for a `null` in the place of a documented type, where the types of other members beside it say that they may be `null`:
/// who writes `string | null` for one means the other.
fn is_never_null(shape: &Shape, mismatch: &Mismatch, evidence: Option<Evidence>) -> bool {
    mismatch.kind == MismatchKind::Null
        && evidence.is_some_and(|it| it.origin >= Origin::Type)
        && writes_null(shape)
}

/// True if the type of something in a shape says that it may be `null`.
pub fn writes_null(shape: &Shape) -> bool {
    has_nullable(shape, LEVELS)
}

/// Shapes nested deeper are not asked whether they may be `null`.
const LEVELS: usize = 6;

fn has_nullable(shape: &Shape, levels: usize) -> bool {
    let is_typed = shape.nullable.is_some_and(|it| it.origin >= Origin::Type);
    let inside = || match &shape.kind {
        ShapeKind::Array(items) | ShapeKind::Map(items) => has_nullable(items, levels - 1),
        _ => {
            let mut members = shape.members().iter();
            members.any(|it| has_nullable(&it.shape, levels - 1))
        }
    };
    is_typed || levels > 0 && inside()
}

fn label(mismatch: &Mismatch) -> String {
    match mismatch.kind {
        MismatchKind::Undocumented => "the documented members do not have it".to_owned(),
        MismatchKind::Missing => "promised here".to_owned(),
        _ => format!("{} here", mismatch.expected),
    }
}
