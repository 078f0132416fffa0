//! Running text made ready for patterns: each code span and each quoted word is one character, and every byte leads
//! back to the place where it was written.

use std::hash::{Hash, Hasher};
use std::ops::Range;

use crate::mdx::markdown::{Block, Inline, Part};
use crate::mdx::{Node, Prose};
use crate::model::evidence::{Evidence, ReadingRule};
use crate::source::Span;

/// Stands for a code span.
pub(super) const CODE: char = '\u{E000}';
/// Stands for a quoted word.
pub(super) const QUOTED: char = '\u{E001}';

/// A paragraph, an item of a list, or a cell of a table.
#[derive(Clone, Debug, Default)]
pub(super) struct Text {
    /// The text with [`CODE`] and [`QUOTED`] in the places of tokens.
    pub(super) flat: String,
    /// The tokens in the order of the text.
    pub(super) tokens: Vec<Token>,
    pieces: Vec<Piece>,
}

/// A code span or a quoted word.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) text: String,
    pub(super) span: Span,
    /// Where it stands in the flat text.
    pub(super) at: usize,
    /// True if the text itself stands in quotes.
    pub(super) quoted: bool,
}

#[derive(Clone, Debug)]
struct Piece {
    at: usize,
    length: usize,
    span: Span,
}

/// A part of a description.
#[derive(Debug, Hash)]
pub(super) enum Passage {
    Text(Text),
    /// The first paragraph of each item; the paragraph before the list is the passage before.
    List(Vec<Text>),
    /// The first paragraph of each item of the lists inside of the items of the list before.
    Nested(Vec<Text>),
    /// The rows, the head first.
    Table(Vec<Vec<Text>>),
}

/// The passages of a description, in the order of the text.
pub(super) fn passages(prose: &[&Prose]) -> Vec<Passage> {
    let mut blocks: Vec<Block> = Vec::new();
    for part in prose {
        let mut own = part.blocks();
        // What stands beside an inline element goes on with the paragraph before it.
        if let (true, Some(Block::Paragraph(open)), Some(Block::Paragraph(first))) =
            (part.inline, blocks.last_mut(), own.first())
        {
            open.parts.extend(first.parts.iter().cloned());
            own.remove(0);
        }
        blocks.append(&mut own);
    }
    of_blocks(&blocks)
}

/// The passages of Markdown.
pub(super) fn of_blocks(blocks: &[Block]) -> Vec<Passage> {
    let mut passages = Vec::new();
    add(blocks, &mut passages);
    passages
}

/// The running text of a field: everything but nested fields, expandable parts, and code blocks.
pub(super) fn of_field<'p>(nodes: &'p [Node], into: &mut Vec<&'p Prose>) {
    for node in nodes {
        match node {
            Node::Prose(prose) => into.push(prose),
            Node::Element(element)
                if !crate::model::build::field::is_field(&element.name)
                    && element.name != "Expandable" =>
            {
                of_field(&element.children, into);
            }
            _ => {}
        }
    }
}

fn add(blocks: &[Block], passages: &mut Vec<Passage>) {
    for block in blocks {
        match block {
            Block::Heading(_, inline) | Block::Paragraph(inline) => {
                passages.push(Passage::Text(Text::new(inline)));
            }
            Block::List(items) => {
                passages.push(Passage::List(
                    items.iter().map(|item| first_of(item)).collect(),
                ));
                let mut nested = Vec::new();
                add_nested(items, &mut nested);
                if !nested.is_empty() {
                    passages.push(Passage::Nested(nested));
                }
            }
            Block::Table(rows) => {
                let row = |cells: &Vec<Inline>| cells.iter().map(Text::new).collect();
                passages.push(Passage::Table(rows.iter().map(row).collect()));
            }
            Block::Quote(blocks) => add(blocks, passages),
        }
    }
}

fn first_of(item: &[Block]) -> Text {
    match item.first() {
        Some(Block::Paragraph(inline)) => Text::new(inline),
        _ => Text::default(),
    }
}

/// The items of lists inside of items, at any depth.
fn add_nested(items: &[Vec<Block>], into: &mut Vec<Text>) {
    for block in items.iter().flatten() {
        if let Block::List(inner) = block {
            into.extend(inner.iter().map(|item| first_of(item)));
            add_nested(inner, into);
        }
    }
}

/// The text without its places.
impl Hash for Text {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        self.flat.hash(hasher);
        for token in &self.tokens {
            (&token.text, token.at, token.quoted).hash(hasher);
        }
        self.tokens.len().hash(hasher);
    }
}

impl Passage {
    /// A cell of a table as a text of its own.
    pub(super) fn of_cell(cell: &Inline) -> Self {
        Self::Text(Text::new(cell))
    }
}

impl Text {
    /// The text with spaces in those places, and without the tokens there.
    pub(super) fn blanked(&self, places: &[Range<usize>]) -> Self {
        let mut text = self.clone();
        for place in places {
            text.flat
                .replace_range(place.clone(), &" ".repeat(place.len()));
        }
        let is_kept = |token: &Token| !places.iter().any(|place| place.contains(&token.at));
        text.tokens.retain(is_kept);
        text
    }

