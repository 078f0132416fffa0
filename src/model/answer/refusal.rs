//! What the examples of refusals have in common, and the status that they repeat.

use crate::diagnostic::Severity;
use crate::model::json::{Json, JsonKind};
use crate::model::{Operation, describe_status};
use crate::source::Span;

use super::Difference;
use super::members::{RESPONSE_VALUE, subject};

/// What the examples of refusals have in common.
pub(super) struct Refusal {
    /// The ways to members that all of them have, if there are several.
    common: Option<Vec<String>>,
    /// True if a body that cannot be read was refused, which says nothing about what is in it.
    is_unread: bool,
    /// The ways to members that are named after the input at fault: each refusal has those of its own.
    keyed: Vec<String>,
}

/// Names of members that errors have, whatever inputs are called.
const OF_ERRORS: &[&str] = &[
    "code", "detail", "details", "error", "errors", "message", "reason", "status", "title", "type",
];

impl Refusal {
    pub(super) fn of(operation: &Operation, is_unread: bool) -> Self {
        let refusals = operation
            .responses
            .iter()
            .filter(|it| !it.status.is_success());
        let examples = refusals
            .flat_map(|it| &it.examples)
            .filter_map(|it| it.value());
        let mut ways: Vec<Vec<String>> = examples.map(ways).collect();
        let last = ways.pop().filter(|_| !ways.is_empty());
        let common = last.map(|mut common| {
            common.retain(|way| ways.iter().all(|other| other.contains(way)));
            common
        });
        Self {
            common,
            is_unread,
            keyed: keyed(operation),
        }
    }

    /// True if every refusal is expected to have a member.
    pub(super) fn has(&self, way: &str) -> bool {
        if self.keyed.iter().any(|keyed| keyed == way) {
            return false;
        }
        let common = self.common.as_ref();
        let is_common = common.is_some_and(|common| common.iter().any(|it| it == way));
        is_common || !self.is_unread && !way.contains('.')
    }
}

/// The ways to members of examples of refusals that are maps from inputs to what is wrong with them: `{"title": ["…"]}`,
/// and `{"errors": {"title": "…"}}`.
fn keyed(operation: &Operation) -> Vec<String> {
    let parameters = operation.parameters.iter().map(|it| &it.field);
    let body = operation.body.iter().flat_map(|body| &body.fields);
    let body = body.flat_map(|field| std::iter::once(field).chain(&field.children));
    let inputs: Vec<&str> = parameters
        .chain(body)
        .map(|field| field.name.value.as_str())
        .collect();
    let refusals = operation
        .responses
        .iter()
        .filter(|it| !it.status.is_success());
    let examples = refusals.flat_map(|it| &it.examples);
    let mut keyed = Vec::new();
    for value in examples.filter_map(|it| it.value()) {
        let inner = value.members().iter();
        let inner = inner.map(|member| (format!("{}.", member.key), &member.value));
        for (way, object) in std::iter::once((String::new(), value)).chain(inner) {
            if is_keyed(object, &inputs) {
                let names = object.members().iter();
                keyed.extend(names.map(|member| format!("{way}{}", member.key)));
            }
        }
    }
    keyed
}

fn is_keyed(object: &Json, inputs: &[&str]) -> bool {
    let members = object.members();
    let is_named = |key: &str| inputs.contains(&key);
    let is_list = |value: &Json| matches!(value.kind, JsonKind::Array(_));
    !members.is_empty()
        && members.iter().all(|member| {
            let is_of_error = OF_ERRORS.contains(&member.key.as_str()) && !is_list(&member.value);
            is_named(&member.key) && !is_of_error
        })
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

/// A member that repeats the status in every example of a refusal, and is another number in the answer.
pub(super) fn own_status(operation: &Operation, status: u16, value: &Json) -> Option<Difference> {
    if (200..300).contains(&status) {
        return None;
    }
    let (way, span) = repeated(operation)?;
    let found = number_at(value, &way).filter(|found| *found != u64::from(status))?;
    let line = describe_status(status);
    Some(Difference {
        rule: &RESPONSE_VALUE,
        severity: Severity::Warning,
        span,
        message: format!("`{way}` is shown as the status and answered as {found} with {line}"),
        subject: subject(status, &way),
        path: Some(format!("$.{way}")),
        expected: status.to_string(),
        observed: found.to_string(),
        label: "shown here".to_owned(),
        mismatch: None,
    })
}

/// The way to the member that is the status in all examples of refusals.
fn repeated(operation: &Operation) -> Option<(String, Span)> {
    let mut known: Option<Vec<(String, Span)>> = None;
    for response in &operation.responses {
        let Some(code) = response.status.code().filter(|code| *code >= 400) else {
            continue;
        };
        for example in &response.examples {
            let Some(shown) = example.value() else {
                continue;
            };
            let is_status = |way: &String| number_at(shown, way) == Some(u64::from(code));
            let same = ways(shown).into_iter().filter(is_status);
            let same: Vec<_> = same.map(|way| (way, example.span)).collect();
            let is_known = |way: &String| same.iter().any(|(it, _)| it == way);
            known = Some(match known {
                Some(known) => known.into_iter().filter(|(way, _)| is_known(way)).collect(),
                None => same,
            });
        }
    }
    known?.into_iter().next()
}

fn number_at(value: &Json, way: &str) -> Option<u64> {
    let mut names = way.split('.');
    let found = names.try_fold(value, |value, name| value.get(name))?;
    match &found.kind {
        JsonKind::Number(_) => found.to_value().as_u64(),
        _ => None,
    }
}
