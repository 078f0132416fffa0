//! A page as it was written: its metadata, its fields with all their attributes, and its example blocks, each with what
//! stands around it.
//!
//! The model says what a page means. What the platform makes of it depends on how it is written, and some mistakes can
//! only be seen there.

use std::collections::{BTreeMap, BTreeSet};

use crate::mdx::{Element, Node, Page, Prose};
use crate::model::endpoint::Endpoint;
use crate::source::{Excerpt, FileId, Span};

use super::beside::{self, Owner};
use super::field::{self, is_field};

pub use crate::mdx::markdown::{Block, Inline};
pub use crate::mdx::{Attribute, AttributeValue, Entry};

/// A page as it was written.
#[derive(Clone, Debug)]
pub struct Written<'p> {
    /// The file.
    pub file: FileId,
    /// The entries of the frontmatter.
    pub metadata: &'p [Entry],
    /// The fields that stand in no other field, in the order of the page.
    pub fields: Vec<WrittenField<'p>>,
    /// The `RequestExample` and `ResponseExample` components.
    pub examples: Vec<WrittenExample<'p>>,
    /// Components with a name that is almost that of one that documents the API.
    pub misspelled: Vec<(&'p Element, &'static str)>,
    /// The components that the page brings along.
    own: Vec<&'p str>,
    /// The endpoints beside that of the `api:` line that have fields on the page, and where each is stated.
    pub others: Vec<(Endpoint, Span)>,
    /// The Markdown with tables, each with the heading that stands above what follows it.
    pub tables: Vec<(&'p str, &'p Prose)>,
    /// Where a second frontmatter stands.
    pub again: Option<Span>,
    nodes: &'p [Node],
    /// How many parts there are so far, and the one that is read.
    parts: u32,
    part: u32,
    /// The nearest heading.
    heading: &'p str,
    /// The last paragraph, if nothing but fields has followed it.
    lead: &'p str,
    /// Whether what is read belongs to the endpoint of the page.
    is_own: bool,
}

/// A field as it was written.
#[derive(Clone, Debug)]
pub struct WrittenField<'p> {
    /// `ParamField`, `ResponseField`, or `Param`.
    pub tag: &'p str,
    /// The place of the tag's name.
    pub tag_span: Span,
    /// The opening tag.
    pub open: Span,
    /// The attributes.
    pub attributes: &'p [Attribute],
    /// The outermost component between the field and the one that it stands in, or the page.
    pub inside: Option<&'p Element>,
    /// Which part of its surroundings it stands in: headings, lines that end in a colon, and components with a title begin a
    /// new one.
    pub part: u32,
    /// The heading above it, or the title of the tab or the like around it.
    pub heading: &'p str,
    /// The paragraph right above it, or above the fields right above it.
    pub lead: &'p str,
    /// True if it stands in the part of the page that is about its own endpoint.
    pub is_own: bool,
    /// The fields that stand in it.
    pub children: Vec<WrittenField<'p>>,
}

/// A component for examples.
#[derive(Clone, Debug)]
pub struct WrittenExample<'p> {
    /// `RequestExample` or `ResponseExample`.
    pub tag: &'p str,
    /// The opening tag.
    pub open: Span,
    /// True if it stands in the part of the page that is about its own endpoint.
    pub is_own: bool,
    /// True if a fence stands directly in it.
    pub has_fences: bool,
    /// The first component in it that holds fences.
    pub wrapper: Option<&'p Element>,
}

/// The attributes that say where a `ParamField` is sent.
pub const LOCATIONS: [&str; 6] = ["body", "query", "path", "header", "cookie", "auth"];