    fn new(inline: &Inline) -> Self {
        let mut text = Self::default();
        for part in &inline.parts {
            if part.code {
                text.token(CODE, &part.text, part.span);
            } else {
                text.run(part);
            }
        }
        text
    }

    fn token(&mut self, mark: char, content: &str, span: Span) {
        let at = self.flat.len();
        let trimmed = content.trim();
        let inner = [('"', '"'), ('\'', '\'')]
            .iter()
            .find_map(|(open, close)| trimmed.strip_prefix(*open)?.strip_suffix(*close));
        self.tokens.push(Token {
            text: inner.unwrap_or(trimmed).to_owned(),
            span,
            at,
            quoted: inner.is_some() || mark == QUOTED,
        });
        self.pieces.push(Piece {
            at,
            length: mark.len_utf8(),
            span,
        });
        self.flat.push(mark);
    }

    fn run(&mut self, part: &Part) {
        // Entities and escapes make the text shorter than its source; then the whole part is the place.
        let exact = part.text.len() == part.span.len();
        let place = |range: &Range<usize>| {
            if exact {
                let start = part.span.start as usize;
                Span::new(part.span.file, start + range.start..start + range.end)
            } else {
                part.span
            }
        };
        let mut from = 0;
        while let Some(quoted) = quoted(&part.text, from) {
            self.plain(&part.text, from..quoted.outer.start, &place);
            let content = part.text.get(quoted.inner).unwrap_or_default();
            self.token(QUOTED, content, place(&quoted.outer));
            from = quoted.outer.end;
        }
        self.plain(&part.text, from..part.text.len(), &place);
    }

    fn plain(&mut self, text: &str, range: Range<usize>, place: &dyn Fn(&Range<usize>) -> Span) {
        let content = text.get(range.clone()).unwrap_or_default();
        if content.is_empty() {
            return;
        }
        // A mark in the author's text becomes a space; the piece is then shorter than its place.
        let content = content.replace([CODE, QUOTED], " ");
        self.pieces.push(Piece {
            at: self.flat.len(),
            length: content.len(),
            span: place(&range),
        });
        self.flat.push_str(&content);
    }

    /// False if the text holds nothing that could be a value: no token, no number, no truth value.
    pub(super) fn may_state_value(&self) -> bool {
        let is_word = |word: &[u8]| {
            let mut places = self.flat.as_bytes().windows(word.len());
            places.any(|place| place.eq_ignore_ascii_case(word))
        };
        !self.tokens.is_empty()
            || self.flat.bytes().any(|byte| byte.is_ascii_digit())
            || is_word(b"true")
            || is_word(b"false")
    }

    /// The place of a range of the flat text.
    pub(super) fn span(&self, range: &Range<usize>) -> Option<Span> {
        let mut pieces = self
            .pieces
            .iter()
            .filter(|piece| piece.at < range.end && range.start < piece.at + piece.length)
            .map(|piece| {
                if piece.length != piece.span.len() {
                    return piece.span;
                }
                let start = range.start.max(piece.at) - piece.at;
                let end = range.end.min(piece.at + piece.length) - piece.at;
                let first = piece.span.start as usize;
                Span::new(piece.span.file, first + start..first + end)
            });
        let first = pieces.next()?;
        Some(pieces.fold(first, Span::to))
    }

    /// A range of the flat text as evidence.
    pub(super) fn evidence(
        &self,
        range: &Range<usize>,
        rule: &'static ReadingRule,
    ) -> Option<Evidence> {
        Some(Evidence::new(self.span(range)?, rule))
    }

    /// The tokens in a range of the flat text.
    pub(super) fn tokens_in(&self, range: &Range<usize>) -> &[Token] {
        let start = self.tokens.partition_point(|token| token.at < range.start);
        let end = self.tokens.partition_point(|token| token.at < range.end);
        self.tokens.get(start..end).unwrap_or_default()
    }

    /// The sentence around a range: what stands before and behind it.
    pub(super) fn around(&self, range: &Range<usize>) -> (&str, &str) {
        around(&self.flat, range)
    }

    /// The flat text with some of its tokens written out, since patterns look into them.
    pub(super) fn written_out(&self, which: impl Fn(&Token) -> bool) -> Written {
        self.spelled(|token| which(token).then_some(token.text.as_str()))
    }

    /// The flat text with words in the places of some of its tokens.
    pub(super) fn spelled<'t>(&'t self, word: impl Fn(&'t Token) -> Option<&'t str>) -> Written {
        let mut written = Written {
            flat: String::with_capacity(self.flat.len()),
            places: vec![(0, 0)],
        };
        let mut from = 0;
        let words = self.tokens.iter();
        let words = words.filter_map(|token| Some((token, word(token)?)));
        for (token, word) in words {
            let between = self.flat.get(from..token.at).unwrap_or_default();
            written.flat.push_str(between);
            written.places.push((written.flat.len(), token.at));
            written.flat.push_str(word);
            from = token.at + CODE.len_utf8();
            written.places.push((written.flat.len(), from));
        }
        written
            .flat
            .push_str(self.flat.get(from..).unwrap_or_default());
        written
    }
}

