//! A single value: in brackets, in quotes, or bare.

use std::ops::Range;

use super::{Bracket, Reader};
use crate::model::json::{DEPTH, Failure, Json, JsonKind, Member, RepairKind, strict};

/// How far `<`, `{`, and the like look for their partner; no placeholder is longer.
const LONGEST_PLACEHOLDER: usize = 120;

impl Reader<'_> {
    /// Reads the value that comes next.
    pub(super) fn value(&mut self) -> Result<Json, Failure> {
        let start = self.cursor.at;
        let kind = match self.cursor.peek() {
            Some(b'{') if self.braced_placeholder().is_none() => {
                self.enter()?;
                object(self.items(Bracket::Object, start)?)
            }
            Some(b'[') => {
                self.enter()?;
                let members = self.items(Bracket::Array, start)?;
                JsonKind::Array(members.into_iter().map(|member| member.value).collect())
            }
            _ => match self.string() {
                Some(text) => JsonKind::String(text),
                None => self.bare_value(),
            },
        };
        Ok(Json {
            range: start..self.token_end.max(start),
            kind,
        })
    }

    fn enter(&mut self) -> Result<(), Failure> {
        if self.open.len() == DEPTH {
            return Err(Failure::too_deep(self.cursor.at));
        }
        self.take(1);
        Ok(())
    }

    fn bare_value(&mut self) -> JsonKind {
        let is_elision = self.begins_elision();
        let range = self.bare();
        let text = self.cursor.slice(range.clone());
        if is_elision {
            self.repair(RepairKind::Elision, range);
            return JsonKind::Elision;
        }
        if let Some(kind) = literal(text) {
            return kind;
        }
        let (repair, kind) = foreign_literal(text)
            .map(|kind| (RepairKind::ForeignLiteral, kind))
            .or_else(|| foreign_number(text).map(|kind| (RepairKind::ForeignNumber, kind)))
            .unwrap_or_else(|| {
                (
                    RepairKind::Placeholder,
                    JsonKind::Placeholder(text.to_owned()),
                )
            });
        self.repair(repair, range);
        kind
    }

    /// True if `...` or `…` comes next.
    pub(super) fn begins_elision(&self) -> bool {
        let rest = self.cursor.rest();
        rest.starts_with("..") || rest.starts_with('…')
    }

    /// Takes text without quotes, up to a comma, a closing bracket, a quote, a comment, or the end of the line.
    pub(super) fn bare(&mut self) -> Range<usize> {
        let start = self.cursor.at;
        let mut parentheses = 0_usize;
        while let Some(byte) = self.cursor.peek() {
            let nested = parentheses > 0;
            match byte {
                b'\n' => break,
                b',' | b'}' | b']' | b'"' if !nested => break,
                b'/' | b'#' if !nested && self.begins_comment(start) => break,
                b'(' => parentheses += 1,
                b')' => parentheses = parentheses.saturating_sub(1),
                b'<' | b'{' => {
                    let length = self.partner(byte).unwrap_or(1);
                    self.cursor.at += length;
                    continue;
                }
                _ => {}
            }
            self.cursor.at += 1;
        }
        let length = self.cursor.slice(start..self.cursor.at).trim_end().len();
        self.cursor.at = start;
        self.take(length)
    }

    fn begins_comment(&self, start: usize) -> bool {
        let rest = self.cursor.rest();
        let before = self.cursor.slice(start..self.cursor.at);
        let is_comment = rest.starts_with("//") || rest.starts_with("/*") || rest.starts_with('#');
        is_comment && before.ends_with([' ', '\t'])
    }

    /// The length of `<…>` or `{…}` on this line.
    fn partner(&self, opening: u8) -> Option<usize> {
        if opening == b'{' {
            return self.braced_placeholder();
        }
        let ahead = self.cursor.rest().bytes().take(LONGEST_PLACEHOLDER);
        let end = ahead
            .take_while(|byte| *byte != b'\n')
            .position(|byte| byte == b'>')?;
        Some(end + 1)
    }

    /// The length of `{name}` or `{{ name }}`, which stands for a value and is no object.
    fn braced_placeholder(&self) -> Option<usize> {
        let rest = self.cursor.rest();
        let double = rest.starts_with("{{");
        let (open, close) = if double { ("{{", "}}") } else { ("{", "}") };
        let inner = rest.strip_prefix(open)?;
        let is_name = |byte: &u8| {
            let is_word = byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'$');
            is_word || (double && *byte == b' ')
        };
        let length = inner
            .bytes()
            .take(LONGEST_PLACEHOLDER)
            .take_while(is_name)
            .count();
        let name = inner.get(..length)?.trim();
        let is_closed = inner.get(length..)?.starts_with(close);
        (is_closed
            && name.starts_with(|char: char| {
                char.is_ascii_alphanumeric() || char == '_' || char == '$'
            }))
        .then_some(length + open.len() + close.len())
    }
}

/// The object of those members; if none of them has a key, the braces are too many or stand for those of an array.
fn object(mut members: Vec<Member>) -> JsonKind {
    let is_keyless = |member: &Member| member.key_range.is_empty() && !member.is_elision();
    let keyed = members
        .iter()
        .filter(|member| !is_keyless(member) && !member.is_elision())
        .count();
    match (
        members.iter().filter(|member| is_keyless(member)).count(),
        keyed,
    ) {
        (1, 0) if members.len() == 1 => members.remove(0).value.kind,
        (1.., 0) => JsonKind::Array(members.into_iter().map(|member| member.value).collect()),
        _ => JsonKind::Object(members),
    }
}

/// True if `text` is a number, `true`, `false`, or `null`, here or in another language.
pub(super) fn is_literal(text: &str) -> bool {
    literal(text).is_some() || foreign_literal(text).is_some()
}

fn literal(text: &str) -> Option<JsonKind> {
    Some(match text {
        "true" => JsonKind::Bool(true),
        "false" => JsonKind::Bool(false),
        "null" => JsonKind::Null,
        _ if strict::is_number(text) => JsonKind::Number(strict::to_number(text)?),
        _ => return None,
    })
}

fn foreign_literal(text: &str) -> Option<JsonKind> {
    Some(match text {
        "True" | "TRUE" => JsonKind::Bool(true),
        "False" | "FALSE" => JsonKind::Bool(false),
        "None" | "nil" | "NULL" | "Null" | "undefined" | "NaN" | "Infinity" | "-Infinity" => {
            JsonKind::Null
        }
        _ => return None,
    })
}

/// `+1`, `.5`, `5.`, `007`, `1_000`
fn foreign_number(text: &str) -> Option<JsonKind> {
    let is_numeric =
        |byte: u8| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'_' | b'e' | b'E');
    if !text.bytes().all(is_numeric) || !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let digits = text.replace('_', "");
    let number = match digits.parse::<i64>() {
        Ok(integer) => integer.into(),
        Err(_) => serde_json::Number::from_f64(digits.parse().ok()?)?,
    };
    Some(JsonKind::Number(number))
}
