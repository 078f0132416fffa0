//! Bodies that code sends: the object that JavaScript or Python writes out for them, or that stands below the head of an
//! HTTP message, as JSON with places.
//!
//! As with [`call`](super::call), this is no reader of programs. It looks for the one object that is sent as JSON,
//! where it is written out or the one variable of its name holds it. What is computed stands for anything, and so does
//! what is spread into an object; other ways to send a body give nothing.
//!
//! ```text
//! JSON.stringify({ … })   JSON.stringify(name)   axios.post("…", { … })   json={ … }   json=name   json.dumps({ … })
//! ```

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::call::pattern;
use super::json::{self, Json, JsonKind, Member};

/// A language whose objects are read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Language {
    JavaScript,
    Python,
}

/// So deep may objects stand in each other.
const DEPTH: usize = 32;

/// The object that code of that language sends as JSON.
///
/// ```
/// let code = "await fetch(url, { method: 'POST', body: JSON.stringify({ name: 'Mara', age }) })";
/// let body = fieldproof::model::code::body(code, "js").unwrap();
/// assert_eq!(body.to_text(), "{\n  \"name\": \"Mara\",\n  \"age\": null\n}");
/// ```
pub fn body(text: &str, language: &str) -> Option<Json> {
    static STRINGIFY: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"JSON\.stringify\(\s*|\baxios\.(?:post|put|patch)\(\s*(?:[A-Za-z_$][\w.$]*\s*\+\s*)?(?:"[^"]*"|'[^']*'|`[^`]*`)\s*,\s*"#,
        )
    });
    static DUMPS: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"\bjson\s*=\s*(?:json\.dumps\(\s*)?|\bjson\.dumps\(\s*"));
    let (language, sent) = match language.to_ascii_lowercase().as_str() {
        "js" | "javascript" | "ts" | "typescript" | "jsx" | "tsx" | "node" | "nodejs" | "mjs" => {
            (Language::JavaScript, &*STRINGIFY)
        }
        "py" | "python" | "python3" => (Language::Python, &*DUMPS),
        "http" => return of_message(text),
        _ => return None,
    };
    let mut places = sent.find_iter(text);
    let place = places.next()?.end();
    if places.next().is_some() {
        return None;
    }
    let mut reader = Reader {
        text,
        at: place,
        depth: 0,
        language,
    };
    if reader.peek() != Some(b'{') {
        reader.at = definition(text, reader.word()?)?;
    }
    let value = reader.object()?;
    (!value.members().is_empty()).then_some(value)
}

/// What stands below the head of an HTTP message, and where it begins.
pub(super) fn below_head(text: &str) -> Option<(usize, &str)> {
    let (end, blank) = ["\n\n", "\r\n\r\n"]
        .iter()
        .find_map(|blank| Some((text.find(blank)?, blank.len())))?;
    let at = end + blank;
    Some((at, text.get(at..)?))
}

/// The object below the head of an HTTP message.
fn of_message(text: &str) -> Option<Json> {
    let (at, body) = below_head(text)?;
    // Blanks in the place of the head leave each byte where it is.
    let mut reading = json::read(&format!("{}{body}", " ".repeat(at)));
    let is_one = body.trim_start().starts_with('{') && reading.documents.len() == 1;
    let value = reading.documents.pop().filter(|_| is_one)?;
    (!value.members().is_empty()).then_some(value)
}

/// Where the object begins that the one variable of that name holds.
fn definition(text: &str, name: &str) -> Option<usize> {
    let mut found = text.match_indices(name).filter_map(|(at, _)| {
        let before = text.get(..at).unwrap_or_default().chars().next_back();
        let is_whole = before.is_none_or(|c| !c.is_alphanumeric() && !"_$.".contains(c));
        let rest = text.get(at + name.len()..)?.trim_start();
        let rest = rest.strip_prefix('=')?.trim_start();
        (is_whole && rest.starts_with('{')).then_some(text.len() - rest.len())
    });
    found.next().filter(|_| found.next().is_none())
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
    language: Language,
}

