//! Headers of which a text says that every answer has them.

use std::sync::LazyLock;

use crate::mdx::markdown::Inline;
use crate::model::build::collect::Context;
use crate::model::build::pattern::{Pattern, pattern};
use crate::model::evidence::Fact;
use crate::model::operation::ResponseHeader;

use super::{
    Piece, RESPONSE_HEADER_TEXT, is_conditional, is_name, of_sentence, of_table, sentences, stated,
};

/// The headers of a table of which the rows say themselves that every answer has them.
pub(in crate::model::build) fn in_rows(rows: &[Vec<Inline>]) -> Vec<ResponseHeader> {
    // Who is let in has to be told first: that is no condition for those that are answered.
    static EVERY: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:every|each|all)\s+(?:\w+\s+)?(?:responses?|answers?|replies|reply)\b(?:,?\s+(?:once|after|when|if|as\s+soon\s+as)\s+(?:the|your|an?)\s+(?:\w+\s+){0,3}(?:keys?|tokens?|credentials)\s+(?:is|are|was|were|has\s+been|have\s+been)\s+(?:accepted|valid|known|right|checked|verified))?",
        )
    });
    let mut found = of_table(rows, &Context::default());
    found.retain_mut(|header| {
        if is_of_some(&header.description) {
            return false;
        }
        let Some(every) = EVERY.find(&header.description) else {
            return false;
        };
        let (start, end) = (every.start(), every.end());
        let rest = [
            header.description.get(..start),
            header.description.get(end..),
        ];
        let rest: Vec<&str> = rest.into_iter().flatten().collect();
        header.is_optional = is_conditional(&rest.join(" "));
        !header.is_optional && header.status.is_none()
    });
    found
}

/// "Every response has an `X-Request-Id` header."
pub(in crate::model::build) fn in_text(inline: &Inline) -> Vec<ResponseHeader> {
    static EVERY: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(r"(?i)\b(?:every|each|all)\s+(?:\w+\s+)?(?:responses?|answers?|replies|reply)\b")
    });
    if !EVERY.is_match(&inline.text()) {
        return Vec::new();
    }
    let mut found: Vec<ResponseHeader> = Vec::new();
    let mut is_before = false;
    for sentence in sentences(inline) {
        let words: String = sentence.iter().map(|it| it.text.as_str()).collect();
        // "It is different for every request."
        if let (true, true, Some(last)) =
            (is_before, words.trim().starts_with("It "), found.last_mut())
        {
            last.description.push_str(&words);
            continue;
        }
        is_before = false;
        if EVERY.is_match(&words) && !is_of_some(&words) {
            let mut of_inline = of_sentence(&sentence);
            if of_inline.is_empty() {
                of_inline = of_every_sentence(&sentence);
            }
            let known = found.len();
            found.extend(of_inline.into_iter().filter(|it| !it.is_optional));
            is_before = found.len() == known + 1;
        }
    }
    found
}

