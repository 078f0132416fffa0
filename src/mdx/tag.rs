//! Reads one JSX tag.
//!
//! ```text
//! tag       = "<" [ "/" ] [ name ] { attribute } [ "/" ] ">"      no name: a fragment
//! name      = identifier { "." identifier } | identifier ":" identifier
//! attribute = name [ "=" ( '"' … '"' | "'" … "'" | "{" expression "}" ) ] | "{" "..." expression "}"
//! ```
//!
//! White space, line endings included, may stand between all parts but not right after `<`.
//! The grammar is that of the MDX JSX extension of micromark. Where a tag breaks it, the fault is kept beside the tag
//! and reading goes on, as long as it is plain that a tag was meant.

use std::ops::Range;

use crate::diagnostic::Rule;

use super::{expression, recover, rules};

/// A tag as it stands in the text.
#[derive(Debug, PartialEq)]
pub(super) struct Tag {
    pub(super) kind: TagKind,
    pub(super) name: Range<usize>,
    pub(super) attributes: Vec<RawAttribute>,
    pub(super) range: Range<usize>,
    pub(super) faults: Vec<Fault>,
    /// How far the text was read; behind the end of the tag, if it was recovered.
    pub(super) seen: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TagKind {
    Open,
    Close,
    SelfClosing,
}

/// An attribute as it stands in the text; the name is empty for a spread.
#[derive(Debug, PartialEq)]
pub(super) struct RawAttribute {
    pub(super) name: Range<usize>,
    pub(super) value: RawValue,
    pub(super) range: Range<usize>,
}

#[derive(Debug, PartialEq)]
pub(super) enum RawValue {
    None,
    /// The text between the quotes, or the whole of an unquoted value.
    Text(Range<usize>),
    /// The source between the braces.
    Expression(Range<usize>),
}

/// A place where the platform's strict parser would give up, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) rule: &'static Rule,
    pub(super) range: Range<usize>,
    pub(super) message: String,
    pub(super) help: &'static str,
}

impl Fault {
    pub(super) fn new(range: Range<usize>, message: impl Into<String>, help: &'static str) -> Self {
        Self {
            rule: &rules::INVALID_TAG,
            range,
            message: message.into(),
            help,
        }
    }
}

pub(super) const ADD_BRACE: &str = "add the closing brace";
const BARE: &str = "write `\\<` or `&lt;` for a bare `<`";

/// What stands at a `<`.
#[derive(Debug, PartialEq)]
pub(super) enum Found {
    Tag(Tag),
    /// A `<` that is only a character.
    Text,
    /// Not a tag, and not allowed either.
    Fault(Fault),
    /// The text ends inside the tag.
    Unfinished(Fault),
}

/// Reads the tag that starts with the `<` at `at`.
pub(super) fn read(text: &str, at: usize) -> Found {
    let mut reader = Reader {
        text,
        at: at + 1,
        start: at,
        faults: Vec::new(),
    };
    match reader.peek() {
        None => Found::Fault(reader.bare()),
        Some(c) if c.is_whitespace() => Found::Text,
        Some(_) => match reader.tag() {
            Ok(tag) => Found::Tag(tag),
            Err(Stop::End(fault)) => Found::Unfinished(fault),
            Err(Stop::Fault(fault)) => match recover::tag(text, at, &fault) {
                Some(tag) => Found::Tag(reader.with_faults(tag)),
                None => Found::Fault(fault),
            },
        },
    }
}

/// Reads a tag that [`read`] found unfinished, where no more text will come.
pub(super) fn read_unfinished(text: &str, at: usize, fault: &Fault) -> Option<Tag> {
    recover::tag(text, at, fault)
}

enum Stop {
    End(Fault),
    Fault(Fault),
}

struct Reader<'t> {
    text: &'t str,
    start: usize,
    at: usize,
    faults: Vec<Fault>,
}

