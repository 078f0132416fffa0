//! The Markdown between components: headings, paragraphs, lists, and tables, with the place of each run of text.
//!
//! `pulldown-cmark` does the parsing. MDX has no indented code, so what it takes for that is a paragraph here.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use crate::source::{Excerpt, Span};

use super::node::Prose;

/// A block of Markdown.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// `## Text`, with its level from 1.
    Heading(u8, Inline),
    /// A paragraph.
    Paragraph(Inline),
    /// A list: the blocks of each item.
    List(Vec<Vec<Block>>),
    /// A table: its rows, the head first, as cells.
    Table(Vec<Vec<Inline>>),
    /// A block quote.
    Quote(Vec<Block>),
}

/// A run of text with code spans, links, and emphasis.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inline {
    /// The parts in the order written.
    pub parts: Vec<Part>,
}

/// A stretch of text of one kind.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// The text, escapes and entities resolved.
    pub text: String,
    /// True inside backticks.
    pub code: bool,
    /// True inside `**…**`.
    pub strong: bool,
    /// Its place in the author's file, backticks included.
    pub span: Span,
}

impl Inline {
    /// The text without marks.
    pub fn text(&self) -> String {
        self.parts.iter().map(|part| part.text.as_str()).collect()
    }
}

impl Prose {
    /// The blocks of the Markdown.
    pub fn blocks(&self) -> Vec<Block> {
        blocks(&self.text)
    }
}

/// Parses Markdown; each part leads back to where its text was written.
pub fn blocks(source: &Excerpt) -> Vec<Block> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut builder = Builder {
        source,
        open: vec![Open::Blocks(Vec::new())],
        strong: 0,
    };
    for (event, range) in Parser::new_ext(source.text(), options).into_offset_iter() {
        builder.event(event, range);
    }
    while builder.open.len() > 1 {
        builder.close();
    }
    match builder.open.pop() {
        Some(Open::Blocks(blocks)) => blocks,
        _ => Vec::new(),
    }
}

/// Lists and quotes nested deeper than this are read as if they were not nested further.
const MAX_DEPTH: usize = 100;

enum Open {
    Blocks(Vec<Block>),
    Quote(Vec<Block>),
    List(Vec<Vec<Block>>),
    Item(Vec<Block>),
    Heading(u8, Inline),
    Paragraph(Inline),
    Table(Vec<Vec<Inline>>),
    Row(Vec<Inline>),
    Cell(Inline),
    /// Deeper than is kept: what it holds goes to the block around it.
    Flat,
}

struct Builder<'s> {
    source: &'s Excerpt,
    open: Vec<Open>,
    strong: usize,
}

