//! Comments that speak to fieldproof.
//!
//! ```text
//! directive = "{/*" ( "fieldproof-ignore" rule { "," rule } | "fieldproof-unsafe" ) [ ":" reason ] "*/}"
//! ```
//!
//! `fieldproof-unsafe` holds for the operation of its page, wherever it stands. As for `fieldproof-ignore`: before all content of a page, only imports and other comments aside, it holds for the whole file, the frontmatter
//! included. Anywhere else it holds for what follows it: a component with all inside it, a fence, or a paragraph.
//! What a component gets from a snippet is silenced in the snippet.

use std::collections::BTreeSet;

use crate::diagnostic::Suppression;
use crate::source::{FileId, Sources, Span};

use super::node::{Expression, Node, Page};

/// What the comments of the pages silence, in the order of files and places.
pub fn suppressions(sources: &Sources, pages: &[Page]) -> Vec<Suppression> {
    let mut found = Vec::new();
    for page in pages {
        let whole = Span::new(page.file, 0..sources.file(page.file).text().len());
        collect(&page.nodes, Some(whole), &mut found);
    }
    found.sort_by_key(|suppression: &Suppression| suppression.span);
    // A snippet that several pages use is there once for each.
    let mut seen: BTreeSet<Span> = BTreeSet::new();
    found.retain(|suppression| seen.insert(suppression.span));
    found
}

/// True if a comment warns of the operation of a page.
pub fn is_unsafe(page: &Page) -> bool {
    fn any(nodes: &[Node]) -> bool {
        nodes.iter().any(|node| match node {
            Node::Expression(expression) => expression.comment().is_some_and(|comment| {
                let word = comment.split(':').next().unwrap_or_default();
                word.trim() == "fieldproof-unsafe"
            }),
            Node::Element(element) => any(&element.children),
            Node::Prose(_) | Node::Fence(_) => false,
        })
    }
    any(&page.nodes)
}

/// `whole` is the file whose first content the nodes are.
fn collect(nodes: &[Node], mut whole: Option<Span>, found: &mut Vec<Suppression>) {
    for (index, node) in nodes.iter().enumerate() {
        if let Node::Expression(expression) = node
            && let Some(rules) = rules(expression)
        {
            let after = nodes.get(index + 1..).unwrap_or_default();
            found.push(Suppression {
                rules,
                span: expression.span,
                scope: whole.or_else(|| next(after, expression.span.file)),
            });
        }
        if !is_nothing(node) {
            whole = None;
        }
        if let Node::Element(element) = node {
            collect(&element.children, None, found);
        }
    }
}

/// The names in a comment that silences rules, each with its place.
fn rules(expression: &Expression) -> Option<Vec<(String, Span)>> {
    let rest = expression.comment()?.strip_prefix("fieldproof-ignore")?;
    if rest.starts_with(|it: char| it != ':' && !it.is_whitespace()) {
        return None;
    }
    let names = rest.split(':').next().unwrap_or_default();
    let base = expression.source.find("fieldproof-ignore")? + "fieldproof-ignore".len();
    // Inside the braces, unless something else stands in for the text as written.
    let verbatim = expression.span.len() == expression.source.len() + 2;
    let mut at = base;
    let mut found = Vec::new();
    for word in names.split(|it: char| it == ',' || it.is_whitespace()) {
        let start = expression.span.start as usize + 1 + at;
        // What separates two names is one byte or more, but always one character.
        at += word.len();
        at += names
            .get(at - base..)
            .and_then(|rest| rest.chars().next())
            .map_or(0, char::len_utf8);
        if word.is_empty() {
            continue;
        }
        let place = Span::new(expression.span.file, start..start + word.len());
        let place = if verbatim { place } else { expression.span };
        found.push((word.to_owned(), place));
    }
    Some(found)
}

/// The place of what follows a comment.
fn next(after: &[Node], file: FileId) -> Option<Span> {
    let node = after.iter().find(|node| !is_nothing(node))?;
    let span = match node {
        Node::Prose(prose) => {
            let text = prose.text.text();
            let start = text.len() - text.trim_start().len();
            let end = text
                .get(start..)
                .and_then(|rest| rest.find("\n\n"))
                .map_or(text.len(), |length| start + length);
            prose.text.span(start..end)
        }
        node => node.span(),
    };
    (span.file == file).then_some(span)
}

/// True for what a reader does not see: blank lines, and comments.
fn is_nothing(node: &Node) -> bool {
    match node {
        Node::Prose(prose) => prose.text.text().trim().is_empty(),
        Node::Expression(expression) => expression.comment().is_some(),
        Node::Element(_) | Node::Fence(_) => false,
    }
}
