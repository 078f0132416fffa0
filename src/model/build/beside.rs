//! What a page with an `api:` line documents beside its own endpoint: further ones, and itself again.
//!
//! | stated by | holds for |
//! | --- | --- |
//! | a heading `## POST /users`, or one that ends with it: `## Create (POST /users)` | what follows, to the next heading of its level that is no label such as "Response" |
//! | a paragraph that is `POST /users`, a fence that holds it and nothing else | what follows, to the next heading of the level of the one above |
//! | a second frontmatter | the rest of the page |
//!
//! Only what has fields of its own, behind some of the endpoint itself, is another operation: a page may name a call, and
//! it may say once more what it documents. The platform reads all of it as one endpoint.

use std::ops::Range;

use crate::mdx::markdown::{Block, Inline};
use crate::mdx::{Element, Fence, Node, Page, Prose};
use crate::model::curl;
use crate::model::endpoint::{Endpoint, METHODS, split_server};
use crate::model::evidence::{Fact, Origin, ReadingRule};
use crate::model::operation::{Operation, Response};
use crate::model::route::Template;
use crate::model::shape::Shape;
use crate::source::Span;

use super::{examples, sections, stated};

static ENDPOINT_BESIDE: ReadingRule = ReadingRule {
    name: "endpoint-beside",
    origin: Origin::Inferred,
    summary: "`POST /path` as a heading, a paragraph, or a fence of its own, on a page with another endpoint in `api:`, begins a further operation if fields follow",
};
/// How the code here reads pages.
pub(super) static READING_RULES: &[&ReadingRule] = &[&ENDPOINT_BESIDE];

/// The parts of a page.
pub(super) struct Beside {
    /// Further endpoints.
    pub(super) others: Vec<Fact<Endpoint>>,
    /// Where a second frontmatter begins.
    pub(super) again: Option<Span>,
    /// For each node of the page to what it belongs; nothing, if all of it belongs to the endpoint.
    owners: Vec<Owner>,
}

/// What a node of the page belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    /// The endpoint of the page.
    Own,
    /// A further one.
    Other(usize),
    /// The page once more.
    Again,
}

impl Beside {
    /// What the node belongs to.
    pub(super) fn owner(&self, index: usize) -> Owner {
        self.owners.get(index).copied().unwrap_or(Owner::Own)
    }

    /// The stretches of nodes that belong to it; `count` nodes are on the page.
    pub(super) fn nodes(&self, owner: Owner, count: usize) -> Vec<Range<usize>> {
        let mut found: Vec<Range<usize>> = Vec::new();
        for index in (0..count).filter(|index| self.owner(*index) == owner) {
            match found.last_mut().filter(|last| last.end == index) {
                Some(last) => last.end += 1,
                None => found.push(index..index + 1),
            }
        }
        found
    }
}

/// The parts of a page whose `api:` line states `own`.
pub(super) fn split(page: &Page, own: &Endpoint) -> Beside {
    let mut reader = Reader {
        own,
        others: Vec::new(),
        stated_by_fence: Vec::new(),
        again: None,
        owners: Vec::new(),
        current: Owner::Own,
        level: 0,
        part_level: 0,
    };
    if page.nodes.iter().any(may_state) {
        for (index, node) in page.nodes.iter().enumerate() {
            let rest = page.nodes.get(index + 1..).unwrap_or_default();
            reader.node(node, rest, page.nodes.get(..index).unwrap_or_default());
        }
        reader.settle(&page.nodes);
    }
    Beside {
        others: reader.others,
        again: reader.again,
        owners: reader.owners,
    }
}

/// True for a node that could state an endpoint: most pages hold none, and need no closer look.
fn may_state(node: &Node) -> bool {
    let text = match node {
        Node::Fence(fence) => fence.code.text(),
        Node::Prose(prose) => prose.text.text(),
        _ => return false,
    };
    let is_fence = matches!(node, Node::Fence(_));
    text.lines()
        .take(if is_fence { 2 } else { usize::MAX })
        .any(|line| {
            let is_key = line.starts_with("api:") || line.starts_with("title:");
            let names_method = || {
                line.split(|it: char| !it.is_ascii_alphabetic())
                    .any(|word| METHODS.contains(&word))
            };
            !is_fence && is_key || line.contains('/') && names_method()
        })
}

struct Reader<'a> {
    own: &'a Endpoint,
    others: Vec<Fact<Endpoint>>,
    /// For each of them whether a fence states it.
    stated_by_fence: Vec<bool>,
    again: Option<Span>,
    owners: Vec<Owner>,
    current: Owner,
    /// That of the nearest heading.
    level: u8,
    /// A heading of this level or above ends the part.
    part_level: u8,
}

