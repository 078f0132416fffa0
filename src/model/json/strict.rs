//! JSON as RFC 8259 has it, and nothing else.
//!
//! <https://www.rfc-editor.org/rfc/rfc8259>

use serde_json::Number;

use super::cursor::{Cursor, simple_escape, surrogate_pair};
use super::{DEPTH, Failure, Json, JsonKind, Member};

/// Reads one JSON value that is all of `text`.
///
/// Beyond the grammar it asks for what `serde_json` asks for too: UTF-8, no lone surrogates,
/// numbers that an `f64` can hold, and at most 127 levels.
///
/// ```
/// use fieldproof::model::json::read_strict;
///
/// let failure = read_strict(br#"{"id": 1,}"#).unwrap_err();
/// assert_eq!(failure.to_string(), "expected a key in double quotes, found `}` at byte 9");
/// ```
pub fn read_strict(text: &[u8]) -> Result<Json, Failure> {
    match std::str::from_utf8(text) {
        Ok(text) => parse(text),
        Err(error) => Err(Failure::new(error.valid_up_to(), "text that is not UTF-8")),
    }
}

/// The same for a text that is known to be UTF-8.
pub(super) fn parse(text: &str) -> Result<Json, Failure> {
    let mut reader = Strict {
        cursor: Cursor::new(text),
        depth: 0,
    };
    reader.space();
    let json = reader.value()?;
    reader.space();
    match reader.cursor.peek() {
        None => Ok(json),
        Some(_) => Err(reader.expected("the end of the text")),
    }
}

/// True if `text` is a number as JSON writes it.
pub(super) fn is_number(text: &str) -> bool {
    let mut cursor = Cursor::new(text);
    number(&mut cursor) && cursor.peek().is_none()
}

/// The value of a number as JSON writes it, unless it is out of range.
///
/// `serde_json` rounds the last digit of some floats unless it is told to take more time; the standard library is exact.
pub(super) fn to_number(text: &str) -> Option<Number> {
    if text == "-0" {
        return Number::from_f64(-0.0);
    }
    let unsigned = text.parse::<u64>().map(Number::from);
    unsigned
        .or_else(|_| text.parse::<i64>().map(Number::from))
        .ok()
        .or_else(|| Number::from_f64(text.parse().ok()?))
}

struct Strict<'a> {
    cursor: Cursor<'a>,
    depth: usize,
}

