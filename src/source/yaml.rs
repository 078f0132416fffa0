//! YAML as events with the bytes that each covers, and what a plain scalar stands for.
//!
//! The frontmatter of pages and the files of specifications are both read from these events.
//! What aliases may expand to is bounded by whoever follows them.

use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle};
use serde_json::{Number, Value};

/// Why a text is not YAML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The byte where that shows.
    pub at: usize,
    /// What is wrong there.
    pub message: String,
}

/// The events of a text, each with the bytes it covers; nothing behind the first fault can be trusted.
pub fn events(text: &str) -> impl Iterator<Item = Result<(Event<'_>, Range<usize>), Fault>> {
    let offsets = Offsets::of(text);
    Parser::new_from_str(text).map(move |event| {
        let (event, span) = event.map_err(|error| {
            let at = offsets.byte(error.marker().index());
            let message = long_key(text, at).unwrap_or_else(|| error.info().to_owned());
            Fault { at, message }
        })?;
        let start = offsets.byte(span.start.index());
        let end = offsets.byte(span.end.index());
        let range = start..trimmed_end(text, start, end, &event);
        Ok((event, range))
    })
}

/// How many characters a key may have that no `?` stands before.
///
/// <https://yaml.org/spec/1.2.2/#rule-ns-s-block-map-implicit-key>
pub const LONGEST_KEY: usize = 1_024;

/// What is wrong at the colon behind a key that is too long; the parser only says that there is to be none.
fn long_key(text: &str, colon: usize) -> Option<String> {
    if !text.get(colon..)?.starts_with(':') {
        return None;
    }
    let line = text.get(..colon)?.rsplit('\n').next()?;
    let key = line.trim_start_matches(['-', ' ']);
    let length = key.chars().count();
    let is_key = length > LONGEST_KEY && !key.contains(": ");
    is_key.then(|| {
        format!("a key has {length} characters, and YAML allows {LONGEST_KEY} where no `? ` stands before it")
    })
}

/// The parser counts characters.
struct Offsets {
    /// The byte of each character; `None` if every character is one byte.
    bytes: Option<Vec<u32>>,
    length: usize,
}

impl Offsets {
    fn of(text: &str) -> Self {
        let starts = || text.char_indices().map(|(at, _)| at as u32).collect();
        Self {
            bytes: (!text.is_ascii()).then(starts),
            length: text.len(),
        }
    }

    fn byte(&self, index: usize) -> usize {
        match &self.bytes {
            Some(bytes) => bytes.get(index).map_or(self.length, |&byte| byte as usize),
            None => index.min(self.length),
        }
    }
}

/// The parser ends a quoted scalar only where the next token starts; here it ends behind its quote.
fn trimmed_end(yaml: &str, start: usize, end: usize, event: &Event<'_>) -> usize {
    let text = yaml.get(start..end).unwrap_or_default();
    let quote = match event {
        Event::Scalar(_, ScalarStyle::SingleQuoted, _, _) => '\'',
        Event::Scalar(_, ScalarStyle::DoubleQuoted, _, _) => '"',
        _ => return start + text.trim_end().len(),
    };
    let inner = text.get(1..).unwrap_or_default();
    let mut characters = inner.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        let doubled = quote == '\'' && characters.peek().is_some_and(|(_, next)| *next == quote);
        if c == '\\' && quote == '"' || c == quote && doubled {
            characters.next();
        } else if c == quote {
            return start + 1 + at + 1;
        }
    }
    end
}

/// A plain scalar is read by the YAML 1.2 core schema; a quoted one is a string.
pub fn scalar(text: &str, style: ScalarStyle) -> Value {
    if style != ScalarStyle::Plain {
        return Value::String(text.to_owned());
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" => return Value::Bool(true),
        "false" | "False" | "FALSE" => return Value::Bool(false),
        _ => {}
    }
    let numeric = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'));
    if let (true, Ok(integer)) = (numeric, text.parse::<i64>()) {
        return Value::from(integer);
    }
    let float = numeric
        .then(|| text.parse::<f64>().ok().and_then(Number::from_f64))
        .flatten();
    float.map_or_else(|| Value::String(text.to_owned()), Value::Number)
}
