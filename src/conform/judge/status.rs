//! Is the answer the documented success?

use crate::conform::message::{Answer, Unanswered};
use crate::conform::plan::Variant;
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::answer::{SERVER_ERROR, Success, UNDOCUMENTED_STATUS, UNIMPLEMENTED_OPERATION};
use crate::model::json::Json;
use crate::model::{Operation, Status};

use super::{Case, Seen, start_of};
use crate::conform::said::tolerant;

/// A documented error in place of the success.
static REFUSED_REQUEST: Rule = Rule {
    name: "refused-request",
    severity: Severity::Error,
    summary: "the server answers the documented request with a documented error in place of the success",
};

/// Somewhere else.
static REDIRECTED: Rule = Rule {
    name: "redirected",
    severity: Severity::Error,
    summary: "the server sends the documented request to another URL",
};

/// Silence.
static UNANSWERED_REQUEST: Rule = Rule {
    name: "unanswered-request",
    severity: Severity::Error,
    summary: "the server gives no whole answer to the documented request",
};

/// The rules of this file.
pub(super) static RULES: &[&Rule] = &[
    &SERVER_ERROR,
    &UNDOCUMENTED_STATUS,
    &REFUSED_REQUEST,
    &UNIMPLEMENTED_OPERATION,
    &REDIRECTED,
    &UNANSWERED_REQUEST,
];

/// Judges the status; true if the body is worth a look.
pub(super) fn check(case: &Case<'_>, answer: &Answer, into: &mut Vec<Diagnostic>) -> bool {
    let code = answer.status;
    let success = Success::of(case.operation);
    if success.covers(code) {
        return true;
    }
    if (200..300).contains(&code) && is_told(case.operation, code) {
        return true;
    }
    let responses = &case.operation.responses;
    let is_stated = responses.iter().any(|it| it.status.code() == Some(code));
    let is_error_in_words = code < 500 && responses.iter().any(|it| it.status == Status::Error);
    let (rule, message) = match code {
        _ if is_stated || code >= 400 && is_error_in_words => {
            (&REFUSED_REQUEST, "the documented request is refused")
        }
        404 | 405 | 501 => (&UNIMPLEMENTED_OPERATION, "the operation is not there"),
        500.. => (&SERVER_ERROR, "the server fails"),
        301 | 302 | 303 | 307 | 308 => (&REDIRECTED, "the request is sent elsewhere"),
        _ => (&UNDOCUMENTED_STATUS, "the status is not documented"),
    };
    let line = answer.status_line();
    let span = match rule.name {
        "undocumented-status" | "refused-request" | "server-error" => {
            success.span.unwrap_or_else(|| case.endpoint())
        }
        _ => case.endpoint(),
    };
    let seen = Seen {
        expected: success.describe(),
        observed: observed(answer),
        ..Seen::default()
    };
    let words = match &case.item.variant {
        Variant::Example => String::new(),
        variant => format!(" {}", variant.clause()),
    };
    let message = format!(
        "{message}: {}{words} is answered with {line}",
        case.operation.name()
    );
    let mut diagnostic = case.finding(rule, span, &message, seen);
    if (200..300).contains(&code) && success.is_weak {
        diagnostic.severity = Severity::Warning;
    }
    diagnostic.label = Some(format!("{} documented here", success.describe()));
    diagnostic.help = help(case, answer);
    if matches!(code, 401..=403) && is_stated && tolerant::needs_others(case.operation) {
        diagnostic.severity = Severity::Info;
        diagnostic.help = Some("give credentials that may do this to have it tested".to_owned());
    }
    if matches!(code, 400 | 422)
        && let Some(body) = super::json_of(answer)
        && let Some(input) = super::blame::named_input(case, &body)
    {
        diagnostic.subject = Some(input.subject());
    }
    into.push(diagnostic);
    rule.name == "refused-request"
}

/// True if the running text of the page names a status in code: "There already: it is replaced (`200`)".
fn is_told(operation: &Operation, code: u16) -> bool {
    let described = operation.description.iter().map(String::as_str);
    let remarks = operation.remarks.iter().map(|it| it.value.as_str());
    let code = format!("`{code}`");
    described.chain(remarks).any(|text| text.contains(&code))
}

/// A success whose body says that it is none, although no documented success says so.
pub(super) fn check_words(case: &Case<'_>, answer: &Answer, into: &mut Vec<Diagnostic>) {
    let says_failure =
        |value: serde_json::Value| super::is_failure(Some(case.operation), Some(&value));
    let is_documented =
        case.operation.shown_successes().next().is_none() || documents_failure(case.operation);
    let is_success = (200..300).contains(&answer.status);
    if is_documented || !is_success || !super::json_of(answer).is_some_and(says_failure) {
        return;
    }
    let seen = Seen {
        expected: "a body that says so".to_owned(),
        observed: observed(answer),
        ..Seen::default()
    };
    let message = format!(
        "{} is answered with {}, and its body says that the request failed",
        case.operation.name(),
        answer.status_line()
    );
    let diagnostic = case.finding(&REFUSED_REQUEST, case.endpoint(), &message, seen);
    into.push(diagnostic.severity(Severity::Warning));
}

