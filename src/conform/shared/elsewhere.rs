//! Answers whose members are described on another page: "an array of keys with the members that are described in Add a key",
//! "the object with these extra fields". What the examples of such a page show beside its fields is documented elsewhere.

use std::sync::LazyLock;

use regex::Regex;

use crate::conform::pattern::pattern;
use crate::model::answer;
use crate::model::json::Json;
use crate::model::shape::{Openness, Shape, ShapeKind};
use crate::model::{Api, Operation};
use crate::source::Span;

/// Answers are not looked at deeper.
const DEPTH: usize = 6;

/// Adds members that examples show, where the page sends its readers elsewhere for them.
pub(super) fn add(api: &mut Api) {
    for operation in &mut api.operations {
        if !is_elsewhere(operation) {
            continue;
        }
        let successes = operation.responses.iter_mut();
        for response in successes.filter(|it| it.status.is_success()) {
            let Some(shape) = &mut response.shape else {
                continue;
            };
            for example in &response.examples {
                if let Some(value) = example.value() {
                    complete(shape, value, example.span, 0);
                }
            }
        }
    }
}

fn is_elsewhere(operation: &Operation) -> bool {
    let described = operation.description.iter().map(String::as_str);
    let remarks = operation.remarks.iter().map(|it| it.value.as_str());
    let successes = operation
        .responses
        .iter()
        .filter(|it| it.status.is_success());
    let fields = successes.flat_map(|it| &it.fields);
    let fields = fields.map(|it| it.description.as_str());
    described.chain(remarks).chain(fields).any(sends_elsewhere)
}

/// True for a sentence that says that an answer has members that are not listed here.
fn sends_elsewhere(text: &str) -> bool {
    static ELSEWHERE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)
            \b(?:members?|fields?|properties|attributes|keys)\b[^.]*\b(?:are|is|as)\s+(?:described|documented|listed|explained|shown|defined)\s+(?:in|on|at|under|with|for|elsewhere)\b
            | \b(?:one|two|three|some|these|the\s+following|a\s+few)\s+(?:extra|additional|further|more)\s+(?:members?|fields?|properties|attributes)\b
            | \b(?:one|two|three|a\s+few|some)\s+(?:members?|fields?|properties|attributes)\s+more\b
            | \b(?:everything|all)\s+(?:from|that)\b[^.]*\bplus\b | ,\s*plus\s*: | \b(?:in\s+addition|additionally)\s*[:,]
            | \b(?:also|additionally)\s+(?:has|have|contains?|carr(?:y|ies)|includes?)\b",
        )
    });
    ELSEWHERE.is_match(text)
}

fn complete(shape: &mut Shape, shown: &Json, span: Span, depth: usize) {
    if depth > DEPTH {
        return;
    }
    match &mut shape.kind {
        ShapeKind::Array(items) => {
            for item in shown.items() {
                complete(items, item, span, depth + 1);
            }
        }
        ShapeKind::Object { members, open } => {
            for member in shown.members() {
                match members.iter_mut().find(|it| it.name == member.key) {
                    Some(known) => complete(&mut known.shape, &member.value, span, depth + 1),
                    None if *open != Openness::Closed => {}
                    None => {
                        let kinds = answer::shown_kinds(shown, span);
                        let found = kinds.members().iter().find(|it| it.name == member.key);
                        members.extend(found.cloned());
                    }
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_may_send_its_readers_elsewhere_for_members() {
        for text in [
            "An array of keys with the members that are described in Add a key.",
            "With `include=texts` each key has one member more:",
            "Returns a booking with these extra fields:",
            "Everything from the list, plus:",
            "The user. When it is expanded it also contains the team.",
        ] {
            assert!(sends_elsewhere(text), "{text}");
        }
        for text in [
            "Returns the key.",
            "All members are required.",
            "The keys of the project, newest first.",
            "A key that was deleted.",
        ] {
            assert!(!sends_elsewhere(text), "{text}");
        }
    }
}