/// True for what is said of all answers of a kind: "Each answer that carries a device has an `ETag`", "all answers to `POST`".
fn is_of_some(text: &str) -> bool {
    static SOME: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:every|each|all|any)\s+(?:\w+\s+)?(?:responses?|answers?|replies|reply)\s+
              (?: (?:that|which|whose|where|carrying|containing|about|with\s+(?:an?|the)|without)\b
                | (?:of|to|for|from|on)\s+(?:\S+\s+){0,2}?`?(?:GET|POST|PUT|PATCH|DELETE|HEAD|lists?|reads?|writes?|creates?|updates?|deletes?|collections?|paged|paginated)\b )",
        )
    });
    SOME.is_match(text)
}

/// The headers of which a sentence says that every answer has them: "Every response has an `X-Request-Id`".
///
/// Nothing but a header has such a name, so that no word has to call it one.
fn of_every_sentence(sentence: &[Piece]) -> Vec<ResponseHeader> {
    static EVERY: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:every|each|all|any)\s+(?:\w+\s+)?(?:responses?|answers?|replies|reply)\s+(?:\w+\s+)?(?:has|have|carr(?:y|ies)|contains?|includes?|comes?\s+with|gets?|bears?|returns?|holds?)\s+(?:an?\s+|the\s+|its\s+(?:own\s+)?)?(?:(?:unique|new|own)\s+)?$
            | ^\W*(?:we|you\W*ll|you|there\s+is)\s+(?:\w+\s+)?(?:send|set|add|put|return|find|get|see|an?)\s+(?:an?\s+|the\s+)?$
            | ^\W*(?:an?\s+|the\s+)?$",
        )
    });
    static BEHIND: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)^\s*(?:(?:is|comes|stands)\s+(?:\w+\s+)?)?(?:in|on|with|of|to)\s+(?:every|each|all)\s+(?:\w+\s+)?(?:responses?|answers?|replies|reply)\b",
        )
    });
    static WHOLE: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:every|each|all|any)\s+(?:\w+\s+)?(?:responses?|answers?|replies|reply)\s",
        )
    });
    // What comes back only to those who sent it is not in every answer.
    static SENT: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:if|when|unless|that|which)\s+you\s+(?:send|sent|set|pass|passed|ask|asked|add|include)\b",
        )
    });
    let text: String = sentence.iter().map(|part| part.text.as_str()).collect();
    if SENT.is_match(&text) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (at, part) in sentence.iter().enumerate() {
        let before: String = sentence
            .iter()
            .take(at)
            .map(|part| part.text.as_str())
            .collect();
        let before = without_aside(&before);
        let behind = sentence.get(at + 1).map_or("", |it| it.text.as_str());
        let (name, value) = part.text.split_once(": ").unwrap_or((&part.text, ""));
        let is_said =
            EVERY.is_match(&before) && (WHOLE.is_match(&before) || BEHIND.is_match(behind));
        if part.code && is_said && is_only_of_headers(name) {
            found.push(ResponseHeader {
                name: Fact::new(name.to_owned(), part.span, &RESPONSE_HEADER_TEXT),
                status: stated(&text),
                shape: None,
                shown: Some(value.trim().to_owned()).filter(|it| !it.is_empty()),
                is_optional: is_conditional(&text),
                description: text.clone(),
            });
        }
    }
    found
}

/// A text without what stands between the answers and what they have: "Every answer, errors included, carries".
fn without_aside(text: &str) -> String {
    static ASIDE: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?P<answers>(?:every|each|all|any)\s+(?:\w+\s+)?(?:responses?|answers?|replies|reply))
              (?:\s*,[^,]*,\s+|\s*\([^)]*\)\s+|\s+[—–-]+\s[^—–]*\s[—–-]+\s+)",
        )
    });
    let Some(found) = ASIDE.captures(text) else {
        return text.to_owned();
    };
    let (Some(whole), Some(answers)) = (found.get(0), found.name("answers")) else {
        return text.to_owned();
    };
    let start = text.get(..answers.end()).unwrap_or_default();
    format!("{start} {}", text.get(whole.end()..).unwrap_or_default())
}

/// `X-Request-Id`, `Acme-Version`: capitals and dashes, as nothing but a header has them.
fn is_only_of_headers(name: &str) -> bool {
    let is_word = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_uppercase())
            && word.chars().all(|c| c.is_ascii_alphanumeric())
    };
    let is_own = name
        .get(..2)
        .is_some_and(|it| it.eq_ignore_ascii_case("x-"));
    is_name(name) && name.contains('-') && (is_own || name.split('-').all(is_word))
}

#[cfg(test)]
mod tests {
    use crate::source::load::Site;

    /// The headers that a page with a text says that every answer has.
    fn of(text: &str) -> Vec<String> {
        let page = format!("---\ntitle: Basics\n---\n\n{text}\n");
        let site = Site::from_files([("basics.mdx", page.as_str())]);
        let headers = crate::model::read(&site).api.shared.headers;
        headers.into_iter().map(|it| it.name.value).collect()
    }

    #[test]
    fn sentences_say_that_every_answer_has_a_header() {
        for text in [
            "Every response has an `X-Request-Id`; tell us that when something breaks.",
            "Times are in UTC. Each response carries its own `X-Request-Id`.",
            "`X-Request-Id` is on every response.",
            "You find an `X-Request-Id` in each answer.",
            "We send `X-Request-Id` with every response, errors included.",
            "All responses come with an `X-Request-Id`: quote it when you write to us.",
            "Every response has an `X-Request-Id` header.",
            "Every response, good news or bad, carries an `X-Request-Id` that begins with `r_` and is another one each time. Please quote it when you write.",
            "All responses (errors too) have an `X-Request-Id`.",
        ] {
            assert_eq!(of(text), ["X-Request-Id"], "{text}");
        }
        let text = "All answers also carry `Cache-Control: no-store`, since prices change, and answers with a body have the content type `application/json`.";
        assert_eq!(of(text), ["Cache-Control"]);
        for text in [
            "Every response has a `Request-Id` if you send one.",
            "Send an `X-Request-Id`, and every response repeats it.",
            "Every response has an `id`.",
            "Some responses have an `X-Request-Id`.",
            "Every request has an `X-Request-Id`.",
            "Every response may have an `X-Warning`.",
            "Each answer that carries a device has an `ETag` header with its version.",
            "All responses with a body have an `ETag` header.",
            "Every response to a `POST` request has a `X-Created-By` header.",
            "Every response, if it has a body, has an `X-Length`.",
        ] {
            assert!(of(text).is_empty(), "{text}");
        }
    }
}
