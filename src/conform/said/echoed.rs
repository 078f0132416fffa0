//! Headers of a request that its answer repeats: "Send your own `X-Request-Id`, and we echo it". Pure.

use std::sync::LazyLock;

use regex::Regex;

use crate::conform::pattern::pattern;
use crate::model::Operation;

/// The header that a sentence, with the one before it, says comes back as it was sent.
pub(crate) fn header(before: &str, text: &str) -> Option<String> {
    static NAME: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"`(?P<name>[A-Za-z]+(?:-[A-Za-z]+)+)(?:`|:)"));
    let names = |text: &str| {
        let found = NAME.captures_iter(text);
        found
            .filter_map(|it| Some(it.name("name")?.as_str().to_owned()))
            .collect::<Vec<_>>()
    };
    if !repeats(text) {
        return None;
    }
    let own = names(text);
    let known = if own.is_empty() { names(before) } else { own };
    let first = known.first()?.clone();
    let is_one = known.iter().all(|it| it.eq_ignore_ascii_case(&first));
    (is_one && is_free(&first)).then_some(first)
}

/// True if the text says that the answer has the value that was sent.
pub(crate) fn repeats(text: &str) -> bool {
    static BACK: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\becho(?:e[sd]|ing)?\b | \brepeat(?:s|ed)?\s+(?:it|this|that|the|your)\b | \b(?:is|gets?|be|and)\s+(?:then\s+)?repeated\b
            | \b(?:return|send|pass|give|hand|come|mirror|reflect|copy)(?:s|es)?\s+(?:it|this\s+value|that\s+value|the\s+same(?:\s+(?:value|one|id))?|yours|the\s+value)(?:\s+(?:back|in|on|with|unchanged)\b|\s*[.;,]|\s*$)
            | \b(?:returned|sent|passed|given|handed|mirrored|reflected|copied)\s+(?:back|through|unchanged|as[\s-]is|in\s+the\s+(?:response|answer)|to\s+the\s+(?:response|answer))\b
            | \bcomes?\s+back\b | \b(?:response|answer)\s+(?:has|carries|contains|uses|will\s+(?:have|carry))\s+(?:it|the\s+same|yours|that\s+(?:value|one)|this\s+value)\b
            | \bwe\s+(?:use|keep|return|echo|reuse)\s+(?:it|yours|that)\b",
        )
    });
    static SENT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\byou(?:\s+\w+)?\s+(?:send|sent|set|pass|supply|provide|include|give)\b | \b(?:send|set|pass|supply|provide|include|add|give)\s+(?:your\s+own|one|an?|the|it|`) | \brequests?\s+(?:has|have|carries|contains|with|header)\b
            | \b(?:of|in|with|on|from)\s+(?:the|a|your)\s+request\b | \bif\s+(?:sent|present|set|given|provided|supplied)\b | \b(?:sent|given|supplied|provided)\s+(?:by\s+(?:you|the\s+client|the\s+caller)|with\s+(?:the|a)\s+request)\b
            | \b(?:client|caller|your|own)\b",
        )
    });
    static NOT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:idempot\w*|retr(?:y|ies)|signature|webhooks?|prefer(?:ence)?|never|not\s+(?:echoed|repeated|returned)|cursor|etag|if-match|if-none-match|cookie)\b",
        )
    });
    BACK.is_match(text) && SENT.is_match(text) && !NOT.is_match(text)
}

/// True for a header that may have any value.
pub(crate) fn is_free(name: &str) -> bool {
    const KNOWN: &[&str] = &[
        "accept",
        "authorization",
        "content-",
        "cookie",
        "if-",
        "origin",
        "idempot",
        "user-agent",
        "cache-",
        "retry-after",
        "location",
        "link",
        "host",
        "range",
        "prefer",
        "api-key",
        "signature",
        "version",
        "token",
    ];
    let name = name.to_ascii_lowercase();
    !KNOWN.iter().any(|word| name.contains(word))
}

/// True if the text of an input says under which other name it comes back: "Returned as `cancel_reason`."
pub(crate) fn is_said_to_be(operation: &Operation, name: &str, member: &str) -> bool {
    let fields = operation.body.iter().flat_map(|body| &body.fields);
    let mut own = fields.filter(|it| it.name.value == name);
    own.any(|field| {
        let text = field.description.to_lowercase();
        let (_, other) = member.rsplit_once('.').unwrap_or(("", member));
        text.contains(&format!(" as `{}`", other.to_lowercase()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_say_which_header_comes_back() {
        let id = Some("X-Request-Id".to_owned());
        for text in [
            "Send your own `X-Request-Id`, and we echo it.",
            "If you send an `X-Request-Id`, it comes back in the response.",
            "When the request has an `X-Request-Id`, the response repeats this value.",
            "An `X-Request-Id` of the request is returned unchanged.",
            "You may set `X-Request-Id`; the answer carries the same value.",
            "Pass an `X-Request-Id` and the value is sent back.",
            "`X-Request-Id` is echoed if present.",
        ] {
            assert_eq!(header("", text), id, "{text}");
        }
        let before = "Every response has the header `X-Request-Id`.";
        let text = "When the request has a header of this name, the response repeats this value.";
        assert_eq!(header(before, text), id);
        for text in [
            "Every response has an `X-Request-Id`.",
            "Quote the `X-Request-Id` when you write to us.",
            "With the same `Idempotency-Key` the first response is sent back if you send it again.",
            "Send `X-Request-Id` or `X-Trace-Id`, and we echo it.",
            "Your `X-Request-Id` is never echoed.",
            "Send the `Content-Type` that you want to get it returned in the response.",
        ] {
            assert_eq!(header("", text), None, "{text}");
        }
    }
}
