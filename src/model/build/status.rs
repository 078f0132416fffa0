//! Statuses and variants in the titles of fences, tabs, and accordions, in headings, and in names of fields.
//!
//! A title that starts with, ends with, or brackets a number from 100 to 599 states that status. Without a number,
//! the reason phrase of an error says as much, and the words of an error or of a success say at least on which side it
//! is.

use std::sync::LazyLock;

use crate::model::build::pattern::{Pattern, pattern};
use crate::model::evidence::{Fact, Origin, ReadingRule};
use crate::model::operation::Status;
use crate::model::reason::error_of_phrase;
use crate::source::Span;

static CODE: LazyLock<Pattern> = LazyLock::new(|| {
    // At the start, at the end, or in brackets: "404 Not Found", "HTTP 200", "Unauthorized (401)", "Error - 500".
    pattern(
        r"^\W*(?:HTTP(?:/\d(?:\.\d)?)?\s+)?(?:status(?:\s+code)?:?\s+)?([1-5]\d\d)(?:\D|$)|(?:[(\[]|[-–—:]\s*)([1-5]\d\d)\W*$|\s([1-5]\d\d)$",
    )
});
static ERROR: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:errors?|fail(?:ed|ure|s)?|invalid|unauthori[sz]ed|forbidden|bad request|not found|conflict|denied|rate limit\w*|too many requests|unprocessable|internal server|erro|erreur|fehler|[45]xx)\b",
    )
});
static SUCCESS: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(r"(?i)^\W*(?:2xx|success\w*|ok|created|accepted|erfolg\w*|sucesso|succès|éxito)\b")
});

pub(super) static STATUS_IN_EXAMPLE_TITLE: ReadingRule = ReadingRule {
    name: "status-in-example-title",
    origin: Origin::Attribute,
    summary: "a number from 100 to 599 at either end of the title of an example, or in brackets, is its status",
};
pub(super) static STATUS_IN_TAB_TITLE: ReadingRule = ReadingRule {
    name: "status-in-tab-title",
    origin: Origin::Attribute,
    summary: "the title of a tab, an accordion, or a step states the status of what stands in it",
};
pub(super) static STATUS_IN_HEADING: ReadingRule = ReadingRule {
    name: "status-in-heading",
    origin: Origin::Prose,
    summary: "a heading states the status of what stands below it",
};
static STATUS_AS_FIELD_NAME: ReadingRule = ReadingRule {
    name: "status-as-field-name",
    origin: Origin::Attribute,
    summary: "a field named by a status, such as `404 Not Found`, is a response, and its fields are the members",
};
static STATUS_AS_PHRASE: ReadingRule = ReadingRule {
    name: "status-as-phrase",
    origin: Origin::Prose,
    summary: "a title that is the reason phrase of an error, such as `Not Found`, states its status",
};
/// How the code here reads pages.
pub(super) static READING_RULES: &[&ReadingRule] = &[
    &STATUS_IN_EXAMPLE_TITLE,
    &STATUS_IN_TAB_TITLE,
    &STATUS_IN_HEADING,
    &STATUS_AS_FIELD_NAME,
    &STATUS_AS_PHRASE,
];

/// The status that a title states, if it states one.
pub(super) fn of_title(title: &str, span: Span, rule: &'static ReadingRule) -> Option<Status> {
    if let Some(code) = code(title) {
        return Some(Status::Code(Fact::new(code, span, rule)));
    }
    if let Some(code) = phrase(title) {
        return Some(Status::Code(Fact::new(code, span, &STATUS_AS_PHRASE)));
    }
    if ERROR.is_match(title) {
        return Some(Status::Error);
    }
    SUCCESS.is_match(title).then_some(Status::Success)
}

/// True for a title that states a status, or the range of statuses that it is of, such as `4XX`.
pub(super) fn is_stated(title: &str) -> bool {
    let lower = title.trim().to_lowercase();
    code(title).is_some() || matches!(lower.get(..3), Some("2xx" | "4xx" | "5xx"))
}

/// The status of a field that is named by one, such as `404 Not Found`; names of members are never so.
pub(super) fn of_field_name(name: &str, span: Span) -> Option<Status> {
    let starts = name
        .get(..3)
        .is_some_and(|start| start.bytes().all(|byte| byte.is_ascii_digit()));
    if !starts {
        return None;
    }
    code(name).map(|code| Status::Code(Fact::new(code, span, &STATUS_AS_FIELD_NAME)))
}

