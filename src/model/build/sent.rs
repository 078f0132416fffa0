//! The bodies that request examples send, where they decide what the fields of a body describe.
//!
//! They do so in two cases only: a field named `body` may be a member of that name, and a text may say that the body is
//! an array of what the fields describe. Else an example that differs from the fields is wrong.

use std::sync::LazyLock;

use crate::mdx::{Node, Page};
use crate::model::curl::Body;
use crate::model::json::{self, Json};
use crate::model::operation::{Field, RequestExample};

use super::pattern::{Pattern, pattern};
use super::{field, shape};

/// The bodies that decide; none where the fields speak for themselves.
pub(super) fn deciding(page: &Page, fields: &[Field], examples: &[RequestExample]) -> Vec<Json> {
    let is_stand_in = matches!(fields, [only] if shape::is_root_stand_in(&only.name.value));
    if !is_stand_in && !(says_list(&page.nodes)) {
        return Vec::new();
    }
    let mut bodies: Vec<Json> = examples.iter().filter_map(body).collect();
    let is_list = |body: &Json| !body.items().is_empty();
    if !is_stand_in && !bodies.iter().all(is_list) {
        bodies.clear();
    }
    bodies
}

fn body(example: &RequestExample) -> Option<Json> {
    let text = match &example.curl {
        Some(curl) => match curl.body.as_ref()? {
            Body::Raw(text) => text.text(),
            _ => return None,
        },
        None => example.text.text(),
    };
    let is_json = text.trim_start().starts_with(['{', '[']);
    is_json.then(|| json::read(text).documents.pop()).flatten()
}

/// True if the text of the page, outside of fields, says that the body is an array.
fn says_list(nodes: &[Node]) -> bool {
    static LIST: LazyLock<Pattern> =
        LazyLock::new(|| pattern(r"(?i)\b(?:body|payload)\b[^.\n]{0,60}\b(?:array|list)\b"));
    nodes.iter().any(|node| match node {
        Node::Prose(prose) => LIST.is_match(prose.text.text()),
        Node::Element(element) if !field::is_field(&element.name) => says_list(&element.children),
        _ => false,
    })
}
