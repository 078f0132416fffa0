//! What stands between brackets: items and members, commas, and closing brackets, each of which may be missing.

use std::ops::Range;

use super::{Bracket, Reader};
use crate::model::json::{Failure, Json, JsonKind, Member, RepairKind};

/// How far a key on the next line is looked for where a value is missing.
const LONGEST_KEY: usize = 80;

/// What was read last in the list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Previous {
    Start,
    Comma(usize),
    Item,
    /// A comment that stands for items: a comma may follow it but need not.
    Comment,
}

impl Reader<'_> {
    /// The items up to the closing bracket, and that bracket; the items of an array have empty keys.
    ///
    /// `start` is the opening bracket, which is taken already.
    pub(super) fn items(&mut self, bracket: Bracket, start: usize) -> Result<Vec<Member>, Failure> {
        self.open.push(bracket);
        let mut members = Vec::new();
        let mut previous = Previous::Start;
        loop {
            if let Some(range) = self.blank() {
                members.push(self.elision(range));
                previous = Previous::Comment;
                continue;
            }
            if self.closes(bracket, start, previous) {
                break;
            }
            let at = self.cursor.at;
            previous = match self.cursor.peek() {
                Some(b',') => self.comma(previous),
                Some(b':' | b';' | b'=' | b')' | b'}' | b']' | b'|') => {
                    let range = self.take(1);
                    self.repair(RepairKind::StrayText, range);
                    previous
                }
                _ => {
                    if previous == Previous::Item {
                        self.repair(RepairKind::MissingComma, self.token_end..self.token_end);
                    }
                    members.push(self.item(bracket)?);
                    self.after_value();
                    Previous::Item
                }
            };
            if self.cursor.at == at {
                self.cursor.bump();
                self.token_end = self.cursor.at;
                self.repair(RepairKind::StrayText, at..self.cursor.at);
            }
        }
        self.open.pop();
        Ok(members)
    }

    fn comma(&mut self, previous: Previous) -> Previous {
        let range = self.take(1);
        let start = range.start;
        if matches!(previous, Previous::Start | Previous::Comma(_)) {
            self.repair(RepairKind::ExtraComma, range);
        }
        match previous {
            Previous::Start => Previous::Start,
            _ => Previous::Comma(start),
        }
    }

    /// True if the list ends here, by its bracket or because something around it ends.
    fn closes(&mut self, bracket: Bracket, start: usize, previous: Previous) -> bool {
        let (own, other) = match bracket {
            Bracket::Array => (b']', b'}'),
            Bracket::Object | Bracket::Fragment => (b'}', b']'),
        };
        match self.cursor.peek() {
            None if bracket == Bracket::Fragment => {
                self.repair(RepairKind::MissingBraces, start..self.token_end);
            }
            None => {
                self.repair(RepairKind::Unclosed, start..start + 1);
                return true;
            }
            Some(byte) if byte == own => {
                self.take(1);
                if bracket == Bracket::Fragment {
                    self.repair(RepairKind::MissingOpening, start..start);
                }
            }
            Some(byte) if byte == other && self.is_open_around(other) => {
                self.repair(RepairKind::MissingClosing, self.token_end..self.token_end);
            }
            Some(byte) if byte == other => {
                let range = self.take(1);
                self.repair(RepairKind::WrongClosing, range);
            }
            _ => return false,
        }
        if let Previous::Comma(at) = previous {
            self.repair(RepairKind::TrailingComma, at..at + 1);
        }
        true
    }

    fn is_open_around(&self, closing: u8) -> bool {
        let around = self.open.iter().rev().skip(1);
        let wanted = if closing == b']' {
            Bracket::Array
        } else {
            Bracket::Object
        };
        // At most `DEPTH` brackets are open, so this takes constant time.
        around.into_iter().any(|bracket| *bracket == wanted)
    }

    fn elision(&mut self, range: Range<usize>) -> Member {
        self.repair(RepairKind::Elision, range.clone());
        Member {
            key: String::new(),
            key_range: range.start..range.start,
            value: Json {
                range,
                kind: JsonKind::Elision,
            },
        }
    }

    fn item(&mut self, bracket: Bracket) -> Result<Member, Failure> {
        let is_keyless = matches!(self.cursor.peek(), Some(b'{' | b'['));
        if bracket == Bracket::Array || is_keyless {
            if bracket != Bracket::Array {
                self.repair(RepairKind::MissingKey, self.cursor.at..self.cursor.at + 1);
            }
            let value = self.value()?;
            return Ok(Member {
                key: String::new(),
                key_range: value.range.start..value.range.start,
                value,
            });
        }
        if self.begins_elision() {
            let range = self.bare();
            return Ok(self.elision(range));
        }
        self.member()
    }

    fn member(&mut self) -> Result<Member, Failure> {
        let start = self.cursor.at;
        let quoted = self.unclosed_key().or_else(|| self.string());
        let is_quoted = quoted.is_some();
        let mut key = quoted.unwrap_or_else(|| self.bare_key());
        // `"key:" 1`
        if is_quoted && key.ends_with(':') && !self.cursor.rest().trim_start().starts_with(':') {
            key.pop();
        }
        let key_range = start..self.token_end.max(start);
        let elision_follows = self.blank();
        let has_colon = self.cursor.peek() == Some(b':') || self.cursor.rest().starts_with("=>");
        if !is_quoted && has_colon {
            self.repair(RepairKind::UnquotedKey, key_range.clone());
        }
        if has_colon {
            let length = if self.cursor.peek() == Some(b':') {
                1
            } else {
                2
            };
            let range = self.take(length);
            if length == 2 {
                self.repair(RepairKind::MissingColon, range);
            } else if self.cursor.peek() == Some(b':') {
                let range = self.take(1);
                self.repair(RepairKind::ExtraColon, range);
            }
        } else if let Some(range) = elision_follows {
            self.repair(RepairKind::LineComment, range);
        }
        let value = self.member_value(&key, &key_range, is_quoted, has_colon)?;
        if matches!(key.as_str(), "..." | "…") {
            let mut elision = self.elision(value.range);
            elision.key_range = key_range;
            return Ok(elision);
        }
        Ok(Member {
            key,
            key_range,
            value,
        })
    }

    /// Takes `"key` of `"key: "text"`, which lacks its closing quote.
    fn unclosed_key(&mut self) -> Option<String> {
        let inner = self.cursor.rest().strip_prefix('"')?;
        let word = inner.bytes().take(LONGEST_KEY);
        let length = word
            .take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
            .count();
        let value = inner.get(length..)?.strip_prefix(": \"")?;
        if length == 0 || !value.starts_with(char::is_alphanumeric) {
            return None;
        }
        let range = self.take(1 + length);
        self.repair(RepairKind::UnclosedString, range);
        inner.get(..length).map(str::to_owned)
    }

    fn member_value(
        &mut self,
        key: &str,
        key_range: &Range<usize>,
        is_quoted: bool,
        has_colon: bool,
    ) -> Result<Json, Failure> {
        if has_colon && let Some(range) = self.blank() {
            // `"items": // ...`, with the value on the next line or not at all.
            if matches!(self.cursor.peek(), None | Some(b',' | b'}' | b']')) {
                return Ok(self.elision(range).value);
            }
            self.repair(RepairKind::LineComment, range);
            self.blank();
        }
        let value_follows = !matches!(self.cursor.peek(), None | Some(b',' | b'}' | b']' | b':'))
            && !self.next_member_begins();
        if value_follows && (has_colon || is_quoted) {
            if !has_colon {
                self.repair(RepairKind::MissingColon, self.token_end..self.token_end);
            }
            return self.value();
        }
        let kind = if is_quoted || has_colon {
            RepairKind::MissingValue
        } else {
            RepairKind::Placeholder
        };
        let range = if has_colon {
            self.token_end..self.token_end
        } else {
            key_range.clone()
        };
        self.repair(kind, range.clone());
        let text = if is_quoted || has_colon {
            String::new()
        } else {
            key.to_owned()
        };
        Ok(Json {
            range,
            kind: JsonKind::Placeholder(text),
        })
    }

    /// True if the value is missing and the next line begins with another key.
    fn next_member_begins(&self) -> bool {
        let gap = self.cursor.slice(self.token_end..self.cursor.at);
        let word = self.cursor.rest().bytes().take(LONGEST_KEY);
        let length = word
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'"'))
            .count();
        let after = self.cursor.rest().get(length..).unwrap_or_default();
        length > 0 && gap.contains('\n') && after.starts_with(':')
    }

    /// A key without quotes.
    fn bare_key(&mut self) -> String {
        let start = self.cursor.at;
        let ends =
            |byte: u8| matches!(byte, b':' | b',' | b'\n' | b'{' | b'}' | b'[' | b']' | b'"');
        let text = self.cursor.eat_while(|byte| !ends(byte));
        let text = text
            .find("=>")
            .and_then(|end| text.get(..end))
            .unwrap_or(text)
            .trim_end();
        self.cursor.at = start;
        self.take(text.len());
        text.to_owned()
    }

    /// Takes what may follow a value on its line: further alternatives, or a remark.
    fn after_value(&mut self) {
        let end = self.token_end;
        if self.cursor.at != end {
            return;
        }
        self.cursor.eat_while(|byte| byte == b' ' || byte == b'\t');
        let start = self.cursor.at;
        let kind = match self.cursor.peek_char() {
            Some('|') => RepairKind::Alternatives,
            Some(char)
                if char.is_alphanumeric() || matches!(char, '(' | '<' | '+' | '-' | '*' | '=') =>
            {
                RepairKind::StrayText
            }
            _ => {
                self.cursor.at = end;
                return;
            }
        };
        loop {
            self.bare();
            self.cursor.eat_while(|byte| byte == b' ' || byte == b'\t');
            if kind != RepairKind::Alternatives || self.string().is_none() {
                break;
            }
        }
        if self.token_end > start {
            self.repair(kind, start..self.token_end);
        }
    }
}
