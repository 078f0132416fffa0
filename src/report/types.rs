//! The histogram of type strings: how often each is written, and how it was read, the unknown ones first.

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::mdx::{Element, Node};
use crate::model::Documentation;
use crate::model::types;

use super::visible;

/// Writes a line for each distinct type string of all fields of a site.
pub fn write(documentation: &Documentation, out: &mut dyn Write) -> io::Result<()> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for page in &documentation.pages {
        count(&page.nodes, &mut counts);
    }
    let mut rows: Vec<_> = counts
        .into_iter()
        .map(|(text, count)| (text, count, types::parse(text)))
        .collect();
    rows.sort_by(|one, other| {
        let key =
            |row: &(&str, usize, types::Type)| (row.2.is_understood(), std::cmp::Reverse(row.1));
        key(one).cmp(&key(other)).then_with(|| one.0.cmp(other.0))
    });
    for (text, count, kind) in &rows {
        let read = if kind.is_understood() {
            kind.to_string()
        } else {
            "unknown".to_owned()
        };
        writeln!(
            out,
            "{count:>7}  {}  =>  {}",
            visible::escape(text),
            visible::escape(&read)
        )?;
    }
    let total: usize = rows.iter().map(|row| row.1).sum();
    let understood: usize = rows
        .iter()
        .filter(|row| row.2.is_understood())
        .map(|row| row.1)
        .sum();
    writeln!(
        out,
        "{understood} of {total} types understood, {} distinct",
        rows.len()
    )
}

fn count<'p>(nodes: &'p [Node], counts: &mut BTreeMap<&'p str, usize>) {
    for element in nodes.iter().filter_map(Node::as_element) {
        if let Some(text) = type_of(element) {
            *counts.entry(text).or_default() += 1;
        }
        count(&element.children, counts);
    }
}

fn type_of(element: &Element) -> Option<&str> {
    if !matches!(
        element.name.as_str(),
        "ParamField" | "ResponseField" | "Param"
    ) {
        return None;
    }
    element.attribute("type")?.value.as_str()
}
