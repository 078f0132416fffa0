//! What running text outside of fields says of a request as a whole.

use std::sync::LazyLock;

use crate::mdx::Prose;
use crate::mdx::markdown::Block;
use crate::model::build::pattern::{Pattern, pattern};
use crate::model::evidence::{Evidence, Origin, ReadingRule};

use super::headers::sentences;

static BODY_IN_TEXT: ReadingRule = ReadingRule {
    name: "body-in-text",
    origin: Origin::Prose,
    summary: "text outside of fields such as `the body is an object of values` documents a body that no field describes",
};
/// How the code here reads pages.
pub(super) static READING_RULES: &[&ReadingRule] = &[&BODY_IN_TEXT];

/// Where a text says what the body of requests is.
pub(super) fn body(prose: &Prose) -> Option<Evidence> {
    let lower = prose.text.text().to_ascii_lowercase();
    let may_say = ["body", "payload"].iter().any(|word| lower.contains(word));
    if !may_say {
        return None;
    }
    prose.blocks().iter().find_map(|block| match block {
        Block::Paragraph(inline) => {
            let sentences = sentences(inline);
            let mut said = sentences.iter().filter(|pieces| {
                let text: String = pieces.iter().map(|piece| piece.text.as_str()).collect();
                says_body(&text)
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
            r"|\b(?:send|post|put|pass|submit|upload|write)s?\b[^.]*\b(?:as|in|with|for)\s+(?:the\s+|a\s+|your\s+)?(?:raw\s+|json\s+|request\s+)*(?:body|payload)\b",
            r"|\b(?:accepts?|takes?|expects?)\b[^.]*\b(?:as|in)\s+(?:the\s+|its\s+)?(?:request\s+)?(?:body|payload)\b",
            r"|^\s*(?:request\s+)?(?:body|payload)\s*:",
        ))
    });
    static NONE: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:no|not|without|empty|never|ignored|response|answer|returns?|webhook|event)\b|n['’]t\b",
        )
    });
    BODY.is_match(sentence) && !NONE.is_match(sentence)
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
