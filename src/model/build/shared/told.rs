//! What sentences say of errors as a whole: of their members, and of their media type.

use std::sync::LazyLock;

use crate::mdx::markdown::Inline;
use crate::model::build::headers::sentences;
use crate::model::build::pattern::{Pattern, pattern};
use crate::model::evidence::Fact;
use crate::model::operation::Field;
use crate::model::prose::ProseFacts;
use crate::model::types;

use super::ERROR_ON_PAGE;

/// The members that sentences of a paragraph begin with, as fields that have no type.
pub(super) fn members(inline: &Inline) -> Vec<Field> {
    let mut found = Vec::new();
    for sentence in sentences(inline) {
        let mut pieces = sentence.iter().filter(|it| !it.text.trim().is_empty());
        let Some(first) = pieces
            .next()
            .filter(|it| it.code && super::is_code(it.text.trim()))
        else {
            continue;
        };
        let words: String = pieces.map(|it| it.text.as_str()).collect();
        found.push(Field {
            name: Fact::new(first.text.trim().to_owned(), first.span, &ERROR_ON_PAGE),
            type_text: None,
            kind: types::parse(""),
            required: None,
            default: None,
            description: words.trim().to_owned(),
            prose: ProseFacts::default().shared(),
            deprecated: false,
            variant: None,
            children: Vec::new(),
            span: first.span,
            open: first.span,
        });
    }
    found
}

/// "Errors have the content type `application/problem+json`."
pub(super) fn media_type_of_errors(inline: &Inline) -> Option<Fact<String>> {
    static ERRORS: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:errors?|problems?|failures?|error\s+(?:responses|bodies))\b[^.]*\b(?:content|media)[\s-]types?\b",
        )
    });
    for sentence in sentences(inline) {
        let words: String = sentence.iter().map(|it| it.text.as_str()).collect();
        let mut types = sentence
            .iter()
            .filter(|it| it.code && is_media_type(&it.text));
        let first = types.next();
        if let (Some(only), None, true) = (first, types.next(), ERRORS.is_match(&words))
            && !words.contains(" or ")
            && !words.contains(" unless ")
        {
            return Some(Fact::new(
                only.text.trim().to_owned(),
                only.span,
                &ERROR_ON_PAGE,
            ));
        }
    }
    None
}

fn is_media_type(text: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty()
            && part
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    };
    text.trim()
        .split_once('/')
        .is_some_and(|(kind, rest)| part(kind) && part(rest))
}
