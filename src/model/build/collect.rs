//! Walks a page and collects its fields and examples with what stands around them: the status and variant that a
//! tab, an accordion, or a heading gives them.

use crate::mdx::markdown::Block;
use crate::mdx::{Element, Fence, Node, Page, Prose};
use crate::model::evidence::{Fact, Origin};
use crate::model::operation::{Field, Status};

use super::field::{self, Role};
use super::status;

/// The fields and examples of a page, in document order.
#[derive(Default)]
pub(super) struct Collected<'p> {
    pub(super) request_fields: Vec<(Role, Field)>,
    pub(super) response_fields: Vec<(Context, Field)>,
    pub(super) request_fences: Vec<&'p Fence>,
    pub(super) response_fences: Vec<(Context, &'p Fence)>,
}

/// What is said around a field or an example.
#[derive(Clone, Debug, Default)]
pub(super) struct Context {
    pub(super) status: Option<Status>,
    pub(super) variant: Option<Fact<String>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Request,
    Response,
}

pub(super) fn collect(page: &Page) -> Collected<'_> {
    let mut collected = Collected::default();
    collected.nodes(&page.nodes, &Context::default(), None);
    collected
}

impl<'p> Collected<'p> {
    fn nodes(&mut self, nodes: &'p [Node], around: &Context, side: Option<Side>) {
        let mut headings = Headings::default();
        for node in nodes {
            match node {
                Node::Prose(prose) => headings.read(prose),
                Node::Element(element) => self.element(element, &headings.context(around), side),
                Node::Fence(fence) => {
                    if let Some(side) = side {
                        self.fence(fence, &headings.context(around), side);
                    }
                }
                Node::Expression(_) => {}
            }
        }
    }

    fn element(&mut self, element: &'p Element, context: &Context, side: Option<Side>) {
        match element.name.as_str() {
            name if field::is_field(name) => self.field(element, context),
            "RequestExample" => self.nodes(&element.children, context, Some(Side::Request)),
            "ResponseExample" => self.nodes(&element.children, context, Some(Side::Response)),
            "Tab" | "Accordion" | "Step" => {
                self.nodes(&element.children, &titled(element, context), side);
            }
            _ => self.nodes(&element.children, context, side),
        }
    }

    fn field(&mut self, element: &'p Element, context: &Context) {
        let (role, mut field) = field::read(element);
        field.variant.clone_from(&context.variant);
        if role == Role::Response {
            self.response_fields.push((context.clone(), field));
        } else {
            self.request_fields.push((role, field));
        }
    }

    /// A title outranks the position: a "Response" inside the request examples is a response.
    fn fence(&mut self, fence: &'p Fence, context: &Context, side: Side) {
        let title = fence.title().unwrap_or_default().to_ascii_lowercase();
        let is_json = fence
            .language
            .as_deref()
            .is_some_and(|language| language.eq_ignore_ascii_case("json"));
        let side = match side {
            Side::Request
                if is_json && title.contains("response") && !title.contains("request") =>
            {
                Side::Response
            }
            Side::Response
                if title.contains("request")
                    && !title.contains("response")
                    && !title.contains("bad request") =>
            {
                Side::Request
            }
            side => side,
        };
        match side {
            Side::Request => self.request_fences.push(fence),
            Side::Response => self.response_fences.push((context.clone(), fence)),
        }
    }
}

/// The title of a tab states a status, or tells variants apart.
fn titled(element: &Element, context: &Context) -> Context {
    let Some((title, span)) = field::title(element) else {
        return context.clone();
    };
    match status::of_title(title, span, Origin::Attribute) {
        Some(status) => Context {
            status: Some(status),
            ..context.clone()
        },
        None => Context {
            variant: Some(Fact::new(title.to_owned(), span, Origin::Attribute)),
            ..context.clone()
        },
    }
}

/// The statuses that the headings above a node state, outermost first.
#[derive(Default)]
struct Headings {
    open: Vec<(u8, Option<Status>)>,
}

impl Headings {
    fn read(&mut self, prose: &Prose) {
        if !prose.text.text().contains('#') {
            return;
        }
        for block in prose.blocks() {
            let Block::Heading(level, inline) = block else {
                continue;
            };
            let text = inline.text();
            let span = inline.parts.first().map(|part| part.span);
            let status = span.and_then(|span| status::of_title(&text, span, Origin::Prose));
            self.open.retain(|(open, _)| *open < level);
            self.open.push((level, status));
        }
    }

    fn context(&self, around: &Context) -> Context {
        let stated = self
            .open
            .iter()
            .rev()
            .find_map(|(_, status)| status.clone());
        Context {
            status: stated.or_else(|| around.status.clone()),
            variant: around.variant.clone(),
        }
    }
}
