//! Codes of errors that are about a case of their own, such as `card_expired`, and not about how a request is written.
//!
//! Apps switch on codes, so that one that is not true of a request misleads them more than any message.

use serde_json::Value;

use super::words;

/// Deeper errors are not looked at.
const DEEPEST: usize = 4;

/// Words in codes of errors that are about requests of whatever kind.
const GENERAL: [&str; 33] = [
    "invalid",
    "bad",
    "validation",
    "validate",
    "missing",
    "required",
    "malformed",
    "unprocessable",
    "input",
    "inputs",
    "parameter",
    "parameters",
    "param",
    "params",
    "argument",
    "arguments",
    "request",
    "schema",
    "valid",
    "field",
    "fields",
    "body",
    "payload",
    "json",
    "syntax",
    "format",
    "client",
    "error",
    "errors",
    "failed",
    "failure",
    "incorrect",
    "wrong",
];

/// True for the code of a case that has nothing to do with how a request is written, such as `card_expired`.
pub(super) fn is_case(name: &str, text: &str) -> bool {
    let parts = words::parts(text);
    let is_general = |it: &String| GENERAL.contains(&it.as_str());
    let is_code = is_named_code(name) && is_plain(text);
    is_code && parts.len() > 1 && !parts.iter().any(is_general)
}

/// True for the name of a member that holds a code.
fn is_named_code(name: &str) -> bool {
    matches!(
        name,
        "code" | "error" | "errorcode" | "errortype" | "type" | "errorname" | "slug" | "errorkey"
    )
}

/// True for one word, or several with signs between them.
fn is_plain(text: &str) -> bool {
    let is_word = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-' | b'.');
    text.bytes().all(is_word) && text.bytes().any(|it| it.is_ascii_alphabetic())
}

/// True for an error all of whose codes are about requests of whatever kind, or are names of its status.
pub(super) fn is_general(error: &Value, status: u16) -> bool {
    let reason = words::code_of_status(status).unwrap_or_default();
    let reason = words::parts(&reason);
    let is_known = |it: &String| GENERAL.contains(&it.as_str()) || reason.contains(it);
    let is_member = |name: &str, text: &str| {
        let is_about = is_named_code(name) && is_plain(text);
        !is_about || words::parts(text).iter().all(is_known)
    };
    holds(error, &is_member, 0)
}

/// True if all texts of an error, with the names of their members, are as they are wanted.
fn holds(error: &Value, is_wanted: &dyn Fn(&str, &str) -> bool, depth: usize) -> bool {
    match error {
        Value::Object(members) => members.iter().all(|(name, value)| match value {
            Value::String(text) => is_wanted(&words::folded(name), text),
            value => depth >= DEEPEST || holds(value, is_wanted, depth + 1),
        }),
        Value::Array(items) => {
            depth >= DEEPEST || items.iter().all(|it| holds(it, is_wanted, depth + 1))
        }
        _ => true,
    }
}

/// True for an error with the code of such a case.
pub(super) fn is_of_case(error: &Value, depth: usize) -> bool {
    !holds(error, &|name, text| !is_case(name, text), depth)
}

/// The code of a request that is not as it should be, in the notation of another code.
pub(super) fn general(like: &str) -> String {
    let words = ["invalid", "request"];
    let has_upper = like.contains(|it: char| it.is_ascii_uppercase());
    let has_lower = like.contains(|it: char| it.is_ascii_lowercase());
    let separator = like.chars().find(|it| matches!(it, '_' | '-' | '.'));
    match separator {
        Some(separator) if has_upper && !has_lower => {
            words.join(&separator.to_string()).to_uppercase()
        }
        Some(separator) => words.join(&separator.to_string()),
        None if like.starts_with(|it: char| it.is_ascii_uppercase()) => "InvalidRequest".to_owned(),
        None => "invalidRequest".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::mock::telling::{adapt, cause, pick};

    #[test]
    fn an_error_about_another_case_is_made_to_fit() {
        let errors = [
            (
                json!({ "error": "boat_sunk", "message": "The boat is sunk." }),
                json!({ "error": "invalid_request", "message": "size is required." }),
            ),
            (
                json!({ "error": { "code": "BOAT_SUNK", "message": "The boat is sunk." } }),
                json!({ "error": { "code": "INVALID_REQUEST", "message": "size is required." } }),
            ),
            (
                json!({ "type": "BoatSunk", "detail": "The boat is sunk." }),
                json!({ "type": "InvalidRequest", "detail": "size is required." }),
            ),
        ];
        for (error, expected) in errors {
            let causes = [cause("size")];
            assert_eq!(pick(&[Some(error.clone())], &causes, &["size"]), (0, true));
            let mut told = error;
            adapt(&mut told, &causes, &["size"]);
            assert_eq!(told, expected);
        }
        for code in [
            "invalid_request",
            "VALIDATION_ERROR",
            "BadRequest",
            "unprocessable_entity",
        ] {
            let error = json!({ "code": code, "message": "No." });
            assert_eq!(
                pick(&[Some(error)], &[cause("size")], &["size"]),
                (0, false)
            );
        }
    }
}
