//! Endpoints of pages without an `api:` line.
//!
//! | stated by | origin |
//! | --- | --- |
//! | a fence that holds `POST https://…` or `POST /users` and nothing else | inferred |
//! | a heading `## POST /users` | inferred |
//! | a paragraph that is `POST /users`, below a heading such as "Endpoint" | inferred |
//! | `openapi: POST /users`, perhaps with a file before it | configuration |
//!
//! Each endpoint takes what follows it until the next. The only endpoint of a page takes the whole page.

use std::ops::Range;

use crate::mdx::markdown::{Block, Inline};
use crate::mdx::{Fence, Node, Page, Prose};
use crate::model::endpoint::Endpoint;
use crate::model::evidence::{Fact, Origin, ReadingRule};

use super::field;

static OPENAPI_LINE: ReadingRule = ReadingRule {
    name: "openapi-line",
    origin: Origin::Config,
    summary: "`openapi: METHOD /path` in the frontmatter states the endpoint that the fields of the page describe",
};
static ENDPOINT_IN_FENCE: ReadingRule = ReadingRule {
    name: "endpoint-in-fence",
    origin: Origin::Inferred,
    summary: "a fence that holds `POST https://…` and nothing else states the endpoint of a page without `api:`",
};
static ENDPOINT_IN_TEXT: ReadingRule = ReadingRule {
    name: "endpoint-in-text",
    origin: Origin::Inferred,
    summary: "a heading that is `POST /path`, or a paragraph that is so below a heading such as Endpoint, states the endpoint of a page without `api:`",
};
/// How the code here reads pages.
pub(super) static READING_RULES: &[&ReadingRule] =
    &[&OPENAPI_LINE, &ENDPOINT_IN_FENCE, &ENDPOINT_IN_TEXT];

/// An endpoint, and the nodes of the page that describe it.
pub(super) struct Stated {
    pub(super) endpoint: Fact<Endpoint>,
    pub(super) nodes: Range<usize>,
}

/// The endpoints that a page without `api:` states, if it has fields.
pub(super) fn find(page: &Page) -> Vec<Stated> {
    if !has_fields(&page.nodes) {
        return Vec::new();
    }
    if let Some(endpoint) = of_openapi(page) {
        return vec![Stated {
            endpoint,
            nodes: 0..page.nodes.len(),
        }];
    }
    if page.frontmatter.get("openapi").is_some() {
        return Vec::new();
    }
    let mut found: Vec<Stated> = Vec::new();
    let mut named = false;
    for (index, node) in page.nodes.iter().enumerate() {
        let rest = page.nodes.get(index + 1..).unwrap_or_default();
        for endpoint in of_node(node, rest, &mut named) {
            let is_repeated = found
                .last()
                .is_some_and(|last| last.endpoint.value == endpoint.value);
            if is_repeated {
                continue;
            }
            if let Some(last) = found.last_mut() {
                last.nodes.end = index.max(last.nodes.start);
            }
            found.push(Stated {
                endpoint,
                nodes: index..page.nodes.len(),
            });
        }
    }
    if let [only] = found.as_mut_slice() {
        only.nodes = 0..page.nodes.len();
    }
    found.retain(|stated| {
        let nodes = page.nodes.get(stated.nodes.clone());
        nodes.is_some_and(has_fields)
    });
    found
}

/// True if one of the nodes is a field, or holds one.
pub(super) fn has_fields(nodes: &[Node]) -> bool {
    nodes.iter().filter_map(Node::as_element).any(|element| {
        let shown = matches!(element.name.as_str(), "RequestExample" | "ResponseExample");
        field::is_field(&element.name) || !shown && has_fields(&element.children)
    })
}

/// `openapi: POST /users`, `openapi: "openapi.json POST /users"`.
fn of_openapi(page: &Page) -> Option<Fact<Endpoint>> {
    named(page).map(|named| named.endpoint)
}

/// What an `openapi:` line names.
pub(super) struct Named {
    /// The file, if the line names one.
    pub(super) file: Option<String>,
    pub(super) endpoint: Fact<Endpoint>,
}

