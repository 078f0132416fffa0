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
    let Some(said) = remarks.iter().find(|it| says_json(&it.text.value)) else {
        return;
    };
    for operation in &mut api.operations {
        let headers = statuses(operation).map(|status| header(status, said));
        let headers: Vec<_> = headers.collect();
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
    static OTHERS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:unless|except|if|when|where|most|usually|or\s+(?:csv|xml|yaml|text|html|pdf)|not|text/|csv|xml|html|by\s+default)\b|\+json|json\s+lines|ndjson|jsonl",
        )
    });
    JSON.is_match(sentence) && !OTHERS.is_match(sentence)
}

#[cfg(test)]
mod tests {
    use super::*;

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
