//! What the examples of refusals have in common, and the status that they repeat.

use crate::diagnostic::Severity;
use crate::model::json::{Json, JsonKind};
use crate::model::{Operation, describe_status};
use crate::source::Span;

use super::Difference;
use super::members::{RESPONSE_VALUE, subject};

/// What the examples of refusals have in common.
#[derive(Clone)]
pub(super) struct Refusal {
    /// The ways to members that all of them have, if there are several.
    common: Option<Vec<String>>,
    /// True if a body that cannot be read was refused, which says nothing about what is in it.
    is_unread: bool,
    /// True if the answer has another code than the example: other errors may have other members.
    is_other: bool,
    /// The ways to members that are named after the input at fault: each refusal has those of its own.
    keyed: Vec<String>,
    /// The names of members that hold the name of the input at fault: a body that cannot be read has none at fault.
    naming: Vec<String>,
}

/// Names of members that errors have, whatever inputs are called.
const OF_ERRORS: &[&str] = &[
    "code", "detail", "details", "error", "errors", "message", "reason", "status", "title", "type",
];

/// Examples of refusals are not looked at deeper.
const DEPTH: usize = 3;

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
            is_other: false,
            keyed: keyed(operation),
            naming: naming(operation),
        }
    }

    /// What is expected beside an example: of an error with another code, no more than what all have in common.
    pub(super) fn beside(&self, example: &Json, value: &Json) -> Self {
        let code = |value: &Json, name: &str| match value.get(name).map(|it| &it.kind) {
            Some(JsonKind::String(text)) if !text.contains(' ') => Some(text.clone()),
            _ => None,
        };
        let names = ["error", "code", "type", "reason", "error_code", "errorCode"];
        let is_other = names.iter().any(|name| {
            let (shown, found) = (code(example, name), code(value, name));
            shown.is_some() && found.is_some() && shown != found
        });
        Self {
            is_other,
            ..self.clone()
        }
    }

    /// True if every refusal is expected to have a member.
    pub(super) fn has(&self, way: &str) -> bool {
        let name = way.rsplit('.').next().unwrap_or(way);
        let is_naming = self.is_unread && self.naming.iter().any(|naming| naming == name);
        if is_naming || self.keyed.iter().any(|keyed| keyed == way) {
            return false;
        }
        let common = self.common.as_ref();
        let is_common = common.is_some_and(|common| common.iter().any(|it| it == way));
        let is_root = !self.is_unread && !way.contains('.');
        let is_of_any = || self.common.is_none() && (OF_ERRORS.contains(&way) || is_verdict(way));
        is_common || is_root && (!self.is_other || is_of_any())
    }
}

/// True for the names of truths that say whether a request worked.
fn is_verdict(name: &str) -> bool {
    matches!(name, "ok" | "success" | "succeeded")
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

/// The names of members that examples of refusals show with the name of an input: `"path": "title"`.
fn naming(operation: &Operation) -> Vec<String> {
    let body = operation.body.iter().flat_map(|body| &body.fields);
    let inputs: Vec<&str> = body.map(|field| field.name.value.as_str()).collect();
    let refusals = operation.responses.iter();
    let refusals = refusals.filter(|it| !it.status.is_success());
    let examples = refusals.flat_map(|it| &it.examples);
    let mut left: Vec<(&Json, usize)> = examples
        .filter_map(|it| Some((it.value()?, DEPTH)))
        .collect();
    let mut naming = Vec::new();
    while let Some((value, depth)) = left.pop() {
        let members = value.members().iter();
        naming.extend(
            members
                .clone()
                .filter_map(|member| match &member.value.kind {
                    JsonKind::String(text) => {
                        let name = text.trim_start_matches(['/', '#']);
                        let name = name.rsplit(['.', '/']).next().unwrap_or(name);
                        inputs.contains(&name).then(|| member.key.clone())
                    }
                    _ => None,
                }),
        );
        if depth > 0 {
            let inner = members.map(|member| &member.value).chain(value.items());
            left.extend(inner.map(|inner| (inner, depth - 1)));
        }
    }
    naming
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
    // What stands in every item of a list: `errors[].detail`.
    let listed = value.members().iter().flat_map(|member| {
        let items = match &member.value.kind {
            JsonKind::Array(items) => items.as_slice(),
            _ => &[],
        };
        let name = member.key.clone();
        let first = items.first().map(Json::members).unwrap_or_default();
        let is_everywhere = |key: &str| items.iter().all(|item| item.get(key).is_some());
        let everywhere = first.iter().filter(|it| is_everywhere(&it.key));
        let ways = everywhere.map(|it| format!("{name}[].{}", it.key));
        ways.collect::<Vec<_>>()
    });
    let own = value.members().iter().map(|it| it.key.clone());
    own.chain(inner).chain(listed).collect()
}

/// A truth that every example of a refusal shows, and no example of a success: `"ok": false`. An answer with an error and
/// the other truth contradicts itself.
pub(super) fn own_truth(operation: &Operation, status: u16, value: &Json) -> Option<Difference> {
    if (200..300).contains(&status) {
        return None;
    }
    let (mut refusals, mut successes) = (Vec::new(), Vec::new());
    for response in &operation.responses {
        let shown = response.examples.iter();
        let shown = shown.filter_map(|it| Some((it.value()?, it.span)));
        if response.status.is_success() {
            successes.extend(shown);
        } else {
            refusals.extend(shown);
        }
    }
    let truth = |value: &Json, name: &str| match value.get(name).map(|it| &it.kind) {
        Some(JsonKind::Bool(truth)) => Some(*truth),
        _ => None,
    };
    let (first, span) = refusals.first()?;
    let found = first.members().iter().find_map(|member| {
        let name = member.key.as_str();
        let shown = truth(first, name)?;
        let is_of_all = refusals
            .iter()
            .all(|(it, _)| truth(it, name) == Some(shown));
        let is_other = successes
            .iter()
            .all(|(it, _)| truth(it, name) == Some(!shown));
        let is_wrong = truth(value, name) == Some(!shown);
        (is_of_all && is_other && !successes.is_empty() && is_wrong).then_some((name, shown))
    });
    let (name, shown) = found?;
    let line = describe_status(status);
    Some(Difference {
        rule: &RESPONSE_VALUE,
        severity: Severity::Warning,
        span: *span,
        message: format!(
            "`{name}` is shown as {shown} in errors and answered as {} with {line}",
            !shown
        ),
        subject: subject(status, name),
        path: Some(format!("$.{name}")),
        expected: shown.to_string(),
        observed: (!shown).to_string(),
        label: "shown here".to_owned(),
        mismatch: None,
    })
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
