//! Headers that sentences speak of: "The `Location` header of the response holds its URL."

use std::sync::LazyLock;

use crate::mdx::markdown::Inline;
use crate::model::build::auth::is_credential;
use crate::model::build::collect::Context;
use crate::model::build::pattern::{Pattern, pattern};
use crate::model::build::sections::Section;
use crate::model::evidence::Fact;
use crate::model::operation::{Location, Parameter, RequestExample, ResponseHeader};

use super::{
    NAMES, ONLY_OF_ANSWERS, Piece, RESPONSE_HEADER_TEXT, is_conditional, is_name, sentences, stated,
};

/// "The `Location` header of the response …", and not "Send the `X-Key` header": the sentence speaks of an answer only.
///
/// Below a heading about answers every sentence does, unless it says what is wrong with requests. Below an error it is
/// about that error.
pub(super) fn of_text(inline: &Inline, context: &Context) -> Vec<ResponseHeader> {
    static REQUEST: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:requests?|send|sent|sends|sending|pass|passed|passing|set|provide[ds]?|include|specify|requires?|required|use|using|must|add|need|needs|authenticat\w*|your)\b",
        )
    });
    static SUBJECT: LazyLock<Pattern> =
        LazyLock::new(|| pattern(r"(?i)^\s*(?:the|every|each|all)?\s*(?:responses?|answers?)\b"));
    static ACTS: LazyLock<Pattern> =
        LazyLock::new(|| pattern(r"(?i)^\s*(?:it\s+)?(?:sends|sets|adds|carries|has)\b"));
    let is_here = context.section == Some(Section::Response);
    let of_answer = |sentence: &Vec<Piece>| {
        let text = text_of(sentence);
        let words = sentence.iter().filter(|part| !part.code);
        let words: Vec<_> = words.map(|part| part.text.as_str()).collect();
        let is_of_answer = is_here || ANSWER.is_match(&text) || names_answer(sentence);
        // "Sends `Cache-Control: no-store`" is about the operation, and "Send …" about its callers.
        let is_subject = SUBJECT.is_match(&text) || names_answer(sentence) && ACTS.is_match(&text);
        is_of_answer && (is_subject || !REQUEST.is_match(&words.join(" ")))
    };
    let sentences = sentences(inline);
    let sentences = sentences.iter().filter(|it| of_answer(it));
    let found = sentences.flat_map(|it| of_sentence(it));
    let found = found.filter(|it| !is_of_request(it));
    let around = context.status.as_ref().filter(|it| !it.is_success());
    match around {
        None => found.collect(),
        // Of an error without a number nothing can be said.
        Some(error) => found
            .filter_map(|header| {
                let status = header.status.or(error.code());
                let is_of_all = EVERY.is_match(&header.description);
                (status.is_some() || is_of_all).then_some(ResponseHeader {
                    status: status.filter(|_| !is_of_all),
                    ..header
                })
            })
            .collect(),
    }
}

/// What speaks of every answer.
static EVERY: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(r"(?i)\b(?:every|each|all|any)\s+(?:\w+\s+)?(?:responses?|answers?|replies|reply)\b")
});

/// What speaks of an answer.
static ANSWER: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(r"(?i)\b(?:responses?|answers?|returns?|returned|replies|reply|comes?\s+with)\b")
});

/// True for a header of requests of which a sentence below an answer, or about one, says what is wrong with it: "The
/// `X-Tenant` header is missing.", "Returned without the `X-Key` header."
fn is_of_request(header: &ResponseHeader) -> bool {
    static WRONG: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:missing|absent|lacks?|lacking|without|omitt?(?:ed)?|wrong|invalid|incorrect|malformed|expired|revoked|unknown|not\s+match|mismatch\w*|(?:not|isn[’']t|un)[\s-]*(?:supported|sent|set|valid|present|accepted|recogni[sz]ed|allowed)|unsupported|check|verify|make\s+sure|ensure|present(?:ed)?\s+but|rejected)\b",
        )
    });
    let name = header.name.value.to_ascii_lowercase();
    if ONLY_OF_ANSWERS.contains(&name.as_str())
        || name.contains("ratelimit")
        || name == "www-authenticate"
        || header.shown.is_some()
    {
        return false;
    }
    WRONG.is_match(&header.description)
        || !ANSWER.is_match(&header.description) && is_only_sent(&name)
}

/// True for the names of headers that only requests have, those of credentials among them; in lower case.
fn is_only_sent(name: &str) -> bool {
    let is_usual = matches!(
        name,
        "cookie"
            | "expect"
            | "from"
            | "host"
            | "idempotency-key"
            | "origin"
            | "prefer"
            | "range"
            | "referer"
            | "user-agent"
    );
    is_usual
        || name.starts_with("accept-") && name != "accept-ranges"
        || name == "accept"
        || name.starts_with("if-")
        || is_credential(name)
}

/// Leaves out what text below an answer says of headers that requests of the operation are documented to have.
pub(in crate::model::build) fn without_sent(
    found: Vec<ResponseHeader>,
    parameters: &[Parameter],
    examples: &[RequestExample],
) -> Vec<ResponseHeader> {
    let is_sent = |name: &str| {
        let mut headers = parameters
            .iter()
            .filter(|it| it.location == Location::Header);
        let mut curls = examples.iter().filter_map(|it| it.curl.as_ref());
        headers.any(|it| it.field.name.value.trim().eq_ignore_ascii_case(name))
            || curls.any(|it| it.header(name).is_some())
    };
    let is_told = |it: &ResponseHeader| {
        it.name.evidence.rule.name != RESPONSE_HEADER_TEXT.name
            || it.shown.is_some()
            || ANSWER.is_match(&it.description)
            || ONLY_OF_ANSWERS.contains(&it.name.value.to_ascii_lowercase().as_str())
    };
    let mut found = found;
    found.retain(|it| is_told(it) || !is_sent(&it.name.value));
    found
}

