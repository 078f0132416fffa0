//! What pages without an endpoint say of all requests: headers that every call needs, and several ways to authenticate.

use std::sync::LazyLock;

use crate::mdx::markdown::{Block, Inline};
use crate::mdx::{Fence, Node, Page};
use crate::model::build::auth;
use crate::model::build::field::{self, Role};
use crate::model::build::headers::sentences;
use crate::model::build::pattern::{Pattern, pattern};
use crate::model::curl;
use crate::model::evidence::{Fact, Origin, ReadingRule};
use crate::model::operation::Location;
use crate::model::shared::SentByAll;

pub(super) static HEADER_ON_PAGE: ReadingRule = ReadingRule {
    name: "header-on-page",
    origin: Origin::Prose,
    summary: "a header that a page without an endpoint names in a table or a sentence about headers, or sends in a curl command, may be sent to all operations",
};
pub(super) static SCHEMES_ON_PAGE: ReadingRule = ReadingRule {
    name: "schemes-on-page",
    origin: Origin::Prose,
    summary: "`as a bearer token, or with HTTP Basic`, on a page without an endpoint, allows each for all operations",
};

/// What one page says of all requests.
pub(super) fn of_page(page: &Page) -> SentByAll {
    let mut sent = SentByAll::default();
    of_nodes(&page.nodes, &mut sent);
    sent
}

fn of_nodes(nodes: &[Node], sent: &mut SentByAll) {
    for node in nodes {
        match node {
            Node::Prose(prose) => {
                let lower = prose.text.text().to_ascii_lowercase();
                let may_say = ["header", "x-", "bearer", "auth"]
                    .iter()
                    .any(|it| lower.contains(it));
                if may_say {
                    of_blocks(&prose.blocks(), sent);
                }
            }
            Node::Element(element) if field::is_field(&element.name) => {
                let (role, field) = field::read(element);
                if role == Role::Parameter(Location::Header) {
                    sent.headers.push(field.name);
                }
            }
            Node::Element(element) => of_nodes(&element.children, sent),
            Node::Fence(fence) => of_fence(fence, sent),
            Node::Expression(_) => {}
        }
    }
}

fn of_fence(fence: &Fence, sent: &mut SentByAll) {
    let text = fence.code.text();
    if !text.contains("curl") {
        return;
    }
    for command in curl::commands(text) {
        let written = command.headers.iter().filter(|header| !header.implied);
        sent.headers.extend(written.map(|header| {
            let span = fence.code.span(header.name.range.clone());
            Fact::new(header.name.value.clone(), span, &HEADER_ON_PAGE)
        }));
    }
}

fn of_blocks(blocks: &[Block], sent: &mut SentByAll) {
    for block in blocks {
        match block {
            Block::Paragraph(inline) => of_inline(inline, sent),
            Block::List(items) => items.iter().for_each(|item| of_blocks(item, sent)),
            Block::Quote(blocks) => of_blocks(blocks, sent),
            Block::Table(rows) => of_table(rows, sent),
            Block::Heading(..) => {}
        }
    }
}

fn of_table(rows: &[Vec<Inline>], sent: &mut SentByAll) {
    let Some((head, rows)) = rows.split_first() else {
        return;
    };
    let is_of_headers = head
        .first()
        .is_some_and(|cell| cell.text().to_lowercase().contains("header"));
    for cell in rows.iter().filter_map(|row| row.first()) {
        let text = cell.text();
        let name = text.split(':').next().unwrap_or_default().trim();
        let is_named = is_of_headers || is_custom(name);
        if let (true, Some(part)) = (is_named && is_header(name), cell.parts.first()) {
            let name = name.to_owned();
            sent.headers
                .push(Fact::new(name, part.span, &HEADER_ON_PAGE));
        }
    }
}

fn of_inline(inline: &Inline, sent: &mut SentByAll) {
    for pieces in sentences(inline) {
        let text: String = pieces.iter().map(|piece| piece.text.as_str()).collect();
        let speaks = text.to_lowercase().contains("header");
        for piece in pieces.iter().filter(|piece| piece.code) {
            let name = piece.text.split(':').next().unwrap_or_default().trim();
            if is_header(name) && (speaks || is_custom(name)) {
                let name = name.to_owned();
                sent.headers
                    .push(Fact::new(name, piece.span, &HEADER_ON_PAGE));
            }
        }
        if let (true, Some(first)) = (auth::offers_choice(&text), pieces.first()) {
            let fact = Fact::new(text.to_lowercase(), first.span, &SCHEMES_ON_PAGE);
            sent.credentials.push(fact);
        }
    }
}

fn is_header(name: &str) -> bool {
    static NAME: LazyLock<Pattern> =
        LazyLock::new(|| pattern(r"^[A-Za-z][A-Za-z0-9]*(?:[-_][A-Za-z0-9]+)*$"));
    NAME.is_match(name)
}

/// True for the names that only headers have: `X-Tenant`.
fn is_custom(name: &str) -> bool {
    name.get(..2)
        .is_some_and(|start| start.eq_ignore_ascii_case("x-"))
}
