//! Tags and expressions in a line of text: a paragraph, a heading, or a cell of a table.
//!
//! Code spans, escapes, and the destinations of links hide what they hold, as in CommonMark.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use crate::diagnostic::Diagnostic;
use crate::source::Excerpt;

use super::lookahead::Lookahead;
use super::node::{Attribute, AttributeValue, Element, Expression, Node};
use super::tag::{self, Fault, Found, RawAttribute, RawValue, Tag, TagKind};
use super::tree::{Scope, Tree};
use super::{expression, flow, link, rules};

/// One line, or part of a line, of a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    /// Where the Markdown of the line starts, with list markers.
    pub(super) prefix: usize,
    /// Where its text starts.
    pub(super) start: usize,
    /// Where it ends, the line ending included.
    pub(super) end: usize,
    /// True if the piece begins a line.
    pub(super) line_start: bool,
}

/// Lines put together to one text, each offset of which leads back to the page.
pub(super) struct Text<'p> {
    pub(super) content: Cow<'p, str>,
    /// Where the content ends, before the last line ending.
    end: usize,
    pieces: Vec<(usize, Piece)>,
}

impl<'p> Text<'p> {
    pub(super) fn new(page: &'p str, pieces: &[Piece]) -> Self {
        let slice = |piece: &Piece| page.get(piece.start..piece.end).unwrap_or_default();
        if let [piece] = pieces {
            let text = slice(piece);
            return Self {
                end: text.trim_end_matches(['\r', '\n']).len(),
                content: Cow::Borrowed(text),
                pieces: vec![(0, *piece)],
            };
        }
        let mut text =
            String::with_capacity(pieces.iter().map(|piece| piece.end - piece.start).sum());
        let mut placed = Vec::with_capacity(pieces.len());
        for piece in pieces {
            placed.push((text.len(), *piece));
            text.push_str(slice(piece));
        }
        Self {
            end: text.trim_end_matches(['\r', '\n']).len(),
            content: Cow::Owned(text),
            pieces: placed,
        }
    }

    /// The same text, white space at its end not being content: that of a heading, or of a cell.
    pub(super) fn trimmed(mut self) -> Self {
        self.end = self.content.trim_end().len();
        self
    }

    /// The offset in the page.
    pub(super) fn place(&self, offset: usize) -> usize {
        let index = self
            .pieces
            .partition_point(|(at, _)| *at <= offset)
            .saturating_sub(1);
        self.pieces.get(index).map_or(offset, |(at, piece)| {
            (piece.start + (offset - at)).min(piece.end)
        })
    }

    /// The end of a range: the place behind its last byte.
    fn end_place(&self, offset: usize) -> usize {
        offset
            .checked_sub(1)
            .map_or_else(|| self.place(0), |last| self.place(last) + 1)
    }

    /// The range in the page.
    pub(super) fn range(&self, range: &Range<usize>) -> Range<usize> {
        let start = self.place(range.start);
        if range.is_empty() {
            return start..start;
        }
        start..self.end_place(range.end)
    }

    fn slice(&self, range: &Range<usize>) -> &str {
        self.content.get(range.clone()).unwrap_or_default()
    }
}

/// Where a tag stands.
#[derive(Clone, Copy)]
pub(super) struct Place {
    /// The block that must also hold the other tag of the element.
    pub(super) scope: Scope,
    /// The number of containers around it.
    pub(super) containers: usize,
    /// True in a line of text.
    pub(super) inline: bool,
}

