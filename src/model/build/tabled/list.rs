//! Parameters and members that lists in Markdown document.
//!
//! ```text
//! - `name` (string, required): what readers see
//! - **pages** - integer, at least 1
//!   - `from`: integer
//! ```
//!
//! A list counts if each item begins with a name, and most go on with a type.

use std::ops::Range;
use std::sync::LazyLock;

use crate::mdx::markdown::{Block, Inline, Part};
use crate::model::build::pattern::{Pattern, pattern};
use crate::model::evidence::{Fact, Origin, ReadingRule};
use crate::model::operation::Field;
use crate::model::types::{self, Type};
use crate::source::Span;

use super::place::names_fields;
use super::{REQUIRED, Said, facts, headers};
use crate::model::build::sections::{self, Section};

pub(super) static FIELD_LIST: ReadingRule = ReadingRule {
    name: "field-list",
    origin: Origin::Prose,
    summary: "a list below a title such as Parameters or Response, whose items begin with names and mostly go on with types, documents parameters or members, if no components do",
};

/// A line that says what the list below it holds, such as "**Parameters**", "Request:", and "The response contains:".
pub(super) fn label(paragraph: &Inline) -> Option<Fact<String>> {
    static LEAD: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)^(?:the\s+)?(?:json\s+)?(?P<what>request|body|query|response|returns?|answer)\b[^.:]{0,60}:$",
        )
    });
    static PART: LazyLock<Pattern> =
        LazyLock::new(|| pattern(r"(?i)\b(?:each|every|items?|objects?|entry|entries)\b"));
    let text = paragraph.text();
    let text = text.trim();
    let has_code = paragraph.parts.iter().any(|part| part.code);
    let is_bold = || {
        let mut words = paragraph.parts.iter();
        words.all(|part| part.strong || part.text.trim().is_empty()) && text.len() < 60
    };
    let leads = text.ends_with(':');
    let what = match () {
        () if leads && (has_code || PART.is_match(text)) => text,
        () if has_code => return None,
        () if names_fields(text) || is_bold() => text,
        () => LEAD.captures(text)?.name("what")?.as_str(),
    };
    let span = paragraph.parts.first()?.span;
    Some(Fact::new(what.to_owned(), span, &FIELD_LIST))
}

/// What a label calls the list.
pub(super) fn section(label: &Fact<String>) -> Option<Section> {
    Section::of_title(&label.value).or_else(|| {
        let is_label = sections::is_label(&label.value) || names_fields(&label.value);
        (!is_label).then_some(Section::Other)
    })
}

/// The fields that a list documents; none if it lists anything else.
pub(super) fn fields(items: &[Vec<Block>]) -> Option<Vec<Field>> {
    let items: Option<Vec<Item>> = items.iter().map(|item| Item::of(item)).collect();
    let items = items.filter(|items| {
        let typed = items.iter().filter(|item| item.kind.is_some()).count();
        typed > 0 && typed * 2 >= items.len()
    })?;
    Some(items.into_iter().map(Item::field).collect())
}

/// An item of a list that begins with a name.
struct Item<'b> {
    name: Fact<String>,
    kind: Option<Fact<String>>,
    required: Option<Fact<bool>>,
    /// What is said of the field beyond that.
    told: Vec<Inline>,
    children: Vec<Field>,
    /// What stands below, if it lists no members.
    below: Vec<&'b Block>,
    span: Span,
}

