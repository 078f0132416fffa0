//! "All responses are JSON": with such a sentence on a page without an endpoint, answers that are shown as JSON state that
//! media type.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::pattern::pattern;
use crate::model::shape::{Shape, ShapeKind};
use crate::model::shared::Remark;
use crate::model::{Api, Fact, Operation, Response, ResponseHeader};

/// Gives the answers that are JSON the header, if a page says that they have it.
pub(super) fn give(api: &mut Api, remarks: &[Remark]) {
    let said = |says: fn(&str) -> bool| remarks.iter().find(|it| says(&it.text.value));
    let (of_all, of_errors) = (said(says_json), said(says_errors_are_json));
    for operation in &mut api.operations {
        let successes = of_all.into_iter().flat_map(|said| {
            let statuses = statuses(operation);
            statuses.map(move |status| header(status, said))
        });
        let errors = of_errors.into_iter().flat_map(|said| {
            let statuses = errors(operation);
            statuses.map(move |status| header(status, said))
        });
        let headers: Vec<_> = successes.chain(errors).collect();
        let is_known = operation
            .response_headers
            .iter()
            .any(|it| it.name.value.eq_ignore_ascii_case("content-type"));
        if !is_known {
            operation.response_headers.extend(headers);
        }
    }
}

/// The statuses of the successes that are JSON and nothing else.
fn statuses(operation: &Operation) -> impl Iterator<Item = u16> {
    let is_json = |it: &&Response| {
        let mut shown = it.examples.iter();
        it.status.is_success()
            && it.media_type.is_none()
            && (it.shape.is_some() || !it.examples.is_empty())
            && shown.all(|example| example.value().is_some())
    };
    let successes = operation
        .responses
        .iter()
        .filter(|it| it.status.is_success());
    let all = successes.clone().all(|it| is_json(&it));
    let codes: Vec<_> = successes.filter_map(|it| it.status.code()).collect();
    codes.into_iter().filter(move |_| all)
}

/// The statuses of the errors that are shown, or described, as JSON.
fn errors(operation: &Operation) -> impl Iterator<Item = u16> {
    let is_json = |it: &&Response| {
        let mut shown = it.examples.iter();
        !it.status.is_success()
            && it.media_type.is_none()
            && (it.shape.is_some() || !it.examples.is_empty())
            && shown.all(|example| example.value().is_some())
    };
    let errors = operation.responses.iter().filter(is_json);
    errors.filter_map(|it| it.status.code())
}

fn header(status: u16, said: &Remark) -> ResponseHeader {
    let evidence = said.text.evidence;
    let mut shape = Shape::new(ShapeKind::String, Some(evidence));
    shape.constraints.constant = Some(Fact {
        value: Value::from("application/json"),
        evidence,
    });
    ResponseHeader {
        name: Fact {
            value: "Content-Type".to_owned(),
            evidence,
        },
        status: Some(status),
        shape: Some(shape),
        shown: None,
        // That there is none at all is a finding of its own.
        is_optional: true,
        description: said.text.value.clone(),
    }
}

/// What leaves room for answers that are not JSON.
static OTHERS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:unless|except|if|when|where|most|usually|or\s+(?:csv|xml|yaml|text|html|pdf)|not|text/|csv|xml|html|by\s+default)\b|\+json|json\s+lines|ndjson|jsonl",
    )
});

/// True for a sentence that says of all errors that they are JSON.
fn says_errors_are_json(sentence: &str) -> bool {
    static JSON: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)^\W*(?:(?:all|every|each|the|our|api)\s+)*errors?\s+(?:(?:responses?|answers?|replies|bodies|body)\s+)?
              (?:is|are|comes?|has|have|uses?|carry|carries|shares?|returns?)\s+(?:\w+\s+){0,4}?`?(?:json|application/json|content-type:\s*application/json)\b",
        )
    });
    JSON.is_match(sentence) && !OTHERS.is_match(sentence)
}

/// True for a sentence that says of all answers that they are JSON.
fn says_json(sentence: &str) -> bool {
    static JSON: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)^\W*(?:
              (?:(?:all|every|each|the|our|api|any)\s+)*(?:(?:requests?|bodies|body|request\s+bodies)\s+and\s+(?:all\s+)?)?(?:(?:api|success(?:ful)?|response)\s+)*(?:responses?|answers?|replies|bodies|body)\s+(?:bodies\s+|body\s+)?
                (?:,?\s*(?:including|also|even)[^,]*,\s*)?
                (?:is|are|come|comes|has|have|use|uses|carry|carries)\s+(?:\w+\s+){0,4}?`?(?:json|application/json|content-type:\s*application/json)
            | (?:the\s+|our\s+)?(?:api|server|we|it)\s+(?:always\s+|only\s+)?(?:returns?|answers?|responds?|replies|speaks?)\s+(?:\w+\s+){0,2}?`?(?:json|application/json)
            )",
        )
    });
    JSON.is_match(sentence) && !OTHERS.is_match(sentence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_say_that_all_errors_are_json() {
        for text in [
            "Every error has the same JSON body, sent with `Content-Type: application/json`:",
            "Errors are JSON objects with a code.",
            "All error responses use `application/json`.",
        ] {
            assert!(says_errors_are_json(text), "{text}");
        }
        for text in [
            "Errors are problem documents in `application/problem+json`.",
            "Most errors are JSON.",
            "Errors in your JSON are refused.",
        ] {
            assert!(!says_errors_are_json(text), "{text}");
        }
    }

    #[test]
    fn sentences_say_that_all_answers_are_json() {
        for text in [
            "All responses are JSON.",
            "Responses are JSON with `Content-Type: application/json; charset=utf-8`.",
            "Every response is a JSON object.",
            "Requests and responses are JSON.",
            "Response bodies are encoded as JSON.",
            "All responses have `Content-Type: application/json`.",
            "The API always returns JSON.",
            "Responses use `application/json`.",
        ] {
            assert!(says_json(text), "{text}");
        }
        for text in [
            "Request bodies are JSON.",
            "Most responses are JSON.",
            "Responses are JSON unless you ask for CSV.",
            "Responses are JSON or XML.",
            "Errors are `application/problem+json`.",
            "Responses are not JSON.",
            "The `metadata` of a response is JSON.",
        ] {
            assert!(!says_json(text), "{text}");
        }
    }
}
