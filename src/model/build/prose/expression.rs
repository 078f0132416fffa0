//! Regular expressions that a text shows: "Must match the pattern `^[a-z]+$`".

use std::sync::LazyLock;

use crate::model::build::pattern::{Pattern, pattern};
use crate::model::evidence::{Fact, Origin, ReadingRule};
use crate::model::shape::TextPattern;

use super::passage::{CODE, Passage, Text, Token};

pub(super) static EXPRESSION_IN_TEXT: ReadingRule = ReadingRule {
    name: "expression-in-text",
    origin: Origin::Prose,
    summary: "a regular expression from `^` to `$` in a code span is what the whole value matches, if it is the only one and no condition stands around it",
};

/// The only expression of the text.
pub(super) fn read(passages: &[Passage]) -> Option<Fact<TextPattern>> {
    let texts = passages.iter().filter_map(|passage| match passage {
        Passage::Text(text) => Some(text),
        _ => None,
    });
    let mut found = texts.flat_map(|text| {
        let tokens = text.tokens.iter();
        tokens.filter_map(move |token| Some((text, token, written(token)?)))
    });
    let (text, token, written) = found.next()?;
    (found.next().is_none() && !is_conditional(text, token))
        .then(|| Fact::new(TextPattern::new(written), token.span, &EXPRESSION_IN_TEXT))
}

/// The expression of a token that is one: `^[a-z]+$` or `/^[a-z]+$/`; none with flags, which change what it means.
fn written(token: &Token) -> Option<&str> {
    let text = token.text.as_str();
    let inner = text.strip_prefix('/').and_then(|it| it.strip_suffix('/'));
    let text = inner.unwrap_or(text);
    let is_whole = text.starts_with('^') && text.ends_with('$') && !text.ends_with("\\$");
    (is_whole && text.len() > 3).then_some(text)
}

/// True if the sentence speaks of some values only, or of what is not taken.
fn is_conditional(text: &Text, token: &Token) -> bool {
    static CONDITION: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:if|when|unless|for|except|not|never|cannot|each|every|segments?|parts?|keys?|names?\s+of|or|otherwise|wenn|falls|nicht|se|si|não|no)\b",
        )
    });
    let (before, after) = text.around(&(token.at..token.at + CODE.len_utf8()));
    CONDITION.is_match(before) || CONDITION.is_match(after)
}