/// Reads a text and adds what it holds to the tree; `broken` are tags that start one of its lines.
pub(super) fn read(
    text: &Text<'_>,
    tree: &mut Tree<'_>,
    source: &Excerpt,
    place: Place,
    broken: &[Fault],
    lookahead: &mut Lookahead,
) {
    let whole: &str = &text.content;
    let content = whole.get(..text.end).unwrap_or(whole);
    let mut prose_from = 0;
    if content.contains(['<', '{']) {
        let mut at = link::definitions_end(content);
        let mut brackets = 0_usize;
        let mut spans = CodeSpans::default();
        while let Some(found) = content
            .get(at..)
            .and_then(|rest| rest.find(['<', '{', '`', '\\', '[', ']', ':', 'w', 'W']))
        {
            at += found;
            match content.as_bytes().get(at) {
                Some(b'\\') => {
                    at += 1 + content
                        .get(at + 1..)
                        .and_then(|rest| rest.chars().next())
                        .map_or(0, char::len_utf8);
                }
                Some(b'`') => {
                    let end = spans.end(content, at);
                    hidden(text, tree, at..end, broken);
                    at = end;
                }
                Some(b'[') => {
                    brackets += 1;
                    at += 1;
                }
                Some(b']') => {
                    let resource = (brackets > 0).then(|| link::resource_end(content, at + 1));
                    brackets = brackets.saturating_sub(1);
                    at = resource.flatten().unwrap_or(at + 1);
                }
                // A bracket that may start a link keeps addresses from being links.
                Some(b':' | b'w' | b'W') => {
                    let address = (brackets == 0).then(|| link::address_end(content, at));
                    at = address.flatten().unwrap_or(at + 1);
                }
                Some(b'{') => {
                    let window = lookahead.window(content, at);
                    if let Some(end) = expression::end(window, at) {
                        add_prose(text, tree, prose_from..at);
                        add_expression(tree, source, text, &(at..end));
                        at = end;
                        prose_from = at;
                    } else {
                        lookahead.in_vain(at, window.len());
                        report(tree, text, &unclosed_brace(at));
                        at += 1;
                    }
                }
                _ => {
                    let window = lookahead.window(content, at);
                    let found = match tag::read(window, at) {
                        Found::Unfinished(fault) => {
                            lookahead.in_vain(at, window.len());
                            tag::read_unfinished(window, at, &fault)
                                .map_or(Found::Fault(fault), Found::Tag)
                        }
                        found => found,
                    };
                    match found {
                        Found::Tag(mut tag) => {
                            add_prose(text, tree, prose_from..at);
                            lookahead.in_vain(tag.range.end, tag.seen);
                            tag.faults.extend(spread_at_line_start(content, &tag));
                            at = tag.range.end;
                            prose_from = at;
                            add_tag(tree, source, text, &tag, place);
                        }
                        Found::Text => at += 1,
                        Found::Fault(fault) | Found::Unfinished(fault) => {
                            at = faulty(text, tree, at, &fault, lookahead);
                        }
                    }
                }
            }
        }
    }
    add_prose(text, tree, prose_from..whole.len());
}

/// A tag at the start of a line is read before code spans are, so that one which is broken is a fault even there.
fn hidden(text: &Text<'_>, tree: &mut Tree<'_>, span: Range<usize>, broken: &[Fault]) {
    let span = text.range(&span);
    for fault in broken {
        if span.contains(&fault.range.start) {
            let help =
                "put it on the line above: at the start of a line it is read even in a code span";
            tree.fault_at(fault.rule, fault.range.clone(), &fault.message, help);
        }
    }
}

/// In a line of text, the strict parser takes a spread that starts a line for an expression.
fn spread_at_line_start(text: &str, tag: &Tag) -> Option<Fault> {
    let starts_line = |attribute: &&RawAttribute| {
        let before = text.get(..attribute.range.start).unwrap_or_default();
        attribute.name.is_empty() && before.trim_end_matches([' ', '\t']).ends_with('\n')
    };
    tag.attributes.iter().find(starts_line).map(|attribute| {
        let message = "a spread cannot start a line of this tag";
        Fault::new(
            attribute.range.clone(),
            message,
            "put it behind the name of the tag",
        )
    })
}

const BRACE: &str = "write `\\{` or `&#123;` for a brace in text";

/// Reports a fault of a text.
pub(super) fn report(tree: &mut Tree<'_>, text: &Text<'_>, fault: &Fault) {
    let range = text.range(&fault.range);
    tree.fault_at(fault.rule, range, &fault.message, fault.help);
}