impl Reader<'_> {
    fn node(&mut self, node: &Node, rest: &[Node], before: &[Node]) {
        match node {
            Node::Prose(prose) => self.prose(prose, rest, before),
            Node::Fence(fence) => {
                self.call(fence);
                if let Some(endpoint) = stated::of_fence(fence) {
                    self.state(endpoint, self.level, true, before);
                }
            }
            _ => {}
        }
        let owner = match (node, self.current) {
            (Node::Element(element), Owner::Other(_)) if self.is_own(element, before) => Owner::Own,
            (_, current) => current,
        };
        self.owners.push(owner);
    }

    /// A command calls an endpoint, and an answer follows it.
    fn call(&mut self, fence: &Fence) {
        if self.others.is_empty() || self.again.is_some() || !fence.code.text().contains("curl") {
            return;
        }
        let commands = curl::commands(fence.code.text());
        let Some((method, url)) = commands
            .first()
            .and_then(|it| Some((&it.method.value, it.url.as_ref()?)))
        else {
            return;
        };
        let (_, path) = split_server(url.text.text());
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let is_called = |it: &Endpoint| it.method == *method && examples::matches(&it.path, path);
        let called = self.others.iter().position(|it| is_called(&it.value));
        if is_called(self.own) {
            self.current = Owner::Own;
        } else if let Some(other) = called {
            self.current = Owner::Other(other);
            self.part_level = self.level;
        }
    }

    fn prose(&mut self, prose: &Prose, rest: &[Node], before: &[Node]) {
        if let Some((endpoint, span)) = frontmatter(prose) {
            self.again = self.again.or(Some(span));
            self.current = Owner::Again;
            if let Some(endpoint) = endpoint.filter(|it| !self.is_same(it)) {
                self.others
                    .push(Fact::new(endpoint, span, &ENDPOINT_BESIDE));
                self.stated_by_fence.push(false);
                self.current = Owner::Other(self.others.len() - 1);
            }
            return;
        }
        // Nothing but the end of the page ends what stands below a second frontmatter.
        if self.again.is_some() {
            return;
        }
        let blocks = prose.blocks();
        let last = blocks.len().saturating_sub(1);
        let tail = stated::line_after(prose, rest);
        for (index, block) in blocks.iter().enumerate() {
            let tail = if index == last { tail.as_str() } else { "" };
            match block {
                Block::Heading(level, inline) => self.heading(*level, inline, tail, before),
                Block::Paragraph(inline) => {
                    if let Some(endpoint) = stated::of_inline(inline, tail) {
                        self.state(endpoint, self.level, false, before);
                    }
                }
                _ => {}
            }
        }
    }

    fn heading(&mut self, level: u8, inline: &Inline, tail: &str, before: &[Node]) {
        self.level = level;
        if let Some(endpoint) = of_heading(inline, tail) {
            self.state(endpoint, level, false, before);
            return;
        }
        let title = inline.text();
        let is_label = level == self.part_level && sections::is_label(&title);
        if level <= self.part_level && !is_label {
            self.current = Owner::Own;
        }
    }

    /// A part begins, of this endpoint or of another one.
    fn state(&mut self, endpoint: Fact<Endpoint>, level: u8, by_fence: bool, before: &[Node]) {
        if self.again.is_some() {
            return;
        }
        if self.is_same(&endpoint.value) {
            self.current = Owner::Own;
            return;
        }
        // What stands above all fields is the page's own, however it is written.
        if !stated::has_fields(before) {
            return;
        }
        self.part_level = level;
        let endpoint = Fact {
            value: Endpoint {
                server: endpoint.value.server.or_else(|| self.own.server.clone()),
                ..endpoint.value
            },
            evidence: crate::model::Evidence::new(endpoint.evidence.span, &ENDPOINT_BESIDE),
        };
        let mut known = self.others.iter();
        let index = known.position(|other| is_same(&other.value, &endpoint.value));
        self.current = Owner::Other(index.unwrap_or(self.others.len()));
        if index.is_none() {
            self.others.push(endpoint);
            self.stated_by_fence.push(by_fence);
        }
    }

    fn is_same(&self, endpoint: &Endpoint) -> bool {
        is_same(self.own, endpoint)
    }

    /// True for examples at the end of a page that has none of that kind for its own endpoint.
    fn is_own(&self, element: &Element, before: &[Node]) -> bool {
        let is_example = matches!(element.name.as_str(), "RequestExample" | "ResponseExample");
        let mut known = before.iter().zip(&self.owners);
        let is_other = |(node, owner): (&Node, &Owner)| {
            let same = node.as_element().filter(|it| it.name == element.name);
            same.is_some() && *owner == Owner::Own
        };
        is_example && self.again.is_none() && !known.any(is_other)
    }

    /// Without fields a fence names a call, and nothing else is documented.
    fn settle(&mut self, nodes: &[Node]) {
        let mut kept: Vec<Option<usize>> = Vec::new();
        let mut others = Vec::new();
        for (index, other) in self.others.drain(..).enumerate() {
            let mut own = nodes.iter().zip(&self.owners);
            let has_fields = own.any(|(node, owner)| {
                *owner == Owner::Other(index) && stated::has_fields(std::slice::from_ref(node))
            });
            kept.push(has_fields.then_some(others.len()));
            if has_fields {
                others.push(other);
            }
        }
        self.others = others;
        for owner in &mut self.owners {
            let Owner::Other(index) = *owner else {
                continue;
            };
            let by_fence = self.stated_by_fence.get(index) == Some(&true);
            *owner = match kept.get(index).copied().flatten() {
                Some(index) => Owner::Other(index),
                None if by_fence => Owner::Own,
                None => Owner::Again,
            };
        }
    }
}

