//! A position in the tokens of a type string, and the steps that the grammar takes with it.

use std::ops::Range;

use super::Type;
use super::token::{Token, TokenKind};

/// Deeper nesting than this is no type that anybody reads.
const MAX_DEPTH: usize = 32;

/// A position in the tokens that may still be read.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'t> {
    text: &'t str,
    /// The tokens up to the end of what this cursor reads.
    tokens: &'t [Token],
    at: usize,
    depth: usize,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str, tokens: &'t [Token]) -> Self {
        Self {
            text,
            tokens,
            at: 0,
            depth: 0,
        }
    }

    /// The text between two bytes.
    pub(super) fn text(&self, range: Range<usize>) -> &'t str {
        self.text.get(range).unwrap_or_default()
    }

    /// The tokens that are left.
    pub(super) fn rest(&self) -> &'t [Token] {
        self.tokens.get(self.at..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<&'t Token> {
        self.tokens.get(self.at)
    }

    pub(super) fn symbol(&self) -> Option<char> {
        match self.peek()?.kind {
            TokenKind::Symbol(symbol) => Some(symbol),
            _ => None,
        }
    }

    pub(super) fn take_symbol(&mut self, symbol: char) -> bool {
        let found = self.symbol() == Some(symbol);
        self.at += usize::from(found);
        found
    }

    /// The word at the cursor.
    pub(super) fn word(&self) -> Option<&'t str> {
        let token = self.peek()?;
        matches!(token.kind, TokenKind::Word).then(|| self.lexeme(token))
    }

    pub(super) fn take_word(&mut self, matches: impl Fn(&str) -> bool) -> bool {
        let found = self
            .word()
            .is_some_and(|word| matches(&word.to_lowercase()));
        self.at += usize::from(found);
        found
    }

    pub(super) fn lexeme(&self, token: &Token) -> &'t str {
        self.text(token.range.clone())
    }

    /// Moves over `count` tokens.
    pub(super) fn skip(&mut self, count: usize) {
        self.at += count;
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.at >= self.tokens.len()
    }

    /// Reads with `read`, which must use up everything.
    pub(super) fn whole(mut self, read: impl Fn(&mut Self) -> Option<Type>) -> Option<Type> {
        let type_ = read(&mut self)?;
        self.is_at_end().then_some(type_)
    }

    /// Moves behind the bracket at the cursor and gives what stands inside it.
    pub(super) fn bracket(&mut self) -> Option<Self> {
        let close = self.peek()?.partner.filter(|close| *close > self.at)?;
        let inside = Self {
            tokens: self.tokens.get(..close)?,
            at: self.at + 1,
            depth: self.depth + 1,
            ..*self
        };
        self.at = close + 1;
        (inside.depth < MAX_DEPTH).then_some(inside)
    }

    /// The stretches between the top-level separators for which `splits` holds.
    pub(super) fn split(self, splits: impl Fn(char) -> bool) -> Vec<Self> {
        let mut parts = Vec::new();
        let (mut start, mut at) = (self.at, self.at);
        while let Some(token) = self.tokens.get(at) {
            if matches!(token.kind, TokenKind::Symbol(symbol) if splits(symbol)) {
                parts.push(self.part(start, at));
                start = at + 1;
            }
            at = token.partner.filter(|close| *close > at).unwrap_or(at) + 1;
        }
        if start < self.tokens.len() {
            parts.push(self.part(start, self.tokens.len()));
        }
        parts
    }

    fn part(&self, start: usize, end: usize) -> Self {
        Self {
            tokens: self.tokens.get(..end).unwrap_or_default(),
            at: start,
            ..*self
        }
    }

    /// True if the cursor stands before an opening bracket with nothing inside.
    pub(super) fn is_at_empty_bracket(&self) -> bool {
        self.peek().and_then(|token| token.partner) == Some(self.at + 1)
    }

    /// The tokens between an earlier position of this cursor and now.
    pub(super) fn since(&self, start: &Self) -> &'t [Token] {
        self.tokens.get(start.at..self.at).unwrap_or_default()
    }

    /// Counts one more level for all that this cursor still reads; false if that is too deep.
    pub(super) fn descend(&mut self) -> bool {
        self.depth += 1;
        self.depth < MAX_DEPTH
    }

    /// What is left, which this cursor then has behind it.
    pub(super) fn take_rest(&mut self) -> Self {
        let rest = *self;
        self.at = self.tokens.len();
        rest
    }

    /// Runs `read` one level deeper.
    pub(super) fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        self.depth += 1;
        let result = if self.depth < MAX_DEPTH {
            read(self)
        } else {
            None
        };
        self.depth -= 1;
        result
    }
}
