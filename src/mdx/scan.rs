//! The block scanner: walks a page once, line by line, and finds its tags, expressions, fences, and Markdown.
//!
//! Blocks are those of CommonMark with GFM tables and footnotes, as MDX changes them: no HTML, no indented code,
//! no autolinks; tags and expressions that stand alone on their lines are blocks of their own ("flow"), and
//! `import` and `export` start a block of JavaScript. Order and precedence follow micromark, the platform's parser;
//! what it would reject is reported, and read as far as possible.

use crate::diagnostic::Diagnostic;
use crate::source::Excerpt;

use super::container::{self, At, Container, Line, is_thematic_break};
use super::esm::{self, Module};
use super::fence::{self, Opening};
use super::inline::{self, Piece, Text};
use super::node::{Fence, Node};
use super::tag::{self, Found, Tag};
use super::tree::{Grown, Scope, Tree};
use super::{expression, rules, table};

/// What scanning finds: the content, and the imports and exports.
pub(super) struct Scanned {
    pub(super) grown: Grown,
    pub(super) module: Module,
}

/// Scans `source` from byte `start`, where the frontmatter has ended.
pub(super) fn scan(source: &Excerpt, start: usize) -> Scanned {
    let mut scanner = Scanner {
        source,
        text: source.text(),
        starts: line_starts(source.text(), start),
        containers: Vec::new(),
        ends: Vec::new(),
        paragraph: Vec::new(),
        paragraph_scope: 0,
        scopes: 0,
        tree: Tree::new(source),
        module: Module::default(),
        hopeless: Hopeless::default(),
    };
    let mut index = 0;
    while index < scanner.starts.len() {
        index = scanner.line(index);
    }
    scanner.end_paragraph();
    scanner.close_containers(0);
    Scanned {
        grown: scanner.tree.finish(),
        module: scanner.module,
    }
}

fn line_starts(text: &str, start: usize) -> Vec<usize> {
    let rest = text.get(start..).unwrap_or_default();
    let mut starts = Vec::with_capacity(rest.len() / 32 + 1);
    if !rest.is_empty() {
        starts.push(start);
    }
    starts.extend(rest.match_indices('\n').map(|(at, _)| start + at + 1));
    if starts.last() == Some(&text.len()) {
        starts.pop();
    }
    starts
}

struct Scanner<'s> {
    source: &'s Excerpt,
    text: &'s str,
    starts: Vec<usize>,
    containers: Vec<Container>,
    /// For the current line: the place behind each continued or opened container.
    ends: Vec<At>,
    /// The lines of the paragraph that is open, if any.
    paragraph: Vec<Piece>,
    paragraph_scope: Scope,
    scopes: Scope,
    tree: Tree<'s>,
    module: Module,
    hopeless: Hopeless,
}

/// What was looked for up to the end of the page in vain: looking again would cost the whole page each time.
#[derive(Default)]
struct Hopeless {
    expression: bool,
    comment: bool,
    tag_until: usize,
    module: bool,
}

/// A tag or expression that stands alone on its lines.
enum Flow {
    Tag(Tag),
    Expression { start: usize, end: usize },
    Comment,
}

impl<'s> Scanner<'s> {
    /// Reads the line of that index and all that belongs to what starts there; returns the index of the next line.
    fn line(&mut self, index: usize) -> usize {
        let line = self.line_at(index);
        let mut ends = std::mem::take(&mut self.ends);
        let continued = container::continue_all(&mut self.containers, line, &mut ends);
        self.ends = ends;
        let mut at = continued.at;
        let mut matched = continued.count == self.containers.len();
        let mut interrupting = matched && !self.paragraph.is_empty();
        while let Some((kind, next)) = (!line.is_blank(at))
            .then(|| container::open(line, at, interrupting))
            .flatten()
        {
            self.end_paragraph();
            if !matched {
                self.close_containers(continued.count);
                matched = true;
            }
            let scope = self.new_scope();
            self.containers.push(Container { kind, scope });
            self.ends.push(next);
            at = next;
            interrupting = false;
        }
        if line.is_blank(at) {
            self.end_paragraph();
            if !matched {
                self.close_containers(continued.count);
            }
            self.prose_line(line);
            return index + 1;
        }
        if !matched {
            if !self.paragraph.is_empty() && !self.interrupts(index, line, at) {
                self.add_to_paragraph(line, at);
                return index + 1;
            }
            self.end_paragraph();
            self.close_containers(continued.count);
        }
        self.block(index, line, at)
    }