impl<'p> Written<'p> {
    /// The last entry of that key in the frontmatter.
    pub fn entry(&self, key: &str) -> Option<&'p Entry> {
        self.metadata.iter().rev().find(|entry| entry.key == key)
    }

    /// True if a fence or the text of the page shows a path with that parameter.
    pub fn shows_path_parameter(&self, name: &str) -> bool {
        let forms = [format!("/{{{name}}}"), format!("/:{name}")];
        holds_text(self.nodes, &forms)
    }

    /// True if the platform takes the page for an endpoint.
    pub fn is_endpoint(&self) -> bool {
        self.entry("api").is_some()
    }

    /// True if a component of the page that is no field has the name in its title or its name, or if a fence outside of the
    /// examples declares it: `<Accordion title="size">`, `size?: number;`.
    pub fn documents_loosely(&self, name: &str) -> bool {
        declared_in(self.nodes, name)
    }

    /// The running texts of the page, those in components included, in their order.
    pub fn texts(&self) -> Vec<&'p Excerpt> {
        let mut texts = Vec::new();
        texts_in(self.nodes, &mut texts);
        texts
    }

    /// The running texts outside of fields, in their order.
    pub fn texts_outside(&self) -> Vec<&'p Excerpt> {
        let mut texts = Vec::new();
        texts_outside_in(self.nodes, &mut texts);
        texts
    }

    /// The contents of the fences outside of fields and of the components for examples, in their order.
    pub fn codes_outside(&self) -> Vec<&'p Excerpt> {
        let mut codes = Vec::new();
        codes_outside_in(self.nodes, &mut codes);
        codes
    }

    fn visit(
        &mut self,
        nodes: &'p [Node],
        inside: Option<&'p Element>,
        fields: &mut Vec<WrittenField<'p>>,
    ) {
        for node in nodes {
            match node {
                Node::Prose(prose) => {
                    if let Some(lead) = last_paragraph(prose.text.text()) {
                        self.lead = lead;
                    }
                    if let Some(heading) = last_heading(prose.text.text()) {
                        self.next_part();
                        self.heading = heading;
                    } else if leads_in(prose.text.text()) {
                        self.next_part();
                    }
                    if prose.text.text().contains("|--")
                        || prose.text.text().contains("| --")
                        || prose.text.text().contains("|:-")
                        || prose.text.text().contains("| :-")
                    {
                        self.tables.push((self.heading, prose));
                    }
                }
                Node::Element(element) => self.element(element, inside, fields),
                Node::Fence(_) => self.lead = "",
                Node::Expression(_) => {}
            }
        }
    }

    fn element(
        &mut self,
        element: &'p Element,
        inside: Option<&'p Element>,
        fields: &mut Vec<WrittenField<'p>>,
    ) {
        let name = element.name.as_str();
        if is_field(name) {
            let (part, heading, lead) = (self.part, self.heading, self.lead);
            let mut children = Vec::new();
            self.visit(&element.children, None, &mut children);
            (self.part, self.heading, self.lead) = (part, heading, lead);
            fields.push(WrittenField {
                tag: name,
                tag_span: element.name_span,
                open: element.open,
                attributes: &element.attributes,
                inside,
                part,
                heading,
                lead,
                is_own: self.is_own,
                children,
            });
            return;
        }
        if matches!(name, "RequestExample" | "ResponseExample") {
            self.lead = "";
            let is_fence = |node: &Node| matches!(node, Node::Fence(_));
            let mut elements = element.children.iter().filter_map(Node::as_element);
            self.examples.push(WrittenExample {
                tag: name,
                open: element.open,
                is_own: self.is_own,
                has_fences: element.children.iter().any(is_fence),
                wrapper: elements.find(|inner| holds_fence(&inner.children)),
            });
            return;
        }
        let own = self.own.contains(&name);
        if let Some(meant) = meant(name).filter(|_| !own) {
            self.misspelled.push((element, meant));
        }
        let title = field::title(element).map(|(title, _)| title);
        let is_part = title.is_some();
        let around = (self.part, self.heading);
        if let Some(title) = title {
            self.next_part();
            self.heading = title;
        }
        self.visit(
            &element.children,
            inside.or_else(|| component(element)),
            fields,
        );
        if is_part {
            (self.part, self.heading) = around;
        }
    }

    fn next_part(&mut self) {
        self.parts += 1;
        self.part = self.parts;
    }
}

