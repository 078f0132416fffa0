//! Running text as sentences, items, and rows of tables, each with its code spans and links.

use std::ops::Range;

use crate::source::{Excerpt, Span};

/// A sentence, or a row of a table.
#[derive(Clone, Debug)]
pub(super) struct Sentence<'t> {
    pub(super) text: &'t Excerpt,
    pub(super) range: Range<usize>,
    /// The code spans in it, in their order.
    pub(super) codes: Vec<Code<'t>>,
    /// What it is a part of: a paragraph, an item, a row.
    pub(super) block: Range<usize>,
    /// The head of the table, if it is a row.
    pub(super) head: Option<Range<usize>>,
}

/// A code span.
#[derive(Clone, Debug)]
pub(super) struct Code<'t> {
    /// What stands in it.
    pub(super) text: &'t str,
    /// Where that stands.
    pub(super) range: Range<usize>,
}

impl<'t> Sentence<'t> {
    pub(super) fn words(&self) -> &'t str {
        self.text.text().get(self.range.clone()).unwrap_or_default()
    }

    /// All that it is a part of.
    pub(super) fn around(&self) -> &'t str {
        self.text.text().get(self.block.clone()).unwrap_or_default()
    }

    /// What stands between two places.
    pub(super) fn between(&self, range: Range<usize>) -> &'t str {
        self.text.text().get(range).unwrap_or_default()
    }

    pub(super) fn span(&self, code: &Code<'_>) -> Span {
        self.text.span(code.range.clone())
    }

    /// The cells of a row.
    pub(super) fn cells(&self) -> Vec<Range<usize>> {
        cells(self.text.text(), &self.range)
    }

    /// What stands before a code span, from the beginning of the sentence on.
    pub(super) fn before(&self, code: &Code<'_>) -> &'t str {
        let end = code.range.start.saturating_sub(1).max(self.range.start);
        self.between(self.range.start..end)
    }

    /// What stands behind a code span, up to the end of the sentence.
    pub(super) fn behind(&self, code: &Code<'_>) -> &'t str {
        let end = self.range.end.max(code.range.end);
        self.between(code.range.end..end).trim_start_matches('`')
    }
}

/// The cells of a row of a table.
pub(super) fn cells(text: &str, row: &Range<usize>) -> Vec<Range<usize>> {
    let line = text.get(row.clone()).unwrap_or_default();
    let mut bars: Vec<usize> = Vec::new();
    let mut in_code = false;
    let mut before = ' ';
    for (at, c) in line.char_indices() {
        match c {
            '`' => in_code = !in_code,
            '|' if !in_code && before != '\\' => bars.push(row.start + at),
            _ => {}
        }
        before = c;
    }
    let pairs = bars.windows(2);
    let cells = pairs.filter_map(|pair| match pair {
        [one, other] => Some(one + 1..*other),
        _ => None,
    });
    cells.collect()
}

/// The sentences of a text.
pub(super) fn sentences(text: &Excerpt) -> Vec<Sentence<'_>> {
    let mut found = Vec::new();
    for (block, head) in blocks(text.text()) {
        let whole = text.text().get(block.clone()).unwrap_or_default();
        let parts = if head.is_some() {
            vec![block.clone()]
        } else {
            split(whole, block.start)
        };
        for range in parts {
            let sentence = Sentence {
                text,
                codes: codes(text.text(), &range),
                range,
                block: block.clone(),
                head: head.clone(),
            };
            if !sentence.codes.is_empty() {
                found.push(sentence);
            }
        }
    }
    found
}

/// The paragraphs, items, and rows, each row with the head of its table.
fn blocks(text: &str) -> Vec<(Range<usize>, Option<Range<usize>>)> {
    let mut found: Vec<(Range<usize>, Option<Range<usize>>)> = Vec::new();
    let mut head: Option<Range<usize>> = None;
    let mut goes_on = false;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let range = at..at + line.trim_end().len();
        at += line.len();
        let bare = line.trim_start();
        if bare.starts_with('|') {
            goes_on = false;
            match &head {
                None => head = Some(range),
                Some(head) if bare.contains(|c: char| !"|-: \n\r".contains(c)) => {
                    found.push((range, Some(head.clone())));
                }
                Some(_) => {}
            }
            continue;
        }
        head = None;
        let is_item = bare.starts_with(['-', '*', '+']) && bare.get(1..2) == Some(" ")
            || bare.starts_with(|c: char| c.is_ascii_digit()) && bare.contains(". ");
        if bare.is_empty() || bare.starts_with('#') {
            goes_on = false;
        } else if let (true, false, Some((last, _))) = (goes_on, is_item, found.last_mut()) {
            last.end = range.end;
        } else {
            found.push((range, None));
            goes_on = true;
        }
    }
    found
}

/// The sentences of a paragraph.
fn split(text: &str, offset: usize) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let (mut start, mut in_code) = (0, false);
    let mut letters = text.char_indices().peekable();
    while let Some((at, c)) = letters.next() {
        let next = letters.peek().map(|(_, c)| *c);
        in_code ^= c == '`';
        let ends = match c {
            '。' | '；' => true,
            '.' | '!' | '?' | ';' => next.is_none_or(char::is_whitespace) && !is_short(text, at),
            _ => false,
        };
        if ends && !in_code {
            let end = at + c.len_utf8();
            found.push(offset + start..offset + end);
            start = end;
        }
    }
    found.push(offset + start..offset + text.len());
    found
}

/// True for the full stop of "e.g." and "z. B.".
fn is_short(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    let word = before
        .rsplit(char::is_whitespace)
        .next()
        .unwrap_or_default();
    word.contains('.') && word.len() < 5 || word.len() == 1 && word.chars().all(char::is_alphabetic)
}

fn codes<'t>(text: &'t str, range: &Range<usize>) -> Vec<Code<'t>> {
    let inside = text.get(range.clone()).unwrap_or_default();
    let marks: Vec<usize> = inside.match_indices('`').map(|(at, _)| at).collect();
    let pairs = marks.chunks_exact(2);
    let found = pairs.filter_map(|pair| {
        let [open, close] = pair else { return None };
        let range = range.start + open + 1..range.start + close;
        let text = text.get(range.clone())?;
        (!text.is_empty()).then_some(Code { text, range })
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{SourceFile, Sources};

    #[test]
    fn texts_are_sentences_items_and_rows() {
        let text = "Send `a`, e.g. `b`. Then `c`.\n\n- `d` is\n  one\n- `e`\n\n| Name | Most |\n|---|---|\n| `f` | `1|2` |\n";
        let mut sources = Sources::default();
        let file = sources.add(SourceFile::new("a.mdx", text));
        let excerpt = Excerpt::verbatim(text, crate::source::Span::new(file, 0..text.len()));
        let found = sentences(&excerpt);
        let words: Vec<_> = found.iter().map(|it| it.words().trim()).collect();
        assert_eq!(
            words,
            [
                "Send `a`, e.g. `b`.",
                "Then `c`.",
                "- `d` is\n  one",
                "- `e`",
                "| `f` | `1|2` |"
            ]
        );
        assert_eq!(found[4].cells().len(), 2);
        assert_eq!(found[0].codes[1].text, "b");
    }
}
