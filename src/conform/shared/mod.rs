//! What pages without an endpoint say of all operations, given to each of them that it can hold for: pure.
//!
//! | status | holds for |
//! | --- | --- |
//! | 401, 403 | what takes credentials |
//! | 404, 410 | what names something in its path |
//! | 400, 422 | what takes inputs |
//! | 409, 412, 423 | what changes something |
//!
//! All others, such as 429 and 500, come whatever was asked, and say nothing about an operation.

mod created;
mod elsewhere;
mod failures;
mod growing;
mod lent;
mod letters;
mod paging;
mod remarks;
mod same;
pub(in crate::conform) mod things;
mod typed;
mod wrapped;

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::pattern::pattern;
use crate::conform::plan::input::{self, Input};
use crate::conform::said::{coded, unlisted};
use crate::model::answer;
use crate::model::build::nest;
use crate::model::shape::{Shape, ShapeKind};
use crate::model::shared::{ErrorBody, ErrorKind, Errors, Remark};
use crate::model::{Api, Fact, Location, Operation, Response, ResponseHeader, Status};

/// Gives each operation what is said of all, and what is said of another one that has the same fields; the fields are
/// nested as the values are, however their names are written.
pub fn spread(api: &mut Api) {
    nest(api);
    wrapped::join(api);
    let shared = std::mem::take(&mut api.shared);
    same::borrow(api);
    elsewhere::add(api);
    things::give(api, &shared.things);
    things::agree(api);
    things::expect_null(api, &shared.remarks);
    for operation in &mut api.operations {
        if let Some(errors) = &shared.errors {
            add_errors(operation, errors, &shared.remarks);
            add_own_codes(operation, errors, &shared.remarks);
            add_headers(operation, &errors.headers, &shared.remarks);
            add_headers(operation, &media_types(errors), &shared.remarks);
        }
        add_headers(operation, &shared.headers, &shared.remarks);
        if let Some(status) = &shared.success {
            add_success(operation, status);
        }
    }
    paging::give(api, &shared.remarks);
    lent::give(api);
    things::note(api, &shared.notations);
    growing::open(api, &shared.remarks);
    typed::give(api, &shared.remarks);
    letters::give(api, &shared.remarks);
    remarks::give(api, &shared.remarks);
    created::give(api, &shared.remarks);
    failures::lend(api);
    api.shared = shared;
}

/// Gives the successes without a status the one that all have, unless the page speaks of another one.
fn add_success(operation: &mut Operation, status: &Fact<u16>) {
    let is_open = answer::Success::of(operation).codes.is_empty();
    for response in &mut operation.responses {
        if is_open && response.status == Status::Success {
            response.status = Status::Code(status.clone());
        }
    }
}

fn add_headers(operation: &mut Operation, headers: &[ResponseHeader], remarks: &[Remark]) {
    for header in headers {
        let name = &header.name.value;
        let is_known = |it: &ResponseHeader, status: Option<u16>| {
            it.name.value.eq_ignore_ascii_case(name) && it.status == status
        };
        let all = std::iter::once(header.status);
        // "Every response, errors included": a header without a status is one of successes.
        let is_of_errors = header.status.is_none()
            && (header.description.contains("error") || is_of_every(&header.description));
        let codes = operation.responses.iter().map(|it| it.status.code());
        // What stands before the service may turn callers away without it.
        let is_known_caller =
            is_of_callers(&header.description) || !header.description.contains("error");
        let has_it = |code: u16| {
            code >= 400
                && !(is_known_caller && matches!(code, 401 | 403))
                && !is_without_headers(code, remarks)
        };
        let errors = codes.filter(|code| is_of_errors && code.is_some_and(has_it));
        let statuses: Vec<_> = all.chain(errors).collect();
        for status in statuses {
            let mut known = operation.response_headers.iter();
            if !known.any(|it| is_known(it, status)) {
                operation.response_headers.push(ResponseHeader {
                    status,
                    ..header.clone()
                });
            }
        }
    }
}

/// True for what is said of every answer, and not of those to some requests.
fn is_of_every(description: &str) -> bool {
    static EVERY: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:every|each|all)\s+(?:http\s+|api\s+)?(?:responses?|answers?|replies|reply)\s+(?:has|have|carr(?:y|ies)|contains?|includes?|comes?|with|is|are|gets?)\b",
        )
    });
    EVERY.is_match(description)
}

