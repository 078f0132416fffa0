//! With which status the pages document each code for programs: `not_found` with 404. Pure.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::bindings::letters;
use crate::conform::pattern::pattern;
use crate::model::shared::Shared;
use crate::model::{Operation, Status};

use super::promises;

/// The code for programs that the body of an error has: the member that is called so, of the body or of the object in it.
pub(crate) fn code_of(body: &Value) -> Option<&str> {
    const NAMES: &[&[&str]] = &[
        &["code", "errorcode", "errcode"],
        &["type", "error", "reason"],
    ];
    let members = body.as_object()?;
    let inner = ["error", "err", "problem"]
        .iter()
        .find_map(|name| members.get(*name)?.as_object());
    let objects = [inner, Some(members)];
    let mut objects = objects.into_iter().flatten();
    objects.find_map(|members| {
        NAMES.iter().find_map(|names| {
            let mut named = members
                .iter()
                .filter(|(name, _)| names.contains(&letters(name).as_str()));
            // "request_error" is a kind of errors that has many statuses.
            let is_kind = |name: &str, it: &str| letters(name) != "code" && it.ends_with("_error");
            named.find_map(|(name, value)| {
                value
                    .as_str()
                    .filter(|it| is_code(it) && !is_kind(name, it))
            })
        })
    })
}

/// True for a word of several parts, as codes are: texts for people, addresses, and plain words are none.
fn is_code(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    text.len() > 3 && text.chars().all(is_part) && text.contains(['_', '-', '.'])
}

/// The statuses that the page of an operation and the page about errors document a code with.
pub(crate) fn statuses(operation: &Operation, shared: &Shared, code: &str) -> Vec<u16> {
    let errors = shared.errors.as_ref();
    let mut found = Vec::new();
    for response in &operation.responses {
        let Status::Code(status) = &response.status else {
            continue;
        };
        let mut shown = response.examples.iter().filter_map(|it| it.value());
        if shown.any(|it| code_of(&it.to_value()) == Some(code)) {
            found.push(status.value);
        }
    }
    let prefix = errors
        .and_then(|it| it.body.as_ref())
        .map_or("", |it| it.prefix.as_str());
    for kind in errors.into_iter().flat_map(|it| &it.kinds) {
        let mut codes = kind.codes.iter();
        if codes.any(|it| format!("{prefix}{}", it.value) == code) {
            found.push(kind.status.value);
            // "If it is a parameter that names it, the status is 400."
            found.extend(numbers(&kind.text.value));
        }
    }
    let fields = operation.body.iter().flat_map(|it| &it.fields);
    let fields = fields.chain(operation.parameters.iter().map(|it| &it.field));
    let remarks = shared.remarks.iter().map(|it| it.text.value.as_str());
    let texts = fields.map(|it| it.description.as_str()).chain(remarks);
    found.extend(texts.flat_map(|text| in_words(text, code)));
    let sentences = promises::sentences(operation);
    found.extend(sentences.flat_map(|text| in_words(&text, code)));
    found.sort_unstable();
    found.dedup();
    found
}

/// The statuses that the sentences which name a code name beside it: "you get a `409` with `name_taken`".
fn in_words(text: &str, code: &str) -> Vec<u16> {
    // Most texts name no code at all.
    if !text.contains(code) {
        return Vec::new();
    }
    let text = text.replace('\n', " ");
    let sentences = text.split(". ").flat_map(|it| it.split(';'));
    let named = sentences.filter(|it| {
        let mut words =
            it.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')));
        words.any(|word| word.trim_end_matches('.') == code)
    });
    named.flat_map(numbers).collect()
}

/// True if words about an error speak of what stands in the URL or in headers.
pub(crate) fn tells_parameters(text: &str) -> bool {
    static PARAMETERS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:query|url|(?:request|http)\s+headers?|headers?\s+(?:has|have|is|are|or)|header\s+values?|parameters?)\b",
        )
    });
    PARAMETERS.is_match(text)
}

/// The statuses of errors that a text names.
fn numbers(text: &str) -> Vec<u16> {
    static STATUS: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b([45]\d\d)\b"));
    let found = STATUS.find_iter(text);
    found.filter_map(|it| it.as_str().parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn bodies_of_errors_have_a_code() {
        for body in [
            json!({"error": {"type": "request_error", "code": "name_taken", "message": "Taken."}}),
            json!({"code": "name_taken", "message": "Taken."}),
            json!({"error": {"type": "name_taken", "message": "Taken."}}),
            json!({"error": "name_taken"}),
            json!({"errorCode": "name_taken"}),
        ] {
            assert_eq!(code_of(&body), Some("name_taken"), "{body}");
        }
        for body in [
            json!({"error": {"code": 17, "message": "Taken."}}),
            json!({"error": "The name is taken."}),
            json!({"type": "https://example.com/problems/taken"}),
            json!({"error": "conflict"}),
            json!([]),
        ] {
            assert_eq!(code_of(&body), None, "{body}");
        }
    }

    #[test]
    fn sentences_name_the_status_of_a_code() {
        for text in [
            "For one more you get a `409` with `shelf_full`.",
            "The answer is `409 shelf_full`.",
            "`shelf_full` (409): there is no room.",
            "An empty one is `422`. When it is full it is refused with `409` and the code `shelf_full`.",
            "409 `shelf_full` There is no room.",
        ] {
            assert_eq!(in_words(text, "shelf_full"), [409], "{text}");
        }
        for text in [
            "`shelf_full` says that there is no room.",
            "409 `shelf_full_2`",
            "409",
        ] {
            assert!(in_words(text, "shelf_full").is_empty(), "{text}");
        }
    }

    #[test]
    fn examples_tables_and_sentences_are_all_looked_at() {
        let errors = "---\ntitle: Errors\n---\n\n```json\n{\"error\": {\"code\": \"not_found\", \"message\": \"No.\"}}\n```\n\n| Status | Code | When |\n| --- | --- | --- |\n| `404` | `not_found` | Nothing there. |\n| `409` | `shelf_full` | No room. |\n";
        let page = "---\napi: POST /books/{id}/move\n---\n\nIs it lent you get a `409` with `book_lent`.\n\n<ResponseExample>\n```json 423\n{\"error\": {\"code\": \"shelf_locked\", \"message\": \"No.\"}}\n```\n</ResponseExample>\n";
        let (_, documentation) = crate::conform::tests::documentation("", &[errors, page]);
        let api = &documentation.api;
        let of = |code: &str| statuses(&api.operations[0], &api.shared, code);
        assert_eq!(of("not_found"), [404]);
        assert_eq!(of("book_lent"), [409]);
        assert_eq!(of("shelf_locked"), [423]);
        assert!(of("other_code").is_empty());
    }
}