impl<'b> Item<'b> {
    fn of(item: &'b [Block]) -> Option<Self> {
        static NAME: LazyLock<Pattern> =
            LazyLock::new(|| pattern(r"^[A-Za-z_$][A-Za-z0-9_$.\[\]-]*$"));
        let (Block::Paragraph(inline), below) = item.split_first()? else {
            return None;
        };
        let (name, rest) = inline.parts.split_first()?;
        let text = name.text.trim().trim_end_matches(':').trim_end();
        let marked = text.strip_suffix('*').or_else(|| text.strip_suffix('?'));
        let word = marked.unwrap_or(text);
        // Bold words are names only if nobody would write them so in a sentence.
        let is_name = name.code || name.strong && !word.starts_with(|c: char| c.is_uppercase());
        if !is_name || !NAME.is_match(word) {
            return None;
        }
        let last = inline.parts.last()?;
        let mut read = Self {
            name: Fact::new(word.to_owned(), name.span, &FIELD_LIST),
            kind: None,
            required: text
                .ends_with('*')
                .then(|| Fact::new(true, name.span, &FIELD_LIST)),
            told: Vec::new(),
            children: Vec::new(),
            below: Vec::new(),
            span: name.span.to(last.span),
        };
        read.specification(rest);
        for block in below {
            let inner = match block {
                Block::List(items) => fields(items),
                _ => None,
            };
            match inner {
                Some(fields) => read.children.extend(fields),
                None => read.below.push(block),
            }
        }
        Some(read)
    }

    /// Reads type and requirement from the start of what follows the name, and keeps the rest.
    fn specification(&mut self, rest: &[Part]) {
        let flat: String = rest.iter().map(headers::marked_part).collect();
        let mut at = 0;
        loop {
            let text = flat.get(at..).unwrap_or_default();
            let start = at + (text.len() - text.trim_start_matches(is_separator).len());
            let text = flat.get(start..).unwrap_or_default();
            if let Some(inner) = bracketed(text) {
                let inner = start + 1..start + 1 + inner;
                let Some(told) = self.in_brackets(rest, &flat, inner.clone()) else {
                    break;
                };
                self.told.extend(told);
                at = inner.end + 1;
                continue;
            }
            let length = piece(text);
            let words = flat.get(start..start + length).unwrap_or_default();
            let is_one_of_several = flat.get(start + length..).is_some_and(|next| {
                next.trim_start_matches([',', ' ', '|', '/'])
                    .starts_with('`')
            });
            let is_value = words.starts_with('`') && is_one_of_several;
            if length == 0 || is_value || !self.take(rest, words, start) {
                break;
            }
            at = start + length;
        }
        let text = flat.get(at..).unwrap_or_default();
        let start = at + (text.len() - text.trim_start_matches(is_separator).len());
        if start < flat.len() {
            self.told.push(cut(rest, start..flat.len()));
        }
    }

    /// Reads "(string, required)": what else stands in the brackets; nothing if they say neither.
    fn in_brackets(
        &mut self,
        rest: &[Part],
        flat: &str,
        inner: Range<usize>,
    ) -> Option<Vec<Inline>> {
        let text = flat.get(inner.clone())?;
        let mut told = Vec::new();
        let (mut at, mut is_read) = (inner.start, false);
        for words in text.split([',', ';']) {
            if self.take(rest, words, at) {
                is_read = true;
            } else {
                told.push(cut(rest, at..at + words.len()));
            }
            at += words.len() + 1;
        }
        is_read.then_some(told)
    }

    /// Takes words for a type, or for whether a value is asked for.
    fn take(&mut self, rest: &[Part], words: &str, at: usize) -> bool {
        let span =
            || Some(span(&cut(rest, at..at + words.len())).unwrap_or(self.name.evidence.span));
        let words = words.trim();
        if let Some(required) = requirement(words) {
            let fact = span().map(|span| Fact::new(required, span, &FIELD_LIST));
            self.required = self.required.take().or(fact);
            return true;
        }
        let (first, last) = (words.split_once(' '), words.rsplit_once(' '));
        let first = first.and_then(|(word, rest)| Some((requirement(word)?, rest)));
        let last = last.and_then(|(rest, word)| Some((requirement(word)?, rest)));
        let (required, words) = match first.or(last) {
            Some((required, words)) => (Some(required), words),
            None => (None, words),
        };
        let code = words.strip_prefix('`').and_then(|it| it.strip_suffix('`'));
        let words = code.unwrap_or(words).trim();
        if self.kind.is_some() || words.contains('`') || !is_type(&types::parse(words)) {
            return false;
        }
        let fact = |required| span().map(|span| Fact::new(required, span, &FIELD_LIST));
        let required = required.and_then(fact);
        let kind = span().map(|span| Fact::new(words.to_owned(), span, &FIELD_LIST));
        self.required = self.required.take().or(required);
        self.kind = kind;
        true
    }

