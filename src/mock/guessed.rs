//! The status of an answer of which a page only says on which side it is: `Order not found` is `404`, `Created` is `201`.
//!
//! The title counts before the code in the body, and what neither says is `400`, or `200`.

use serde_json::Value;

use super::words;

/// What errors are called, and their statuses; the first of them counts.
const ERRORS: &[(&[&str], u16)] = &[
    (&["not found", "no such", "does not exist"], 404),
    (
        &[
            "not authenticated",
            "not logged in",
            "unauthenticated",
            "unauthorized",
            "unauthorised",
            "authentication required",
            "authentication failed",
            "authentication error",
            "wrong password",
            "incorrect password",
            "invalid password",
            "wrong credentials",
            "bad credentials",
            "invalid credentials",
            "incorrect credentials",
            "missing credentials",
            "invalid api key",
            "missing api key",
            "wrong api key",
            "invalid key",
            "missing key",
            "invalid token",
            "missing token",
            "wrong token",
            "token expired",
            "expired token",
            "session expired",
            "expired session",
            "invalid session",
        ],
        401,
    ),
    (
        &[
            "insufficient funds",
            "insufficient balance",
            "insufficient credit",
            "insufficient credits",
            "not enough credits",
            "out of credits",
            "payment required",
            "payment declined",
            "card declined",
        ],
        402,
    ),
    (
        &[
            "forbidden",
            "not allowed",
            "not permitted",
            "permission denied",
            "access denied",
            "missing permission",
            "missing permissions",
            "insufficient permission",
            "insufficient permissions",
            "insufficient scope",
            "no permission",
            "no access",
        ],
        403,
    ),
    (
        &[
            "already",
            "conflict",
            "duplicate",
            "in use",
            "taken",
            "exists",
        ],
        409,
    ),
    (&["too large"], 413),
    (&["unsupported media type"], 415),
    (&["locked"], 423),
    (
        &[
            "too many requests",
            "rate limit",
            "rate limited",
            "throttled",
            "quota exceeded",
        ],
        429,
    ),
    (
        &["internal error", "internal server error", "server error"],
        500,
    ),
    (
        &[
            "service unavailable",
            "temporarily unavailable",
            "maintenance",
        ],
        503,
    ),
];

/// What is wrong with a request, and not which thing is not there, where it is unknown.
const INPUTS: &[&str] = &[
    "command",
    "country",
    "currency",
    "error",
    "event",
    "field",
    "format",
    "key",
    "language",
    "member",
    "method",
    "option",
    "parameter",
    "property",
    "region",
    "type",
    "unit",
    "value",
];

/// The status of an error of whatever status, by its titles, else by what its body calls it.
pub(super) fn of_error(names: &[String], body: Option<&Value>) -> Option<u16> {
    let is_any = names.iter().any(|name| words::folded(name) == "default");
    if is_any {
        return None;
    }
    let titled = names.iter().find_map(|name| {
        let words = words::parts(name);
        by_words(&words).or_else(|| is_unknown_thing(&words).then_some(404))
    });
    titled.or_else(|| codes(body?).find_map(|code| by_words(&words::parts(code))))
}

/// The status of the only success of a page, by its title.
pub(super) fn of_success(names: &[String]) -> Option<u16> {
    names.iter().find_map(|name| {
        let words = words::parts(name);
        let words = words.iter().filter(|it| *it != "response");
        match words.cloned().collect::<Vec<_>>().join(" ").as_str() {
            "created" => Some(201),
            "accepted" => Some(202),
            "no content" => Some(204),
            _ => None,
        }
    })
}

fn by_words(words: &[String]) -> Option<u16> {
    let text = format!(" {} ", words.join(" "));
    let mut errors = ERRORS.iter();
    let found = errors.find(|(phrases, _)| {
        let mut phrases = phrases.iter();
        phrases.any(|phrase| text.contains(&format!(" {phrase} ")))
    });
    found.map(|(_, code)| *code)
}

/// "Unknown report", and not "Unknown parameter" or "Unknown error".
fn is_unknown_thing(words: &[String]) -> bool {
    let at = words.iter().position(|word| word == "unknown");
    let next = at.and_then(|at| words.get(at + 1));
    next.is_some_and(|word| !INPUTS.contains(&word.as_str()))
}

/// What a body calls its error, for programs.
fn codes(body: &Value) -> impl Iterator<Item = &str> {
    const NAMES: [&str; 6] = ["code", "error_code", "errorCode", "type", "error", "reason"];
    let errors = body.get("errors");
    let inside = [
        body.get("error"),
        errors.and_then(|it| it.get(0)),
        errors,
        Some(body),
    ];
    let objects = inside.into_iter().flatten();
    objects.flat_map(|object| NAMES.iter().filter_map(|name| object.get(name)?.as_str()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn error(title: &str, body: &Value) -> Option<u16> {
        of_error(&[title.to_owned()], Some(body))
    }

    #[test]
    fn a_title_tells_the_status_of_an_error() {
        for (title, code) in [
            ("Order not found", Some(404)),
            ("Unknown report", Some(404)),
            ("Unknown parameter", None),
            ("Wrong password", Some(401)),
            ("Email already taken", Some(409)),
            ("Insufficient funds", Some(402)),
            ("Account locked", Some(423)),
            ("Missing parameter", None),
            ("Unlocked", None),
        ] {
            assert_eq!(error(title, &json!({ "error": "x" })), code, "{title}");
        }
    }

    #[test]
    fn a_body_tells_it_where_the_title_does_not() {
        for (body, code) in [
            (json!({ "error": "not_found" }), Some(404)),
            (json!({ "error": { "code": "RATE_LIMITED" } }), Some(429)),
            (json!({ "errors": [{ "code": "email_taken" }] }), Some(409)),
            (json!({ "message": "not found" }), None),
        ] {
            assert_eq!(error("Failure", &body), code, "{body}");
        }
        assert_eq!(error("default", &json!({ "error": "not_found" })), None);
    }

    #[test]
    fn a_title_tells_the_status_of_a_success() {
        let success = |title: &str| of_success(&[title.to_owned()]);
        assert_eq!(success("Created"), Some(201));
        assert_eq!(success("No Content"), Some(204));
        assert_eq!(success("Created by you"), None);
    }
}