/// A flat text in which some tokens are written out.
pub(super) struct Written {
    pub(super) flat: String,
    /// Where each piece starts, here and in the flat text.
    places: Vec<(usize, usize)>,
}

impl Written {
    /// The range of the flat text; inside of a token, all of it.
    pub(super) fn range(&self, range: &Range<usize>) -> Range<usize> {
        self.place(range.start, false)..self.place(range.end, true)
    }

    fn place(&self, offset: usize, is_end: bool) -> usize {
        let index = self
            .places
            .partition_point(|(at, _)| *at <= offset)
            .saturating_sub(1);
        let (at, origin) = self.places.get(index).copied().unwrap_or_default();
        let next = self.places.get(index + 1).map_or(usize::MAX, |next| next.1);
        // Every second piece is a token.
        if index % 2 == 1 {
            return if is_end && offset > at { next } else { origin };
        }
        (origin + (offset - at)).min(next)
    }
}

/// Sentences are not looked at beyond so many bytes.
const LONGEST_SENTENCE: usize = 600;

/// The sentence around a range of a text: what stands before and behind it.
pub(super) fn around<'t>(text: &'t str, range: &Range<usize>) -> (&'t str, &'t str) {
    let before = last(text.get(..range.start).unwrap_or_default());
    let after = first(text.get(range.end..).unwrap_or_default());
    let start = sentence_ends(before).last().unwrap_or(0);
    let end = sentence_ends(after).next().unwrap_or(after.len());
    (
        before.get(start..).unwrap_or_default(),
        after.get(..end).unwrap_or_default(),
    )
}

fn last(text: &str) -> &str {
    let start = text.len().saturating_sub(LONGEST_SENTENCE);
    (start..=text.len())
        .find_map(|start| text.get(start..))
        .unwrap_or_default()
}

fn first(text: &str) -> &str {
    let end = text.len().min(LONGEST_SENTENCE);
    (0..=end)
        .rev()
        .find_map(|end| text.get(..end))
        .unwrap_or_default()
}

/// Where sentences end: behind a full stop that no abbreviation explains.
fn sentence_ends(text: &str) -> impl Iterator<Item = usize> {
    text.char_indices().filter_map(|(at, c)| {
        let end = at + c.len_utf8();
        let rest = text.get(end..).unwrap_or_default();
        match c {
            '。' | '！' => Some(end),
            '.' | '!' | '?' => {
                let next = rest.trim_start().chars().next();
                let apart = rest.starts_with(char::is_whitespace);
                let starts = next.is_none_or(|c| !c.is_lowercase());
                (apart && starts && !is_abbreviation(text.get(..at).unwrap_or_default()))
                    .then_some(end)
            }
            _ => None,
        }
    })
}

fn is_abbreviation(before: &str) -> bool {
    let word = before
        .rsplit(|c: char| c.is_whitespace() || "([,".contains(c))
        .next()
        .unwrap_or_default()
        .to_lowercase();
    matches!(
        word.as_str(),
        "e.g"
            | "eg"
            | "i.e"
            | "ie"
            | "z.b"
            | "d.h"
            | "p.ex"
            | "ex"
            | "ej"
            | "p.ej"
            | "vs"
            | "max"
            | "min"
            | "bzw"
            | "approx"
            | "no"
            | "b"
            | "p"
            | "z"
    )
}

struct Quoted {
    outer: Range<usize>,
    inner: Range<usize>,
}

const QUOTES: [(char, char); 7] = [
    ('"', '"'),
    ('\'', '\''),
    ('“', '”'),
    ('„', '“'),
    ('‘', '’'),
    ('«', '»'),
    ('「', '」'),
];
const LONGEST_QUOTED: usize = 48;

/// The first quoted word from `from`: short, on one line, and with quotes that are no apostrophes.
fn quoted(text: &str, from: usize) -> Option<Quoted> {
    let rest = text.get(from..)?;
    for (at, open) in rest.char_indices() {
        let Some((_, close)) = QUOTES.iter().find(|(mark, _)| *mark == open) else {
            continue;
        };
        let outer_start = from + at;
        let before = text.get(..outer_start)?.chars().next_back();
        if before.is_some_and(char::is_alphanumeric) {
            continue;
        }
        let inner_start = outer_start + open.len_utf8();
        let inner = text.get(inner_start..)?;
        let Some(length) = inner
            .char_indices()
            .take_while(|(at, _)| *at <= LONGEST_QUOTED)
            .find_map(|(at, c)| (c == *close).then_some(at))
        else {
            continue;
        };
        let content = inner.get(..length)?;
        let inner_end = inner_start + length;
        let outer_end = inner_end + close.len_utf8();
        let after = text.get(outer_end..)?.chars().next();
        let bare = !content.is_empty()
            && content.trim() == content
            && !content.contains('\n')
            && !after.is_some_and(char::is_alphanumeric);
        if bare {
            return Some(Quoted {
                outer: outer_start..outer_end,
                inner: inner_start..inner_end,
            });
        }
    }
    None
}