    /// Reads the block that starts at `at`, behind the markers of its containers.
    fn block(&mut self, index: usize, line: Line<'s>, at: At) -> usize {
        let content = line.skip_all(at);
        let rest = line.rest(content);
        let first = rest.as_bytes().first().copied().unwrap_or(b' ');
        match first {
            b'`' | b'~' => {
                if let Some(opening) = fence::opening(rest) {
                    self.end_paragraph();
                    return self.fence(index, opening, content, content.column - at.column);
                }
            }
            b'#' if is_heading(rest) => {
                self.end_paragraph();
                self.single(line, content, "heading");
                return index + 1;
            }
            b'<' | b'{' => {
                if let Some((flow, next)) = self.flow(index, content) {
                    self.end_paragraph();
                    for item in flow {
                        self.add_flow(item);
                    }
                    return next;
                }
            }
            b'-' | b'=' if !self.paragraph.is_empty() && is_underline(rest) => {
                self.end_paragraph();
                self.prose_line(line);
                return index + 1;
            }
            b'i' | b'e' if self.paragraph.is_empty() && at.offset == line.start && self.containers.is_empty() => {
                if let Some(next) = self.module(index) {
                    return next;
                }
            }
            _ => {}
        }
        if is_thematic_break(rest) {
            self.end_paragraph();
            self.prose_line(line);
            return index + 1;
        }
        if let Some(next) = self.table(index, line, content) {
            return next;
        }
        self.add_to_paragraph(line, content);
        index + 1
    }

    /// True if the line starts a block that ends an open paragraph, though the paragraph's containers do not go on.
    fn interrupts(&mut self, index: usize, line: Line<'s>, at: At) -> bool {
        let content = line.skip_all(at);
        let rest = line.rest(content);
        match rest.as_bytes().first() {
            Some(b'`' | b'~') => fence::opening(rest).is_some(),
            Some(b'#') => is_heading(rest),
            Some(b'<' | b'{') => self.flow(index, content).is_some(),
            _ => is_thematic_break(rest),
        }
    }

    fn fence(&mut self, index: usize, opening: Opening, at: At, indentation: usize) -> usize {
        let line = self.line_at(index);
        let info_start = at.offset + opening.length;
        let info = self.text.get(info_start..line.start + line.text.len()).unwrap_or_default();
        let mut code = Excerpt::empty(self.source.file());
        let mut next = index + 1;
        let mut end = line.start + line.text.len();
        let mut closed = false;
        let mut ends = Vec::new();
        while next < self.starts.len() {
            let line = self.line_at(next);
            let continued = container::continue_all(&mut self.containers, line, &mut ends);
            if continued.count < self.containers.len() {
                break;
            }
            let content = line.skip_all(continued.at);
            next += 1;
            if fence::closes(line.rest(content), opening) {
                end = content.offset + line.rest(content).trim_end().len();
                closed = true;
                break;
            }
            let start = line.skip(continued.at, indentation).offset;
            let stop = self.starts.get(next).copied().unwrap_or(self.text.len());
            code.push_excerpt(self.source, start..stop);
            end = line.start + line.text.len();
        }
        let (language, meta) = fence::split_info(info);
        let span = self.source.span(at.offset..end);
        if !closed {
            let marker = self.source.span(at.offset..info_start);
            self.tree.note(
                Diagnostic::new(&rules::UNCLOSED_FENCE, marker, "the code fence is not closed before its block ends")
                    .label("opened here")
                    .help("add a closing fence of the same length on a line of its own"),
            );
        }
        self.tree.node(Node::Fence(Fence {
            language,
            meta,
            code: trim_last_line_ending(code),
            span,
            info_span: self.source.span(info_start..info_start + info.trim_end().len()),
        }));
        next
    }