    fn field(self) -> Field {
        let kind = types::parse(self.kind.as_ref().map_or("", |it| it.value.as_str()));
        let mut blocks: Vec<Block> = self.told.iter().cloned().map(Block::Paragraph).collect();
        blocks.extend(self.below.into_iter().cloned());
        let prose = facts::of_blocks(&self.name.value, &kind, &blocks);
        let told: Vec<String> = self.told.iter().map(headers::marked).collect();
        let said = Said {
            name: self.name,
            type_text: self.kind,
            kind,
            required: self.required,
            default: None,
            description: told.join(" "),
            prose,
            span: self.span,
        };
        Field {
            children: self.children,
            ..said.field()
        }
    }
}

fn is_separator(c: char) -> bool {
    c.is_whitespace() || matches!(c, ':' | ',' | '.' | ';' | '-' | '–' | '—' | '|')
}

/// Where the bracket ends that the text begins with.
fn bracketed(text: &str) -> Option<usize> {
    let inner = text.strip_prefix(['(', '['])?;
    let mut depth = 1;
    inner.char_indices().find_map(|(at, c)| {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            _ => {}
        }
        (depth == 0).then_some(at)
    })
}

/// The length of the words up to the next mark between words.
fn piece(text: &str) -> usize {
    static END: LazyLock<Pattern> = LazyLock::new(|| pattern(r"[,.;:\n]|\s[(–—-]|\s*\u{2014}"));
    END.find(text).map_or(text.len(), |found| found.start())
}

fn requirement(words: &str) -> Option<bool> {
    static OPTIONAL: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)^(?:optional|opcional|optionnel(?:le)?|facultati[fv]e?|facoltativo|可选|选填|任意|선택)$",
        )
    });
    let words = words.trim();
    match words.is_empty() {
        true => None,
        false if REQUIRED.is_match(words) => Some(true),
        false => OPTIONAL.is_match(words).then_some(false),
    }
}

fn is_type(kind: &Type) -> bool {
    match kind {
        Type::Any
        | Type::Boolean
        | Type::Integer(_)
        | Type::Number(_)
        | Type::String(_)
        | Type::Enum(_)
        | Type::Object
        | Type::Map(..)
        | Type::Array(_)
        | Type::File => true,
        Type::Union(types) => {
            let is_none = |it: &Type| matches!(it, Type::Null | Type::Undefined);
            types.iter().any(is_type) && types.iter().all(|it| is_type(it) || is_none(it))
        }
        _ => false,
    }
}

/// A stretch of the text, code in its marks.
fn cut(parts: &[Part], range: Range<usize>) -> Inline {
    let mut found = Inline::default();
    let mut at = 0;
    for part in parts {
        let length = headers::marked_part(part).len();
        let own = range.start.max(at)..range.end.min(at + length);
        if own.is_empty() {
            at += length;
            continue;
        }
        let inner = own.start - at..own.end - at;
        let mut part = part.clone();
        if let (false, Some(text)) = (part.code, part.text.get(inner.clone())) {
            if part.text.len() == part.span.len() {
                let start = part.span.start as usize;
                part.span = Span::new(part.span.file, start + inner.start..start + inner.end);
            }
            part.text = text.into();
        }
        found.parts.push(part);
        at += length;
    }
    found
}

fn span(inline: &Inline) -> Option<Span> {
    Some(inline.parts.first()?.span.to(inline.parts.last()?.span))
}
