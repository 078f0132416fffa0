//! Examples of what failed, among those of an answer that says in its body how it went: `{"code": 1001, "data": null}`.

use crate::model::json::{Json, JsonKind, Member};
use crate::model::names::letters;

use super::comparison::{Comparison, Shown};
use super::spoken;

/// True if the title of an example of a success calls it one of a failure, or a member at its root says so.
pub(super) fn is_failure(comparison: &Comparison<'_>, example: &Shown<'_>) -> bool {
    let is_titled = || example.title.is_some_and(spoken::tells_failure);
    let mut members = example.value.members().iter();
    comparison.side() == "response"
        && (is_titled() || members.any(|member| tells(comparison, example, member)))
}

/// True for the member that another example of the answer shows as that of a success, and this one as another value: what it
/// is called, and what the titles are, does not matter.
fn tells(comparison: &Comparison<'_>, example: &Shown<'_>, member: &Member) -> bool {
    let others = comparison.examples.iter();
    let mut others = others
        .filter(|other| !std::ptr::eq(*other, example))
        .filter_map(|other| other.value.get(&member.key));
    match &member.value.kind {
        JsonKind::Bool(false) => others.any(|other| other.kind == JsonKind::Bool(true)),
        JsonKind::Number(_) if !is_success(&member.value) => {
            others.any(is_success) && lacks_payload(comparison, example) || is_code(&member.key)
        }
        JsonKind::String(text) => {
            let is_other = |other: &Json| other.as_str().is_some_and(|it| it != text);
            spoken::is_of_errors(&member.key) && !text.is_empty()
                || is_code(&member.key)
                    && lacks_payload(comparison, example)
                    && others.any(is_other)
                || !text.contains(char::is_whitespace) && spoken::tells_failure(text)
        }
        JsonKind::Object(members) => spoken::is_of_errors(&member.key) && !members.is_empty(),
        JsonKind::Array(items) => spoken::is_of_errors(&member.key) && !items.is_empty(),
        _ => false,
    }
}

/// True if `null` stands at the root where another example has an object or a list: other numbers than 0 also count things.
fn lacks_payload(comparison: &Comparison<'_>, example: &Shown<'_>) -> bool {
    let has_parts = |value: &Json| matches!(value.kind, JsonKind::Object(_) | JsonKind::Array(_));
    let mut members = example.value.members().iter();
    members.any(|member| {
        let mut others = comparison.examples.iter();
        member.value.kind == JsonKind::Null
            && others.any(|other| other.value.get(&member.key).is_some_and(has_parts))
    })
}

/// True for the numbers that stand for a success: 0, and those of HTTP.
fn is_success(value: &Json) -> bool {
    let JsonKind::Number(number) = &value.kind else {
        return false;
    };
    number
        .as_u64()
        .is_some_and(|it| it == 0 || (200..300).contains(&it))
}

/// True for what a code of errors is called, where no other example shows it.
fn is_code(key: &str) -> bool {
    const NAMES: [&str; 8] = [
        "code",
        "errcode",
        "errno",
        "retcode",
        "statuscode",
        "resultcode",
        "errorcode",
        "returncode",
    ];
    NAMES.contains(&letters(key).as_str())
}