impl<'p> WrittenField<'p> {
    /// The attribute of that name.
    pub fn attribute(&self, name: &str) -> Option<&'p Attribute> {
        self.attributes.iter().find(|it| it.name == name)
    }

    /// True for a `ResponseField`.
    pub fn is_response(&self) -> bool {
        self.tag == "ResponseField"
    }

    /// The attributes that say where it is sent.
    pub fn locations(&self) -> Vec<&'p Attribute> {
        let is_location = |it: &&Attribute| LOCATIONS.contains(&it.name.as_str());
        self.attributes.iter().filter(is_location).collect()
    }

    /// The name, if it is known without running the page, and its place.
    pub fn name(&self) -> Option<(&'p str, Span)> {
        let attribute = if self.is_response() {
            self.attribute("name")?
        } else {
            self.locations().first().copied()?
        };
        Some((attribute.value.as_str()?, attribute.value_span))
    }

    /// True if any attribute gives it a name, be it the right one or not.
    pub fn is_named(&self) -> bool {
        let mut attributes = self.attributes.iter();
        attributes.any(|it| {
            it.name.is_empty() || it.name == "name" || LOCATIONS.contains(&it.name.as_str())
        })
    }

    /// The name for messages: the place of the field says the rest.
    pub fn shown_name(&self) -> String {
        let known = self.name().map(|(name, _)| name);
        // What another attribute than the right one says is still what people call it.
        let other = || {
            let mut names = self.attributes.iter();
            names
                .find(|it| it.name == "name" || LOCATIONS.contains(&it.name.as_str()))?
                .value
                .as_str()
        };
        let name = known.or_else(other).filter(|name| !name.is_empty());
        name.map_or_else(|| format!("<{}>", self.tag), str::to_owned)
    }

    /// What it is about, as in subjects; `around` is the subject of the field that it stands in.
    pub fn subject(&self, around: Option<&str>) -> String {
        let name = self.name().map_or("", |(name, _)| name);
        if let Some(around) = around {
            return format!("{around}.{name}");
        }
        let side = match self.locations().first() {
            _ if self.is_response() => "response".to_owned(),
            Some(location) => format!("request.{}", location.name),
            None => "request".to_owned(),
        };
        if name.is_empty() {
            side
        } else {
            format!("{side}.{name}")
        }
    }
}

/// A page as it was written.
pub fn written(page: &Page) -> Written<'_> {
    let imported = page.imports.iter().map(|import| import.local.as_str());
    let exported = page.exports.iter().map(|export| export.name.as_str());
    let mut written = Written {
        file: page.file,
        metadata: &page.frontmatter.entries,
        fields: Vec::new(),
        examples: Vec::new(),
        misspelled: Vec::new(),
        own: imported.chain(exported).collect(),
        others: Vec::new(),
        tables: Vec::new(),
        again: None,
        nodes: &page.nodes,
        parts: 0,
        part: 0,
        heading: "",
        lead: "",
        is_own: true,
    };
    let mut fields = Vec::new();
    let api = written.entry("api").and_then(|it| it.value.as_str());
    let own = api.and_then(|api| Endpoint::parse(api).ok());
    let beside = own.map(|own| beside::split(page, &own));
    for (index, node) in page.nodes.iter().enumerate() {
        let owner = beside.as_ref().map(|it| it.owner(index));
        written.is_own = owner.is_none_or(|it| it == Owner::Own);
        written.visit(std::slice::from_ref(node), None, &mut fields);
    }
    if let Some(beside) = beside {
        written.again = beside.again;
        let others = beside.others.into_iter();
        written.others = others.map(|it| (it.value, it.evidence.span)).collect();
    }
    written.fields = fields;
    written
}

/// The files that pages bring in, each with the pages that do.
pub fn uses(pages: &[Page]) -> BTreeMap<FileId, BTreeSet<FileId>> {
    let mut found = BTreeMap::new();
    for page in pages {
        files_of(&page.nodes, page.file, &mut found);
    }
    found
}

fn files_of(nodes: &[Node], page: FileId, found: &mut BTreeMap<FileId, BTreeSet<FileId>>) {
    for element in nodes.iter().filter_map(Node::as_element) {
        if element.span.file != page {
            found.entry(element.span.file).or_default().insert(page);
        }
        files_of(&element.children, page, found);
    }
    for fence in nodes.iter().filter(|node| matches!(node, Node::Fence(_))) {
        let file = fence.span().file;
        if file != page {
            found.entry(file).or_default().insert(page);
        }
    }
}

fn texts_in<'p>(nodes: &'p [Node], into: &mut Vec<&'p Excerpt>) {
    for node in nodes {
        match node {
            Node::Prose(prose) => into.push(&prose.text),
            Node::Element(element) => texts_in(&element.children, into),
            _ => {}
        }
    }
}

fn texts_outside_in<'p>(nodes: &'p [Node], into: &mut Vec<&'p Excerpt>) {
    for node in nodes {
        match node {
            Node::Prose(prose) => into.push(&prose.text),
            Node::Element(element) if !is_field(&element.name) => {
                texts_outside_in(&element.children, into);
            }
            _ => {}
        }
    }
}

fn codes_outside_in<'p>(nodes: &'p [Node], into: &mut Vec<&'p Excerpt>) {
    for node in nodes {
        match node {
            Node::Fence(fence) => into.push(&fence.code),
            Node::Element(element)
                if !is_field(&element.name)
                    && !matches!(element.name.as_str(), "RequestExample" | "ResponseExample") =>
            {
                codes_outside_in(&element.children, into);
            }
            _ => {}
        }
    }
}

