//! Tables of codes for programs and when they come, on the page of an operation: `` `bad_code` | has no `code`, or … ``.
//!
//! What a title such as *Reason*, *Code*, or *Type* stands above is a code where every cell of the column holds one, and
//! nothing else.

use crate::mdx::Prose;
use crate::mdx::markdown::{Block, Inline};
use crate::model::evidence::{Fact, Origin, ReadingRule};
use crate::model::operation::Reason;

static REASON_IN_TABLE: ReadingRule = ReadingRule {
    name: "reason-in-table",
    origin: Origin::Prose,
    summary: "a table with a column of codes below `Reason`, `Code`, or `Type`, and one of text, says when each code comes",
};
/// How the code here reads pages.
pub(super) static READING_RULES: &[&ReadingRule] = &[&REASON_IN_TABLE];

/// Titles of columns of codes.
const TITLES: &[&str] = &["reason", "code", "type", "error", "problem", "cause"];

/// The codes of the tables of the text.
pub(super) fn read(prose: &Prose) -> Vec<Fact<Reason>> {
    if !prose.text.text().contains('|') {
        return Vec::new();
    }
    let blocks = prose.blocks();
    let tables = blocks.iter().filter_map(|block| match block {
        Block::Table(rows) => Some(rows),
        _ => None,
    });
    tables.flat_map(|rows| of_table(rows)).collect()
}

fn of_table(rows: &[Vec<Inline>]) -> Vec<Fact<Reason>> {
    let Some((head, rows)) = rows.split_first() else {
        return Vec::new();
    };
    let is_code = |row: &Vec<Inline>, column: usize| {
        row.get(column)
            .is_some_and(|cell| matches!(cell.parts.as_slice(), [only] if only.code))
    };
    let column = head.iter().position(|title| {
        let title = title.text().to_lowercase();
        let mut words = title.split(|c: char| !c.is_alphanumeric());
        words.any(|word| TITLES.contains(&word))
    });
    let column = column.filter(|column| rows.iter().all(|row| is_code(row, *column)));
    let Some(column) = column else {
        return Vec::new();
    };
    let reasons = rows.iter().filter_map(|row| {
        let code = row.get(column)?.parts.first()?;
        let last = row.iter().enumerate().next_back()?;
        let (_, text) = Some(last).filter(|(at, _)| *at != column)?;
        let reason = Reason {
            code: code.text.trim().to_owned(),
            text: marked(text),
        };
        Some(Fact::new(reason, code.span, &REASON_IN_TABLE))
    });
    reasons.collect()
}

/// A cell with code in backticks.
fn marked(cell: &Inline) -> String {
    let parts = cell.parts.iter();
    let parts = parts.map(|part| {
        if part.code {
            format!("`{}`", part.text.trim())
        } else {
            part.text.clone()
        }
    });
    parts.collect()
}