/// True if only those have a header who are known: "each answer to a request with a valid key".
fn is_of_callers(description: &str) -> bool {
    static KNOWN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:valid|correct|known|good)\s+(?:\w+\s+)?(?:keys?|tokens?|credentials?|login)\b|\bauthenticated\b|\bauthorized\b",
        )
    });
    KNOWN.is_match(description)
}

/// True if a sentence says that answers of a status have no such headers.
fn is_without_headers(status: u16, remarks: &[Remark]) -> bool {
    static WITHOUT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i)\b(?:not|no|none|without|never|except|n['’]t)\b[^.]*\bheaders?\b")
    });
    let code = status.to_string();
    remarks.iter().any(|it| {
        let text = &it.text.value;
        let mut words = text.split(|c: char| !c.is_ascii_alphanumeric());
        words.any(|word| word == code) && WITHOUT.is_match(text)
    })
}

fn add_errors(operation: &mut Operation, errors: &Errors, remarks: &[Remark]) {
    let stated: Vec<u16> = operation
        .responses
        .iter()
        .filter_map(|it| it.status.code())
        .collect();
    for kind in &errors.kinds {
        let status = kind.status.value;
        let is_stated = stated.contains(&status);
        // What nobody documents is refused whatever else a page says of the status, and what is wrong beside the body may be
        // told apart from what is wrong in it.
        let is_told = unlisted::refuses_unknown_members(&kind.text.value)
            || coded::tells_parameters(&kind.text.value) && matches!(status, 400 | 422);
        if is_stated && is_told {
            operation.remarks.push(kind.text.clone());
        }
        if is_stated || !holds_for(operation, status) {
            continue;
        }
        // What is refused because of its values, and what cannot be read, are told apart by these words; so are credentials
        // that are missing, and others.
        if matches!(status, 400 | 401 | 403 | 422) {
            operation.remarks.push(kind.text.clone());
        }
        let mut codes = operation.responses.iter().map(|it| it.status.code());
        if codes.any(|code| code == Some(status)) {
            continue;
        }
        let has_body = !is_without_body(status, remarks);
        let shared = errors.body.as_ref().filter(|_| has_body);
        operation.responses.push(Response {
            status: Status::Code(kind.status.clone()),
            variant: None,
            fields: errors.fields.iter().filter(|_| has_body).cloned().collect(),
            shape: shared.map(|it| body(it, status, &errors.kinds)),
            media_type: None,
            examples: Vec::new(),
        });
    }
}

/// True if a sentence makes an exception of a status: "you get `401` with a short text (not JSON)".
fn is_without_body(status: u16, remarks: &[Remark]) -> bool {
    static EXCEPTION: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\bnot\s+(?:in\s+|as\s+)?json\b|\b(?:plain|short)\s+text\b|\bas\s+text\b|\b(?:no|without\s+(?:an?\s+)?|(?:an?\s+)?empty\s+)\s*body\b|\bbody\s+is\s+empty\b",
        )
    });
    let code = status.to_string();
    remarks.iter().any(|it| {
        let text = &it.text.value;
        let mut words = text.split(|c: char| !c.is_ascii_alphanumeric());
        words.any(|word| word == code) && EXCEPTION.is_match(text)
    })
}

/// The header that states the media type of all errors, for each of their statuses.
fn media_types(errors: &Errors) -> Vec<ResponseHeader> {
    let Some(media_type) = &errors.media_type else {
        return Vec::new();
    };
    let mut shape = Shape::new(ShapeKind::String, Some(media_type.evidence));
    shape.constraints.constant = Some(Fact {
        value: Value::from(media_type.value.as_str()),
        evidence: media_type.evidence,
    });
    let statuses = errors.kinds.iter().map(|it| it.status.value);
    let headers = statuses.map(|status| ResponseHeader {
        name: Fact {
            value: "Content-Type".to_owned(),
            evidence: media_type.evidence,
        },
        status: Some(status),
        shape: Some(shape.clone()),
        shown: None,
        is_optional: false,
        description: String::new(),
    });
    headers.collect()
}