fn declared_in(nodes: &[Node], name: &str) -> bool {
    nodes.iter().any(|node| match node {
        Node::Element(element) if is_field(&element.name) => declared_in(&element.children, name),
        Node::Element(element)
            if matches!(element.name.as_str(), "RequestExample" | "ResponseExample") =>
        {
            false
        }
        Node::Element(element) => {
            let mut attributes = element.attributes.iter();
            let is_named = attributes.any(|it| {
                matches!(it.name.as_str(), "name" | "title" | "field" | "param")
                    && it
                        .value
                        .as_str()
                        .is_some_and(|it| it.trim_matches('`') == name)
            });
            is_named || declared_in(&element.children, name)
        }
        Node::Fence(fence) => {
            let language = fence.language.as_deref().unwrap_or_default();
            let is_declaration = matches!(
                language.to_ascii_lowercase().as_str(),
                "ts" | "typescript" | "graphql" | "proto" | "protobuf" | "go" | "yaml" | "yml"
            );
            is_declaration && declares(fence.code.text(), name)
        }
        _ => false,
    })
}

/// True if a line begins with the name and a colon: `size?: number;`.
fn declares(code: &str, name: &str) -> bool {
    code.split(['\n', '{', ';', ',']).any(|part| {
        let rest = part.trim().strip_prefix(name);
        rest.is_some_and(|rest| rest.trim_start_matches(['?', ' ']).starts_with(':'))
    })
}

/// The last line that begins a part: a heading, a bold text, or a rule.
fn last_heading(text: &str) -> Option<&str> {
    text.lines().rfind(|line| {
        let line = line.trim_start();
        line.starts_with('#')
            || line.starts_with("**")
            || line.starts_with("---")
            || line.starts_with("===")
    })
}

/// The last paragraph of a text that is more than blanks.
fn last_paragraph(text: &str) -> Option<&str> {
    let paragraphs = text.split("\n\n").map(str::trim);
    paragraphs.filter(|it| !it.is_empty()).last()
}

/// True if the text ends in a line such as "For new accounts:", which says of which case the fields below it are.
fn leads_in(text: &str) -> bool {
    let last = text.trim_end().lines().last().unwrap_or_default().trim();
    last.ends_with([':', '：']) && !last.starts_with(['-', '*', '|', '>'])
}

/// A component of the platform; what a snippet brings stands where the snippet is used.
fn component(element: &Element) -> Option<&Element> {
    let is_use = element
        .children
        .first()
        .is_some_and(|child| child.span().file != element.span.file);
    let is_snippet = is_use || element.name == "Snippet" || element.name.is_empty();
    (!is_snippet).then_some(element)
}

fn holds_fence(nodes: &[Node]) -> bool {
    nodes.iter().any(|node| match node {
        Node::Fence(_) => true,
        Node::Element(element) => holds_fence(&element.children),
        _ => false,
    })
}

fn holds_text(nodes: &[Node], forms: &[String]) -> bool {
    let holds = |text: &str| forms.iter().any(|form| text.contains(form));
    nodes.iter().any(|node| match node {
        Node::Fence(fence) => holds(fence.code.text()),
        Node::Prose(prose) => holds(prose.text.text()),
        Node::Element(element) => holds_text(&element.children, forms),
        Node::Expression(_) => false,
    })
}

/// The component that a name is almost that of.
fn meant(name: &str) -> Option<&'static str> {
    const KNOWN: [&str; 4] = [
        "ParamField",
        "ResponseField",
        "RequestExample",
        "ResponseExample",
    ];
    if name.len() + 2 < "ParamField".len() {
        return None;
    }
    KNOWN.into_iter().find(|known| {
        known.eq_ignore_ascii_case(name)
            || format!("{known}s") == name
            || is_one_slip(known.as_bytes(), name.as_bytes())
    })
}

/// True if one byte was left out, put in, or replaced.
fn is_one_slip(one: &[u8], other: &[u8]) -> bool {
    let same = one
        .iter()
        .zip(other)
        .take_while(|(one, other)| one == other)
        .count();
    let rest =
        |text: &[u8], skipped: usize| text.get(same + skipped..).unwrap_or_default().to_vec();
    match one.len().abs_diff(other.len()) {
        0 => rest(one, 1) == rest(other, 1),
        1 if one.len() > other.len() => rest(one, 1) == rest(other, 0),
        1 => rest(one, 0) == rest(other, 1),
        _ => false,
    }
}
