//! What running text outside of fields says of a request as a whole.

use std::ops::Range;
use std::sync::LazyLock;

use crate::mdx::markdown::Block;
use crate::mdx::{Fence, Prose};
use crate::model::build::pattern::{Pattern, pattern};
use crate::model::curl;
use crate::model::endpoint::Endpoint;
use crate::model::evidence::{Evidence, Fact, Origin, ReadingRule};
use crate::model::route::{Router, Template};

use super::headers::sentences;

static BODY_IN_TEXT: ReadingRule = ReadingRule {
    name: "body-in-text",
    origin: Origin::Prose,
    summary: "text outside of fields such as `the body is an object of values` documents a body that no field describes",
};
static METHOD_IN_TEXT: ReadingRule = ReadingRule {
    name: "method-in-text",
    origin: Origin::Prose,
    summary: "a method that text outside of fields names, as in \"unlock with `DELETE` on the same path\", is one that examples may show beside that of the endpoint",
};
/// How the code here reads pages.
pub(super) static READING_RULES: &[&ReadingRule] = &[&BODY_IN_TEXT, &METHOD_IN_TEXT];

/// The methods that a text names.
pub(super) fn methods(prose: &Prose) -> Vec<Fact<String>> {
    const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];
    let text = prose.text.text();
    let is_word = |range: &Range<usize>| {
        let before = text.get(..range.start).unwrap_or_default();
        let after = text.get(range.end..).unwrap_or_default();
        let goes_on = |c: char| c.is_alphanumeric() || c == '_';
        !before.ends_with(goes_on) && !after.starts_with(goes_on)
    };
    let named = METHODS.into_iter().filter_map(|method| {
        let mut places = text.match_indices(method);
        let range = places.find_map(|(at, _)| Some(at..at + method.len()).filter(&is_word))?;
        let span = prose.text.span(range);
        Some(Fact::new(method.to_owned(), span, &METHOD_IN_TEXT))
    });
    named.collect()
}

/// The media types that commands in the text send to the endpoint, where a header names them.
pub(super) fn media_types(fences: &[&Fence], endpoint: &Endpoint) -> Vec<String> {
    let texts = fences.iter().map(|fence| fence.code.text());
    let commands = texts.flat_map(curl::commands).filter(|command| {
        let path = command.url.as_ref().map(|url| url.path.value.as_str());
        let mut router = Router::new();
        router.insert(Template::parse(&endpoint.path), ());
        // What stands before it is the path of a server.
        let is_here = |path: &str| {
            let mut starts = path.match_indices('/').map(|(at, _)| at);
            starts.any(|at| !router.find(path.get(at..).unwrap_or_default()).is_empty())
        };
        command.method.value == endpoint.method && path.is_some_and(is_here)
    });
    let named = commands.filter_map(|command| {
        let header = command.header("content-type")?;
        command.body.as_ref()?;
        Some(header.value.value.clone())
    });
    named.collect()
}

/// Where a text says what the body of requests is.
pub(super) fn body(prose: &Prose) -> Option<Evidence> {
    let lower = prose.text.text().to_ascii_lowercase();
    let may_say = [
        "body",
        "payload",
        "corpo",
        "cuerpo",
        "corps",
        "rumpf",
        "请求体",
        "/json",
        "/x-ndjson",
    ]
    .iter()
    .any(|word| lower.contains(word));
    if !may_say {
        return None;
    }
    prose.blocks().iter().find_map(|block| match block {
        Block::Paragraph(inline) => {
            let sentences = sentences(inline);
            let mut said = sentences.iter().filter(|pieces| {
                let text: String = pieces.iter().map(|piece| piece.text.as_str()).collect();
                let types = pieces
                    .iter()
                    .filter(|it| it.code && is_media_type(&it.text));
                says_body(&text) || types.count() > 1 && !says_none(&text)
            });
            let pieces = said.next()?;
            let span = pieces.first()?.span.to(pieces.last()?.span);
            Some(Evidence::new(span, &BODY_IN_TEXT))
        }
        _ => None,
    })
}

fn says_body(sentence: &str) -> bool {
    static BODY: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(concat!(
            r"(?i)^\s*(?:the\s+|your\s+|its\s+)?(?:request\s+|json\s+)?(?:body|payload)(?:\s+of\s+the\s+request)?\s+(?:is|are|must|may|can|should|has|holds|contains|consists|takes|accepts)\b",
            r"|^\s*(?:der|o|el|le|the|um|un)\s+(?:(?:request|anfrage)-?)?(?:body|rumpf|corpo|cuerpo|corps|payload)\s+(?:\S+\s+){0,4}?(?:ist|enthält|besteht|é|es|est|contém|contiene|contient)\s",
            r"|^\s*请求体(?:是|为|格式)",
            r"|\b(?:send|post|put|pass|submit|upload|write)s?\b[^.]*\b(?:as|in|with|for)\s+(?:the\s+|a\s+|your\s+)?(?:raw\s+|json\s+|request\s+)*(?:body|payload)\b",
            r"|\b(?:accepts?|takes?|expects?)\b[^.]*\b(?:as|in)\s+(?:the\s+|its\s+)?(?:request\s+)?(?:body|payload)\b",
            r"|^\s*(?:request\s+)?(?:body|payload)\s*:",
        ))
    });
    // "The body is an array of what it takes, without `files`": the clause says what it is.
    let first = sentence.split(',').next().unwrap_or_default();
    BODY.is_match(sentence) && !says_none(sentence) || BODY.is_match(first) && !says_none(first)
}

/// True if a sentence says that there is no body, or speaks of another one.
fn says_none(sentence: &str) -> bool {
    static NONE: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:no|not|without|empty|never|ignored|responses?|answers?|answered|returns?|returned|webhook|event|accept|leer|kein|keinen|nicht|antwort|vazio|vacío|vide|resposta|respuesta|réponse)\b|n['’]t\b",
        )
    });
    NONE.is_match(sentence)
}

/// True for what names a media type: `text/csv`.
fn is_media_type(text: &str) -> bool {
    const KINDS: [&str; 6] = [
        "application",
        "text",
        "image",
        "audio",
        "video",
        "multipart",
    ];
    let parts = text.trim().split_once('/');
    parts.is_some_and(|(kind, rest)| KINDS.contains(&kind) && !rest.contains(['/', ' ']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_sentences_about_what_is_sent_document_a_body() {
        for text in [
            "The body is either an object of values, or an array of points:",
            "The request body must be a JSON object with any keys.",
            "Send the values as the JSON body.",
            "Takes the new profile in the body.",
            "Body: any JSON.",
            "The body is a list of what one call takes, without `files`.",
            "Der Body ist eine Liste von Punkten.",
        ] {
            assert!(says_body(text), "{text}");
        }
        for text in [
            "The body is empty.",
            "Do not send a body.",
            "Bodies are limited to 1 MB.",
            "The body of the answer is a list.",
            "Takes no parameters.",
        ] {
            assert!(!says_body(text), "{text}");
        }
    }
}