impl<'t> Reader<'t> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Takes the text if it comes next.
    fn takes(&mut self, text: &str) -> bool {
        let is_next = self.rest().starts_with(text);
        if is_next {
            self.at += text.len();
        }
        is_next
    }

    /// Skips blanks and comments.
    fn blanks(&mut self) {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start();
            self.at += rest.len() - trimmed.len();
            let length = match self.language {
                Language::JavaScript if trimmed.starts_with("//") => trimmed.find('\n'),
                Language::JavaScript if trimmed.starts_with("/*") => {
                    trimmed.find("*/").map(|end| end + 2)
                }
                Language::Python if trimmed.starts_with('#') => trimmed.find('\n'),
                _ => return,
            };
            self.at += length.unwrap_or(trimmed.len());
        }
    }

    /// The name that comes next.
    fn word(&mut self) -> Option<&'t str> {
        let rest = self.rest();
        let end = rest
            .find(|c: char| !c.is_alphanumeric() && c != '_' && c != '$')
            .unwrap_or(rest.len());
        let word = rest.get(..end).filter(|word| !word.is_empty())?;
        self.at += end;
        Some(word)
    }

    /// The object that comes next; nothing if it is none that can be told.
    fn object(&mut self) -> Option<Json> {
        let start = self.at;
        if self.depth == DEPTH || !self.takes("{") {
            return None;
        }
        self.depth += 1;
        let mut members = Vec::new();
        loop {
            self.blanks();
            if self.takes("}") {
                break;
            }
            members.push(self.member()?);
            self.blanks();
            if !self.takes(",") && self.peek() != Some(b'}') {
                return None;
            }
        }
        self.depth -= 1;
        Some(Json {
            range: start..self.at,
            kind: JsonKind::Object(members),
        })
    }

    fn member(&mut self) -> Option<Member> {
        let start = self.at;
        let is_quoted = matches!(self.peek(), Some(b'"' | b'\''));
        let key = if is_quoted {
            Some(self.quoted()?)
        } else {
            self.word()
        };
        let key_range = start..self.at;
        self.blanks();
        // The name of a variable is no key in Python, and `get name()` is none anywhere.
        let is_known = is_quoted || self.language == Language::JavaScript;
        match key.filter(|_| is_known) {
            Some(key) if self.takes(":") => {
                self.blanks();
                let value = self.value()?;
                Some(Member {
                    key: key.to_owned(),
                    key_range,
                    value,
                })
            }
            // `{ name }` sends what the variable of that name holds.
            Some(key) if !is_quoted && matches!(self.peek(), Some(b',' | b'}')) => Some(Member {
                key: key.to_owned(),
                value: elision(key_range.clone()),
                key_range,
            }),
            // Something that is spread into it, or has a name that is computed.
            _ => {
                self.at = start;
                self.skip()?;
                Some(Member {
                    key: String::new(),
                    key_range: start..self.at,
                    value: elision(start..self.at),
                })
            }
        }
    }

    fn value(&mut self) -> Option<Json> {
        let start = self.at;
        let kind = match self.peek()? {
            b'{' => self.object()?.kind,
            b'[' => self.array()?,
            // Escapes are not worth to be resolved here.
            b'"' | b'\'' => match self.quoted()? {
                text if text.contains('\\') => JsonKind::Elision,
                text => JsonKind::String(text.to_owned()),
            },
            b'-' | b'0'..=b'9' => self.number(),
            _ => match self.word() {
                Some("true" | "True") => JsonKind::Bool(true),
                Some("false" | "False") => JsonKind::Bool(false),
                Some("null" | "None") => JsonKind::Null,
                _ => JsonKind::Elision,
            },
        };
        let end = self.at;
        self.blanks();
        // What goes on is computed.
        let is_whole = matches!(self.peek(), Some(b',' | b'}' | b']'));
        if is_whole && kind != JsonKind::Elision {
            return Some(Json {
                range: start..end,
                kind,
            });
        }
        self.at = start;
        self.skip()?;
        Some(elision(start..self.at))
    }

    fn array(&mut self) -> Option<JsonKind> {
        if self.depth == DEPTH || !self.takes("[") {
            return None;
        }
        self.depth += 1;
        let mut items = Vec::new();
        loop {
            self.blanks();
            if self.takes("]") {
                break;
            }
            items.push(self.value()?);
            self.blanks();
            if !self.takes(",") && self.peek() != Some(b']') {
                return None;
            }
        }
        self.depth -= 1;
        Some(JsonKind::Array(items))
    }

    fn number(&mut self) -> JsonKind {
        let rest = self.rest();
        let end = rest
            .find(|c: char| !c.is_ascii_alphanumeric() && !"+-.".contains(c))
            .unwrap_or(rest.len());
        let number = rest.get(..end).and_then(|text| text.parse().ok());
        self.at += end;
        number.map_or(JsonKind::Elision, JsonKind::Number)
    }

    /// The text between quotes as it is written.
    fn quoted(&mut self) -> Option<&'t str> {
        let quote = char::from(self.peek()?);
        let start = self.at + 1;
        let mut escaped = false;
        for (at, c) in self.text.get(start..)?.char_indices() {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '\n' => return None,
                c if c == quote => {
                    self.at = start + at + 1;
                    return self.text.get(start..start + at);
                }
                _ => {}
            }
        }
        None
    }

    /// Skips to the comma or the bracket that ends an expression.
    fn skip(&mut self) -> Option<()> {
        let mut open = 0_usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'"' | b'\'' => {
                    self.quoted()?;
                    continue;
                }
                b'`' => {
                    let end = self.text.get(self.at + 1..)?.find('`')?;
                    self.at += end + 1;
                }
                b'(' | b'[' | b'{' => open += 1,
                b',' | b')' | b']' | b'}' if open == 0 => return Some(()),
                b')' | b']' | b'}' => open -= 1,
                _ => {}
            }
            self.at += 1;
        }
        None
    }
}