/// What the `openapi:` line of a page names, if it has one.
pub(super) fn named(page: &Page) -> Option<Named> {
    let entry = page.frontmatter.get("openapi")?;
    let (file, endpoint) = Endpoint::named(entry.value.as_str()?)?;
    Some(Named {
        file,
        endpoint: Fact::new(endpoint, entry.value_span, &OPENAPI_LINE),
    })
}

/// The endpoints that a node states; `rest` follows it, and `named` is true below a heading that announces one.
fn of_node(node: &Node, rest: &[Node], named: &mut bool) -> Vec<Fact<Endpoint>> {
    match node {
        Node::Fence(fence) => of_fence(fence).into_iter().collect(),
        Node::Prose(prose) => {
            let blocks = prose.blocks();
            let last = blocks.len().saturating_sub(1);
            let tail = line_after(prose, rest);
            let mut found = Vec::new();
            for (index, block) in blocks.iter().enumerate() {
                let tail = if index == last { tail.as_str() } else { "" };
                match block {
                    Block::Heading(_, inline) => {
                        *named = is_announcement(&inline.text());
                        found.extend(of_inline(inline, tail));
                    }
                    Block::Paragraph(inline) if *named => found.extend(of_inline(inline, tail)),
                    _ => {}
                }
            }
            found
        }
        // Callouts, cards, and the like are transparent; fields and examples are not.
        Node::Element(element)
            if !field::is_field(&element.name)
                && !matches!(element.name.as_str(), "RequestExample" | "ResponseExample") =>
        {
            element
                .children
                .iter()
                .enumerate()
                .flat_map(|(index, child)| {
                    let rest = element.children.get(index + 1..).unwrap_or_default();
                    of_node(child, rest, named)
                })
                .collect()
        }
        _ => Vec::new(),
    }
}

/// What a fence states that holds a call and nothing else.
pub(super) fn of_fence(fence: &Fence) -> Option<Fact<Endpoint>> {
    let text = fence.code.text();
    let line = text.trim();
    let start = text.len() - text.trim_start().len();
    let endpoint = of_line(line)?;
    let span = fence.code.span(start..start + line.len());
    Some(Fact::new(endpoint, span, &ENDPOINT_IN_FENCE))
}

/// What stands behind a text on its last line: to MDX, the braces of `/users/{id}` hold an expression.
pub(super) fn line_after(prose: &Prose, rest: &[Node]) -> String {
    let mut line = String::new();
    if prose.text.text().ends_with('\n') {
        return line;
    }
    for node in rest {
        match node {
            Node::Expression(expression) => {
                line.push('{');
                line.push_str(&expression.source);
                line.push('}');
            }
            Node::Prose(prose) if prose.inline => {
                let text = prose.text.text();
                line.push_str(text.split('\n').next().unwrap_or_default());
                if text.contains('\n') {
                    break;
                }
            }
            _ => break,
        }
    }
    line
}

/// What a line of text states; `tail` stands behind it.
pub(super) fn of_inline(inline: &Inline, tail: &str) -> Option<Fact<Endpoint>> {
    let text = inline.text();
    let endpoint = of_line(format!("{}{tail}", text.trim_start()).trim())?;
    let first = inline.parts.first()?.span;
    let last = inline.parts.last()?.span;
    Some(Fact::new(endpoint, first.to(last), &ENDPOINT_IN_TEXT))
}

/// A method in capitals and a target that is a path or an absolute URL, and nothing else.
pub(super) fn of_line(line: &str) -> Option<Endpoint> {
    let (method, target) = line.split_once(char::is_whitespace)?;
    let is_method = method.bytes().all(|byte| byte.is_ascii_uppercase());
    let target = target.trim();
    let is_target =
        target.starts_with('/') || target.starts_with("https://") || target.starts_with("http://");
    if !is_method || !is_target {
        return None;
    }
    Endpoint::parse(line).ok()
}

fn is_announcement(heading: &str) -> bool {
    let heading = heading.trim().trim_end_matches(':').to_lowercase();
    let words = [
        "endpoint",
        "endpunkt",
        "http request",
        "request url",
        "url",
        "requête",
        "接口地址",
        "端点",
        "请求地址",
    ];
    words.contains(&heading.as_str())
        || heading.ends_with(" endpoint")
        || heading.starts_with("endpoint ")
}
