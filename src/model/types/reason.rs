//! The phrases of HTTP statuses, which some sites write where a type belongs.

/// Phrases of RFC 9110 and its relatives, and what authors say in their place; in lower case.
const PHRASES: &[&str] = &[
    "accepted",
    "bad gateway",
    "bad request",
    "conflict",
    "content too large",
    "created",
    "error",
    "expectation failed",
    "failed dependency",
    "failure",
    "forbidden",
    "found",
    "gateway timeout",
    "gone",
    "insufficient storage",
    "internal error",
    "internal server error",
    "length required",
    "locked",
    "method not allowed",
    "moved permanently",
    "multi-status",
    "no content",
    "not acceptable",
    "not found",
    "not implemented",
    "not modified",
    "ok",
    "partial content",
    "payload too large",
    "payment required",
    "permanent redirect",
    "precondition failed",
    "precondition required",
    "rate limit exceeded",
    "rate limited",
    "request timeout",
    "see other",
    "server error",
    "service unavailable",
    "success",
    "successful response",
    "temporary redirect",
    "too many requests",
    "unauthenticated",
    "unauthorized",
    "unprocessable content",
    "unprocessable entity",
    "unsupported media type",
    "validation error",
];

/// True for the phrase of a status, with or without its number: `Not Found`, `404 Not Found`, `404 - Not Found`.
pub(super) fn is_phrase(text: &str) -> bool {
    let status = text
        .split_once(|c: char| !c.is_ascii_digit())
        .filter(|(digits, _)| digits.len() == 3);
    let phrase = status.map_or(text, |(_, rest)| {
        rest.trim_start_matches([' ', '-', '–', ':'])
    });
    PHRASES.contains(&phrase.to_lowercase().as_str())
}
