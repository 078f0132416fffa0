//! Bodies of errors that stand in a table beside their statuses.
//!
//! ```text
//! | Status | When        | Body                        |
//! | ------ | ----------- | --------------------------- |
//! | 404    | Not there   | `{ "error": "not_found" }`  |
//! ```

use std::sync::LazyLock;

use crate::mdx::Prose;
use crate::mdx::markdown::{Block, Inline, Part};
use crate::model::build::pattern::{Pattern, pattern};
use crate::model::evidence::Origin;
use crate::model::json::{self, JsonKind};
use crate::model::operation::Example;
use crate::source::Excerpt;

use super::sections;

/// The bodies of errors in the tables of the Markdown, by their statuses.
pub(super) fn in_tables(prose: &Prose) -> Vec<(u16, Example)> {
    let text = prose.text.text();
    if !text.contains('|') || !text.contains('{') {
        return Vec::new();
    }
    let mut found = Vec::new();
    for block in prose.blocks() {
        if let Block::Table(rows) = block {
            found.extend(of_table(&rows));
        }
    }
    found
}

fn of_table(rows: &[Vec<Inline>]) -> Vec<(u16, Example)> {
    static REQUEST: LazyLock<Pattern> =
        LazyLock::new(|| pattern(r"(?i)request|sent|payload|input"));
    let statuses = sections::of_table(rows);
    let Some((head, rows)) = rows.split_first() else {
        return Vec::new();
    };
    let is_answer = |at: usize| {
        head.get(at)
            .is_some_and(|cell| !REQUEST.is_match(&cell.text()))
    };
    let found = rows.iter().filter_map(|row| {
        let place = row.first()?.parts.first()?.span;
        let mut statuses = statuses.iter();
        let status = statuses.find(|it| it.evidence.span.start == place.start)?;
        let cells = row.iter().enumerate().skip(1);
        let mut bodies = cells
            .filter(|(at, _)| is_answer(*at))
            .filter_map(|(_, cell)| body(cell));
        let body = bodies.next().filter(|_| status.value >= 400)?;
        bodies.next().is_none().then_some((status.value, body))
    });
    found.collect()
}

/// The object that is all that stands in a cell.
fn body(cell: &Inline) -> Option<Example> {
    let is_said = |part: &&Part| !part.text.trim().is_empty();
    let mut parts = cell.parts.iter().filter(is_said);
    let only = parts.next().filter(|part| part.code)?;
    if parts.next().is_some() {
        return None;
    }
    let reading = json::read(&only.text);
    let is_object = matches!(reading.documents.as_slice(), [only] if matches!(&only.kind, JsonKind::Object(members) if !members.is_empty()));
    if !is_object || !reading.is_strict() {
        return None;
    }
    let mut text = Excerpt::empty(only.span.file);
    text.push_replaced(&only.text, only.span);
    Some(Example {
        title: None,
        title_span: only.span,
        language: None,
        head: None,
        text,
        json: Some(reading),
        media_type: "application/json",
        origin: Origin::Inferred,
        span: only.span,
    })
}
