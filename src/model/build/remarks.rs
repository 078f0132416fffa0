//! Sentences outside of fields that name a status, an order, a state, or the case of letters: "Answers with `204`.", "Sorted by
//! `name`.", "It can still be read.", "Case does not matter."
//!
//! They are kept as they stand, with code in backticks; who tests a server decides what they promise.

use std::sync::LazyLock;

use crate::mdx::Prose;
use crate::mdx::markdown::{Block, Inline};
use crate::model::build::pattern::{Pattern, pattern};
use crate::model::evidence::{Fact, Origin, ReadingRule};

use super::headers::{Piece, sentences};

static REMARK_IN_TEXT: ReadingRule = ReadingRule {
    name: "remark-in-text",
    origin: Origin::Prose,
    summary: "sentences outside of fields such as \"Answers with `204`.\", \"Sorted by `name`.\", and \"It can still be read.\" name a status, an order, or a state",
};
/// How the code here reads pages.
pub(super) static READING_RULES: &[&ReadingRule] = &[&REMARK_IN_TEXT];

/// Longer sentences say too much at once.
const LONGEST: usize = 300;

/// The remarks of the text.
pub(super) fn read(prose: &Prose) -> Vec<Fact<String>> {
    let text = prose.text.text();
    let names_some = names_status(text)
        || names_order(text)
        || names_state(text)
        || frees(text)
        || names_letters(text)
        || names_price(text)
        || names_others(text);
    if !names_some && !names_choice(text) && !names_members_elsewhere(text) {
        return Vec::new();
    }
    let mut found = Vec::new();
    of_blocks(&prose.blocks(), &mut found);
    found
}

fn of_blocks(blocks: &[Block], into: &mut Vec<Fact<String>>) {
    for block in blocks {
        match block {
            Block::Paragraph(inline) => into.extend(of_inline(inline)),
            Block::List(items) => {
                for item in items {
                    of_blocks(item, into);
                }
            }
            Block::Quote(blocks) => of_blocks(blocks, into),
            Block::Table(rows) => {
                into.extend(rows.iter().skip(1).filter_map(|row| of_row(row)));
                into.extend(of_steps(rows));
            }
            Block::Heading(..) => {}
        }
    }
}

fn of_inline(inline: &Inline) -> Vec<Fact<String>> {
    let sentences = sentences(inline);
    sentences.iter().filter_map(|it| remark(it)).collect()
}

/// A row of a table is a sentence: `` `409` The book is lent already. ``
fn of_row(row: &[Inline]) -> Option<Fact<String>> {
    let mut pieces = Vec::new();
    for cell in row {
        pieces.extend(cell.parts.iter().map(|part| Piece {
            text: format!("{} ", part.text.trim()),
            code: part.code,
            span: part.span,
        }));
    }
    remark(&pieces)
}

/// The rows of a table of steps as sentences: "from `todo` to `doing`, `done`".
fn of_steps(rows: &[Vec<Inline>]) -> Vec<Fact<String>> {
    const FROM: &[&str] = &["from", "state", "status", "current", "old", "before"];
    const TO: &[&str] = &[
        "to",
        "next",
        "allowed",
        "can become",
        "can go to",
        "new",
        "after",
        "possible",
        "then",
    ];
    let Some((head, rows)) = rows.split_first() else {
        return Vec::new();
    };
    let [from, to, ..] = head.as_slice() else {
        return Vec::new();
    };
    let starts = |cell: &Inline, words: &[&str]| {
        let text = cell.text().trim().to_lowercase();
        words.iter().any(|word| text.starts_with(word))
    };
    if !starts(from, FROM) || !starts(to, TO) {
        return Vec::new();
    }
    let codes = |cell: &Inline| {
        let codes = cell.parts.iter().filter(|part| part.code);
        let codes: Vec<_> = codes
            .map(|part| format!("`{}`", part.text.trim()))
            .collect();
        codes.join(", ")
    };
    let steps = rows.iter().filter_map(|row| {
        let [one, other, ..] = row.as_slice() else {
            return None;
        };
        let (from, to) = (codes(one), codes(other));
        let span = one.parts.first()?.span.to(other.parts.last()?.span);
        let text = format!("from {from} to {to}");
        let is_whole = !from.is_empty() && !to.is_empty();
        is_whole.then(|| Fact::new(text, span, &REMARK_IN_TEXT))
    });
    steps.collect()
}

fn remark(sentence: &[Piece]) -> Option<Fact<String>> {
    marked(sentence).filter(|it| {
        let text = it.value.as_str();
        names_status(text)
            || names_order(text)
            || names_state(text)
            || names_capacity(text)
            || names_choice(text)
            || names_members_elsewhere(text)
            || frees(text)
            || names_letters(text)
            || names_price(text)
            || names_others(text)
    })
}

/// True for a sentence about what else a write touches: "No other shelf is affected."
fn names_others(text: &str) -> bool {
    static OTHERS: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:no|the|all|none\s+of\s+the)?\s*others?\b[^.;]*\b(?:affected|changed|touched|modified|updated|moved|unchanged|untouched|alone|as\s+(?:they|it)\s+\w+)\b|\bnothing\s+else\b",
        )
    });
    OTHERS.is_match(text)
}

/// True for a sentence that says what something costs.
fn names_price(text: &str) -> bool {
    static PRICE: LazyLock<Pattern> =
        LazyLock::new(|| pattern(r"(?i)\b(?:costs?|fees?|prices?|surcharges?|charged)\b[^.;]*\d"));
    PRICE.is_match(text)
}