    /// The tags and expressions that start at `at`, if nothing else stands on their lines; and the line behind them.
    fn flow(&mut self, index: usize, at: At) -> Option<(Vec<Flow>, usize)> {
        if self.containers.is_empty() {
            let (items, end) = self.flow_items(self.text, at.offset)?;
            return Some((items, self.line_after(end)));
        }
        // A block inside containers continues only as far as their markers do: most end on their first line.
        let mut count = 1;
        loop {
            let joined = self.joined(index, at, count);
            match self.flow_items(&joined.text, 0) {
                Some((items, end)) => {
                    let items = items.into_iter().map(|item| item.moved(&joined)).collect();
                    return Some((items, self.line_after(joined.place(end))));
                }
                None if joined.complete || count > joined.lines => return None,
                None => count *= 4,
            }
        }
    }

    fn flow_items(&mut self, text: &str, start: usize) -> Option<(Vec<Flow>, usize)> {
        let mut items = Vec::new();
        let mut at = start;
        loop {
            let rest = text.get(at..)?;
            let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\r']).len();
            at += blank;
            match text.as_bytes().get(at) {
                None | Some(b'\n') => return (!items.is_empty()).then_some((items, at)),
                Some(b'<') => {
                    if let Some(end) = self.html_comment(text, at) {
                        items.push(Flow::Comment);
                        let range = at..end;
                        at = end;
                        if self.containers.is_empty() {
                            self.tree.fault_at(&rules::HTML_COMMENT, range, HTML_COMMENT);
                        }
                        continue;
                    }
                    if at < self.hopeless.tag_until {
                        return None;
                    }
                    match tag::read(text, at) {
                        Found::Tag(tag) => {
                            at = tag.range.end;
                            items.push(Flow::Tag(tag));
                        }
                        Found::Unfinished(_) => {
                            self.hopeless.tag_until = self.hopeless.tag_until.max(at + 1);
                            return None;
                        }
                        Found::Text | Found::Fault(_) => return None,
                    }
                }
                Some(b'{') => {
                    if self.hopeless.expression {
                        return None;
                    }
                    let Some(end) = expression::end(text, at) else {
                        self.hopeless.expression = self.containers.is_empty();
                        return None;
                    };
                    items.push(Flow::Expression { start: at, end });
                    at = end;
                }
                Some(_) => return None,
            }
        }
    }

    fn html_comment(&mut self, text: &str, at: usize) -> Option<usize> {
        let rest = text.get(at..)?;
        if !rest.starts_with("<!--") || self.hopeless.comment {
            return None;
        }
        let end = rest.find("-->");
        self.hopeless.comment = end.is_none() && self.containers.is_empty();
        end.map(|end| at + end + 3)
    }

    fn add_flow(&mut self, item: Flow) {
        let scope = self.containers.last().map_or(0, |container| container.scope);
        match item {
            Flow::Tag(tag) => self.add_tag(tag, scope, false),
            Flow::Expression { start, end } => self.add_expression(start, end),
            Flow::Comment => {}
        }
    }

    fn add_tag(&mut self, tag: Tag, scope: Scope, inline: bool) {
        inline::add_tag(&mut self.tree, self.source, tag, scope, self.containers.len(), inline);
    }

    fn add_expression(&mut self, start: usize, end: usize) {
        inline::add_expression(&mut self.tree, self.source, start, end);
    }

    /// A heading, or another block that is one line of text.
    fn single(&mut self, line: Line<'s>, content: At, what: &str) {
        self.add_to_paragraph(line, content);
        self.end_text(what);
    }

