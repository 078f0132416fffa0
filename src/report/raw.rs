//! The syntactic reading of pages, one JSON object a line, before any interpretation.
//!
//! A field is a child of the nearest field around it; every other element is transparent. Fences are listed by the
//! example block that they stand in. What comes from a snippet carries the snippet's path as `from`, and its `line`
//! counts there.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::{Value, json};

use crate::mdx::{AttributeValue, Element, Fence, Node, Page};
use crate::source::load::Site;
use crate::source::{FileId, Sources, Span};

#[derive(Serialize)]
struct RawPage<'a> {
    file: Cow<'a, str>,
    method: Option<String>,
    url: Option<String>,
    params: Vec<RawField<'a>>,
    response_fields: Vec<RawField<'a>>,
    request_examples: Vec<RawCode<'a>>,
    response_examples: Vec<RawCode<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rejected: Option<Value>,
}

#[derive(Serialize)]
struct RawField<'a> {
    el: &'a str,
    #[serde(rename = "in")]
    location: Option<&'a str>,
    name: Option<Value>,
    #[serde(rename = "type")]
    kind: Option<Value>,
    required: Option<Value>,
    deprecated: Option<Value>,
    default: Option<Value>,
    line: u32,
    children: Vec<RawField<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<Cow<'a, str>>,
}

#[derive(Serialize)]
struct RawCode<'a> {
    lang: Option<&'a str>,
    title: Option<String>,
    code: &'a str,
    line: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<Cow<'a, str>>,
}

/// The line of a page; `None` if it has neither `api:` nor a field nor an example.
pub fn line(site: &Site, page: &Page) -> Option<String> {
    let mut collected = Collected {
        sources: &site.sources,
        site,
        page: page.file,
        params: Vec::new(),
        response_fields: Vec::new(),
        request_examples: Vec::new(),
        response_examples: Vec::new(),
    };
    collected.nodes(&page.nodes, None, None);
    let api = page.frontmatter.get("api");
    let (method, url) = api
        .and_then(|entry| entry.value.as_str())
        .map_or((None, None), endpoint);
    let has_content = !collected.params.is_empty()
        || !collected.response_fields.is_empty()
        || !collected.request_examples.is_empty()
        || !collected.response_examples.is_empty();
    if api.is_none() && !has_content {
        return None;
    }
    let rejected = page.rejected.as_ref().map(|rejection| {
        let line = site.sources.positions(rejection.span).start.line;
        json!({"line": line, "message": rejection.message})
    });
    let raw = RawPage {
        file: site.path_below(site.sources.file(page.file).path()),
        method,
        url,
        params: collected.params,
        response_fields: collected.response_fields,
        request_examples: collected.request_examples,
        response_examples: collected.response_examples,
        rejected,
    };
    serde_json::to_string(&raw).ok()
}

fn endpoint(api: &str) -> (Option<String>, Option<String>) {
    let api = api.trim();
    let (method, url) = api.split_once(char::is_whitespace).unwrap_or((api, ""));
    if !method.bytes().all(|byte| byte.is_ascii_alphabetic()) || method.is_empty() {
        return (None, (!api.is_empty()).then(|| api.to_owned()));
    }
    let url = url.trim();
    (
        Some(method.to_ascii_uppercase()),
        (!url.is_empty()).then(|| url.to_owned()),
    )
}

struct Collected<'a> {
    sources: &'a Sources,
    site: &'a Site,
    page: FileId,
    params: Vec<RawField<'a>>,
    response_fields: Vec<RawField<'a>>,
    request_examples: Vec<RawCode<'a>>,
    response_examples: Vec<RawCode<'a>>,
}

#[derive(Clone, Copy)]
enum Example {
    Request,
    Response,
}

impl<'a> Collected<'a> {
    fn nodes(
        &mut self,
        nodes: &'a [Node],
        mut field: Option<&mut RawField<'a>>,
        example: Option<Example>,
    ) {
        for node in nodes {
            match node {
                Node::Element(element) => self.element(element, field.as_deref_mut(), example),
                Node::Fence(fence) => match example {
                    Some(Example::Request) => self.request_examples.push(self.code(fence)),
                    Some(Example::Response) => self.response_examples.push(self.code(fence)),
                    None => {}
                },
                Node::Prose(_) | Node::Expression(_) => {}
            }
        }
    }

    fn element(
        &mut self,
        element: &'a Element,
        field: Option<&mut RawField<'a>>,
        example: Option<Example>,
    ) {
        let example = match element.name.as_str() {
            "RequestExample" => Some(Example::Request),
            "ResponseExample" => Some(Example::Response),
            _ => example,
        };
        if !matches!(element.name.as_str(), "ParamField" | "ResponseField") {
            self.nodes(&element.children, field, example);
            return;
        }
        let mut own = self.field(element);
        self.nodes(&element.children, Some(&mut own), example);
        match field {
            Some(parent) => parent.children.push(own),
            None if element.name == "ParamField" => self.params.push(own),
            None => self.response_fields.push(own),
        }
    }

    fn field(&self, element: &'a Element) -> RawField<'a> {
        let value = |name: &str| {
            let attribute = element
                .attributes
                .iter()
                .rev()
                .find(|attribute| attribute.name == name)?;
            Some(shown(&attribute.value))
        };
        let location = (element.name == "ParamField").then(|| {
            element
                .attributes
                .iter()
                .map(|attribute| attribute.name.as_str())
                .find(|name| matches!(*name, "path" | "query" | "body" | "header" | "cookie"))
        });
        let location = location.flatten();
        RawField {
            el: &element.name,
            location,
            name: value(location.unwrap_or("name")),
            kind: value("type"),
            required: value("required").and_then(flag),
            deprecated: value("deprecated").and_then(flag),
            default: value("default").filter(|value| !value.is_null()),
            line: self.line(element.span),
            children: Vec::new(),
            from: self.from(element.span),
        }
    }

    fn code(&self, fence: &'a Fence) -> RawCode<'a> {
        RawCode {
            lang: fence.language.as_deref(),
            title: fence.title(),
            code: fence.code.text(),
            line: self.line(fence.span),
            from: self.from(fence.span),
        }
    }

    fn line(&self, span: Span) -> u32 {
        self.sources.positions(span).start.line
    }

    fn from(&self, span: Span) -> Option<Cow<'a, str>> {
        (span.file != self.page).then(|| self.site.path_below(self.sources.file(span.file).path()))
    }
}

fn shown(value: &AttributeValue) -> Value {
    match value {
        AttributeValue::Unevaluated(source) => json!({"unevaluated": source}),
        known => known.to_value().unwrap_or_default(),
    }
}

/// `required` and `deprecated` as authors mean them: `"false"` is false.
fn flag(value: Value) -> Option<Value> {
    match value {
        Value::Bool(_) | Value::Object(_) => Some(value),
        Value::String(text) => match text.as_str() {
            "" | "true" => Some(Value::Bool(true)),
            "false" => Some(Value::Bool(false)),
            _ => None,
        },
        _ => None,
    }
}
