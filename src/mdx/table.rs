//! Rows of GFM tables: where their cells are.

use std::ops::Range;

/// True if a line may be the delimiter row of a table, such as `| --- | :-: |`.
pub(super) fn is_delimiter_row(line: &str) -> bool {
    let line = line.trim();
    line.contains('-')
        && line.contains(['|', ':'])
        && line
            .bytes()
            .all(|byte| matches!(byte, b'|' | b'-' | b':' | b' ' | b'\t'))
}

/// The number of columns that a delimiter row states, if it is one.
pub(super) fn delimiter_columns(line: &str) -> Option<usize> {
    if !is_delimiter_row(line) {
        return None;
    }
    let cells = cells(line);
    let valid = cells.iter().all(|cell| {
        let cell = line.get(cell.clone()).unwrap_or_default().trim();
        let dashes = cell.strip_prefix(':').unwrap_or(cell);
        let dashes = dashes.strip_suffix(':').unwrap_or(dashes);
        !dashes.is_empty() && dashes.bytes().all(|byte| byte == b'-')
    });
    valid.then_some(cells.len())
}

/// The cells of a row, without the pipes between them; an escaped pipe belongs to its cell.
pub(super) fn cells(line: &str) -> Vec<Range<usize>> {
    let end = line.trim_end().len();
    let mut cells = Vec::new();
    let mut start = usize::from(line.starts_with('|'));
    let mut escaped = false;
    for (at, byte) in line.bytes().enumerate().take(end).skip(start) {
        if byte == b'|' && !escaped {
            cells.push(start..at);
            start = at + 1;
        }
        escaped = byte == b'\\' && !escaped;
    }
    if start < end {
        cells.push(start..end);
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_end_at_pipes_that_are_not_escaped() {
        assert_eq!(cells("| a | b\\|c |"), [1..4, 5..11]);
        assert_eq!(cells("a|b"), [0..1, 2..3]);
    }

    #[test]
    fn a_delimiter_row_has_dashes_in_each_cell() {
        assert_eq!(delimiter_columns("| --- | :-: |"), Some(2));
        assert_eq!(delimiter_columns("---"), None);
        assert_eq!(delimiter_columns("| - | |"), None);
    }
}
