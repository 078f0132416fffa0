//! Pages that document an object and no endpoint, such as the events that a server sends: the fields, and the example
//! beside them.
//!
//! Only a page that documents one object and shows one example says which belongs to which.

use crate::mdx::{Fence, Node, Page};
use crate::model::evidence::Origin;
use crate::model::operation::{Response, Status};
use crate::source::FileId;

use super::{collect, examples, keyed, shape, stated};

/// An object that a page documents, with the examples of it.
#[derive(Clone, Debug)]
pub struct Payload {
    /// The page.
    pub page: FileId,
    /// The fields and examples, as those of an answer without status.
    pub content: Response,
}

/// What a page without an endpoint documents.
pub(super) fn of_page(page: &Page) -> Option<Payload> {
    // What an OpenAPI file says of a page is not read here.
    if stated::named(page).is_some() || !has_fields(&page.nodes) {
        return None;
    }
    let collected = collect::collect(&[&page.nodes]);
    let is_request = !collected.request_fields.is_empty() || !collected.request_fences.is_empty();
    let first = &collected.response_fields.first()?.0;
    let is_one = collected.response_fields.iter().all(|(context, _)| {
        let heading = |of: &collect::Context| of.heading.as_ref().map(|it| it.evidence.span);
        context.status.is_none()
            && context.variant.is_none()
            && context.part.is_none()
            && heading(context) == heading(first)
    });
    if is_request || !is_one {
        return None;
    }
    let stated: Vec<_> = collected.response_fences.iter().map(|it| it.1).collect();
    let mut bare = Vec::new();
    json_fences(&page.nodes, &mut bare);
    let (fence, origin) = match (stated.as_slice(), bare.as_slice()) {
        ([only], _) => (*only, Origin::Example),
        ([], [only]) => (*only, Origin::Inferred),
        _ => return None,
    };
    let fields: Vec<_> = collected
        .response_fields
        .into_iter()
        .map(|it| it.1)
        .collect();
    let example = examples::response(fence, origin);
    // Another thing may be shown beside the fields.
    if let Some(value) = example.value() {
        let shown = fields
            .iter()
            .filter(|field| value.get(field.name.value.trim()).is_some());
        if shown.count() * 2 < fields.len() {
            return None;
        }
    }
    let mut shape = shape::of_members(&fields, &example.value().into_iter().collect::<Vec<_>>());
    keyed::apply(&mut shape, &example.value().into_iter().collect::<Vec<_>>());
    let elsewhere = collected.elsewhere;
    if let Some(elsewhere) = elsewhere.response.or(elsewhere.request) {
        shape.open(elsewhere);
    }
    Some(Payload {
        page: page.file,
        content: Response {
            status: Status::Success,
            variant: None,
            fields,
            shape: Some(shape),
            media_type: None,
            examples: vec![example],
        },
    })
}

fn has_fields(nodes: &[Node]) -> bool {
    let mut elements = nodes.iter().filter_map(Node::as_element);
    elements.any(|element| element.name == "ResponseField" || has_fields(&element.children))
}

/// The fences outside of fields that show a JSON object or array.
fn json_fences<'p>(nodes: &'p [Node], into: &mut Vec<&'p Fence>) {
    for node in nodes {
        match node {
            Node::Fence(fence) => {
                let language = fence.language.as_deref().unwrap_or_default();
                let starts = fence.code.text().trim_start().starts_with(['{', '[']);
                if language.eq_ignore_ascii_case("json") && starts {
                    into.push(fence);
                }
            }
            Node::Element(element) => json_fences(&element.children, into),
            _ => {}
        }
    }
}
