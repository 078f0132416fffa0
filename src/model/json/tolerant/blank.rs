//! What stands between the tokens: white space, and comments, some of which say that something was left out.

use std::ops::Range;

use super::Reader;
use crate::model::json::RepairKind;

impl<'a> Reader<'a> {
    /// Skips white space and comments; stops behind a comment that stands for items left out and returns its bytes.
    pub(super) fn blank(&mut self) -> Option<Range<usize>> {
        loop {
            self.space();
            let start = self.cursor.at;
            let kind = self.comment_kind()?;
            let content = self.comment();
            let own_line = self.begins_line(start);
            let range = start..start + self.cursor.slice(start..self.cursor.at).trim_end().len();
            if is_elision(content, own_line || kind == RepairKind::BlockComment)
                && !self.open.is_empty()
            {
                self.token_end = range.end;
                return Some(range);
            }
            self.repair(kind, range);
        }
    }

    fn space(&mut self) {
        loop {
            self.cursor
                .eat_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
            match self.cursor.peek_char() {
                Some(char) if is_foreign_space(char) => {
                    let start = self.cursor.at;
                    self.cursor.at += char.len_utf8();
                    self.repair(RepairKind::ForeignSpace, start..self.cursor.at);
                }
                _ => return,
            }
        }
    }

    /// The kind of the comment that comes next.
    fn comment_kind(&self) -> Option<RepairKind> {
        match (self.cursor.peek()?, self.cursor.peek_at(1)) {
            (b'#', _) | (b'/', Some(b'/')) => Some(RepairKind::LineComment),
            (b'/', Some(b'*')) => Some(RepairKind::BlockComment),
            _ => None,
        }
    }

    /// Takes a comment and returns what it says.
    fn comment(&mut self) -> &'a str {
        if self.cursor.eat("/*") {
            let start = self.cursor.at;
            let length = self.cursor.rest().find("*/");
            let end = length.map_or(self.cursor.text.len(), |length| start + length);
            self.cursor.at = end;
            self.cursor.eat("*/");
            return self.cursor.slice(start..end);
        }
        let line = self.cursor.eat_while(|byte| byte != b'\n');
        line.trim_start_matches(['/', '#'])
    }

    fn begins_line(&self, at: usize) -> bool {
        let before = self.cursor.slice(0..at).bytes().rev();
        let mut before = before.skip_while(|byte| matches!(byte, b' ' | b'\t'));
        matches!(before.next(), None | Some(b'\n' | b'[' | b'{'))
    }
}

/// True for white space that is not among the four of RFC 8259, and for characters without width.
fn is_foreign_space(char: char) -> bool {
    let is_json = matches!(char, ' ' | '\t' | '\n' | '\r');
    (char.is_whitespace() && !is_json)
        || matches!(char, '\u{feff}' | '\u{200b}'..='\u{200d}' | '\u{2060}')
}

/// How many words a comment may have that stands for items without showing dots.
const SHORT: usize = 4;

/// True if a comment stands for what was left out: dots at either end, or, where an item could stand, "more" or "etc".
fn is_elision(comment: &str, in_place_of_item: bool) -> bool {
    let comment = comment.trim();
    let has_dots =
        |dots: &str| comment.starts_with(dots) || (in_place_of_item && comment.ends_with(dots));
    if has_dots("...") || has_dots("…") {
        return true;
    }
    let words: Vec<&str> = comment.split_whitespace().take(SHORT + 1).collect();
    let is_short = in_place_of_item && words.len() <= SHORT;
    let says_more = matches!(words.as_slice(), [first, ..] if first.eq_ignore_ascii_case("more"))
        || matches!(words.as_slice(), [first, second, ..] if *second == "more"
            && (first.eq_ignore_ascii_case("and") || first.bytes().all(|byte| byte.is_ascii_digit())));
    is_short
        && (says_more
            || words
                .iter()
                .any(|word| matches!(*word, "etc" | "etc." | "etc...")))
}
