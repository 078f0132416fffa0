//! Parts of a guide that tell of other things than the documented operations: sections about endpoints that no page
//! documents, tables of props and flags, tools of assistants.

use std::ops::Range;

use crate::model::Written;

use super::endpoints;
use super::known::Known;
use super::sentence::Sentence;

/// The sections of a page that name endpoints, none of which is documented.
pub(super) fn sections(known: &Known<'_>, page: &Written<'_>) -> Vec<Range<usize>> {
    let sources = &known.documentation.sources;
    let text = sources.file(page.file).text();
    let mut starts: Vec<usize> = text.match_indices("\n#").map(|(at, _)| at + 1).collect();
    starts.insert(0, 0);
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    let sections = starts.iter().copied().zip(ends);
    sections
        .map(|(start, end)| start..end)
        .filter(|range| is_foreign(known, text.get(range.clone()).unwrap_or_default()))
        .collect()
}

/// True for a text that names endpoints, none of which is documented.
fn is_foreign(known: &Known<'_>, text: &str) -> bool {
    let named = endpoints::named(text).map(|(_, path)| path);
    let calls = text
        .lines()
        .filter(|line| line.contains("curl") || line.contains("fetch("));
    let called = calls.filter_map(path_called);
    let mut paths = named.chain(called).peekable();
    paths.peek().is_some() && paths.all(|path| known.at(path).next().is_none())
}

/// The path of the first URL in a line.
fn path_called(line: &str) -> Option<&str> {
    let (_, url) = line.split_once("://")?;
    let end = url.find(|c: char| c.is_whitespace() || "\"'`?#<>".contains(c));
    let url = url.get(..end.unwrap_or(url.len()))?;
    let path = url.get(url.find('/')?..)?.trim_end_matches('/');
    (path.len() > 1).then_some(path)
}

/// True for a sentence that names an endpoint which no page documents.
pub(super) fn names_other(known: &Known<'_>, sentence: &Sentence<'_>) -> bool {
    let mut named = endpoints::named(sentence.words()).peekable();
    named.peek().is_some() && named.all(|(_, path)| known.at(path).next().is_none())
}

/// True for a row of a table that lists no parameters of requests, as its head says.
pub(super) fn is_of_other_table(sentence: &Sentence<'_>) -> bool {
    const HEADS: [&str; 14] = [
        "prop",
        "props",
        "property of the component",
        "flag",
        "flags",
        "option",
        "options",
        "argument",
        "arguments",
        "variable",
        "environment variable",
        "env",
        "tool",
        "command",
    ];
    let head = sentence.head.clone().map(|it| sentence.between(it));
    let first = head.and_then(|it| it.split('|').nth(1));
    let first = first.map(|it| it.trim_matches(|c: char| "*` ".contains(c)).to_lowercase());
    first.is_some_and(|it| HEADS.contains(&it.as_str()))
}
