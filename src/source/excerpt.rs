//! Text put together from places of a file, which still knows where each byte came from.
//!
//! The body of a fence inside a list loses its indentation, a site variable is replaced by its value,
//! a property of a snippet is filled in: each time the text that is read differs from the text that was written.
//! An excerpt keeps, for each run of bytes, the place it was taken from.

use std::ops::Range;

use super::{FileId, Span};

/// Text with the origin of each of its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    text: String,
    file: FileId,
    pieces: Vec<Piece>,
}

/// A run of bytes: copied from `source`, or standing in for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Piece {
    at: u32,
    source: Span,
    verbatim: bool,
}

impl Excerpt {
    /// An excerpt of `file` without any text yet.
    pub fn empty(file: FileId) -> Self {
        Self {
            text: String::new(),
            file,
            pieces: Vec::new(),
        }
    }

    /// The same, with room for that many bytes.
    pub fn with_capacity(file: FileId, bytes: usize) -> Self {
        Self {
            text: String::with_capacity(bytes),
            file,
            pieces: Vec::with_capacity(1),
        }
    }

    /// The text of a span, copied as it stands.
    pub fn verbatim(text: impl Into<String>, span: Span) -> Self {
        Self {
            text: text.into(),
            file: span.file,
            pieces: vec![Piece {
                at: 0,
                source: span,
                verbatim: true,
            }],
        }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The file that the text was taken from.
    pub fn file(&self) -> FileId {
        self.file
    }

    /// True if the excerpt is one run copied from the file, so that offsets only shift.
    pub fn is_contiguous(&self) -> bool {
        matches!(self.pieces.as_slice(), [piece] if piece.verbatim)
    }

    /// Appends text copied from `source`, byte for byte.
    pub fn push(&mut self, text: &str, source: Span) {
        if text.is_empty() {
            return;
        }
        let adjoins = self.pieces.last().is_some_and(|last| {
            last.verbatim && last.source.end == source.start && last.source.file == source.file
        });
        match self.pieces.last_mut() {
            Some(last) if adjoins => last.source.end = source.end,
            _ => self.pieces.push(Piece {
                at: self.text.len() as u32,
                source,
                verbatim: true,
            }),
        }
        self.text.push_str(text);
    }

    /// Appends text that stands in for `source`: each of its bytes leads to the whole of it.
    pub fn push_replaced(&mut self, text: &str, source: Span) {
        if text.is_empty() {
            return;
        }
        self.pieces.push(Piece {
            at: self.text.len() as u32,
            source,
            verbatim: false,
        });
        self.text.push_str(text);
    }

    /// Appends bytes `range` of another excerpt, with their origins.
    pub fn push_excerpt(&mut self, other: &Self, range: Range<usize>) {
        let mut at = range.start;
        while at < range.end {
            let index = other.piece_index(at);
            let Some(piece) = other.pieces.get(index) else {
                return;
            };
            let next = other
                .pieces
                .get(index + 1)
                .map_or(other.text.len(), |next| next.at as usize);
            let end = next.min(range.end);
            let Some(text) = other.text.get(at..end) else {
                return;
            };
            if piece.verbatim {
                let start = piece.source.start as usize + (at - piece.at as usize);
                self.push(
                    text,
                    Span::new(piece.source.file, start..start + (end - at)),
                );
            } else {
                self.push_replaced(text, piece.source);
            }
            at = end;
        }
    }

    /// The place in the author's file of bytes `range` of the text.
    pub fn span(&self, range: Range<usize>) -> Span {
        let start = self.place(range.start, Edge::Start);
        let end = if range.end > range.start {
            self.place(range.end, Edge::End)
        } else {
            start
        };
        Span::new(self.file, start as usize..end as usize)
    }

    /// The place of bytes `range`, if they stand there as one run, byte for byte: then that place can be edited.
    pub fn copied(&self, range: Range<usize>) -> Option<Span> {
        let first = self.pieces.get(self.piece_index(range.start))?;
        let last = self.piece_index(range.end.saturating_sub(1).max(range.start));
        let is_whole = range.end <= self.text.len() && first.verbatim;
        (is_whole && self.pieces.get(last) == Some(first)).then(|| {
            let start = first.source.start as usize + (range.start - first.at as usize);
            Span::new(first.source.file, start..start + range.len())
        })
    }

    fn place(&self, offset: usize, edge: Edge) -> u32 {
        let inside = match edge {
            Edge::Start => offset,
            Edge::End => offset - 1,
        };
        let Some(piece) = self.pieces.get(self.piece_index(inside)) else {
            return 0;
        };
        match (piece.verbatim, edge) {
            (true, _) => (piece.source.start + (offset as u32 - piece.at)).min(piece.source.end),
            (false, Edge::Start) => piece.source.start,
            (false, Edge::End) => piece.source.end,
        }
    }

    fn piece_index(&self, offset: usize) -> usize {
        self.pieces
            .partition_point(|piece| piece.at as usize <= offset)
            .saturating_sub(1)
    }
}

#[derive(Clone, Copy)]
enum Edge {
    Start,
    End,
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: FileId = FileId(0);

    fn span(range: Range<usize>) -> Span {
        Span::new(FILE, range)
    }

    #[test]
    fn bytes_lead_back_to_the_lines_they_were_taken_from() {
        let mut excerpt = Excerpt::empty(FILE);
        excerpt.push("ab\n", span(2..5));
        excerpt.push("cd\n", span(7..10));
        assert_eq!(excerpt.text(), "ab\ncd\n");
        assert_eq!(excerpt.span(0..2), span(2..4));
        assert_eq!(excerpt.span(3..5), span(7..9));
        assert_eq!(excerpt.span(1..4), span(3..8));
    }

    #[test]
    fn replaced_text_leads_to_all_that_it_replaces() {
        let mut excerpt = Excerpt::empty(FILE);
        excerpt.push("a ", span(0..2));
        excerpt.push_replaced("value", span(2..10));
        excerpt.push(" b", span(10..12));
        assert_eq!(excerpt.span(3..4), span(2..10));
        assert_eq!(excerpt.span(0..7), span(0..10));
        assert_eq!(excerpt.span(8..9), span(11..12));
    }

    #[test]
    fn only_what_was_copied_in_one_run_can_be_edited() {
        let mut excerpt = Excerpt::empty(FILE);
        excerpt.push("ab\n", span(2..5));
        excerpt.push("cd", span(7..9));
        excerpt.push_replaced("value", span(9..15));
        assert_eq!(excerpt.copied(1..2), Some(span(3..4)));
        assert_eq!(excerpt.copied(3..5), Some(span(7..9)));
        assert_eq!(excerpt.copied(2..2), Some(span(4..4)));
        assert_eq!(excerpt.copied(1..4), None);
        assert_eq!(excerpt.copied(4..6), None);
        assert_eq!(excerpt.copied(9..99), None);
    }

    #[test]
    fn adjoining_pieces_become_one() {
        let mut excerpt = Excerpt::empty(FILE);
        excerpt.push("ab", span(4..6));
        excerpt.push("cd", span(6..8));
        assert!(excerpt.is_contiguous());
    }
}
