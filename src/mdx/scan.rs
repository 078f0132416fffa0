//! The block scanner: walks a page once, line by line, and finds its tags, expressions, fences, and Markdown.
//!
//! Blocks are those of CommonMark with GFM tables and footnotes, as MDX changes them: no HTML, no indented code,
//! no autolinks; tags and expressions that stand alone on their lines are blocks of their own ("flow"), and
//! `import` and `export` start a block of JavaScript. Order and precedence follow micromark, the platform's parser;
//! what it would reject is reported, and read as far as possible.

use std::ops::Range;

use crate::source::Excerpt;

use super::container::{self, Container, is_thematic_break};
use super::esm::{self, Module};
use super::fence::{self, Opening};
use super::flow::{self, Item, View};
use super::inline::{self, Piece, Place, Text};
use super::lines::{At, Line, Lines};
use super::lookahead::Lookahead;
use super::node::{Fence, Node};
use super::tag::Fault;
use super::tree::{Grown, Scope, Tree, Trust};
use super::{rules, table};

/// What scanning finds: the content, and the imports and exports.
pub(super) struct Scanned {
    pub(super) grown: Grown,
    pub(super) module: Module,
}

/// Scans `source` from byte `start`, where the frontmatter has ended.
///
/// Where tags or fences do not match, the page is read once more with more trust in its layout, which makes fewer
/// faults of one slip; a page that the strict parser accepts is never read so.
pub(super) fn scan(source: &Excerpt, start: usize) -> Scanned {
    let strict = scan_trusting(source, start, Trust::Names);
    if !strict.grown.is_mismatched() {
        return strict;
    }
    let mut second = scan_trusting(source, start, Trust::Layout);
    if second.grown.faults > strict.grown.faults {
        return strict;
    }
    second.grown.rejected = second.grown.rejected.or(strict.grown.rejected);
    second
}

fn scan_trusting(source: &Excerpt, start: usize, trust: Trust) -> Scanned {
    let mut scanner = Scanner {
        source,
        text: source.text(),
        lines: Lines::new(source.text(), start),
        containers: Vec::new(),
        ends: Vec::new(),
        paragraph: Vec::new(),
        broken: Vec::new(),
        paragraph_scope: 0,
        scopes: 0,
        plain_until: 0,
        tree: Tree::new(source, trust),
        trust,
        module: Module::default(),
        lookahead: Lookahead::new(source.text().len()),
    };
    let mut index = 0;
    while index < scanner.lines.len() {
        index = scanner.line(index);
    }
    scanner.end_paragraph();
    scanner.close_containers(0);
    Scanned {
        grown: scanner.tree.finish(),
        module: scanner.module,
    }
}

struct Scanner<'s> {
    source: &'s Excerpt,
    text: &'s str,
    lines: Lines<'s>,
    containers: Vec<Container>,
    /// For the current line: the place behind each continued or opened container.
    ends: Vec<At>,
    /// The lines of the paragraph that is open, if any.
    paragraph: Vec<Piece>,
    paragraph_scope: Scope,
    scopes: Scope,
    /// Lines before this one were read as part of a tag that was none, and start no containers.
    plain_until: usize,
    tree: Tree<'s>,
    trust: Trust,
    /// Tags at the starts of the paragraph's lines that the strict parser gives up at.
    broken: Vec<Fault>,
    module: Module,
    lookahead: Lookahead,
}

/// Tags and expressions that stand alone on their lines.
struct Flow<'p> {
    text: Text<'p>,
    items: Vec<Item>,
}

/// Deeper lists and quotes are read as text: each line costs as many steps as it has containers.
const MAX_CONTAINERS: usize = 100;
impl Flow<'_> {
    fn is_broken(&self) -> bool {
        self.items.iter().any(Item::is_broken)
    }
}

const PARAGRAPH: &str = "paragraph";
const INDENT: &str = "indent or mark this line as the one above it";
const BLANK_LINE: &str = "leave a blank line before the tag, or write it in one line";
const LAZY_LINE: &str = "the tag goes on outside the block that it starts in";

impl<'s> Scanner<'s> {
    /// Reads the line of that index and all that belongs to what starts there; returns the index of the next line.
    fn line(&mut self, index: usize) -> usize {
        let line = self.lines.get(index);
        let mut ends = std::mem::take(&mut self.ends);
        let continued = container::continue_all(&mut self.containers, line, &mut ends);
        self.ends = ends;
        let mut at = continued.at;
        let mut matched = continued.count == self.containers.len();
        let mut interrupting = matched && !self.paragraph.is_empty();
        let may_open = index >= self.plain_until;
        while let Some((kind, next)) =
            (may_open && self.containers.len() < MAX_CONTAINERS && !line.is_blank(at))
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
            if !self.paragraph.is_empty() {
                if let Some(next) = self.lazy_flow(index, line, at) {
                    return next;
                }
                if !self.interrupts(index, line, at) {
                    self.add_to_paragraph(line, at);
                    return index + 1;
                }
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
                    self.add_flow(flow);
                    return next;
                }
            }
            b'-' | b'=' if !self.paragraph.is_empty() && is_underline(rest) => {
                self.end_paragraph();
                self.prose_line(line);
                return index + 1;
            }
            b'i' | b'e'
                if self.paragraph.is_empty()
                    && at.offset == line.start
                    && self.containers.is_empty() =>
            {
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
        self.add_to_paragraph(line, at);
        index + 1
    }

