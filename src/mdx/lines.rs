//! The lines of a page, and places in them as columns that tabs lead to.

use crate::source::line_ends;

/// A place in a line: the byte, and the column that tabs lead to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct At {
    pub(super) offset: usize,
    pub(super) column: usize,
}

impl At {
    /// Behind that many bytes, each a column wide.
    pub(super) fn behind(self, bytes: usize) -> Self {
        Self {
            offset: self.offset + bytes,
            column: self.column + bytes,
        }
    }
}

/// One line without its line ending.
#[derive(Clone, Copy)]
pub(super) struct Line<'t> {
    pub(super) text: &'t str,
    pub(super) start: usize,
}

impl<'t> Line<'t> {
    pub(super) fn begin(self) -> At {
        At {
            offset: self.start,
            column: 0,
        }
    }

    pub(super) fn rest(self, at: At) -> &'t str {
        self.text.get(at.offset - self.start..).unwrap_or_default()
    }

    pub(super) fn is_blank(self, at: At) -> bool {
        self.rest(at)
            .bytes()
            .all(|byte| matches!(byte, b' ' | b'\t' | b'\r'))
    }

    /// Goes over at most `columns` columns of spaces and tabs.
    pub(super) fn skip(self, at: At, columns: usize) -> At {
        let mut now = at;
        for byte in self.rest(at).bytes() {
            let width = match byte {
                b' ' => 1,
                b'\t' => 4 - now.column % 4,
                _ => break,
            };
            if now.column >= at.column.saturating_add(columns) {
                break;
            }
            now = At {
                offset: now.offset + 1,
                column: now.column + width,
            };
        }
        now
    }

    pub(super) fn skip_all(self, at: At) -> At {
        self.skip(at, usize::MAX)
    }
}

/// All lines of a text from some place on.
pub(super) struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    pub(super) fn new(text: &'t str, start: usize) -> Self {
        Self {
            text,
            starts: line_starts(text, start),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.starts.len()
    }

    /// The line of that index; an empty one at the end of the text if there is none.
    pub(super) fn get(&self, index: usize) -> Line<'t> {
        let start = self.start(index);
        let text = self
            .text
            .get(start..self.start(index + 1))
            .unwrap_or_default();
        Line {
            text: text
                .strip_suffix('\n')
                .or_else(|| text.strip_suffix('\r'))
                .unwrap_or(text),
            start,
        }
    }

    /// Where the line of that index starts; the end of the text if there is none.
    pub(super) fn start(&self, index: usize) -> usize {
        self.starts.get(index).copied().unwrap_or(self.text.len())
    }

    /// Where a line ends, its line ending included.
    pub(super) fn end(&self, line: Line<'_>) -> usize {
        (line.start + line.text.len() + 1).min(self.text.len())
    }

    /// The index of the line behind the one that holds byte `at`.
    pub(super) fn after(&self, at: usize) -> usize {
        self.starts.partition_point(|&start| start <= at)
    }

    /// The index of the first line that starts at `at` or behind it.
    pub(super) fn from(&self, at: usize) -> usize {
        self.starts.partition_point(|&start| start < at)
    }
}

fn line_starts(text: &str, start: usize) -> Vec<usize> {
    let rest = text.get(start..).unwrap_or_default();
    let mut starts = Vec::with_capacity(rest.len() / 32 + 1);
    if !rest.is_empty() {
        starts.push(start);
    }
    starts.extend(line_ends(rest).map(|end| start + end));
    if starts.last() == Some(&text.len()) {
        starts.pop();
    }
    starts
}