/// Statuses that the page of an operation lists, each with its code, have the body of all errors with one of these codes.
fn add_own_codes(operation: &mut Operation, errors: &Errors, of_all_pages: &[Remark]) {
    let Some(of_all) = errors.body.as_ref().filter(|it| !it.code.is_empty()) else {
        return;
    };
    let remarks = operation.remarks.clone();
    for response in &mut operation.responses {
        let is_bare = response.shape.is_none() && response.examples.is_empty();
        let Some(status) = response
            .status
            .code()
            .filter(|code| *code >= 400 && is_bare && !is_without_body(*code, of_all_pages))
        else {
            continue;
        };
        let rows = remarks
            .iter()
            .filter(|it| listed_status(&it.value) == Some(status));
        let own: Option<Vec<_>> = rows.map(listed_kind).collect();
        let Some(own) = own.filter(|it| !it.is_empty()) else {
            continue;
        };
        let shared = errors.kinds.iter().filter(|it| it.status.value == status);
        let kinds: Vec<ErrorKind> = own.into_iter().chain(shared.cloned()).collect();
        response.shape = Some(body(of_all, status, &kinds));
    }
}

/// The status that a row of a table begins with.
fn listed_status(row: &str) -> Option<u16> {
    let first = row.trim_start_matches('`').get(..3)?;
    let rest = row.trim_start_matches('`').get(3..)?;
    let is_apart = !rest.starts_with(|c: char| c.is_alphanumeric());
    first.parse().ok().filter(|_| is_apart)
}

/// A row of a table with a status and a code for programs: `` 409 `wallet_frozen` The wallet is frozen ``
fn listed_kind(row: &Fact<String>) -> Option<ErrorKind> {
    let status = listed_status(&row.value)?;
    let rest = row
        .value
        .trim_start_matches('`')
        .get(3..)?
        .trim_start_matches('`');
    let rest = rest.trim_start().strip_prefix('`')?;
    let (code, _) = rest.split_once('`')?;
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let is_code = code.len() > 2
        && code.starts_with(|c: char| c.is_ascii_alphabetic())
        && code.chars().all(is_part);
    is_code.then(|| ErrorKind {
        status: Fact {
            value: status,
            evidence: row.evidence,
        },
        codes: vec![Fact {
            value: code.to_owned(),
            evidence: row.evidence,
        }],
        text: row.clone(),
    })
}

/// An operation that documents one kind of refusal, and nothing else of its status.
pub(in crate::conform) fn with_refusal(
    operation: &Operation,
    errors: &Errors,
    kind: &ErrorKind,
    remarks: &[Remark],
) -> Operation {
    let status = kind.status.value;
    let mut operation = operation.clone();
    operation
        .responses
        .retain(|it| it.status.code() != Some(status));
    let has_body = !is_without_body(status, remarks);
    let of_all = errors.body.as_ref().filter(|_| has_body);
    operation.responses.push(Response {
        status: Status::Code(kind.status.clone()),
        variant: None,
        fields: errors.fields.iter().filter(|_| has_body).cloned().collect(),
        shape: of_all.map(|it| body(it, status, std::slice::from_ref(kind))),
        media_type: None,
        examples: Vec::new(),
    });
    operation
        .response_headers
        .retain(|it| it.status == Some(status));
    add_headers(&mut operation, &errors.headers, remarks);
    operation
}

fn holds_for(operation: &Operation, status: u16) -> bool {
    let has = |location| operation.parameters_in(location).next().is_some();
    let is_named = has(Location::Path) || operation.endpoint.value.path.contains('{');
    match status {
        401 | 403 => !operation.auth.schemes.is_empty(),
        404 | 410 => is_named || input::inputs(operation).iter().any(Input::is_reference),
        400 | 422 => operation.body.is_some() || is_named || has(Location::Query),
        409 | 412 | 423 => !matches!(operation.endpoint.value.method.as_str(), "GET" | "HEAD"),
        _ => false,
    }
}

