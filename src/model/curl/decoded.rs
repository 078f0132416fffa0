//! Text without its quotes and escapes, which still knows where each byte was written.

use std::ops::Range;

/// Text taken out of quotes and escapes, with the place of each byte in the text that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decoded {
    text: String,
    pieces: Vec<Piece>,
}

/// A run of bytes: copied from `source`, or standing in for it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Piece {
    at: usize,
    source: Range<usize>,
    verbatim: bool,
}

impl Decoded {
    /// The text as the program receives it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Appends text copied byte for byte from `start` on.
    pub fn push(&mut self, text: &str, start: usize) {
        if text.is_empty() {
            return;
        }
        let end = start + text.len();
        match self.pieces.last_mut() {
            Some(last) if last.verbatim && last.source.end == start => last.source.end = end,
            _ => self.pieces.push(Piece {
                at: self.text.len(),
                source: start..end,
                verbatim: true,
            }),
        }
        self.text.push_str(text);
    }

    /// Appends text that stands in for `source`: each of its bytes leads to the whole of it.
    pub fn push_replaced(&mut self, text: &str, source: Range<usize>) {
        if text.is_empty() {
            return;
        }
        self.pieces.push(Piece {
            at: self.text.len(),
            source,
            verbatim: false,
        });
        self.text.push_str(text);
    }

    /// Appends bytes `range` of another text, with their places.
    pub fn push_decoded(&mut self, other: &Self, range: Range<usize>) {
        let mut at = range.start;
        while let Some(piece) = other
            .pieces
            .get(other.piece_index(at))
            .filter(|_| at < range.end)
        {
            let next = other.pieces.get(other.piece_index(at) + 1);
            let end = next.map_or(other.text.len(), |next| next.at).min(range.end);
            let Some(text) = other.text.get(at..end).filter(|text| !text.is_empty()) else {
                return;
            };
            if piece.verbatim {
                self.push(text, piece.source.start + (at - piece.at));
            } else {
                self.push_replaced(text, piece.source.clone());
            }
            at = end;
        }
    }

    /// Bytes `range` of this text as a text of their own.
    #[must_use]
    pub fn slice(&self, range: Range<usize>) -> Self {
        let mut slice = Self::default();
        slice.push_decoded(self, range);
        slice
    }

    /// The bytes of the text that was read from which bytes `range` of this text came.
    pub fn range(&self, range: Range<usize>) -> Range<usize> {
        let start = self.place(range.start, false);
        if range.end <= range.start {
            return start..start;
        }
        start..self.place(range.end, true).max(start)
    }

    fn place(&self, offset: usize, is_end: bool) -> usize {
        let inside = if is_end { offset - 1 } else { offset };
        let Some(piece) = self.pieces.get(self.piece_index(inside)) else {
            return 0;
        };
        match (piece.verbatim, is_end) {
            (true, _) => {
                (piece.source.start + offset.saturating_sub(piece.at)).min(piece.source.end)
            }
            (false, false) => piece.source.start,
            (false, true) => piece.source.end,
        }
    }

    fn piece_index(&self, offset: usize) -> usize {
        self.pieces
            .partition_point(|piece| piece.at <= offset)
            .saturating_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_survive_quotes_escapes_and_slices() {
        // 'ab'\n → ab, newline
        let mut decoded = Decoded::default();
        decoded.push("ab", 1);
        decoded.push_replaced("\n", 4..6);
        decoded.push("cd", 8);
        assert_eq!(decoded.text(), "ab\ncd");
        assert_eq!(decoded.range(0..2), 1..3);
        assert_eq!(decoded.range(2..3), 4..6);
        assert_eq!(decoded.range(1..4), 2..9);
        assert_eq!(decoded.range(5..5), 10..10);
        let slice = decoded.slice(1..4);
        assert_eq!((slice.text(), slice.range(0..3)), ("b\nc", 2..9));
    }
}