    /// A tag over several lines that starts where the containers end but goes on inside them: it belongs to them.
    fn lazy_flow(&mut self, index: usize, line: Line<'s>, at: At) -> Option<usize> {
        let content = line.skip_all(at);
        if !line.rest(content).starts_with(['<', '{']) {
            return None;
        }
        let (flow, next) = self.flow(index, content)?;
        if flow.is_broken() {
            // It goes on outside of the containers, where nothing is wrong with it.
            let view = flow::view(self.text, &self.lines, &[], index, content, 1);
            let whole = flow::items(&view.text.content, true, &mut self.lookahead);
            if whole.is_ok_and(|(items, _)| !items.iter().any(Item::is_broken)) {
                let range = content.offset..line.start + line.text.trim_end().len();
                self.tree
                    .fault_at(&rules::INVALID_TAG, range, LAZY_LINE, BLANK_LINE);
                return None;
            }
        }
        if next <= index + 1 {
            return None;
        }
        self.end_paragraph();
        self.add_flow(flow);
        Some(next)
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
        let line = self.lines.get(index);
        let info_start = at.offset + opening.length;
        let info = self
            .text
            .get(info_start..line.start + line.text.len())
            .unwrap_or_default();
        let mut code = Vec::new();
        let mut next = index + 1;
        let mut end = line.start + line.text.len();
        let mut closed = false;
        let mut ended_by = None;
        let mut ends = Vec::new();
        while next < self.lines.len() {
            let line = self.lines.get(next);
            let continued = container::continue_all(&mut self.containers, line, &mut ends);
            if continued.count < self.containers.len() {
                break;
            }
            let content = line.skip_all(continued.at);
            if let Some(tag) = self.closing_tag(line, content) {
                ended_by = Some(tag);
                break;
            }
            next += 1;
            if fence::closes(line.rest(content), opening) {
                end = content.offset + line.rest(content).trim_end().len();
                closed = true;
                break;
            }
            let start = line.skip(continued.at, indentation);
            let stop = self.lines.start(next);
            // A tab that reaches over the indentation leaves the columns behind it as spaces.
            let spaces = start
                .column
                .saturating_sub(continued.at.column + indentation);
            fence::add_line(&mut code, spaces, start.offset..stop);
            end = line.start + line.text.len();
        }
        let (language, meta) = fence::split_info(info);
        let span = self.source.span(at.offset..end);
        let marker = self.source.span(at.offset..info_start);
        if let Some(tag) = ended_by {
            let name = self.text.get(tag.clone()).unwrap_or_default();
            let message = format!("the code fence is not closed before `{name}`");
            self.tree.fault(
                fence::unclosed(marker, message)
                    .related(self.source.span(tag), "it must end before this"),
            );
        } else if !closed {
            let before = self.text.get(..at.offset).unwrap_or_default();
            let fenced = self.text.get(at.offset..end).unwrap_or_default();
            self.tree.note(fence::never_closed(before, fenced, marker));
        }
        self.tree.node(Node::Fence(Fence {
            language,
            meta,
            code: fence::body(self.source, code),
            span,
            info_span: self
                .source
                .span(info_start..info_start + info.trim_end().len()),
        }));
        next
    }

    /// A line in a fence that is nothing but the closing tag of an open element, if that is to end the fence.
    fn closing_tag(&self, line: Line<'s>, content: At) -> Option<Range<usize>> {
        if self.trust == Trust::Names {
            return None;
        }
        let tag = line.rest(content).trim_end();
        let name = tag.strip_prefix("</")?.strip_suffix('>')?;
        let is_component = name.starts_with(|c: char| c.is_ascii_uppercase());
        (is_component && self.tree.is_open(name))
            .then(|| content.offset..content.offset + tag.len())
    }

    /// The tags and expressions that start at `at`, if nothing else stands on their lines; and the line behind them.
    fn flow(&mut self, index: usize, at: At) -> Option<(Flow<'s>, usize)> {
        // A block inside containers continues only as far as their markers do: most end on their first line.
        let mut count = 1;
        loop {
            let View {
                text,
                complete,
                lazy,
            } = flow::view(self.text, &self.lines, &self.containers, index, at, count);
            let failed = match flow::items(
                &text.content,
                complete && lazy.is_none(),
                &mut self.lookahead,
            ) {
                Ok((items, end)) => {
                    let next = self.lines.after(text.place(end));
                    return Some((Flow { text, items }, next));
                }
                Err(failed) => failed,
            };
            if failed.unfinished && !complete && !self.lookahead.is_short() {
                count *= 4;
                continue;
            }
            if let (true, Some(line)) = (failed.unfinished, lazy) {
                let range = line.start..line.start + line.text.len();
                self.tree
                    .fault_at(&rules::INVALID_TAG, range, LAZY_LINE, INDENT);
            }
            if let Some(fault) = failed.fault {
                let range = text.range(&fault.range);
                let broken = Fault { range, ..fault };
                if self.broken.last() != Some(&broken) {
                    self.broken.push(broken);
                }
            }
            // The lines that were taken for a tag cannot start containers any more.
            let last = failed.at - usize::from(failed.unfinished && failed.at > 0);
            self.plain_until = self.lines.after(text.place(last)).max(self.plain_until);
            return None;
        }
    }