/// The body of errors of a status: its code is one of those that the page lists for it.
fn body(body: &ErrorBody, status: u16, kinds: &[ErrorKind]) -> Shape {
    let mut shape = body.shape.clone();
    let of_status = kinds.iter().filter(|it| it.status.value == status);
    let codes: Vec<_> = of_status.flat_map(|it| &it.codes).collect();
    let is_complete = kinds
        .iter()
        .filter(|it| it.status.value == status)
        .all(|it| !it.codes.is_empty());
    if let (Some(first), true) = (codes.first(), is_complete)
        && let Some(code) = member_at(&mut shape, &body.code)
    {
        let prefix = &body.prefix;
        let values = codes
            .iter()
            .map(|it| Value::from(format!("{prefix}{}", it.value)));
        let allowed = Fact {
            value: values.collect(),
            evidence: first.evidence,
        };
        code.constraints.allowed = Some(allowed);
    }
    if let (Some(first), Some(member)) = (
        kinds.iter().find(|it| it.status.value == status),
        member_at(&mut shape, &body.status),
    ) {
        member.constraints.constant = Some(Fact {
            value: Value::from(status),
            evidence: first.status.evidence,
        });
    }
    shape
}

fn member_at<'s>(shape: &'s mut Shape, way: &[String]) -> Option<&'s mut Shape> {
    let (first, rest) = way.split_first()?;
    let ShapeKind::Object { members, .. } = &mut shape.kind else {
        return None;
    };
    let member = members.iter_mut().find(|it| it.name == *first)?;
    if rest.is_empty() {
        return Some(&mut member.shape);
    }
    member_at(&mut member.shape, rest)
}

#[cfg(test)]
mod tests {
    use crate::conform::tests::documentation;

    use super::*;

    const ERRORS: &str = "---\ntitle: Errors\n---\n\nEvery error has the same body:\n\n```json\n{\"error\": {\"code\": \"not_found\", \"message\": \"No.\", \"field\": null}}\n```\n\n| Status | Code | When |\n| --- | --- | --- |\n| `400` | `bad_json` | The body is not valid JSON. |\n| `401` | `unauthorized` | The token is missing. The response also has a `WWW-Authenticate` header. |\n| `404` | `not_found` | There is no such thing. |\n| `409` | `wrong_state` | Not now. |\n| `422` | `invalid` | A value is missing. |\n| `500` | `oops` | Our fault. |\n";

    fn spread_over(others: &[&str], page: &str) -> Operation {
        let mut pages = others.to_vec();
        pages.push(page);
        let (_, mut documentation) = documentation("", &pages);
        spread(&mut documentation.api);
        documentation.api.operations.swap_remove(0)
    }

    fn codes(operation: &Operation) -> Vec<u16> {
        let codes = operation.responses.iter();
        codes.filter_map(|it| it.status.code()).collect()
    }

    #[test]
    fn errors_of_one_page_hold_for_what_can_have_them() {
        let read = "---\napi: GET https://api.example.com/books/{id}\nauthMethod: bearer\n---\n";
        let list = "---\napi: GET https://api.example.com/books\n---\n";
        let create = "---\napi: POST https://api.example.com/books\n---\n\n<ParamField body=\"title\" type=\"string\">Title.</ParamField>\n";
        assert_eq!(codes(&spread_over(&[ERRORS], read)), [400, 401, 404, 422]);
        assert_eq!(codes(&spread_over(&[ERRORS], list)), [0; 0]);
        assert_eq!(codes(&spread_over(&[ERRORS], create)), [400, 409, 422]);
    }

    #[test]
    fn a_status_may_have_no_such_body() {
        let read = "---\napi: GET https://api.example.com/books/{id}\nauthMethod: bearer\n---\n";
        let start = "---\ntitle: Start\n---\n\nWithout a token you get `401` with a short text (not JSON).\n";
        let has_shape = |operation: &Operation, code: u16| {
            let responses = operation.responses_for(code);
            responses.iter().any(|it| it.shape.is_some())
        };
        let operation = spread_over(&[ERRORS, start], read);
        let shapes = [401, 404].map(|code| has_shape(&operation, code));
        assert_eq!(shapes, [false, true]);
        assert!(has_shape(&spread_over(&[ERRORS], read), 401));
    }