impl Reader<'_> {
    fn tag(&mut self) -> Result<Tag, Stop> {
        let mut kind = TagKind::Open;
        if self.peek() == Some('/') {
            kind = TagKind::Close;
            self.at += 1;
            self.space();
        }
        let name = if self.peek() == Some('>') {
            self.at..self.at
        } else {
            self.name("the name of a tag")?
        };
        let mut attributes = Vec::new();
        loop {
            self.space();
            match self.peek() {
                None => return Err(self.end()),
                Some('>') => break,
                Some('/') => {
                    let slash = self.at;
                    self.at += 1;
                    self.space();
                    match self.peek() {
                        Some('>') if kind == TagKind::Close => {
                            self.fault(
                                slash..self.at,
                                "a closing tag cannot close itself",
                                "remove one of the slashes",
                            );
                        }
                        Some('>') => kind = TagKind::SelfClosing,
                        None => return Err(self.end()),
                        Some(c) => return Err(self.unexpected(c, "`>` after `/`")),
                    }
                    break;
                }
                Some(_) => {
                    let attribute = self.attribute()?;
                    if kind == TagKind::Close {
                        self.fault(
                            attribute.range.clone(),
                            "a closing tag cannot have attributes",
                            "remove them, or the slash at the start",
                        );
                    }
                    attributes.push(attribute);
                }
            }
        }
        self.at += 1;
        Ok(Tag {
            kind,
            name,
            attributes,
            range: self.start..self.at,
            faults: std::mem::take(&mut self.faults),
            seen: self.at,
        })
    }

    fn attribute(&mut self) -> Result<RawAttribute, Stop> {
        let start = self.at;
        if self.peek() == Some('{') {
            let inner = self.braces()?;
            let spread = self.slice(inner.clone()).trim_start().strip_prefix("...");
            if spread.is_none_or(|value| expression::fault_in_attribute(value).is_some()) {
                self.fault(
                    start..self.at,
                    "braces among attributes can only spread: `{...name}`",
                    "write `name={value}`",
                );
            }
            return Ok(RawAttribute {
                name: start..start,
                value: RawValue::Expression(inner),
                range: start..self.at,
            });
        }
        let name = self.name("the name of an attribute")?;
        let after_name = self.at;
        self.space();
        if self.peek() != Some('=') {
            self.at = after_name;
            return Ok(RawAttribute {
                range: name.clone(),
                name,
                value: RawValue::None,
            });
        }
        self.at += 1;
        self.space();
        let value = self.value()?;
        Ok(RawAttribute {
            name,
            value,
            range: start..self.at,
        })
    }

    fn value(&mut self) -> Result<RawValue, Stop> {
        match self.peek() {
            None => Err(self.end()),
            Some('{') => {
                let inner = self.braces()?;
                if let Some(fault) = expression::fault_in_attribute(self.slice(inner.clone())) {
                    self.fault(
                        inner.start + fault..inner.end,
                        "the braces do not hold a JavaScript expression",
                        "write text in quotes, as in `name=\"value\"`",
                    );
                }
                Ok(RawValue::Expression(inner))
            }
            Some(quote @ ('"' | '\'')) => {
                let start = self.at + 1;
                let Some(length) = self.text.get(start..).and_then(|rest| rest.find(quote)) else {
                    self.at = self.text.len();
                    return Err(self.end());
                };
                self.at = start + length + 1;
                Ok(RawValue::Text(start..start + length))
            }
            Some('<') => Err(self.unexpected('<', "a quoted value or braces")),
            Some(_) => {
                let start = self.at;
                while self.peek().is_some_and(|c| {
                    !c.is_whitespace() && !matches!(c, '>' | '<' | '"' | '\'' | '{' | '}')
                }) {
                    self.bump();
                }
                if self.slice(start..self.at).ends_with('/') && self.peek() == Some('>') {
                    self.at -= 1;
                }
                if start == self.at {
                    let c = self.peek().unwrap_or('>');
                    return Err(self.unexpected(c, "a quoted value or braces"));
                }
                self.fault(
                    start..self.at,
                    "an attribute value must stand in quotes or braces",
                    "write `name=\"value\"`",
                );
                Ok(RawValue::Text(start..self.at))
            }
        }
    }

    fn braces(&mut self) -> Result<Range<usize>, Stop> {
        let Some(end) = expression::end(self.text, self.at) else {
            let fault = Fault::new(self.at..self.at + 1, "the brace is never closed", ADD_BRACE);
            self.at = self.text.len();
            return Err(Stop::End(fault));
        };
        let inner = self.at + 1..end - 1;
        self.at = end;
        Ok(inner)
    }

    fn name(&mut self, what: &str) -> Result<Range<usize>, Stop> {
        let start = self.at;
        loop {
            match self.peek() {
                None => return Err(self.end()),
                Some(c) if is_name_start(c) => self.bump(),
                Some(c) => return Err(self.unexpected(c, what)),
            }
            let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
            let letters = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric());
            self.at += letters.count();
            while self.peek().is_some_and(is_name_part) {
                self.bump();
            }
            let end = self.at;
            self.space();
            if !matches!(self.peek(), Some('.' | ':')) {
                self.at = end;
                return Ok(start..end);
            }
            self.at += 1;
            self.space();
        }
    }

    /// A recovered tag with the faults before the one that it was recovered from.
    fn with_faults(&mut self, mut tag: Tag) -> Tag {
        let later = std::mem::replace(&mut tag.faults, std::mem::take(&mut self.faults));
        tag.faults.extend(later);
        tag.seen = self.at;
        tag
    }

    fn unexpected(&self, c: char, wanted: &str) -> Stop {
        let message = format!(
            "unexpected `{}` where {wanted} should stand",
            c.escape_debug()
        );
        Stop::Fault(Fault::new(self.at..self.at + c.len_utf8(), message, BARE))
    }

    fn bare(&self) -> Fault {
        Fault::new(self.start..self.start + 1, "a tag must have a name", BARE)
    }

    fn end(&self) -> Stop {
        let message = "the tag is never finished with `>`";
        Stop::End(Fault::new(self.start..self.start + 1, message, BARE))
    }

    fn fault(&mut self, range: Range<usize>, message: &str, help: &'static str) {
        self.faults.push(Fault::new(range, message, help));
    }

    fn space(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.bump();
        }
    }

    fn peek(&self) -> Option<char> {
        self.text
            .get(self.at..)
            .and_then(|rest| rest.chars().next())
    }

    fn bump(&mut self) {
        self.at += self.peek().map_or(0, char::len_utf8);
    }

    fn slice(&self, range: Range<usize>) -> &str {
        self.text.get(range).unwrap_or_default()
    }
}

