//! Tables on the page of an operation that list the values of one of its fields, below the name of that field.
//!
//! ```text
//! | `reason`  | When              |
//! | --------- | ----------------- |
//! | `damaged` | It is broken.     |
//! ```

use crate::mdx::Prose;
use crate::mdx::markdown::{Block, Inline};
use crate::model::evidence::{Fact, Origin, ReadingRule};
use crate::model::operation::Listed;

static VALUES_IN_TABLE: ReadingRule = ReadingRule {
    name: "values-in-table",
    origin: Origin::Prose,
    summary: "a table whose first column has the name of a field, and codes alone below it, lists the values of that field, if its text speaks of a list",
};
/// How the code here reads pages.
pub(super) static READING_RULES: &[&ReadingRule] = &[&VALUES_IN_TABLE];

/// What the tables of the text list.
pub(super) fn read(prose: &Prose) -> Vec<Listed> {
    if !prose.text.text().contains('|') {
        return Vec::new();
    }
    let blocks = prose.blocks();
    let tables = blocks.iter().filter_map(|block| match block {
        Block::Table(rows) => of_table(rows),
        _ => None,
    });
    tables.collect()
}

fn of_table(rows: &[Vec<Inline>]) -> Option<Listed> {
    let (head, rows) = rows.split_first()?;
    let name = head.first()?.text().trim().to_owned();
    let is_name = !name.is_empty() && !name.contains(char::is_whitespace);
    let mut values = Vec::new();
    for row in rows {
        values.extend(of_cell(row.first()?)?);
    }
    (is_name && rows.len() > 1).then_some(Listed { name, values })
}

/// The codes of a cell that has nothing else in it.
fn of_cell(cell: &Inline) -> Option<Vec<Fact<String>>> {
    let mut found = Vec::new();
    for part in &cell.parts {
        let text = part.text.trim();
        if part.code {
            found.push(Fact::new(text.to_owned(), part.span, &VALUES_IN_TABLE));
        } else if !matches!(text, "" | "," | "/" | "or" | "and" | ", or" | ", and") {
            return None;
        }
    }
    (!found.is_empty()).then_some(found)
}