    #[test]
    fn codes_and_bodies_are_those_of_the_page() {
        let read = "---\napi: GET https://api.example.com/books/{id}\nauthMethod: bearer\n---\n";
        let operation = spread_over(&[ERRORS], read);
        let responses = operation.responses_for(404);
        let shape = responses.first().and_then(|it| it.shape.clone()).unwrap();
        let wrong = |body: &str| {
            let value = crate::model::json::read_strict(body.as_bytes()).unwrap();
            let mismatches = shape.mismatches(&value);
            mismatches
                .iter()
                .map(|it| it.path.subject())
                .collect::<Vec<_>>()
        };
        let right = r#"{"error": {"code": "not_found", "message": "?", "field": "id", "hint": 1}}"#;
        assert_eq!(wrong(right), [""; 0]);
        assert_eq!(
            wrong(r#"{"error": {"code": "missing", "message": "?", "field": null}}"#),
            ["error.code"]
        );
        assert_eq!(
            wrong(r#"{"error": {"code": "not_found", "field": null}}"#),
            ["error.message"]
        );
        let mut headers = operation.response_headers.iter();
        let header = headers.find(|it| it.name.value == "WWW-Authenticate");
        assert_eq!(header.and_then(|it| it.status), Some(401));
    }

    #[test]
    fn errors_that_two_pages_describe_hold_for_none() {
        let read = "---\napi: GET https://api.example.com/books/{id}\n---\n";
        let again = ERRORS.replace("invalid", "wrong");
        assert_eq!(codes(&spread_over(&[ERRORS, &again], read)), [0; 0]);
    }

    #[test]
    fn guides_speak_of_states_and_of_every_answer() {
        let guide = "---\ntitle: The life of an order\n---\n\nAn order starts as a `draft`. Every response, errors included, has an `X-Request-Id` header.\n\n- Only drafts can be deleted.\n\nEach answer tells where you are:\n\n| Header | Meaning |\n| --- | --- |\n| `X-Calls` | Calls, an integer, always `60` |\n";
        let delete = "---\napi: DELETE https://api.example.com/orders/{id}\n---\n";
        let operation = spread_over(&[guide], delete);
        let remarks: Vec<_> = operation
            .remarks
            .iter()
            .map(|it| it.value.as_str())
            .collect();
        assert_eq!(remarks, ["Only drafts can be deleted."]);
        let names = operation
            .response_headers
            .iter()
            .map(|it| it.name.value.as_str());
        assert_eq!(names.collect::<Vec<_>>(), ["X-Request-Id", "X-Calls"]);
        let create = "---\napi: POST https://api.example.com/orders\n---\n\n<ResponseField name=\"id\" type=\"string\">Its id.</ResponseField>\n";
        let operation = spread_over(&[guide], create);
        let remarks: Vec<_> = operation
            .remarks
            .iter()
            .map(|it| it.value.as_str())
            .collect();
        assert_eq!(remarks, ["An order starts as a `draft`."]);
    }

    #[test]
    fn titles_and_lines_say_that_a_table_has_the_headers_of_all_answers() {
        let read = "---\napi: GET https://api.example.com/orders\n---\n";
        let names = |above: &str| {
            let guide = format!(
                "---\ntitle: Basics\n---\n\n{above}\n\n| Header | Meaning |\n| --- | --- |\n| `X-Calls` | Calls, an integer. |\n"
            );
            let operation = spread_over(&[&guide], read);
            let headers = operation.response_headers.into_iter();
            headers.map(|it| it.name.value).collect::<Vec<_>>()
        };
        for above in [
            "## Headers on every answer",
            "## Headers of all responses\n\nThey help you.",
            "Every response tells where you are:",
            "Responses to requests with a valid key tell you where you are:",
            "Our answers have these headers:",
        ] {
            assert_eq!(names(above), ["X-Calls"], "{above}");
        }
        for above in [
            "## Headers",
            "Responses may have these headers:",
            "Requests have these headers:",
            "## Every answer\n\nSome have more.",
        ] {
            assert!(names(above).is_empty(), "{above}");
        }
    }

    #[test]
    fn cells_hold_several_codes() {
        let errors = ERRORS.replace("`wrong_state`", "`wrong_state`, `name_taken`");
        let create = "---\napi: POST https://api.example.com/books\n---\n\n<ParamField body=\"title\" type=\"string\">Title.</ParamField>\n";
        let operation = spread_over(&[&errors], create);
        let mut responses = operation.responses.into_iter();
        let conflict = responses.find(|it| it.status.code() == Some(409)).unwrap();
        let shape = format!("{:?}", conflict.shape.unwrap());
        assert!(shape.contains("wrong_state") && shape.contains("name_taken"));
    }
}
