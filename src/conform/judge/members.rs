//! The body beside the documented shape.
//!
//! `Shape::mismatches` decides what matches; here each mismatch gets a rule, a severity by its evidence, and words.
//! Of several variants of a response the one that fits best is taken.

use crate::conform::message::Answer;
use crate::conform::plan::Variant;
use crate::diagnostic::{Diagnostic, Odd, Rule, Severity};
use crate::model::json::{Json, JsonKind};
use crate::model::shape::{Member, Mismatch, MismatchKind, Openness, Shape, ShapeKind};
use crate::model::{Evidence, Fact, Origin, ReadingRule, Response};
use crate::source::Span;

use super::{Case, Seen, difference, start_of, three, times};

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
    let refusal = Refusal::of(case);
    let fits = responses.iter().filter_map(|response| {
        let shape = promised(response, &refusal)?;
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
    if let Some(misplaced) =
        misplaced(case, answer, &shape, value).or_else(|| unwrapped(case, answer, &shape, value))
    {
        into.push(misplaced);
        return;
    }
    for mismatch in &mismatches {
        let odd = three::odd_one_out(response, &shape, mismatch);
        let mut finding = finding(case, answer, &shape, mismatch, odd);
        if let (Some(Odd::Server), Some(observation)) = (odd, finding.observation.as_mut()) {
            let example = response.examples.iter().find_map(|it| it.value());
            observation.diff = example.and_then(|example| {
                let kinds = |value: &Json| difference::kinds(&value.to_value());
                difference::of(&kinds(example), &kinds(value))
            });
        }
        into.push(finding);
    }
    if let ShapeKind::Object { .. } | ShapeKind::Array(_) = &shape.kind {
        times::check(case, answer, responses, value, into);
    }
    into.extend(own_status(case, answer, value));
}

/// What the examples of refusals have in common.
struct Refusal {
    /// The ways to members that all of them have, if there are several.
    common: Option<Vec<String>>,
    /// True if a body that cannot be read was refused, which says nothing about what is in it.
    is_unreadable: bool,
}

impl Refusal {
    fn of(case: &Case<'_>) -> Self {
        let refusals = case.operation.responses.iter().filter(|it| !it.status.is_success());
        let examples = refusals.flat_map(|it| &it.examples).filter_map(|it| it.value());
        let mut ways: Vec<Vec<String>> = examples.map(ways).collect();
        let last = ways.pop().filter(|_| !ways.is_empty());
        let common = last.map(|mut common| {
            common.retain(|way| ways.iter().all(|other| other.contains(way)));
            common
        });
        Self {
            common,
            is_unreadable: matches!(case.item.variant, Variant::BrokenBody | Variant::OtherBody),
        }
    }

    /// True if every refusal is expected to have a member.
    fn has(&self, way: &str) -> bool {
        let common = self.common.as_ref();
        let is_common = common.is_some_and(|common| common.iter().any(|it| it == way));
        is_common || !self.is_unreadable && !way.contains('.')
    }
}

/// The names of members, and of the members of those.
fn ways(value: &Json) -> Vec<String> {
    let inner = value.members().iter().flat_map(|member| {
        let name = member.key.clone();
        let inner = member.value.members().iter();
        inner.map(move |it| format!("{name}.{}", it.key))
    });
    let own = value.members().iter().map(|it| it.key.clone());
    own.chain(inner).collect()
}

/// A member that repeats the status in every example of a refusal, and another number in the answer.
fn own_status(case: &Case<'_>, answer: &Answer, value: &Json) -> Option<Diagnostic> {
    if (200..300).contains(&answer.status) {
        return None;
    }
    let mut known: Option<Vec<(String, Span)>> = None;
    for response in &case.operation.responses {
        let Some(code) = response.status.code().filter(|code| *code >= 400) else {
            continue;
        };
        for example in &response.examples {
            let Some(shown) = example.value() else {
                continue;
            };
            let same = ways(shown).into_iter().filter(|way| {
                number_at(shown, way) == Some(u64::from(code))
            });
            let same: Vec<_> = same.map(|way| (way, example.span)).collect();
            known = Some(match known {
                Some(known) => known.into_iter().filter(|(way, _)| same.iter().any(|(it, _)| it == way)).collect(),
                None => same,
            });
        }
    }
    let (way, span) = known?.into_iter().next()?;
    let found = number_at(value, &way).filter(|found| *found != u64::from(answer.status))?;
    let seen = Seen {
        expected: answer.status.to_string(),
        observed: found.to_string(),
        ..Seen::default()
    };
    let message = format!("`{way}` is shown as the status and answered as {found} with {}", answer.status_line());
    let finding = case.finding(&RESPONSE_VALUE, span, &message, seen);
    let finding = finding.subject(subject(answer, &way)).label("shown here");
    Some(finding.severity(Severity::Warning))
}

fn number_at(value: &Json, way: &str) -> Option<u64> {
    let found = way.split('.').try_fold(value, |value, name| value.get(name))?;
    match &found.kind {
        JsonKind::Number(_) => found.to_value().as_u64(),
        _ => None,
    }
}

/// The inside of the one documented member in its place, or the array that it holds.
fn unwrapped(case: &Case<'_>, answer: &Answer, shape: &Shape, value: &Json) -> Option<Diagnostic> {
    let ShapeKind::Object { members, .. } = &shape.kind else {
        return None;
    };
    let is_inside = |member: &&Member| match (&member.shape.kind, &value.kind) {
        (ShapeKind::Array(_), JsonKind::Array(_)) => member.shape.mismatches(value).len() < 3,
        (ShapeKind::Object { members: inner, .. }, JsonKind::Object(_)) => {
            let known = inner.iter().filter(|it| value.get(&it.name).is_some());
            let own = members.iter().any(|it| value.get(&it.name).is_some());
            !own && inner.len() > 1 && known.count() * 2 > inner.len()
        }
        _ => false,
    };
    let mut found = members.iter().filter(is_inside);
    let member = found.next().filter(|_| found.next().is_none())?;
    let name = &member.name;
    let seen = Seen {
        odd: None,
        path: Some("$".to_owned()),
        expected: format!("an object with `{name}`"),
        observed: format!("what `{name}` is to hold, without it"),
        diff: None,
    };
    let finding = case.finding(
        &MISPLACED_RESPONSE_MEMBERS,
        member.evidence.map_or_else(|| case.endpoint(), |it| it.span),
        &format!("the body is what is documented inside `{name}`"),
        seen,
    );
    let finding = finding.subject(subject(answer, name));
    Some(finding.label("documented here"))
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
fn promised(response: &Response, refusal: &Refusal) -> Option<Shape> {
    if let Some(shape) = &response.shape {
        return Some(shape.clone());
    }
    let refusal = (!response.status.is_success()).then_some(refusal);
    let mut shapes: Vec<_> = response
        .examples
        .iter()
        .filter_map(|example| Some(shown(example.value()?, example.span, refusal, "")))
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
fn shown(value: &Json, span: Span, refusal: Option<&Refusal>, way: &str) -> Shape {
    let depth = way.split('.').filter(|name| !name.is_empty()).count();
    let evidence = Evidence::new(span, &KIND_OF_EXAMPLE);
    let kind = match &value.kind {
        JsonKind::Null | JsonKind::Elision | JsonKind::Placeholder(_) => ShapeKind::Unknown,
        JsonKind::Bool(_) => ShapeKind::Boolean,
        JsonKind::Number(_) => ShapeKind::Number,
        JsonKind::String(_) => ShapeKind::String,
        JsonKind::Array(_) => ShapeKind::Array(Box::new(Shape::unknown())),
        JsonKind::Object(_) if depth > 1 || value.is_open() => ShapeKind::Unknown,
        JsonKind::Object(members) => {
            let members = members.iter().map(|member| {
                let dot = if way.is_empty() { "" } else { "." };
                let way = format!("{way}{dot}{}", member.key);
                let is_expected = refusal.is_some_and(|refusal| refusal.has(&way));
                Member {
                    name: member.key.clone(),
                    shape: shown(&member.value, span, refusal, &way),
                    required: Some(Fact::new(true, span, &KIND_OF_EXAMPLE))
                        .filter(|_| is_expected),
                    evidence: Some(evidence),
                }
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
        diff: None,
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
        diff: None,
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