fn code(title: &str) -> Option<u16> {
    leading_code(title).or_else(|| code_within(title))
}

/// The number of three digits that a title starts with, as most titles do that state one.
fn leading_code(title: &str) -> Option<u16> {
    let digits = title.bytes().take_while(u8::is_ascii_digit).count();
    let is_code = digits == 3 && title.starts_with(|first| matches!(first, '1'..='5'));
    let digits = title.get(..digits).filter(|_| is_code)?;
    digits.parse().ok()
}

fn code_within(title: &str) -> Option<u16> {
    let found = CODE.captures(title)?;
    (1..=3)
        .find_map(|group| found.get(group))?
        .as_str()
        .parse()
        .ok()
}

/// The status of an error whose reason phrase is all that a title says beside "error", "response", and "example".
///
/// Phrases of successes are left out: `Created` and `Accepted` are states of things as well.
fn phrase(title: &str) -> Option<u16> {
    let lower = title.to_lowercase();
    let words = lower.split(|it: char| !it.is_alphanumeric());
    let words: Vec<&str> = words
        .filter(|word| {
            !matches!(
                *word,
                "" | "error" | "errors" | "response" | "example" | "http"
            )
        })
        .collect();
    let said = words.join(" ");
    let mut others = OTHER_PHRASES.iter();
    let other = others.find(|(phrase, _)| *phrase == said);
    match other {
        // The word "error" is what makes it one.
        Some((phrase, _)) if phrase.ends_with("server") && !ERROR.is_match(title) => None,
        Some((_, code)) => Some(*code),
        None => error_of_phrase(&said),
    }
}

/// What statuses are called beside their present names, without the word "error".
const OTHER_PHRASES: &[(&str, u16)] = &[
    ("internal server", 500),
    ("server", 500),
    ("unauthorised", 401),
    ("unprocessable entity", 422),
    ("payload too large", 413),
    ("request entity too large", 413),
    ("rate limited", 429),
    ("rate limit exceeded", 429),
    ("no encontrado", 404),
    ("não encontrado", 404),
    ("nicht gefunden", 404),
    ("non trouvé", 404),
    ("no autorizado", 401),
    ("não autorizado", 401),
    ("nicht autorisiert", 401),
    ("non autorisé", 401),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    fn status(title: &str) -> Option<(Option<u16>, bool)> {
        let mut sources = Sources::default();
        let file = sources.add(crate::source::SourceFile::new("page.mdx", ""));
        let status = of_title(title, Span::new(file, 0..0), &STATUS_IN_TAB_TITLE)?;
        Some((status.code(), status.is_success()))
    }

    #[test]
    fn a_number_at_either_end_is_a_status() {
        for (title, code) in [
            ("200", 200),
            ("200 - Success", 200),
            ("404 Not Found", 404),
            ("Unauthorized (401)", 401),
            ("HTTP/1.1 201 Created", 201),
            ("Response 422", 422),
            ("Status Code: 500", 500),
        ] {
            assert_eq!(
                status(title).and_then(|status| status.0),
                Some(code),
                "{title}"
            );
        }
    }

    #[test]
    fn the_phrase_of_an_error_is_its_status() {
        for (title, code) in [
            ("Not Found", 404),
            ("Error Response (Not found)", 404),
            ("Error - Forbidden", 403),
            ("Internal Server Error", 500),
            ("Server error", 500),
            ("Too many requests", 429),
            ("Service Unavailable", 503),
            ("No encontrado", 404),
        ] {
            assert_eq!(status(title), Some((Some(code), false)), "{title}");
        }
        assert_eq!(status("Server"), None);
        assert_eq!(status("User not found"), Some((None, false)));
        assert_eq!(status("Gone"), None);
        assert_eq!(status("Created"), Some((None, true)));
    }

    #[test]
    fn words_state_a_side() {
        assert_eq!(status("Error Response"), Some((None, false)));
        assert_eq!(status("Success"), Some((None, true)));
        assert_eq!(status("Response"), None);
        assert_eq!(status("4XX"), Some((None, false)));
        assert_eq!(status("2xx"), Some((None, true)));
        assert_eq!(status("Up to 500 items"), None);
        assert_eq!(status("2000 rows"), None);
    }
}