impl Strict<'_> {
    fn space(&mut self) {
        self.cursor
            .eat_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
    }

    fn expected(&self, what: &str) -> Failure {
        let found = self.cursor.found();
        Failure::new(self.cursor.at, format!("expected {what}, found {found}"))
    }

    fn value(&mut self) -> Result<Json, Failure> {
        let start = self.cursor.at;
        let kind = match self.cursor.peek() {
            Some(b'{') => self.nested(Self::object)?,
            Some(b'[') => self.nested(Self::array)?,
            Some(b'"') => JsonKind::String(self.string()?),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            _ if self.cursor.eat("true") => JsonKind::Bool(true),
            _ if self.cursor.eat("false") => JsonKind::Bool(false),
            _ if self.cursor.eat("null") => JsonKind::Null,
            _ => return Err(self.expected("a value")),
        };
        Ok(Json {
            range: start..self.cursor.at,
            kind,
        })
    }

    fn nested(
        &mut self,
        read: fn(&mut Self) -> Result<JsonKind, Failure>,
    ) -> Result<JsonKind, Failure> {
        if self.depth == DEPTH {
            return Err(Failure::too_deep(self.cursor.at));
        }
        self.depth += 1;
        self.cursor.at += 1;
        self.space();
        let kind = read(self)?;
        self.depth -= 1;
        Ok(kind)
    }

    fn array(&mut self) -> Result<JsonKind, Failure> {
        let mut items = Vec::new();
        if self.cursor.eat("]") {
            return Ok(JsonKind::Array(items));
        }
        loop {
            items.push(self.value()?);
            self.space();
            if self.cursor.eat("]") {
                return Ok(JsonKind::Array(items));
            }
            if !self.cursor.eat(",") {
                return Err(self.expected("`,` or `]`"));
            }
            self.space();
        }
    }

    fn object(&mut self) -> Result<JsonKind, Failure> {
        let mut members = Vec::new();
        if self.cursor.eat("}") {
            return Ok(JsonKind::Object(members));
        }
        loop {
            members.push(self.member()?);
            self.space();
            if self.cursor.eat("}") {
                return Ok(JsonKind::Object(members));
            }
            if !self.cursor.eat(",") {
                return Err(self.expected("`,` or `}`"));
            }
            self.space();
        }
    }

    fn member(&mut self) -> Result<Member, Failure> {
        let start = self.cursor.at;
        if self.cursor.peek() != Some(b'"') {
            return Err(self.expected("a key in double quotes"));
        }
        let key = self.string()?;
        let key_range = start..self.cursor.at;
        self.space();
        if !self.cursor.eat(":") {
            return Err(self.expected("`:`"));
        }
        self.space();
        let value = self.value()?;
        Ok(Member {
            key,
            key_range,
            value,
        })
    }

    fn number(&mut self) -> Result<JsonKind, Failure> {
        let start = self.cursor.at;
        if !number(&mut self.cursor) {
            return Err(self.expected("a digit"));
        }
        match to_number(self.cursor.slice(start..self.cursor.at)) {
            Some(number) => Ok(JsonKind::Number(number)),
            None => Err(Failure::new(start, "number out of range")),
        }
    }

    fn string(&mut self) -> Result<String, Failure> {
        let start = self.cursor.at;
        self.cursor.at += 1;
        let mut text = String::new();
        loop {
            let plain = self
                .cursor
                .eat_while(|byte| byte >= b' ' && byte != b'"' && byte != b'\\');
            text.push_str(plain);
            match self.cursor.peek() {
                Some(b'"') => {
                    self.cursor.at += 1;
                    return Ok(text);
                }
                Some(b'\\') => text.push(self.escape()?),
                Some(_) => {
                    let message = format!("unescaped {} in a string", self.cursor.found());
                    return Err(Failure::new(self.cursor.at, message));
                }
                None => return Err(Failure::new(start, "string that is never closed")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Failure> {
        let start = self.cursor.at;
        self.cursor.at += 1;
        if let Some(char) = self.cursor.peek().and_then(simple_escape) {
            self.cursor.at += 1;
            return Ok(char);
        }
        if !self.cursor.eat("u") {
            return Err(Failure::new(start, "unknown escape in a string"));
        }
        let unit = self.hex()?;
        if let Some(char) = char::from_u32(unit) {
            return Ok(char);
        }
        let low = if self.cursor.eat("\\u") {
            self.hex()?
        } else {
            0
        };
        surrogate_pair(unit, low).ok_or_else(|| Failure::new(start, "lone surrogate in a string"))
    }

    fn hex(&mut self) -> Result<u32, Failure> {
        let digits = self.cursor.slice(self.cursor.at..self.cursor.at + 4);
        let is_hex = digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        match u32::from_str_radix(digits, 16) {
            Ok(unit) if is_hex => {
                self.cursor.at += 4;
                Ok(unit)
            }
            _ => Err(self.expected("four hexadecimal digits")),
        }
    }
}

/// Takes a number; false if a digit is missing at the place reached.
fn number(cursor: &mut Cursor) -> bool {
    let is_digit = |byte: u8| byte.is_ascii_digit();
    cursor.eat("-");
    if !cursor.eat("0") && cursor.eat_while(is_digit).is_empty() {
        return false;
    }
    if cursor.eat(".") && cursor.eat_while(is_digit).is_empty() {
        return false;
    }
    if cursor.eat("e") || cursor.eat("E") {
        if !cursor.eat("+") {
            cursor.eat("-");
        }
        return !cursor.eat_while(is_digit).is_empty();
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(text: &str) -> (usize, String) {
        let failure = parse(text).unwrap_err();
        (failure.at, failure.message)
    }

    #[test]
    fn values_know_their_bytes() {
        let json = parse(r#" {"a": [1, "é\n"], "b": null} "#).unwrap();
        assert_eq!(json.range, 1..30);
        let a = json.get("a").unwrap();
        assert_eq!(a.range, 7..18);
        assert_eq!(a.items()[1].as_str(), Some("é\n"));
        assert_eq!(a.items()[1].range, 11..17);
        assert_eq!(json.members()[1].key_range, 20..23);
    }

    #[test]
    fn failures_say_what_was_expected_and_where() {
        assert_eq!(
            failure("[1 2]"),
            (3, "expected `,` or `]`, found `2`".into())
        );
        assert_eq!(failure("{\"a\" 1}"), (5, "expected `:`, found `1`".into()));
        assert_eq!(failure(""), (0, "expected a value, found the end".into()));
        assert_eq!(
            failure("1 x"),
            (2, "expected the end of the text, found `x`".into())
        );
        assert_eq!(
            failure("01"),
            (1, "expected the end of the text, found `1`".into())
        );
        assert_eq!(failure("-"), (1, "expected a digit, found the end".into()));
        assert_eq!(failure("1e999"), (0, "number out of range".into()));
        assert_eq!(
            failure("\"a\nb\""),
            (2, "unescaped `\\n` in a string".into())
        );
        assert_eq!(
            failure(r#""\ud800 ""#),
            (1, "lone surrogate in a string".into())
        );
        assert_eq!(
            failure(r#""\u+12f""#),
            (3, "expected four hexadecimal digits, found `+`".into())
        );
        assert_eq!(read_strict(b"\"\xff\"").unwrap_err().at, 1);
    }

    #[test]
    fn nesting_is_limited() {
        assert!(parse(&("[".repeat(127) + &"]".repeat(127))).is_ok());
        assert_eq!(failure(&"[".repeat(100_000)).0, 127);
    }
}