/// True if an example of a success says of itself that the request failed, or one of an error that has no status of its own
/// does, on a page that states no other one.
pub(crate) fn documents_failure(operation: &Operation) -> bool {
    let says_so = |value: &Json| super::says_failure(Some(&value.to_value()));
    let responses = &operation.responses;
    let mut codes = responses.iter().filter_map(|it| it.status.code());
    let has_code = codes.any(|code| code >= 400);
    let in_words = responses.iter().filter(|it| it.status == Status::Error);
    let examples = in_words.flat_map(|it| &it.examples);
    let mut failures = examples.filter_map(|it| it.value());
    let is_failure = |value: &Json| super::is_failure(Some(operation), Some(&value.to_value()));
    let is_other_code = |value: &Json| super::has_other_code(operation, &value.to_value());
    operation
        .shown_successes()
        .any(|it| says_so(it) || is_failure(it))
        || failures.any(|it| says_so(it) && !has_code || is_other_code(it))
}

/// The finding for a request without an answer.
pub(super) fn unanswered(case: &Case<'_>, reason: &Unanswered) -> Diagnostic {
    let success = Success::of(case.operation);
    let seen = Seen {
        expected: success.describe(),
        observed: reason.to_string(),
        ..Seen::default()
    };
    let words = match &case.item.variant {
        Variant::Example => String::new(),
        variant => format!(" {}", variant.clause()),
    };
    let name = case.operation.name();
    let message = format!("{name}{words} is not answered: {reason}");
    let span = success.span.unwrap_or_else(|| case.endpoint());
    case.finding(&UNANSWERED_REQUEST, span, &message, seen)
        .help("look into the log of the server; --timeout SECONDS gives it more time")
}

/// What the page says about a status, in lower case: its examples, and sentences that name it.
pub(crate) fn words_about(operation: &Operation, code: u16) -> String {
    let responses = operation.responses.iter();
    let responses = responses.filter(|it| it.status.code() == Some(code));
    let examples = responses.flat_map(|it| &it.examples);
    let mut words: Vec<String> = examples.map(|it| it.text.text().to_lowercase()).collect();
    let remarks = operation.remarks.iter().map(|it| &it.value);
    let remarks = remarks.filter(|it| names_status(it, code));
    words.extend(remarks.map(|it| it.to_lowercase()));
    words.join("\n")
}

/// True if a text names a status: "a second one is refused with `409`", and not "status `200` (not 409)".
fn names_status(text: &str, code: u16) -> bool {
    const DENIED: &[&str] = &["not", "never", "no"];
    let number = code.to_string();
    text.match_indices(&number).any(|(at, _)| {
        let before = text.get(..at).unwrap_or_default();
        let mut words = before
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty() && !matches!(*word, "a" | "the" | "HTTP" | "status"));
        let word = words.next_back().unwrap_or_default().to_lowercase();
        !DENIED.contains(&word.as_str())
    })
}

/// The status, where it leads, and what the server says about it.
pub(super) fn observed(answer: &Answer) -> String {
    let line = answer.status_line();
    if let Some(location) = answer.header("location") {
        return format!("{line} to {location}");
    }
    let body = start_of(&String::from_utf8_lossy(&answer.body), 120);
    if body.is_empty() {
        line
    } else {
        format!("{line} with {body}")
    }
}

fn help(case: &Case<'_>, answer: &Answer) -> Option<String> {
    let item = case.item;
    match answer.status {
        300..400 => Some("test the server at the URL that it names, or mend the URL on the page".to_owned()),
        404 if !item.examples.is_empty() => Some(format!(
            "the server may not know the value of the example: give one that it knows with --var {}=VALUE",
            item.examples.join("=VALUE --var ")
        )),
        401 | 403 => Some("give credentials with -H 'Name: value', or a documented placeholder with --var NAME=VALUE".to_owned()),
        400..500 if !item.placeholders.is_empty() => Some(format!(
            "`{}` is sent as it stands: give a value with --var NAME=VALUE",
            item.placeholders.join("`, `")
        )),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::names_status;

    #[test]
    fn a_denied_status_is_not_named() {
        assert!(names_status("A second one is refused with `409`.", 409));
        assert!(names_status("Is not accepted twice (409).", 409));
        assert!(!names_status("All known: status `200 OK` (not 409).", 409));
        assert!(!names_status("It is never a `409`.", 409));
    }
}