/// The fault of a `{` at that place that nothing closes.
pub(super) fn unclosed_brace(at: usize) -> Fault {
    Fault {
        rule: &rules::INVALID_EXPRESSION,
        ..Fault::new(at..at + 1, "the brace is never closed", BRACE)
    }
}

/// The fault of the `{…}` of that range, if it is certainly not JavaScript.
pub(super) fn expression_fault(text: &str, range: &Range<usize>) -> Option<Fault> {
    let inner = range.start + 1..range.end.saturating_sub(1);
    let content = text.get(inner.clone())?;
    let wrong = expression::fault_in_content(content)?;
    let at = inner.start + wrong;
    let character = content.get(wrong..).and_then(|rest| rest.chars().next());
    let place = character.map_or(range.clone(), |c| at..at + c.len_utf8());
    let message = "the braces do not hold a JavaScript expression";
    Some(Fault {
        rule: &rules::INVALID_EXPRESSION,
        ..Fault::new(place, message, BRACE)
    })
}

/// Reports what stands at a `<` that starts no tag, and returns where to go on.
fn faulty(
    text: &Text<'_>,
    tree: &mut Tree<'_>,
    at: usize,
    fault: &Fault,
    lookahead: &mut Lookahead,
) -> usize {
    let window = lookahead.window(&text.content, at);
    if window
        .get(at..)
        .is_some_and(|rest| rest.starts_with("<!--"))
    {
        let end = flow::comment_end(window, at);
        if end.is_none() {
            lookahead.in_vain(at, window.len());
        }
        let end = end.unwrap_or(at + 4);
        report(tree, text, &flow::html_comment(at..end));
        return end;
    }
    lookahead.in_vain(at, fault.range.start);
    let range = text.range(&(at..fault.range.end));
    tree.fault_at(fault.rule, range, &fault.message, fault.help);
    at + 1
}

fn add_prose(text: &Text<'_>, tree: &mut Tree<'_>, range: Range<usize>) {
    if range.is_empty() {
        return;
    }
    let first = text
        .pieces
        .partition_point(|(at, _)| *at <= range.start)
        .saturating_sub(1);
    for (at, piece) in text.pieces.iter().skip(first) {
        if *at >= range.end {
            break;
        }
        let whole = range.start <= *at;
        let start = if whole {
            piece.prefix
        } else {
            piece.start + (range.start - at)
        };
        let end = (piece.start + (range.end - at)).min(piece.end);
        tree.prose(start, end, whole && piece.line_start);
    }
}

/// Adds the `{…}` of that range of a text.
pub(super) fn add_expression(
    tree: &mut Tree<'_>,
    source: &Excerpt,
    text: &Text<'_>,
    range: &Range<usize>,
) {
    let inner = range.start + 1..range.end.saturating_sub(1);
    let content = text.slice(&inner);
    if let Some(wrong) = expression_fault(&text.content, range) {
        report(tree, text, &wrong);
    }
    tree.node(Node::Expression(Expression {
        source: content.to_owned(),
        span: source.span(text.range(range)),
    }));
}

/// Adds a tag of a text.
pub(super) fn add_tag(
    tree: &mut Tree<'_>,
    source: &Excerpt,
    text: &Text<'_>,
    tag: &Tag,
    place: Place,
) {
    let span = |range: &Range<usize>| source.span(text.range(range));
    for fault in &tag.faults {
        let place = span(&fault.range);
        let diagnostic = Diagnostic::new(fault.rule, place, fault.message.clone());
        tree.fault(diagnostic.help(fault.help));
    }
    let name = text.slice(&tag.name);
    let whole = span(&tag.range);
    if tag.kind == TagKind::Close {
        tree.close(
            name,
            whole,
            text.place(tag.range.start),
            place.scope,
            place.inline,
        );
        return;
    }
    let attribute = |raw: &RawAttribute| {
        let (value, value_span) = match &raw.value {
            RawValue::None => (AttributeValue::Bare, span(&raw.name)),
            RawValue::Text(range) => (AttributeValue::Text(plain(text.slice(range))), span(range)),
            RawValue::Expression(range) => (expression_value(text.slice(range)), span(range)),
        };
        Attribute {
            name: text.slice(&raw.name).to_owned(),
            span: span(&raw.range),
            value_span,
            value,
        }
    };
    let element = Element {
        name: name.to_owned(),
        name_span: span(&tag.name),
        attributes: tag.attributes.iter().map(attribute).collect(),
        children: Vec::new(),
        span: whole,
        open: whole,
        inline: place.inline,
    };
    if tag.kind == TagKind::SelfClosing {
        tree.node(Node::Element(element));
    } else {
        let at = text.place(tag.range.start);
        tree.open(element, at, place.scope, place.containers);
    }
}