/// True if a sentence names a header that only answers have: "The `Location` header holds the path of the job."
fn names_answer(sentence: &[Piece]) -> bool {
    const OF_ANSWERS: &[&str] = &["location", "x-total-count", "link", "content-disposition"];
    // "Its `ETag` header holds the new version."
    static HOLDS: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)^\s+(?:response\s+)?header\s+(?:holds|has|contains|carries|shows|is\s+(?:the|set))\b",
        )
    });
    let behind = sentence.iter().skip(1).map(|it| it.text.as_str());
    let mut parts = sentence.iter().zip(behind.chain([""]));
    parts.any(|(part, behind)| {
        let name = part.text.to_ascii_lowercase();
        let is_known = || OF_ANSWERS.contains(&name.as_str()) || is_line_of_answers(&part.text);
        let is_held =
            || matches!(name.as_str(), "etag" | "last-modified") && HOLDS.is_match(behind);
        part.code && (is_known() || is_held())
    })
}

/// True for a header with its value that only answers have: `Set-Cookie: a=1`, `Cache-Control: no-store`.
fn is_line_of_answers(text: &str) -> bool {
    let Some((name, value)) = text.split_once(": ") else {
        return false;
    };
    let value = value.trim().to_ascii_lowercase();
    match name.to_ascii_lowercase().as_str() {
        "set-cookie" | "location" | "retry-after" | "etag" | "last-modified" => true,
        // Those that ask beforehand are headers of requests.
        "access-control-request-method" | "access-control-request-headers" => false,
        name if name.starts_with("access-control-") => true,
        "content-disposition" => value.starts_with("attachment") || value.starts_with("inline"),
        "cache-control" => ["no-store", "private", "public"]
            .iter()
            .any(|it| value.contains(it)),
        _ => false,
    }
}

/// True for "`A`, `B`, and `C` headers", from the first on, also for "response headers".
fn leads_to_headers(sentence: &[Piece]) -> bool {
    for part in sentence {
        let text = part.text.trim();
        if part.code || matches!(text, "and" | "or" | "," | ", and" | "&") {
            continue;
        }
        let text = text.strip_prefix("response ").unwrap_or(text);
        return text.starts_with("headers");
    }
    false
}

fn text_of(sentence: &[Piece]) -> String {
    sentence.iter().map(|part| part.text.as_str()).collect()
}

/// The headers that a sentence calls so.
pub(in crate::model::build) fn of_sentence(sentence: &[Piece]) -> Vec<ResponseHeader> {
    let text = text_of(sentence);
    let is_line = |text: &str| {
        let line = text.split_once(": ");
        line.is_some_and(|(name, value)| !value.is_empty() && name.contains('-'))
    };
    let has_line = sentence.iter().any(|part| part.code && is_line(&part.text));
    let mut found = Vec::new();
    for (at, part) in sentence.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| sentence.get(at));
        let after = sentence.get(at + 1);
        let is_called = before.is_some_and(|it| it.text.trim_end().ends_with("header"))
            || after.is_some_and(|it| it.text.trim_start().starts_with("header"))
            || leads_to_headers(sentence.get(at..).unwrap_or_default())
            || is_told(before, &part.text, after);
        // `Cache-Control: no-store` needs no word to be a header.
        let (name, value) = part.text.split_once(": ").unwrap_or((&part.text, ""));
        // Neither do those beside it: `X-Limit: 100`, `X-Left`.
        let is_beside = has_line
            && name
                .get(..2)
                .is_some_and(|it| it.eq_ignore_ascii_case("x-"));
        let is_known = is_called || is_line(&part.text) || is_beside;
        if part.code && is_known && is_name(name) {
            found.push(ResponseHeader {
                name: Fact::new(name.to_owned(), part.span, &RESPONSE_HEADER_TEXT),
                status: stated(&text),
                shape: None,
                shown: Some(value.trim().to_owned()).filter(|it| !it.is_empty()),
                // A list that fits on one page often has none.
                is_optional: is_conditional(&text) || name.eq_ignore_ascii_case("link"),
                description: text.clone(),
            });
        }
    }
    found
}

/// True for a header that only answers have, where a sentence is about it: "`Location` has its path", "with an `ETag`".
fn is_told(before: Option<&Piece>, name: &str, after: Option<&Piece>) -> bool {
    static CARRIES: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:with|carr(?:y|ies)|ha(?:s|ve)|sets?|adds?|includes?|returns?|comes?\s+with)\s+(?:an?\s+|its\s+|the\s+)?(?:new\s+)?$",
        )
    });
    static HOLDS: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)^\s+(?:has|holds|contains|carries|points\s+(?:to|at)|leads\s+to|is\s+(?:set\s+to|the)|says|gives|names|tells)\b",
        )
    });
    // "`201`, with the poll's URL in `Location`", "`201` and a `Location`".
    static IN: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:urls?|uris?|addresse?s?|paths?|links?|it|where)\b[^.]*\b(?:in|under|as|is)\s+(?:the\s+)?$|^\s*(?:created\s*)?(?:,|\+|and|with|,\s+and|plus)\s+(?:an?\s+|its\s+|the\s+)?$",
        )
    });
    let is_first = before.is_none_or(|it| it.text.trim().is_empty());
    let is_theirs = NAMES.iter().any(|it| it.trim_matches('`') == name);
    let is_in = |it: &Piece| name == "Location" && IN.is_match(&it.text);
    is_theirs
        && (is_first && after.is_some_and(|it| HOLDS.is_match(&it.text))
            || before.is_some_and(|it| !it.code && (CARRIES.is_match(&it.text) || is_in(it))))
}