/// Gives examples that show what a further endpoint documents to it, out of those that a page has for all of them.
pub(super) fn share(own: &mut Operation, others: &mut [Operation]) {
    for response in &mut own.responses {
        let Some(shape) = &response.shape else {
            continue;
        };
        let examples = std::mem::take(&mut response.examples);
        for example in examples {
            let fits = |shape: &Shape| {
                let value = example.value();
                value.is_none_or(|value| shape.mismatches(value).is_empty())
            };
            let mut shapes = others
                .iter_mut()
                .flat_map(|other| &mut other.responses)
                .filter(|it| it.status.is_success() == response.status.is_success());
            let is_of = |it: &&mut Response| it.shape.as_ref().is_some_and(fits);
            match shapes.find(is_of).filter(|_| !fits(shape)) {
                Some(other) => other.examples.push(example),
                None => response.examples.push(example),
            }
        }
    }
}

/// True if both are one call: one method, and one path, perhaps below a path of the server.
fn is_same(one: &Endpoint, other: &Endpoint) -> bool {
    let path = |of: &Endpoint| Template::parse(&of.path).identity();
    let (one_path, other_path) = (path(one), path(other));
    one.method == other.method
        && (one_path.ends_with(&other_path) || other_path.ends_with(&one_path))
}

/// What a heading states that is a call or ends with one: `Create a user (POST /users)`, `Create a user: POST /users`.
fn of_heading(inline: &Inline, tail: &str) -> Option<Fact<Endpoint>> {
    if let Some(stated) = stated::of_inline(inline, tail) {
        return Some(stated);
    }
    let text = format!("{}{tail}", inline.text());
    let (_, last) = text.rsplit_once(['(', ':', '—', '–'])?;
    let endpoint = stated::of_line(last.trim().trim_end_matches(')'))?;
    let first = inline.parts.first()?.span;
    let last = inline.parts.last()?.span;
    Some(Fact::new(endpoint, first.to(last), &ENDPOINT_BESIDE))
}

/// The endpoint of a second frontmatter, and its place: lines of keys, a title or an endpoint among them, between dashes.
fn frontmatter(prose: &Prose) -> Option<(Option<Endpoint>, Span)> {
    let text = prose.text.text();
    let mut at = 0;
    let mut open: Option<Keys> = None;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let line = line.trim_end();
        if line == "---" {
            if let Some(keys) = open.filter(|keys| keys.is_frontmatter) {
                return Some((keys.endpoint, prose.text.span(keys.start..start + 3)));
            }
            open = Some(Keys::at(start));
        } else if !open.as_mut().is_some_and(|keys| keys.read(line)) {
            open = None;
        }
    }
    None
}

/// What was read behind dashes.
struct Keys {
    start: usize,
    is_frontmatter: bool,
    endpoint: Option<Endpoint>,
}

impl Keys {
    fn at(start: usize) -> Self {
        Self {
            start,
            is_frontmatter: false,
            endpoint: None,
        }
    }

    /// Takes in a line, if it has a key.
    fn read(&mut self, line: &str) -> bool {
        let Some((key, value)) = line.split_once(':') else {
            return false;
        };
        let is_key = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '_');
        if key.is_empty() || !key.chars().all(is_key) {
            return false;
        }
        self.is_frontmatter |= matches!(key, "title" | "api" | "openapi");
        if key == "api" {
            let value = value.trim().trim_matches(['"', '\'']);
            self.endpoint = Endpoint::parse(value).ok();
        }
        true
    }
}
