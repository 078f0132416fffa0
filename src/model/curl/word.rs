//! A word of a shell command: quotes, escapes, and what authors forget about them.
//!
//! <https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_02>

use std::ops::Range;

use super::shell::Lexer;
use super::{Decoded, FaultKind};

/// A word without its quotes, and the bytes it was written in.
#[derive(Clone, Debug, Default)]
pub(super) struct Word {
    pub(super) text: Decoded,
    pub(super) range: Range<usize>,
}

/// No unquoted placeholder is longer.
const LONGEST_PLACEHOLDER: usize = 60;

impl Lexer<'_> {
    /// Takes the word that comes next.
    pub(super) fn word(&mut self) -> Word {
        let start = self.at;
        let mut word = Decoded::default();
        let mut is_clean = true;
        while let Some(char) = self.peek() {
            match char {
                '\'' | '"' | '“' | '”' | '‘' | '’' => self.quoted(&mut word),
                '$' if self.rest().starts_with("$'") => {
                    self.at += 1;
                    self.ansi_quoted(&mut word);
                }
                '$' if self.rest().starts_with("$(") => self.substitution(&mut word),
                '\\' => {
                    if self.line_break_after_backslash().is_some() {
                        break;
                    }
                    self.at += 1;
                    self.copy(&mut word);
                }
                '&' | ';' if self.is_inside_url(&word) => {
                    if std::mem::take(&mut is_clean) {
                        self.fault(FaultKind::UnquotedOperator, self.at..self.at + 1);
                    }
                    self.copy(&mut word);
                }
                '<' => match self.placeholder() {
                    Some(length) => {
                        self.fault(FaultKind::UnquotedPlaceholder, self.at..self.at + length);
                        word.push(self.slice(self.at..self.at + length), self.at);
                        self.at += length;
                    }
                    None => break,
                },
                ' ' | '\t' | '\r' | '\n' | '|' | '&' | ';' | '>' => break,
                ')' | '`' if self.ends_at == Some(char) => break,
                _ => self.copy_plain(&mut word, |byte| {
                    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'/' | b':')
                }),
            }
        }
        Word {
            text: word,
            range: start..self.at,
        }
    }

    fn copy(&mut self, word: &mut Decoded) {
        let start = self.at;
        if self.bump().is_some() {
            word.push(self.slice(start..self.at), start);
        }
    }

    /// Copies a character, and all that follow it and mean nothing here.
    fn copy_plain(&mut self, word: &mut Decoded, is_plain: impl Fn(u8) -> bool) {
        let start = self.at;
        self.bump();
        self.skip(is_plain);
        word.push(self.slice(start..self.at), start);
    }

    /// True if `&` or `;` joins two pairs of an unquoted query rather than two commands.
    fn is_inside_url(&self, word: &Decoded) -> bool {
        let mut after = self.rest().chars().skip(1);
        word.text().contains('?')
            && after
                .next()
                .is_some_and(|char| char.is_alphanumeric() || char == '_')
    }

    /// The length of `<name>`.
    pub(super) fn placeholder(&self) -> Option<usize> {
        let name = self.rest().strip_prefix('<')?;
        let is_name =
            |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b' ' | b'.');
        let length = name
            .bytes()
            .take(LONGEST_PLACEHOLDER)
            .take_while(is_name)
            .count();
        let is_closed = name.get(length..)?.starts_with('>');
        (is_closed && name.starts_with(|char: char| char.is_ascii_alphabetic()))
            .then_some(length + 2)
    }

    fn quoted(&mut self, word: &mut Decoded) {
        let start = self.at;
        let Some(quote) = self.bump() else { return };
        if !matches!(quote, '\'' | '"') {
            self.fault(FaultKind::SmartQuotes, start..self.at);
        }
        let content = self.at;
        // After `'\''` the same string goes on.
        let goes_on = self.slice(0..start).ends_with("\\'");
        let is_body = !goes_on && is_body_start(self.rest());
        let mut is_clean = true;
        loop {
            let Some(char) = self.peek() else {
                self.unclosed(start, content, word);
                return;
            };
            if closes(quote, char) {
                let at = self.at;
                self.bump();
                if self.ends_quoted(content, at, char, is_body) {
                    return;
                }
                if std::mem::take(&mut is_clean) {
                    self.fault(FaultKind::UnescapedQuote, at..self.at);
                }
                word.push(self.slice(at..self.at), at);
            } else if char == '\\' && quote == '"' {
                self.double_quoted_escape(word);
            } else if quote == '"' && self.rest().starts_with("$(") {
                self.substitution(word);
            } else {
                self.copy_plain(word, |byte| {
                    byte.is_ascii() && !matches!(byte, b'\'' | b'"' | b'\\' | b'$')
                });
            }
        }
    }

    /// True if the quote just taken ends the string, false if the author forgot to escape it.
    ///
    /// A shell would always end the string. But the JSON in it is not complete, or the quote stands between two
    /// letters, and another quote follows that can end the string instead.
    fn ends_quoted(&self, content: usize, at: usize, quote: char, is_body: bool) -> bool {
        let next = self.peek();
        if !self.rest().contains(quote) || matches!(next, None | Some('\\' | '\'' | '"' | '$')) {
            return true;
        }
        let before = self.slice(content..at);
        if is_body {
            return before.trim_end().ends_with(['}', ']']);
        }
        let is_letter = |char: Option<char>| char.is_some_and(char::is_alphabetic);
        quote == '"' || !is_letter(next) || !is_letter(before.chars().next_back())
    }

    /// Takes what is left up to a blank line, and says that the quote at `start` is not closed.
    fn unclosed(&mut self, start: usize, content: usize, word: &mut Decoded) {
        let quote = self.slice(start..content).len();
        self.fault(FaultKind::UnclosedQuote, start..start + quote);
        let text = self.slice(content..self.at);
        let kept = text.split("\n\n").next().unwrap_or_default().trim_end();
        let surplus = text.len() - kept.len();
        let longest = word.text().len().saturating_sub(surplus);
        let end = (0..=longest)
            .rev()
            .find(|end| word.text().is_char_boundary(*end));
        *word = word.slice(0..end.unwrap_or(0));
        self.at = content + kept.len();
    }

    fn double_quoted_escape(&mut self, word: &mut Decoded) {
        let next = self.rest().chars().nth(1);
        if self
            .line_break_after_backslash()
            .is_some_and(|line_break| line_break.is_clean)
        {
            self.skip_line_break();
        } else if matches!(next, Some('"' | '\\' | '$' | '`')) {
            self.at += 1;
            self.copy(word);
        } else {
            self.copy(word);
        }
    }

    /// `$'…'`, the dollar sign taken.
    fn ansi_quoted(&mut self, word: &mut Decoded) {
        let start = self.at;
        self.bump();
        loop {
            match self.peek() {
                None => {
                    self.fault(FaultKind::UnclosedQuote, start..start + 1);
                    return;
                }
                Some('\'') => {
                    self.bump();
                    return;
                }
                Some('\\') => self.ansi_escape(word),
                Some(_) => self.copy(word),
            }
        }
    }

    fn ansi_escape(&mut self, word: &mut Decoded) {
        let start = self.at;
        self.at += 1;
        let Some(char) = self.bump() else { return };
        let text = match char {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'a' => '\u{7}',
            'b' => '\u{8}',
            'e' | 'E' => '\u{1b}',
            'f' => '\u{c}',
            'v' => '\u{b}',
            'x' => self.hex(2),
            'u' => self.hex(4),
            'U' => self.hex(8),
            _ => char,
        };
        word.push_replaced(text.encode_utf8(&mut [0; 4]), start..self.at);
    }

    fn hex(&mut self, most: usize) -> char {
        let digits = self
            .rest()
            .bytes()
            .take(most)
            .take_while(u8::is_ascii_hexdigit)
            .count();
        let text = self.slice(self.at..self.at + digits);
        self.at += digits;
        let code = u32::from_str_radix(text, 16).ok();
        code.and_then(char::from_u32)
            .unwrap_or(char::REPLACEMENT_CHARACTER)
    }

    /// `$(command)`, kept as it stands.
    fn substitution(&mut self, word: &mut Decoded) {
        let start = self.at;
        let mut depth = 0_usize;
        while let Some(char) = self.peek().filter(|char| *char != '\n') {
            self.bump();
            match char {
                '(' => depth += 1,
                ')' if depth == 1 => break,
                ')' => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        word.push(self.slice(start..self.at), start);
    }
}

fn closes(opening: char, char: char) -> bool {
    match opening {
        '“' | '”' => matches!(char, '“' | '”'),
        '‘' | '’' => matches!(char, '‘' | '’'),
        _ => char == opening,
    }
}

/// True if a quoted string begins like JSON, and not like a placeholder in braces.
fn is_body_start(text: &str) -> bool {
    let Some(inner) = text.strip_prefix(['{', '[']) else {
        return false;
    };
    let first = inner.trim_start_matches([' ', '\t', '\r']);
    first.starts_with(['"', '\n'])
        || first.starts_with("\\\"")
        || (text.starts_with('[') && first.starts_with('{'))
}