/// True for a character that can start a JSX name.
pub(super) fn is_name_start(c: char) -> bool {
    c == '$' || c == '_' || c.is_alphabetic()
}

pub(super) fn is_name_part(c: char) -> bool {
    is_name_start(c) || c == '-' || c.is_numeric() || c == '\u{200c}' || c == '\u{200d}'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(text: &str) -> Tag {
        match read(text, 0) {
            Found::Tag(tag) => tag,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn attributes_come_in_every_form() {
        let text = "<A b c=\"x > y\" d='\"' e={ {a: \"}\"} } {...f} g:h=\"\"/>";
        let tag = tag(text);
        assert_eq!(tag.kind, TagKind::SelfClosing);
        assert_eq!(tag.range, 0..text.len());
        let names: Vec<_> = tag
            .attributes
            .iter()
            .map(|a| &text[a.name.clone()])
            .collect();
        assert_eq!(names, ["b", "c", "d", "e", "", "g:h"]);
        assert_eq!(tag.attributes[1].value, RawValue::Text(8..13));
        assert!(tag.faults.is_empty());
    }

    #[test]
    fn a_tag_may_span_lines() {
        assert_eq!(tag("<A\n  b=\"1\"\n\n>").attributes.len(), 1);
    }

    #[test]
    fn a_bare_less_than_sign_is_text_only_before_white_space() {
        assert_eq!(read("< 100", 0), Found::Text);
        assert!(matches!(read("<100", 0), Found::Fault(_)));
        assert!(matches!(read("<https://example.com>", 0), Found::Fault(_)));
    }

    #[test]
    fn an_unquoted_value_is_read_and_faulted() {
        let tag = tag("<A b=c d=\"e\">");
        assert_eq!(tag.attributes.len(), 2);
        assert_eq!(tag.faults.len(), 1);
    }

    #[test]
    fn a_tag_that_never_ends_is_unfinished() {
        assert!(matches!(read("<A b=\"", 0), Found::Unfinished(_)));
        assert!(matches!(read("<A b={", 0), Found::Unfinished(_)));
    }
}
