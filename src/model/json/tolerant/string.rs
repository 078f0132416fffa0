//! Strings, in whatever quotes, with quotes and line breaks inside that nobody escaped.

use super::Reader;
use crate::model::json::RepairKind;
use crate::model::json::cursor::{simple_escape, surrogate_pair};

/// The quotes around a string.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Quote {
    Double,
    Single,
    Backtick,
    SmartDouble,
    SmartSingle,
}

impl Quote {
    fn opening(char: char) -> Option<Self> {
        Some(match char {
            '"' => Self::Double,
            '\'' => Self::Single,
            '`' => Self::Backtick,
            '“' | '”' | '„' | '‟' => Self::SmartDouble,
            '‘' | '’' | '‚' | '‛' => Self::SmartSingle,
            _ => return None,
        })
    }

    fn is_closed_by(self, char: char) -> bool {
        match self {
            Self::Double => char == '"',
            Self::Single => char == '\'',
            Self::Backtick => char == '`',
            Self::SmartDouble => char == '"' || Self::opening(char) == Some(self),
            Self::SmartSingle => char == '\'' || Self::opening(char) == Some(self),
        }
    }

    fn repair(self) -> Option<RepairKind> {
        match self {
            Self::Double => None,
            Self::Single | Self::Backtick => Some(RepairKind::SingleQuotes),
            Self::SmartDouble | Self::SmartSingle => Some(RepairKind::SmartQuotes),
        }
    }
}

impl Reader<'_> {
    /// Reads a string, if a quote comes next.
    pub(super) fn string(&mut self) -> Option<String> {
        let start = self.cursor.at;
        let quote = Quote::opening(self.cursor.peek_char()?)?;
        self.cursor.bump();
        let mut text = String::new();
        let mut saw_control = false;
        loop {
            let plain = self
                .cursor
                .eat_while(|byte| (b' '..0x80).contains(&byte) && !b"\"\\'`".contains(&byte));
            text.push_str(plain);
            let at = self.cursor.at;
            let Some(char) = self.cursor.bump() else {
                self.repair(RepairKind::UnclosedString, start..at);
                break;
            };
            if char == '\\' {
                text.push(self.escape(at));
            } else if quote.is_closed_by(char) {
                if self.ends_string(quote) {
                    break;
                }
                self.repair(RepairKind::UnescapedQuote, at..self.cursor.at);
                text.push(char);
            } else if char == '\n' && self.next_line_begins_anew() {
                self.end_at_line(start, at, &mut text);
                break;
            } else {
                if char < ' ' && !saw_control {
                    self.repair(RepairKind::UnescapedControl, at..self.cursor.at);
                    saw_control = true;
                }
                text.push(char);
            }
        }
        self.token_end = self.cursor.at;
        if let Some(kind) = quote.repair() {
            self.repair(kind, start..self.token_end);
        }
        Some(text)
    }

    /// Reads the rest of an escape; the backslash at `start` is taken already.
    fn escape(&mut self, start: usize) -> char {
        let Some(char) = self.cursor.bump() else {
            self.repair(RepairKind::InvalidEscape, start..self.cursor.at);
            return '\\';
        };
        let resolved = match char {
            'u' => self.unicode_escape(),
            _ => u8::try_from(char).ok().and_then(simple_escape),
        };
        resolved.unwrap_or_else(|| {
            self.repair(RepairKind::InvalidEscape, start..self.cursor.at);
            if char == 'u' {
                char::REPLACEMENT_CHARACTER
            } else {
                char
            }
        })
    }

    fn unicode_escape(&mut self) -> Option<char> {
        let unit = self.hex()?;
        if let Some(char) = char::from_u32(unit) {
            return Some(char);
        }
        let after = self.cursor.at;
        let low = if self.cursor.eat("\\u") {
            self.hex()
        } else {
            None
        };
        let pair = low.and_then(|low| surrogate_pair(unit, low));
        if pair.is_none() {
            self.cursor.at = after;
        }
        pair
    }

    fn hex(&mut self) -> Option<u32> {
        let digits = self.cursor.slice(self.cursor.at..self.cursor.at + 4);
        if digits.len() != 4 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        self.cursor.at += 4;
        u32::from_str_radix(digits, 16).ok()
    }

    /// True if the closing quote just taken ends the string, false if it is a quote inside that should be escaped.
    ///
    /// It ends the string if what follows can follow a value, or if the next quote on the line seems to open a string.
    fn ends_string(&self, quote: Quote) -> bool {
        let ahead = self.cursor.rest().trim_start_matches([' ', '\t', '\r']);
        let can_follow = ahead.is_empty()
            || ahead.starts_with([',', ':', '}', ']', '\n', ';', '|', '=', '#', '.', '…'])
            || ahead.starts_with("//")
            || ahead.starts_with("/*")
            || ahead.starts_with(|char| Quote::opening(char).is_some());
        can_follow || !self.is_inside(quote)
    }

    /// True if another quote on the line could end the string.
    ///
    /// The search stops at the first one, so all searches together pass over the text once for each kind of quote.
    fn is_inside(&self, quote: Quote) -> bool {
        let rest = self.cursor.rest();
        let next = rest.find(|char| char == '\n' || quote.is_closed_by(char));
        let Some(gap) = next.and_then(|next| rest.get(..next)) else {
            return false;
        };
        let is_quote = !rest
            .get(gap.len()..)
            .is_some_and(|next| next.starts_with('\n'));
        is_quote && !gap.trim_end().ends_with([',', ':', '{', '['])
    }

    /// True if the line after the break just taken reads like the next member or a closing bracket.
    fn next_line_begins_anew(&self) -> bool {
        let line = self.cursor.rest().trim_start_matches([' ', '\t', '\r']);
        line.starts_with(['}', ']']) || line.starts_with(|char| Quote::opening(char).is_some())
    }

    /// Ends a string that lacks its closing quote at the end of the line, before a comma.
    fn end_at_line(&mut self, start: usize, line_end: usize, text: &mut String) {
        let trimmed = self
            .cursor
            .slice(start..line_end)
            .trim_end_matches([' ', '\t', '\r', ',']);
        // The opening quote is never trimmed, and what is trimmed was copied byte for byte.
        let surplus = line_end - start - trimmed.len();
        let keep = text.len().saturating_sub(surplus);
        if text.is_char_boundary(keep) {
            text.truncate(keep);
        }
        self.cursor.at = line_end - surplus;
        self.repair(RepairKind::UnclosedString, start..self.cursor.at);
    }
}
