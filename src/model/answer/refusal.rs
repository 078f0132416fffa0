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
}

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
        Self { common, is_unread }
    }

    /// True if every refusal is expected to have a member.
    pub(super) fn has(&self, way: &str) -> bool {
        let common = self.common.as_ref();
        let is_common = common.is_some_and(|common| common.iter().any(|it| it == way));
        is_common || !self.is_unread && !way.contains('.')
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