fn expression_value(source: &str) -> AttributeValue {
    let source = without_indentation(source);
    match expression::literal(&source, &|_| None) {
        Some(value) => AttributeValue::Literal(value),
        None => AttributeValue::Unevaluated(source.into_owned()),
    }
}

/// Lines of an expression lose up to two columns of indentation, as in micromark.
fn without_indentation(source: &str) -> Cow<'_, str> {
    if !source.contains('\n') {
        return Cow::Borrowed(source);
    }
    let lines: Vec<_> = source
        .split('\n')
        .enumerate()
        .map(|(index, line)| match index {
            0 => line,
            _ => line
                .strip_prefix("  ")
                .or_else(|| line.strip_prefix([' ', '\t']))
                .unwrap_or(line),
        })
        .collect();
    Cow::Owned(lines.join("\n"))
}

/// A quoted value: entities decoded, and lines without their indentation.
fn plain(text: &str) -> String {
    let unindented = if text.contains('\n') {
        let lines: Vec<_> = text
            .split('\n')
            .enumerate()
            .map(|(index, line)| {
                if index == 0 {
                    line
                } else {
                    line.trim_start_matches([' ', '\t'])
                }
            })
            .collect();
        Cow::Owned(lines.join("\n"))
    } else {
        Cow::Borrowed(text)
    };
    if unindented.contains('&') {
        return decode_entities(&unindented);
    }
    unindented.into_owned()
}

/// Decodes character references that end in `;`; others stay as they are, as in JSX.
fn decode_entities(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, from) = rest.split_at(at);
        decoded.push_str(before);
        let name = from.get(1..).unwrap_or_default();
        let length = name
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '#')
            .unwrap_or(name.len());
        if name
            .get(length..)
            .is_some_and(|after| after.starts_with(';'))
        {
            let reference = from.get(..length + 2).unwrap_or_default();
            decoded.push_str(&htmlize::unescape(reference));
            rest = from.get(length + 2..).unwrap_or_default();
        } else {
            decoded.push('&');
            rest = name;
        }
    }
    decoded.push_str(rest);
    decoded
}

/// Where code spans end: a run of backticks is closed by the next run of the same length.
#[derive(Default)]
struct CodeSpans {
    /// For each length of run, where such runs start; made at the first backtick.
    runs: Option<HashMap<usize, Vec<usize>>>,
}

impl CodeSpans {
    /// The offset behind the code span that starts at `at`, or behind the run of backticks if it starts none.
    fn end(&mut self, text: &str, at: usize) -> usize {
        let bytes = text.as_bytes();
        let length = bytes
            .iter()
            .skip(at)
            .take_while(|&&byte| byte == b'`')
            .count();
        let runs = self.runs.get_or_insert_with(|| backtick_runs(bytes));
        let behind = at + length;
        let starts = runs.get(&length).map(Vec::as_slice).unwrap_or_default();
        let next = starts.partition_point(|&start| start < behind);
        starts.get(next).map_or(behind, |start| start + length)
    }
}

fn backtick_runs(bytes: &[u8]) -> HashMap<usize, Vec<usize>> {
    let mut runs: HashMap<usize, Vec<usize>> = HashMap::new();
    let mut at = 0;
    while at < bytes.len() {
        let length = bytes
            .iter()
            .skip(at)
            .take_while(|&&byte| byte == b'`')
            .count();
        if length > 0 {
            runs.entry(length).or_default().push(at);
        }
        at += length.max(1);
    }
    runs
}