/// True for a sentence that says that it makes no difference whether letters are capital.
fn names_letters(text: &str) -> bool {
    static LETTERS: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\bcase[- ]insensitive|\bnot\s+case[- ]sensitive|\b(?:case|capitals?|capitali[sz]ation)\b[^.;]*\b(?:no\s+difference|not\s+matter|n['’]t\s+matter|ignored|irrelevant|the\s+same|alike)\b|\b(?:ignor(?:es?|ing)|regardless\s+of|irrespective\s+of)\s+(?:the\s+)?(?:\w+\s+)?(?:case|capitali[sz]ation)\b",
        )
    });
    LETTERS.is_match(text)
}

/// True for a sentence that says that a body may be left out, or that a name may be had again.
fn frees(text: &str) -> bool {
    static FREES: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:body|payload)\b[^.]*\b(?:optional|left\s+out|omitted|not\s+(?:needed|required|necessary)|send\s+none)\b|\b(?:optional|leave\s+the)\s+(?:request\s+)?body\b|\b(?:sent|called|made|fine|works)\s+without\s+an?\s+(?:request\s+)?body\b|\b(?:used|taken|chosen|registered)\s+(?:it\s+)?again\b|\bre-?used\b|\b(?:becomes?|gets?)\s+(?:free|available|released)\b|\bis\s+free\b|\bfrees\b",
        )
    });
    FREES.is_match(text)
}

/// True for a sentence that says that members are described elsewhere, or that there are some beside those.
fn names_members_elsewhere(text: &str) -> bool {
    static ELSEWHERE: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:members?|fields?|properties|attributes)\b[^.]*\b(?:described|documented|listed|explained|defined|more)\b|\b(?:extra|additional|further)\s+(?:members?|fields?|properties|attributes)\b|\bplus\s*:",
        )
    });
    ELSEWHERE.is_match(text)
}

/// A sentence with code in backticks; none if it says too much at once.
pub(super) fn marked(sentence: &[Piece]) -> Option<Fact<String>> {
    let mut text = String::new();
    for piece in sentence {
        if piece.code {
            text.push('`');
            text.push_str(piece.text.trim());
            text.push('`');
            let is_apart = piece.text.ends_with(' ');
            text.push_str(if is_apart { " " } else { "" });
        } else {
            text.push_str(&piece.text);
        }
    }
    let text = text.trim();
    let span = sentence.first()?.span.to(sentence.last()?.span);
    (text.len() <= LONGEST).then(|| Fact::new(text.to_owned(), span, &REMARK_IN_TEXT))
}

/// True if a number from 200 to 599 stands there by itself.
fn names_status(text: &str) -> bool {
    let mut words = text.split(|c: char| !c.is_ascii_alphanumeric());
    words.any(|word| {
        word.len() == 3
            && word
                .parse()
                .is_ok_and(|code: u16| (200..600).contains(&code))
    })
}

fn names_order(text: &str) -> bool {
    static ORDER: LazyLock<Pattern> =
        LazyLock::new(|| pattern(r"(?i)\b(?:sorted|ordered|order|first|alphabetical(?:ly)?)\b"));
    ORDER.is_match(text)
}

/// True for words about how many there may be.
fn names_capacity(text: &str) -> bool {
    static CAPACITY: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:up\s+to|at\s+most|(?:no|not)\s+more\s+than|room\s+for|maximum\s+of|limit\s+of|limited\s+to)\b",
        )
    });
    CAPACITY.is_match(text)
}

/// True for words about inputs of which only one is sent.
fn names_choice(text: &str) -> bool {
    static CHOICE: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:exactly\s+one|only\s+one|one\s+of|either|not\s+both|both|mutually\s+exclusive|combined?)\b",
        )
    });
    static TWO: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:one|either|neither|both)\s+of\s+(?:the\s+(?:two|following)|these|them|those|both)\b",
        )
    });
    (text.contains('`') || TWO.is_match(text)) && CHOICE.is_match(text)
}

/// True for words about what is kept, and about what cannot be done at any time.
fn names_state(text: &str) -> bool {
    static STATE: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:still|stays?|remains?|trash(?:ed)?|restored?|recover(?:ed)?|archived?|undo(?:ne)?|only|cannot|until|unless|already|again|no longer|raises?|lowers?|increases?|decreases?|reduces?|adds?|subtracts?|deducts?|sets?|records?|deletes?|deleted|removes?|removed|cascades?|new|no two|the same|unique|twice|makes|begins|starts|unchanged|untouched|changes?|changed|left out|leaves? out|omit(?:ted)?|partial|except|becomes|gets|takes?|goes|gone|rises?|falls?|grows?|can['’]t|must be|has to|have to|disappears?|vanish(?:es)?|moves?|unassigned|at least one|holds?|taken|added|put|placed|another|books?|booked|saves?|saved|kept|keeps?|turns?|turned|becomes?|becoming|matters?|nobody|room for|full|sold out|than are left|than is left|enough|more than|no more|at most|counted?|counts?|counting|joined|replaces?|replaced|merge[sd]?|writes?|written|logs?|logged|creates?|created|starts?|begins?|steps?|transitions?|up to|back to|each|every|together|along|otherwise|no step|refused|rejected|allowed|possible|never|nothing|ignored|does not|do not|is not|are not|nor|free|available|returned|charged|due|empty|whatever|regardless|instead|existing|upserts?|reopens?|reopened|increments?|incremented|decrements?|decremented|resets?|clears?|cleared|leaves|hidden|overwrites?|overwritten|one\s+higher|one\s+lower|as\s+well)\b",
        )
    });
    STATE.is_match(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_about_letters_and_prices_are_kept() {
        assert!(names_letters("Upper and lower case make no difference."));
        assert!(names_letters("The search ignores case."));
        assert!(!names_letters("Only in this case."));
        assert!(names_price("Express delivery always costs 900 cents."));
        assert!(!names_price("What it costs is told by `total`."));
    }
}