    fn add_flow(&mut self, flow: Flow<'_>) {
        let place = Place {
            scope: self
                .containers
                .last()
                .map_or(0, |container| container.scope),
            containers: self.containers.len(),
            inline: false,
        };
        let text = &flow.text;
        for item in flow.items {
            match item {
                Item::Tag(tag) => inline::add_tag(&mut self.tree, self.source, text, &tag, place),
                Item::Expression(range) => {
                    inline::add_expression(&mut self.tree, self.source, text, &range);
                }
                Item::Comment(range) => {
                    inline::report(&mut self.tree, text, &flow::html_comment(range));
                }
            }
        }
    }

    /// A heading, or another block that is one line of text.
    fn single(&mut self, line: Line<'s>, content: At, what: &str) {
        self.add_to_paragraph(line, content);
        self.end_text(what);
    }

    fn table(&mut self, index: usize, line: Line<'s>, content: At) -> Option<usize> {
        let next = index + 1;
        if next >= self.lines.len() {
            return None;
        }
        let below = self.lines.get(next);
        if !below.text.contains('-')
            || !table::is_delimiter_row(below.text.trim_start_matches(['>', ' ', '\t']))
        {
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
        while next < self.lines.len() {
            let row = self.lines.get(next);
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
        let end = self.lines.end(line);
        self.tree.prose(prefix, end, false);
    }

    fn module(&mut self, index: usize) -> Option<usize> {
        let line = self.lines.get(index);
        esm::keyword(line.text)?;
        let found = esm::read(self.source, line.start, self.lookahead.is_short());
        if found.unbalanced {
            self.lookahead.in_vain(line.start, self.text.len());
        }
        for diagnostic in found.faults {
            self.tree.fault(diagnostic);
        }
        self.module.imports.extend(found.module.imports);
        self.module.exports.extend(found.module.exports);
        let end = found.end?;
        Some(self.lines.from(end))
    }

    fn add_to_paragraph(&mut self, line: Line<'s>, at: At) {
        if self.paragraph.is_empty() {
            self.paragraph_scope = self.new_scope();
        }
        let first = self.paragraph.is_empty();
        let content = if first { line.skip_all(at) } else { at };
        let prefix = self.prefix(line);
        let end = self.lines.end(line);
        self.paragraph.push(Piece {
            prefix: prefix.min(content.offset),
            start: content.offset,
            end,
            line_start: true,
        });
    }

    fn end_paragraph(&mut self) {
        self.end_text(PARAGRAPH);
    }

    fn end_text(&mut self, what: &str) {
        if self.paragraph.is_empty() {
            return;
        }
        let pieces = std::mem::take(&mut self.paragraph);
        let broken = std::mem::take(&mut self.broken);
        let text = Text::new(self.text, &pieces);
        if self.paragraph_scope == 0 {
            self.paragraph_scope = self.new_scope();
        }
        let place = Place {
            scope: self.paragraph_scope,
            containers: self.containers.len(),
            inline: true,
        };
        let text = if what == PARAGRAPH {
            text
        } else {
            text.trimmed()
        };
        inline::read(
            &text,
            &mut self.tree,
            self.source,
            place,
            &broken,
            &mut self.lookahead,
        );
        self.tree.end_scope(place.scope, what);
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
        let end = self.lines.end(line);
        self.tree.prose(start, end, true);
    }

    fn prefix(&self, line: Line<'s>) -> usize {
        self.tree
            .containers()
            .checked_sub(1)
            .and_then(|last| self.ends.get(last.min(self.ends.len().saturating_sub(1))))
            .map_or(line.start, |at| at.offset.max(line.start))
    }

    fn new_scope(&mut self) -> Scope {
        self.scopes += 1;
        self.scopes
    }
}

fn is_heading(rest: &str) -> bool {
    let level = rest.bytes().take_while(|&byte| byte == b'#').count();
    level <= 6
        && matches!(
            rest.as_bytes().get(level),
            None | Some(b' ' | b'\t' | b'\r')
        )
}

/// True for a line of `=` or `-` that makes the paragraph above it a heading.
fn is_underline(rest: &str) -> bool {
    let rest = rest.trim_end();
    rest.bytes().all(|byte| byte == b'=') || rest.bytes().all(|byte| byte == b'-')
}