impl Builder<'_> {
    fn event(&mut self, event: Event<'_>, range: std::ops::Range<usize>) {
        match event {
            Event::Start(tag) => self.start(&tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::InlineHtml(text) | Event::Html(text) => {
                self.text(&text, false, range);
            }
            Event::Code(text) => self.text(&text, true, range),
            Event::SoftBreak | Event::HardBreak => self.text("\n", false, range),
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        let open = match tag {
            Tag::Paragraph | Tag::CodeBlock(CodeBlockKind::Indented) => {
                Open::Paragraph(Inline::default())
            }
            Tag::Heading { level, .. } => Open::Heading(*level as u8, Inline::default()),
            Tag::BlockQuote(_) => Open::Quote(Vec::new()),
            Tag::List(_) => Open::List(Vec::new()),
            Tag::Item => Open::Item(Vec::new()),
            Tag::Table(_) => Open::Table(Vec::new()),
            Tag::TableHead | Tag::TableRow => Open::Row(Vec::new()),
            Tag::TableCell => Open::Cell(Inline::default()),
            Tag::Strong => {
                self.strong += 1;
                return;
            }
            _ => return,
        };
        self.close_paragraph();
        let flat = self.open.len() > MAX_DEPTH
            && matches!(open, Open::Quote(_) | Open::List(_) | Open::Item(_));
        self.open.push(if flat { Open::Flat } else { open });
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Strong => self.strong = self.strong.saturating_sub(1),
            TagEnd::Item => {
                self.close_paragraph();
                self.close();
            }
            TagEnd::Paragraph
            | TagEnd::CodeBlock
            | TagEnd::Heading(_)
            | TagEnd::BlockQuote(_)
            | TagEnd::List(_)
            | TagEnd::Table
            | TagEnd::TableHead
            | TagEnd::TableRow
            | TagEnd::TableCell
                if self.open.len() > 1 =>
            {
                self.close();
            }
            _ => {}
        }
    }

    /// The text of a tight list item stands in no paragraph of its own.
    fn close_paragraph(&mut self) {
        if matches!(self.open.last(), Some(Open::Paragraph(_))) {
            self.close();
        }
    }

    fn text(&mut self, text: &str, code: bool, range: std::ops::Range<usize>) {
        let part = Part {
            text: text.to_owned(),
            code,
            strong: self.strong > 0,
            span: self.source.span(range),
        };
        match self.open.last_mut() {
            Some(Open::Paragraph(inline) | Open::Heading(_, inline) | Open::Cell(inline)) => {
                inline.parts.push(part);
            }
            Some(_) => self
                .open
                .push(Open::Paragraph(Inline { parts: vec![part] })),
            None => {}
        }
    }

    fn close(&mut self) {
        let Some(open) = self.open.pop() else { return };
        let block = match open {
            Open::Heading(level, inline) => Block::Heading(level, inline),
            Open::Paragraph(inline) => Block::Paragraph(inline),
            Open::Quote(blocks) => Block::Quote(blocks),
            Open::List(items) => Block::List(items),
            Open::Table(rows) => Block::Table(rows),
            Open::Item(blocks) => {
                if let Some(Open::List(items)) = self.open.last_mut() {
                    items.push(blocks);
                }
                return;
            }
            Open::Row(cells) => {
                if let Some(Open::Table(rows)) = self.open.last_mut() {
                    rows.push(cells);
                }
                return;
            }
            Open::Cell(inline) => {
                if let Some(Open::Row(cells)) = self.open.last_mut() {
                    cells.push(inline);
                }
                return;
            }
            Open::Blocks(_) | Open::Flat => return,
        };
        let around = self.open.iter_mut().rev().find_map(|open| match open {
            Open::Blocks(blocks) | Open::Quote(blocks) | Open::Item(blocks) => Some(blocks),
            _ => None,
        });
        if let Some(blocks) = around {
            blocks.push(block);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{SourceFile, Sources};

    fn parse(text: &str) -> Vec<Block> {
        let mut sources = Sources::default();
        let file = sources.add(SourceFile::new("page.mdx", text));
        blocks(&Excerpt::verbatim(text, Span::new(file, 0..text.len())))
    }

    #[test]
    fn headings_lists_and_tables_are_blocks() {
        let text = "## A `b`\n\none\n- `x` - first\n- y\n  - z\n\n| h |\n|---|\n| c |\n";
        let blocks = parse(text);
        assert!(
            matches!(&blocks[0], Block::Heading(2, inline) if inline.text() == "A b" && inline.parts[1].code)
        );
        assert!(matches!(&blocks[1], Block::Paragraph(inline) if inline.text() == "one"));
        let Block::List(items) = &blocks[2] else {
            panic!("{blocks:?}")
        };
        assert_eq!(items.len(), 2);
        assert_eq!(items[1].len(), 2);
        assert!(
            matches!(&blocks[3], Block::Table(rows) if rows.len() == 2 && rows[1][0].text() == "c")
        );
    }

    #[test]
    fn indented_text_is_a_paragraph() {
        assert!(
            matches!(&parse("a\n\n     b `c`\n")[1], Block::Paragraph(inline) if inline.text().contains('b'))
        );
    }

    #[test]
    fn code_spans_know_their_place() {
        let text = "é `x`";
        let blocks = parse(text);
        let Block::Paragraph(inline) = &blocks[0] else {
            panic!("{blocks:?}")
        };
        assert_eq!(&text[inline.parts[1].span.range()], "`x`");
    }
}