    fn table(&mut self, index: usize, line: Line<'s>, content: At) -> Option<usize> {
        let next = index + 1;
        if next >= self.starts.len() {
            return None;
        }
        let below = self.line_at(next);
        if !below.text.contains('-') || !table::is_delimiter_row(below.text.trim_start_matches(['>', ' ', '\t'])) {
            return None;
        }
        let mut ends = Vec::new();
        let continued = container::continue_all(&mut self.containers, below, &mut ends);
        let delimiter = below.rest(below.skip_all(continued.at));
        let columns = table::delimiter_columns(delimiter)?;
        let head = line.rest(content);
        if continued.count < self.containers.len() || table::cells(head).len() != columns {
            return None;
        }
        self.end_paragraph();
        self.row(line, content);
        self.prose_line(below);
        let mut next = next + 1;
        while next < self.starts.len() {
            let row = self.line_at(next);
            let continued = container::continue_all(&mut self.containers, row, &mut ends);
            let at = continued.at;
            if continued.count < self.containers.len()
                || row.is_blank(at)
                || container::open(row, at, false).is_some()
                || self.interrupts(next, row, at)
            {
                break;
            }
            self.ends.clone_from(&ends);
            let content = row.skip_all(at);
            self.row(row, content);
            next += 1;
        }
        Some(next)
    }

    /// A row of a table: each cell is a text of its own.
    fn row(&mut self, line: Line<'s>, content: At) {
        let rest = line.rest(content);
        if !rest.contains(['<', '{']) {
            self.prose_line(line);
            return;
        }
        let mut prefix = self.prefix(line);
        for cell in table::cells(rest) {
            let start = content.offset + cell.start;
            self.paragraph.push(Piece {
                prefix,
                start,
                end: content.offset + cell.end,
                line_start: prefix == self.prefix(line),
            });
            prefix = content.offset + cell.end;
            self.end_text("table cell");
        }
        let end = self.line_end_with_break(line);
        self.tree.prose(prefix, end, false);
    }

    fn module(&mut self, index: usize) -> Option<usize> {
        let start = self.starts.get(index).copied()?;
        let line = self.line_at(index);
        esm::keyword(line.text)?;
        let found = esm::read(self.source, start, self.hopeless.module);
        self.hopeless.module |= found.unbalanced;
        for diagnostic in found.faults {
            self.tree.fault(diagnostic);
        }
        self.module.imports.extend(found.module.imports);
        self.module.exports.extend(found.module.exports);
        let end = found.end?;
        Some(self.starts.partition_point(|&line_start| line_start < end))
    }

    fn add_to_paragraph(&mut self, line: Line<'s>, at: At) {
        if self.paragraph.is_empty() {
            self.paragraph_scope = self.new_scope();
        }
        let content = line.skip_all(at);
        let prefix = self.prefix(line);
        let end = self.line_end_with_break(line);
        self.paragraph.push(Piece {
            prefix: prefix.min(content.offset),
            start: content.offset,
            end,
            line_start: true,
        });
    }

    fn end_paragraph(&mut self) {
        self.end_text("paragraph");
    }

    fn end_text(&mut self, what: &str) {
        if self.paragraph.is_empty() {
            return;
        }
        let pieces = std::mem::take(&mut self.paragraph);
        let text = Text::new(self.text, &pieces);
        if self.paragraph_scope == 0 {
            self.paragraph_scope = self.new_scope();
        }
        let scope = self.paragraph_scope;
        let depth = self.containers.len();
        inline::read(&text, &mut self.tree, self.source, scope, depth);
        self.tree.end_scope(scope, what);
        self.paragraph_scope = 0;
    }

    fn close_containers(&mut self, keep: usize) {
        while self.containers.len() > keep {
            if let Some(container) = self.containers.pop() {
                self.tree.end_scope(container.scope, container.kind.name());
            }
        }
        self.ends.truncate(keep);
    }

    /// A line of Markdown without tags, from behind the containers that the innermost open element stands in.
    fn prose_line(&mut self, line: Line<'s>) {
        let start = self.prefix(line);
        let end = self.line_end_with_break(line);
        self.tree.prose(start, end, true);
    }

