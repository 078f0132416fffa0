//! What running text says that becomes of members: "its `edited` becomes `true`".
//!
//! Only a clause that names a member, a word of becoming, and a value is read, and none that states a condition.

use std::sync::LazyLock;

use serde_json::Value;

use crate::mdx::Prose;
use crate::mdx::markdown::{Block, Inline};
use crate::model::build::pattern::{Pattern, pattern};
use crate::model::evidence::{Fact, Origin, ReadingRule};
use crate::model::operation::Outcome;

use super::headers::{Piece, sentences};

static OUTCOME_IN_TEXT: ReadingRule = ReadingRule {
    name: "outcome-in-text",
    origin: Origin::Prose,
    summary: "text outside of fields such as \"its `status` becomes `archived`\" says what becomes of a member",
};
/// How the code here reads pages.
pub(super) static READING_RULES: &[&ReadingRule] = &[&OUTCOME_IN_TEXT];

/// The outcomes that the text states.
pub(super) fn read(prose: &Prose) -> Vec<Fact<Outcome>> {
    let text = prose.text.text();
    if text.matches('`').count() < 4 {
        return Vec::new();
    }
    let mut found = Vec::new();
    for block in prose.blocks() {
        if let Block::Paragraph(inline) = block {
            found.extend(of_paragraph(&inline));
        }
    }
    found
}

fn of_paragraph(inline: &Inline) -> Vec<Fact<Outcome>> {
    static BECOMING: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)^(?:[^,:]{0,40}\s)?(?:becomes?|is(?:\s+then|\s+set\s+to|\s+now|\s+changed\s+to)?|turns?(?:\s+in)?(?:to)?|changes\s+to|goes\s+to|moves\s+to|switches\s+to)\s+$",
        )
    });
    // "Sets the `status` of the order to `paid`."
    static SET: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)^\s+(?:of\s+(?:the|an?|this|its)\s+(?P<of>\w+\s+(?:\w+\s+)?))?(?:back\s+)?(?:in)?to\s+$",
        )
    });
    let mut found = Vec::new();
    for sentence in sentences(inline) {
        for (at, member) in sentence.iter().enumerate() {
            let (Some(between), Some(value)) = (sentence.get(at + 1), sentence.get(at + 2)) else {
                continue;
            };
            let is_set = member.code
                && !between.code
                && value.code
                && is_member(&member.text)
                && SET.is_match(&between.text)
                && ends_with_setting(&sentence, at)
                && !is_conditional(&sentence, at);
            let is_stated = member.code
                && !between.code
                && value.code
                && is_member(&member.text)
                && BECOMING.is_match(&between.text)
                && !is_conditional(&sentence, at)
                && (!is_bare(&between.text) || is_after_something(&sentence, at));
            if is_stated || is_set {
                let of = SET.captures(&between.text).filter(|_| is_set);
                let of = of.and_then(|it| Some(it.name("of")?.as_str().trim().to_lowercase()));
                let of = of.or_else(|| owner(&sentence, at));
                let outcome = Outcome {
                    of,
                    member: member.text.trim().to_owned(),
                    value: value_of(&value.text),
                };
                let span = member.span.to(value.span);
                found.push(Fact::new(outcome, span, &OUTCOME_IN_TEXT));
            }
        }
    }
    found
}

/// True if what stands before a member says that it is set: "sets its", "changes the".
fn ends_with_setting(sentence: &[Piece], at: usize) -> bool {
    static SETS: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(r"(?i)\b(?:sets|changes|moves|switches|turns|resets)\s+(?:the\s+|its\s+|both\s+)?$")
    });
    let before = at.checked_sub(1).and_then(|at| sentence.get(at));
    before.is_some_and(|it| !it.code && SETS.is_match(&it.text))
}

/// The thing whose member it is: "the vehicle" of "the vehicle's `status`".
fn owner(sentence: &[Piece], at: usize) -> Option<String> {
    static OWNER: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(r"(?i)\b(?:the|an?|each|every|this|its)\s+(?P<of>\w+(?:\s+\w+)?)['’]s?\s+$")
    });
    let before = at.checked_sub(1).and_then(|at| sentence.get(at))?;
    let found = OWNER.captures(&before.text).filter(|_| !before.code)?;
    Some(found.name("of")?.as_str().to_lowercase())
}

