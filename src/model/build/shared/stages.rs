//! Tables that say what members are in each stage, as sentences:
//!
//! ```text
//! | Status   | `progress` | `ended_at` |
//! | -------- | ---------- | ---------- |
//! | `done`   | `100`      | set        |
//! ```

use crate::mdx::markdown::{Inline, Part};
use crate::model::evidence::Fact;

use super::things::OBJECT_ON_PAGE;

/// "`progress` is `100` when `status` is `done`." for each cell that says no more than that.
pub(super) fn of_table(rows: &[Vec<Inline>]) -> Vec<Fact<String>> {
    const STAGES: &[&str] = &["status", "state", "stage", "phase"];
    let Some((head, rows)) = rows.split_first() else {
        return Vec::new();
    };
    let Some((first, others)) = head.split_first() else {
        return Vec::new();
    };
    let stage = first.text().trim().to_lowercase();
    let members: Vec<Option<&Part>> = others.iter().map(only_code).collect();
    if !STAGES.contains(&stage.as_str()) || members.iter().flatten().next().is_none() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for row in rows {
        let Some((name, cells)) = row.split_first() else {
            continue;
        };
        let Some(name) = only_code(name) else {
            continue;
        };
        for (member, cell) in members.iter().zip(cells) {
            let Some((member, value)) = member.zip(value(cell)) else {
                continue;
            };
            let (member, of) = (member.text.trim(), name.text.trim());
            let text = format!("`{member}` is {value} when `{stage}` is `{of}`.");
            found.push(Fact::new(text, name.span, &OBJECT_ON_PAGE));
        }
    }
    found
}

/// The code that a cell consists of.
fn only_code(cell: &Inline) -> Option<&Part> {
    let mut parts = cell.parts.iter().filter(|it| !it.text.trim().is_empty());
    let code = parts.next().filter(|it| it.code)?;
    parts.next().is_none().then_some(code)
}

/// A value in code, or that there is one.
fn value(cell: &Inline) -> Option<String> {
    if let Some(code) = only_code(cell) {
        return Some(format!("`{}`", code.text.trim()));
    }
    let is_set = cell.text().trim().eq_ignore_ascii_case("set");
    is_set.then(|| "set".to_owned())
}
