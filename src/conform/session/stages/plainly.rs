//! What a page says in so many words that it refuses because of a state: it is an error if that is accepted.

use crate::conform::said::promises::{self, OF_STATES};
use crate::model::{Operation, Status};

use super::again::says_unique;

/// True if the page of an operation itself documents how it is refused because of a state.
pub(in crate::conform::session) fn refuses_by_itself(operation: &Operation) -> bool {
    let own = operation.endpoint.evidence.span.file;
    let mut responses = operation.responses.iter();
    let is_stated = responses.any(|it| match &it.status {
        Status::Code(code) => OF_STATES.contains(&code.value) && code.evidence.span.file == own,
        _ => false,
    });
    let mut remarks = operation.remarks.iter();
    is_stated
        || remarks.any(|it| {
            let is_named = OF_STATES
                .iter()
                .any(|code| it.value.contains(&code.to_string()));
            is_named && it.evidence.span.file == own
        })
}

/// True if it does so for what was done, or is there, already.
pub(super) fn refuses_repeats(operation: &Operation) -> bool {
    const WORDS: &[&str] = &["again", "twice", "second time", "only once"];
    let lines = OF_STATES.map(|status| promises::lines_about(operation, status));
    let mut lines = lines.iter().flatten();
    refuses_by_itself(operation)
        && lines.any(|line| says_unique(line) || WORDS.iter().any(|word| line.contains(word)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conform::tests::documentation;

    #[test]
    fn pages_say_plainly_what_is_refused_the_second_time() {
        let says = |text: &str, rest: &str| {
            let page = format!("---\napi: POST /lamps/{{lamp_id}}/lend\n---\n\n{text}\n\n{rest}\n");
            let (_, documentation) = documentation("", &[&page]);
            refuses_repeats(&documentation.api.operations[0])
        };
        let shown = "```json 409\n{\"error\": \"The lamp is lent already.\"}\n```";
        assert!(says("", shown));
        assert!(says(
            "A lamp that is lent already is refused with `409`.",
            ""
        ));
        assert!(says("Lending it twice is answered with `409`.", ""));
        assert!(!says("Lends a lamp.", ""));
        assert!(!says("A broken lamp is refused with `409`.", ""));
    }
}
