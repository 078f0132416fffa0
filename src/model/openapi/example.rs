//! `example` and `examples` to response examples.
//!
//! The value is written out as JSON again, and each scalar and key still leads to its place in the file, so that a
//! mismatch is shown where the author wrote it, in YAML as in JSON.

use serde_json::Value;

use crate::model::evidence::Origin;
use crate::model::json::{self, Json, JsonKind};
use crate::model::operation::Example;
use crate::source::{Excerpt, Span};

use super::tree::{Files, Node};

/// The examples of a media type; one of its schema counts if there is no other.
///
/// `left` is how many values may still be copied, as one example may be referred to from everywhere.
pub(super) fn all<'t>(
    files: &Files<'t>,
    media_type: &str,
    media: Node<'t>,
    left: &mut usize,
) -> Vec<Example> {
    let is_json = media_type.contains("json");
    let mut of = |title: Option<&str>, value: Node<'t>| {
        *left = left.checked_sub(size(value.json))?;
        Some(example(title, value, is_json))
    };
    let mut found: Vec<Example> = Vec::new();
    for (name, _, item) in media.get("examples").into_iter().flat_map(Node::members) {
        let item = files.resolve(item);
        let value = item.and_then(|item| item.get("value"));
        found.extend(value.and_then(|value| of(Some(name), value)));
    }
    if found.is_empty() {
        let schema = media.get("schema").and_then(|schema| files.resolve(schema));
        let listed = schema
            .and_then(|schema| schema.get("examples"))
            .and_then(|examples| examples.items().next());
        let value = media
            .get("example")
            .or_else(|| schema.and_then(|schema| schema.get("example")))
            .or(listed);
        found.extend(value.and_then(|value| of(None, value)));
    }
    found
}

/// The number of values inside a value, itself included.
fn size(json: &Json) -> usize {
    let members: usize = json.members().iter().map(|it| size(&it.value)).sum();
    let items: usize = json.items().iter().map(size).sum();
    members + items + 1
}

fn example(title: Option<&str>, value: Node<'_>, is_json: bool) -> Example {
    let span = value.place();
    let text = match value.text() {
        Some(text) if !is_json => {
            let mut excerpt = Excerpt::empty(span.file);
            excerpt.push_replaced(text, span);
            excerpt
        }
        _ => {
            let mut excerpt = Excerpt::empty(span.file);
            write(value, value.json, 0, &mut excerpt);
            excerpt
        }
    };
    Example {
        head: None,
        title: title.map(str::to_owned),
        title_span: span,
        language: is_json.then(|| "json".to_owned()),
        json: is_json.then(|| json::read(text.text())),
        media_type: if is_json {
            "application/json"
        } else {
            "text/plain; charset=utf-8"
        },
        text,
        origin: Origin::Example,
        span,
    }
}

/// Writes a value indented by two spaces; `node` knows the file.
fn write(node: Node<'_>, json: &Json, depth: usize, out: &mut Excerpt) {
    let span = node.span(&json.range);
    let (edges, items): ([&str; 2], Vec<(Option<&json::Member>, &Json)>) = match &json.kind {
        JsonKind::Array(items) => (["[", "]"], items.iter().map(|item| (None, item)).collect()),
        JsonKind::Object(members) => {
            let members = members.iter().map(|member| (Some(member), &member.value));
            (["{", "}"], members.collect())
        }
        _ => {
            out.push_replaced(&json.to_value().to_string(), span);
            return;
        }
    };
    let [open, close] = edges;
    let start = span.at_start();
    out.push_replaced(open, span);
    let count = items.len();
    for (index, (member, value)) in items.into_iter().enumerate() {
        line(depth + 1, start, out);
        if let Some(member) = member {
            let key = Value::String(member.key.clone()).to_string();
            out.push_replaced(&key, node.span(&member.key_range));
            out.push_replaced(": ", node.span(&member.key_range));
        }
        write(node, value, depth + 1, out);
        if index + 1 < count {
            out.push_replaced(",", node.span(&value.range));
        }
    }
    if count > 0 {
        line(depth, start, out);
    }
    out.push_replaced(close, span);
}

fn line(depth: usize, at: Span, out: &mut Excerpt) {
    out.push_replaced(&format!("\n{}", "  ".repeat(depth)), at);
}
