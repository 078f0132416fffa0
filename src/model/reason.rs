//! What the numbers of statuses are called.

/// A status with its reason phrase: `404 Not Found`.
pub fn describe_status(code: u16) -> String {
    let phrase = reason_phrase(code);
    phrase.map_or_else(|| code.to_string(), |phrase| format!("{code} {phrase}"))
}

/// The reason phrase of a status.
pub fn reason_phrase(code: u16) -> Option<&'static str> {
    let known = REASONS.iter().find(|(known, _)| *known == code);
    known.map(|(_, phrase)| *phrase)
}

/// The status of an error by its reason phrase, in any case; one-word phrases that are states of things are none.
pub(super) fn error_of_phrase(phrase: &str) -> Option<u16> {
    let errors = REASONS.iter().filter(|(code, _)| *code >= 400);
    let known = errors.filter(|(_, known)| known.eq_ignore_ascii_case(phrase));
    known
        .map(|(code, _)| *code)
        .find(|code| !matches!(code, 410 | 423))
}

/// <https://www.iana.org/assignments/http-status-codes>, without those that are not met in practice.
const REASONS: &[(u16, &str)] = &[
    (200, "OK"),
    (201, "Created"),
    (202, "Accepted"),
    (203, "Non-Authoritative Information"),
    (204, "No Content"),
    (205, "Reset Content"),
    (206, "Partial Content"),
    (207, "Multi-Status"),
    (301, "Moved Permanently"),
    (302, "Found"),
    (303, "See Other"),
    (304, "Not Modified"),
    (307, "Temporary Redirect"),
    (308, "Permanent Redirect"),
    (400, "Bad Request"),
    (401, "Unauthorized"),
    (402, "Payment Required"),
    (403, "Forbidden"),
    (404, "Not Found"),
    (405, "Method Not Allowed"),
    (406, "Not Acceptable"),
    (408, "Request Timeout"),
    (409, "Conflict"),
    (410, "Gone"),
    (411, "Length Required"),
    (412, "Precondition Failed"),
    (413, "Content Too Large"),
    (414, "URI Too Long"),
    (415, "Unsupported Media Type"),
    (422, "Unprocessable Content"),
    (423, "Locked"),
    (428, "Precondition Required"),
    (429, "Too Many Requests"),
    (500, "Internal Server Error"),
    (501, "Not Implemented"),
    (502, "Bad Gateway"),
    (503, "Service Unavailable"),
    (504, "Gateway Timeout"),
    (507, "Insufficient Storage"),
];
