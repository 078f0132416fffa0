//! JavaScript expressions in braces: where they end, and what they are worth if they are literals.
//!
//! ```text
//! literal = string | number | "true" | "false" | "null" | array | object | template without "${"
//! ```
//!
//! A name is a literal too where its value is known, as for the properties that a snippet was used with.

use serde_json::{Map, Number, Value};

use super::javascript;

/// The offset behind the brace that closes the one at `open`, or `None` if there is none.
pub(super) fn end(text: &str, open: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = open;
    let mut depth = 0_usize;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'{' => depth += 1,
            b'}' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            b'"' | b'\'' => {
                if let Some(end) = string_end(text, at) {
                    at = end;
                    continue;
                }
            }
            b'`' => {
                at = template_end(text, at)?;
                continue;
            }
            b'/' => {
                if let Some(end) = comment_end(text, at).or_else(|| pattern_end(text, at)) {
                    at = end;
                    continue;
                }
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// The offset behind the string that starts at `at`, or `None` if the line ends first: then the quote is text in JSX.
fn string_end(text: &str, at: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let quote = *bytes.get(at)?;
    let mut at = at + 1;
    loop {
        match *bytes.get(at)? {
            b'\n' => return None,
            b'\\' => at += 2,
            byte if byte == quote => return Some(at + 1),
            _ => at += 1,
        }
    }
}

/// The offset behind the template that starts at `at`, with all that stands in its `${}`.
pub(super) fn template_end(text: &str, at: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    // One entry for each open `${`: the number of plain braces open inside it.
    let mut holes: Vec<usize> = Vec::new();
    let mut in_template = true;
    let mut templates = 1_usize;
    let mut at = at + 1;
    loop {
        let byte = *bytes.get(at)?;
        at += 1;
        if in_template {
            match byte {
                b'\\' => at += 1,
                b'`' => {
                    templates -= 1;
                    if templates == 0 {
                        return Some(at);
                    }
                    in_template = false;
                }
                b'$' if bytes.get(at) == Some(&b'{') => {
                    at += 1;
                    holes.push(0);
                    in_template = false;
                }
                _ => {}
            }
        } else {
            match byte {
                b'`' => {
                    templates += 1;
                    in_template = true;
                }
                b'{' => *holes.last_mut()? += 1,
                b'}' => match holes.last_mut()? {
                    0 => {
                        holes.pop();
                        in_template = true;
                    }
                    open => *open -= 1,
                },
                b'"' | b'\'' => at = string_end(text, at - 1).unwrap_or(at),
                _ => {}
            }
        }
    }
}

/// The offset behind the regular expression that starts at `at`, where an operand can stand.
fn pattern_end(text: &str, at: usize) -> Option<usize> {
    let before = text.get(..at)?.trim_end().bytes().next_back()?;
    if !b"(,=:[!&|?{;+".contains(&before) {
        return None;
    }
    let bytes = text.as_bytes();
    let mut at = at + 1;
    let mut in_class = false;
    loop {
        match *bytes.get(at)? {
            b'\n' => return None,
            b'\\' => at += 1,
            b'[' => in_class = true,
            b']' => in_class = false,
            b'/' if !in_class => return Some(at + 1),
            _ => {}
        }
        at += 1;
    }
}

fn comment_end(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    if rest.starts_with("/*") {
        return Some(
            rest.get(2..)?
                .find("*/")
                .map_or(text.len(), |end| at + 2 + end + 2),
        );
    }
    // `://` is an address in the text of an element.
    let address = text.as_bytes().get(at.wrapping_sub(1)) == Some(&b':');
    if rest.starts_with("//") && !address {
        return Some(at + rest.find('\n').unwrap_or(rest.len()));
    }
    None
}

/// The offset of the next byte that is neither white space nor part of a comment.
pub(super) fn skip_space(text: &str, mut at: usize) -> usize {
    loop {
        let Some(rest) = text.get(at..) else {
            return at;
        };
        let trimmed = rest.trim_start();
        at += rest.len() - trimmed.len();
        match comment_end(text, at) {
            Some(end) if trimmed.starts_with('/') => at = end,
            _ => return at,
        }
    }
}

/// The offset at which the content of braces is certainly not JavaScript; comments alone are fine.
pub(super) fn fault_in_content(source: &str) -> Option<usize> {
    if skip_space(source, 0) == source.len() {
        return None;
    }
    javascript::fault(source)
}

/// The same for the value of an attribute, which cannot be empty.
pub(super) fn fault_in_attribute(source: &str) -> Option<usize> {
    javascript::fault(source)
}

/// The value of `source` if it is a literal; `name` gives the value of a name or path of names.
pub(super) fn literal(source: &str, name: &dyn Fn(&str) -> Option<Value>) -> Option<Value> {
    literal_in(source, name, 0)
}

fn literal_in(source: &str, name: &dyn Fn(&str) -> Option<Value>, depth: usize) -> Option<Value> {
    let mut parser = Literal {
        source,
        at: 0,
        name,
    };
    let value = parser.value(depth)?;
    parser.space();
    (parser.at == source.len()).then_some(value)
}

const MAX_DEPTH: usize = 64;

struct Literal<'s> {
    source: &'s str,
    at: usize,
    name: &'s dyn Fn(&str) -> Option<Value>,
}

impl Literal<'_> {
    fn value(&mut self, depth: usize) -> Option<Value> {
        if depth > MAX_DEPTH {
            return None;
        }
        self.space();
        match self.peek()? {
            '"' | '\'' => self.string().map(Value::String),
            '`' => self.template(depth).map(Value::String),
            '[' => self.array(depth),
            '{' => self.object(depth),
            '(' => {
                self.at += 1;
                let value = self.value(depth + 1)?;
                self.take(')').then_some(value)
            }
            c if c.is_ascii_digit() || matches!(c, '-' | '+' | '.') => self.number(),
            _ => self.name(),
        }
    }

    fn array(&mut self, depth: usize) -> Option<Value> {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            if self.take(']') {
                return Some(Value::Array(items));
            }
            items.push(self.value(depth + 1)?);
            if !self.take(',') && self.peek()? != ']' {
                return None;
            }
        }
    }

    fn object(&mut self, depth: usize) -> Option<Value> {
        self.at += 1;
        let mut members = Map::new();
        loop {
            if self.take('}') {
                return Some(Value::Object(members));
            }
            let key = match self.peek()? {
                '"' | '\'' => self.string()?,
                _ => self.word()?.to_owned(),
            };
            let value = if self.take(':') {
                self.value(depth + 1)?
            } else {
                (self.name)(&key)?
            };
            members.insert(key, value);
            if !self.take(',') && self.peek()? != '}' {
                return None;
            }
        }
    }

    fn string(&mut self) -> Option<String> {
        let quote = self.peek()?;
        self.at += 1;
        let mut text = String::new();
        loop {
            let c = self.bump()?;
            match c {
                '\\' => text.push_str(&self.escape()?),
                '\n' => return None,
                c if c == quote => return Some(text),
                c => text.push(c),
            }
        }
    }

    fn template(&mut self, depth: usize) -> Option<String> {
        self.at += 1;
        let mut text = String::new();
        loop {
            let c = self.bump()?;
            match c {
                '\\' => text.push_str(&self.escape()?),
                '`' => return Some(text),
                '$' if self.peek() == Some('{') => {
                    let hole = end(self.source, self.at)?;
                    let source = self.source.get(self.at + 1..hole - 1)?;
                    match literal_in(source, self.name, depth + 1)? {
                        Value::String(value) => text.push_str(&value),
                        value @ (Value::Number(_) | Value::Bool(_)) => {
                            text.push_str(&value.to_string());
                        }
                        _ => return None,
                    }
                    self.at = hole;
                }
                // JavaScript knows only line feeds in templates.
                '\r' => {
                    self.at += usize::from(self.peek() == Some('\n'));
                    text.push('\n');
                }
                c => text.push(c),
            }
        }
    }

    fn escape(&mut self) -> Option<String> {
        let c = self.bump()?;
        Some(match c {
            'n' => "\n".to_owned(),
            't' => "\t".to_owned(),
            'r' => "\r".to_owned(),
            'b' => "\u{8}".to_owned(),
            'f' => "\u{c}".to_owned(),
            'v' => "\u{b}".to_owned(),
            '0' => "\0".to_owned(),
            '\n' => String::new(),
            'x' => self.code(2)?.to_string(),
            'u' if self.take('{') => {
                let close = self.rest().find('}')?;
                let code = u32::from_str_radix(self.rest().get(..close)?, 16).ok()?;
                self.at += close + 1;
                char::from_u32(code)?.to_string()
            }
            'u' => self.code(4)?.to_string(),
            other => other.to_string(),
        })
    }

    fn code(&mut self, digits: usize) -> Option<char> {
        let code = u32::from_str_radix(self.rest().get(..digits)?, 16).ok()?;
        self.at += digits;
        char::from_u32(code)
    }

    fn number(&mut self) -> Option<Value> {
        let start = self.at;
        if matches!(self.peek(), Some('-' | '+')) {
            self.at += 1;
        }
        while self
            .peek()
            .is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_'))
        {
            let exponent = matches!(self.bump(), Some('e' | 'E'));
            if exponent && matches!(self.peek(), Some('-' | '+')) {
                self.at += 1;
            }
        }
        let text = self.source.get(start..self.at)?.replace('_', "");
        let text = text.strip_prefix('+').unwrap_or(&text);
        if let Some(hex) = text.strip_prefix("0x") {
            return i64::from_str_radix(hex, 16).ok().map(Value::from);
        }
        if let Ok(integer) = text.parse::<i64>() {
            return Some(Value::from(integer));
        }
        let float = text.parse::<f64>().ok()?;
        // In JavaScript `1e3` and `1000` are the same number.
        if float.fract() == 0.0 && float.abs() < 9e15 {
            return Some(Value::from(float as i64));
        }
        Number::from_f64(float).map(Value::Number)
    }

    fn name(&mut self) -> Option<Value> {
        let start = self.at;
        self.word()?;
        while self.peek() == Some('.') {
            self.at += 1;
            self.word()?;
        }
        match self.source.get(start..self.at)? {
            "true" => Some(Value::Bool(true)),
            "false" => Some(Value::Bool(false)),
            "null" => Some(Value::Null),
            path => (self.name)(path),
        }
    }

    fn word(&mut self) -> Option<&str> {
        let rest = self.source.get(self.at..)?;
        let is_part = |c: char| super::tag::is_name_start(c) || c.is_numeric();
        let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).filter(|word| !word.is_empty())
    }

    fn take(&mut self, token: char) -> bool {
        self.space();
        let found = self.peek() == Some(token);
        if found {
            self.at += token.len_utf8();
            self.space();
        }
        found
    }

    fn space(&mut self) {
        self.at = skip_space(self.source, self.at);
    }

    fn rest(&self) -> &str {
        self.source.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn value(source: &str) -> Option<Value> {
        literal(source, &|name| (name == "known").then(|| json!("yes")))
    }

    #[test]
    fn literals_are_evaluated() {
        assert_eq!(value(" 10 "), Some(json!(10)));
        assert_eq!(value("-1.5e1"), Some(json!(-15)));
        assert_eq!(value("'it\\'s'"), Some(json!("it's")));
        assert_eq!(value("`a\nb\r\nc`"), Some(json!("a\nb\nc")));
        assert_eq!(value("[1, \"a\", null,]"), Some(json!([1, "a", null])));
        assert_eq!(
            value("{a: true, 'b': {}} /* c */"),
            Some(json!({"a": true, "b": {}}))
        );
        assert_eq!(value("known"), Some(json!("yes")));
        assert_eq!(value("`${known}!`"), Some(json!("yes!")));
    }

    #[test]
    fn what_needs_a_running_page_is_not() {
        for source in [
            "unknown",
            "a + b",
            "() => 1",
            "<A/>",
            "`${x}`",
            "",
            "[1",
            "undefined",
        ] {
            assert_eq!(value(source), None, "{source}");
        }
    }

    #[test]
    fn braces_end_where_they_balance() {
        for text in [
            "{a}",
            "{\"}\"}",
            "{`}${ {a: '}'} }`}",
            "{/* } */}",
            "{<p>don't</p>}",
            "{{a: 1}}",
            "{\n// }\n}",
        ] {
            assert_eq!(end(&format!("{text} }}"), 0), Some(text.len()), "{text}");
        }
        assert_eq!(end("{a", 0), None);
    }
}
