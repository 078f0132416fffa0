//! A place in a text that moves forward.

use std::ops::Range;

/// The text and how far it has been read.
#[derive(Clone)]
pub(super) struct Cursor<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// The next byte.
    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The byte `ahead` of the next one.
    pub(super) fn peek_at(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    /// What has not been read yet.
    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// The next character.
    pub(super) fn peek_char(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Takes the next character.
    pub(super) fn bump(&mut self) -> Option<char> {
        let char = self.peek_char()?;
        self.at += char.len_utf8();
        Some(char)
    }

    /// Takes `expected` if it comes next.
    pub(super) fn eat(&mut self, expected: &str) -> bool {
        let found = self.rest().starts_with(expected);
        if found {
            self.at += expected.len();
        }
        found
    }

    /// Takes bytes as long as they fulfil a condition, which must not stop inside a character.
    pub(super) fn eat_while(&mut self, condition: impl Fn(u8) -> bool) -> &'a str {
        let start = self.at;
        while self.peek().is_some_and(&condition) {
            self.at += 1;
        }
        self.slice(start..self.at)
    }

    /// Some bytes of the text; empty if they do not fit it.
    pub(super) fn slice(&self, range: Range<usize>) -> &'a str {
        self.text.get(range).unwrap_or_default()
    }

    /// What comes next, for a message.
    pub(super) fn found(&self) -> String {
        self.peek_char().map_or_else(
            || "the end".to_owned(),
            |char| format!("`{}`", char.escape_debug()),
        )
    }
}

/// The character that two `\u` escapes stand for, or nothing if they are not a pair.
pub(super) fn surrogate_pair(high: u32, low: u32) -> Option<char> {
    let is_pair = (0xD800..0xDC00).contains(&high) && (0xDC00..0xE000).contains(&low);
    is_pair
        .then(|| 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
        .and_then(char::from_u32)
}

/// The character that follows a backslash, resolved; nothing for `u` and for what JSON does not know.
pub(super) fn simple_escape(byte: u8) -> Option<char> {
    Some(match byte {
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        _ => return None,
    })
}
