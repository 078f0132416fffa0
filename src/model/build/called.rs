//! The calls that pages without an endpoint show.

use crate::mdx::{Node, Page};
use crate::model::evidence::Origin;
use crate::model::operation::RequestExample;

use super::{examples, field};

/// A call in a fence of a page without an endpoint.
#[derive(Clone, Debug)]
pub struct GuideCall {
    /// The call.
    pub example: RequestExample,
    /// The titles, headings, and the paragraph that it stands below, one a line.
    pub lead: String,
    /// The text, or the code, that follows the fence.
    pub behind: String,
}

/// The calls of a page, in its order.
pub fn calls_of_guide(page: &Page) -> Vec<GuideCall> {
    let title = page.frontmatter.text("title").unwrap_or_default();
    let mut found = Vec::new();
    calls_in(&page.nodes, title, &mut found);
    found
}

fn calls_in(nodes: &[Node], around: &str, into: &mut Vec<GuideCall>) {
    let (mut heading, mut paragraph) = (String::new(), String::new());
    for (index, node) in nodes.iter().enumerate() {
        match node {
            Node::Prose(prose) => {
                let text = prose.text.text();
                if let Some(line) = text.lines().rfind(|it| it.trim_start().starts_with('#')) {
                    heading = end_of(line);
                }
                let paragraphs = text.split("\n\n").map(str::trim);
                let last = paragraphs.filter(|it| !it.is_empty()).last();
                paragraph = end_of(last.unwrap_or_default());
            }
            Node::Fence(fence) => {
                let calls = examples::requests(fence).into_iter();
                let calls = calls.filter(|it| it.curl.is_some() || it.call.is_some());
                let behind = nodes.get(index + 1).map(text_of).unwrap_or_default();
                into.extend(calls.map(|example| GuideCall {
                    lead: format!("{around}\n{heading}\n{paragraph}"),
                    behind: behind.clone(),
                    example: RequestExample {
                        origin: Origin::Inferred,
                        ..example
                    },
                }));
            }
            Node::Element(element) if !field::is_field(&element.name) => {
                let title = field::title(element).map_or("", |(title, _)| title);
                let around = end_of(&format!("{around}\n{heading}\n{paragraph}\n{title}"));
                calls_in(&element.children, &around, into);
            }
            _ => {}
        }
    }
}

/// The beginning of what stands behind a fence.
fn text_of(node: &Node) -> String {
    let text = match node {
        Node::Prose(prose) => prose.text.text(),
        Node::Fence(fence) => fence.code.text(),
        _ => "",
    };
    let first = text.trim_start().split("\n\n").next().unwrap_or_default();
    first.chars().take(LONGEST).collect()
}

/// So many letters around a call say what it is.
const LONGEST: usize = 600;

/// The end of a text that is long.
fn end_of(text: &str) -> String {
    let count = text.chars().count();
    text.chars().skip(count.saturating_sub(LONGEST)).collect()
}