/// True for the title of a part of the page that says when its text holds: "What happens after a major damage?"
pub(super) fn is_of_case(title: &str) -> bool {
    static CASE: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\?\s*$|^\s*(?:if|when|for|with|without|after|in\s+case|on|wenn|falls|nach|bei|si|se|cuando|quando|en\s+cas|em\s+caso)\b",
        )
    });
    CASE.is_match(title)
}

fn is_member(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && text.chars().all(is_part)
}

fn value_of(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| Value::from(text.trim()))
}

/// True if the clause before a member states a condition, and no outcome: "only if its `status` is `draft`".
fn is_conditional(sentence: &[Piece], at: usize) -> bool {
    static CONDITION: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:if|when|whenever|while|until|unless|whose|where|with|only|must|as\s+long\s+as|once|after|before|provided|requires?|not|cannot|without|for)\b",
        )
    });
    // "Creates a member with the address of the invitation, and sets …" states no condition.
    static ELSEWHERE: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:if|unless|provided)\b|(?:^|[.,;:(]\s*)(?:and\s+)?(?:with|without)\b|\b(?:with|without)\s+(?:an?\s+|the\s+)?`",
        )
    });
    let before = sentence.get(..at).unwrap_or_default();
    // "When `draft` is `true`, …" speaks of what was sent.
    let names_input = before.windows(3).any(|pieces| {
        matches!(pieces, [name, between, value] if name.code && value.code && between.text.trim() == "is")
    });
    let texts = before
        .iter()
        .map(|it| if it.code { "`" } else { it.text.as_str() });
    let is_elsewhere = ELSEWHERE.is_match(&texts.collect::<String>());
    if names_input || is_elsewhere {
        return true;
    }
    let mut clause = String::new();
    for piece in before {
        if piece.code {
            clause.push('`');
            continue;
        }
        let start = piece.text.rfind([',', ':']).map_or(0, |comma| comma + 1);
        if start > 0 {
            clause.clear();
        }
        clause.push_str(piece.text.get(start..).unwrap_or_default());
    }
    CONDITION.is_match(&clause)
}

/// True for an `is` alone, which says what is more often than what becomes.
fn is_bare(between: &str) -> bool {
    between.split_whitespace().next_back() == Some("is")
}

/// True if the sentence first says after what: "when the job is done, the `state` is `away`".
fn is_after_something(sentence: &[Piece], at: usize) -> bool {
    static AFTER: LazyLock<Pattern> =
        LazyLock::new(|| pattern(r"(?i)\b(?:when|once|after|afterwards|then)\b"));
    let before = sentence.get(..at).unwrap_or_default();
    before
        .iter()
        .any(|piece| !piece.code && AFTER.is_match(&piece.text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_say_that_a_part_is_about_a_case() {
        for title in [
            "What happens after a major damage?",
            "If the card is refused",
            "When it is late",
        ] {
            assert!(is_of_case(title), "{title}");
        }
        for title in ["Result", "Returning a book", "What becomes of the loan"] {
            assert!(!is_of_case(title), "{title}");
        }
    }

    #[test]
    fn the_words_before_a_member_name_its_thing() {
        let piece = |text: &str, code: bool| Piece {
            text: text.to_owned(),
            code,
            span: crate::source::Span::new(
                crate::source::Sources::default()
                    .add(crate::source::SourceFile::new("page.mdx", "")),
                0..0,
            ),
        };
        let of = |before: &str| owner(&[piece(before, false), piece("state", true)], 1);
        assert_eq!(of("The book's ").as_deref(), Some("book"));
        assert_eq!(
            of("Then the library card's ").as_deref(),
            Some("library card")
        );
        assert_eq!(of("Its "), None);
        assert_eq!(of("The reader sees that "), None);
    }
}