fn elision(range: Range<usize>) -> Json {
    Json {
        range,
        kind: JsonKind::Elision,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, language: &str) -> Option<String> {
        let body = body(text, language)?;
        for member in body.members().iter().filter(|member| !member.is_elision()) {
            assert!(text[member.key_range.clone()].contains(&member.key));
        }
        Some(body.to_value().to_string())
    }

    #[test]
    fn objects_that_are_written_out_are_read() {
        for (text, language, value) in [
            (
                "fetch(url, { body: JSON.stringify({ name: 'M', 'age': 3, tags: [\"a\", b], // c: 1\n on: true }) })",
                "javascript",
                r#"{"name":"M","age":3,"tags":["a"],"on":true}"#,
            ),
            (
                "const book = { title, at: new Date({ a: 1 }).toISOString(), price: 2 * 3, note: `${a}, b` };\nfetch(u, { body: JSON.stringify(book) })",
                "ts",
                r#"{"title":null,"at":null,"price":null,"note":null}"#,
            ),
            (
                "axios.post(`https://api.example.com/${id}`, { a: null, ...rest })",
                "js",
                r#"{"a":null}"#,
            ),
            (
                "requests.post(url, json={\n  \"a\": True,  # the first, {\n  'b': f\"x{y}\",\n  \"c\": {\"d\": None},\n})",
                "python",
                r#"{"a":true,"b":null,"c":{"d":null}}"#,
            ),
            (
                "payload = {\"a\": -1.5}\nrequests.post(url, json=payload)",
                "py",
                r#"{"a":-1.5}"#,
            ),
            (
                "requests.post(url, data=json.dumps({\"a\": \"x\" + y}))",
                "python",
                r#"{"a":null}"#,
            ),
            (
                "POST /users HTTP/1.1\nHost: api.example.com\n\n{\"a\": 1}\n",
                "http",
                r#"{"a":1}"#,
            ),
        ] {
            assert_eq!(read(text, language).as_deref(), Some(value), "{text}");
        }
    }

    #[test]
    fn what_is_uncertain_gives_nothing() {
        for (text, language) in [
            ("JSON.stringify(a); JSON.stringify({ b: 1 })", "js"),
            ("JSON.stringify(book)", "js"),
            ("JSON.stringify({ get name() { return 1 } ", "js"),
            ("JSON.stringify({ a: 'b", "js"),
            ("requests.post(url, json=make({\"a\": 1}))", "python"),
            ("json={", "python"),
            ("json={\"a\": 1}", "go"),
            ("POST /users HTTP/1.1\nHost: {\"a\": 1}", "http"),
        ] {
            assert_eq!(read(text, language), None, "{text}");
        }
        let open = body("json={k: v for k, v in pairs}", "python");
        assert!(open.is_none_or(|body| body.is_open()));
    }
}