    fn prefix(&self, line: Line<'s>) -> usize {
        self.tree
            .containers()
            .checked_sub(1)
            .and_then(|last| self.ends.get(last.min(self.ends.len().saturating_sub(1))))
            .map_or(line.start, |at| at.offset.max(line.start))
    }

    fn line_at(&self, index: usize) -> Line<'s> {
        let start = self.starts.get(index).copied().unwrap_or(self.text.len());
        let end = self.starts.get(index + 1).copied().unwrap_or(self.text.len());
        let text = self.text.get(start..end).unwrap_or_default();
        Line {
            text: text.strip_suffix('\n').unwrap_or(text),
            start,
        }
    }

    fn line_end_with_break(&self, line: Line<'s>) -> usize {
        (line.start + line.text.len() + 1).min(self.text.len())
    }

    /// The index of the line behind the one that holds byte `at`.
    fn line_after(&self, at: usize) -> usize {
        self.starts.partition_point(|&start| start <= at)
    }

    /// The text from `at` on without the markers of the containers, `count` lines at most.
    fn joined(&mut self, index: usize, at: At, count: usize) -> Joined {
        let first = self.line_at(index);
        let mut text = first.rest(at).to_owned();
        let mut pieces = vec![(0, at.offset)];
        let mut ends = Vec::new();
        let mut lines = 1;
        let mut complete = false;
        while lines < count {
            let next = index + lines;
            if next >= self.starts.len() {
                complete = true;
                break;
            }
            let line = self.line_at(next);
            let continued = container::continue_all(&mut self.containers, line, &mut ends);
            if continued.count < self.containers.len() {
                complete = true;
                break;
            }
            text.push('\n');
            pieces.push((text.len(), continued.at.offset));
            text.push_str(line.rest(continued.at));
            lines += 1;
        }
        Joined {
            text,
            pieces,
            lines,
            complete,
        }
    }

    fn new_scope(&mut self) -> Scope {
        self.scopes += 1;
        self.scopes
    }
}

const HTML_COMMENT: &str = "MDX has no HTML comments: write `{/* … */}`";

/// Lines put together without the markers of their containers.
struct Joined {
    text: String,
    pieces: Vec<(usize, usize)>,
    lines: usize,
    complete: bool,
}

impl Joined {
    fn place(&self, offset: usize) -> usize {
        let index = self.pieces.partition_point(|(at, _)| *at <= offset).saturating_sub(1);
        self.pieces.get(index).map_or(offset, |(at, start)| start + (offset - at))
    }

    fn range(&self, range: &std::ops::Range<usize>) -> std::ops::Range<usize> {
        self.place(range.start)..self.place(range.end)
    }
}

impl Flow {
    /// The same with offsets into the page.
    fn moved(self, joined: &Joined) -> Self {
        match self {
            Self::Tag(tag) => Self::Tag(tag.moved(&|range| joined.range(range))),
            Self::Expression { start, end } => Self::Expression {
                start: joined.place(start),
                end: joined.place(end),
            },
            Self::Comment => Self::Comment,
        }
    }
}

fn is_heading(rest: &str) -> bool {
    let level = rest.bytes().take_while(|&byte| byte == b'#').count();
    level <= 6 && matches!(rest.as_bytes().get(level), None | Some(b' ' | b'\t' | b'\r'))
}

/// True for a line of `=` or `-` that makes the paragraph above it a heading.
fn is_underline(rest: &str) -> bool {
    let rest = rest.trim_end();
    rest.bytes().all(|byte| byte == b'=') || rest.bytes().all(|byte| byte == b'-')
}

fn trim_last_line_ending(code: Excerpt) -> Excerpt {
    let text = code.text();
    let end = text.strip_suffix('\n').map_or(text.len(), |text| text.strip_suffix('\r').unwrap_or(text).len());
    let mut trimmed = Excerpt::empty(code.file());
    trimmed.push_excerpt(&code, 0..end);
    trimmed
}
